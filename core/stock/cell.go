package stock

import (
	"slices"

	"masala/core"
)

// Holding is what a cell holds once the document's movements so far are posted.
func (v *Voucher) Holding(key CellKey) (core.Qty, core.Paise, error) {
	cell, err := v.cell(key)
	if err != nil {
		return 0, 0, err
	}
	h := v.moved[key]
	return cell.Qty + h.qty, cell.Value + h.value, nil
}

// cell is a cell as it was before this document, until Post moves it; it is read once.
func (v *Voucher) cell(key CellKey) (*CellNow, error) {
	if c := v.cells[key]; c != nil {
		return c, nil
	}
	cell, newest, err := v.tx.Cell(key)
	if err != nil {
		return nil, err
	}
	c := &CellNow{cell, newest}
	v.cells[key] = c
	return c, nil
}

// Take moves q, above zero, of a cell to a contra account and returns what it is
// worth by R10. That the cell holds less is found by Post, which names every
// shortage.
func (v *Voucher) Take(item core.ItemID, key CellKey, q core.Qty, to Account) (core.Paise, error) {
	have, value, err := v.Holding(key)
	if err != nil {
		return 0, err
	}
	if q < have {
		if value, err = value.Share(q, have); err != nil {
			return 0, err
		}
	}
	v.Put(item, key, -q, -value, to)
	return value, nil
}

// Put moves q and value into a cell from a contra account; both may be negative, or
// either zero.
func (v *Voucher) Put(item core.ItemID, key CellKey, q core.Qty, value core.Paise, from Account) {
	v.Move(Movement{Account: InStock, Item: item, CellKey: key, Qty: q, Value: value},
		Movement{Account: from, Item: item, CellKey: CellKey{Lot: key.Lot}, Qty: -q, Value: -value})
}

// Left is what cells hold once the document's movements so far are posted, so that
// two lines of one document do not take the same stock.
func (v *Voucher) Left(cells []LotRow) []LotRow {
	left := make([]LotRow, len(cells))
	for i, c := range cells {
		c.Qty += v.moved[c.CellKey].qty
		left[i] = c
	}
	return left
}

// BackTo is the cell that stock comes back to which a document took from key: the same,
// but on HOLD where QC has since rejected stock of the lot, or holds some of it. What
// was away while the rest was judged is judged before it is used (R24).
func (v *Voucher) BackTo(key CellKey, taken core.DocumentID) (CellKey, error) {
	if key.Status != Released {
		return key, nil
	}
	since, err := v.tx.Decisions(key.Lot, taken)
	if err != nil || !slices.Contains(since, Hold) && !slices.Contains(since, Rejected) {
		return key, err
	}
	doubt := slices.Contains(since, Rejected) || since[len(since)-1] == Hold
	for _, segment := range []core.Segment{core.Regular, core.Online} {
		c, err := v.cell(CellKey{key.Lot, segment, Hold})
		if err != nil {
			return key, err
		}
		doubt = doubt || c.Qty > 0
	}
	if doubt {
		key.Status = Hold
	}
	return key, nil
}
