package storage

import (
	"maps"
	"slices"

	"masala/core"
	"masala/core/recipe"
)

// BornWith are the allergens of a lot that is born now (R22): those of its item, and of
// the lots it is made of. Of a powder from outside nobody knows the lots, so it has what
// its recipes bring.
func (t *Tx) BornWith(item core.ItemID, of []core.LotID) ([]string, error) {
	if len(of) == 0 {
		return recipe.Allergens(t, item)
	}
	i, err := t.Item(item)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, a := range i.Allergens {
		all[a] = true
	}
	for _, lot := range of {
		has, err := t.LotAllergens(lot)
		if err != nil {
			return nil, err
		}
		for _, a := range has {
			all[a] = true
		}
	}
	return append([]string{}, slices.Sorted(maps.Keys(all))...), nil
}

// LotAllergens are those a lot was born with, sorted.
func (t *Tx) LotAllergens(id core.LotID) ([]string, error) {
	a := []string{}
	_, err := t.one(`SELECT allergens FROM lot WHERE id = ?`, []any{id}, listColumn{&a})
	return a, err
}
