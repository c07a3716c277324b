package items_test

import (
	"reflect"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/catalog"
	"masala/ui/screen"
	"masala/ui/screen/items"
	"masala/ui/screen/screentest"
	"masala/ui/theme"
)

// keep makes the factory save items; busy is an edit somebody else makes first.
func keep(f *screentest.Factory, busy func()) {
	screentest.Answer(f.Server, catalog.SuggestSKU, func(q catalog.SuggestSKUReq) (catalog.SuggestSKUResp, error) {
		return catalog.SuggestSKUResp{SKU: q.Type.SKUPrefix() + "-042"}, nil
	})
	screentest.Answer(f.Server, catalog.CreateItem, func(q catalog.CreateItemReq) (catalog.Item, error) {
		it := catalog.Item{ID: core.ItemID(len(f.Items) + 1), ItemFields: q.ItemFields, Stamp: core.Stamp{Version: 1}}
		f.Items = append(f.Items, catalog.ItemRow{Item: it})
		return it, nil
	})
	screentest.Answer(f.Server, catalog.UpdateItem, func(q catalog.UpdateItemReq) (catalog.Item, error) {
		if busy != nil {
			busy()
			busy = nil
		}
		old := &f.Items[q.ID-1]
		if old.Version != q.Version {
			return catalog.Item{}, core.Errorf(core.CodeConflict, core.ConflictMessage).With("updated_by", old.UpdatedBy).With("updated_at", old.UpdatedAt).
				With("version", old.Version).With("theirs", old.ItemFields).With("yours", q.ItemFields)
		}
		old.ItemFields = q.ItemFields
		old.Version++
		return old.Item, nil
	})
}

func open(t *testing.T, f *screentest.Factory, o screentest.Options) *screentest.Window {
	t.Helper()
	return openAt(t, f, o, screen.Route{ID: screen.MastersItems})
}

func openAt(t *testing.T, f *screentest.Factory, o screentest.Options, r screen.Route) *screentest.Window {
	t.Helper()
	o.Server = f.Server
	if o.Width == 0 {
		o.Width, o.Height = 1440-72, 900-70
	}
	return screentest.Open(t, o, func(env *screen.Env) screen.Screen { return items.New(env, r) })
}

func TestNewItem(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, nil)
	w := open(t, f, screentest.Options{Width: 1368, Height: 1400})
	w.Press("N", key.ModCtrl)
	w.Type("Star anise")
	w.Enter(1)
	w.Type("चक्र फूल")
	w.Enter(2) // past the measure
	w.Type("12.5")
	w.Fill("Own unit Unit 1", "bag")
	w.Enter(1)
	w.Type("40")
	w.Fill("Shelf life, months", "24")
	w.Fill("HSN", "0909")
	w.Fill("GST GST rate 1", "5")
	w.Enter(1)
	w.Type("1-7-17")
	w.Fill("Allergens", "mustard,  sesame ")
	w.Press(key.NameReturn, key.ModCtrl)
	want := catalog.ItemFields{SKU: "RAW-042", Name: "Star anise", NameHi: "चक्र फूल", Type: catalog.Raw, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg",
		MinStock: 12_500_000, ShelfLifeMonths: 24, HSN: "0909", GST: []catalog.GSTRate{{From: core.NewDate(2017, 7, 1), Rate: 500}},
		Allergens: []string{"mustard", "sesame"}, Units: []catalog.ItemUnit{{Code: "bag", Num: 40_000_000, Den: 1}}, Active: true}
	got := screentest.Requests(f.Server, catalog.CreateItem)
	if len(got) != 1 || !reflect.DeepEqual(got[0].ItemFields, want) {
		t.Fatalf("sent %+v\nwant %+v\n%s", got, want, w.Dump())
	}
	if w.Said() != "RAW-042 Star anise added" || w.Screen.Dirty() {
		t.Errorf("said %q, dirty %v", w.Said(), w.Screen.Dirty())
	}
}

