package production_test

import (
	"fmt"
	"strings"
	"testing"

	"masala/core"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/report"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// TestR20_ConservationToThePaisa is the vector: 200 kg at ₹100 make 195 kg that carry
// ₹20,000.00, ₹102.5641 a kg.
func TestR20_ConservationToThePaisa(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	b := m.charged(200, 12_000_00, 8_000_00)
	if b.Issued != 200*kg || len(b.Issues) != 2 || *b.Card[0].Actual != 120*kg || b.Version != 3 {
		t.Errorf("issued as %+v", b)
	}
	b = Do(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 195 * kg, Waste: []production.Waste{{Reason: "DUST", Qty: 2 * kg}}})
	r := b.Result
	if r == nil || r.Loss != 5*kg || r.Invisible != 3*kg || r.LossShare != 250 || r.Yield != 9750 || r.Alert || r.Limit != 550 || r.Outputs[0].ExpiryOn != core.NewDate(2026, 11, 11) {
		t.Fatalf("completed as %+v", r)
	}
	v := m.valued(b)
	if v.InputValue != 20_000_00 || v.OutputValues[0] != 20_000_00 || core.FormatRate(v.Rate) != "102.5641" || v.LossCost != 500_00 || m.value(m.powder.ID) != 20_000_00 {
		t.Errorf("valued as %+v", v)
	}
	rows := Do(m.Store1, production.ListBatches, production.ListBatchesReq{States: []production.State{production.Completed}}).Batches
	if len(rows) != 1 || rows[0].Loss != 250 || rows[0].Output != 195*kg || rows[0].Alert {
		t.Errorf("listed as %+v", rows)
	}
	m.Verify()
}

// TestR20_ByProducts take a share or their net realisable value, the powder the rest.
func TestR20_ByProducts(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	b := m.charged(200, 12_000_01, 8_000_00)
	b = Do(m.Owner, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 190 * kg,
		ByProducts: []production.ByProduct{{Item: m.husk.ID, Qty: 5 * kg, Share: new(core.Percent(333))}, {Item: m.husk.ID, Qty: kg, NRV: 60_00}}})
	v := m.valued(b)
	// 3.33 % of 20,000.01 is 666.000333
	if fmt.Sprint(v.OutputValues) != fmt.Sprint([]core.Paise{20_000_01 - 666_00 - 60_00, 666_00, 60_00}) || b.Result.Loss != 4*kg {
		t.Errorf("valued as %v, loss %d", v.OutputValues, b.Result.Loss)
	}
	if q := m.Int(`SELECT sum(qty) FROM edge WHERE parent_id IS NOT NULL`); core.Qty(q) != 200*kg {
		t.Errorf("the edges take %d of the ingredients", q)
	}
	if value := m.Int(`SELECT sum(value) FROM edge WHERE parent_id IS NOT NULL`); value != 20_000_01 {
		t.Errorf("the edges take %d paise", value)
	}
	m.Verify()
}

// TestR20_SharesOfAPaisa: rounded one by one, two halves of 3 paise would be 4. Shares
// alone never ask for more than there is, whoever gives them.
func TestR20_SharesOfAPaisa(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	b := m.charged(100, 2, 1)
	b = Do(m.Owner, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 90 * kg,
		ByProducts: []production.ByProduct{{Item: m.husk.ID, Qty: 5 * kg, Share: new(core.Percent(5000))}, {Item: m.husk.ID, Qty: kg, Share: new(core.Percent(5000))}}})
	v := m.valued(b)
	if fmt.Sprint(v.OutputValues) != fmt.Sprint([]core.Paise{0, 2, 1}) {
		t.Errorf("valued as %v", v.OutputValues)
	}
	m.Verify()
}

