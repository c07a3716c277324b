package flow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// milling is 20 kg of turmeric for 2,000.00, half of it in a running batch.
func milling(t *testing.T) (f *Factory, m *masters, b production.Batch, g purchase.PostGRNResp) {
	t.Helper()
	f, m = newFactory(t)
	g = Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "W/1", Line(m.raw[0], 20, 2_000_00)))
	b = Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 10 * core.Kilogram})
	b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	q := 10 * core.Kilogram
	return f, m, Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}}), g
}

func correct(f *Factory, g purchase.PostGRNResp, delta core.Paise) purchase.PriceCorrection {
	f.T.Helper()
	return Do(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: 1, Delta: delta, NoteNo: fmt.Sprintf("N/%d", delta), Reason: "rate"})
}

func balances(f *Factory) map[stock.Account]core.Paise {
	f.T.Helper()
	out := map[stock.Account]core.Paise{}
	for _, a := range Do(f.Owner, stock.TrialBalance, stock.TrialBalanceReq{}).Accounts {
		if a.Value != 0 {
			out[a.Account] = a.Value
		}
	}
	return out
}

// TestR14_MaterialInProcessTakesItsShare: the powder carries it, and its correction can
// be taken back only while the batch has not used it.
func TestR14_MaterialInProcessTakesItsShare(t *testing.T) {
	t.Parallel()
	f, _, b, g := milling(t)
	first := correct(f, g, 200_00)
	if first.InProcess != 100_00 || first.Variance != 0 || len(first.Stock) != 1 || first.Stock[0].Value != 100_00 {
		t.Errorf("corrected as %+v", first)
	}
	if now := balances(f); now[stock.WIP] != 1_100_00 || now[stock.InStock] != 1_100_00 || now[stock.Variance] != 0 {
		t.Errorf("the books say %v", now)
	}
	if v := Do(f.Owner, production.GetValuedBatch, production.GetBatchReq{ID: b.ID}); v.InputValue != 1_100_00 {
		t.Errorf("the batch holds %s", v.InputValue)
	}
	issue := b.Issues[0].Document
	if _, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: issue, Reason: "x"}); core.CodeOf(err) != core.CodeConflict || !strings.Contains(err.Error(), first.Number) {
		t.Errorf("an issue was cancelled under the correction of its price: %v", err)
	}
	f.Verify()
	// A credit beyond what a batch holds is variance, as it is in stock.
	back := correct(f, g, -2_100_00)
	if back.InProcess != -1_050_00 || back.Variance != 0 {
		t.Errorf("credited as %+v", back)
	}
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: back.Document, Reason: "wrong line"})
	if v := Do(f.Owner, production.GetValuedBatch, production.GetBatchReq{ID: b.ID}); v.InputValue != 1_100_00 {
		t.Errorf("the batch holds %s after a credit was taken back", v.InputValue)
	}
	b = Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9_600 * core.Gram})
	v := Do(f.Owner, production.GetValuedBatch, production.GetBatchReq{ID: b.ID})
	if len(v.OutputValues) != 1 || v.OutputValues[0] != 1_100_00 || balances(f)[stock.WIP] != 0 {
		t.Errorf("the powder is worth %v, in process are %s", v.OutputValues, balances(f)[stock.WIP])
	}
	if _, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: first.Document, Reason: "x"}); core.CodeOf(err) != core.CodeConflict || !strings.Contains(err.Error(), v.Result.Number) {
		t.Errorf("a correction was cancelled under the powder: %v", err)
	}
	after := correct(f, g, 20_00) // once more, when the material is powder
	if after.InProcess != 0 || after.Variance != 0 || len(after.Stock) != 2 {
		t.Errorf("corrected after the milling as %+v", after)
	}
	f.Verify()
}

// TestR20_ACancelledBatchReturnsWhatItsMaterialCostNow, and the correction stands under
// the return.
func TestR20_ACancelledBatchReturnsWhatItsMaterialCostNow(t *testing.T) {
	t.Parallel()
	for _, delta := range []core.Paise{200_01, -200_01, -2_000_00} {
		f, _, b, g := milling(t)
		c := correct(f, g, delta)
		Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
		now := balances(f)
		if now[stock.WIP] != 0 || now[stock.InStock] != 2_000_00+delta || now[stock.Variance] != 0 {
			t.Errorf("after %s: %v", delta, now)
		}
		if _, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: c.Document, Reason: "x"}); core.CodeOf(err) != core.CodeConflict {
			t.Errorf("the correction was taken from under the return: %v", err)
		}
		f.Verify()
	}
}

