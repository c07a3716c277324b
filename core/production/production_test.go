package production_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

const kg = core.Kilogram

// mill is a factory with two ingredients, a powder and its recipe of 60 and 40 %.
type mill struct {
	*Factory
	cumin, coriander, powder, husk catalog.Item
	recipe                         recipe.Recipe
}

func newMill(t *testing.T) *mill {
	t.Helper()
	f := New(t)
	m := &mill{Factory: f, cumin: f.Item("RAW-001", "Cumin"), coriander: f.Item("RAW-002", "Coriander", func(i *catalog.ItemFields) { i.Allergens = []string{"celery"} })}
	bulk := func(i *catalog.ItemFields) { i.Type, i.ShelfLifeMonths = catalog.Bulk, 9 }
	m.powder, m.husk = f.Item("BLK-001", "Garam masala", bulk), f.Item("BLK-002", "Husk", bulk)
	m.recipe = Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: "GM", Name: "Garam masala", Item: m.powder.ID, StdLoss: 400, Tolerance: 150, Active: true,
		Lines: []recipe.Line{{Item: m.cumin.ID, Share: 6000}, {Item: m.coriander.ID, Share: 4000}}}})
	return m
}

// buy receives a lot of an item.
func (m *mill) buy(item catalog.Item, quantity int64, value core.Paise, change ...func(*purchase.GRNLine)) core.LotID {
	m.T.Helper()
	if len(Do(m.Owner, stock.ListDocuments, stock.ListDocumentsReq{}).Documents) == 0 {
		m.Supplier("Unjha Jeera House")
	}
	n := m.Int(`SELECT count(*) FROM grn`)
	l := Line(item.ID, quantity, value)
	for _, c := range change {
		c(&l)
	}
	return Do(m.Store1, purchase.PostGRN, GRN(1, fmt.Sprintf("U/%d", n), l)).Lots[0].Lot
}

func (m *mill) plan(charge core.Qty) production.Batch {
	m.T.Helper()
	return Do(m.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipe.ID, Charge: charge})
}

func (m *mill) start(charge core.Qty) production.Batch {
	m.T.Helper()
	b := m.plan(charge)
	return Do(m.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
}

func typed(q ...core.Qty) (out []production.Issue) {
	for i := range q {
		out = append(out, production.Issue{Line: i + 1, Qty: &q[i]})
	}
	return out
}

func (m *mill) issue(b production.Batch, q ...core.Qty) production.Batch {
	m.T.Helper()
	return Do(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: typed(q...)})
}

// charged is a running batch of so many kg: its ingredients were bought for so much, and all
// of them issued as the recipe says.
func (m *mill) charged(n int64, cumin, coriander core.Paise) production.Batch {
	m.T.Helper()
	m.buy(m.cumin, n*6/10, cumin)
	m.buy(m.coriander, n*4/10, coriander)
	charge := core.Qty(n) * kg
	return m.issue(m.start(charge), charge*6/10, charge*4/10)
}

func (m *mill) valued(b production.Batch) production.ValuedBatch {
	m.T.Helper()
	return Do(m.Owner, production.GetValuedBatch, production.GetBatchReq{ID: b.ID})
}

func (m *mill) value(item core.ItemID) core.Paise {
	m.T.Helper()
	for _, i := range Do(m.Owner, stock.ValuedStockOn, stock.StockOnReq{}).Items {
		if i.Item == item {
			return i.Value
		}
	}
	return 0
}

func fields(err error) string {
	e, ok := err.(*core.Error)
	if !ok {
		return fmt.Sprint(err)
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Field+" "+f.Message)
	}
	return fmt.Sprint(e.Code) + ": " + strings.Join(out, "; ")
}

