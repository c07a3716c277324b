package recipe

import (
	"fmt"
	"maps"
	"slices"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	Item(core.ItemID) (catalog.Item, error)
	Recipes(ListRecipesReq) (ListRecipesResp, error)
	Recipe(id ID, version int64) (Recipe, error) // without ingredients and allergens; core.CodeNotFound
	RecipeByCode(code string) (ID, bool, error)
	// RecipesOf lists the active recipes that make an item, in their current version.
	RecipesOf(core.ItemID) ([]Recipe, error)
	InsertRecipe(Recipe) (ID, error)
	UpdateRecipe(Recipe) error
	// UsableStock is what allocation could use of an item in the regular segment on a day
	// (R24, R25).
	UsableStock(core.ItemID, core.Date) (core.Qty, error)
	// Reserved is what planned and running batches still count on of an item, those of
	// batch number but not among them.
	Reserved(item core.ItemID, but string) (core.Qty, error)
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, ListRecipes, func(_ *op.Call, tx T, q ListRecipesReq) (ListRecipesResp, error) { return tx.Recipes(q) })
	op.Handle(r, GetRecipe, func(_ *op.Call, tx T, q GetRecipeReq) (Recipe, error) { return Read(tx, q.ID, q.Version) })
	op.Handle(r, CreateRecipe, func(c *op.Call, tx T, q CreateRecipeReq) (Recipe, error) { return create(c, tx, q.Fields) })
	op.Handle(r, UpdateRecipe, func(c *op.Call, tx T, q UpdateRecipeReq) (Recipe, error) { return update(c, tx, q) })
	op.Handle(r, Preview, func(c *op.Call, tx T, q PreviewReq) (PreviewResp, error) { return preview(c, tx, q) })
}

// Read reads a recipe with its ingredients and the allergens they bring; version 0 is
// the current one.
func Read(tx Store, id ID, version int64) (Recipe, error) {
	r, err := tx.Recipe(id, version)
	if err != nil {
		return r, err
	}
	if r.Ingredients, r.Allergens, err = describe(tx, r.Lines); err != nil {
		return r, err
	}
	beside := make([]Line, len(r.ByProducts))
	for i, b := range r.ByProducts {
		beside[i].Item = b.Item
	}
	r.Beside, _, err = describe(tx, beside)
	return r, err
}

func create(c *op.Call, tx Store, f Fields) (Recipe, error) {
	if err := check(tx, 0, f); err != nil {
		return Recipe{}, err
	}
	id, err := tx.InsertRecipe(Recipe{Fields: f, Stamp: c.Stamp(1)})
	if err != nil {
		return Recipe{}, err
	}
	c.Note("recipe "+f.Code, nil, f)
	return Read(tx, id, 0)
}

func update(c *op.Call, tx Store, q UpdateRecipeReq) (Recipe, error) {
	old, err := tx.Recipe(q.ID, 0)
	if err != nil {
		return Recipe{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.Fields, q.Fields); err != nil {
		return Recipe{}, err
	}
	if q.Item != old.Item {
		return Recipe{}, core.Invalid("item", "A recipe keeps its powder. Add a new recipe for another one.")
	}
	if err := check(tx, q.ID, q.Fields); err != nil {
		return Recipe{}, err
	}
	c.Note("recipe "+old.Code, old.Fields, q.Fields)
	if err := tx.UpdateRecipe(Recipe{ID: q.ID, Fields: q.Fields, Stamp: c.Stamp(old.Version + 1)}); err != nil {
		return Recipe{}, err
	}
	return Read(tx, q.ID, 0)
}

// check judges a recipe against the books and names every fault at once.
func check(tx Store, id ID, f Fields) error {
	var bad core.Faults
	other, taken, err := tx.RecipeByCode(f.Code)
	if err != nil {
		return err
	}
	bad.Check(!taken || other == id, "code", "%s is already used by another recipe.", f.Code)
	powder, err := tx.Item(f.Item)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		bad.Add("item", "Choose a bulk powder from the list.")
	case err != nil:
		return err
	default:
		bad.Check(powder.Type == catalog.Bulk && powder.Dimension == core.Mass, "item", "%s is no bulk powder.", powder.Name)
		bad.Check(powder.Active || !f.Active, "item", "%s is no longer in use.", powder.Name)
	}
	for i, l := range f.Lines {
		at := fmt.Sprintf("lines[%d].item", i)
		item, ok, err := material(tx, &bad, at, l.Item, f.Active, "ingredient")
		if err != nil {
			return err
		}
		if !ok || l.Item == f.Item {
			continue
		}
		loop, err := reaches(tx, l.Item, f.Item, map[core.ItemID]bool{})
		if err != nil {
			return err
		}
		bad.Check(!loop, at, "%s is itself made with this powder.", item.Name)
	}
	for i, b := range f.ByProducts {
		if _, _, err := material(tx, &bad, fmt.Sprintf("by_products[%d].item", i), b.Item, f.Active, "by-product"); err != nil {
			return err
		}
	}
	return bad.Err()
}

