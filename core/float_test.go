package core_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestR01_NoFloatInCoreOrStorage: no quantity and no money can pass through a float,
// because there is none: neither type nor literal. storage/faultvfs, a broken disk for
// tests, rolls dice.
func TestR01_NoFloatInCoreOrStorage(t *testing.T) {
	t.Parallel()
	files := 0
	for _, p := range packages(t) {
		if !under(p.ImportPath, "masala/core") && !under(p.ImportPath, "masala/storage") || p.ImportPath == "masala/storage/faultvfs" {
			continue
		}
		for _, name := range p.GoFiles {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files++
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					if strings.HasPrefix(n.Name, "float") || n.Name == "ParseFloat" {
						t.Errorf("%s: %s", set.Position(n.Pos()), n.Name)
					}
				case *ast.BasicLit:
					if n.Kind == token.FLOAT {
						t.Errorf("%s: the literal %s", set.Position(n.Pos()), n.Value)
					}
				}
				return true
			})
		}
	}
	if files < 50 {
		t.Errorf("only %d files were read", files)
	}
}
