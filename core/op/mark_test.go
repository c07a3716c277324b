package op

import "testing"

// TestDiffers: proofs under one secret are compared, others say nothing.
func TestDiffers(t *testing.T) {
	old, now := []byte("secret of the books"), []byte("another secret")
	a, b := Prove(old, []byte("row 1")), Prove(old, []byte("row 2"))
	for _, v := range []struct {
		a, b string
		want bool
	}{{a, a, false}, {a, b, true}, {a, Prove(now, []byte("row 2")), false}, {a, "", false}, {"", a, false}, {"", "", false}} {
		if got := Differs(v.a, v.b); got != v.want {
			t.Errorf("Differs(%q, %q) = %v", v.a, v.b, got)
		}
	}
}
