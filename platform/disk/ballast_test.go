package disk

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBallast(t *testing.T) {
	b := Ballast{filepath.Join(t.TempDir(), "ballast"), 1 << 20}
	if b.Held() {
		t.Error("nothing is held yet")
	}
	if err := b.Drop(); err != nil {
		t.Error("dropping nothing:", err)
	}
	if err := os.WriteFile(b.Path, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b.Held() {
		t.Error("a ballast that a crash left half is not held")
	}
	for range 2 {
		if err := b.Take(); err != nil || !b.Held() {
			t.Fatal(err, b.Held())
		}
	}
	if err := b.Drop(); err != nil || b.Held() {
		t.Error(err, b.Held())
	}
	if err := (Ballast{filepath.Join(t.TempDir(), "no", "such"), 1}).Take(); err == nil {
		t.Error("a folder that is not there takes no ballast")
	}
}
