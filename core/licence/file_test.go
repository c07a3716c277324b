package licence_test

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/licence"
)

// keyOf is the key of a vendor, the same for the same letter.
func keyOf(letter byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{letter}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

var (
	here   = licence.NewHardwareID([4]string{"system-1", "board-1", "disk-1", "os-1"})
	sample = licence.License{Serial: "ML-2026-00417", Customer: "सह्याद्री Masale & Sons, Pune", Edition: "standard", Hardware: here,
		Issued: core.NewDate(2025, 2, 13), Expires: core.NewDate(2026, 2, 12)}
)

func signed(t *testing.T, l licence.License) []byte {
	t.Helper()
	b, err := l.Sign(keyOf('v'))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFile_ReadsWhatItWrites(t *testing.T) {
	file := signed(t, sample)
	if !strings.HasPrefix(string(file), "MASALA LICENSE 1\nSerial:    ML-2026-00417\n") || !strings.Contains(string(file), "Expires:   2026-02-12\n") {
		t.Errorf("not readable:\n%s", file)
	}
	got, err := licence.Open(file, public(keyOf('v')))
	if err != nil || got != sample {
		t.Errorf("read %+v, %v", got, err)
	}
	r := licence.Reset{Serial: "CR-7", Hardware: here, Issued: time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)}
	file, err = r.Sign(keyOf('v'))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := licence.Open(file, public(keyOf('v'))); err != nil || got != r {
		t.Errorf("read %+v, %v", got, err)
	}
}

// TestFile_MailDoesNotHurt: a byte order mark, CRLF, blank lines around and blanks at
// the ends of lines are what mail programs and editors add.
func TestFile_MailDoesNotHurt(t *testing.T) {
	file := string(signed(t, sample))
	for name, text := range map[string]string{
		"BOM":           "\ufeff" + file,
		"CRLF":          strings.ReplaceAll(file, "\n", "\r\n"),
		"BOM and CRLF":  "\ufeff" + strings.ReplaceAll(file, "\n", "\r\n"),
		"blank lines":   "\n\r\n" + file + "\n\n \n",
		"trailing":      strings.ReplaceAll(file, "\n", " \t\n"),
		"no last break": strings.TrimSuffix(file, "\n"),
	} {
		if got, err := licence.Open([]byte(text), public(keyOf('v'))); err != nil || got != sample {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestAttack_File: nothing but what the vendor signed is a license.
func TestAttack_File(t *testing.T) {
	file := string(signed(t, sample))
	later := sample
	later.Expires = core.NewDate(2099, 12, 31)
	other := string(signed(t, later))
	forged, err := later.Sign(keyOf('x'))
	if err != nil {
		t.Fatal(err)
	}
	signature := func(s string) string { return s[strings.Index(s, "Signature:"):] }
	reset, err := licence.Reset{Serial: "CR-1", Hardware: here, Issued: time.Unix(1e9, 0)}.Sign(keyOf('v'))
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, new string) string {
		if !strings.Contains(file, old) {
			t.Fatalf("no %q in the file", old)
		}
		return strings.Replace(file, old, new, 1)
	}
	attacks := map[string]string{
		"edited expiry":         edit("2026-02-12", "2029-02-12"),
		"edited customer":       edit("Masale", "Spices"),
		"edited hardware":       edit(here.String(), "1111-2222-3333-4444"),
		"edited issue":          edit("2025-02-13", "2025-02-14"),
		"edited edition":        edit("standard", "unlimited"),
		"edited serial":         edit("00417", "00418"),
		"swapped signature":     strings.Replace(file, signature(file), signature(other), 1),
		"another key":           string(forged),
		"another key, our name": strings.Replace(string(forged), licence.KeyName(public(keyOf('x'))), licence.KeyName(public(keyOf('v'))), 1),
		"no signature":          strings.Replace(file, signature(file), "", 1),
		"empty signature":       strings.Replace(file, signature(file), "Signature:\n", 1),
		"field twice":           edit("Edition:", "Expires:   2099-01-01\nEdition:"),
		"field added":           edit("Edition:", "PCs:       99\nEdition:"),
		"text after the end":    file + "Expires:   2099-01-01\n",
		"signature twice":       file + signature(file),
		"line dropped":          strings.Replace(file, "Edition:   standard\n", "", 1),
		"a reset's first line":  edit("MASALA LICENSE 1", "MASALA CLOCK RESET 1"),
		"reset as a license":    strings.Replace(string(reset), "CLOCK RESET", "LICENSE", 1),
		"empty":                 "",
		"binary":                "\x00\x01\x02\xff\xfe",
		"UTF-16":                "\xff\xfeM\x00A\x00S\x00",
		"huge":                  file + strings.Repeat("\n", licence.MaxFile),
		"lower-case first line": strings.ToLower(file),
	}
	for name, text := range attacks {
		got, err := licence.Open([]byte(text), public(keyOf('v')))
		if core.CodeOf(err) != core.CodeInvalid || !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := licence.Open([]byte(file), nil); err == nil {
		t.Error("a program without a key takes a license")
	}
}

// TestAttack_EveryByteAndEveryLength: a file with any one byte changed, or cut at any
// place, is refused or still says exactly the same.
func TestAttack_EveryByteAndEveryLength(t *testing.T) {
	file := signed(t, sample)
	same := 0
	try := func(what string, at int, text []byte) {
		got, err := licence.Open(text, public(keyOf('v')))
		if err == nil && got != sample {
			t.Fatalf("%s at %d: reads as %+v", what, at, got)
		}
		if err == nil {
			same++
		}
	}
	for i := range file {
		for bit := range 8 {
			text := bytes.Clone(file)
			text[i] ^= 1 << bit
			try("bit flipped", i, text)
		}
		try("cut", i, file[:i])
	}
	if same > 8 { // the last line break alone
		t.Errorf("%d changed files pass", same)
	}
}

func TestSign_RefusesWhatCannotBeRead(t *testing.T) {
	for name, change := range map[string]func(*licence.License){
		"two lines":      func(l *licence.License) { l.Customer = "A\nExpires: 2099-01-01" },
		"no customer":    func(l *licence.License) { l.Customer = "" },
		"blanks around":  func(l *licence.License) { l.Serial = " x " },
		"no hardware":    func(l *licence.License) { l.Hardware = licence.HardwareID{} },
		"expires before": func(l *licence.License) { l.Expires = l.Issued },
		"endless":        func(l *licence.License) { l.Customer = strings.Repeat("x", 201) },
	} {
		l := sample
		change(&l)
		if _, err := l.Sign(keyOf('v')); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	b, err := sample.Sign(keyOf('v'))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("MASALA LICENSE 1\nSignature: AAAA\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if got, err := licence.Open(file, public(keyOf('v'))); err == nil && got != sample {
			t.Fatalf("%q is a license: %+v", file, got)
		}
	})
}
