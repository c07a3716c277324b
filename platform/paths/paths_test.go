package paths

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestHomeFollowsXDG(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("XDG is Linux only")
	}
	for _, c := range []struct{ xdg, want string }{
		{"/data", "/data/masala"},
		{"", "/home/x/.local/share/masala"},
		{"relative", "/home/x/.local/share/masala"},
	} {
		t.Setenv("XDG_DATA_HOME", c.xdg)
		t.Setenv("HOME", "/home/x")
		got, err := Home()
		if err != nil || string(got) != c.want {
			t.Errorf("XDG_DATA_HOME=%q: %q, %v, want %q", c.xdg, got, err, c.want)
		}
	}
}

func TestMakeIsPrivateAndRepeatable(t *testing.T) {
	f, err := At(filepath.Join(t.TempDir(), "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Make(); err != nil {
			t.Fatal(err)
		}
	}
	err = filepath.WalkDir(string(f), func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := d.Info()
		if err != nil {
			return err
		}
		if runtime.GOOS == "linux" && i.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", p, i.Mode())
		}
		if !d.IsDir() {
			t.Errorf("%s was left behind", p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMakeSaysWhatStandsInTheWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := Folder(filepath.Join(file, "data")).Make()
	var u *UnusableError
	if !errors.As(err, &u) || !strings.Contains(err.Error(), "--data") {
		t.Fatalf("below a file: %v", err)
	}
	denied := &UnusableError{"/x", &fs.PathError{Op: "mkdir", Path: "/x", Err: fs.ErrPermission}}
	if !strings.Contains(denied.Error(), "cannot be written") {
		t.Error(denied)
	}
}

func TestAtRefusesTheFolderOfTheExe(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{filepath.Dir(exe), filepath.Join(filepath.Dir(exe), "x", "..")}
	if runtime.GOOS == "linux" { // Windows lets only administrators make links
		link := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(filepath.Dir(exe), link); err != nil {
			t.Fatal(err)
		}
		names = append(names, link)
	}
	for _, dir := range names {
		if f, err := At(dir); err == nil {
			t.Errorf("%s was accepted as %s", dir, f)
		}
	}
}

func TestDemoLiesBeside(t *testing.T) {
	f := Folder(filepath.Join("x", "masala"))
	if filepath.Dir(string(f.Demo())) != "x" || f.Demo() == f {
		t.Error(f.Demo())
	}
}

// TestMachineIsOutsideEveryDataFolder: what is kept there survives the deletion of the
// data folder and of the demo's.
func TestMachineIsOutsideEveryDataFolder(t *testing.T) {
	dir, err := Machine()
	if err != nil || !filepath.IsAbs(dir) {
		t.Fatalf("%q, %v", dir, err)
	}
	h, err := Home()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Folder{h, h.Demo()} {
		if rel, err := filepath.Rel(string(f), dir); err == nil && filepath.IsLocal(rel) {
			t.Errorf("%s lies in %s", dir, f)
		}
	}
}
