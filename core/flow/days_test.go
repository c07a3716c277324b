package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/production"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// again is a factory in which something was entered, cancelled two days later, and is
// entered anew for some day: material was in the mill until the first entry and is again
// since it was cancelled, and not on the days between.
type again struct {
	name  string
	tell  func(t *testing.T) (*Factory, func(on core.Date) (stock.Posted, error))
	wrong core.Date // the last day on which it was not there
	says  string    // of such a day
	lot   string
	where string
}

var agains = []again{
	{"completed", func(t *testing.T) (*Factory, func(core.Date) (stock.Posted, error)) {
		f, _, b, _ := milling(t)
		nextDay(f)
		b = Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram})
		nextDay(f)
		nextDay(f)
		Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Result.Document, Reason: "weighed wrongly"})
		return f, func(on core.Date) (stock.Posted, error) { return complete8(f, b.ID, on) }
	}, day(2), "LOT-20260212-001 was not in process on %s. Enter it for 15-Feb-2026 or later.", "LOT-20260212-001", "out of process"},
	{"cancelled, and completed", func(t *testing.T) (*Factory, func(core.Date) (stock.Posted, error)) {
		f, _, b, _ := milling(t)
		takenBack(f, b)
		return f, func(on core.Date) (stock.Posted, error) { return complete8(f, b.ID, on) }
	}, day(2), "LOT-20260212-001 was not in process on %s. Enter it for 15-Feb-2026 or later.", "LOT-20260212-001", "out of process"},
	{"cancelled twice, and completed", func(t *testing.T) (*Factory, func(core.Date) (stock.Posted, error)) {
		f, _, b, _ := milling(t)
		takenBack(f, b)
		b = Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
		Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke"}) // a batch names its newest return only
		Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: newestReturn(f).Document, Reason: "it runs"})
		return f, func(on core.Date) (stock.Posted, error) { return complete8(f, b.ID, on) }
	}, day(2), "LOT-20260212-001 was not in process on %s. Enter it for 15-Feb-2026 or later.", "LOT-20260212-001", "out of process"},
	{"cancelled", func(t *testing.T) (*Factory, func(core.Date) (stock.Posted, error)) {
		f, _, b, _ := milling(t)
		takenBack(f, b)
		return f, func(on core.Date) (stock.Posted, error) {
			b = Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
			if _, err := Try(f.Owner, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke", EffectiveOn: on}); err != nil {
				return stock.Posted{}, err
			}
			return newestReturn(f), nil
		}
	}, day(2), "LOT-20260212-001 was not in process on %s. Enter it for 15-Feb-2026 or later.", "LOT-20260212-001", "out of process"},
	{"a price", func(t *testing.T) (*Factory, func(core.Date) (stock.Posted, error)) {
		f, _, b, g := milling(t)
		nextDay(f)
		pc := correct(f, g, 200_00)
		nextDay(f)
		nextDay(f)
		Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: pc.Document, Reason: "another supplier's"})
		return f, func(on core.Date) (stock.Posted, error) { return complete8(f, b.ID, on) }
	}, day(2), "A price correction of LOT-20260212-001 was in force on %s that was cancelled since. Enter it for 15-Feb-2026 or later.", "LOT-20260212-001", "out of process"},
	{"a return", func(t *testing.T) (*Factory, func(core.Date) (stock.Posted, error)) {
		f, _, _, d := sold(t)
		lot := d.Items[0].Lots[0].Lot
		back := func(q core.Qty, on core.Date) (stock.Posted, error) {
			r, err := Try(f.Owner, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", EffectiveOn: on, Lines: []sales.ReturnLine{{Lot: lot, Qty: q, Condition: sales.Good}}})
			return r.Posted, err
		}
		nextDay(f)
		r, err := back(200, 0)
		if err != nil {
			t.Fatal(err)
		}
		nextDay(f)
		nextDay(f)
		Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: r.Document, Reason: "fewer"})
		return f, func(on core.Date) (stock.Posted, error) { return back(150, on) }
	}, day(2), "Of LOT-20260212-004 less was with the customer on %s. Enter it for 15-Feb-2026 or later.", "LOT-20260212-004", "back from the customer"},
}

func (a again) String() string { return a.name }

func day(n int) core.Date { return core.NewDate(2026, 2, 12).AddDays(n) }

