package storage

import (
	"database/sql"
	"encoding/json"

	"masala/core"
	"masala/core/catalog"
)

const itemColumns = `i.id, i.sku, i.name, i.name_hi, i.type, i.subtype, i.dimension, i.purchase_unit, i.issue_unit, i.min_stock, i.shelf_life_months,
	i.qc_required, i.hsn, i.allergens, i.net_weight, i.active, i.version, i.updated_at, i.updated_by,
	coalesce((SELECT 'STOCK' FROM lot x WHERE x.item_id = i.id LIMIT 1),
		(SELECT 'recipe ' || x.code FROM recipe x WHERE x.item_id = i.id LIMIT 1),
		(SELECT 'recipe ' || x.code FROM recipe_line n JOIN recipe x ON x.id = n.recipe_id WHERE n.item_id = i.id LIMIT 1),
		(SELECT 'recipe ' || x.code FROM recipe_by_product n JOIN recipe x ON x.id = n.recipe_id WHERE n.item_id = i.id LIMIT 1),
		(SELECT 'packaging profile ' || x.code FROM profile_product n JOIN profile x ON x.id = n.profile_id WHERE n.item_id = i.id LIMIT 1),
		(SELECT 'packaging profile ' || x.code FROM profile_product n JOIN profile x ON x.id = n.profile_id WHERE n.powder_id = i.id LIMIT 1),
		(SELECT 'packaging profile ' || x.code FROM profile_component n JOIN profile x ON x.id = n.profile_id WHERE n.item_id = i.id LIMIT 1),
		(SELECT 'sales order ' || x.number FROM sales_order_line n JOIN sales_order x ON x.id = n.order_id WHERE n.item_id = i.id LIMIT 1),
		(SELECT 'purchase order ' || x.number FROM purchase_order_line n JOIN purchase_order x ON x.id = n.order_id WHERE n.item_id = i.id LIMIT 1), '')`

// listColumn scans a JSON list of strings.
type listColumn struct{ to *[]string }

// Scan implements sql.Scanner.
func (l listColumn) Scan(v any) error { return json.Unmarshal([]byte(v.(string)), l.to) }

func itemInto(i *catalog.Item) []any {
	return []any{&i.ID, &i.SKU, &i.Name, &i.NameHi, &i.Type, &i.Subtype, &i.Dimension, &i.PurchaseUnit, &i.IssueUnit, &i.MinStock, &i.ShelfLifeMonths,
		&i.QCRequired, &i.HSN, listColumn{&i.Allergens}, &i.NetWeight, &i.Active, &i.Version, clock{&i.UpdatedAt}, &i.UpdatedBy, &i.InUse}
}

// Items searches and pages through the catalogue by SKU.
func (t *Tx) Items(q catalog.ListItemsReq, today core.Date) (resp catalog.ListItemsResp, err error) {
	var w where
	in(&w, "i.type", q.Types)
	if !q.Inactive {
		w.and("i.active")
	}
	if m := match(q.Query); m != "" {
		w.and("i.id IN (SELECT rowid FROM item_words WHERE item_words MATCH ?)", m)
	}
	if _, err := t.one(`SELECT count(*) FROM item i WHERE `+w.String(), w.args, &resp.Total); err != nil {
		return resp, err
	}
	limit, offset := core.PageSize(q.Limit), core.Offset(q.After)
	rows, err := list(t, `SELECT `+itemColumns+`, coalesce(s.qty, 0) FROM item i LEFT JOIN item_stock s ON s.item_id = i.id
		WHERE `+w.String()+` ORDER BY i.sku_sort LIMIT ? OFFSET ?`, append(w.args, limit+1, offset),
		func(r *sql.Rows) (i catalog.ItemRow, err error) {
			return i, r.Scan(append(itemInto(&i.Item), &i.OnHand)...)
		})
	if err != nil {
		return resp, err
	}
	resp.Items, resp.Next = page(rows, limit, offset)
	for n := range resp.Items {
		i := &resp.Items[n]
		if err := t.itemLists(&i.Item); err != nil {
			return resp, err
		}
		i.GSTNow, _ = i.GSTOn(today)
	}
	return resp, nil
}

// Item reads one item, once in a transaction: the lines of a document name the same
// few items again and again.
func (t *Tx) Item(id core.ItemID) (i catalog.Item, err error) {
	if i, ok := t.items[id]; ok {
		return i, nil
	}
	ok, err := t.one(`SELECT `+itemColumns+` FROM item i WHERE i.id = ?`, []any{id}, itemInto(&i)...)
	if err != nil {
		return i, err
	}
	if !ok {
		return i, core.NotFound("id", "This item does not exist.")
	}
	if err := t.itemLists(&i); err != nil {
		return i, err
	}
	if t.items == nil {
		t.items = map[core.ItemID]catalog.Item{}
	}
	t.items[id] = i
	return i, nil
}

