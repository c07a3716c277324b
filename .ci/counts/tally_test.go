package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runSuite runs go test -json over one test file and counts it.
func runSuite(t *testing.T, body string) (*tally, string) {
	t.Helper()
	dir := t.TempDir()
	for file, text := range map[string]string{"go.mod": "module x\n\ngo 1.26\n", "x_test.go": "package x\n" + body} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "test", "-json", "./...")
	cmd.Dir = dir
	stream, _ := cmd.Output() // a failing suite is the point
	var out bytes.Buffer
	got, err := read(bytes.NewReader(stream), &out)
	if err != nil {
		t.Fatal(err)
	}
	return got, out.String()
}

func TestTally(t *testing.T) {
	const head = `import ("os"; "testing")
var _ = os.Exit
`
	allowed := [][3]string{{"x", "TestSkip*", "no licence server here"}}
	for _, c := range []struct {
		name, body, line, says string
		ok, okInCI             bool
	}{
		{"good", head + `func TestA(t *testing.T) { t.Run("sub", func(*testing.T) {}) }`,
			"2 passed, 0 failed, 0 skipped (subtests counted, 1 packages)", "", true, true},
		{"failing", head + `func TestA(t *testing.T) { t.Error("because") }; func TestB(*testing.T) {}`,
			"1 passed, 1 failed, 0 skipped (subtests counted, 1 packages)", "because", false, false},
		{"skipping", head + `func TestA(t *testing.T) { t.Skip("lazy") }; func TestB(*testing.T) {}`,
			"1 passed, 0 failed, 1 skipped (subtests counted, 1 packages)", "lazy", true, false},
		{"allowed skip", head + `func TestSkipA(t *testing.T) { t.Skip("x") }; func TestB(*testing.T) {}`,
			"1 passed, 0 failed, 1 skipped (subtests counted, 1 packages)", "no licence server", true, true},
		{"dying", head + `func TestA(*testing.T) { os.Exit(3) }; func TestB(*testing.T) {}`,
			"0 passed, 1 failed, 0 skipped (subtests counted, 1 packages)", "FAILED x TestA", false, false},
		{"panicking", head + `func TestB(*testing.T) {}; func TestZ(*testing.T) { panic("boom") }`,
			"1 passed, 1 failed, 0 skipped (subtests counted, 1 packages)", "boom", false, false},
		{"not compiling", head + `func TestA(*testing.T) { nonsense }`,
			"0 passed, 0 failed, 0 skipped, 1 packages broken (subtests counted, 1 packages)", "undefined: nonsense", false, false},
		{"failing TestMain", head + `func TestA(*testing.T) {}; func TestMain(m *testing.M) { m.Run(); os.Exit(1) }`,
			"1 passed, 0 failed, 0 skipped, 1 packages broken (subtests counted, 1 packages)", "TestMain", false, false},
		{"empty", "import \"testing\"\nvar _ testing.TB\n", "0 passed, 0 failed, 0 skipped (subtests counted, 1 packages)", "NO TEST PASSED", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, said := runSuite(t, c.body)
			for _, ci := range []bool{false, true} {
				var out bytes.Buffer
				if ok := got.report(&out, allowed, ci); ok != (c.ok && !ci || c.okInCI && ci) {
					t.Errorf("CI=%v: ok %v\n%s", ci, ok, out.String())
				}
				if !strings.Contains(said+out.String(), c.says) {
					t.Errorf("%q is not in\n%s", c.says, said+out.String())
				}
			}
			if got.line() != c.line {
				t.Errorf("%q, want %q", got.line(), c.line)
			}
		})
	}
}

func TestSkipsNeedAReason(t *testing.T) {
	file := filepath.Join(t.TempDir(), "skips")
	if err := os.WriteFile(file, []byte("# comment\n\nmasala/x TestA\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readSkips(file); err == nil || !strings.Contains(err.Error(), "skips:3") {
		t.Error(err)
	}
}
