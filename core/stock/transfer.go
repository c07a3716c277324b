package stock

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// TransferSegment moves stock of a lot to another market segment.
var TransferSegment = op.Define[TransferReq, Posted]("stock.transfer_segment", op.Business, op.Admin, "Move stock of a lot to another market segment, at its value.", op.Changes(Topic, TopicDocuments))

// TransferReq moves stock out of a cell into the cell of the same lot and status in
// segment To (R28).
type TransferReq struct {
	CellKey
	To     core.Segment `json:"to"`
	Qty    core.Qty     `json:"qty,omitempty"` // 0 = all of it
	Reason string       `json:"reason"`

	EffectiveOn core.Date `json:"effective_on,omitempty"` // default today; an earlier day by R7
}

// Validate checks the request.
func (r *TransferReq) Validate() error {
	var bad core.Faults
	r.CellKey.check(&bad)
	bad.Check(r.To.Valid(), "to", "Choose the segment it moves to: regular or online.")
	bad.Check(!r.To.Valid() || r.To != r.Segment, "to", "The stock is in this segment already.")
	bad.Check(r.Qty >= 0, "qty", "A quantity cannot be negative.")
	bad.Bound("qty", r.Qty)
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

func transferSegment(c *op.Call, tx Store, q TransferReq) (Posted, error) {
	lot, err := tx.Lot(q.Lot)
	if err != nil {
		return Posted{}, err
	}
	item, err := tx.ItemRef(lot.Item)
	if err != nil {
		return Posted{}, err
	}
	var bad core.Faults
	bad.Check(item.Type == catalog.Finished, "lot", "%s is no finished good. Only finished goods belong to a segment.", lot.Number)
	day, err := DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return Posted{}, err
	}
	cell, _, err := tx.Cell(q.CellKey)
	if err != nil {
		return Posted{}, err
	}
	if q.Qty == 0 {
		q.Qty = cell.Qty
	}
	bad.Lack(cell.Qty >= max(q.Qty, 1), "qty", "%s: need %s, available %s.", lot.Number, max(q.Qty, 1).String(item.Dimension), cell.Qty.String(item.Dimension))
	if err := bad.Err(); err != nil {
		return Posted{}, err
	}
	value, err := cell.Value.Share(q.Qty, cell.Qty)
	if err != nil {
		return Posted{}, err
	}
	v, err := Begin(c, tx, Document{Kind: KindTransfer, EffectiveOn: day, Reason: q.Reason})
	if err != nil {
		return Posted{}, err
	}
	to := q.CellKey
	to.Segment = q.To
	v.Move(Movement{Account: InStock, Item: lot.Item, CellKey: q.CellKey, Qty: -q.Qty, Value: -value},
		Movement{Account: InStock, Item: lot.Item, CellKey: to, Qty: q.Qty, Value: value})
	c.Note("lot "+lot.Number, map[string]any{"segment": q.Segment, "qty": cell.Qty}, q)
	return v.Posted(), v.Post()
}
