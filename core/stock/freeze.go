package stock

import (
	"maps"
	"slices"
	"time"

	"masala/core"
	"masala/core/op"
)

// free refuses to move stock out of a lot that an open recall freezes (R30), on towards
// customers. Between the cells of one lot it may move: a frozen lot can still be put on
// hold. What a recall is there for may leave, too, by an Admin (R24): what is thrown away
// or goes back to the supplier; and books may follow what a count finds. And what left on
// a day before the recall has left: an Admin enters it, and the recall finds that customer.
func (v *Voucher) free(bad *core.Faults) (recalls []string, err error) {
	if v.doc.Kind == KindAdjustment || v.doc.Kind == KindCount || v.doc.Kind == KindPurchaseReturn && v.call.IsAdmin() {
		return nil, nil
	}
	out := map[core.LotID]core.Qty{}
	for key, h := range v.moved {
		out[key.Lot] += h.qty
	}
	for _, id := range slices.Sorted(maps.Keys(out)) {
		if out[id] >= 0 {
			continue
		}
		marks, err := v.tx.OpenRecalls(id)
		if err != nil {
			return nil, err
		}
		if v.doc.Kind == KindDispatch && v.call.IsAdmin() {
			end := EndOf(v.call, v.doc.EffectiveOn)
			marks = slices.DeleteFunc(marks, func(m Mark) bool { return !m.OpenedAt.Before(end) })
		}
		if len(marks) == 0 {
			continue
		}
		lot, err := v.tx.Lot(id)
		if err != nil {
			return nil, err
		}
		then, ok := map[DocumentKind]string{KindReversal: "Close the recall first.", KindPurchaseReturn: "An Admin may return it."}[v.doc.Kind]
		if !ok {
			then = "Close the recall first, or take another lot."
		}
		recalls = append(recalls, marks[0].Number)
		bad.Add(v.lotField(), "%s is frozen by recall %s. %s", lot.Number, marks[0].Number, then)
	}
	return recalls, nil
}

// EndOf is the instant at which a business day is over.
func EndOf(c *op.Call, day core.Date) time.Time { return day.AddDays(1).In(c.Zone) }

// freezeChildren hands the marks of frozen lots down to what is born from them: a
// recall may have come while its material was in production (R30).
func (v *Voucher) freezeChildren() error {
	if v.doc.Reverses != 0 {
		return nil
	}
	marks := map[core.LotID][]Mark{}
	for _, e := range v.edges {
		if e.Parent == 0 {
			continue
		}
		m, known := marks[e.Parent]
		if !known {
			var err error
			if m, err = v.tx.OpenRecalls(e.Parent); err != nil {
				return err
			}
			marks[e.Parent] = m
		}
		for _, mark := range m {
			if err := v.tx.FreezeLot(e.Child, mark); err != nil {
				return err
			}
		}
	}
	return nil
}
