package stock

import "masala/core"

// Aside is how one business day changed what is held of one lot outside the stores and
// may still come back: by a batch, of its material in process (WIP); by a customer, of
// goods that went with one dispatch (COGS), in quantity alone.
type Aside struct {
	Holder int64 // the batch, or the document of the dispatch
	Lot    core.LotID
	On     core.Date
	Qty    core.Qty
	Value  core.Paise
	Taken  core.DocumentID // the newest document that took from it on that day, 0 for none
}

// Timeline adds up what is held aside. Days come in order, lot by lot and holder by holder.
type Timeline struct{ sum Aside }

// Day takes the next day and tells what is held at its end, with the newest document that
// took from it until then, and whether that can be: never less than nothing, and no value
// without quantity (R5, R7, R20), as in a cell.
func (t *Timeline) Day(a Aside) (held Aside, ok bool) {
	if !a.follows(t.sum) {
		t.sum = Aside{}
	}
	a.Qty, a.Value, a.Taken = a.Qty+t.sum.Qty, a.Value+t.sum.Value, max(a.Taken, t.sum.Taken)
	t.sum = a
	return a, a.Qty >= 0 && a.Value >= 0 && (a.Qty > 0 || a.Value == 0)
}

func (a Aside) follows(b Aside) bool { return a.Holder == b.Holder && a.Lot == b.Lot }

// lasting refuses a document that takes what its batch or its customer did not have on its
// day, or has not on a later one, as the documents of those days and their reversals stand.
// It looks at rows that are written, and names the first day on which they may be.
func (v *Voucher) lasting() error {
	takes := map[Account]bool{}
	for _, m := range v.moves {
		switch m.Account {
		case WIP:
			takes[WIP] = takes[WIP] || m.Qty <= 0
		case COGS:
			takes[COGS] = takes[COGS] || m.Qty < 0
		}
	}
	var bad core.Faults
	for _, account := range []Account{WIP, COGS} {
		if !takes[account] {
			continue
		}
		days, err := v.tx.Aside(account, v.doc)
		if err != nil {
			return err
		}
		if err := v.lastingIn(account, days, &bad); err != nil {
			return err
		}
	}
	return bad.Err()
}

func (v *Voucher) lastingIn(account Account, days []Aside, bad *core.Faults) error {
	var t Timeline
	var short Aside
	var first core.Date
	for i, d := range days {
		held, ok := t.Day(d)
		if ok || d.On < v.doc.EffectiveOn { // what was so before is not for this document to mend
			continue
		}
		if i+1 == len(days) || !days[i+1].follows(d) {
			return core.Errorf(core.CodeConflict, "The value of this lot has changed since. Post a correction instead.")
		}
		if next := days[i+1].On; next > first {
			first, short = next, held
		}
	}
	if first == 0 {
		return nil
	}
	lot, err := v.tx.Lot(short.Lot)
	if err != nil {
		return err
	}
	switch {
	case account == COGS:
		v.misdated(bad, "Of %s less was with the customer on %s. Enter it for %s or later.", lot.Number, short.On, first)
	case short.Qty < 0:
		v.misdated(bad, "%s was not in process on %s. Enter it for %s or later.", lot.Number, short.On, first)
	default:
		v.misdated(bad, "A price correction of %s was in force on %s that was cancelled since. Enter it for %s or later.", lot.Number, short.On, first)
	}
	return nil
}
