package production

import (
	"fmt"
	"maps"
	"slices"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/recipe"
	"masala/core/stock"
)

func plan(c *op.Call, tx Store, q PlanBatchReq) (Batch, error) {
	if q.On == 0 {
		q.On = c.Today()
	}
	var bad core.Faults
	r, err := tx.Recipe(q.Recipe, 0)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		bad.Add("recipe", "Choose a recipe from the list.")
	case err != nil:
		return Batch{}, err
	default:
		bad.Check(r.Active, "recipe", "%s is no longer in use. Choose another recipe.", r.Name)
	}
	bad.Check(q.On >= c.Today(), "on", "%s has passed. Today is %s.", q.On, c.Today())
	if err := bad.Err(); err != nil {
		return Batch{}, err
	}
	h := Head{Row: Row{Recipe: r.ID, Item: r.Item, Charge: q.Charge, On: q.On}, RecipeVersion: r.Version, Note: q.Note, Stamp: c.Stamp(1)}
	if h.Number, err = stock.BatchNumbers.Take(tx, c.Today()); err != nil {
		return Batch{}, err
	}
	id, err := tx.InsertBatch(h)
	if err != nil {
		return Batch{}, err
	}
	c.Note("batch "+h.Number, nil, q)
	return get(c, tx, id)
}

// open reads a batch that must be in one of the states, at the version seen.
func open(c *op.Call, tx Store, id ID, seen int64, yours any, states ...State) (Head, error) {
	h, err := tx.Batch(id)
	if err != nil {
		return h, err
	}
	if err := c.CheckVersion(h.Stamp, seen, map[string]any{"state": h.State, "issued": h.Issued}, yours); err != nil {
		return h, err
	}
	if !slices.Contains(states, h.State) {
		return h, core.Errorf(core.CodeConflict, "%s is %s. %s", h.Number, h.State.words(), h.State.next())
	}
	return h, nil
}

// start is refused while any ingredient is short; all are named (R23).
func start(c *op.Call, tx Store, q StartBatchReq) (Batch, error) {
	h, err := open(c, tx, q.ID, q.Version, q, Planned)
	if err != nil {
		return Batch{}, err
	}
	_, card, err := jobCard(c, tx, h)
	if err != nil {
		return Batch{}, err
	}
	var bad core.Faults
	day, err := stock.DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return Batch{}, err
	}
	for i, l := range card {
		if l.Usable >= l.Qty && day == c.Today() {
			continue
		}
		cells, err := tx.Allocatable(l.Item)
		if err != nil {
			return Batch{}, err
		}
		want := stock.Want{Segment: core.Regular, Qty: l.Qty, On: day}.By(c, day)
		have := stock.UsableByHand(cells, want)
		bad.Lack(have >= l.Qty, fmt.Sprintf("card[%d].qty", i), "%s: need %s, available %s.%s", l.Name, l.Qty.String(core.Mass), have.String(core.Mass), stock.Allocate(cells, want).Passed(want))
	}
	if err := bad.Err(); err != nil {
		return Batch{}, err
	}
	started := map[string]any{"state": Running}
	if day != c.Today() {
		started["effective_on"], started["reason"] = day, q.Reason
	}
	c.Note("batch "+h.Number, map[string]any{"state": Planned}, started)
	if err := tx.MarkStarted(h.ID, c.Stamp(h.Version+1)); err != nil {
		return Batch{}, err
	}
	return get(c, tx, h.ID)
}

// jobCard scales the recipe version of a batch.
func jobCard(c *op.Call, tx Store, h Head) (recipe.Recipe, []CardLine, error) {
	r, err := recipe.Read(tx, h.Recipe, h.RecipeVersion)
	if err != nil {
		return r, nil, err
	}
	scaled, err := recipe.Scale(h.Charge, r.Lines)
	if err != nil {
		return r, nil, err
	}
	card := make([]CardLine, len(r.Lines))
	for i, l := range r.Lines {
		n := recipe.Need{Item: l.Item, Qty: scaled[i]}
		if h.State == Planned || h.State == Running {
			if n, err = recipe.Stock(c, tx, l.Item, scaled[i], h.Number); err != nil {
				return r, nil, err
			}
		}
		n.Ingredient = r.Ingredients[i]
		card[i] = CardLine{Line: i + 1, Need: n}
	}
	return r, card, nil
}

