package disk

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestDrivesBelow: two parts of one disk, a disk without parts, and an encrypted volume
// on a part.
func TestDrivesBelow(t *testing.T) {
	sys := t.TempDir()
	device := func(path, number string, part bool, slaves ...string) {
		t.Helper()
		dir := filepath.Join(sys, "devices", path)
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(os.MkdirAll(filepath.Join(sys, "block"), 0o700))
		must(os.MkdirAll(dir, 0o700))
		must(os.WriteFile(filepath.Join(dir, "dev"), []byte(number+"\n"), 0o600))
		if part {
			must(os.WriteFile(filepath.Join(dir, "partition"), []byte("1\n"), 0o600))
		} else {
			must(os.Mkdir(filepath.Join(dir, "slaves"), 0o700))
		}
		for _, s := range slaves {
			must(os.Symlink(filepath.Join(sys, "devices", s), filepath.Join(dir, "slaves", filepath.Base(s))))
		}
		must(os.Symlink(dir, filepath.Join(sys, "block", number)))
	}
	device("sda", "8:0", false)
	device("sda/sda1", "8:1", true)
	device("sda/sda2", "8:2", true)
	device("sdb", "8:16", false)
	device("dm-0", "253:0", false, "sda/sda2")
	for number, want := range map[string][]string{"8:1": {"sda"}, "8:2": {"sda"}, "8:16": {"sdb"}, "253:0": {"sda"}, "0:40": nil} {
		if got := below(filepath.Join(sys, "block"), number); !reflect.DeepEqual(got, want) {
			t.Errorf("%s lies on %v, want %v", number, got, want)
		}
	}
}

func TestSameDrive(t *testing.T) {
	dir := t.TempDir()
	if yes, err := SameDrive(dir, filepath.Join(dir, "not", "yet")); err != nil || !yes {
		t.Error(yes, err)
	}
	if yes, err := SameDrive(dir, "/proc"); err != nil || yes {
		t.Error("/proc is on no drive", yes, err)
	}
}