// TestR17_Scaling hands the left-over mg out by largest remainder, ties in row order.
func TestR17_Scaling(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		charge core.Qty
		shares []core.Percent
		want   []core.Qty
	}{
		{500 * kg, []core.Percent{4000, 6000}, []core.Qty{200 * kg, 300 * kg}}, // R18: 500 kg x 40 % = 200 kg
		{10, []core.Percent{3333, 3333, 3334}, []core.Qty{3, 3, 4}},
		{1, []core.Percent{5000, 5000}, []core.Qty{1, 0}},
		{100_000_003, []core.Percent{3500, 3500, 375, 375, 375, 375, 375, 375, 375, 375}, []core.Qty{35_000_001, 35_000_001, 3_750_001, 3_750_000, 3_750_000, 3_750_000, 3_750_000, 3_750_000, 3_750_000, 3_750_000}},
	} {
		lines, sum := make([]recipe.Line, len(v.shares)), core.Qty(0)
		for i, s := range v.shares {
			lines[i].Share = s
		}
		got, err := recipe.Scale(v.charge, lines)
		for _, q := range got {
			sum += q
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(v.want) || sum != v.charge {
			t.Errorf("%d by %v: %v, %v; want %v", v.charge, v.shares, got, err, v.want)
		}
	}
}

// TestR18_PreviewOffersGrossUp and never takes it; lights compare need, stock and
// what others plan.
func TestR18_PreviewOffersGrossUp(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.buy(m.cumin, 100, 22_500_00)
	m.buy(m.coriander, 30, 2_550_00)
	req := recipe.PreviewReq{Item: m.powder.ID, StdLoss: 400, Lines: m.recipe.Lines, Charge: 96 * kg}
	p := Do(m.Store1, recipe.Preview, req)
	if p.Expected != 92_160_000 || p.GrossUp != 100*kg || p.Needs[0].Qty != 57_600_000 || p.Needs[0].Light != recipe.Green || p.Needs[1].Light != recipe.Red || p.Needs[1].Usable != 30*kg || fmt.Sprint(p.Allergens) != "[celery]" {
		t.Errorf("previewed as %+v", p)
	}
	b := m.plan(100 * kg)
	if b.Card[0].Reserved != 0 || b.Expected != 96*kg || b.Number != "B-20260212-01" || b.State != production.Planned || b.Card[0].Actual != nil {
		t.Errorf("planned as %+v", b)
	}
	if p := Do(m.Store1, recipe.Preview, req); p.Needs[0].Light != recipe.Amber || p.Needs[0].Reserved != 60*kg {
		t.Errorf("with a planned batch: %+v", p.Needs[0])
	}
}

// TestR23_StartNamesEveryShortage.
func TestR23_StartNamesEveryShortage(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.buy(m.cumin, 50, 1_00)
	m.buy(m.coriander, 99, 1_00, func(l *purchase.GRNLine) { l.Hold, l.HoldReason = true, "moist" })
	b := m.plan(100 * kg)
	before := m.Tables()
	_, err := Try(m.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	if got := fields(err); got != "insufficient_stock: card[0].qty Cumin: need 60.000 kg, available 50.000 kg.; card[1].qty Coriander: need 40.000 kg, available 0.000 kg. LOT-20260212-002 is on hold." {
		t.Errorf("refused with %s", got)
	}
	m.Unchanged(before, "a start that was refused")
}

// TestR38_IngredientsAreLookedAtAgain: in books whose masters changed under a recipe while
// that was possible, no pieces are taken for milligrams.
func TestR38_IngredientsAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.buy(m.cumin, 60, 6_000_00)
	m.buy(m.coriander, 40, 4_000_00)
	b := m.start(100 * kg)
	m.SQL(`UPDATE item SET dimension = 'count' WHERE sku = 'RAW-001'`, `UPDATE item SET type = 'PACKING_MATERIAL' WHERE sku = 'RAW-002'`)
	_, err := Try(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: typed(60*kg, 40*kg)})
	if fields(err) != "invalid: lines[0].line Cumin is not measured by mass.; lines[1].line Coriander is neither raw material nor powder." {
		t.Errorf("issued: %s", fields(err))
	}
	m.SQL(`UPDATE item SET dimension = 'mass' WHERE sku = 'RAW-001'`, `UPDATE item SET type = 'RAW' WHERE sku = 'RAW-002'`)
	b = m.issue(b, 60*kg, 40*kg)
	m.SQL(`UPDATE item SET type = 'FINISHED_GOOD' WHERE sku = 'BLK-001'`)
	_, err = Try(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 96 * kg})
	if fields(err) != "invalid: output Garam masala is neither raw material nor powder." {
		t.Errorf("completed: %s", fields(err))
	}
}