// issue moves what was weighed from stock to WIP, by R25 or from the lots chosen.
func issue(c *op.Call, tx Store, q IssueReq) (Batch, error) {
	h, err := open(c, tx, q.ID, q.Version, q, Running)
	if err != nil {
		return Batch{}, err
	}
	r, err := tx.Recipe(h.Recipe, h.RecipeVersion)
	if err != nil {
		return Batch{}, err
	}
	var bad core.Faults
	typed, err := wanted(tx, h, r, q, &bad)
	if err != nil {
		return Batch{}, err
	}
	day, err := stock.DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return Batch{}, err
	}
	v, err := voucherFor(c, tx, stock.Document{Kind: stock.KindIssue, EffectiveOn: day, LotField: "lines", Reason: q.about(h.Number)}, typed)
	if err != nil {
		return Batch{}, err
	}
	for i := range typed {
		if err := typed[i].take(c, tx, v, day, &bad); err != nil {
			return Batch{}, err
		}
	}
	if err := bad.Err(); err != nil {
		return Batch{}, err
	}
	for _, t := range typed {
		if v != nil {
			t.Document = v.Posted().Document
		}
		if err := tx.InsertTyped(h.ID, t.Typed); err != nil {
			return Batch{}, err
		}
	}
	if err := tx.MarkChanged(h.ID, c.Stamp(h.Version+1)); err != nil {
		return Batch{}, err
	}
	c.Note("batch "+h.Number, nil, q)
	if v != nil {
		if err := v.Post(); err != nil {
			return Batch{}, err
		}
	}
	return get(c, tx, h.ID)
}

// voucherFor heads the issue, unless nothing but zeros was typed.
func voucherFor(c *op.Call, tx Store, d stock.Document, typed []weighed) (*stock.Voucher, error) {
	if !slices.ContainsFunc(typed, func(w weighed) bool { return w.Qty > 0 }) {
		return nil, nil
	}
	return stock.Begin(c, tx, d)
}

// weighed is a typed weight on its way.
type weighed struct {
	Typed
	name     string
	at       string
	override stock.Override
}

// wanted brings the lines of a request into one form and judges them against the
// card.
func wanted(tx Store, h Head, r recipe.Recipe, q IssueReq, bad *core.Faults) (out []weighed, err error) {
	before, err := tx.TypedOf(h.ID)
	if err != nil {
		return nil, err
	}
	done := map[int]bool{} // a zero that is in no document can be typed again
	for _, t := range before {
		done[t.Line] = t.Document != 0
	}
	for i, l := range q.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		if l.Line > len(r.Lines) {
			bad.Add(at+"line", "The job card has %d ingredients.", len(r.Lines))
			continue
		}
		if l.Line < 1 || l.Qty == nil { // Validate has said so
			continue
		}
		item, err := tx.ItemRef(r.Lines[l.Line-1].Item)
		if err != nil {
			return nil, err
		}
		faults := bad.Len()
		isIngredient(item, bad, at+"line")
		bad.Check(!done[l.Line], at+"line", "%s was issued already. Add what is missing as an extra ingredient, or cancel the issue.", item.Name)
		if bad.Len() > faults { // what it would take of the stock says nothing
			continue
		}
		out = append(out, weighed{Typed{Line: l.Line, Item: item.ID, Qty: *l.Qty, Reason: l.Reason, Override: len(l.Lots) > 0}, item.Name, at, l.Override})
	}
	for i, e := range q.Extras {
		at := fmt.Sprintf("extras[%d].", i)
		item, err := tx.ItemRef(e.Item)
		if core.CodeOf(err) == core.CodeNotFound {
			bad.Add(at+"item", "Choose an ingredient from the list.")
			continue
		}
		if err != nil {
			return nil, err
		}
		faults := bad.Len()
		isIngredient(item, bad, at+"item")
		if bad.Len() > faults {
			continue
		}
		out = append(out, weighed{Typed{Item: e.Item, Qty: e.Qty, Reason: e.Reason, Override: len(e.Lots) > 0}, item.Name, at, stock.Override{Lots: e.Lots, Reason: e.Reason}})
	}
	return out, nil
}

// isIngredient: what goes into a batch is weighed, whatever its master said when the
// recipe was written.
func isIngredient(item stock.ItemRef, bad *core.Faults, at string) {
	bad.Check(item.Type == catalog.Raw || item.Type == catalog.Bulk, at, "%s is neither raw material nor powder.", item.Name)
	bad.Check(item.Dimension == core.Mass, at, "%s is not measured by mass.", item.Name)
}