// TestR14_TwoBatchesOfOneLot take what falls to each.
func TestR14_TwoBatchesOfOneLot(t *testing.T) {
	t.Parallel()
	f, m, b, g := milling(t)
	other := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 6 * core.Kilogram})
	other = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: other.ID, Version: other.Version})
	q := 6 * core.Kilogram
	other = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: other.ID, Version: other.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	correct(f, g, 200_00)
	for _, x := range []struct {
		id   production.ID
		want core.Paise
	}{{b.ID, 1_100_00}, {other.ID, 660_00}} {
		if v := Do(f.Owner, production.GetValuedBatch, production.GetBatchReq{ID: x.id}); v.InputValue != x.want {
			t.Errorf("batch %d holds %s, want %s", x.id, v.InputValue, x.want)
		}
	}
	Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram})
	Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: other.ID, Version: other.Version, Output: 6 * core.Kilogram})
	if now := balances(f); now[stock.WIP] != 0 || now[stock.InStock] != 2_200_00 {
		t.Errorf("the books say %v", now)
	}
	f.Verify()
}

// TestR14_CreditsEndAtThePrice: all notes of a line together never credit more than it
// cost, whatever is cancelled in between.
func TestR14_CreditsEndAtThePrice(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "X/1", Line(m.raw[0], 20, 2_000_00)))
	credit := func(d core.Paise) (purchase.PriceCorrection, error) {
		return Try(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: 1, Delta: d, NoteNo: uuid.NewString(), Reason: "r"})
	}
	correct(f, g, -1_500_00)
	if _, err := credit(-500_01); core.CodeOf(err) != core.CodeInvalid || err.Error() != "The line cost ₹ 2,000.00; with the notes posted so far it costs ₹ 500.00. A credit cannot be larger." {
		t.Errorf("credited more than is left: %v", err)
	}
	debit := correct(f, g, 300_00)
	deep, err := credit(-800_00)
	if err != nil {
		t.Fatalf("credit what is left: %v", err)
	}
	if _, err := credit(-1); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("credited from nothing: %v", err)
	}
	if _, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: debit.Document, Reason: "x"}); core.CodeOf(err) != core.CodeConflict || !strings.Contains(err.Error(), deep.Number) {
		t.Errorf("a debit note was taken from under the credit that needs it: %v", err)
	}
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: deep.Document, Reason: "x"})
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: debit.Document, Reason: "x"})
	if _, err := credit(-500_00); err != nil {
		t.Errorf("credit what is left: %v", err)
	}
	f.Verify()
}

// TestR08_ACancelledBatchNamesTheClosedMonth: what is taken back of its issue is a
// correction; what a customer or the store sends back later is not.
func TestR08_ACancelledBatchNamesTheClosedMonth(t *testing.T) {
	t.Parallel()
	f, m, b, g := milling(t)
	other := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: core.Kilogram})
	other = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: other.ID, Version: other.Version})
	f.GoTo(time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC))
	q := core.Kilogram
	other = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: other.ID, Version: other.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	late := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: core.Kilogram})
	late = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: late.ID, Version: late.Version})
	late = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: late.ID, Version: late.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	late = Do(f.Owner, production.IssueMaterial, production.IssueReq{ID: late.ID, Version: late.Version, Extras: []production.Extra{{Item: m.raw[0], Qty: q, Reason: "too dry"}},
		Earlier: production.Earlier{EffectiveOn: core.NewDate(2026, 2, 28), Reason: "forgotten"}})
	Do(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
	for _, x := range []production.Batch{late, b, other} {
		Do(f.Store1, production.CancelBatch, production.CancelReq{ID: x.ID, Version: x.Version, Reason: "mill broke"})
	}
	Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}, Qty: core.Kilogram, Reason: "stones"})
	docs := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Limit: 4}).Documents
	const closed = ": mill broke (corrects February 2026, which is closed)"
	for i, want := range []string{"stones", other.Number + ": mill broke", b.Number + closed, late.Number + closed} {
		if docs[i].Reason != want {
			t.Errorf("%s says %q, want %q", docs[i].Number, docs[i].Reason, want)
		}
	}
	f.Verify()
}

// TestR08_ACorrectionNamesTheClosedMonth, whether it is a reversal or a price.
func TestR08_ACorrectionNamesTheClosedMonth(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "C/1", Line(m.raw[0], 20, 2_000_00)))
	f.GoTo(time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC))
	correct(f, g, 100_00)
	Do(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
	correct(f, g, 200_00)
	docs := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{}).Documents
	if !strings.HasSuffix(docs[0].Reason, ": rate (corrects February 2026, which is closed)") || !strings.HasSuffix(docs[1].Reason, ": rate") {
		t.Errorf("the corrections say %q and %q", docs[0].Reason, docs[1].Reason)
	}
	f.Verify()
}
