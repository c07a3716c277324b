package catalog

import (
	"fmt"
	"regexp"
	"slices"

	"masala/core"
	"masala/core/op"
)

// The operations on items.
var (
	ListItems  = op.Define[ListItemsReq, ListItemsResp]("catalog.list_items", op.Read, op.Operator, "Search and page through the items, with the quantity on hand.")
	GetItem    = op.Define[GetItemReq, Item]("catalog.get_item", op.Read, op.Operator, "Read one item.")
	SuggestSKU = op.Define[SuggestSKUReq, SuggestSKUResp]("catalog.suggest_sku", op.Read, op.Admin, "Propose the next free SKU of a type.")
	CreateItem = op.Define[CreateItemReq, Item]("catalog.create_item", op.Business, op.Admin, "Add an item to the catalogue.", op.Changes(Topic))
	UpdateItem = op.Define[UpdateItemReq, Item]("catalog.update_item", op.Business, op.Admin, "Change an item, or take it out of use.", op.Changes(Topic))
)

// ListItemsReq asks for a page of items.
type ListItemsReq struct {
	Query    string `json:"query,omitempty"` // words of SKU or name, Latin or Hindi
	Types    []Type `json:"types,omitempty"` // none = all
	Inactive bool   `json:"inactive,omitempty"`
	After    string `json:"after,omitempty"` // cursor of the page before
	Limit    int    `json:"limit,omitempty"` // at most 500, default 100
}

// ItemRow is an item in a list.
type ItemRow struct {
	Item
	OnHand core.Qty     `json:"on_hand"`
	GSTNow core.Percent `json:"gst_now"`
}

// ListItemsResp is a page of items; Next is the cursor of the page after, "" at
// the end.
type ListItemsResp struct {
	Items []ItemRow `json:"items"`
	Next  string    `json:"next,omitempty"`
	Total int       `json:"total"`
}

// GetItemReq names an item.
type GetItemReq struct {
	ID core.ItemID `json:"id"`
}

// SuggestSKUReq names a type.
type SuggestSKUReq struct {
	Type Type `json:"type"`
}

// SuggestSKUResp is a free SKU.
type SuggestSKUResp struct {
	SKU string `json:"sku"`
}

// CreateItemReq is a new item.
type CreateItemReq struct{ ItemFields }

// UpdateItemReq replaces the fields of an item that is still at Version (R35).
type UpdateItemReq struct {
	ID      core.ItemID `json:"id"`
	Version int64       `json:"version"`
	ItemFields
}

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	Items(q ListItemsReq, today core.Date) (ListItemsResp, error)
	Item(core.ItemID) (Item, error) // core.CodeNotFound
	ItemBySKU(sku string) (core.ItemID, bool, error)
	// CountsIn names a GRN or an order that counts an item in a unit, "" if none does.
	CountsIn(item core.ItemID, unit string) (string, error)
	LastSKU(prefix string) (int, error) // highest number used behind prefix
	InsertItem(Item) (core.ItemID, error)
	UpdateItem(Item) error
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, ListItems, func(c *op.Call, tx T, q ListItemsReq) (ListItemsResp, error) { return tx.Items(q, c.Today()) })
	op.Handle(r, GetItem, func(_ *op.Call, tx T, q GetItemReq) (Item, error) { return tx.Item(q.ID) })
	op.Handle(r, SuggestSKU, func(_ *op.Call, tx T, q SuggestSKUReq) (SuggestSKUResp, error) {
		if q.Type.SKUPrefix() == "" {
			return SuggestSKUResp{}, core.Invalid("type", "Choose the type of item first.")
		}
		n, err := tx.LastSKU(q.Type.SKUPrefix() + "-")
		return SuggestSKUResp{fmt.Sprintf("%s-%03d", q.Type.SKUPrefix(), n+1)}, err
	})
	op.Handle(r, CreateItem, func(c *op.Call, tx T, q CreateItemReq) (Item, error) { return create(c, tx, q) })
	op.Handle(r, UpdateItem, func(c *op.Call, tx T, q UpdateItemReq) (Item, error) { return update(c, tx, q) })
}

func create(c *op.Call, tx Store, q CreateItemReq) (Item, error) {
	if err := check(tx, Item{}, &q.ItemFields); err != nil {
		return Item{}, err
	}
	it := Item{ItemFields: q.ItemFields, Stamp: c.Stamp(1)}
	id, err := tx.InsertItem(it)
	if err != nil {
		return Item{}, err
	}
	it.ID = id
	c.Note("item "+it.SKU, nil, it)
	return it, nil
}