// itemLists reads what an item has many of.
func (t *Tx) itemLists(i *catalog.Item) (err error) {
	i.Units, err = list(t, `SELECT code, num, den FROM item_unit WHERE item_id = ? ORDER BY code`, []any{i.ID},
		func(r *sql.Rows) (u catalog.ItemUnit, err error) { return u, r.Scan(&u.Code, &u.Num, &u.Den) })
	if err != nil {
		return err
	}
	i.GST, err = list(t, `SELECT from_on, rate FROM item_gst WHERE item_id = ? ORDER BY from_on`, []any{i.ID},
		func(r *sql.Rows) (g catalog.GSTRate, err error) { return g, r.Scan(&g.From, &g.Rate) })
	return err
}

// ItemBySKU finds an item.
func (t *Tx) ItemBySKU(sku string) (id core.ItemID, ok bool, err error) {
	ok, err = t.one(`SELECT id FROM item WHERE sku = ?`, []any{sku}, &id)
	return id, ok, err
}

// CountsIn names a GRN or an order that counts an item in a unit.
func (t *Tx) CountsIn(item core.ItemID, unit string) (paper string, err error) {
	_, err = t.one(`SELECT coalesce((SELECT d.number FROM grn_line n JOIN document d ON d.id = n.document_id WHERE n.item_id = ?1 AND n.unit = ?2 LIMIT 1),
		(SELECT o.number FROM purchase_order_line n JOIN purchase_order o ON o.id = n.order_id WHERE n.item_id = ?1 AND n.unit = ?2 LIMIT 1),
		(SELECT o.number FROM sales_order_line n JOIN sales_order o ON o.id = n.order_id WHERE n.item_id = ?1 AND n.unit = ?2 LIMIT 1), '')`, []any{item, unit}, &paper)
	return paper, err
}

// LastSKU is the highest number used behind prefix, 0 when there is none.
func (t *Tx) LastSKU(prefix string) (n int, err error) {
	_, err = t.one(`SELECT coalesce(max(CAST(substr(sku, length(?1) + 1) AS INTEGER)), 0) FROM item WHERE substr(sku, 1, length(?1)) = ?1`, []any{prefix}, &n)
	return n, err
}

// InsertItem adds an item.
func (t *Tx) InsertItem(i catalog.Item) (core.ItemID, error) {
	allergens, err := json.Marshal(append([]string{}, i.Allergens...))
	if err != nil {
		return 0, err
	}
	id, err := t.insert(`INSERT INTO item (sku, sku_sort, name, name_hi, type, subtype, dimension, purchase_unit, issue_unit, min_stock, shelf_life_months,
		qc_required, hsn, allergens, net_weight, active, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		i.SKU, core.SortKey(i.SKU), i.Name, i.NameHi, i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.MinStock, i.ShelfLifeMonths,
		i.QCRequired, i.HSN, string(allergens), i.NetWeight, i.Active, i.Version, instant(i.UpdatedAt), i.UpdatedBy)
	if err != nil {
		return 0, err
	}
	i.ID = core.ItemID(id)
	return i.ID, t.putItemLists(i)
}

// UpdateItem writes all fields of an item.
func (t *Tx) UpdateItem(i catalog.Item) error {
	allergens, err := json.Marshal(append([]string{}, i.Allergens...))
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE item SET sku = ?, sku_sort = ?, name = ?, name_hi = ?, type = ?, subtype = ?, dimension = ?, purchase_unit = ?, issue_unit = ?,
		min_stock = ?, shelf_life_months = ?, qc_required = ?, hsn = ?, allergens = ?, net_weight = ?, active = ?, version = ?, updated_at = ?, updated_by = ?
		WHERE id = ?`,
		i.SKU, core.SortKey(i.SKU), i.Name, i.NameHi, i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.MinStock, i.ShelfLifeMonths,
		i.QCRequired, i.HSN, string(allergens), i.NetWeight, i.Active, i.Version, instant(i.UpdatedAt), i.UpdatedBy, i.ID)
	if err != nil {
		return err
	}
	return t.putItemLists(i)
}

// putItemLists replaces units, rates and search words of an item.
func (t *Tx) putItemLists(i catalog.Item) error {
	delete(t.items, i.ID)
	for _, table := range []string{`DELETE FROM item_unit WHERE item_id = ?`, `DELETE FROM item_gst WHERE item_id = ?`, `DELETE FROM item_words WHERE rowid = ?`} {
		if _, err := t.exec(table, i.ID); err != nil {
			return err
		}
	}
	for _, u := range i.Units {
		if _, err := t.exec(`INSERT INTO item_unit (item_id, code, num, den) VALUES (?, ?, ?, ?)`, i.ID, u.Code, u.Num, u.Den); err != nil {
			return err
		}
	}
	for _, g := range i.GST {
		if _, err := t.exec(`INSERT INTO item_gst (item_id, from_on, rate) VALUES (?, ?, ?)`, i.ID, g.From, g.Rate); err != nil {
			return err
		}
	}
	_, err := t.exec(`INSERT INTO item_words (rowid, sku, name, name_hi) VALUES (?, ?, ?, ?)`, i.ID, i.SKU, i.Name, i.NameHi)
	return err
}
