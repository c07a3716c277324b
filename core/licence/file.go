package licence

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"masala/core"
)

// MaxFile is the largest file that is read at all, in bytes.
const MaxFile = 16 << 10

// The first line says what a signed file is, so that one kind can never be taken for
// the other.
const (
	licenceHead = "MASALA LICENSE 1"
	resetHead   = "MASALA CLOCK RESET 1"
)

// License is what a license.key says. All of it is signed.
type License struct {
	Serial   string
	Customer string
	Edition  string
	Hardware HardwareID
	Issued   core.Date
	Expires  core.Date // first day that is no longer covered
}

// Term is how long it holds.
func (l License) Term() Term { return Term{l.Expires} }

// Reset allows one machine, once and soon, to forget what it knew about the time. The
// clock can then not be set before Issued again.
type Reset struct {
	Serial   string
	Hardware HardwareID
	Issued   time.Time // UTC, to the second
}

// ResetDays is how long a Reset can be used after it was issued.
const ResetDays = 14

// fault is a file that is not what it should be.
func fault(format string, args ...any) error {
	return core.Errorf(core.CodeInvalid, format, args...)
}

// Changed is what users read of a file whose signature does not fit.
const Changed = "The license file was changed after it was issued, or is not complete. Ask support to send it again."

// Sign writes the file of l.
func (l License) Sign(key ed25519.PrivateKey) ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	return sign(licenceHead, [][2]string{{"Serial", l.Serial}, {"Customer", l.Customer}, {"Edition", l.Edition},
		{"Hardware", l.Hardware.String()}, {"Issued", l.Issued.ISO()}, {"Expires", l.Expires.ISO()}}, key), nil
}

func (l License) check() error {
	var bad core.Faults
	for _, f := range [][2]string{{"serial", l.Serial}, {"customer", l.Customer}, {"edition", l.Edition}} {
		bad.Check(plain(f[1]), f[0], "Enter the %s, one line of at most %d letters.", f[0], maxValue)
	}
	bad.Check(l.Hardware.Known(), "hardware", "Enter the Hardware ID.")
	bad.Check(l.Issued > 0, "issued", "Enter the day of issue.")
	bad.Check(l.Expires > l.Issued, "expires", "The license must expire after the day it is issued.")
	return bad.Err()
}

const maxValue = 200

// plain reports whether a value survives one line of text unchanged.
func plain(s string) bool {
	return s != "" && core.Text(s) == s && utf8.RuneCountInString(s) <= maxValue &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Sign writes the file of r.
func (r Reset) Sign(key ed25519.PrivateKey) ([]byte, error) {
	if !plain(r.Serial) || !r.Hardware.Known() || r.Issued.IsZero() {
		return nil, fault("A clock reset needs a serial number, a Hardware ID and the time.")
	}
	return sign(resetHead, [][2]string{{"Serial", r.Serial}, {"Hardware", r.Hardware.String()},
		{"Issued", r.Issued.UTC().Format(time.RFC3339)}}, key), nil
}

// KeyName is the short name of a public key, part of what it signs.
func KeyName(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:4])
}

func sign(head string, fields [][2]string, key ed25519.PrivateKey) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, head)
	fields = append(fields, [2]string{"Key", KeyName(key.Public().(ed25519.PublicKey))})
	for _, f := range fields {
		fmt.Fprintf(&b, "%-10s %s\n", f[0]+":", f[1])
	}
	fmt.Fprintf(&b, "%-10s %s\n", "Signature:", base64.StdEncoding.EncodeToString(ed25519.Sign(key, b.Bytes())))
	return b.Bytes()
}

// Open reads a signed file, a License or a Reset. What mail programs do to a text (a
// byte order mark, CRLF, blank lines at either end, blanks at the end of a line) does
// not matter; anything else does. Errors are sentences for the user.
func Open(file []byte, key ed25519.PublicKey) (any, error) {
	head, fields, err := verify(file, key)
	if err != nil {
		return nil, err
	}
	if head == resetHead {
		return openReset(fields)
	}
	l := License{Serial: fields["Serial"], Customer: fields["Customer"], Edition: fields["Edition"]}
	if l.Hardware, err = ParseHardwareID(fields["Hardware"]); err != nil {
		return nil, err
	}
	if l.Issued, err = core.ParseDate(fields["Issued"]); err != nil {
		return nil, fault(Changed)
	}
	if l.Expires, err = core.ParseDate(fields["Expires"]); err != nil {
		return nil, fault(Changed)
	}
	return l, l.check()
}

func openReset(fields map[string]string) (any, error) {
	at, err := time.Parse(time.RFC3339, fields["Issued"])
	if err != nil {
		return nil, fault(Changed)
	}
	id, err := ParseHardwareID(fields["Hardware"])
	return Reset{Serial: fields["Serial"], Hardware: id, Issued: at.UTC()}, err
}

// verify checks the signature over every line before it and returns the fields.
func verify(file []byte, key ed25519.PublicKey) (head string, fields map[string]string, err error) {
	switch {
	case len(file) > MaxFile:
		return "", nil, fault("The license file is larger than %d KB, so it is none. Ask support to send it again.", MaxFile>>10)
	case len(key) != ed25519.PublicKeySize:
		return "", nil, fault("This program was built without a license key. Install the program that support sent you.")
	}
	lines := strings.Split(normal(file), "\n")
	if head = lines[0]; head != licenceHead && head != resetHead {
		return "", nil, fault("This is no license file. Its first line must be %s.", licenceHead)
	}
	fields = map[string]string{}
	var signature string
	for i, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimLeft(value, " ")
		_, twice := fields[name]
		if !ok || twice || value == "" {
			return "", nil, fault(Changed)
		}
		if name == "Signature" && i == len(lines)-2 { // the last line signs all before it
			signature = value
			break
		}
		fields[name] = value
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil || signature == "" {
		return "", nil, fault(Changed)
	}
	if made := fields["Key"]; made != KeyName(key) {
		return "", nil, fault("This license was made with another key (%s) than this program knows (%s). Ask support for the right file.", short(made), KeyName(key))
	}
	signed := strings.Join(lines[:len(lines)-1], "\n") + "\n"
	if !ed25519.Verify(key, []byte(signed), raw) {
		return "", nil, fault(Changed)
	}
	return head, fields, nil
}

// normal undoes what mail programs and editors do to lines.
func normal(file []byte) string {
	s := strings.TrimPrefix(string(file), "\ufeff")
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

func short(s string) string {
	if len(s) > 16 || !plain(s) {
		return "unknown"
	}
	return s
}
