package backup

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestSeal(t *testing.T) {
	code, err := NewCode(rand.Reader)
	if err != nil || len(code) != 24 || strings.Count(code, "-") != 4 {
		t.Fatal(code, err)
	}
	secret := []byte("-----BEGIN PRIVATE KEY-----")
	sealed, err := Seal(secret, code, rand.Reader)
	if err != nil || bytes.Contains(sealed, secret[:8]) {
		t.Fatalf("%q, %v", sealed, err)
	}
	typed := strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(code, "-", " ")), "0", "o"), "1", "l")
	if got, err := Unseal(sealed, typed); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("%q opens %q, %v", typed, got, err)
	}
	other, err := NewCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Unseal(sealed, other); !errors.Is(err, ErrWrongCode) {
		t.Errorf("another code: %v", err)
	}
	for _, i := range []int{0, 5, 20, len(sealed) - 1} { // version, salt, nonce, tag
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := Unseal(changed, code); !errors.Is(err, ErrWrongCode) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	for _, bad := range []string{"", "ABCD", strings.Repeat("U", 20), strings.Repeat("A", 21)} {
		if _, err := ReadCode(bad); err == nil {
			t.Errorf("%q is taken for a code", bad)
		}
	}
}
