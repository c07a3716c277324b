package disk

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestOf(t *testing.T) {
	dir := t.TempDir()
	there, err := Of(dir)
	if err != nil || there.Free <= 0 || there.Total < there.Free {
		t.Fatalf("%+v, %v", there, err)
	}
	notYet, err := Of(filepath.Join(dir, "not", "yet"))
	if err != nil || notYet.Total != there.Total {
		t.Fatalf("%+v, %v, want the disk of the parent %+v", notYet, err, there)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Of(filepath.Join(file, "below")); err == nil {
		t.Error("below a file there is no disk")
	}
}

func TestSame(t *testing.T) {
	dir := t.TempDir()
	if yes, err := Same(dir, filepath.Join(dir, "not", "yet")); err != nil || !yes {
		t.Error(yes, err)
	}
	if runtime.GOOS == "linux" {
		if yes, err := Same(dir, "/proc"); err != nil || yes {
			t.Error("/proc is another volume", yes, err)
		}
	}
}
