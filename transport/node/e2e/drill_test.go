//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// drill runs "masala drill" in a folder of its own and returns what it says, its page
// and its exit code.
func drill(t *testing.T, display string, args ...string) (said, page string, code int) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), exe, append([]string{"drill", "--short", "--page", filepath.Join(dir, "drill.html")}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "DISPLAY="+display, "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1", "XDG_DATA_HOME="+filepath.Join(dir, "home"))
	b, _ := cmd.CombinedOutput() // the exit code says it
	p, err := os.ReadFile(filepath.Join(dir, "drill.html"))
	if err != nil {
		t.Errorf("no page: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "home", "*")); len(left) > 0 {
		t.Errorf("the drill touched the user's own folder: %v", left)
	}
	return string(b), string(p), cmd.ProcessState.ExitCode()
}

// TestDrillOnARealPC plays the short drill with the real program, a window among it.
func TestDrillOnARealPC(t *testing.T) {
	said, page, code := drill(t, screenFor(t))
	if code != 0 {
		t.Errorf("exit %d", code)
	}
	for _, number := range []string{"1.1", "1.2", "1.4", "2.1", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "6.1", "6.2", "R36", "50x"} {
		if !strings.Contains(said, fmt.Sprintf("  ✓   %-4s ", number)) {
			t.Errorf("%s was not passed", number)
		}
	}
	for _, want := range []string{"All 18 passed", "The books are right.", "Not played here"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	t.Log(said)
}

// forgetful is a program that loses what was written since its second start: a server
// that lies about what it has on disk.
const forgetful = `#!/bin/sh
dir=
for a; do [ "$last" = --data ] && dir=$a; last=$a; done
if [ "$1" = serve ] && [ -f "$dir/masala.db" ]; then
  if [ -d "$dir.kept" ]; then
    rm -f "$dir"/masala.db*; cp "$dir.kept"/* "$dir"
  else
    mkdir "$dir.kept" && cp "$dir"/masala.db* "$dir.kept"
  fi
fi
exec %s "$@"
`

// TestDrillCrossesWhatIsBroken: with a server that forgets, the drill shows a cross and
// its exit code says so.
func TestDrillCrossesWhatIsBroken(t *testing.T) {
	program := filepath.Join(t.TempDir(), "masala")
	if err := os.WriteFile(program, fmt.Appendf(nil, forgetful, exe), 0o700); err != nil {
		t.Fatal(err)
	}
	said, page, code := drill(t, "", "--only", "1.2", "--program", program)
	if code != 1 || !strings.Contains(said, "  ✗   1.2 ") || !strings.Contains(page, "failed") || strings.Contains(page, "All 2 passed") {
		t.Errorf("exit %d\n%s", code, said)
	}
	t.Log(said)
}
