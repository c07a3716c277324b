// Package input holds the controls people type records into: a combobox, dates with
// a calendar, quantities with their unit, and the grid of lines. Each shows and
// changes a form.Field; how a text is read is the field's own rule.
//
// A control is asked with Update for what the user did, in a loop, before Layout.
package input