// TestR22_AZeroIsTypedAgain: a zero that moved nothing has no document to cancel. The
// weight typed after it counts, and when its issue is cancelled the line is blank again.
func TestR22_AZeroIsTypedAgain(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.buy(m.cumin, 60, 6_000_00)
	m.buy(m.coriander, 40, 4_000_00)
	b := m.issue(m.start(100*kg), 0, 0)
	b = m.issue(b, 0, 0) // again, and nothing changes
	b = m.issue(b, 60*kg, 0)
	if *b.Card[0].Actual != 60*kg || *b.Card[1].Actual != 0 || b.Issued != 60*kg {
		t.Errorf("typed again: %+v", b.Card)
	}
	_, err := Try(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: typed(kg, kg)})
	if fields(err) != "invalid: lines[0].line Cumin was issued already. Add what is missing as an extra ingredient, or cancel the issue.; lines[1].line Coriander was issued already. Add what is missing as an extra ingredient, or cancel the issue." {
		t.Errorf("a third time: %s", fields(err))
	}
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Issues[0].Document, Reason: "wrong weight"})
	b = Do(m.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
	if b.Card[0].Actual != nil || b.Card[1].Actual != nil {
		t.Errorf("the zeros of before count again: %+v", b.Card)
	}
	if p := Do(m.Store1, recipe.Preview, recipe.PreviewReq{Item: m.powder.ID, Lines: m.recipe.Lines, Charge: kg}); p.Needs[0].Reserved != 60*kg || p.Needs[1].Reserved != 40*kg {
		t.Errorf("blank lines do not reserve: %+v", p.Needs)
	}
	b = m.issue(b, 60*kg, 40*kg)
	Do(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 96 * kg})
	m.Verify()
}

