package flow_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// factories is how many random factories a test run plays, where nobody asks for others.
const factories = 25

func init() { RapidRounds(factories) }

// story is a random factory together with the reader of its books.
type story struct {
	*person
	*books
	tally   *Tally
	jumbled bool // something was cancelled while something later stood on the same lots
}

func newStory(t testing.TB, s source, tally *Tally, log, fatal func(string, ...any)) *story {
	f, m := newFactory(t)
	tally.Factory(f)
	p := &person{Factory: f, masters: m, source: s, alone: true, user: f.Store1, log: log, fatal: fatal}
	return &story{person: p, books: openBooks(p), tally: tally}
}

func (s *story) end() {
	s.db.Close()
	s.Scrap()
}

// step does one thing, reads the books and holds them against the rules.
func (s *story) step(do func(*person) bool) bool {
	done := do(s.person)
	s.news()
	s.compare()
	return done
}

// news reads what was posted since.
func (s *story) news() (fresh []*paper) {
	fresh = s.follow()
	for _, d := range fresh {
		s.happened(d)
		if d.kind != stock.KindReversal {
			continue
		}
		for _, id := range s.order {
			later := s.papers[id]
			s.jumbled = s.jumbled || id > d.reverses && id < d.id && !later.cancelled && later.kind != stock.KindReversal && sharesLot(d, later)
		}
	}
	return fresh
}

func sharesLot(a, b *paper) bool {
	lots := map[core.LotID]bool{}
	for _, x := range a.rows {
		lots[x.key.Lot] = true
	}
	return slices.ContainsFunc(b.rows, func(x row) bool { return lots[x.key.Lot] })
}

// next is what a day brings.
func (s *story) next() {
	switch s.evenly(15, "what next") {
	case 12:
		s.step(tomorrow)
	case 13, 14:
		s.thereAndBack(anything)
	case 15:
		if s.seldom("end of the month") {
			s.step(closeMonth)
			return
		}
		fallthrough
	default:
		s.step(anything)
	}
}

// happened counts what a document says was done.
func (s *story) happened(d *paper) {
	count := func(is bool, what string) {
		if is {
			s.tally.Happened(what)
		}
	}
	sums := map[stock.Account]held{}
	made, passed := 0, 0
	for _, x := range d.rows {
		sum := sums[x.account]
		sums[x.account] = held{sum.q + x.q, sum.v + x.v}
		if x.account == stock.InStock && x.q > 0 {
			made++
		}
	}
	for _, e := range d.edges {
		if e.parent != 0 {
			passed++
		}
	}
	switch d.kind {
	case stock.KindProduction:
		count(true, "batch completed")
		count(made == 0, "batch wholly lost")
		count(made > 1, "batch completed with a by-product")
		count(sums[stock.Loss].v != 0, "batch completed, abnormal loss expensed")
		count(sums[stock.Loss].q < 0, "batch completed with a gain")
	case stock.KindPacking:
		count(true, "packing run")
		count(sums[stock.Loss].q > 0, "packing run with a loss")
	case stock.KindDispatch:
		count(true, "dispatch")
	case stock.KindSalesReturn:
		count(true, "return from a customer")
		count(sums[stock.Loss].q > 0, "return from a customer, damaged")
	case stock.KindPurchaseReturn:
		count(true, "return to a supplier")
	case stock.KindMaterialReturn:
		count(true, "material back from a cancelled batch")
	case stock.KindPriceCorrection:
		count(true, "late price")
		count(passed > 0, "late price on goods made")
		count(passed > 0 && sums[stock.COGS].v != 0, "late price on goods made and sold")
		count(sums[stock.WIP].v != 0, "late price on material in process")
		count(sums[stock.Variance].v != 0, "late price in part to variance")
		count(sums[stock.Loss].v != 0, "late price in part to losses")
	case stock.KindCount:
		count(true, "count with a difference")
	case stock.KindTransfer:
		count(true, "transfer to the other segment")
	case stock.KindReversal:
		count(true, "reversal")
		count(s.papers[d.reverses].kind != stock.KindGRN, "reversal of "+string(s.papers[d.reverses].kind))
	}
}

