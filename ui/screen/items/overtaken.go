package items

import (
	"strings"

	"masala/core"
	"masala/core/catalog"
	"masala/ui/form"
	"masala/ui/screen/conflict"
)

// overtaken shows what somebody else saved in the meantime; what is typed stays.
func (p *Panel) overtaken(c conflict.Conflict) {
	var theirs catalog.ItemFields
	if err := c.Theirs(&theirs); err != nil {
		p.Form.Message = core.ConflictMessage
		return
	}
	t := newPanel(p.m, catalog.Item{ID: p.Item.ID, ItemFields: theirs})
	for _, x := range []struct{ theirs, yours *form.Field }{
		{t.Type, p.Type}, {t.SKU, p.SKU}, {t.Name, p.Name}, {t.NameHi, p.NameHi}, {t.Subtype, p.Subtype}, {t.Dimension, p.Dimension},
		{t.PurchaseUnit, p.PurchaseUnit}, {t.IssueUnit, p.IssueUnit}, {t.NetWeight, p.NetWeight}, {t.MinStock, p.MinStock},
		{t.ShelfLife, p.ShelfLife}, {t.HSN, p.HSN}, {t.Allergens, p.Allergens},
	} {
		c.Compare(x.yours.Label, x.theirs.Text, x.yours.Text)
	}
	c.Compare("QC needed", yesNo(t.QC), yesNo(p.QC))
	c.Compare("In use", yesNo(t.Active), yesNo(p.Active))
	c.Compare("Own units", rows(t.Units), rows(p.Units))
	c.Compare("GST rates", rows(t.GST), rows(p.GST))
	p.Conflict = &c
}

func yesNo(f *form.Field) string {
	if f.Text == yes {
		return "yes"
	}
	return "no"
}

func rows(g *form.Rows) string {
	var list []string
	for _, r := range g.Filled() {
		var line []string
		for _, f := range r.Fields {
			line = append(line, f.Text)
		}
		list = append(list, strings.Join(line, " "))
	}
	return strings.Join(list, ", ")
}

// KeepMine takes the other edit as the base and leaves what was typed: saving again
// replaces theirs, knowingly.
func (p *Panel) KeepMine() {
	if p.Conflict != nil {
		p.Item.Version, p.Conflict = p.Conflict.Version, nil
	}
}

// TakeTheirs shows the item as it is now; what was typed is dropped.
func (p *Panel) TakeTheirs() {
	if p.Conflict == nil {
		return
	}
	id := p.Item.ID
	p.kept.Discard(nil)
	p.m.Panel = nil
	p.m.fetch(id)
	p.m.load(true)
}
