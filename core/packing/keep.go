package packing

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// read reads a profile with the names of its items; version 0 is the current one.
func read(tx Store, id ID, version int64) (Profile, error) {
	p, err := tx.Profile(id, version)
	if err != nil {
		return p, err
	}
	p.Parts, p.Goods = []Part{}, []Good{}
	for _, x := range p.Components {
		item, err := tx.Item(x.Item)
		if err != nil {
			return p, err
		}
		p.Parts = append(p.Parts, Part{item.SKU, item.Name, item.NameHi, item.Subtype, item.Dimension})
	}
	for _, x := range p.Products {
		item, err := tx.Item(x.Item)
		if err != nil {
			return p, err
		}
		powder, err := tx.Item(x.Powder)
		if err != nil {
			return p, err
		}
		p.Goods = append(p.Goods, Good{item.SKU, item.Name, item.NameHi, powder.SKU, powder.Name, powder.NameHi})
	}
	return p, nil
}

func create(c *op.Call, tx Store, f Fields) (Profile, error) {
	if err := check(tx, 0, f); err != nil {
		return Profile{}, err
	}
	id, err := tx.InsertProfile(Profile{Fields: f, Stamp: c.Stamp(1)})
	if err != nil {
		return Profile{}, err
	}
	c.Note("packaging profile "+f.Code, nil, f)
	return read(tx, id, 0)
}

func update(c *op.Call, tx Store, q UpdateProfileReq) (Profile, error) {
	old, err := tx.Profile(q.ID, 0)
	if err != nil {
		return Profile{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.Fields, q.Fields); err != nil {
		return Profile{}, err
	}
	if err := check(tx, q.ID, q.Fields); err != nil {
		return Profile{}, err
	}
	c.Note("packaging profile "+old.Code, old.Fields, q.Fields)
	if err := tx.UpdateProfile(Profile{ID: q.ID, Fields: q.Fields, Stamp: c.Stamp(old.Version + 1)}); err != nil {
		return Profile{}, err
	}
	return read(tx, q.ID, 0)
}

// check judges a profile against the books and names every fault at once. A profile
// that goes out of use may name items that did so before it.
func check(tx Store, id ID, f Fields) error {
	var bad core.Faults
	other, taken, err := tx.ProfileByCode(f.Code)
	if err != nil {
		return err
	}
	bad.Check(!taken || other == id, "code", "%s is already used by another profile.", f.Code)
	named := func(at string, id core.ItemID, kind catalog.Type, what string) (item catalog.Item, ok bool, err error) {
		item, err = tx.Item(id)
		if core.CodeOf(err) == core.CodeNotFound {
			bad.Add(at, "Choose a %s from the list.", what)
			return item, false, nil
		}
		if err == nil {
			bad.Check(item.Type == kind, at, "%s is no %s.", item.Name, what)
			bad.Check(item.Active || !f.Active, at, "%s is no longer in use.", item.Name)
		}
		return item, item.Type == kind, err
	}
	for i, x := range f.Components {
		if _, _, err := named(fmt.Sprintf("components[%d].item", i), x.Item, catalog.Packing, "packing material"); err != nil {
			return err
		}
	}
	for i, x := range f.Products {
		at := fmt.Sprintf("products[%d].", i)
		item, ok, err := named(at+"item", x.Item, catalog.Finished, "finished good")
		if err != nil {
			return err
		}
		bad.Check(!ok || item.Dimension == core.Count, at+"item", "%s is not counted in pieces.", item.Name)
		bad.Check(!ok || item.NetWeight == 0 || item.NetWeight == f.NetWeight, at+"item", "A pack of %s holds %s, not %s.",
			item.Name, item.NetWeight.String(core.Mass), f.NetWeight.String(core.Mass))
		powder, ok, err := named(at+"powder", x.Powder, catalog.Bulk, "bulk powder")
		if err != nil {
			return err
		}
		bad.Check(!ok || powder.Dimension == core.Mass, at+"powder", "%s is not measured by mass.", powder.Name)
	}
	return bad.Err()
}
