// Package hardware tells what a PC is known by: the UUID and serial number of its
// board, the serial number of the disk it starts from, and the installation of its
// operating system. Network cards, USB disks and docking stations are not looked at,
// so plugging them in or out changes nothing.
package hardware

import (
	"slices"
	"strings"
)

// Parts are what a PC is known by, normalised. A part that cannot be read, or that the
// maker filled with a placeholder, is "".
type Parts struct {
	System string // SMBIOS UUID
	Board  string // maker, model and serial number of the board
	Disk   string // serial number of the disk the system starts from
	OS     string // id of the installation
}

// Read reads the parts of this PC. It needs no special rights: what only
// administrators may see stays "".
func Read() Parts { return read() }

// Values are the parts in the order of a Hardware ID.
func (p Parts) Values() [4]string { return [4]string{p.System, p.Board, p.Disk, p.OS} }

// normal makes what different tools report of one part the same text, and a
// placeholder nothing.
func normal(s string) string {
	s = strings.ToUpper(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " "))
	if placeholder(s) {
		return ""
	}
	return s
}

// Texts that makers leave in the table instead of a number.
var placeholders = []string{
	"NONE", "N/A", "NA", "NULL", "EMPTY", "INVALID", "UNKNOWN", "OEM", "O.E.M.", "NOT SPECIFIED", "NOT APPLICABLE", "NOT AVAILABLE", "NOT PRESENT",
	"TO BE FILLED BY O.E.M.", "TO BE FILLED BY O.E.M", "TO BE FILLED BY OEM", "DEFAULT STRING", "DEFAULT", "SERIAL NUMBER", "SYSTEM SERIAL NUMBER",
	"BASE BOARD SERIAL NUMBER", "BOARD SERIAL NUMBER", "CHASSIS SERIAL NUMBER", "SN", "S/N", "XXXXXXXXXX",
	"123456789", "1234567890", "0123456789", "01234567890", "123456789ABC", "INSIDE BIOS",
	// UUIDs that thousands of boards share.
	"03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009", "12345678-1234-5678-90AB-CDDEEFAABBCC",
	"00112233-4455-6677-8899-AABBCCDDEEFF", "01234567-89AB-CDEF-0123-456789ABCDEF",
}

// placeholder reports whether an upper-case text names no machine. Fewer than three
// different letters ("0000-0000", "FEFEFEFE") is a pattern, not a number.
func placeholder(s string) bool {
	letters := map[rune]bool{}
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			letters[r] = true
			n++
		}
	}
	return n < 4 || len(letters) < 3 || slices.Contains(placeholders, s)
}

// board joins what a board is known by; without its own number it is like every other
// of its make.
func board(vendor, product, serial string) string {
	if serial = normal(serial); serial == "" {
		return ""
	}
	return normal(vendor) + "|" + normal(product) + "|" + serial
}
