package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("ATOMICFILE_TEST_WRITER"); path != "" {
		writeForEver(path)
	}
	os.Exit(m.Run())
}

// writeForEver rewrites path with 64 KiB of one byte, a different one each time.
func writeForEver(path string) {
	for i := 0; ; i++ {
		if err := Write(path, bytes.Repeat([]byte{byte(i)}, 64<<10), 0o600); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		if i == 0 {
			fmt.Println("started")
		}
	}
}

func TestWriteReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, want := range []string{"first", "", "second, longer"} {
		if err := Write(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Read(path, 100)
		if err != nil || string(got) != want {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
	}
	only(t, filepath.Dir(path), "f")
}

func TestFailedWriteKeepsTheOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := Write(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("source broke")
	err := WriteFrom(path, 0o600, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half of the new"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if got, _ := Read(path, 100); string(got) != "old" {
		t.Fatalf("%q", got)
	}
	only(t, filepath.Dir(path), "f")
}

// A file that is shorter or longer than what was written is never put in place.
func TestLengthIsChecked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	err := WriteFrom(path, 0o600, func(w io.Writer) error {
		io.WriteString(w, "twelve bytes")
		return w.(*counter).w.(*os.File).Truncate(5)
	})
	if !errors.Is(err, io.ErrShortWrite) {
		t.Fatal(err)
	}
	only(t, filepath.Dir(path))
}

func TestReadLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := Write(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path, 4); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if _, err := Read(path, 5); err != nil {
		t.Error(err)
	}
	if _, err := Read(path+"x", 5); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestRemoveTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := Write(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	only(t, filepath.Dir(path))
}

// A writer killed at any moment leaves a whole file.
func TestFault_KilledWriterLeavesAWholeFile(t *testing.T) {
	rounds := 10
	if s := os.Getenv("MASALA_KILL_ROUNDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	path := filepath.Join(t.TempDir(), "f")
	for i := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "ATOMICFILE_TEST_WRITER="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line := make([]byte, 7)
		_, err = io.ReadFull(out, line)
		time.Sleep(time.Duration(i%10) * 700 * time.Microsecond) // the moment of death, not a wait for anything
		cmd.Process.Kill()
		cmd.Wait()
		if err != nil || string(line) != "started" {
			t.Fatalf("writer: %q, %v", line, err)
		}
		b, err := Read(path, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) != 64<<10 || bytes.Count(b, b[:1]) != len(b) {
			t.Fatalf("round %d: torn file of %d bytes", i, len(b))
		}
	}
	if err := Sweep(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	only(t, filepath.Dir(path), "f")
}

func only(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s holds %v, want %v", dir, got, want)
	}
}

// TestRemoveAllOneByOne: where the system cannot remove a folder at once, what is in it
// goes first; a folder that is not there is no error.
func TestRemoveAllOneByOne(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "work")
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"copy.db", "a/again.db", "a/b/x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := oneByOne(dir); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(dir); !os.IsNotExist(err) {
			t.Errorf("it is still there: %v", err)
		}
	}
}
