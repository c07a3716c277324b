package hardware

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// smbios reads system UUID and board from the structures of an SMBIOS table (DSP0134).
// A table that is cut or wrong yields what stands before the fault.
func smbios(b []byte) (p Parts) {
	for len(b) >= 4 {
		kind, size := b[0], int(b[1])
		if size < 4 || size > len(b) {
			return p
		}
		fixed, rest := b[:size], b[size:]
		var texts []string
		for len(rest) > 0 && rest[0] != 0 {
			s, after, ok := bytes.Cut(rest, []byte{0})
			if !ok {
				return p
			}
			texts, rest = append(texts, string(s)), after
		}
		if len(texts) == 0 && len(rest) > 0 {
			rest = rest[1:] // no texts at all: two zero bytes
		}
		if len(rest) > 0 {
			rest = rest[1:]
		}
		text := func(at int) string {
			if at >= size || fixed[at] == 0 || int(fixed[at]) > len(texts) {
				return ""
			}
			return texts[fixed[at]-1]
		}
		switch {
		case kind == 1 && size >= 0x18 && p.System == "":
			u := fixed[8:24]
			p.System = normal(fmt.Sprintf("%08X-%04X-%04X-%X-%X", binary.LittleEndian.Uint32(u), binary.LittleEndian.Uint16(u[4:]), binary.LittleEndian.Uint16(u[6:]), u[8:10], u[10:]))
		case kind == 2 && p.Board == "":
			p.Board = board(text(4), text(5), text(7))
		case kind == 127: // end of table
			return p
		}
		b = rest
	}
	return p
}
