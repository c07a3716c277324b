package stock

import (
	"context"
	"strconv"

	"masala/core"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/resume"
)

// Change is a move of a lot from one status to another.
type Change string

// The changes.
const (
	HoldIt    Change = "Hold"
	ReleaseIt Change = "Release"
	RejectIt  Change = "Reject"
)

// Changes lists what this user may do with the cell on show: HOLD -> RELEASED or
// REJECTED by an Admin, RELEASED -> HOLD by anybody (R24).
func (m *Model) Changes() []Change {
	c, ok := m.Cell()
	if !ok || c.Qty == 0 {
		return nil
	}
	switch {
	case c.Status == stock.Released && m.env.May(stock.HoldLot.Meta):
		return []Change{HoldIt}
	case c.Status == stock.Hold && m.env.May(stock.ReleaseLot.Meta):
		return []Change{ReleaseIt, RejectIt}
	}
	return nil
}

// MayAdjust reports whether this user may correct the quantity.
func (m *Model) MayAdjust() bool {
	_, ok := m.Cell()
	return ok && m.env.May(stock.Adjust.Meta)
}

// Act is what is being done to one cell: a form in a dialog.
type Act struct {
	m    *Model
	Form *form.Form
	Key  stock.CellKey
	Lot  Detail // as it was when the dialog opened
	Cell stock.LotCell

	Change Change // "" for an adjustment
	Qty    *form.Field
	Reason *form.Field // for an adjustment one of stock.Reasons
	Note   *form.Field
	Value  *form.Field // nil unless the lot is empty
	Busy   bool
	Done   bool
	Offer  *resume.Here // a draft of the same change of the same cell
	kept   *form.Kept
}

// begun is what an act is about, in its draft. It holds no value (R37).
type begun struct {
	Lot    stock.LotDetail `json:"lot"`
	Cell   stock.LotCell   `json:"cell"`
	Change Change          `json:"change,omitempty"`
}

// StartChange begins a change of status; nil when the cell is not there any more.
func (m *Model) StartChange(c Change) *Act {
	cell, ok := m.Cell()
	if !ok {
		return nil
	}
	return m.change(c, *m.Detail, cell).keep()
}

func (m *Model) change(c Change, lot Detail, cell stock.LotCell) *Act {
	a := m.act(changeOp(c), lot, cell)
	a.Change = c
	a.Qty = a.Form.Add(form.Field{Path: "qty", Label: "Quantity", Hint: "empty: all of it, " + a.Cell.Qty.String(a.Lot.Dimension), Rule: form.Above(form.Amount(a.measure))})
	a.Reason = a.Form.Add(form.Field{Path: "reason", Label: "Reason", Required: true, Missing: "Give the reason.", Rule: form.AtMost(200)})
	return a
}

func changeOp(c Change) string {
	switch c {
	case HoldIt:
		return stock.HoldLot.Name
	case ReleaseIt:
		return stock.ReleaseLot.Name
	}
	return stock.RejectLot.Name
}

// StartAdjust begins a correction of the quantity.
func (m *Model) StartAdjust() *Act {
	cell, ok := m.Cell()
	if !ok {
		return nil
	}
	return m.adjustment(*m.Detail, cell).keep()
}

func (m *Model) adjustment(lot Detail, cell stock.LotCell) *Act {
	a := m.act(stock.Adjust.Name, lot, cell)
	a.Qty = a.Form.Add(form.Field{Path: "qty", Label: "Difference", Required: true, Missing: "Enter how much is missing or too much.",
		Rule: form.Amount(a.measure), Hint: "− for what is missing, + for what is too much"})
	a.Reason = a.Form.Add(form.Field{Path: "reason", Label: "Reason", Required: true, Missing: "Choose a reason."})
	a.Note = a.Form.Add(form.Field{Path: "note", Label: "Note", Rule: form.AtMost(200)})
	if a.Lot.Qty == 0 {
		a.Value = a.Form.Add(form.Field{Path: "value", Label: "Value ₹", Rule: form.Money, Hint: "the lot is empty, so an excess needs its worth"})
	}
	a.Form.Check = a.between
	return a
}

func (m *Model) act(kind string, lot Detail, c stock.LotCell) *Act {
	return &Act{m: m, Form: form.New(kind, titles[kind], m.env.NewKey), Lot: lot, Cell: c,
		Key: stock.CellKey{Lot: lot.Lot, Segment: c.Segment, Status: c.Status}}
}

var titles = map[string]string{stock.HoldLot.Name: "hold", stock.ReleaseLot.Name: "release", stock.RejectLot.Name: "rejection", stock.Adjust.Name: "adjustment"}

// resumes are the drafts that open here.
var resumes = []string{stock.HoldLot.Name, stock.ReleaseLot.Name, stock.RejectLot.Name, stock.Adjust.Name}

// keep begins to keep the draft of the act, and offers an older one of the same.
func (a *Act) keep() *Act {
	a.Form.Base, a.Form.About = begun{a.Lot.LotDetail, a.Cell, a.Change}, a.Lot.Number
	a.kept = a.m.env.Desk.Keep(a.Form)
	a.Offer = resume.NewHere(a.m.env, func(d form.Draft) bool {
		var b begun
		return d.Kind == a.Form.Kind && d.Key != a.Form.Key() && d.Of(&b) &&
			stock.CellKey{Lot: b.Lot.Lot, Segment: b.Cell.Segment, Status: b.Cell.Status} == a.Key && b.Lot.Number == a.Lot.Number
	})
	a.Offer.Look()
	return a
}

