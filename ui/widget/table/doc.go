// Package table draws long lists: fixed row height, only the rows on the screen are
// laid out, and a still table of any length allocates nothing in a frame.
package table
