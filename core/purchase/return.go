package purchase

import (
	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// ReturnGoods gives goods back to their supplier.
var ReturnGoods = op.Define[ReturnGoodsReq, stock.Posted]("purchase.return_goods", op.Business, op.Operator, "Return stock of a lot to its supplier, at the lot's value.", op.Changes(stock.Topic, stock.TopicDocuments))

// ReturnGoodsReq returns stock of one cell. Credit is what the supplier gives for it
// without GST; left empty it is taken as what the stock is worth. The difference is
// a price variance (R15).
type ReturnGoodsReq struct {
	stock.CellKey
	Qty    core.Qty    `json:"qty"`
	Credit *core.Paise `json:"credit,omitempty"`
	NoteNo string      `json:"note_no,omitempty"` // number of the debit note sent with the goods
	Reason string      `json:"reason"`

	EffectiveOn core.Date `json:"effective_on,omitempty"` // default today; an earlier day by R7
}

// Validate checks the request.
func (r *ReturnGoodsReq) Validate() error {
	var bad core.Faults
	r.NoteNo = core.Text(r.NoteNo)
	_ = bad.Merge("", r.CellKey.Validate())
	bad.Check(r.Qty > 0, "qty", "Enter a quantity above zero.")
	bad.Bound("qty", r.Qty)
	if r.Credit != nil {
		bad.Check(*r.Credit >= 0, "credit", "A credit cannot be negative.")
		bad.BoundMoney("credit", *r.Credit)
	}
	bad.Fit("note_no", r.NoteNo, 40)
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

func returnGoods(c *op.Call, tx Store, q ReturnGoodsReq) (stock.Posted, error) {
	lot, err := tx.Lot(q.Lot)
	if err != nil {
		return stock.Posted{}, err
	}
	if lot.Supplier == 0 {
		return stock.Posted{}, core.Invalid("lot", "%s did not come from a supplier.", lot.Number)
	}
	reason := q.Reason
	if q.NoteNo != "" {
		reason = q.NoteNo + ": " + reason
	}
	var bad core.Faults
	day, err := stock.DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return stock.Posted{}, err
	}
	cell, _, err := tx.Cell(q.CellKey)
	if err != nil {
		return stock.Posted{}, err
	}
	if cell.Qty < q.Qty {
		item, err := tx.ItemRef(lot.Item)
		if err != nil {
			return stock.Posted{}, err
		}
		bad.Lack(false, "qty", "%s: need %s, available %s.", lot.Number, q.Qty.String(item.Dimension), cell.Qty.String(item.Dimension))
	}
	if err := bad.Err(); err != nil {
		return stock.Posted{}, err
	}
	v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindPurchaseReturn, EffectiveOn: day, Reason: reason, Party: lot.Supplier, On: []core.DocumentID{lot.Source}})
	if err != nil {
		return stock.Posted{}, err
	}
	value, err := v.Take(lot.Item, q.CellKey, q.Qty, stock.Supplier)
	if err != nil {
		return stock.Posted{}, err
	}
	if q.Credit != nil && *q.Credit != value {
		gain := *q.Credit - value // the supplier owes more than the stock was worth
		contra := stock.CellKey{Lot: lot.ID}
		v.Move(stock.Movement{Account: stock.Supplier, Item: lot.Item, CellKey: contra, Value: gain},
			stock.Movement{Account: stock.Variance, Item: lot.Item, CellKey: contra, Value: -gain})
	}
	c.Note("lot "+lot.Number, nil, q)
	return v.Posted(), v.Post()
}
