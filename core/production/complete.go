package production

import (
	"fmt"
	"slices"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/recipe"
	"masala/core/stock"
)

// complete moves everything in process into the powder and its by-products, to the
// paisa (R19, R20, R21).
func complete(c *op.Call, tx Store, q CompleteReq) (Batch, error) {
	h, err := open(c, tx, q.ID, q.Version, q, Running)
	if err != nil {
		return Batch{}, err
	}
	r, err := tx.Recipe(h.Recipe, h.RecipeVersion)
	if err != nil {
		return Batch{}, err
	}
	var bad core.Faults
	if err := bad.Merge("", allTyped(tx, h, r)); err != nil {
		return Batch{}, err
	}
	wip, err := tx.InProcess(h.ID)
	if err != nil {
		return Batch{}, err
	}
	m, err := weigh(c, q, r, wip)
	if err := bad.Merge("", err); err != nil && bad.Len() == 0 {
		return Batch{}, err
	}
	day, err := stock.DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return Batch{}, err
	}
	items, err := outputs(tx, h, &q, day)
	if err := bad.Merge("", err); err != nil {
		return Batch{}, err
	}
	if err := bad.Err(); err != nil {
		return Batch{}, err
	}
	// From here on what is refused may depend on values, so only an Admin meets it (R37).
	if err := m.value(q, wip); err != nil {
		return Batch{}, err
	}
	on, err := tx.MadeOf(h.ID)
	if err != nil {
		return Batch{}, err
	}
	v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindProduction, EffectiveOn: day, Reason: q.about(h.Number), On: on})
	if err != nil {
		return Batch{}, err
	}
	done := Completion{Document: v.Posted().Document, Input: m.input, InputValue: m.worth, Loss: m.loss, GainReason: q.GainReason, Expensed: m.abnormal, Expense: m.expense, Waste: q.Waste}
	into := stock.Conversion
	if len(items) == 0 { // wholly lost: nothing becomes of it, so the loss is that of its lots
		into = stock.Loss
	}
	for _, w := range wip {
		contra := stock.CellKey{Lot: w.Lot}
		v.Move(stock.Movement{Account: stock.WIP, Item: w.Item, CellKey: contra, Qty: -w.Qty, Value: -w.Value},
			stock.Movement{Account: into, Item: w.Item, CellKey: contra, Qty: w.Qty, Value: w.Value})
	}
	of := make([]core.LotID, len(wip))
	for i, w := range wip {
		of[i] = w.Lot
	}
	for i, out := range items {
		lot, err := v.NewLot(stock.Lot{Item: out.item.ID, MfgOn: day, ExpiryOn: out.expiry}, of...)
		if err != nil {
			return Batch{}, err
		}
		key := stock.CellKey{Lot: lot.ID, Segment: core.Regular, Status: stock.Released}
		if out.item.QCRequired {
			key.Status = stock.Hold
		}
		v.Put(out.item.ID, key, out.qty, m.values[i], stock.Conversion)
		if i == 0 && (m.loss != 0 || m.expense != 0) { // the loss is the powder's
			contra := stock.CellKey{Lot: lot.ID}
			v.Move(stock.Movement{Account: stock.Loss, Item: out.item.ID, CellKey: contra, Qty: m.loss, Value: m.expense},
				stock.Movement{Account: stock.Conversion, Item: out.item.ID, CellKey: contra, Qty: -m.loss, Value: -m.expense})
		}
		for p, w := range wip {
			v.From(stock.Edge{Child: lot.ID, Parent: w.Lot, Qty: m.edges[i][p].qty, Value: m.edges[i][p].value})
		}
		done.Outputs = append(done.Outputs, Output{Item: out.item.ID, Lot: lot.ID, Qty: out.qty, Status: key.Status})
	}
	done.Values = m.values[:len(items)]
	if err := tx.InsertCompletion(h.ID, done); err != nil {
		return Batch{}, err
	}
	if err := tx.MarkChanged(h.ID, c.Stamp(h.Version+1)); err != nil {
		return Batch{}, err
	}
	c.Note("batch "+h.Number, map[string]any{"state": h.State}, q)
	if err := v.Post(); err != nil {
		return Batch{}, err
	}
	return get(c, tx, h.ID)
}

// allTyped blocks a completion while a line of the card is blank (R22).
func allTyped(tx Store, h Head, r recipe.Recipe) error {
	typed, err := tx.TypedOf(h.ID)
	if err != nil {
		return err
	}
	known := map[int]bool{}
	for _, t := range typed {
		known[t.Line] = true
	}
	var blank core.Faults
	for i, l := range r.Lines {
		if known[i+1] {
			continue
		}
		item, err := tx.ItemRef(l.Item)
		if err != nil {
			return err
		}
		blank.Add(fmt.Sprintf("card[%d].actual", i), "%s: type the weight that was used, 0 if none.", item.Name)
	}
	return blank.Err()
}