// material judges an item that a recipe, in use or not, names as what, an ingredient or a
// by-product: either is weighed. ok is false where there is no such item.
func material(tx Store, bad *core.Faults, at string, id core.ItemID, inUse bool, what string) (item catalog.Item, ok bool, err error) {
	item, err = tx.Item(id)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		bad.Add(at, "Choose the %s from the list.", what)
		return item, false, nil
	case err != nil:
		return item, false, err
	}
	bad.Check(item.Type == catalog.Raw || item.Type == catalog.Bulk, at, "%s is neither raw material nor powder.", item.Name)
	bad.Check(item.Dimension == core.Mass, at, "%s is not measured by mass.", item.Name)
	bad.Check(item.Active || !inUse, at, "%s is no longer in use. Choose another %s.", item.Name, what)
	return item, true, nil
}

// reaches reports whether item is made, at any depth, with what.
func reaches(tx Store, item, what core.ItemID, seen map[core.ItemID]bool) (bool, error) {
	if seen[item] {
		return false, nil
	}
	seen[item] = true
	recipes, err := tx.RecipesOf(item)
	if err != nil {
		return false, err
	}
	for _, r := range recipes {
		for _, l := range r.Lines {
			if l.Item == what {
				return true, nil
			}
			if found, err := reaches(tx, l.Item, what, seen); err != nil || found {
				return found, err
			}
		}
	}
	return false, nil
}

// describe names the ingredients of lines and rolls their allergens up.
func describe(tx Store, lines []Line) ([]Ingredient, []string, error) {
	out, all := []Ingredient{}, map[string]bool{}
	for _, l := range lines {
		item, err := tx.Item(l.Item)
		if err != nil {
			return nil, nil, err
		}
		allergens, err := Allergens(tx, l.Item)
		if err != nil {
			return nil, nil, err
		}
		for _, a := range allergens {
			all[a] = true
		}
		out = append(out, Ingredient{item.SKU, item.Name, item.NameHi, allergens})
	}
	return out, slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(all)))), nil
}

// Allergens are those an item brings: its own, and those of every recipe that makes
// it.
func Allergens(tx Store, item core.ItemID) ([]string, error) {
	all := map[string]bool{}
	if err := gather(tx, item, all, map[core.ItemID]bool{}); err != nil {
		return nil, err
	}
	return slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(all)))), nil
}

func gather(tx Store, id core.ItemID, all map[string]bool, seen map[core.ItemID]bool) error {
	if seen[id] {
		return nil
	}
	seen[id] = true
	item, err := tx.Item(id)
	if err != nil {
		return err
	}
	for _, a := range item.Allergens {
		all[a] = true
	}
	recipes, err := tx.RecipesOf(id)
	if err != nil {
		return err
	}
	for _, r := range recipes {
		for _, l := range r.Lines {
			if err := gather(tx, l.Item, all, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

func preview(c *op.Call, tx Store, q PreviewReq) (p PreviewResp, err error) {
	p.Charge = q.Charge
	if p.Expected, err = Output(q.Charge, q.StdLoss); err != nil {
		return p, err
	}
	if p.GrossUp, err = GrossUp(q.Charge, q.StdLoss); err != nil {
		return p, core.Invalid("charge", "This charge is too large.").Because(err)
	}
	ingredients, allergens, err := describe(tx, q.Lines)
	if core.CodeOf(err) == core.CodeNotFound {
		err = core.Invalid("lines", "Choose the ingredients from the list.")
	}
	if err != nil {
		return p, err
	}
	p.Allergens = allergens
	scaled, err := Scale(q.Charge, q.Lines)
	if err != nil {
		return p, err
	}
	for i, l := range q.Lines {
		n, err := Stock(c, tx, l.Item, scaled[i], "")
		if err != nil {
			return p, err
		}
		n.Ingredient = ingredients[i]
		p.Needs = append(p.Needs, n)
	}
	return p, nil
}

// Stock judges how much of an item is there today for a need; reservations of batch
// number but do not count.
func Stock(c *op.Call, tx Store, item core.ItemID, need core.Qty, but string) (Need, error) {
	usable, err := tx.UsableStock(item, c.Today())
	if err != nil {
		return Need{}, err
	}
	reserved, err := tx.Reserved(item, but)
	if err != nil {
		return Need{}, err
	}
	return Need{Item: item, Qty: need, Usable: usable, Reserved: reserved, Light: LightOf(need, usable, reserved)}, nil
}