// TestR07_TheMillEntersYesterday: after a power cut an Admin enters what was ground on the
// day before. Nothing is used before it came, and nothing comes out before it went in.
func TestR07_TheMillEntersYesterday(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	early := m.buy(m.cumin, 60, 6_000_00)
	m.buy(m.coriander, 40, 4_000_00)
	m.GoTo(Start.AddDate(0, 0, 1))
	yesterday := core.NewDate(2026, 2, 12)
	late := m.buy(m.cumin, 60, 9_000_00, func(l *purchase.GRNLine) { l.ExpiryOn = core.NewDate(2026, 4, 1) }) // expires first, and came today
	m.GoTo(Start.AddDate(0, 0, 2))
	b := m.start(100 * kg)
	on := func(day core.Date, why string) production.Earlier {
		return production.Earlier{EffectiveOn: day, Reason: why}
	}
	issue := func(u *User, e production.Earlier, cumin core.Qty, lots ...stock.Pick) (production.Batch, error) {
		lines := typed(cumin, 40*kg)
		if len(lots) > 0 {
			lines[0].Override = stock.Override{Lots: lots, Reason: "bag is open"}
		}
		return Try(u, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: lines, Earlier: e})
	}
	before := m.Tables()
	for _, c := range []struct {
		by   *User
		e    production.Earlier
		want string
	}{
		{m.Store1, on(yesterday, "no power"), "invalid: effective_on Only an Admin may enter an earlier day. Today is 14-Feb-2026."},
		{m.Owner, on(yesterday, ""), "invalid: reason Give the reason for the earlier day."},
		{m.Owner, on(yesterday-2, "no power"), "invalid: effective_on 10-Feb-2026 is 4 days back. At most 3 days are allowed."},
		{m.Owner, on(yesterday+3, "no power"), "invalid: effective_on 15-Feb-2026 lies in the future. Today is 14-Feb-2026."},
		{m.Owner, on(yesterday-1, "no power"), "insufficient_stock: lines[0].qty Cumin: need 60.000 kg, available 0.000 kg. LOT-20260213-001 came in or changed after that day. LOT-20260212-001 came in or changed after that day.; " +
			"lines[1].qty Coriander: need 40.000 kg, available 0.000 kg. LOT-20260212-002 came in or changed after that day."},
	} {
		if _, err := issue(c.by, c.e, 60*kg); fields(err) != c.want {
			t.Errorf("%+v: %s", c.e, fields(err))
		}
	}
	if _, err := issue(m.Owner, on(yesterday, "no power"), 61*kg); fields(err) != "insufficient_stock: lines[0].qty Cumin: need 61.000 kg, available 60.000 kg. LOT-20260213-001 came in or changed after that day." {
		t.Errorf("more than there was: %s", fields(err))
	}
	if _, err := issue(m.Owner, on(yesterday, "no power"), kg, stock.Pick{CellKey: stock.CellKey{Lot: late, Segment: core.Regular, Status: stock.Released}, Qty: kg}); fields(err) !=
		"invalid: lines[0].lots[0].lot LOT-20260213-001 came in or changed after that day." {
		t.Errorf("a lot before its birth: %s", fields(err))
	}
	m.Unchanged(before, "issues that were refused")
	var err error
	if b, err = issue(m.Owner, on(yesterday+1, "no power"), 60*kg); err != nil || b.Issues[0].Lot != late {
		t.Fatalf("issued as %+v, %v", b.Issues, err)
	}
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Issues[0].Document, Reason: "it was the day before"})
	b = Do(m.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
	if _, err = issue(m.Owner, on(yesterday+1, "no power"), 60*kg); !strings.Contains(fields(err), "LOT-20260212-002 came in or changed after that day.") {
		t.Errorf("what came back today was used before: %s", fields(err)) // the reversal is an inbound row of today
	}
	m.buy(m.coriander, 40, 4_000_00)
	if b, err = issue(m.Owner, production.Earlier{}, 60*kg); err != nil {
		t.Fatal(err)
	}
	m.GoTo(Start.AddDate(0, 0, 3))
	done := production.CompleteReq{ID: b.ID, Version: b.Version, Output: 96 * kg, Earlier: on(yesterday+1, "no power")}
	if _, err := Try(m.Owner, production.CompleteBatch, done); fields(err) != "invalid: effective_on "+b.Issues[0].Number+", on which this stands, is of 14-Feb-2026. Choose that day or a later one." {
		t.Errorf("out before it went in: %s", fields(err))
	}
	if _, err := Try(m.Owner, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "x", EffectiveOn: yesterday + 1}); !strings.Contains(fields(err), "on which this stands, is of 14-Feb-2026") {
		t.Errorf("back before it went in: %s", fields(err))
	}
	done.EffectiveOn = yesterday + 2
	b = Do(m.Owner, production.CompleteBatch, done)
	if r := b.Result; r.On != yesterday+2 || r.Outputs[0].ExpiryOn != core.NewDate(2026, 11, 13) || !strings.HasPrefix(r.Outputs[0].LotNo, "LOT-20260214-") || !strings.HasPrefix(r.Number, "PR-20260214-") {
		t.Errorf("completed as %+v", r)
	}
	if d := Do(m.Store1, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindProduction}}).Documents[0]; d.Reason != b.Number+": no power" {
		t.Errorf("the reason is %q", d.Reason)
	}
	b = m.start(10 * kg)
	b = Do(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: typed(6*kg, 4*kg)})
	m.GoTo(Start.AddDate(0, 0, 4))
	Do(m.Owner, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke", EffectiveOn: yesterday + 3})
	if early == late {
		t.Error("one lot")
	}
	m.Verify()
}

