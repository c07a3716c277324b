package op

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Prove is what a PC is told of a ledger row: its hash under a secret of the books, so
// that it can be held against the books later and tells nothing of what the row is worth.
// The hash alone would: whoever knows the rest of a row finds its value by trial (R37).
// In front stands which secret that is.
func Prove(secret, hash []byte) string {
	return seal(secret, []byte("secret"))[:16] + "." + seal(secret, hash)
}

func seal(secret, text []byte) string {
	h := hmac.New(sha256.New, secret)
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// Differs reports whether two proofs are of different rows. Proofs under different secrets
// cannot be compared, nor one that is empty: then nothing is known, and nothing differs.
func Differs(a, b string) bool {
	of, _, _ := strings.Cut(a, ".")
	other, _, _ := strings.Cut(b, ".")
	return of != "" && of == other && a != b
}
