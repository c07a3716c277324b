package party_test

import (
	"testing"

	"pgregory.net/rapid"

	"masala/core/party"
)

func TestGSTINCheckDigit(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"27AAPFU0939F1ZV", "29AAGCB7383J1Z4", "24AAACC1206D1ZM"} {
		if err := party.CheckGSTIN(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "27AAPFU0939F1ZW", "27aapfu0939f1zv", "27AAPFU0939F1Z", "27AAPFU0939F1ZVV", "27AAPFU0939F0ZV", "2७AAPFU0939F1ZV", "27AAPFU0939F1AV"} {
		if party.CheckGSTIN(bad) == nil {
			t.Errorf("%q passes", bad)
		}
	}
	// One wrong character of the number, or two neighbours swapped, never passes.
	const good = "27AAPFU0939F1ZV"
	rapid.Check(t, func(t *rapid.T) {
		b, i := []byte(good), rapid.IntRange(0, 13).Draw(t, "at")
		if rapid.Bool().Draw(t, "swap") && i < 13 {
			b[i], b[i+1] = b[i+1], b[i]
		} else {
			b[i] = rapid.SampledFrom([]byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")).Draw(t, "to")
		}
		if string(b) != good && party.CheckGSTIN(string(b)) == nil {
			t.Fatalf("%s passes", b)
		}
	})
}