// TestR25_AnIssueTellsWhyOtherLots: the reason and what was suggested stay with the batch.
func TestR25_AnIssueTellsWhyOtherLots(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	first, second := m.buy(m.cumin, 60, 6_000_00), m.buy(m.cumin, 60, 9_000_00)
	m.buy(m.coriander, 40, 4_000_00)
	b := m.start(100 * kg)
	pick := []stock.Pick{{CellKey: stock.CellKey{Lot: second, Segment: core.Regular, Status: stock.Released}, Qty: 10 * kg}}
	lines := typed(10*kg, 40*kg)
	lines[0].Override = stock.Override{Reason: "this bag is open", Lots: pick}
	b = Do(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: lines,
		Extras: []production.Extra{{Item: m.cumin.ID, Qty: 10 * kg, Reason: "weak batch", Lots: pick}, {Item: m.cumin.ID, Qty: kg, Reason: "as suggested"}}})
	told := func(s []stock.Share) string {
		out := ""
		for _, x := range s {
			out += fmt.Sprintf("%d of %d;", x.Qty/kg, x.Lot)
		}
		return out
	}
	want := fmt.Sprintf("10 of %d;", first)
	if l := b.Card[0]; l.Override != "this bag is open" || told(l.Suggested) != want || b.Card[1].Override != "" || b.Card[1].Suggested != nil {
		t.Errorf("the card tells %+v", b.Card)
	}
	if x := b.Extras; told(x[0].Suggested) != want || x[0].Reason != "weak batch" || x[1].Suggested != nil {
		t.Errorf("the extras tell %+v", x)
	}
}

// TestR22_BlankLinesBlock: a zero is typed like any weight, an extra ingredient needs a
// reason and brings its allergens, other lots are taken with a reason.
func TestR22_BlankLinesBlock(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	hing := m.Item("RAW-019", "Hing", func(i *catalog.ItemFields) { i.Allergens = []string{"gluten"} })
	first, second := m.buy(m.cumin, 60, 6_000_00), m.buy(m.cumin, 60, 9_000_00)
	m.buy(m.coriander, 40, 4_000_00)
	m.buy(hing, 5, 5_000_00)
	b := m.start(100 * kg)
	b = Do(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{typed(61 * kg)[0]}})
	if len(b.Issues) != 2 || b.Issues[0].Lot != first || b.Issues[0].Qty != 60*kg || b.Issues[1].Lot != second || b.Issues[1].Qty != kg {
		t.Errorf("split as %+v", b.Issues)
	}
	_, err := Try(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 60 * kg})
	if fields(err) != "invalid: card[1].actual Coriander: type the weight that was used, 0 if none." {
		t.Errorf("completed with a blank line: %s", fields(err))
	}
	zero := core.Qty(0)
	b = Do(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 2, Qty: &zero}}})
	if b.Card[1].Actual == nil || *b.Card[1].Actual != 0 {
		t.Errorf("a typed zero reads %+v", b.Card[1])
	}
	pick := stock.Pick{CellKey: stock.CellKey{Lot: second, Segment: core.Regular, Status: stock.Released}, Qty: 2 * kg}
	b = Do(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version,
		Extras: []production.Extra{{Item: hing.ID, Qty: kg, Reason: "aroma"}, {Item: m.cumin.ID, Qty: 2 * kg, Reason: "older lot is dusty", Lots: []stock.Pick{pick}}}})
	if fmt.Sprint(b.Allergens) != "[celery gluten]" || len(b.Extras) != 2 || b.Extras[0].Reason != "aroma" {
		t.Errorf("extras are %+v, allergens %v", b.Extras, b.Allergens)
	}
	b = Do(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 62 * kg})
	if b.Result.Input != 64*kg || m.value(m.powder.ID) != 6_000_00+3*150_00+1_000_00 {
		t.Errorf("%d went in, worth %s", b.Result.Input, m.value(m.powder.ID))
	}
	m.Verify()
}