// TestR20_TheRecipeSharesTheCost: who weighs a batch does not decide where its cost goes.
// A milligram of husk took all of it, when its share was typed at the mill.
func TestR20_TheRecipeSharesTheCost(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.buy(m.cumin, 120, 12_000_00)
	m.buy(m.coriander, 80, 8_000_00)
	complete := func(u *User, b production.Batch, by ...production.ByProduct) (production.Batch, error) {
		return Try(u, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 90 * kg, ByProducts: by})
	}
	husk := production.ByProduct{Item: m.husk.ID, Qty: kg}
	all, some, none := husk, husk, husk
	all.Share, some.Share, none.Share = new(core.Whole), new(core.Percent(500)), new(core.Percent(0))

	plain := m.issue(m.start(100*kg), 60*kg, 40*kg)
	before := m.Tables()
	if _, err := complete(m.Store1, plain, all); fields(err) != "invalid: by_products[0].share Only an Admin may change the share of the cost that a by-product takes. Leave it empty: the recipe gives it 0 %." {
		t.Errorf("an Operator moves the cost: %s", fields(err))
	}
	m.Unchanged(before, "a completion that was refused")
	plain, err := complete(m.Store1, plain, husk, none)
	if v := m.valued(plain); err != nil || fmt.Sprint(v.OutputValues) != fmt.Sprint([]core.Paise{10_000_00, 0, 0}) {
		t.Errorf("a by-product the recipe does not know: %v, %v", v.OutputValues, err)
	}

	f := m.recipe.Fields
	f.ByProducts = []recipe.ByProduct{{Item: m.husk.ID, Share: 500}}
	m.recipe = Do(m.Owner, recipe.UpdateRecipe, recipe.UpdateRecipeReq{ID: m.recipe.ID, Version: m.recipe.Version, Fields: f})
	b := m.issue(m.start(100*kg), 60*kg, 40*kg)
	if len(b.Beside) != 1 || b.Beside[0].Share != 500 || b.Beside[0].Name != "Husk" {
		t.Errorf("the card expects %+v", b.Beside)
	}
	for _, c := range []struct {
		by   []production.ByProduct
		want string
	}{
		{[]production.ByProduct{all}, "invalid: by_products[0].share Only an Admin may change the share of the cost that a by-product takes. Leave it empty: the recipe gives it 5 %."},
		{[]production.ByProduct{none}, "invalid: by_products[0].share Only an Admin may change the share of the cost that a by-product takes. Leave it empty: the recipe gives it 5 %."},
		{[]production.ByProduct{husk, some}, "invalid: by_products[1].item This by-product is here twice, and its share is for all of it. Enter its weight once."},
	} {
		if _, err := complete(m.Store1, b, c.by...); fields(err) != c.want {
			t.Errorf("%+v: %s", c.by, fields(err))
		}
	}
	if b, err = complete(m.Store1, b, husk); err != nil {
		t.Fatal(err)
	}
	if v := m.valued(b); fmt.Sprint(v.OutputValues) != fmt.Sprint([]core.Paise{9_500_00, 500_00}) {
		t.Errorf("valued as %v", v.OutputValues)
	}
	m.Verify()
}

// TestR37_RefusalsOfACompletionTellNoCost: what an Operator is refused does not depend on
// what the material is worth, so it cannot be found by halving.
func TestR37_RefusalsOfACompletionTellNoCost(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	b := m.charged(100, 40_000_00, 31_777_17)
	before := m.Tables()
	said := map[core.ItemID]map[string]bool{m.husk.ID: {}, 9999: {}}
	for _, item := range []core.ItemID{m.husk.ID, 9999} {
		for _, worth := range []core.Paise{1, 71_777_16, 71_777_17, 71_777_18, 1_000_000_00} {
			_, err := Try(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 90 * kg,
				ByProducts: []production.ByProduct{{Item: item, Qty: kg, NRV: worth}}})
			said[item][fields(err)] = true
		}
	}
	const only = "invalid: by_products[0].nrv Only an Admin may give a by-product a value in rupees. Leave it empty."
	if len(said[m.husk.ID]) != 1 || !said[m.husk.ID][only] || len(said[9999]) != 1 || !said[9999][only+"; by_products[0].item Choose a by-product from the list."] {
		t.Errorf("an Operator is told %v", said)
	}
	m.Unchanged(before, "completions that were refused")
	_, err := Try(m.Owner, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 90 * kg, ByProducts: []production.ByProduct{{Item: m.husk.ID, Qty: kg, NRV: 71_777_18}}})
	if fields(err) != "invalid: by_products The by-products are worth more than the material that went in. Lower their value." {
		t.Errorf("an Admin is told %s", fields(err))
	}
}

