package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestHouse_RulesPageNamesTheTestsOfEveryRule holds docs/rules.md against the tests.
func TestHouse_RulesPageNamesTheTestsOfEveryRule(t *testing.T) {
	page, err := os.ReadFile("docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	testName := regexp.MustCompile(`\b(Test|Fuzz)\w+`)
	rows := map[string][]string{}
	for _, line := range strings.Split(string(page), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 6 && strings.HasPrefix(cells[1], " R") {
			rows[strings.TrimSpace(cells[1])] = testName.FindAllString(cells[4], -1)
			for _, place := range regexp.MustCompile(`\b(core|storage|transport|ui)(/[\w.]+)+`).FindAllString(cells[3], -1) {
				if _, err := os.Stat(place); err != nil {
					t.Errorf("%s: there is no %s", cells[1], place)
				}
			}
		}
	}
	declared := map[string]bool{}
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, line := range strings.Split(string(source), "\n") {
			if name, ok := strings.CutPrefix(line, "func "); ok && (strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz")) {
				declared[name[:strings.IndexByte(name, '(')]] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 43 {
		rule := fmt.Sprint("R", n+1)
		if len(rows[rule]) == 0 {
			t.Errorf("%s has no test in docs/rules.md", rule)
		}
		for _, name := range rows[rule] {
			if !declared[name] {
				t.Errorf("docs/rules.md names %s for %s, which does not exist", name, rule)
			}
		}
	}
	ruled := regexp.MustCompile(`^TestR(\d+)_`)
	for name := range declared {
		m := ruled.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		rule := "R" + strings.TrimPrefix(m[1], "0")
		if len(m[1]) != 2 {
			t.Errorf("%s: write the rule with two digits", name)
		}
		if !slices.Contains(rows[rule], name) {
			t.Errorf("%s is not in the row of %s in docs/rules.md", name, rule)
		}
	}
}
