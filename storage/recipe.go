package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/recipe"
)

// Recipes pages through the recipes by code.
func (t *Tx) Recipes(q recipe.ListRecipesReq) (resp recipe.ListRecipesResp, err error) {
	w := &where{}
	if !q.Inactive {
		w.and("r.active")
	}
	if q.Item != 0 {
		w.and("r.item_id = ?", q.Item)
	}
	if m := match(q.Query); m != "" {
		w.and("(r.item_id IN (SELECT rowid FROM item_words WHERE item_words MATCH ?) OR instr(lower(r.code), lower(?)) > 0 OR instr(lower(r.name), lower(?)) > 0)", m, q.Query, q.Query)
	}
	if _, err := t.one(`SELECT count(*) FROM recipe r WHERE `+w.String(), w.args, &resp.Total); err != nil {
		return resp, err
	}
	limit, offset := core.PageSize(q.Limit), core.Offset(q.After)
	rows, err := list(t, `SELECT r.id, r.code, r.name, i.id, i.sku, i.name, i.name_hi, v.std_loss, v.tolerance,
		(SELECT count(*) FROM recipe_line l WHERE l.recipe_id = r.id AND l.version = r.version), r.active, r.version
		FROM recipe r JOIN item i ON i.id = r.item_id JOIN recipe_version v ON v.recipe_id = r.id AND v.version = r.version
		WHERE `+w.String()+` ORDER BY r.code_sort LIMIT ? OFFSET ?`, append(w.args, limit+1, offset),
		func(r *sql.Rows) (x recipe.Row, err error) {
			return x, r.Scan(&x.ID, &x.Code, &x.Name, &x.Item, &x.SKU, &x.ItemName, &x.ItemNameHi, &x.StdLoss, &x.Tolerance, &x.Lines, &x.Active, &x.Version)
		})
	resp.Recipes, resp.Next = page(rows, limit, offset)
	return resp, err
}

// Recipe reads a version of a recipe, 0 the current one.
func (t *Tx) Recipe(id recipe.ID, version int64) (x recipe.Recipe, err error) {
	ok, err := t.one(`SELECT r.id, v.code, v.name, i.id, i.sku, i.name, i.name_hi, v.std_loss, v.tolerance, v.note, v.active, v.version = r.version, v.version, v.updated_at, v.updated_by
		FROM recipe r JOIN item i ON i.id = r.item_id JOIN recipe_version v ON v.recipe_id = r.id AND v.version = CASE WHEN ?2 = 0 THEN r.version ELSE ?2 END
		WHERE r.id = ?1`, []any{id, version}, &x.ID, &x.Code, &x.Name, &x.Item, &x.SKU, &x.ItemName, &x.ItemNameHi, &x.StdLoss, &x.Tolerance, &x.Note, &x.Active, &x.Current,
		&x.Version, clock{&x.UpdatedAt}, &x.UpdatedBy)
	if err != nil {
		return x, err
	}
	if !ok {
		return x, core.NotFound("id", "There is no such recipe.")
	}
	x.Lines, err = list(t, `SELECT item_id, share FROM recipe_line WHERE recipe_id = ? AND version = ? ORDER BY line`, []any{id, x.Version},
		func(r *sql.Rows) (l recipe.Line, err error) { return l, r.Scan(&l.Item, &l.Share) })
	if err != nil {
		return x, err
	}
	x.ByProducts, err = list(t, `SELECT item_id, share FROM recipe_by_product WHERE recipe_id = ? AND version = ? ORDER BY line`, []any{id, x.Version},
		func(r *sql.Rows) (b recipe.ByProduct, err error) { return b, r.Scan(&b.Item, &b.Share) })
	return x, err
}

// RecipeByCode finds a recipe.
func (t *Tx) RecipeByCode(code string) (id recipe.ID, ok bool, err error) {
	ok, err = t.one(`SELECT id FROM recipe WHERE code = ?`, []any{code}, &id)
	return id, ok, err
}

// RecipesOf reads the active recipes that make an item.
func (t *Tx) RecipesOf(item core.ItemID) ([]recipe.Recipe, error) {
	ids, err := idsOf[recipe.ID](t, `SELECT id FROM recipe WHERE item_id = ? AND active ORDER BY id`, item)
	if err != nil {
		return nil, err
	}
	out := make([]recipe.Recipe, len(ids))
	for i, id := range ids {
		if out[i], err = t.Recipe(id, 0); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// InsertRecipe writes a new recipe in its first version.
func (t *Tx) InsertRecipe(x recipe.Recipe) (recipe.ID, error) {
	id, err := t.insert(`INSERT INTO recipe (code, code_sort, name, item_id, active, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		x.Code, core.SortKey(x.Code), x.Name, x.Item, x.Active, x.Version, instant(x.UpdatedAt), x.UpdatedBy)
	if err != nil {
		return 0, err
	}
	x.ID = recipe.ID(id)
	return x.ID, t.insertRecipeVersion(x)
}

// UpdateRecipe writes the next version of a recipe.
func (t *Tx) UpdateRecipe(x recipe.Recipe) error {
	if _, err := t.exec(`UPDATE recipe SET code = ?, code_sort = ?, name = ?, active = ?, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`,
		x.Code, core.SortKey(x.Code), x.Name, x.Active, x.Version, instant(x.UpdatedAt), x.UpdatedBy, x.ID); err != nil {
		return err
	}
	return t.insertRecipeVersion(x)
}

func (t *Tx) insertRecipeVersion(x recipe.Recipe) error {
	if _, err := t.exec(`INSERT INTO recipe_version (recipe_id, version, code, name, std_loss, tolerance, note, active, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		x.ID, x.Version, x.Code, x.Name, x.StdLoss, x.Tolerance, x.Note, x.Active, instant(x.UpdatedAt), x.UpdatedBy); err != nil {
		return err
	}
	for i, l := range x.Lines {
		if _, err := t.exec(`INSERT INTO recipe_line (recipe_id, version, line, item_id, share) VALUES (?, ?, ?, ?, ?)`, x.ID, x.Version, i+1, l.Item, l.Share); err != nil {
			return err
		}
	}
	for i, b := range x.ByProducts {
		if _, err := t.exec(`INSERT INTO recipe_by_product (recipe_id, version, line, item_id, share) VALUES (?, ?, ?, ?, ?)`, x.ID, x.Version, i+1, b.Item, b.Share); err != nil {
			return err
		}
	}
	return nil
}
