package main

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"masala/platform/supervise"
	"masala/transport/node"
)

var faultTest = regexp.MustCompile(`TestFault_\w+`)

// TestFailuresPageNamesEveryFaultTest holds docs/failures.md against the tests.
func TestFailuresPageNamesEveryFaultTest(t *testing.T) {
	page, err := os.ReadFile("docs/failures.md")
	if err != nil {
		t.Fatal(err)
	}
	named := set(faultTest.FindAllString(string(page), -1))
	delete(named, "TestFault_")
	declared := map[string]bool{}
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, line := range strings.Split(string(source), "\n") {
			if name, ok := strings.CutPrefix(line, "func "); ok && strings.HasPrefix(name, "TestFault_") {
				declared[name[:strings.IndexByte(name, '(')]] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !named[name] {
			t.Errorf("%s is not in docs/failures.md", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if !declared[name] {
			t.Errorf("docs/failures.md names %s, which does not exist", name)
		}
	}
}

// TestExitCodesDiffer: a supervisor starts a service that ended with its own code again
// at once, and any other one after a pause that grows.
func TestExitCodesDiffer(t *testing.T) {
	codes := []int{supervise.ExitDone, supervise.ExitRestart, exitDiffers, exitUsage, exitRefused, exitUnreachable, exitRunning, exitFailed}
	seen := map[int]bool{}
	for _, c := range codes {
		if seen[c] {
			t.Errorf("%d means two things", c)
		}
		seen[c] = true
	}
	if report(node.ErrRestart) != supervise.ExitRestart {
		t.Error("a service that asks for it is not started again")
	}
}

// TestCommandsPageNamesEveryCommand holds docs/commands.md against the command line.
func TestCommandsPageNamesEveryCommand(t *testing.T) {
	page, err := os.ReadFile("docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := newParser(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range parser.Model.Children {
		if c.Name != "start" && !strings.Contains(string(page), "`masala "+c.Name) {
			t.Errorf("docs/commands.md does not name masala %s", c.Name)
		}
	}
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}