func update(c *op.Call, tx Store, q UpdateItemReq) (Item, error) {
	old, err := tx.Item(q.ID)
	if err != nil {
		return Item{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.ItemFields, q.ItemFields); err != nil {
		return Item{}, err
	}
	var bad core.Faults
	if old.InUse != "" {
		bad.Check(q.Type == old.Type, "type", "%s %s, so its type can no longer change.", old.Name, old.InUse.Words())
		bad.Check(q.Dimension == old.Dimension, "dimension", "%s %s, so it stays measured by %s.", old.Name, old.InUse.Words(), old.Dimension)
	}
	if err := unitsStay(tx, old, q.Units, &bad); err != nil {
		return Item{}, err
	}
	if err := bad.Merge("", check(tx, old, &q.ItemFields)); err != nil {
		return Item{}, err
	}
	if err := bad.Err(); err != nil {
		return Item{}, err
	}
	it := Item{ID: q.ID, ItemFields: q.ItemFields, InUse: old.InUse, Stamp: c.Stamp(old.Version + 1)}
	c.Note("item "+it.SKU, old, it)
	return it, tx.UpdateItem(it)
}

// unitsStay refuses to change or drop a unit in which a paper counts: it would say
// another weight than it said (R38).
func unitsStay(tx Store, old Item, units []ItemUnit, bad *core.Faults) error {
	for _, u := range old.Units {
		if slices.ContainsFunc(units, u.equals) {
			continue
		}
		paper, err := tx.CountsIn(old.ID, u.Code)
		if err != nil {
			return err
		}
		bad.Check(paper == "", "units", "%s counts %s by the %s, so the %[3]s stays as it is. Add another unit instead.", paper, old.Name, u.Code)
	}
	return nil
}

// hsn is the form of a heading, a subheading or a tariff item; eaten is that of one whose
// zero a sheet took for the beginning of a number.
var (
	hsn   = regexp.MustCompile(`^([0-9]{4}|[0-9]{6}|[0-9]{8})?$`)
	eaten = regexp.MustCompile(`^[1-9][0-9]{2}([0-9]{2}){0,2}$`)
)

// checkHSN leaves what older books hold as it is, written with or without its blanks.
func checkHSN(bad *core.Faults, old, code string) {
	switch {
	case code == plainHSN(old) || hsn.MatchString(code):
	case eaten.MatchString(code):
		bad.Add("hsn", "%s has %d digits, and an HSN code has 4, 6 or 8. Excel may have eaten the first zero: enter 0%[1]s if it is that.", code, len(code))
	default:
		bad.Add("hsn", "An HSN code is 4, 6 or 8 digits, for example 09109914. Correct it, or leave it empty.")
	}
}

// check judges what needs the books, or the item as it was: the SKU is free, the units the
// item is bought and issued in exist, and the HSN code and the measure are sound. Older books
// hold some that are not, so what stays as it was is not looked at.
func check(tx Store, old Item, f *ItemFields) error {
	var bad core.Faults
	other, taken, err := tx.ItemBySKU(f.SKU)
	if err != nil {
		return err
	}
	bad.Check(!taken || other == old.ID, "sku", "%s is already used by another item.", f.SKU)
	checkHSN(&bad, old.HSN, f.HSN)
	if old.InUse == "" && (f.Type != old.Type || f.Dimension != old.Dimension) { // else they are frozen
		checkMeasure(&bad, f)
	}
	if !f.Dimension.Valid() {
		return bad.Err() // then no unit is one of its own
	}
	for i, u := range f.Units {
		if slices.ContainsFunc(old.Units, u.equals) && f.Dimension == old.Dimension {
			continue
		}
		at := fmt.Sprintf("units[%d].code", i)
		bad.Check(!u.redefines(f.Dimension), at, "One %s is the same for every item. Give this unit another name, for example bag.", u.Code)
		for k, v := range f.Units {
			bad.Check(k == i || u.Code == v.Code || !sameUnit(u.Code, v.Code), at, "%s and %s are one name to most people. Give one of them another.", u.Code, v.Code)
		}
	}
	_, err = FindUnit(f, f.PurchaseUnit)
	bad.Check(err == nil, "purchase_unit", "Choose the unit %s is bought in.", f.Name)
	_, err = FindUnit(f, f.IssueUnit)
	bad.Check(err == nil, "issue_unit", "Choose the unit %s is issued in.", f.Name)
	return bad.Err()
}

// checkMeasure refuses items that could be bought and never used, or never made.
func checkMeasure(bad *core.Faults, f *ItemFields) {
	if by := f.Type.MeasuredBy(); by == "" || by == f.Dimension || !f.Dimension.Valid() {
		return
	}
	bad.Add("dimension", "%s", map[Type]string{
		Raw:      "Raw material goes into recipes by weight. Measure it by mass.",
		Bulk:     "Powder is ground and packed by weight. Measure it by mass.",
		Finished: "Finished goods are packed and sold in pieces. Measure them by pieces, and enter the weight of one.",
	}[f.Type])
}