// thereAndBack does something and, if it posted, cancels it: every balance is exactly
// what it was (R9).
func (s *story) thereAndBack(do func(*person) bool) bool {
	before, from := s.view(), len(s.order)
	done := do(s.person)
	fresh := s.news()
	if len(fresh) == 0 || fresh[0].kind == stock.KindReversal {
		return done
	}
	s.log("and back")
	_, err := try(s.person, s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: fresh[0].id, Reason: "entered wrongly"})
	if err != nil && !frozen(err) {
		s.fatal("%s cannot be cancelled at once: %s", fresh[0].number, said(err))
	}
	s.follow()
	s.compare()
	if err == nil {
		if diff := different(before, s.view()); len(diff) > 0 {
			s.fatal("%s, cancelled at once, leaves %q (R9)", s.papers[s.order[from]].number, diff)
		}
	}
	return done
}

// view is every balance and every state that follows from documents.
func (s *story) view() map[string]string {
	v := s.balances()
	for _, b := range read(s.person, production.ListBatches, production.ListBatchesReq{Limit: 500}).Batches {
		v["batch "+b.Number] = fmt.Sprint(b.State, b.Issued, b.Output, b.Loss, b.Alert)
	}
	for _, o := range read(s.person, sales.ListOrders, sales.ListOrdersReq{Limit: 500}).Orders {
		d := read(s.person, sales.GetOrder, sales.GetOrderReq{ID: o.ID})
		text := fmt.Sprint(d.State)
		for _, x := range d.Items {
			text += fmt.Sprint(" ", x.Dispatched)
		}
		v["sales order "+o.Number] = text
	}
	for _, o := range read(s.person, purchase.ListOrders, purchase.ListOrdersReq{Limit: 500}).Orders {
		d := read(s.person, purchase.GetOrder, purchase.GetOrderReq{ID: o.ID})
		text := fmt.Sprint(d.State)
		for _, x := range d.Items {
			text += fmt.Sprint(" ", x.Received)
		}
		v["purchase order "+o.Number] = text
	}
	return v
}

// agree asks the server for what the ledger says.
func (s *story) agree() {
	s.overTime()
	var sum core.Paise
	for _, a := range s.accounts {
		sum += a.v
	}
	tb := read(s.person, stock.TrialBalance, stock.TrialBalanceReq{})
	for _, a := range tb.Accounts {
		if a.Value != s.accounts[a.Account].v {
			s.fatal("the trial balance shows %s %d, the ledger %d", a.Account, a.Value, s.accounts[a.Account].v)
		}
	}
	if sum != 0 || tb.Sum != 0 {
		s.fatal("the accounts sum to %d, the trial balance to %d (R5)", sum, tb.Sum)
	}
	if v := read(s.person, stock.Valuation, stock.ValuationReq{}); v.Total != s.accounts[stock.InStock].v || v.InProcess != s.accounts[stock.WIP].v {
		s.fatal("the stock is valued at %d and %d in process, the ledger says %d and %d", v.Total, v.InProcess, s.accounts[stock.InStock].v, s.accounts[stock.WIP].v)
	}
	var inProcess core.Paise
	for _, b := range read(s.person, production.ListBatches, production.ListBatchesReq{States: []production.State{production.Running}, Limit: 500}).Batches {
		inProcess += read(s.person, production.GetValuedBatch, production.GetBatchReq{ID: b.ID}).InputValue
	}
	if inProcess != s.accounts[stock.WIP].v {
		s.fatal("the running batches hold %d, in process are %d (R20)", inProcess, s.accounts[stock.WIP].v)
	}
	s.figures()
	s.wastage()
	s.traces()
	if r := s.Problems(); !r.OK() {
		s.fatal("the verifier finds %q", r.Problems)
	}
}