func TestFaultsStandAtTheirFields(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, nil)
	w := open(t, f, screentest.Options{Width: 1368, Height: 1400})
	w.Press("N", key.ModCtrl)
	w.Fill("SKU", "")
	w.Fill("Shelf life, months", "300")
	w.Fill("GST GST rate 1", "120")
	w.Press(key.NameReturn, key.ModCtrl)
	for name, want := range map[string]string{"Name": "Enter the name of the item.", "SKU": "Enter the SKU, for example RAW-001.",
		"Shelf life, months": "Shelf life is 0 to 240 months.", "GST GST rate 1": "A GST rate is 0 to 100 %."} {
		if got := w.Note(name, "Error"); got != want {
			t.Errorf("%s says %q, want %q", name, got, want)
		}
	}
	if n := len(screentest.Requests(f.Server, catalog.CreateItem)); n != 0 {
		t.Errorf("%d faulty items were sent", n)
	}
}

func TestFault_4_1_ItemChangedMeanwhile(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, func() {
		it := &f.Items[1]
		it.MinStock, it.Version, it.UpdatedBy, it.UpdatedAt = 15*core.Kilogram, 2, "owner", time.Date(2026, 2, 12, 9, 0, 0, 0, time.UTC)
	})
	w := open(t, f, screentest.Options{})
	w.Press(key.NameDownArrow)
	w.Press(key.NameDownArrow)
	w.Press(key.NameReturn)
	if !w.Sees("Cumin seed (Unjha 99%) has stock movements, so type and measure can no longer change.") {
		t.Errorf("the frozen fields are not explained\n%s", w.Dump())
	}
	w.Fill("Minimum stock", "20")
	w.Press("S", key.ModCtrl)
	for _, says := range []string{core.ConflictMessage, "owner, 12-Feb-2026 14:30.", "Minimum stock: theirs 15.000 kg, yours 20.000 kg."} {
		if !w.Sees(says) {
			t.Errorf("the conflict does not say %q\n%s", says, w.Dump())
		}
	}
	w.Picture("items-conflict")
	w.Click("Keep my input")
	if got := w.Text("Minimum stock"); got != "20.000" {
		t.Errorf("the input became %q", got)
	}
	w.Press("S", key.ModCtrl)
	if f.Items[1].MinStock != 20*core.Kilogram || f.Items[1].Version != 3 {
		t.Errorf("saved %v at version %d", f.Items[1].MinStock, f.Items[1].Version)
	}
}

func TestReloadTakesTheirs(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, func() { f.Items[1].Name, f.Items[1].Version = "Cumin bold", 2 })
	w := open(t, f, screentest.Options{})
	w.Press(key.NameDownArrow)
	w.Press(key.NameDownArrow)
	w.Press(key.NameReturn)
	w.Fill("Name", "Cumin fine")
	w.Press("S", key.ModCtrl)
	w.Click("Reload")
	if got := w.Text("Name"); got != "Cumin bold" || w.Screen.Dirty() {
		t.Errorf("shows %q, dirty %v", got, w.Screen.Dirty())
	}
}

func TestOperatorLooksOnly(t *testing.T) {
	f := screentest.NewFactory()
	w := open(t, f, screentest.Options{Role: core.Operator})
	if w.Sees("New item") {
		t.Error("an Operator is offered a new item")
	}
	w.Press(key.NameDownArrow)
	w.Press(key.NameReturn)
	if w.Sees("Save") || !w.Sees("Turmeric finger") {
		t.Errorf("the panel is not for looking only\n%s", w.Dump())
	}
}

func TestScreenshots(t *testing.T) {
	for _, x := range []struct {
		name string
		o    screentest.Options
	}{
		{"items", screentest.Options{}},
		{"items-dark", screentest.Options{Theme: theme.Options{Dark: true}}},
		{"items-1024", screentest.Options{Width: 1024 - 72, Height: 640 - 70}},
		{"items-150", screentest.Options{Theme: theme.Options{Zoom: 150}, Width: 1440 - 108, Height: 900 - 105}},
		{"items-operator", screentest.Options{Role: core.Operator}},
	} {
		w := open(t, screentest.NewFactory(), x.o)
		w.Press(key.NameDownArrow)
		w.Press(key.NameDownArrow)
		w.Press(key.NameReturn)
		w.Picture(x.name)
	}
}
