package sales

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/stock"
)

// Paper is what challan and invoice say and go on saying, whatever becomes of the
// records of customer, factory and items (R33).
type Paper struct {
	Document  core.DocumentID
	Invoice   string
	Consigner Address
	Consignee Address
	Lines     []Line
}

// ownState reports whether the goods stay in the state they come from (R32).
func (d Dispatch) ownState() bool { return d.Consigner.StateCode == d.Consignee.StateCode }

// confirm moves the goods of a draft out of stock, at the value of the lots they come
// from, and takes the next numbers of challan and invoice inside the commit, so that
// neither series has a gap (R31, R12).
func confirm(c *op.Call, tx Store, q ConfirmReq) (Dispatch, error) {
	d, err := open(c, tx, q.ID, q.Version, q, Draft)
	if err != nil {
		return Dispatch{}, err
	}
	lines, err := tx.DraftLines(d.ID)
	if err != nil {
		return Dispatch{}, err
	}
	var bad core.Faults
	o, err := orderFor(tx, d.Order, lines)
	if err := bad.Merge("", err); err != nil {
		return Dispatch{}, err
	}
	on, err := daysOf(c, tx, q, &bad)
	if err != nil {
		return Dispatch{}, err
	}
	reason, confirmed := o.Number, map[string]any{"state": Confirmed, "order": o.Number}
	if q.Reason != "" {
		reason += ": " + q.Reason
	}
	if q.LeftOn != 0 {
		reason += fmt.Sprintf(" (left on %s)", on.left)
		confirmed["left_on"], confirmed["reason"] = on.left, q.Reason
	}
	v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindDispatch, EffectiveOn: on.challan, LeftOn: on.left, LotField: "lines", Reason: reason, Party: o.Customer})
	if err != nil {
		return Dispatch{}, err
	}
	paper := Paper{Document: v.Posted().Document, Consigner: d.Consigner, Consignee: d.Consignee}
	if paper.Lines, err = take(c, tx, v, o, lines, d.ownState(), on, &bad); err != nil {
		return Dispatch{}, err
	}
	if paper.Invoice, err = stock.InvoiceNumbers.Take(tx, on.challan); err != nil {
		return Dispatch{}, err
	}
	if err := tx.MarkConfirmed(d.ID, paper, c.Stamp(d.Version+1)); err != nil {
		return Dispatch{}, err
	}
	_, totals := Sum(paper.Lines)
	confirmed["invoice"], confirmed["totals"] = paper.Invoice, totals
	c.Note("dispatch "+v.Number(), map[string]any{"state": d.State}, confirmed)
	if err := v.Post(); err != nil {
		return Dispatch{}, err
	}
	return tx.Dispatch(d.ID)
}

// days of a dispatch: that of its challan, by which it is numbered, taxed and posted, and that
// on which the goods left, by which a recall holds them back or does not (R30).
type days struct{ challan, left core.Date }

// daysOf judges the days of a request. Where that of the challan is wrong, the rest is judged
// by today.
func daysOf(c *op.Call, tx Store, q ConfirmReq, bad *core.Faults) (days, error) {
	day, err := stock.DayOf(c, tx, q.EffectiveOn, q.Reason, bad)
	if err != nil {
		return days{}, err
	}
	on := days{day, day}
	if q.LeftOn != 0 {
		on.left = q.LeftOn
		checkLeft(c, q, bad)
	}
	return on, inOrder(c, tx, day, bad)
}

// checkLeft: an Admin says on which day the goods left, and why that is not the day of their
// challan. Their order may be of a later day: after a power cut both are typed in at once.
func checkLeft(c *op.Call, q ConfirmReq, bad *core.Faults) {
	switch today := c.Today(); {
	case !c.IsAdmin():
		bad.Add("left_on", "Only an Admin may enter on which day the goods left.")
	case q.LeftOn > today:
		bad.Add("left_on", "%s lies in the future. Today is %s.", q.LeftOn, today)
	}
	bad.Check(q.Reason != "" || bad.Has("reason"), "reason", "Give the reason for the day on which the goods left.")
}

// inOrder: within a financial year the days of challans and invoices rise with their
// numbers, whoever typed a day (R31). One dated after today was made while the clock was
// ahead: it cannot be put right any more, and must not stop the sales until its day (R41).
func inOrder(c *op.Call, tx Store, day core.Date, bad *core.Faults) error {
	newest, err := tx.NewestChallan(day, c.Today())
	if err != nil || day >= newest {
		return err
	}
	bad.Add("effective_on", "There are challans of %s already, and the next number cannot be older. Choose that day or a later one; the day on which the goods left is entered beside it.", newest)
	return nil
}

// take chooses the lots of every line, by R25 or as overridden, and works its tax
// out; every fault is named.
func take(c *op.Call, tx Store, v *stock.Voucher, o Order, lines []DraftLine, ownState bool, on days, bad *core.Faults) ([]Line, error) {
	customer, err := tx.Party(o.Customer)
	if err != nil {
		return nil, err
	}
	var sold []Line
	for i, l := range lines {
		x, at := o.Items[l.OrderLine-1], fmt.Sprintf("lines[%d].", i)
		item, err := tx.Item(x.Item)
		if err != nil {
			return nil, err
		}
		bad.Check(item.Type == catalog.Finished, at+"order_line", "%s is no finished good, so it cannot be sold.", item.Name) // R31
		cells, err := tx.Allocatable(x.Item)
		if err != nil {
			return nil, err
		}
		want := want(c, o, customer, l.Qty, on)
		shares, suggested := stock.Choose(v.Left(cells), want, l.Override, bad, at)
		if len(l.Lots) == 0 {
			bad.Lack(suggested.Short == 0, at+"qty", "%s: need %s, available %s.%s", item.Name, l.Qty.String(item.Dimension), (l.Qty - suggested.Short).String(item.Dimension), suggested.Passed(want))
		}
		for _, s := range shares {
			if _, err := v.Take(x.Item, s.CellKey, s.Qty, stock.COGS); err != nil {
				return nil, err
			}
		}
		taxable, err := Taxable(x.Price, l.Qty, item.Dimension)
		if err != nil {
			return nil, err
		}
		rate := rateOf(&item.ItemFields, on.challan, bad, at+"item")
		line := Line{Line: i + 1, OrderLine: l.OrderLine, Item: x.Item, SKU: item.SKU, Name: item.Name, NameHi: item.NameHi, HSN: item.HSN,
			Dimension: item.Dimension, Qty: l.Qty, Unit: x.Unit, Price: x.Price, Lots: shares}
		if line.Tax, err = TaxOf(taxable, rate, ownState); err != nil {
			return nil, err
		}
		if len(l.Lots) > 0 {
			line.Override, line.Suggested = l.Reason, suggested.Shares
		}
		sold = append(sold, line)
	}
	return sold, bad.Err()
}