func nextDay(f *Factory) { f.GoTo(f.Clock.Now().AddDate(0, 0, 1)) }

func complete8(f *Factory, id production.ID, on core.Date) (stock.Posted, error) {
	b := Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: id})
	b, err := Try(f.Owner, production.CompleteBatch, production.CompleteReq{ID: id, Version: b.Version, Output: 8 * core.Kilogram, Earlier: production.Earlier{EffectiveOn: on, Reason: "no power"}})
	if err != nil {
		return stock.Posted{}, err
	}
	return stock.Posted{Document: b.Result.Document, Number: b.Result.Number}, nil
}

// takenBack cancels a batch tomorrow and takes it up again two days later.
func takenBack(f *Factory, b production.Batch) {
	f.T.Helper()
	nextDay(f)
	Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke"})
	nextDay(f)
	nextDay(f)
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: newestReturn(f).Document, Reason: "it runs"})
}

func newestReturn(f *Factory) stock.Posted {
	d := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindMaterialReturn}}).Documents[0]
	return stock.Posted{Document: d.ID, Number: d.Number}
}

// TestR07_WhatIsAwayIsThereOnItsDay: nothing is taken out of a batch, or back from a
// customer, for a day on which it was not there; the first day on which it was is named,
// and does.
func TestR07_WhatIsAwayIsThereOnItsDay(t *testing.T) {
	sideBySide(t, agains, func(t *testing.T, x again) {
		f, enter := x.tell(t)
		before := f.Tables()
		for on := x.wrong - 1; on <= x.wrong; on++ {
			_, err := enter(on)
			if want := fmt.Sprintf(x.says, on); core.CodeOf(err) != core.CodeInvalid || said(err) != fmt.Sprintf("%s [{effective_on %[1]s}]", want) {
				t.Errorf("for %s the answer is %s, want %s", on, said(err), want)
			}
		}
		f.Unchanged(before, "refused")
		if _, err := enter(x.wrong + 1); err != nil {
			t.Errorf("for the day that was named: %v", err)
		}
		f.Verify()
	})
}

// TestVerify_FindsWhatWasNotThereOnItsDay: books in which it happened are found; those of
// the time before it was refused are told of and not called wrong.
func TestVerify_FindsWhatWasNotThereOnItsDay(t *testing.T) {
	sideBySide(t, agains, func(t *testing.T, x again) {
		f, enter := x.tell(t)
		d, err := enter(0)
		if err != nil {
			t.Fatal(err)
		}
		f.Verify()
		want := "days: " + d.Number + " takes of " + x.lot + " " + x.where + " what was not there at the end of "
		f.SQL(`DROP TRIGGER ledger_fixed`, `DROP TRIGGER document_fixed`, `UPDATE ledger SET effective_on = effective_on - 1 WHERE document_id = (SELECT max(id) FROM document)`,
			`UPDATE document SET effective_on = effective_on - 1 WHERE id = (SELECT max(id) FROM document)`)
		f.FindProblem(want)
		r := f.Excused("days")
		told := fmt.Sprintf("%s took of %s %s what was not there at the end of %s, before that was refused: look at the figures of that day", d.Number, x.lot, x.where, x.wrong.ISO())
		if slices.ContainsFunc(r.Problems, func(p string) bool { return strings.HasPrefix(p, "days: ") }) || !slices.Contains(r.Remarks, told) {
			t.Errorf("of before: problems %q, remarks %q, want %q", r.Problems, r.Remarks, told)
		}
	})
}

// TestR07_AWrongDayIsTheOnlyFault: where the day is refused, what comes into a cell still
// counts for what leaves it in the same document.
func TestR07_AWrongDayIsTheOnlyFault(t *testing.T) {
	t.Parallel()
	f, _, _, d := sold(t)
	lot := d.Items[0].Lots[0].Lot
	nextDay(f)
	line := sales.ReturnLine{Lot: lot, Qty: 10, Condition: sales.Good}
	Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{line}})
	Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Hold}, Qty: -10, Reason: "Spoilage"})
	line.Condition = sales.Damaged
	_, err := Try(f.Owner, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", EffectiveOn: day(0), Lines: []sales.ReturnLine{line}})
	const want = "This stock last changed on 13-Feb-2026. Choose that day or a later one."
	if said(err) != want+" [{effective_on "+want+"}]" {
		t.Errorf("the answer is %s", said(err))
	}
}
