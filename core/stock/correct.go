package stock

import (
	"errors"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
)

// adjust corrects one cell (R16).
func adjust(c *op.Call, tx Store, q AdjustReq) (Posted, error) {
	lot, err := tx.Lot(q.Lot)
	if err != nil {
		return Posted{}, err
	}
	var bad core.Faults
	if q.EffectiveOn != 0 {
		if err := bad.Merge("", CheckDate(c, tx, "effective_on", q.EffectiveOn, "note", q.Note)); err != nil {
			return Posted{}, err
		}
		bad.Check(bad.Len() > 0 || q.EffectiveOn >= lot.BornOn, "effective_on", "%s was received on %s. Choose that day or a later one.", lot.Number, lot.BornOn)
	}
	value, err := correctionValue(tx, lot, q.CellKey, q.Qty, q.Value)
	if err := bad.Merge("", err); err != nil {
		return Posted{}, err
	}
	if err := bad.Err(); err != nil {
		return Posted{}, err
	}
	reason := q.Reason
	if q.Note != "" {
		reason += ": " + q.Note
	}
	v, err := Begin(c, tx, Document{Kind: KindAdjustment, EffectiveOn: q.EffectiveOn, Reason: reason})
	if err != nil {
		return Posted{}, err
	}
	v.correct(lot, q.CellKey, q.Qty, value)
	now, _, err := v.Holding(q.CellKey)
	if err != nil {
		return Posted{}, err
	}
	c.Note("lot "+lot.Number, map[string]any{"qty": now - q.Qty}, struct {
		AdjustReq
		Now core.Qty `json:"now"`
	}{q, now})
	return v.Posted(), v.Post()
}

// correct moves delta between a cell and the adjustment account.
func (v *Voucher) correct(lot Lot, key CellKey, delta core.Qty, value core.Paise) {
	v.Move(Movement{Account: InStock, Item: lot.Item, CellKey: key, Qty: delta, Value: value},
		Movement{Account: Adjustment, Item: lot.Item, CellKey: CellKey{Lot: lot.ID}, Qty: -delta, Value: -value})
}

// correctionValue is what delta is worth in the cell: a shortage takes value by
// R10; an excess enters at the lot's rate, or at given where the lot is empty (R16).
func correctionValue(tx Store, lot Lot, key CellKey, delta core.Qty, given *core.Paise) (core.Paise, error) {
	cells, err := tx.CellsOfLot(lot.ID)
	if err != nil {
		return 0, err
	}
	var here, all Cell
	for _, cell := range cells {
		if cell.CellKey == key {
			here = cell
		}
		all.Qty += cell.Qty
		all.Value += cell.Value
	}
	switch {
	case delta < 0 && here.Qty < -delta:
		item, err := tx.ItemRef(lot.Item)
		if err != nil {
			return 0, err
		}
		e := core.Invalid("qty", "%s: need %s, available %s.", lot.Number, (-delta).String(item.Dimension), here.Qty.String(item.Dimension))
		e.Code = core.CodeInsufficientStock
		return 0, e
	case delta < 0:
		value, err := here.Value.Share(-delta, here.Qty)
		return -value, err
	case all.Qty > 0:
		if given != nil {
			return 0, core.Invalid("value", "%s still has stock, so the excess enters at its rate. Leave the value empty.", lot.Number)
		}
		n, err := core.MulDiv(int64(all.Value), int64(delta), int64(all.Qty))
		if err != nil || core.Paise(n) > core.MaxPaise {
			return 0, core.Invalid("qty", "At the rate of %s this excess is worth too much. Check the quantity.", lot.Number).Because(err)
		}
		return core.Paise(n), nil
	case given == nil:
		return 0, core.Invalid("value", "%s is empty, so it has no rate. Enter what the excess is worth.", lot.Number)
	}
	return *given, nil
}

// changeStatus moves stock of a lot from one status to another (R24).
func changeStatus(c *op.Call, tx Store, q ChangeStatusReq, from, to Status) (Posted, error) {
	lot, err := tx.Lot(q.Lot)
	if err != nil {
		return Posted{}, err
	}
	source := CellKey{lot.ID, q.Segment, from}
	cell, _, err := tx.Cell(source)
	if err != nil {
		return Posted{}, err
	}
	qty := q.Qty
	if qty == 0 {
		qty = cell.Qty
	}
	if cell.Qty == 0 || cell.Qty < qty {
		item, err := tx.ItemRef(lot.Item)
		if err != nil {
			return Posted{}, err
		}
		e := core.Invalid("qty", "%s has %s %s, not %s.", lot.Number, cell.Qty.String(item.Dimension), word(from), max(qty, 1).String(item.Dimension))
		if cell.Qty == 0 {
			e = core.Invalid("lot", "%s has no stock %s.", lot.Number, word(from))
		}
		e.Code = core.CodeInsufficientStock
		return Posted{}, e
	}
	value, err := cell.Value.Share(qty, cell.Qty)
	if err != nil {
		return Posted{}, err
	}
	v, err := Begin(c, tx, Document{Kind: KindStatus, Reason: q.Reason})
	if err != nil {
		return Posted{}, err
	}
	v.Move(Movement{Account: InStock, Item: lot.Item, CellKey: source, Qty: -qty, Value: -value},
		Movement{Account: InStock, Item: lot.Item, CellKey: CellKey{lot.ID, q.Segment, to}, Qty: qty, Value: value})
	c.Note("lot "+lot.Number, map[string]any{"status": from, "qty": qty}, map[string]any{"status": to, "qty": qty, "reason": q.Reason})
	return v.Posted(), v.Post()
}

