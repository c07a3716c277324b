package items

import (
	"context"
	"strings"

	"masala/core/catalog"
	"masala/ui/form"
	"masala/ui/screen/conflict"
	"masala/ui/screen/record"
)

func (p *Panel) prepare() (record.Save[catalog.Item], error) {
	f, old, caller := p.fields(), p.Record, p.m.Env.Caller
	return func(ctx context.Context, key string) (catalog.Item, error) {
		if old.ID == 0 {
			return catalog.CreateItem.Call(ctx, caller, key, catalog.CreateItemReq{ItemFields: f})
		}
		return catalog.UpdateItem.Call(ctx, caller, key, catalog.UpdateItemReq{ID: old.ID, Version: old.Version, ItemFields: f})
	}, f.Validate()
}

// Differ notes what somebody else saved otherwise (R35).
func (p *Panel) Differ(t *Panel, c *conflict.Conflict) {
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
