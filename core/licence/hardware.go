package licence

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"masala/core"
)

// Part is one thing a machine is known by.
type Part int

// The parts, in the order they stand in a HardwareID.
const (
	System Part = iota // the UUID the board carries
	Board              // maker, model and serial number of the board
	Disk               // serial number of the disk the system starts from
	OS                 // the installation of the operating system
	partCount
)

var partNames = [partCount]string{"system", "board", "disk", "os"}

// String names the part.
func (p Part) String() string { return partNames[p] }

// HardwareID is the fingerprint of a machine: one group of four hexadecimal digits for
// each Part, 0000 for a part that is not known. It is short enough for a telephone and
// yet tells the vendor's tool all that the licence will be compared by. The zero value
// knows nothing.
type HardwareID [partCount]uint16

// NewHardwareID digests the normalised values of the parts; "" is not known.
func NewHardwareID(values [4]string) (id HardwareID) {
	for p, v := range values {
		if v == "" {
			continue
		}
		sum := sha256.Sum256([]byte("masala hardware 1\x00" + Part(p).String() + "\x00" + v))
		id[p] = max(binary.BigEndian.Uint16(sum[:]), 1)
	}
	return id
}

// ParseHardwareID reads "7C41-E90B-2FD8-A356", in any case and with or without the
// dashes and brackets people copy along.
func ParseHardwareID(s string) (id HardwareID, err error) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-–[]. \t", r) {
			return -1
		}
		return r
	}, strings.ToUpper(s))
	if len(digits) != 4*int(partCount) || strings.Trim(digits, "0123456789ABCDEF") != "" {
		return id, core.Invalid("hardware", "%q is no Hardware ID. It has four groups of four digits, like 7C41-E90B-2FD8-A356.", s)
	}
	for p := range id {
		if _, err := fmt.Sscanf(digits[4*p:4*p+4], "%04X", &id[p]); err != nil {
			return id, err
		}
	}
	return id, nil
}

// String writes the groups.
func (id HardwareID) String() string {
	return fmt.Sprintf("%04X-%04X-%04X-%04X", id[System], id[Board], id[Disk], id[OS])
}

// Known reports whether anything is known of the machine.
func (id HardwareID) Known() bool { return id != HardwareID{} }

// Matches reports whether now may be the machine that id was taken of. Of the n parts
// known on both sides, k = n/2 rounded down, at least one, must be the same, and one
// of those must be hardware: a copied disk image brings its OS along. So a new board
// or a new disk alone passes, both at once do not. What is not known on one side (an
// unreadable serial number, a placeholder) counts for neither.
func (id HardwareID) Matches(now HardwareID) bool {
	if id == now {
		return true
	}
	n, same, hardware, anyHardware := 0, 0, false, false
	for p := range id {
		if id[p] == 0 || now[p] == 0 {
			continue
		}
		n++
		real := Part(p) != OS
		anyHardware = anyHardware || real
		if id[p] == now[p] {
			same++
			hardware = hardware || real
		}
	}
	return n > 0 && same >= max(n/2, 1) && (hardware || !anyHardware)
}
