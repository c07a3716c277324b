package stock

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"masala/core"
	"masala/core/op"
)

// free refuses to move stock out of a lot that an open recall freezes (R30), on towards
// customers. Between the cells of one lot it may move: a frozen lot can still be put on
// hold. What a recall is there for may leave, too, by an Admin (R24): what is thrown away
// or goes back to the supplier; and books may follow what a count finds. And what had gone
// before the day of the recall has gone (Gone).
func (v *Voucher) free(bad *core.Faults) (recalls []string, err error) {
	if v.doc.Kind == KindAdjustment || v.doc.Kind == KindCount || v.doc.Kind == KindPurchaseReturn && v.call.IsAdmin() {
		return nil, nil
	}
	var gone Gone
	if slices.Contains(goesOn, v.doc.Kind) {
		gone = GoneOn(v.call, cmp.Or(v.doc.LeftOn, v.doc.EffectiveOn))
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
		if len(marks) == 0 {
			continue
		}
		lot, err := v.tx.Lot(id)
		if err != nil {
			return nil, err
		}
		marks = slices.DeleteFunc(marks, func(m Mark) bool { return gone.before(m.OpenedAt) && gone.holds(lot.BornOn) })
		if len(marks) == 0 {
			continue
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

// goesOn are the kinds of documents by which stock goes on towards customers: into the
// mill, into packs, to a customer. What is born of it while a recall is open is born frozen.
var goesOn = []DocumentKind{KindIssue, KindPacking, KindDispatch}

// Gone is a day that is over, on which stock went that is entered now. Of lots which a
// recall has frozen since, an Admin enters it (R30): the goods are gone, and the recall has to
// find them. The zero Gone opens nothing.
type Gone struct {
	on   core.Date
	over time.Time
}

// GoneOn is what the caller may enter as gone on a day. Today is not over, whatever a recall
// says that was opened while the clock was ahead.
func GoneOn(c *op.Call, day core.Date) Gone {
	if !c.IsAdmin() || day >= c.Today() {
		return Gone{}
	}
	return Gone{day, day.AddDays(1).In(c.Zone)}
}

// before: the day was over when the recall was opened.
func (g Gone) before(recall time.Time) bool { return g.on != 0 && !recall.Before(g.over) }

// holds: a lot that was born on a day was there.
func (g Gone) holds(born core.Date) bool { return born <= g.on }

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
