package grn

import (
	"context"
	"slices"
	"strconv"

	"masala/core"
	"masala/core/catalog"
	"masala/core/party"
	"masala/ui/form"
)

// strange is said while what a draft names could not be found in these books.
const strange = "The books were restored or are others since this was typed. Choose what is marked again, then post."

// lookUp finds the supplier and the items of a strange draft in these books, where their
// numbers may be those of other records: whatever is posted has the name on the screen.
// What is not found, or is there twice, is chosen again.
func (m *Model) lookUp() {
	m.find(m.Supplier, m.findSupplier)
	for _, r := range m.Lines.Filled() {
		m.find(r.Field(fItem), func(ctx context.Context, name string, was int64) (func(), error) {
			return m.findItem(ctx, r, name, was)
		})
	}
}

// find looks up the record a field named; take is nil when it is not there.
func (m *Model) find(f *form.Field, look func(ctx context.Context, name string, was int64) (take func(), err error)) {
	was, name := f.Was, f.Text
	if was == "" {
		return
	}
	m.env.Shell.Go(func(ctx context.Context) func() {
		take, err := look(ctx, name, parse(was))
		return func() {
			switch {
			case f.Was != was || f.Text != name: // chosen or typed over meanwhile
			case take != nil:
				take()
			case err == nil:
				f.Was, f.Error, f.Touched = "", f.Missing, true
				m.lacks = append(m.lacks, f)
			} // else Reload looks again when the line is back
		}
	})
}

// Lacks reports whether something the draft named is still to be chosen again.
func (m *Model) Lacks() bool {
	m.lacks = slices.DeleteFunc(m.lacks, func(f *form.Field) bool { return f.Key != "" || f.Text == "" })
	return len(m.lacks) > 0
}

func (m *Model) findSupplier(ctx context.Context, name string, was int64) (func(), error) {
	take := func(p party.Party) func() { return func() { m.ChooseSupplier(p) } }
	p, err := party.GetParty.Call(ctx, m.env.Caller, "", party.GetPartyReq{ID: core.PartyID(was)})
	switch {
	case err == nil && p.Name == name && p.Kind == party.Supplier:
		return take(p), nil
	case err != nil && core.CodeOf(err) != core.CodeNotFound:
		return nil, err
	}
	r, err := party.ListParties.Call(ctx, m.env.Caller, "", party.ListPartiesReq{Query: name, Kind: party.Supplier, Limit: 50})
	list := slices.DeleteFunc(r.Parties, func(p party.Party) bool { return p.Name != name })
	if err != nil || len(list) != 1 {
		return nil, err
	}
	return take(list[0]), nil
}

func (m *Model) findItem(ctx context.Context, r *form.Row, name string, was int64) (func(), error) {
	take := func(it catalog.ItemRow) func() {
		return func() {
			r.Field(fItem).Choose(strconv.FormatInt(int64(it.ID), 10), it.Name, it.NameHi)
			m.know(it)
		}
	}
	it, err := catalog.GetItem.Call(ctx, m.env.Caller, "", catalog.GetItemReq{ID: core.ItemID(was)})
	switch {
	case err == nil && it.Name == name && slices.Contains(bought, it.Type):
		return take(catalog.ItemRow{Item: it}), nil
	case err != nil && core.CodeOf(err) != core.CodeNotFound:
		return nil, err
	}
	found, err := catalog.ListItems.Call(ctx, m.env.Caller, "", catalog.ListItemsReq{Query: name, Types: bought, Limit: 50})
	list := slices.DeleteFunc(found.Items, func(it catalog.ItemRow) bool { return it.Name != name })
	if err != nil || len(list) != 1 {
		return nil, err
	}
	return take(list[0]), nil
}