// TestR35_OneOfTwoMillersWins: both type the same batch, and both want the same lot.
func TestR35_OneOfTwoMillersWins(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	lot := m.buy(m.cumin, 70, 7_000_00)
	m.buy(m.coriander, 400, 4_000_00)
	a := m.start(100 * kg)
	b := m.plan(10 * kg)
	b = Do(m.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	both := func(one, two production.IssueReq) []error {
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, q := range []production.IssueReq{one, two} {
			wg.Add(1)
			go func() { defer wg.Done(); _, errs[i] = Try(m.Owner, production.IssueMaterial, q) }()
		}
		wg.Wait()
		return errs
	}
	fifty := production.Issue{Line: 1, Qty: new(core.Qty), Override: stock.Override{Reason: "this bag is open",
		Lots: []stock.Pick{{CellKey: stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Released}, Qty: 50 * kg}}}}
	*fifty.Qty = 50 * kg
	errs := both(production.IssueReq{ID: a.ID, Version: a.Version, Lines: []production.Issue{fifty}}, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{fifty}})
	lost := errs[0]
	if lost == nil {
		lost = errs[1]
	}
	if (errs[0] == nil) == (errs[1] == nil) || core.CodeOf(lost) != core.CodeInsufficientStock || lost.Error() != "LOT-20260212-001: need 50.000 kg, available 20.000 kg." {
		t.Errorf("two batches, one lot: %v, %v", errs[0], errs[1])
	}
	c := m.start(10 * kg)
	q := production.IssueReq{ID: c.ID, Version: c.Version, Lines: typed(kg, kg)}
	errs = both(q, q)
	if lost = errs[0]; lost == nil {
		lost = errs[1]
	}
	if (errs[0] == nil) == (errs[1] == nil) || core.CodeOf(lost) != core.CodeConflict || lost.Error() != core.ConflictMessage {
		t.Errorf("one batch, two millers: %v, %v", errs[0], errs[1])
	}
	m.Verify()
}

// TestRecipesKeepTheirVersions: a batch is made by the version it was planned with.
func TestRecipesKeepTheirVersions(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	b := m.plan(100 * kg)
	f := m.recipe.Fields
	f.Lines = []recipe.Line{{Item: m.cumin.ID, Share: 10_000}}
	r := Do(m.Owner, recipe.UpdateRecipe, recipe.UpdateRecipeReq{ID: m.recipe.ID, Version: 1, Fields: f})
	if r.Version != 2 || len(r.Allergens) != 0 || !r.Current {
		t.Errorf("changed to %+v", r)
	}
	if b = Do(m.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID}); len(b.Card) != 2 || b.RecipeVersion != 1 {
		t.Errorf("the batch is made by %+v", b)
	}
	if old := Do(m.Store1, recipe.GetRecipe, recipe.GetRecipeReq{ID: r.ID, Version: 1}); len(old.Lines) != 2 || old.Current {
		t.Errorf("version 1 reads %+v", old)
	}
	_, err := Try(m.Owner, recipe.UpdateRecipe, recipe.UpdateRecipeReq{ID: m.recipe.ID, Version: 1, Fields: f})
	if core.CodeOf(err) != core.CodeConflict || err.Error() != core.ConflictMessage {
		t.Errorf("an edit of an old version: %v", err)
	}
	// A powder in a powder brings its allergens, but never itself.
	mix := m.Item("BLK-003", "Mix", func(i *catalog.ItemFields) { i.Type = catalog.Bulk })
	made := Do(m.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: "MIX", Name: "Mix", Item: mix.ID, Active: true, Lines: []recipe.Line{{Item: m.coriander.ID, Share: 10_000}}}})
	f.Lines = []recipe.Line{{Item: mix.ID, Share: 10_000}}
	if r = Do(m.Owner, recipe.UpdateRecipe, recipe.UpdateRecipeReq{ID: m.recipe.ID, Version: 2, Fields: f}); fmt.Sprint(r.Allergens) != "[celery]" {
		t.Errorf("allergens of a powder in a powder: %v", r.Allergens)
	}
	loop := made.Fields
	loop.Lines = []recipe.Line{{Item: m.powder.ID, Share: 10_000}}
	if _, err := Try(m.Owner, recipe.UpdateRecipe, recipe.UpdateRecipeReq{ID: made.ID, Version: 1, Fields: loop}); fields(err) != "invalid: lines[0].item Garam masala is itself made with this powder." {
		t.Errorf("a powder of itself: %s", fields(err))
	}
	if l := Do(m.Store1, recipe.ListRecipes, recipe.ListRecipesReq{Query: "gar"}); l.Total != 1 || l.Recipes[0].Version != 3 {
		t.Errorf("found %+v", l)
	}
}
