package core_test

import (
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath, Dir                    string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
	Deps                               []string
}

// mayImport is the table of ARCHITECTURE.md: who may import whom inside the program.
// The longest prefix counts.
var mayImport = map[string][]string{
	"masala":           {"masala"},
	"masala/core":      {"masala/core"},
	"masala/storage":   {"masala/core", "masala/storage", "masala/platform/atomicfile", "masala/platform/paths", "masala/platform/disk"},
	"masala/transport": {"masala/core", "masala/core/op", "masala/core/health", "masala/core/refusal", "masala/transport"},
	"masala/platform":  {"masala/platform"},
	"masala/ui":        {"masala/core", "masala/ui", "masala/assets"},
	"masala/assets":    {},
	wiring:             {"masala"},
}

// wiring is the second package, beside main, that sees everything, as its own
// comment says; so nobody but main may look at it.
const wiring = "masala/transport/node"

// areas have no sideways imports but those material flows along: everything may look
// at what it is made of, nothing at what is made of it.
var areas = map[string][]string{
	"masala/core":            {},
	"masala/core/health":     {"masala/core"},
	"masala/core/refusal":    {},
	"masala/core/op":         {"masala/core", "masala/core/health"},
	"masala/core/account":    {"masala/core", "masala/core/op"},
	"masala/core/backup":     {"masala/core", "masala/core/op"},
	"masala/core/catalog":    {"masala/core", "masala/core/op"},
	"masala/core/licence":    {"masala/core", "masala/core/op", "masala/core/health"},
	"masala/core/party":      {"masala/core", "masala/core/op"},
	"masala/core/stock":      {"masala/core", "masala/core/op", "masala/core/catalog"},
	"masala/core/purchase":   {"masala/core", "masala/core/op", "masala/core/catalog", "masala/core/party", "masala/core/stock"},
	"masala/core/recipe":     {"masala/core", "masala/core/op", "masala/core/catalog", "masala/core/stock"},
	"masala/core/production": {"masala/core", "masala/core/op", "masala/core/catalog", "masala/core/stock", "masala/core/recipe"},
	"masala/core/packing":    {"masala/core", "masala/core/op", "masala/core/catalog", "masala/core/stock"},
	"masala/core/sales":      {"masala/core", "masala/core/op", "masala/core/catalog", "masala/core/party", "masala/core/stock"},
	"masala/core/trace":      {"masala/core", "masala/core/op", "masala/core/catalog", "masala/core/stock"},
	"masala/core/report":     {"masala/core", "masala/core/op", "masala/core/catalog", "masala/core/stock", "masala/core/recipe", "masala/core/production", "masala/core/packing"},
	"masala/core/system":     {"masala/core", "masala/core/health", "masala/core/op", "masala/core/party"},
}

// onlyUnder says where a library may be imported; main is allowed Gio.
var onlyUnder = map[string][]string{
	"gioui.org":                   {"masala/ui", "masala$"},
	"modernc.org/sqlite":          {"masala/storage"},
	"github.com/hashicorp/yamux":  {"masala/transport"},
	"github.com/pressly/goose/v3": {"masala/storage"},
	"database/sql":                {"masala/storage"},
	"net":                         {"masala/transport", "masala/platform", "masala$"},
	"net/http":                    {"masala/transport", "masala$"},
}

// coreLibraries are all that core may import beside the standard library.
var coreLibraries = []string{"github.com/google/uuid", "golang.org/x/crypto/argon2", "golang.org/x/text/unicode/norm"}

func under(path, prefix string) bool {
	if exact, ok := strings.CutSuffix(prefix, "$"); ok {
		return path == exact
	}
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

func anyUnder(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if under(path, p) {
			return true
		}
	}
	return false
}

func packages(t *testing.T) (all []pkg) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", "masala/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 15 {
		t.Fatalf("only %d packages", len(all))
	}
	return all
}

// TestHouse_Imports enforces the table of ARCHITECTURE.md on the code of the
// program; tests may look further.
func TestHouse_Imports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		top := "masala"
		for prefix := range mayImport {
			if under(p.ImportPath, prefix) && len(prefix) > len(top) {
				top = prefix
			}
		}
		if top == "masala" && p.ImportPath != "masala" {
			continue // tools beside the program: covered below by onlyUnder
		}
		for _, i := range p.Imports {
			if under(i, "masala") && !anyUnder(i, mayImport[top]) {
				t.Errorf("%s imports %s: the table of ARCHITECTURE.md does not allow it", p.ImportPath, i)
			}
			if under(i, wiring) && p.ImportPath != "masala" && !under(p.ImportPath, wiring) {
				t.Errorf("%s imports %s: that is for main alone", p.ImportPath, i)
			}
			if allowed, ok := areas[p.ImportPath]; ok && under(i, "masala") {
				if !contains(allowed, i) {
					t.Errorf("%s imports %s: sideways or upwards", p.ImportPath, i)
				}
			}
			if top == "masala/core" && strings.Contains(strings.Split(i, "/")[0], ".") && !contains(coreLibraries, i) {
				t.Errorf("%s imports %s: core knows std, uuid, argon2 and norm only", p.ImportPath, i)
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestHouse_LibrariesStayInTheirPlace: Gio only under ui, SQLite only under storage,
// yamux only under transport.
func TestHouse_LibrariesStayInTheirPlace(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			for library, places := range onlyUnder {
				match := i == library || strings.Contains(library, ".") && under(i, library)
				if match && !anyUnder(p.ImportPath, places) {
					t.Errorf("%s imports %s, which belongs under %v", p.ImportPath, i, places)
				}
			}
		}
	}
}

// TestHouse_ModelsKnowNoGio: what tests and the command line share with a window is
// free of it.
func TestHouse_ModelsKnowNoGio(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if !anyUnder(p.ImportPath, []string{"masala/ui/form", "masala/ui/print", "masala/ui/export", "masala/ui/async"}) {
			continue
		}
		for _, i := range p.Imports {
			if under(i, "gioui.org") {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
	}
}
