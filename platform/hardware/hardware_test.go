package hardware

import (
	"bytes"
	"testing"
)

func TestPlaceholders(t *testing.T) {
	for _, s := range []string{"", " ", "None", "N/A", "To be filled by O.E.M.", "to be filled by o.e.m.", "Default string", "System Serial Number", "Not Specified",
		"00000000", "0000-0000", "........", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "00000000-0000-0000-0000-000000000000", "FEFEFEFEFEFE", "XXXXXXXX", "123456789",
		"03000200-0400-0500-0006-000700080009", "12", "\x00\x00\x00\x00", "INVALID", "Base Board Serial Number"} {
		if got := normal(s); got != "" {
			t.Errorf("%q counts as %q", s, got)
		}
	}
	for s, want := range map[string]string{
		" s3z8nb0k123456 ":                     "S3Z8NB0K123456",
		"WD-WCC4N7 \t 1234":                    "WD-WCC4N7 1234",
		"4c4c4544-0042-4b10-8052-b4c04f4c3532": "4C4C4544-0042-4B10-8052-B4C04F4C3532",
		"VMware-56 4d 0b 1e":                   "VMWARE-56 4D 0B 1E",
	} {
		if got := normal(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
	if got := board("Dell Inc.", "0X8DXD", "/7BK2L52/CN123/"); got != "DELL INC.|0X8DXD|/7BK2L52/CN123/" {
		t.Errorf("board %q", got)
	}
	if got := board("ASUS", "PRIME", "Default string"); got != "" {
		t.Errorf("a board without a number is %q", got)
	}
}

// structure is one SMBIOS structure.
func structure(kind byte, fixed []byte, texts ...string) []byte {
	b := append([]byte{kind, byte(4 + len(fixed)), 0, 0}, fixed...)
	for _, s := range texts {
		b = append(append(b, s...), 0)
	}
	if len(texts) == 0 {
		b = append(b, 0)
	}
	return append(b, 0)
}

func table() []byte {
	uuid := []byte{0x44, 0x45, 0x4c, 0x4c, 0x42, 0x00, 0x10, 0x4b, 0x80, 0x52, 0xb4, 0xc0, 0x4f, 0x4c, 0x35, 0x32}
	system := append([]byte{1, 2, 0, 0}, uuid...)
	return bytes.Join([][]byte{
		structure(0, []byte{1, 2, 3}, "BIOS"),
		structure(1, append(system, 6, 0, 0), "Dell Inc.", "OptiPlex 3060"),
		structure(2, []byte{1, 2, 0, 3, 0}, "Dell Inc.", "0X8DXD", "/7BK2L52/CN1234/"),
		structure(32, nil),
		structure(127, nil),
	}, nil)
}

func TestSMBIOS(t *testing.T) {
	if got := smbios(table()); got.System != "4C4C4544-0042-4B10-8052-B4C04F4C3532" || got.Board != "DELL INC.|0X8DXD|/7BK2L52/CN1234/" {
		t.Errorf("%+v", got)
	}
	for i := range table() {
		smbios(table()[:i]) // a cut table is read as far as it goes
	}
}

func FuzzSMBIOS(f *testing.F) {
	f.Add(table())
	f.Fuzz(func(_ *testing.T, b []byte) { smbios(b) })
}

// TestRead_IsTheSameTwice on the PC that runs the test, whatever that is.
func TestRead_IsTheSameTwice(t *testing.T) {
	one := Read()
	if two := Read(); one != two {
		t.Errorf("first %+v, then %+v", one, two)
	}
}