// mass is a completion while it is worked out: masses, values, and what each output
// takes of each lot in process.
type mass struct {
	input    core.Qty
	worth    core.Paise
	outs     []core.Qty     // the powder first
	shares   []core.Percent // of the value, by the by-products
	loss     core.Qty
	abnormal core.Qty
	values   []core.Paise
	expense  core.Paise
	edges    [][]part // per output, per lot in process
}

type part struct {
	qty   core.Qty
	value core.Paise
}

// weigh is R19: loss is input less output, weighed waste is a part of it, and more out
// than in needs an Admin and a reason. It looks at weights alone; what only an Admin may
// do with values is refused here.
func weigh(c *op.Call, q CompleteReq, r recipe.Recipe, wip []InProcess) (*mass, error) {
	m := &mass{outs: []core.Qty{q.Output}}
	for _, w := range wip {
		m.input += w.Qty
	}
	var bad core.Faults
	if m.input == 0 {
		return nil, core.Errorf(core.CodeInvalid, "Nothing was issued to this batch. Cancel it instead.")
	}
	out, waste := q.Output, core.Qty(0)
	for i, b := range q.ByProducts {
		m.outs = append(m.outs, b.Qty)
		out += b.Qty
		bad.Check(b.NRV == 0 || c.IsAdmin(), fmt.Sprintf("by_products[%d].nrv", i), "Only an Admin may give a by-product a value in rupees. Leave it empty.")
	}
	m.share(c, q, r, &bad)
	bad.Check(out-q.Output <= m.input, "by_products", "The by-products weigh more than the %s that went in.", m.input.String(core.Mass))
	for _, w := range q.Waste {
		waste += w.Qty
	}
	m.loss = m.input - out
	switch {
	case m.loss < 0 && !c.IsAdmin():
		bad.Add("output", "%s went in and %s came out. Check the weights, or ask an Admin to complete it with a reason.", m.input.String(core.Mass), out.String(core.Mass))
	case m.loss < 0:
		bad.Check(q.GainReason != "", "gain_reason", "%s went in and %s came out. Give the reason, for example moisture gain.", m.input.String(core.Mass), out.String(core.Mass))
	default:
		bad.Check(q.GainReason == "", "gain_reason", "Nothing was gained, so there is no reason to give.")
	}
	bad.Check(waste <= max(m.loss, 0), "waste", "The waste is %s, but only %s were lost.", waste.String(core.Mass), max(m.loss, 0).String(core.Mass))
	bad.Check(!q.Expense || c.IsAdmin(), "expense", "Only an Admin may expense an abnormal loss.")
	switch {
	case q.Output == 0: // the standard loss, too, has no powder to bear it
		m.abnormal = m.loss
	case q.Expense:
		normal, _, err := core.MulDivFloor(int64(m.input), int64(r.StdLoss), int64(core.Whole))
		if err != nil {
			return nil, err
		}
		m.abnormal = max(0, m.loss-core.Qty(normal))
		bad.Check(m.abnormal > 0, "expense", "The loss is within the standard of %s, so there is nothing to expense.", r.StdLoss)
	}
	return m, bad.Err()
}

// share tells what part of the value each by-product takes: a fixed one, by the recipe.
// Who weighs does not decide where the cost goes; an Admin may (R20).
func (m *mass) share(c *op.Call, q CompleteReq, r recipe.Recipe, bad *core.Faults) {
	sum, taken := core.Percent(0), map[core.ItemID]bool{}
	for i, b := range q.ByProducts {
		at, fixed, share := fmt.Sprintf("by_products[%d].", i), core.Percent(0), core.Percent(0)
		if n := slices.IndexFunc(r.ByProducts, func(x recipe.ByProduct) bool { return x.Item == b.Item }); n >= 0 {
			fixed = r.ByProducts[n].Share
		}
		switch {
		case b.Share != nil && c.IsAdmin():
			share = *b.Share
		case b.NRV == 0:
			share = fixed
			bad.Check(b.Share == nil || *b.Share == fixed, at+"share", "Only an Admin may change the share of the cost that a by-product takes. Leave it empty: the recipe gives it %s.", fixed)
			bad.Check(share == 0 || !taken[b.Item], at+"item", "This by-product is here twice, and its share is for all of it. Enter its weight once.")
			taken[b.Item] = true
		}
		m.shares, sum = append(m.shares, share), sum+share
	}
	bad.Check(sum <= core.Whole, "by_products", "The shares of the by-products are more than 100 %%.")
}

