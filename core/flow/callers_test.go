package flow_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// callers is how many people act at once.
const callers = 50

// rounds is how often a test repeats: short by default, and more or less of it as
// MASALA_PROPERTY_ROUNDS asks for more or fewer factories, most at most.
func rounds(short, most int) int {
	return min(max(1, short*Rounds(factories)/factories), most)
}

// fifty is what the fifty must have got done at least: every kind of document that moves
// stock or value.
var fifty = map[string]int{
	"purchase.post_grn": 10, "stock.post_opening": 6, "production.issue_material": 4, "production.complete_batch": 2, "packing.post_run": 5, "sales.confirm_dispatch": 5, "sales.post_return": 3,
	"purchase.correct_price": 8, "purchase.return_goods": 3, "stock.adjust": 4, "stock.hold_lot": 3, "stock.release_lot": 5, "stock.transfer_segment": 3, "stock.record_count": 3, "stock.reverse_document": 8,
	"trace.open_recall": 5, "trace.close_recall": 5, Refused: 40,
}

// TestR40_FiftyCallersAtOnce: fifty people do anything at the same time, on one file, on
// two days. In whatever order the writer takes them, every row of the ledger follows
// the rules, and the books agree with it.
func TestR40_FiftyCallersAtOnce(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	tally := NewTally()
	tally.Factory(f)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	new := func(n uint64, u *User) *person {
		return &person{Factory: f, masters: m, source: newSeedSource(seed + n), user: u, log: func(string, ...any) {},
			fatal: func(format string, args ...any) { t.Errorf(format, args...); runtime.Goexit() }}
	}
	for i := range 5 {
		Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: fmt.Sprintf("mill%d", i), Name: "Mill", Role: core.Operator, Password: Password})
	}
	for range 4 {
		begin(new(0, f.Store1))
	}
	for day := range 2 {
		var people [callers]*person
		for i := range people {
			people[i] = new(uint64(1+day*callers+i), f.Login(fmt.Sprintf("mill%d", i%5), f.Store1.Request("", "", nil).Peer))
		}
		var wg sync.WaitGroup
		for _, p := range people {
			wg.Go(func() {
				for range rounds(8, 60) {
					anything(p)
				}
			})
		}
		wg.Wait()
		f.GoTo(Start.Add(time.Duration(day+1) * 24 * time.Hour))
	}
	s := &story{person: new(0, f.Store1), tally: tally}
	s.books = openBooks(s.person)
	defer s.db.Close()
	s.follow()
	s.compare()
	s.agree()
	for _, d := range s.order {
		s.happened(s.papers[d])
	}
	t.Logf("%d documents%s", len(s.order), tally)
	if Rounds(factories) >= factories {
		tally.Least(t, 1, fifty)
	}
	if len(s.order) < callers/2 {
		t.Errorf("only %d documents were posted", len(s.order))
	}
}

// race lets an Admin at the server and somebody at another PC do something at the same
// moment. It tells how many won and what the one who lost was told.
func race(a, b *User, do, or func(*User) error) (wins int, lost error) {
	var wg sync.WaitGroup
	var errs [2]error
	ready := make(chan struct{})
	for i, act := range []func() error{func() error { return do(a) }, func() error { return or(b) }} {
		wg.Go(func() {
			<-ready
			errs[i] = act()
		})
	}
	close(ready)
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			wins++
		} else {
			lost = err
		}
	}
	return wins, lost
}

// both is the same thing at the same moment; it returns what the winner was answered.
func both[Req, Resp any](f *Factory, o op.Op[Req, Resp], a, b Req) (won Resp, wins int, lost error) {
	f.T.Helper()
	var resp [2]Resp
	var errs [2]error
	told := func(n int, req Req) func(*User) error {
		return func(u *User) error {
			resp[n], errs[n] = Try(u, o, req)
			return errs[n]
		}
	}
	other := f.Store1
	if o.Perm == op.Admin {
		other = elsewhere(f)
	}
	wins, lost = race(f.Owner, other, told(0, a), told(1, b))
	if errs[0] == nil {
		return resp[0], wins, lost
	}
	return resp[1], wins, lost
}

