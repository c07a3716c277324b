package storage

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"masala/core"
	"masala/core/recipe"
)

// BornWith are the allergens of a lot that is born now: those of its item, and of the
// lots it is made of. Of a powder from outside nobody knows the lots, so it has what its
// recipes bring.
func (t *Tx) BornWith(item core.ItemID, of []core.LotID) ([]string, error) {
	return t.bornWith(item, of, map[core.LotID][]string{})
}

func (t *Tx) bornWith(item core.ItemID, of []core.LotID, known map[core.LotID][]string) ([]string, error) {
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
		has, err := t.allergensOf(lot, known)
		if err != nil {
			return nil, err
		}
		for _, a := range has {
			all[a] = true
		}
	}
	return append([]string{}, slices.Sorted(maps.Keys(all))...), nil
}

// LotAllergens are those a lot was born with. Lots of the time before they were kept
// follow from the masters of today and from what they were made of.
func (t *Tx) LotAllergens(id core.LotID) ([]string, error) {
	return t.allergensOf(id, map[core.LotID][]string{})
}

func (t *Tx) allergensOf(id core.LotID, known map[core.LotID][]string) ([]string, error) {
	if a, ok := known[id]; ok {
		return a, nil
	}
	var kept sql.NullString
	var item core.ItemID
	if ok, err := t.one(`SELECT item_id, allergens FROM lot WHERE id = ?`, []any{id}, &item, &kept); err != nil || !ok {
		return []string{}, err
	}
	a := []string{}
	if kept.Valid {
		if err := json.Unmarshal([]byte(kept.String), &a); err != nil {
			return nil, err
		}
	} else {
		of, err := list(t, `SELECT DISTINCT e.parent_id FROM edge e WHERE e.child_id = ? AND e.parent_id IS NOT NULL AND `+standing, []any{id},
			func(r *sql.Rows) (id core.LotID, err error) { return id, r.Scan(&id) })
		if err != nil {
			return nil, err
		}
		if a, err = t.bornWith(item, of, known); err != nil {
			return nil, err
		}
	}
	known[id] = a
	return a, nil
}