// value shares the value that went in. An expensed loss leaves first, with its share of
// the input (R21); of what it leaves by-products take theirs, and the powder the remainder
// (R20). Shares are rounded along their sum, so that rounding never takes more than there
// is: shares alone, which sum to 100 % at most, are never refused, only values in rupees.
func (m *mass) value(q CompleteReq, wip []InProcess) error {
	m.values = make([]core.Paise, len(m.outs))
	for _, w := range wip {
		m.worth += w.Value
	}
	rest := m.worth
	switch {
	case q.Output == 0:
		m.expense, rest = m.worth, 0
	case m.abnormal > 0:
		n, err := core.MulDiv(int64(m.worth), int64(m.abnormal), int64(m.input))
		if err != nil {
			return err
		}
		m.expense = core.Paise(n)
		rest -= m.expense
	}
	cost := rest // of what came out
	shares, shared := core.Percent(0), core.Paise(0)
	for i, b := range q.ByProducts {
		v := b.NRV
		if s := m.shares[i]; s > 0 {
			shares += s
			n, err := core.MulDiv(int64(cost), int64(shares), int64(core.Whole))
			if err != nil {
				return err
			}
			v, shared = core.Paise(n)-shared, core.Paise(n)
		}
		m.values[i+1] = v
		rest -= v
	}
	if rest < 0 {
		of := "the material that went in"
		if m.expense > 0 {
			of = "what the expensed loss leaves of the material"
		}
		return core.Invalid("by_products", "The by-products are worth more than %s. Lower their value.", of)
	}
	m.values[0] = rest
	if q.Output == 0 {
		return nil
	}
	return m.trace(wip)
}

// trace splits each lot in process over the outputs, so that what leaves every lot
// and what enters every output sum exactly (R29, R40). By-products share out of what is
// left of the lots, so that nothing is taken twice. The loss, expensed or not, is the
// powder's in quantity.
func (m *mass) trace(wip []InProcess) error {
	qty, worth := make([]core.Qty, len(wip)), make([]core.Paise, len(wip)) // left
	for p, w := range wip {
		qty[p], worth[p] = w.Qty, w.Value
	}
	take := func(q core.Qty, v core.Paise) ([]part, error) {
		parts := make([]part, len(wip))
		if q > 0 {
			qs, err := core.Split(q, qty)
			if err != nil {
				return nil, err
			}
			for p := range parts {
				parts[p].qty, qty[p] = qs[p], qty[p]-qs[p]
			}
		}
		if v > 0 {
			vs, err := core.Split(v, worth)
			if err != nil {
				return nil, err
			}
			for p := range parts {
				parts[p].value, worth[p] = vs[p], worth[p]-vs[p]
			}
		}
		return parts, nil
	}
	m.edges = make([][]part, len(m.outs))
	for i := 1; i < len(m.outs); i++ {
		var err error
		if m.edges[i], err = take(m.outs[i], m.values[i]); err != nil {
			return err
		}
	}
	if _, err := take(0, m.expense); err != nil {
		return err
	}
	main := make([]part, len(wip))
	for p := range wip {
		main[p] = part{qty[p], worth[p]}
	}
	m.edges[0] = main
	return nil
}

type outItem struct {
	item   catalog.Item
	qty    core.Qty
	expiry core.Date
}

// outputs reads the items that come out on a day and works their expiry out (R27).
func outputs(tx Store, h Head, q *CompleteReq, day core.Date) (out []outItem, err error) {
	var bad core.Faults
	add := func(at string, id core.ItemID, qty core.Qty, expiry core.Date) error {
		field := at + "item"
		if at == "" { // what the batch makes is not chosen here
			field = "output"
		}
		item, err := tx.Item(id)
		if core.CodeOf(err) == core.CodeNotFound {
			bad.Add(field, "Choose a by-product from the list.")
			return nil
		}
		if err != nil {
			return err
		}
		if expiry == 0 && item.ShelfLifeMonths > 0 {
			expiry = day.AddMonths(item.ShelfLifeMonths) - 1
		}
		bad.Check(item.Type == catalog.Raw || item.Type == catalog.Bulk, field, "%s is neither raw material nor powder.", item.Name)
		bad.Check(at == "" || id != h.Item, field, "%s is what this batch makes. Add it to the output.", item.Name)
		bad.Check(item.Dimension == core.Mass, field, "%s is not measured by mass.", item.Name)
		bad.Check(at == "" || item.Active, field, "%s is no longer in use.", item.Name)
		bad.Check(!item.NeedsExpiry() || expiry != 0, at+"expiry_on", "Enter the expiry date of %s.", item.Name)
		bad.Check(expiry == 0 || expiry >= day, at+"expiry_on", "%s has passed already.", expiry)
		out = append(out, outItem{item, qty, expiry})
		return nil
	}
	if q.Output == 0 {
		return nil, nil
	}
	if err := add("", h.Item, q.Output, q.ExpiryOn); err != nil {
		return nil, err
	}
	for i, b := range q.ByProducts {
		if err := add(fmt.Sprintf("by_products[%d].", i), b.Item, b.Qty, b.ExpiryOn); err != nil {
			return nil, err
		}
	}
	return out, bad.Err()
}
