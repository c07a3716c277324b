package stock

import (
	"fmt"
	"slices"

	"masala/core"
)

// Pick is a part of a cell somebody chose by hand.
type Pick struct {
	CellKey
	Qty core.Qty `json:"qty"`
}

// Override replaces the lots that R25 suggests. It is kept with the suggestion.
type Override struct {
	Lots   []Pick `json:"lots,omitempty"` // none: as suggested
	Reason string `json:"reason,omitempty"`
}

// MaxPicks bounds one override.
const MaxPicks = 200

// Validate checks an override of q.
func (o *Override) Validate(q core.Qty) error {
	var bad core.Faults
	o.Reason = core.Text(o.Reason)
	bad.Fit("reason", o.Reason, core.MaxNote)
	if len(o.Lots) == 0 {
		return bad.Err()
	}
	bad.Check(o.Reason != "", "reason", "Say why other lots are taken than suggested.")
	bad.Check(len(o.Lots) <= MaxPicks, "lots", "Choose at most %d lots.", MaxPicks)
	sum, seen, tooMuch := core.Qty(0), map[CellKey]bool{}, false
	for i := range o.Lots {
		p, at := &o.Lots[i], fmt.Sprintf("lots[%d].", i)
		_ = bad.Merge(at, p.CellKey.Validate())
		bad.Check(p.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Bound(at+"qty", p.Qty)
		bad.Check(!seen[p.CellKey], at+"lot", "This lot is chosen already.")
		seen[p.CellKey] = true
		var err error
		if sum, err = core.Add(sum, max(p.Qty, 0)); err != nil {
			tooMuch = true
		}
	}
	bad.Check(!tooMuch && sum == q, "lots", "The chosen lots do not add up to the quantity.")
	return bad.Err()
}

// Words says it as people do, behind the number of the lot.
func (w Why) Words() string {
	return map[Why]string{WhyHold: "is on hold", WhyRejected: "is rejected", WhyFrozen: "is frozen by a recall", WhyLater: "came in or changed after that day",
		WhyExpired: "has expired", WhyShortLife: "expires too soon for this customer", WhyRecalled: "was recalled after that day; if it left before, choose it by hand", WhySegment: "lies in the other segment"}[w]
}

// ifGone tells an Admin what to do about a frozen lot beside closing the recall.
const ifGone = "If it left before the day of the recall, enter the day on which it left and the reason."

// Says is the rest of the sentence about a lot that cannot serve w.
func (w Want) Says(why Why) string {
	if why == WhyFrozen && w.Admin {
		return why.Words() + ". " + ifGone
	}
	return why.Words() + "."
}

// Choose takes the lots of an override, or those that R25 suggests for w; Suggested is
// what it suggests in any case. Chosen lots that cannot be used, or hold less than is
// taken, are added to bad under at. A lot that expires too soon for the customer goes when
// an Admin chose it and said why (R25), and so does one that left before it was recalled
// (R30). Without an override the shares fall short by Suggested.Short.
func Choose(cells []LotRow, w Want, o Override, bad *core.Faults, at string) (shares []Share, suggested Allocation) {
	suggested = Allocate(cells, w)
	if len(o.Lots) == 0 {
		return suggested.Shares, suggested
	}
	for i, p := range o.Lots {
		field := fmt.Sprintf("%slots[%d].lot", at, i)
		n := slices.IndexFunc(cells, func(c LotRow) bool { return c.CellKey == p.CellKey })
		if n < 0 {
			bad.Add(field, "This lot has no stock of the item there.")
			continue
		}
		c := cells[n]
		why := c.unusable(w)
		if c.Segment != w.Segment && (why == WhyShortLife || why == WhyRecalled) {
			why = WhySegment
		}
		switch {
		case why == WhyShortLife && w.Admin, why == WhyRecalled:
		case why == WhyShortLife:
			bad.Add(field, "%s %s. An Admin may send it.", c.Number, why.Words())
			continue
		case why != "":
			bad.Add(field, "%s %s", c.Number, w.Says(why))
			continue
		}
		bad.Lack(p.Qty <= c.Qty, fmt.Sprintf("%slots[%d].qty", at, i), "%s: need %s, available %s.", c.Number, p.Qty.String(c.Dimension), c.Qty.String(c.Dimension))
		shares = append(shares, Share{c.CellKey, c.Number, p.Qty, c.BornOn, c.ExpiryOn})
	}
	return shares, suggested
}