// wastage: what the reports say was lost is what the ledger says, and every way to
// split it sums to the same (R19).
func (s *story) wastage() {
	day := s.today()
	w := read(s.person, report.ValuedWastage, report.WastageReq{From: day.AddDays(1 - report.MaxWastage), To: day, Limit: 500})
	var input, output, lost core.Qty
	for _, d := range s.papers {
		if d.kind != stock.KindProduction || d.cancelled {
			continue
		}
		var in, out core.Qty
		for _, x := range d.rows {
			switch {
			case x.account == stock.WIP:
				in -= x.q
			case x.account == stock.InStock:
				out += x.q
			}
		}
		input, output, lost = input+in, output+out, lost+max(in-out, 0)
	}
	if w.Mill.Input != input || w.Mill.Output+w.Mill.ByProducts != output || w.Mill.Loss != lost || w.Mill.Recorded+w.Mill.Invisible != lost {
		s.fatal("the report says %+v; the ledger %d in, %d out, %d lost", w.Mill, input, output, lost)
	}
	for name, groups := range map[string][]report.ValuedLossGroup{"products": w.Products, "operators": w.Operators, "suppliers": w.Suppliers} {
		var in, q core.Qty
		var v core.Paise
		for _, g := range groups {
			in, q, v = in+g.Input, q+g.Loss, v+g.Value
		}
		if in != input || q != lost || v != w.Value {
			s.fatal("the %s sum to %d in, %d lost worth %d, must be %d, %d, %d", name, in, q, v, input, lost, w.Value)
		}
	}
	var q core.Qty
	var v core.Paise
	for _, r := range w.Reasons {
		q, v = q+r.Qty, v+r.Value
	}
	if q != lost+w.Packing.Lost+w.Packing.Overfill || v != w.Value+w.PackingValue {
		s.fatal("the reasons sum to %d worth %d, must be %d worth %d", q, v, lost+w.Packing.Lost+w.Packing.Overfill, w.Value+w.PackingValue)
	}
	s.lineLosses(w.Line)
	home := read(s.person, report.ValuedDashboard, report.DashboardReq{})
	if home.Total != s.accounts[stock.InStock].v {
		s.fatal("the dashboard shows %d, the ledger %d", home.Total, s.accounts[stock.InStock].v)
	}
	open := read(s.person, production.ListBatches, production.ListBatchesReq{States: []production.State{production.Planned, production.Running}, Limit: 500}).Batches
	if home.Work.Planned+home.Work.Running != len(open) {
		s.fatal("the dashboard counts %+v, open are %d batches", home.Work, len(open))
	}
}

// lineLosses: what the packing line lost of each item is what the ledger says, and every
// way to split it sums to the same (R26).
func (s *story) lineLosses(l report.ValuedPackingLine) {
	lost := map[core.ItemID]core.Qty{}
	for _, d := range s.papers {
		if d.kind != stock.KindPacking || d.cancelled {
			continue
		}
		for _, x := range d.rows {
			if x.account == stock.Loss {
				lost[x.item] += x.q
			}
		}
	}
	worth := map[string]core.Paise{}
	for _, m := range l.Materials {
		if lost[m.Item] != m.Lost {
			s.fatal("the line lost %d of %s, the ledger says %d", m.Lost, m.Name, lost[m.Item])
		}
		delete(lost, m.Item)
		worth["materials"] += m.Value
	}
	for item, q := range lost {
		if q != 0 {
			s.fatal("the ledger says that %d of item %d were lost, the report nothing", q, item)
		}
	}
	for _, g := range l.Goods {
		worth["goods"] += g.Value
	}
	for _, g := range l.Operators {
		worth["operators"] += g.Value
	}
	for _, r := range l.LosingRuns {
		worth["runs"] += r.Value
	}
	for what, v := range worth {
		if v != l.Value {
			s.fatal("what the line lost is worth %d, the %s sum to %d", l.Value, what, v)
		}
	}
}