// Resume begins the act of a draft again, on the lot as it was then: the server knows
// what it holds now.
func (m *Model) Resume(d form.Draft) *Act {
	var b begun
	if !d.Of(&b) {
		return nil
	}
	a, lot := (*Act)(nil), Detail{LotDetail: b.Lot}
	if b.Change == "" {
		a = m.adjustment(lot, b.Cell)
	} else {
		a = m.change(b.Change, lot, b.Cell)
	}
	a.keep().kept.Resume(d)
	return a
}

// Find goes on with a draft, a strange one once its lot was found: the number of a lot is
// never given twice, that of its record may be.
func (m *Model) Find(d form.Draft, found func(*Act)) {
	var b begun
	if !d.Of(&b) {
		return
	}
	if !d.Strange {
		found(m.Resume(d))
		return
	}
	m.env.Shell.Go(func(ctx context.Context) func() {
		now, err := stock.GetLot.Call(ctx, m.env.Caller, "", stock.GetLotReq{ID: b.Lot.Lot})
		return func() {
			switch {
			case core.CodeOf(err) == core.CodeNotFound || err == nil && (now.Number != b.Lot.Number || now.Name != b.Lot.Name):
				resume.Elsewhere(m.env, d)
			case err != nil:
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
			default:
				found(m.Resume(d))
			}
		}
	})
}

// Leave ends an act that was not sent; what was typed stays as a draft.
func (a *Act) Leave() { a.kept.Leave() }

// measure: a lot tells its dimension, not its item's own units.
func (a *Act) measure() form.Measure {
	d := a.Lot.Dimension
	m := form.Measure{Dimension: d, Signed: a.Change == "", Unit: d.Unit(),
		Units: []form.Unit{{Code: d.Unit(), Name: d.Unit(), Num: int64(d.PerUnit()), Den: 1}}}
	if d == core.Mass {
		m.Units = append(m.Units, form.Unit{Code: "g", Name: "gram", Num: int64(core.Gram), Den: 1}, form.Unit{Code: "q", Name: "quintal", Num: 100 * int64(core.Kilogram), Den: 1})
	}
	return m
}

func (a *Act) qty() core.Qty {
	q, ok := a.Qty.Quantity(a.measure())
	if !ok {
		return 0
	}
	return q.Base
}

// After is what the cell will hold; ok is false while no difference is typed.
func (a *Act) After() (q core.Qty, ok bool) {
	d := a.qty()
	if d == 0 {
		return 0, false
	}
	return a.Cell.Qty + d, true
}

func (a *Act) between(_ *form.Form, fault func(path, sentence string)) {
	d := a.qty()
	if after, ok := a.After(); ok && after < 0 {
		fault("qty", a.Lot.Number+": need "+(-d).String(a.Lot.Dimension)+", available "+a.Cell.Qty.String(a.Lot.Dimension)+".")
	}
	if a.Value != nil && d > 0 && a.Value.Text == "" {
		fault("value", a.Lot.Number+" is empty. Enter what the excess is worth.")
	}
}

// Submit sends the act; it returns the first field at fault.
func (a *Act) Submit() *form.Field {
	if a.Busy || a.Done {
		return nil
	}
	if bad := a.Form.Validate(); bad != nil {
		return bad
	}
	if a.Change == "" {
		return a.adjust()
	}
	req := stock.ChangeStatusReq{Lot: a.Key.Lot, Segment: a.Key.Segment, Qty: a.qty(), Reason: a.Reason.Text}
	if err := req.Validate(); err != nil {
		return a.Form.Apply(err)
	}
	call, done := stock.HoldLot, "on hold"
	switch a.Change {
	case ReleaseIt:
		call, done = stock.ReleaseLot, "released"
	case RejectIt:
		call, done = stock.RejectLot, "rejected"
	}
	key := a.Form.Key()
	a.send(a.Lot.Number+" "+done, func(ctx context.Context) (stock.Posted, error) {
		return call.Call(ctx, a.m.env.Caller, key, req)
	})
	return nil
}

func (a *Act) adjust() *form.Field {
	req := stock.AdjustReq{CellKey: a.Key, Qty: a.qty(), Reason: a.Reason.Text, Note: a.Note.Text}
	if a.Value != nil && req.Qty > 0 {
		v := a.Value.Money()
		req.Value = &v
	}
	if err := req.Validate(); err != nil {
		return a.Form.Apply(err)
	}
	key := a.Form.Key()
	a.send(a.Lot.Number+" adjusted", func(ctx context.Context) (stock.Posted, error) {
		return stock.Adjust.Call(ctx, a.m.env.Caller, key, req)
	})
	return nil
}

func (a *Act) send(said string, call func(context.Context) (stock.Posted, error)) {
	a.Busy = true
	send := a.kept.Sending()
	a.m.env.Shell.Go(func(ctx context.Context) func() {
		err := send(func() error {
			_, err := call(ctx)
			return err
		})
		return func() {
			a.Busy = false
			if err != nil {
				a.Form.Apply(err)
				if core.CodeOf(err) == core.CodeInternal {
					a.Form.Message = screen.Sentence(err)
				}
				return
			}
			a.Done = true
			a.kept.Leave()
			a.m.env.Shell.Toast(screen.Toast{Text: said})
			if a.Change != "" { // follow the goods into their new status
				a.m.Selected.Status = map[Change]stock.Status{HoldIt: stock.Hold, ReleaseIt: stock.Released, RejectIt: stock.Rejected}[a.Change]
			}
			a.m.Reload()
		}
	})
}

// count writes "107 lots".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return form.FormatInt(int64(n)) + " " + many
}

// digits writes a count in a filter.
func digits(n int) string { return strconv.Itoa(n) }