// take moves one typed weight to WIP.
func (w *weighed) take(c *op.Call, tx Store, v *stock.Voucher, day core.Date, bad *core.Faults) error {
	if w.Qty <= 0 { // Validate refuses one below zero
		return nil
	}
	cells, err := tx.Allocatable(w.Item)
	if err != nil {
		return err
	}
	want := stock.Want{Segment: core.Regular, Qty: w.Qty, On: day}.By(c, day)
	shares, suggested := stock.Choose(v.Left(cells), want, w.override, bad, w.at)
	if !w.Override {
		have := w.Qty - suggested.Short
		bad.Lack(suggested.Short == 0, w.at+"qty", "%s: need %s, available %s.%s", w.name, w.Qty.String(core.Mass), have.String(core.Mass), suggested.Passed(want))
	}
	w.Suggest = suggested.Shares
	for _, s := range shares {
		if _, err := v.Take(w.Item, s.CellKey, s.Qty, stock.WIP); err != nil {
			return err
		}
	}
	return nil
}

// cancel returns the material of a running batch to where it came from, at the value
// it left with (R20), or on HOLD where QC has doubts since (R24).
func cancel(c *op.Call, tx Store, q CancelReq) (Batch, error) {
	h, err := open(c, tx, q.ID, q.Version, q, Planned, Running)
	if err != nil {
		return Batch{}, err
	}
	var bad core.Faults
	day, err := stock.DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return Batch{}, err
	}
	if err := bad.Err(); err != nil {
		return Batch{}, err
	}
	cells, err := tx.TakenFrom(h.ID)
	if err != nil {
		return Batch{}, err
	}
	on, err := tx.MadeOf(h.ID)
	if err != nil {
		return Batch{}, err
	}
	var v *stock.Voucher
	for _, cell := range cells {
		if cell.Qty == 0 && cell.Value == 0 {
			continue
		}
		if v == nil {
			first, err := firstDay(tx, on)
			if err != nil {
				return Batch{}, err
			}
			reason, err := stock.Correcting(tx, first, h.Number+": "+q.Reason)
			if err != nil {
				return Batch{}, err
			}
			if v, err = stock.Begin(c, tx, stock.Document{Kind: stock.KindMaterialReturn, EffectiveOn: day, Reason: reason, On: on}); err != nil {
				return Batch{}, err
			}
		}
		key, err := v.BackTo(cell.CellKey, on[0]) // issues come oldest first
		if err != nil {
			return Batch{}, err
		}
		v.Put(cell.Item, key, cell.Qty, cell.Value, stock.WIP)
	}
	var doc core.DocumentID
	if v != nil {
		doc = v.Posted().Document
		if err := v.Post(); err != nil {
			return Batch{}, err
		}
	}
	c.Note("batch "+h.Number, map[string]any{"state": h.State}, q)
	if err := tx.MarkCancelled(h.ID, doc, q.Reason, c.Stamp(h.Version+1)); err != nil {
		return Batch{}, err
	}
	return get(c, tx, h.ID)
}

// firstDay is the earliest business day of documents; an issue may be entered late.
func firstDay(tx Store, docs []core.DocumentID) (first core.Date, err error) {
	for _, id := range docs {
		d, err := tx.Document(id)
		if err != nil {
			return 0, err
		}
		if first == 0 || d.EffectiveOn < first {
			first = d.EffectiveOn
		}
	}
	return first, nil
}

func get(c *op.Call, tx Store, id ID) (Batch, error) {
	v, err := read(c, tx, id)
	return v.Batch, err
}

// read puts a batch together from its record, its recipe and the ledger.
func read(c *op.Call, tx Store, id ID) (v ValuedBatch, err error) {
	h, err := tx.Batch(id)
	if err != nil {
		return v, err
	}
	r, card, err := jobCard(c, tx, h)
	if err != nil {
		return v, err
	}
	v.Batch = Batch{Row: h.Row, RecipeVersion: h.RecipeVersion, StdLoss: r.StdLoss, Tolerance: r.Tolerance, Note: h.Note, Card: card, Beside: []BesideLine{}, Extras: []ExtraLine{},
		StartedAt: h.StartedAt.UpdatedAt, StartedBy: h.StartedAt.UpdatedBy, Stamp: h.Stamp}
	if h.State == Cancelled { // one that runs again was cancelled once
		v.CancelReason = h.CancelReason
	}
	for i, b := range r.ByProducts {
		v.Beside = append(v.Beside, BesideLine{b, r.Beside[i]})
	}
	if v.Expected, err = recipe.Output(h.Charge, r.StdLoss); err != nil {
		return v, err
	}
	if v.Issues, err = tx.IssuedLots(id); err != nil {
		return v, err
	}
	if err := v.readTyped(tx, r.Allergens); err != nil {
		return v, err
	}
	wip, err := tx.InProcess(id)
	if err != nil {
		return v, err
	}
	for _, w := range wip {
		v.InputValue += w.Value
	}
	return v, v.readResult(tx)
}