// traces: the genealogy by edges is the one a naive reader of all edges finds, the
// mass balance of every lot balances, and open recalls hold every descendant (R29, R30).
func (s *story) traces() {
	children := map[core.LotID]map[core.LotID]bool{}
	lots := map[core.LotID]bool{}
	for _, e := range s.edges {
		lots[e.child] = true
		if e.parent != 0 && s.stands(e) {
			if children[e.parent] == nil {
				children[e.parent] = map[core.LotID]bool{}
			}
			children[e.parent][e.child] = true
		}
	}
	onHand := map[core.LotID]core.Qty{}
	for k, c := range s.cells {
		onHand[k.Lot] += c.q
	}
	for lot := range lots {
		below := map[core.LotID]bool{}
		for todo := []core.LotID{lot}; len(todo) > 0; todo = todo[1:] {
			for child := range children[todo[0]] {
				if !below[child] {
					below[child] = true
					todo = append(todo, child)
				}
			}
		}
		got := read(s.person, trace.TraceLot, trace.LotReq{Lot: lot, Limit: 500})
		for next := got.Next; next != ""; {
			more := read(s.person, trace.TraceLot, trace.LotReq{Lot: lot, After: next, Limit: 500})
			got.Nodes, next = append(got.Nodes, more.Nodes...), more.Next
		}
		if got.Balance.In() != got.Balance.Out() || got.Balance.OnHand != onHand[lot] || got.Balance.WIP != s.wip[lot].q {
			s.fatal("lot %d: %+v does not balance, on hand %d, in process %d (R29)", lot, got.Balance, onHand[lot], s.wip[lot].q)
		}
		if got.Descendants != len(below) {
			s.fatal("lot %d has %d descendants, the trace finds %d (R29)", lot, len(below), got.Descendants)
		}
		for _, n := range got.Nodes[1+got.Ancestors:] {
			if !below[n.Lot] {
				s.fatal("the trace of lot %d finds lot %d, no descendant (R29)", lot, n.Lot)
			}
			if got.Nodes[0].Frozen != "" && n.Frozen == "" {
				s.fatal("lot %d is frozen by %s, its descendant %d is not (R30)", lot, got.Nodes[0].Frozen, n.Lot)
			}
		}
	}
}

// undo lifts every recall and cancels everything, newest first. Where nothing was
// cancelled out of order before, everything can be, and nothing is left.
func (s *story) undo() {
	for closeRecall(s.person) {
	}
	for again := true; again; {
		again = false
		for at := len(s.order) - 1; at >= 0; at-- {
			d := s.papers[s.order[at]]
			if d.kind == stock.KindReversal || d.cancelled {
				continue
			}
			switch ok := reverse(s.person, d.id); {
			case ok:
				again = true
				s.follow()
			case !s.jumbled:
				s.fatal("%s, the newest that stands, cannot be cancelled (R9)", d.number)
			}
		}
	}
	s.compare()
	if left := s.balances(); !s.jumbled && len(left) > 0 {
		s.fatal("after everything was cancelled there is still %q (R9)", left)
	}
	s.agree()
}

// areas are those of the operations that people in random factories perform, and
// masterWrites those that only set a factory up.
var (
	areas        = []string{"packing", "production", "purchase", "recipe", "sales", "stock", "trace"}
	masterWrites = []string{"packing.create_profile", "recipe.create_recipe"}
)

// least is how often each kind of act must have been accepted, or have happened, over
// the usual number of factories: about a third of what it usually is.
var least = map[string]int{
	"batch completed": 25, "batch completed with a by-product": 7, "batch completed with a gain": 1, "production.cancel_batch": 5,
	"packing run": 35, "packing run with a loss": 9, "dispatch": 40, "return from a customer": 25, "return from a customer, damaged": 9, "return to a supplier": 7,
	"late price": 28, "late price on goods made": 9, "late price on goods made and sold": 1, "late price on material in process": 1,
	"count with a difference": 2, "transfer to the other segment": 9, "reversal": 20, "reversal of QC": 1, "stock.record_count": 15,
	"purchase.post_grn": 25, "purchase.create_order": 10, "stock.post_opening": 15, "stock.adjust": 14, "stock.hold_lot": 12, "stock.release_lot": 22, "stock.reject_lot": 1,
	"stock.close_period": 3, "recipe.update_recipe": 6, "packing.update_profile": 5, "sales.create_order": 30, "sales.mark_dispatched": 12,
	"trace.open_recall": 17, "trace.close_recall": 17, "story undone to nothing": 5, Refused: 50,
}

// TestProperty_FlowFollowsTheRules plays random factories over every operation: some
// weeks of what can be done, with some of what cannot.
func TestProperty_FlowFollowsTheRules(t *testing.T) {
	tally := NewTally()
	rapid.Check(t, func(r *rapid.T) {
		s := newStory(t, rapidSource{r}, tally, r.Logf, r.Fatalf)
		defer s.end()
		s.step(begin)
		for range 3 {
			r.Repeat(map[string]func(*rapid.T){"next": func(*rapid.T) { s.next() }})
		}
		s.agree()
		s.undo()
		if s.jumbled {
			tally.Happened("story whose reversals came out of order")
		} else {
			tally.Happened("story undone to nothing")
		}
	})
	t.Log(tally)
	tally.Least(t, factories, least)
	tally.Tried(t, factories, areas, masterWrites...)
}