// TestR19_MoreOutThanIn is refused, but an Admin may give the reason.
func TestR19_MoreOutThanIn(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	b := m.charged(100, 6_000_00, 4_000_00)
	req := production.CompleteReq{ID: b.ID, Version: b.Version, Output: 101 * kg, GainReason: "moisture"}
	if _, err := Try(m.Store1, production.CompleteBatch, req); fields(err) != "invalid: output 100.000 kg went in and 101.000 kg came out. Check the weights, or ask an Admin to complete it with a reason." {
		t.Errorf("an Operator: %s", fields(err))
	}
	req.GainReason = ""
	if _, err := Try(m.Owner, production.CompleteBatch, req); !strings.Contains(fields(err), "gain_reason") {
		t.Errorf("without a reason: %s", fields(err))
	}
	req.GainReason = "moisture"
	if b := Do(m.Owner, production.CompleteBatch, req); b.Result.Loss != -kg || b.Result.Gain != kg || b.Result.Invisible != 0 || b.Result.GainReason != "moisture" {
		t.Errorf("completed as %+v", b.Result)
	}
	m.Verify()
}

// TestR21_AbnormalLoss is loaded on the powder, or expensed by an Admin: of 100 kg for
// ₹10,000.00, 10 kg lost where 4 are standard, 6 kg are ₹600.00.
func TestR21_AbnormalLoss(t *testing.T) {
	t.Parallel()
	for _, expense := range []bool{false, true} {
		m := newMill(t)
		b := m.charged(100, 6_000_00, 4_000_00)
		b = Do(m.Owner, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 90 * kg, Expense: expense})
		want := map[bool]core.Paise{false: 10_000_00, true: 9_400_00}[expense]
		if m.value(m.powder.ID) != want || !b.Result.Alert || b.Result.Expensed != map[bool]core.Qty{true: 6 * kg}[expense] {
			t.Errorf("expense %v: the powder is worth %s: %+v", expense, m.value(m.powder.ID), b.Result)
		}
		m.Verify()
	}
}

// TestR21_TheExpensedLossLeavesFirst: of 100 kg for ₹10,000.01, 10 kg lost where 4 are
// standard, 6 kg leave with ₹600.00; the shares are of the ₹9,400.01 that remain, all of it
// too, so shares alone are never refused. A value in rupees may be too high.
func TestR21_TheExpensedLossLeavesFirst(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		shares []core.Percent
		nrv    core.Paise
		want   string // of the powder and the by-products, or a refusal
	}{
		{[]core.Percent{500}, 0, "[₹ 8,930.01 ₹ 470.00]"}, // 470.0005
		{[]core.Percent{core.Whole}, 0, "[₹ 0.00 ₹ 9,400.01]"},
		{[]core.Percent{3333, 6667}, 0, "[₹ 0.00 ₹ 3,133.02 ₹ 6,266.99]"}, // 3,133.023333
		{[]core.Percent{9999}, 94, "[₹ 0.00 ₹ 9,399.07 ₹ 0.94]"},          // 9,399.069999
		{[]core.Percent{core.Whole}, 1, "invalid: by_products The by-products are worth more than what the expensed loss leaves of the material. Lower their value."},
		{nil, 9_400_02, "invalid: by_products The by-products are worth more than what the expensed loss leaves of the material. Lower their value."},
	} {
		m := newMill(t)
		b := m.charged(100, 6_000_01, 4_000_00)
		req := production.CompleteReq{ID: b.ID, Version: b.Version, Output: 90 * kg, Expense: true}
		for _, s := range x.shares {
			req.ByProducts = append(req.ByProducts, production.ByProduct{Item: m.husk.ID, Qty: kg, Share: &s})
		}
		if x.nrv > 0 {
			req.ByProducts = append(req.ByProducts, production.ByProduct{Item: m.husk.ID, Qty: kg, NRV: x.nrv})
		}
		req.Output -= kg * core.Qty(len(req.ByProducts))
		b, err := Try(m.Owner, production.CompleteBatch, req)
		got := fields(err)
		if err == nil {
			v := m.valued(b)
			if got = fmt.Sprint(v.OutputValues); v.ExpensedCost != 600_00 {
				t.Errorf("%v: %s expensed", x.shares, v.ExpensedCost)
			}
		}
		if got != x.want {
			t.Errorf("shares of %v and %s: %s, want %s", x.shares, x.nrv, got, x.want)
		}
		m.Verify()
	}
}

