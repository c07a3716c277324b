// Package pairing lets a PC and a server that have never met learn each other's
// key. The Admin reads a one-time code from the server's panel and types it at the
// new PC; both sides prove over their TLS session that they know it, so whoever
// stands between them has another session and proves nothing.
package pairing

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// alphabet is Crockford's base 32: no I, L, O, U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// length of a code: 80 bits. A man in the middle who relays the handshake can
// search for the code on his own machines; 80 bits outlast ten minutes and years.
const length = 16

// newCode draws a code, shown as XXXX-XXXX-XXXX-XXXX.
func newCode(rand io.Reader) (string, error) {
	raw := make([]byte, length)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("pairing: %w", err)
	}
	for i, b := range raw {
		raw[i] = alphabet[b%32] // 256 is a multiple of 32: no letter is favoured
	}
	return Format(string(raw)), nil
}

// Format puts the dashes into a code of any length.
func Format(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// errCode is what Normalize returns for something that cannot be a code.
var errCode = errors.New("pairing: not a code")

// Normalize reads a code as people type it: any case, with or without dashes and
// spaces, O for 0, I and L for 1.
func Normalize(typed string) (string, error) {
	code := strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == ' ' || r == '\t':
			return -1
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, typed)
	if len(code) != length || strings.Trim(code, alphabet) != "" {
		return "", errCode
	}
	return code, nil
}
