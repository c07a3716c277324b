package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/op"
	. "masala/storage/storagetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestWireContract compares every operation, with kind, right, deadline and the JSON
// of its request and answer, with the golden file. PCs of two versions meet on one
// network: a change here is a change of the contract, and a field that is gone or
// means something else breaks the older one.
func TestWireContract(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, m := range op.All() {
		fmt.Fprintf(&b, "%s %s %s %s", m.Name, m.Kind, m.Perm, m.Deadline)
		if m.Secret {
			b.WriteString(" secret")
		}
		if m.Keyless {
			b.WriteString(" keyless")
		}
		if m.Viewed {
			b.WriteString(" viewed")
		}
		if m.Unlocked {
			b.WriteString(" unlocked")
		}
		if m.Dated {
			b.WriteString(" dated")
		}
		for _, topic := range m.Changes {
			fmt.Fprintf(&b, " ~%s", topic)
		}
		fmt.Fprintf(&b, "\n  > %s\n  < %s\n", shape(m.Req), shape(m.Resp))
	}
	const golden = "testdata/wire.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
	got, had := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	if slices.Equal(got, had) {
		return
	}
	for i := range max(len(got), len(had)) {
		g, h := at(got, i), at(had, i)
		if g != h {
			t.Fatalf("the wire contract changed in line %d:\n now  %s\n was  %s\nIf that is meant, write the file anew: go test ./core/app -run TestWireContract -update", i+1, g, h)
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// shape writes a type as JSON shows it: {"id":int64,"lines":[{...}]}; ? marks what
// may be left out.
func shape(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "time"
	case t == reflect.TypeFor[core.Date]():
		return "day"
	case t == reflect.TypeFor[json.RawMessage]():
		return "json"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shape(t.Elem())
	case reflect.Slice:
		return "[" + shape(t.Elem()) + "]"
	case reflect.Map:
		return "{*" + shape(t.Key()) + ":" + shape(t.Elem()) + "}"
	case reflect.Struct:
		return "{" + strings.Join(fields(t), " ") + "}"
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.String, reflect.Bool, reflect.Uint64:
		if t.PkgPath() != "" {
			return t.String()
		}
		return t.Kind().String()
	}
	panic("no shape for " + t.String())
}

func fields(t reflect.Type) (out []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			out = append(out, fields(f.Type)...)
		case name == "-": // stays on its side of the wire
		case name == "" || !f.IsExported():
			panic("field without a JSON name: " + t.String() + "." + f.Name)
		default:
			if strings.Contains(opts, "omitempty") {
				name += "?"
			}
			out = append(out, name+":"+shape(f.Type))
		}
	}
	return out
}

// TestNoFieldIsHiddenByAnother: two embedded structs with the same JSON name would
// both vanish from the wire without a word.
func TestNoFieldIsHiddenByAnother(t *testing.T) {
	t.Parallel()
	for _, m := range op.All() {
		for _, typ := range []reflect.Type{m.Req, m.Resp} {
			seen := map[string]bool{}
			for _, f := range fields(typ) {
				name, _, _ := strings.Cut(strings.ReplaceAll(f, "?", ""), ":")
				if seen[name] {
					t.Errorf("%s: two fields of %s are called %q", m.Name, typ, name)
				}
				seen[name] = true
			}
		}
	}
}

// TestEveryOperationIsComplete: handler, right, deadline, doc line, and a topic for
// what changes something others look at.
func TestEveryOperationIsComplete(t *testing.T) {
	t.Parallel()
	f := New(t)
	if missing := f.App.Router().Unserved(); len(missing) > 0 {
		t.Errorf("operations without a handler: %v", missing)
	}
	for _, m := range op.All() {
		switch {
		case m.Perm == "" || m.Kind == "" || m.Deadline <= 0 || m.Deadline > 5*time.Minute:
			t.Errorf("%s: incomplete: %+v", m.Name, m)
		case len(m.Doc) < 10 || !strings.HasSuffix(m.Doc, ".") || m.Doc[0] < 'A' || m.Doc[0] > 'Z':
			t.Errorf("%s: its doc line is no sentence: %q", m.Name, m.Doc)
		case m.Kind == op.Business && len(m.Changes) == 0:
			t.Errorf("%s changes the books and announces nothing", m.Name)
		case m.Kind == op.Read && (m.Keyless || m.Secret || len(m.Changes) > 0):
			t.Errorf("%s is a Read with marks of a write", m.Name)
		case m.Keyless && m.Kind == op.Business:
			t.Errorf("%s changes the books and has no request key", m.Name)
		case (m.Perm == op.Public || m.Perm == op.ThisPC) && !m.Keyless && m.Kind != op.Read:
			t.Errorf("%s keeps an answer for nobody", m.Name)
		}
	}
	// DOMAIN.md section 3: what the floor needs to work.
	for _, name := range []string{"purchase.post_grn", "packing.post_run", "stock.hold_lot", "stock.open_count", "stock.record_count", "account.login", "account.logout", "account.change_password"} {
		if m, ok := op.Lookup(name); !ok || m.Kind == op.Read || m.Perm == op.Admin {
			t.Errorf("an Operator cannot %s", name)
		}
	}
	for _, name := range []string{"stock.release_lot", "stock.reject_lot", "stock.adjust", "stock.reverse_document", "stock.post_count", "stock.close_period",
		"catalog.create_item", "catalog.update_item", "party.create_party", "party.update_party", "packing.create_profile", "packing.update_profile", "packing.get_valued_run", "account.create_user", "system.update_settings", "system.list_audit"} {
		if m, ok := op.Lookup(name); !ok || m.Perm != op.Admin {
			t.Errorf("%s is not for Admins alone", name)
		}
	}
	for name, kind := range map[string]op.Kind{"stock.hold_lot": op.Control, "stock.release_lot": op.Business, "purchase.post_grn": op.Business, "system.update_settings": op.Control, "account.login": op.Control, "account.revoke_device": op.Control} {
		if m, _ := op.Lookup(name); m.Kind != kind {
			t.Errorf("%s is of kind %s, want %s", name, m.Kind, kind)
		}
	}
}
