package ui

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFault_4_1_EveryEditScreenShowsTheConflict finds screens that change a record and
// would show an overtaken edit as any other error (R35); each one's own test looks at
// who, when and both values.
func TestFault_4_1_EveryEditScreenShowsTheConflict(t *testing.T) {
	edits := regexp.MustCompile(`\.Update[A-Z]\w*\.Call\(|\bVersion:\s+\w+(\.\w+)*\.Version\b`)
	shows := regexp.MustCompile(`\bconflict\.(Of|Conflict)\b|core\.CodeConflict\b`)
	folders := map[string]string{}
	err := filepath.WalkDir("screen", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		folders[filepath.Base(filepath.Dir(path))] += string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, source := range folders {
		if name == "conflict" || !edits.MatchString(source) {
			continue
		}
		n++
		if !shows.MatchString(source) {
			t.Errorf("screen/%s changes records and does not look for a conflict.Conflict", name)
		}
	}
	if n < 5 {
		t.Errorf("only %d screens change records: is this test blind?", n)
	}
}
