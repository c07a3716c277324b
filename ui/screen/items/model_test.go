package items_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/items"
	"masala/ui/screen/screentest"
	"masala/ui/uitest"
)

// quiet is a shell without a window.
type quiet struct{ screen.Shell }

func (quiet) Go(work func(context.Context) func()) {
	if done := work(context.Background()); done != nil {
		done()
	}
}
func (quiet) Invalidate()         {}
func (quiet) Toast(screen.Toast)  {}
func (quiet) Ask(screen.Question) {}

func quietly(f *screentest.Factory) *screen.Env {
	env := &screen.Env{Caller: f.Server, Clock: uitest.NewClock(time.Date(2026, 2, 12, 9, 0, 0, 0, time.UTC)), Zone: time.UTC,
		User: account.User{Role: core.Admin}, Shell: quiet{}, NewKey: func() string { return "k" }}
	env.Drafts = form.NewDrafts(&screentest.Files{Data: map[string][]byte{}}, env.Clock, "u")
	env.Desk = form.NewDesk(env.Drafts, env.Clock, func(write func() error, done func(error)) { done(write()) }, func() {})
	return env
}

// The row of the open item is found wherever the list has put it.
func TestTheOpenItemIsFoundInTheList(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, nil)
	m := items.NewModel(quietly(f), screen.Route{})
	m.Reload()
	if m.Index() != -1 {
		t.Errorf("nothing is open, and row %d is", m.Index())
	}
	m.Choose(1)
	if m.Index() != 1 {
		t.Errorf("row %d is open, want 1", m.Index())
	}
	m.List.Rows[1], m.List.Rows[2] = m.List.Rows[2], m.List.Rows[1]
	if m.Index() != 2 {
		t.Errorf("row %d is open, want 2", m.Index())
	}
	if m.New(""); m.Index() != -1 {
		t.Errorf("a new item is row %d", m.Index())
	}
}

// The type of a new item brings the measure that the type needs, and the units with it; an
// item that is there keeps its own until somebody chooses another.
func TestANewItemIsMeasuredAsItIsUsed(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, nil)
	m := items.NewModel(quietly(f), screen.Route{})
	m.Reload()
	choose := func(kind catalog.Type) string {
		for _, c := range items.Types() {
			if c.Key == string(kind) {
				m.Panel.ChooseType(c)
			}
		}
		return m.Panel.Dimension.Key + " in " + m.Panel.PurchaseUnit.Text
	}
	m.New("")
	for _, x := range []struct {
		kind catalog.Type
		want string
	}{{catalog.Finished, "count in pcs"}, {catalog.Bulk, "mass in kg"}, {catalog.Packing, "count in pcs"}, {catalog.Raw, "mass in kg"}} {
		if got := choose(x.kind); got != x.want {
			t.Errorf("%s is measured by %s, want %s", x.kind, got, x.want)
		}
	}
	m.Choose(0)
	if got := choose(catalog.Finished); got != "mass in kg" {
		t.Errorf("an item that is there is measured by %s", got)
	}
}

// Whatever is typed into an item, nothing panics, what is sent is valid, and what is
// saved and read back stays as it is.
func TestPanelTakesAnything(t *testing.T) {
	typed := rapid.OneOf(rapid.SampledFrom([]string{"", "5", "40 kg", "-1", "1/3", "300", "12.5 bag", "5 %", "t", "1-7-17", "RAW-001", "जीरा", "mustard, sesame", "99999999999999999999"}), rapid.String())
	saved := 0
	rapid.Check(t, func(t *rapid.T) {
		f := screentest.NewFactory()
		keep(f, nil)
		screentest.Answer(f.Server, catalog.CreateItem, func(q catalog.CreateItemReq) (catalog.Item, error) {
			saved++
			if err := q.Validate(); err != nil {
				t.Fatalf("an invalid item was sent: %v", err)
			}
			return catalog.Item{ID: 99, ItemFields: q.ItemFields, Stamp: core.Stamp{Version: 1}}, nil
		})
		screentest.Answer(f.Server, catalog.UpdateItem, func(q catalog.UpdateItemReq) (catalog.Item, error) {
			if err := q.Validate(); err != nil {
				t.Fatalf("an invalid item was sent: %v", err)
			}
			return catalog.Item{ID: q.ID, ItemFields: q.ItemFields, Stamp: core.Stamp{Version: q.Version + 1}}, nil
		})
		m := items.NewModel(quietly(f), screen.Route{})
		m.New("")
		t.Repeat(map[string]func(*rapid.T){
			"type": func(t *rapid.T) {
				var list []*form.Field
				for x := range m.Panel.Form.Fields() {
					list = append(list, x)
				}
				for _, g := range []*form.Rows{m.Panel.Units, m.Panel.GST} {
					list = append(list, g.At(g.Len()-1).Fields...)
				}
				x := rapid.SampledFrom(list).Draw(t, "field")
				if !x.ReadOnly && !x.Pick {
					x.Set(typed.Draw(t, "text"))
				}
				m.Panel.Ready(m.Panel.Units)
				m.Panel.Ready(m.Panel.GST)
			},
			"complete": func(*rapid.T) {
				m.Panel.Name.Set("Star anise")
				m.Panel.SKU.Set("RAW-042")
				if m.Panel.IsPacking() {
					c := items.Subtypes()[0]
					m.Panel.Subtype.Choose(c.Key, c.Text, "")
				}
				for _, x := range []*form.Field{m.Panel.MinStock, m.Panel.ShelfLife, m.Panel.NetWeight, m.Panel.HSN, m.Panel.Allergens} {
					x.Set("")
				}
			},
			"rows":      func(*rapid.T) { m.Panel.Units.Remove(0); m.Panel.GST.Remove(0) },
			"choose":    func(t *rapid.T) { m.Panel.ChooseType(rapid.SampledFrom(items.Types()).Draw(t, "type")) },
			"dimension": func(t *rapid.T) { m.Panel.ChooseDimension(rapid.SampledFrom(items.Dimensions()).Draw(t, "dim")) },
			"save": func(t *rapid.T) {
				before := saved
				m.Panel.Save()
				if saved > before && m.Panel.Form.Dirty() {
					t.Fatal("what was saved reads back otherwise")
				}
			},
			"again": func(*rapid.T) { m.New("") },
			"":      func(*rapid.T) { m.Panel.UnitChoices() },
		})
	})
	if saved == 0 {
		t.Error("not one item was ever good enough to be sent")
	}
}
