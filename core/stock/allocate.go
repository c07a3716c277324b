package stock

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
)

// Want is what allocation looks for: so much usable stock of one segment on a day,
// for a customer who asks for a minimum remaining shelf life (zero for none).
type Want struct {
	Segment     core.Segment
	Qty         core.Qty
	On          core.Date
	MinLife     core.Percent // of the days from birth to expiry
	MinLifeDays int
	Admin       bool // who chooses lots himself may go below them
	Gone        Gone // and take what is recalled since
}

// By is w for the caller, of stock that went on a day.
func (w Want) By(c *op.Call, went core.Date) Want {
	w.Admin, w.Gone = c.IsAdmin(), GoneOn(c, went)
	return w
}

// Share is a part of a lot that was allocated.
type Share struct {
	CellKey
	Number   string    `json:"number"`
	Qty      core.Qty  `json:"qty"`
	BornOn   core.Date `json:"born_on"`
	ExpiryOn core.Date `json:"expiry_on"`
}

// Why says why allocation passed a lot by.
type Why string

// The reasons, in the order they are looked at.
const (
	WhyHold      Why = "HOLD"
	WhyRejected  Why = "REJECTED"
	WhyFrozen    Why = "FROZEN" // by an open recall
	WhyLater     Why = "LATER"  // it came in or changed after the day that is entered (R7)
	WhyExpired   Why = "EXPIRED"
	WhyShortLife Why = "SHORT_LIFE" // less remaining shelf life than the customer asks for
	WhyRecalled  Why = "RECALLED"   // after the day that is entered; who knows that it left chooses it
	WhySegment   Why = "SEGMENT"    // nothing else is wrong with it
)

// Skipped is stock that allocation passed by. Of another segment it is listed where nothing
// else is wrong with it.
type Skipped struct {
	CellKey
	Number   string    `json:"number"`
	Qty      core.Qty  `json:"qty"`
	ExpiryOn core.Date `json:"expiry_on"`
	Why      Why       `json:"why"`
}

// Allocation is the answer: Shares sum to what was wanted less Short.
type Allocation struct {
	Shares  []Share   `json:"shares"`
	Skipped []Skipped `json:"skipped"`
	Short   core.Qty  `json:"short"`
}

// Allocate chooses lots by R25: of the segment, RELEASED, expiry ascending with none
// last, then birth date, then lot number. Cells that cannot be used are listed with the
// reason. Equal input gives equal output, in whatever order the cells come.
func Allocate(cells []LotRow, w Want) Allocation {
	a := Allocation{Shares: []Share{}, Skipped: []Skipped{}, Short: w.Qty}
	cells = slices.Clone(cells)
	slices.SortFunc(cells, fefo)
	for _, c := range cells {
		why := c.unusable(w)
		if c.Qty <= 0 || c.Segment != w.Segment && why != WhySegment {
			continue
		}
		if why != "" {
			a.Skipped = append(a.Skipped, Skipped{c.CellKey, c.Number, c.Qty, c.ExpiryOn, why})
			continue
		}
		if q := min(a.Short, c.Qty); q > 0 {
			a.Shares = append(a.Shares, Share{c.CellKey, c.Number, q, c.BornOn, c.ExpiryOn})
			a.Short -= q
		}
	}
	return a
}

// maxPassed is how many lots a sentence names.
const maxPassed = 3

// Passed says why what was skipped does not serve w, behind a shortage: " LOT-1 has
// expired. LOT-2 is on hold." It is empty where nothing was skipped.
func (a Allocation) Passed(w Want) string {
	var all []string
	frozen := false
	for _, s := range a.Skipped {
		all = append(all, s.Number+" "+s.Why.Words()+".")
		frozen = frozen || s.Why == WhyFrozen
	}
	if n := len(all) - maxPassed; n > 0 {
		all = append(all[:maxPassed], fmt.Sprintf("And %d more cannot be taken.", n))
	}
	if frozen && w.Admin {
		all = append(all, ifGone)
	}
	if len(all) == 0 {
		return ""
	}
	return " " + strings.Join(all, " ")
}

// Usable sums what allocation could use of the cells.
func Usable(cells []LotRow, w Want) (sum core.Qty) {
	for _, c := range cells {
		if c.Qty > 0 && c.unusable(w) == "" {
			sum += c.Qty
		}
	}
	return sum
}

// UsableByHand sums what could be used of the cells if it was chosen: also what was recalled
// after it had gone (R30).
func UsableByHand(cells []LotRow, w Want) (sum core.Qty) {
	for _, c := range cells {
		if why := c.unusable(w); c.Qty > 0 && c.Segment == w.Segment && (why == "" || why == WhyRecalled) {
			sum += c.Qty
		}
	}
	return sum
}

func fefo(a, b LotRow) int {
	never := func(d core.Date) int {
		if d == 0 {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(never(a.ExpiryOn), never(b.ExpiryOn)), cmp.Compare(a.ExpiryOn, b.ExpiryOn), cmp.Compare(a.BornOn, b.BornOn),
		cmp.Compare(core.SortKey(a.Number), core.SortKey(b.Number)), cmp.Compare(a.Status, b.Status))
}

// unusable says why a cell cannot serve w, or nothing.
func (r LotRow) unusable(w Want) Why {
	switch {
	case r.Status == Hold:
		return WhyHold
	case r.Status == Rejected:
		return WhyRejected
	case r.Frozen != "" && !w.Gone.before(r.FrozenAt):
		return WhyFrozen
	case r.Newest > w.On, r.Frozen != "" && !w.Gone.holds(r.BornOn):
		return WhyLater
	case r.ExpiryOn != 0 && r.ExpiryOn < w.On:
		return WhyExpired
	case r.ExpiryOn != 0 && int(r.ExpiryOn-w.On) < w.lifeDays(r):
		return WhyShortLife
	case r.Frozen != "":
		return WhyRecalled
	case r.Segment != w.Segment:
		return WhySegment
	}
	return ""
}

// lifeDays is the remaining shelf life w asks of a lot, in days: the percentage is
// rounded up, in the customer's favour.
func (w Want) lifeDays(r LotRow) int {
	days := (int64(r.ExpiryOn-r.BornOn)*int64(w.MinLife) + 9_999) / 10_000
	return max(int(days), w.MinLifeDays)
}
