package form

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masala/core"
)

// keys makes request keys k1, k2, ...
func keys() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("k%d", n) }
}

var today = core.NewDate(2026, 2, 12)

type grn struct {
	*Form
	supplier, received *Field
	lines              *Rows
}

func newGRN() grn {
	f := New("purchase.post_grn", "GRN", keys())
	cal := func() Calendar { return Calendar{Today: today, NoFuture: true} }
	g := grn{Form: f}
	g.supplier = f.Add(Field{Path: "supplier", Label: "Supplier", Required: true, Pick: true})
	g.received = f.Add(Field{Path: "received_on", Label: "Received on", Required: true, Rule: Day(cal), Initial: today.String()})
	g.lines = f.AddRows("lines", func() []Field {
		return []Field{
			{Path: "item", Label: "Item", Required: true, Pick: true},
			{Path: "quantity", Label: "Quantity", Required: true, Rule: Above(Amount(func() Measure { return mass }))},
			{Path: "rate", Label: "Rate", Required: true, Rule: Price},
			{Path: "expiry_on", Label: "Expiry date", Required: true, Missing: "Expiry date is required for raw material.", Rule: Day(func() Calendar { return Calendar{Today: today} })},
		}
	})
	return g
}

func (g grn) fill(i int, item, qty, rate, expiry string) {
	r := g.lines.At(i)
	r.Field("item").Choose("7", item, "")
	r.Field("quantity").Set(qty)
	r.Field("rate").Set(rate)
	r.Field("expiry_on").Set(expiry)
	if i == g.lines.Len()-1 {
		g.lines.Add()
	}
}

func TestLeavingRewritesOrTells(t *testing.T) {
	g := newGRN()
	g.received.Set("y")
	g.received.Leave()
	if g.received.Text != "11-Feb-2026" || g.received.Error != "" {
		t.Errorf("%q %q", g.received.Text, g.received.Error)
	}
	g.received.Set("13")
	g.received.Leave()
	if g.received.Text != "13" || g.received.Error != "13-Feb-2026 is in the future. Today is 12-Feb-2026." {
		t.Errorf("%q %q", g.received.Text, g.received.Error)
	}
	g.received.Set("12")
	if g.received.Error != "" {
		t.Error("typing must take the error away")
	}
	g.supplier.Choose("3", "Unjha Jeera House", "GJ 24")
	g.supplier.Set("Unjha")
	if g.supplier.Key != "" || g.supplier.Aside != "" {
		t.Error("a changed text is still the old record")
	}
	g.supplier.Leave()
	if g.supplier.Error == "" {
		t.Error("typed text is no supplier")
	}
}

func TestValidateNamesEveryFaultAndTheFirst(t *testing.T) {
	g := newGRN()
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	g.lines.Add() // blank rows in the middle do not count
	g.fill(2, "Coriander", "300", "85", "")
	first := g.Validate()
	if first != g.supplier || g.Faults() != 2 {
		t.Fatalf("first %v, %d faults", first.Path, g.Faults())
	}
	if x := g.Field("lines[1].expiry_on"); x == nil || x.Error != "Expiry date is required for raw material." {
		t.Errorf("%+v", x)
	}
	g.supplier.Choose("3", "Unjha Jeera House", "")
	g.Field("lines[1].expiry_on").Set("+350")
	g.Check = func(f *Form, fault func(string, string)) { fault("lines[1].rate", "Too dear.") }
	if first = g.Validate(); first == nil || first.Path != "lines[1].rate" {
		t.Errorf("%+v", first)
	}
	g.Check = nil
	if first = g.Validate(); first != nil {
		t.Errorf("%+v", first)
	}
}

func TestApplyPutsServerFaultsInPlace(t *testing.T) {
	g := newGRN()
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	g.fill(1, "Cumin", "200", "225", "1-2-28")
	var faults core.Faults
	faults.Add("lines[1].expiry_on", "Before the birth of the lot.")
	faults.Add("lines[0]", "This item is not active.")
	faults.Add("period", "February is closed.")
	if first := g.Apply(faults.Err()); first != g.lines.At(0).Fields[0] {
		t.Errorf("first %+v", first)
	}
	if g.Field("lines[1].expiry_on").Error != "Before the birth of the lot." || g.Message != "February is closed." {
		t.Errorf("%q", g.Message)
	}
	g.Apply(core.Errorf(core.CodeConflict, core.ConflictMessage))
	if g.Message != core.ConflictMessage {
		t.Error(g.Message)
	}
	g.Apply(fmt.Errorf("no route"))
	if g.Message != "no route" {
		t.Error(g.Message)
	}
}