// elsewhere is the owner at the PC of the store.
func elsewhere(f *Factory) *User { return f.Login("owner", f.Store1.Request("", "", nil).Peer) }

// TestR40_TwoPeopleOneLot: of two who take more than there is, exactly one gets it, and
// the other is told which lot, how much he needs and how much is left.
func TestR40_TwoPeopleOneLot(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	for round := range 6 {
		f.Clock.Advance(time.Minute)
		got := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], fmt.Sprint("T/", round), Line(m.raw[0], 70, 9_000_01)))
		lot := got.Lots[0]
		cell := stock.CellKey{Lot: lot.Lot, Segment: core.Regular, Status: stock.Released}
		var running [2]production.Batch
		for i := range running {
			b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 50 * core.Kilogram})
			running[i] = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
		}
		q := 50 * core.Kilogram
		issue := func(b production.Batch, o stock.Override) production.IssueReq {
			return production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q, Override: o}}}
		}
		chosen, want := stock.Override{}, "Turmeric: need 50.000 kg, available 20.000 kg."
		if round%2 == 1 {
			chosen = stock.Override{Lots: []stock.Pick{{CellKey: cell, Qty: q}}, Reason: "nearer"}
			want = lot.Number + ": need 50.000 kg, available 20.000 kg."
		}
		won, wins, lost := both(f, production.IssueMaterial, issue(running[0], chosen), issue(running[1], chosen))
		if wins != 1 || core.CodeOf(lost) != core.CodeInsufficientStock || lost.Error() != want {
			t.Fatalf("%d issued; the other is told %v, want %q", wins, lost, want)
		}
		// And of two who give the rest back to the supplier.
		_, wins, lost = both(f, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: cell, Qty: 15 * core.Kilogram, Reason: "stones"}, purchase.ReturnGoodsReq{CellKey: cell, Qty: 12 * core.Kilogram, Reason: "stones"})
		left := Do(f.Store1, stock.GetLot, stock.GetLotReq{ID: lot.Lot}).Qty
		need := 12 * core.Kilogram
		if left == 8*core.Kilogram {
			need = 15 * core.Kilogram
		}
		if want := fmt.Sprintf("%s: need %s, available %s.", lot.Number, need.String(core.Mass), left.String(core.Mass)); wins != 1 || lost.Error() != want {
			t.Fatalf("%d returned; the other is told %v, want %q", wins, lost, want)
		}
		Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: cell, Qty: -left, Reason: "Damage"})
		if won.Issued != q {
			t.Fatalf("the winner has %s", won.Issued.String(core.Mass))
		}
	}
	f.Verify()
}

// TestR31_TwoPeopleOneDispatch: confirmed twice at the same moment, a dispatch moves
// stock once, has one challan, and the second reads why.
func TestR31_TwoPeopleOneDispatch(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	cell := f.Opening(m.finished[0], 1_000, 20_000_00)
	for round := range 8 {
		o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: m.customers[0], Lines: []sales.OrderLine{{Item: m.finished[0], Qty: 40, Unit: "pcs", Price: 27_43}}}})
		d := Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
		req := sales.ConfirmReq{ID: d.ID, Version: d.Version}
		won, wins, lost := both(f, sales.Confirm, req, req)
		if wins != 1 || core.CodeOf(lost) != core.CodeConflict || lost.Error() != "This record was modified by another user. Please reload and try again." {
			t.Fatalf("%d confirmed; the other reads %v", wins, lost)
		}
		if want := fmt.Sprintf("DC/2526/%05d", round+1); won.Challan != want {
			t.Errorf("challan %s, want %s: the series has no gap", won.Challan, want)
		}
		if left := Do(f.Store1, stock.GetLot, stock.GetLotReq{ID: cell.Lot}).Qty; left != core.Qty(1_000-40*(round+1)) {
			t.Fatalf("%d packs are left after %d dispatches", left, round+1)
		}
	}
	f.Verify()
}