// readTyped fills in the weights, and the allergens that the recipe, what was added and
// the lots that were issued bring (R22). A powder that was made has its own, see readResult.
func (v *ValuedBatch) readTyped(tx Store, allergens []string) error {
	all := map[string]bool{}
	for _, a := range allergens {
		all[a] = true
	}
	for _, x := range v.Issues {
		more, err := tx.LotAllergens(x.Lot)
		if err != nil {
			return err
		}
		for _, a := range more {
			all[a] = true
		}
	}
	typed, err := tx.TypedOf(v.ID)
	if err != nil {
		return err
	}
	for _, t := range typed {
		if t.Line > 0 {
			l, q := &v.Card[t.Line-1], t.Qty
			if l.Actual = &q; t.Override {
				l.Override, l.Suggested = t.Reason, t.Suggest
			}
			continue
		}
		item, err := tx.ItemRef(t.Item)
		if err != nil {
			return err
		}
		more, err := recipe.Allergens(tx, t.Item)
		if err != nil {
			return err
		}
		for _, a := range more {
			all[a] = true
		}
		extra := ExtraLine{Item: t.Item, SKU: item.SKU, Name: item.Name, Qty: t.Qty, Reason: t.Reason, Document: t.Document, Allergens: more}
		if t.Override {
			extra.Suggested = t.Suggest
		}
		v.Extras = append(v.Extras, extra)
	}
	v.Allergens = append([]string{}, slices.Sorted(maps.Keys(all))...)
	return nil
}

func (v *ValuedBatch) readResult(tx Store) error {
	done, ok, err := tx.CompletionOf(v.ID)
	if err != nil || !ok {
		return err
	}
	powder, worth := Output{}, core.Paise(0)
	if len(done.Outputs) > 0 {
		powder, worth = done.Outputs[0], done.Values[0]
		if v.Allergens, err = tx.LotAllergens(powder.Lot); err != nil {
			return err
		}
	}
	res := Result{Document: done.Document, Number: done.Number, On: done.On, Input: done.Input, Outputs: done.Outputs, Loss: done.Loss, Waste: done.Waste,
		Limit: v.StdLoss + v.Tolerance, GainReason: done.GainReason, Expensed: done.Expensed}
	res.Gain, res.Invisible = Unseen(done.Loss, done.Waste)
	res.LossShare, res.Yield = Share(done.Loss, done.Input), Share(powder.Qty, done.Input)
	res.Alert = Alarming(done.Loss, done.Input, res.Limit)
	v.Result, v.InputValue, v.OutputValues, v.ExpensedCost = &res, done.InputValue, done.Values, done.Expense
	if done.Loss > 0 {
		cost, err := core.MulDiv(int64(done.InputValue), int64(done.Loss), int64(done.Input))
		if err != nil {
			return err
		}
		v.LossCost = core.Paise(cost)
	}
	v.Rate, _ = core.Rate(worth, powder.Qty, core.Mass)
	return nil
}

// Unseen splits input less outputs (R19): what came out beyond the input, and what was
// lost without being weighed. Neither is negative.
func Unseen(loss core.Qty, waste []Waste) (gain, invisible core.Qty) {
	invisible = max(loss, 0)
	for _, w := range waste {
		invisible -= w.Qty
	}
	return max(-loss, 0), max(invisible, 0)
}

// Share is part of whole in 0.01 %, rounded half to even.
func Share(part, whole core.Qty) core.Percent {
	n, err := core.MulDiv(int64(part), int64(core.Whole), int64(whole))
	if err != nil {
		return 0
	}
	return core.Percent(n)
}

// Alarming reports whether loss is more than limit of input, exactly (R19).
func Alarming(loss, input core.Qty, limit core.Percent) bool {
	most, _, err := core.MulDivFloor(int64(input), int64(limit), int64(core.Whole))
	return err == nil && int64(loss) > most
}
