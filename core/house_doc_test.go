package core_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestHouse_OnePackageComment: every package says once what it is.
func TestHouse_OnePackageComment(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		comments := 0
		var name string
		for _, f := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, f), nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			name = file.Name.Name
			if file.Doc != nil && strings.TrimSpace(file.Doc.Text()) != "" {
				comments++
				if name != "main" && !strings.HasPrefix(file.Doc.Text(), "Package "+name+" ") {
					t.Errorf("%s: its comment does not begin with Package %s", p.ImportPath, name)
				}
			}
		}
		if len(p.GoFiles) > 0 && comments != 1 {
			t.Errorf("%s has %d package comments", p.ImportPath, comments)
		}
	}
}

// TestHouse_ModelFilesKnowNoGio: ui/screen/<x>/model.go is testable without a window.
func TestHouse_ModelFilesKnowNoGio(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, f := range p.GoFiles {
			if !under(p.ImportPath, "masala/ui/screen") || f != "model.go" {
				continue
			}
			for _, i := range imports(t, filepath.Join(p.Dir, f)) {
				if under(i, "gioui.org") {
					t.Errorf("%s/%s imports %s", p.ImportPath, f, i)
				}
			}
		}
	}
}

func imports(t *testing.T, path string) (out []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range file.Imports {
		s, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// TestHouse_CoreTakesItsTimeAndChance: clock and randomness are handed in; only
// their defaults are named.
func TestHouse_CoreTakesItsTimeAndChance(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{"masala/core actor.go time.Now": true}
	for _, p := range packages(t) {
		if !under(p.ImportPath, "masala/core") && p.ImportPath != "masala/storage" {
			continue
		}
		for _, f := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, f), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok {
						call := x.Name + "." + n.Sel.Name
						if (call == "time.Now" || call == "time.Sleep" || call == "rand.Int" || call == "rand.IntN") && !allowed[p.ImportPath+" "+f+" "+call] {
							t.Errorf("%s/%s reaches for %s", p.ImportPath, f, call)
						}
					}
				case *ast.Ident:
					if n.Name == "float64" || n.Name == "float32" {
						t.Errorf("%s/%s works with %s", p.ImportPath, f, n.Name)
					}
				}
				return true
			})
		}
	}
}