// TestR21_AWhollyLostBatch: what burnt to nothing is completed by an Admin, who expenses
// it; before, it could only be put back into stock as if it were good.
func TestR21_AWhollyLostBatch(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	cumin := m.buy(m.cumin, 60, 6_000_00)
	m.buy(m.coriander, 40, 4_000_00)
	b := m.issue(m.start(100*kg), 60*kg, 40*kg)
	lost := production.CompleteReq{ID: b.ID, Version: b.Version, Expense: true, Waste: []production.Waste{{Reason: "BURNT_ROAST", Qty: 90 * kg}}}
	for _, c := range []struct {
		by   *User
		want string
		q    production.CompleteReq
	}{
		{m.Store1, "invalid: expense Only an Admin may expense an abnormal loss.", lost},
		{m.Owner, "invalid: output Enter how much powder came out. Where all of it was lost, an Admin enters 0 and expenses the loss.", production.CompleteReq{ID: b.ID, Version: b.Version}},
		{m.Owner, "invalid: by_products Of a batch that was wholly lost nothing comes out. Enter the powder, or no by-products.; waste Say what became of it all: enter the waste.",
			production.CompleteReq{ID: b.ID, Version: b.Version, Expense: true, ByProducts: []production.ByProduct{{Item: m.husk.ID, Qty: kg}}}},
	} {
		if _, err := Try(c.by, production.CompleteBatch, c.q); fields(err) != c.want {
			t.Errorf("%+v: %s", c.q, fields(err))
		}
	}
	b = Do(m.Owner, production.CompleteBatch, lost)
	r := b.Result
	if b.State != production.Completed || !b.Alert || b.Loss != core.Whole || r.Loss != 100*kg || r.Invisible != 10*kg || r.Expensed != 100*kg || len(r.Outputs) != 0 || r.Yield != 0 {
		t.Errorf("completed as %+v, %+v", b.Row, r)
	}
	if v := m.valued(b); v.InputValue != 10_000_00 || v.ExpensedCost != 10_000_00 || v.LossCost != 10_000_00 || len(v.OutputValues) != 0 {
		t.Errorf("valued as %+v", v)
	}
	if w := Do(m.Store1, report.Wastage, report.WastageReq{}); w.Mill.Alerts != 1 || w.Mill.Loss != 100*kg || len(w.Reasons) != 2 || w.Reasons[0].Qty != 90*kg {
		t.Errorf("reported as %+v", w)
	}
	if n := m.Int(`SELECT sum(value) FROM ledger WHERE account = 'LOSS'`); n != 10_000_00 {
		t.Errorf("the loss is %d paise", n)
	}
	if tr := Do(m.Store1, trace.TraceLot, trace.LotReq{Lot: cumin}); tr.Balance.Lost != 60*kg || tr.Balance.WIP != 0 || tr.Balance.In() != tr.Balance.Out() || tr.Descendants != 0 {
		t.Errorf("traced as %+v", tr)
	}
	m.Verify()
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: r.Document, Reason: "half of it was good"})
	b = Do(m.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
	b = Do(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 50 * kg})
	if v := m.value(m.powder.ID); v != 10_000_00 {
		t.Errorf("the powder is worth %s", v)
	}
	m.Verify()
}

// TestR09_BatchesGoBackStepByStep: reversing the completion makes the batch run again,
// reversing its issues empties it, and every balance is as before.
func TestR09_BatchesGoBackStepByStep(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.buy(m.cumin, 60, 6_000_01)
	m.buy(m.coriander, 40, 4_000_00)
	b := m.issue(m.start(100*kg), 59*kg, 40*kg)
	issue := b.Issues[0].Document
	b = Do(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 95 * kg})
	if _, err := Try(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: issue, Reason: "x"}); core.CodeOf(err) != core.CodeConflict || !strings.Contains(err.Error(), b.Result.Number) {
		t.Errorf("the issue under a completion was reversed: %v", err)
	}
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Result.Document, Reason: "wrong weight"})
	b = Do(m.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
	if b.State != production.Running || b.Result != nil || b.Issued != 99*kg {
		t.Errorf("after the reversal: %+v", b)
	}
	b = Do(m.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 94 * kg})
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Result.Document, Reason: "wrong weight"})
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: issue, Reason: "wrong weight"})
	if m.value(m.cumin.ID) != 6_000_01 || m.value(m.coriander.ID) != 4_000_00 || m.value(m.powder.ID) != 0 {
		t.Error("the balances are not as before")
	}
	b = Do(m.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
	if b.Card[0].Actual != nil || b.Issued != 0 {
		t.Errorf("weights of a reversed issue count: %+v", b.Card[0])
	}
	b = m.issue(b, 30*kg, 20*kg)
	b = Do(m.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
	if b.State != production.Cancelled || m.value(m.cumin.ID) != 6_000_01 || m.value(m.coriander.ID) != 4_000_00 {
		t.Errorf("cancelled as %+v", b)
	}
	m.Verify()
}