func TestKeyLastsUntilSuccess(t *testing.T) {
	g := newGRN()
	k := g.Key()
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	g.Validate()
	g.Apply(core.Errorf(core.CodeUnavailable, "Busy."))
	if g.Key() != k || !g.Dirty() {
		t.Error("a refused form keeps its key and is dirty")
	}
	g.Reset()
	if g.Key() == k || g.Dirty() || g.lines.Len() != 1 || g.received.Text != "12-Feb-2026" || g.Message != "" {
		t.Errorf("%q %v", g.Key(), g.content())
	}
}

func TestRowsCopyRemoveUndo(t *testing.T) {
	g := newGRN()
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	g.lines.At(1).Field("rate").Set("9")
	if !g.lines.Copy(1) || g.lines.At(1).Field("item").Key != "7" || g.lines.At(1).Field("rate").Text != "9" {
		t.Errorf("%+v", g.lines.At(1).Field("rate"))
	}
	if g.lines.Copy(0) {
		t.Error("nothing above the first row")
	}
	g.lines.Remove(0)
	if g.lines.Len() != 1 || g.lines.At(0).Fields[0].Path != "lines[0].item" {
		t.Error(g.lines.At(0).Fields[0].Path)
	}
	g.lines.Remove(0)
	if g.lines.Len() != 1 || !g.lines.At(0).Blank() || g.lines.Remove(0) {
		t.Error("the last blank row stays")
	}
	g.lines.Undo()
	at, ok := g.lines.Undo()
	if !ok || at != 0 || g.lines.Len() != 2 || g.lines.At(1).Fields[0].Path != "lines[1].item" {
		t.Error(at, ok, g.lines.Len())
	}
	if _, ok := g.lines.Undo(); ok {
		t.Error("nothing left to bring back")
	}
}

// Whatever is done to a grid and undone, no row is lost or doubled, and paths
// count the filled rows.
func TestRowsKeepEveryRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGRN()
		var want, gone []string
		n := 0
		t.Repeat(map[string]func(*rapid.T){
			"type": func(t *rapid.T) {
				n++
				name := fmt.Sprint("item ", n)
				at := g.lines.Len() - 1
				if !g.lines.At(at).Blank() {
					g.lines.Add()
					at++
				}
				g.lines.At(at).Field("item").Choose("1", name, "")
				want = append(want, name)
			},
			"remove": func(t *rapid.T) {
				i := rapid.IntRange(-1, g.lines.Len()).Draw(t, "row")
				name := ""
				if i >= 0 && i < g.lines.Len() {
					name = g.lines.At(i).Field("item").Text
				}
				if g.lines.Remove(i) {
					gone = append(gone, name)
					if name != "" {
						want = slices.DeleteFunc(want, func(s string) bool { return s == name })
					}
				}
			},
			"undo": func(t *rapid.T) {
				if _, ok := g.lines.Undo(); ok != (len(gone) > 0) {
					t.Fatal("undo", ok)
				} else if ok {
					if s := gone[len(gone)-1]; s != "" {
						want = append(want, s)
					}
					gone = gone[:len(gone)-1]
				}
			},
			"": func(t *rapid.T) {
				var have []string
				for i, r := range g.lines.Filled() {
					have = append(have, r.Field("item").Text)
					if f := g.Field(fmt.Sprintf("lines[%d].item", i)); f != r.Fields[0] {
						t.Fatalf("path lines[%d] is another row", i)
					}
				}
				slices.Sort(have)
				sorted := slices.Sorted(slices.Values(want))
				if !slices.Equal(have, sorted) {
					t.Fatalf("have %v, want %v", have, sorted)
				}
			},
		})
	})
}

func BenchmarkDirty(b *testing.B) {
	g := newGRN()
	for i := range 50 {
		g.fill(i, "Turmeric finger", "500.000 kg", "143.00", "01-Feb-2028")
	}
	b.ReportAllocs()
	for b.Loop() {
		g.Dirty()
	}
}
