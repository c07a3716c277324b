// Package form is what a data entry form knows without drawing anything: how people
// type quantities, money and dates, which fields are wrong and why, which rows a
// grid has, and the draft on disk that outlives a crash. It imports no Gio.
package form