func word(s Status) string {
	return map[Status]string{Hold: "on hold", Released: "released", Rejected: "rejected"}[s]
}

// reverse writes the mirror of a document: the exact quantities, values and edges,
// negative, dated today (R9). What comes back into stock does so by BackTo (R24).
func reverse(c *op.Call, tx Store, q ReverseReq) (Posted, error) {
	doc, err := tx.Document(q.Document)
	if err != nil {
		return Posted{}, err
	}
	if doc.Kind == KindReversal {
		return Posted{}, core.Invalid("document", "%s is itself a reversal. Post the document again instead.", doc.Number)
	}
	if by, done, err := tx.ReversalOf(doc.ID); err != nil || done {
		if done {
			err = core.Errorf(core.CodeConflict, "%s was already cancelled by %s.", doc.Number, by)
		}
		return Posted{}, err
	}
	if err := newestFirst(tx, doc); err != nil {
		return Posted{}, err
	}
	rows, err := tx.RowsOf(doc.ID)
	if err != nil {
		return Posted{}, err
	}
	edges, err := tx.EdgesOf(doc.ID)
	if err != nil {
		return Posted{}, err
	}
	reason, err := Correcting(tx, doc.EffectiveOn, q.Reason)
	if err != nil {
		return Posted{}, err
	}
	v, err := Begin(c, tx, Document{Kind: KindReversal, LotField: "document", Reason: reason, Party: doc.Party, Reverses: doc.ID})
	if err != nil {
		return Posted{}, err
	}
	took := map[core.LotID]core.Qty{} // out of stock, so that it comes back
	for _, r := range rows {
		if r.Account == InStock {
			took[r.Lot] -= r.Qty
		}
	}
	// Outward first would be wrong for nobody, inward first is needed: a mirrored
	// status change must fill the cell it empties again.
	for _, inward := range []bool{true, false} {
		for _, r := range rows {
			if (r.Qty < 0 || r.Qty == 0 && r.Value < 0) == inward {
				m := r.Movement
				m.Qty, m.Value = -m.Qty, -m.Value
				if m.Account == InStock && m.Qty > 0 && took[m.Lot] > 0 {
					if m.CellKey, err = v.BackTo(m.CellKey, doc.ID); err != nil {
						return Posted{}, err
					}
				}
				v.Move(m)
			}
		}
	}
	for _, e := range edges {
		v.From(Edge{e.Child, e.Parent, -e.Qty, -e.Value})
	}
	names, err := tx.AuditedAs(doc.ID)
	if err != nil {
		return Posted{}, err
	}
	own := string(doc.Kind) + " " + doc.Number
	for _, name := range append([]string{own}, slices.DeleteFunc(names, func(n string) bool { return n == own })...) {
		c.Note(name, map[string]any{"kind": doc.Kind, "number": doc.Number, "effective_on": doc.EffectiveOn, "reason": doc.Reason}, q)
	}
	if err := v.Post(); err != nil {
		return Posted{}, inTheWay(tx, doc, err)
	}
	return v.Posted(), nil
}

// newestFirst refuses to cancel a document under those that stand on it. A price
// correction was shared out by where the stock was (R14), so it and what moves that stock
// go newest first: what came back from under a correction would come at other costs than
// the stock beside it, and a correction would leave stock that is somewhere else by now.
func newestFirst(tx Store, doc Document) error {
	on, err := tx.StandingOn(doc.ID)
	if err != nil {
		return err
	}
	across, why, then := tx.CorrectionsOver, "the price of the stock it moved was corrected since", "Cancel those first."
	switch doc.Kind {
	case KindAdjustment, KindCount: // a wrong return is the customer's or the supplier's account, too
		then = "Cancel those first, or correct it by an adjustment."
	case KindPriceCorrection:
		across, why, then = tx.MovedSince, "the stock whose price it corrects has moved since", "Cancel those first, or post a note of the opposite amount instead."
	}
	crossed, err := across(doc.ID)
	if err != nil {
		return err
	}
	if len(on) > 0 {
		why = "these stand on it"
	}
	for _, number := range crossed {
		if !slices.Contains(on, number) {
			on = append(on, number)
		}
	}
	if len(on) == 0 {
		return nil
	}
	return core.Errorf(core.CodeConflict, "%s cannot be cancelled, because %s: %s. %s", doc.Number, why, strings.Join(on, ", "), then).With("documents", on)
}

// inTheWay explains a refused reversal by the documents that used its stock. A recall
// in the way is named as it is: no other document can be cancelled around it.
func inTheWay(tx Store, doc Document, refusal error) error {
	code := core.CodeOf(refusal)
	var e *core.Error
	if code != core.CodeInsufficientStock && code != core.CodeConflict || errors.As(refusal, &e) && e.Args["recalls"] != nil {
		return refusal
	}
	users, err := tx.DocumentsInTheWay(doc.ID)
	switch {
	case err != nil:
		return err
	case len(users) == 0: // what it needs back was returned to another status (R24)
		return core.Errorf(core.CodeConflict, "%s cannot be cancelled, because some of its stock came back on hold. Release it first.", doc.Number).Because(refusal)
	}
	return core.Errorf(core.CodeConflict, "%s cannot be cancelled, because its stock was used by: %s. Cancel those first.",
		doc.Number, strings.Join(users, ", ")).With("documents", users).Because(refusal)
}
