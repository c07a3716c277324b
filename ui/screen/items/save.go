package items

import (
	"context"

	"masala/core"
	"masala/core/catalog"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
)

// Save sends the item; it returns the first field at fault.
func (p *Panel) Save() *form.Field {
	if p.Busy || p.ReadOnly() {
		return nil
	}
	if bad := p.Form.Validate(); bad != nil {
		return bad
	}
	fields := p.fields()
	if err := fields.Validate(); err != nil {
		return p.Form.Apply(err)
	}
	p.Busy, p.Conflict = true, nil
	key, old, env, send := p.Form.Key(), p.Item, p.m.env, p.kept.Sending()
	env.Shell.Go(func(ctx context.Context) func() {
		var it catalog.Item
		err := send(func() (err error) {
			if old.ID == 0 {
				it, err = catalog.CreateItem.Call(ctx, env.Caller, key, catalog.CreateItemReq{ItemFields: fields})
			} else {
				it, err = catalog.UpdateItem.Call(ctx, env.Caller, key, catalog.UpdateItemReq{ID: old.ID, Version: old.Version, ItemFields: fields})
			}
			return err
		})
		return func() { p.answered(it, err, old.ID == 0) }
	})
	return nil
}

func (p *Panel) answered(it catalog.Item, err error, created bool) {
	p.Busy = false
	if c, ok := conflict.Of(err); ok {
		p.overtaken(c)
		return
	}
	if err != nil {
		p.Form.Apply(err)
		if core.CodeOf(err) == core.CodeInternal {
			p.Form.Message = screen.Sentence(err)
		}
		return
	}
	said := it.Name + " saved"
	if created {
		said = it.SKU + " " + it.Name + " added"
	}
	p.m.env.Shell.Toast(screen.Toast{Text: said})
	if p.m.Panel == p {
		p.m.take(newPanel(p.m, it).keep())
	}
	p.m.load(true)
}
