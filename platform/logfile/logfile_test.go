package logfile

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestLinesReachTheFileAndTheOtherWriter(t *testing.T) {
	dir := t.TempDir()
	var also bytes.Buffer
	f, err := Open(dir, "server", slog.LevelInfo, &also)
	if err != nil {
		t.Fatal(err)
	}
	f.Info("service started", "port", 8090)
	f.Debug("not this")
	f.Write([]byte("child line\n"))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != also.String() || !strings.Contains(string(b), "port=8090") ||
		!strings.HasSuffix(string(b), "\nchild line\n") || strings.Contains(string(b), "not this") {
		t.Errorf("%q and %q", b, also.String())
	}
	if i, err := os.Stat(f.Path()); err != nil || runtime.GOOS == "linux" && i.Mode().Perm() != 0o600 {
		t.Error(i, err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("closed") }

func TestBrokenStderrDoesNotSilenceTheFile(t *testing.T) {
	f, err := Open(t.TempDir(), "server", slog.LevelInfo, broken{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Info("still here")
	if b, err := os.ReadFile(f.Path()); err != nil || !strings.Contains(string(b), "still here") {
		t.Errorf("%q, %v", b, err)
	}
}

func TestRotation(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(dir, "server", slog.LevelInfo, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	line := append(bytes.Repeat([]byte("x"), 1<<20-1), '\n')
	for range MaxMegabytes + 2 {
		if _, err := f.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "server*.log"))
	if err != nil || len(files) != 2 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestOpenSaysAtOnceThatItCannot(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "missing"), "server", slog.LevelInfo, nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
