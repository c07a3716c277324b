package sales_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// shop is a factory with a finished good and a customer in its own state.
type shop struct {
	*Factory
	haldi catalog.Item
	pune  party.Party
}

func newShop(t *testing.T) *shop {
	t.Helper()
	f := New(t)
	return &shop{Factory: f, haldi: f.FinishedGood("FIN-001", "Turmeric 100 g", func(i *catalog.ItemFields) {
		i.HSN, i.Units = "09103030", []catalog.ItemUnit{{Code: "carton", Num: 40, Den: 1}}
	}), pune: customer(f, "Main Distributor Pune", "27")}
}

func customer(f *Factory, name, state string, change ...func(*party.Fields)) party.Party {
	f.T.Helper()
	fields := party.Fields{Kind: party.Customer, Name: name, Phone: "98220 12345", StateCode: state, Segment: core.Regular, Active: true}
	for _, c := range change {
		c(&fields)
	}
	return Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: fields})
}

func (s *shop) order(to party.Party, qty core.Qty, price core.Paise) sales.Order {
	s.T.Helper()
	return Do(s.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: to.ID, Lines: []sales.OrderLine{{Item: s.haldi.ID, Qty: qty, Unit: "carton", Price: price}}}})
}

func (s *shop) draft(o sales.Order, qty core.Qty, lots ...stock.Pick) sales.Dispatch {
	s.T.Helper()
	l := sales.DraftLine{OrderLine: 1, Qty: qty}
	if len(lots) > 0 {
		l.Override = stock.Override{Lots: lots, Reason: "box is open"}
	}
	return Do(s.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{l}})
}

func (s *shop) confirm(d sales.Dispatch) sales.Dispatch {
	s.T.Helper()
	return Do(s.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
}

func (s *shop) account(a stock.Account) core.Paise {
	s.T.Helper()
	for _, x := range Do(s.Owner, stock.TrialBalance, stock.TrialBalanceReq{}).Accounts {
		if x.Account == a {
			return x.Value
		}
	}
	return 0
}

// TestR32_InvoiceToThePaisa is the vector: 37 cartons x 40 x ₹27.43.
func TestR32_InvoiceToThePaisa(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 1480, 20_000_00)
	d := s.confirm(s.draft(s.order(s.pune, 1480, 27_43), 1480))
	want := sales.Totals{Taxable: 40_596_40, CGST: 1_014_91, SGST: 1_014_91, RoundOff: -22, Total: 42_626_00}
	if d.Totals != want || d.Challan != "DC/2526/00001" || d.Invoice != "INV/2526/00001" || d.State != sales.Confirmed || len(d.Copies) != 3 || d.PlaceOfSupply != "" || d.Total != 42_626_00 {
		t.Errorf("invoiced as %+v %+v", d.Totals, d.Row)
	}
	if l := d.Items[0]; l.HSN != "09103030" || l.GSTRate != 500 || len(l.Lots) != 1 || l.Lots[0].Qty != 1480 || l.Unit != "carton" {
		t.Errorf("line %+v", l)
	}
	s.Opening(s.haldi.ID, 1480, 20_000_00)
	surat := customer(s.Factory, "Surat Super Stockist", "24")
	d = s.confirm(s.draft(s.order(surat, 1480, 27_43), 1480))
	if d.Totals != (sales.Totals{Taxable: 40_596_40, IGST: 2_029_82, RoundOff: -22, Total: 42_626_00}) || d.PlaceOfSupply != "Gujarat" || len(d.Taxes) != 1 || d.Taxes[0].HSN != "09103030" {
		t.Errorf("to another state: %+v %+v", d.Totals, d.Taxes)
	}
	v := Do(s.Owner, sales.GetValued, sales.GetDispatchReq{ID: d.ID})
	if v.Cost != 20_000_00 || v.Margin != 20_596_40 || v.Costs[0] != 20_000_00 {
		t.Errorf("valued as %+v", v)
	}
	s.Verify()
}

// TestR10_TheLastPieceTakesTheRest is vector 1: 2,000 packs for ₹11,456.41.
func TestR10_TheLastPieceTakesTheRest(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	key := s.Opening(s.haldi.ID, 2000, 1_145_641)
	o := s.order(s.pune, 2000, 27_43)
	s.confirm(s.draft(o, 1999))
	if v := s.account(stock.COGS); v != 1_145_068 {
		t.Errorf("1,999 cost %d", v)
	}
	s.confirm(s.draft(o, 1))
	if v := s.account(stock.COGS); v != 1_145_641 {
		t.Errorf("all cost %d", v)
	}
	if d := Do(s.Owner, stock.GetValuedLot, stock.GetLotReq{ID: key.Lot}); d.Qty != 0 || d.Value != 0 {
		t.Errorf("left %+v", d)
	}
	if o = Do(s.Store1, sales.GetOrder, sales.GetOrderReq{ID: o.ID}); o.State != sales.OrderDelivered {
		t.Errorf("the order is %s", o.State)
	}
	s.Verify()
}

// TestR25_CustomersShelfLifeAndSegment: lots that expire too soon or lie in the other
// segment do not go, and the preview says so.
func TestR25_CustomersShelfLifeAndSegment(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	today := core.NewDate(2026, 2, 12)
	lot := func(q core.Qty, days int, segment core.Segment) {
		s.Opening(s.haldi.ID, q, 100, func(l *stock.OpeningLine) { l.ExpiryOn, l.Segment = today.AddDays(days), segment })
	}
	lot(40, 38, core.Online)
	lot(40, 46, core.Online)
	lot(90, 300, core.Regular)
	web := customer(s.Factory, "Online Marketplace A", "29", func(f *party.Fields) { f.Segment, f.MinLife, f.MinLifeDays = core.Online, 3000, 45 })
	o := s.order(web, 80, 27_43)
	line := []sales.DraftLine{{OrderLine: 1, Qty: 80}}
	p := Do(s.Store1, sales.PreviewDispatch, sales.PreviewReq{Order: o.ID, Lines: line}).Lines[0]
	if p.Short != 40 || len(p.Shares) != 1 || p.Shares[0].Number != "LOT-20260212-002" || fmt.Sprint(p.Passed) != "[LOT-20260212-001 expires too soon for this customer. LOT-20260212-003 lies in the other segment.]" {
		t.Errorf("previewed as %+v", p)
	}
	d := s.draft(o, 80)
	before := s.Tables()
	_, err := Try(s.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	if core.CodeOf(err) != core.CodeInsufficientStock || err.Error() != "Turmeric 100 g: need 80 pcs, available 40 pcs. LOT-20260212-001 expires too soon for this customer. LOT-20260212-003 lies in the other segment." {
		t.Errorf("confirmed short: %v", err)
	}
	s.Unchanged(before, "a confirmation that was refused")
	d = Do(s.Store1, sales.UpdateDraft, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
	if d = s.confirm(d); d.Challan != "DC/2526/00001" { // the refused one took no number
		t.Errorf("numbered %s", d.Challan)
	}
	s.Verify()
}

// TestR25_AnAdminMayGoBelowTheCustomersShelfLife by an override, with the reason kept; what is
// on hold or in the other segment it does not reach.
func TestR25_AnAdminMayGoBelowTheCustomersShelfLife(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	old := s.Opening(s.haldi.ID, 40, 1, func(l *stock.OpeningLine) { l.ExpiryOn = core.NewDate(2026, 3, 22) })
	online := s.Opening(s.haldi.ID, 40, 1, func(l *stock.OpeningLine) { l.ExpiryOn, l.Segment = core.NewDate(2026, 3, 22), core.Online })
	c := customer(s.Factory, "Kirana Stores", "27", func(f *party.Fields) { f.MinLifeDays = 90 })
	o := s.order(c, 90, 27_43)
	_, err := Try(s.Store1, sales.Confirm, confirmOf(s.draft(o, 40, stock.Pick{CellKey: online, Qty: 40})))
	if fields(err) != "invalid: lines[0].lots[0].lot LOT-20260212-002 lies in the other segment." {
		t.Errorf("the other segment: %s", fields(err))
	}
	_, err = Try(s.Owner, sales.Confirm, confirmOf(s.draft(o, 41, stock.Pick{CellKey: old, Qty: 41})))
	if fields(err) != "insufficient_stock: lines[0].lots[0].qty LOT-20260212-001: need 41 pcs, available 40 pcs." {
		t.Errorf("more than there is: %s", fields(err))
	}
	chosen := confirmOf(s.draft(o, 40, stock.Pick{CellKey: old, Qty: 40}))
	if _, err := Try(s.Store1, sales.Confirm, chosen); fields(err) != "invalid: lines[0].lots[0].lot LOT-20260212-001 expires too soon for this customer. An Admin may send it." {
		t.Errorf("an Operator: %s", fields(err))
	}
	d := Do(s.Owner, sales.Confirm, chosen)
	if l := d.Items[0]; len(l.Lots) != 1 || l.Lots[0].Lot != old.Lot || l.Override != "box is open" || len(l.Suggested) != 0 {
		t.Errorf("went as %+v", l)
	}
	s.Verify()
}

// TestR07_TheGateEntersYesterday: an Admin enters what left or came back on an earlier day.
// The days of challans ascend with their numbers; nothing comes back before it left.
func TestR07_TheGateEntersYesterday(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 100, 1_000_00)
	day := core.NewDate(2026, 2, 12)
	s.GoTo(Start.AddDate(0, 0, 2))
	late := s.Opening(s.haldi.ID, 100, 1_000_00, func(l *stock.OpeningLine) { l.ExpiryOn = core.NewDate(2026, 4, 1) }) // expires first, and came today
	o := s.order(s.pune, 200, 27_43)
	confirm := func(u *User, qty core.Qty, on core.Date, why string) (sales.Dispatch, error) {
		req := confirmOf(s.draft(o, qty))
		req.EffectiveOn, req.Reason = on, why
		return Try(u, sales.Confirm, req)
	}
	for _, c := range []struct {
		by   *User
		qty  core.Qty
		on   core.Date
		why  string
		want string
	}{
		{s.Store1, 10, day, "no power", "invalid: effective_on Only an Admin may enter an earlier day. Today is 14-Feb-2026."},
		{s.Owner, 10, day, "", "invalid: reason Give the reason for the earlier day."},
		{s.Owner, 101, day, "no power", "insufficient_stock: lines[0].qty Turmeric 100 g: need 101 pcs, available 100 pcs. LOT-20260214-001 came in or changed after that day."},
	} {
		if _, err := confirm(c.by, c.qty, c.on, c.why); fields(err) != c.want {
			t.Errorf("%d pcs of %s: %s", c.qty, c.on, fields(err))
		}
	}
	d, err := confirm(s.Owner, 60, day+1, "no power")
	if err != nil || d.On != day+1 || d.Challan != "DC/2526/00001" || d.Items[0].Lots[0].Lot == late.Lot {
		t.Fatalf("confirmed as %+v, %v", d, err)
	}
	if _, err := confirm(s.Owner, 10, day, "no power"); fields(err) != "invalid: effective_on There are challans of 13-Feb-2026 already, and the next number cannot be older. Choose that day or a later one; the day on which the goods left is entered beside it." {
		t.Errorf("an older day behind a younger: %s", fields(err))
	}
	if d, err := confirm(s.Store1, 10, 0, ""); err != nil || d.On != day+2 || d.Challan != "DC/2526/00002" || d.Items[0].Lots[0].Lot != late.Lot {
		t.Errorf("today: %+v, %v", d, err)
	}
	s.GoTo(Start.AddDate(0, 0, 3))
	back := sales.PostReturnReq{Dispatch: d.ID, Reason: "no power", EffectiveOn: day, Lines: []sales.ReturnLine{{Lot: d.Items[0].Lots[0].Lot, Qty: 10, Condition: sales.Good}}}
	if _, err := Try(s.Store1, sales.PostReturn, back); fields(err) != "invalid: effective_on Only an Admin may enter an earlier day. Today is 15-Feb-2026." {
		t.Errorf("an Operator: %s", fields(err))
	}
	if _, err := Try(s.Owner, sales.PostReturn, back); fields(err) != "invalid: effective_on DC/2526/00001, on which this stands, is of 13-Feb-2026. Choose that day or a later one." {
		t.Errorf("back before it left: %s", fields(err))
	}
	back.EffectiveOn = day + 2
	if r := Do(s.Owner, sales.PostReturn, back); r.Dispatch.Returned[0].On != day+2 {
		t.Errorf("came back as %+v", r.Dispatch.Returned)
	}
	s.Verify()
}

// TestR31_ChallansRiseWithTheirDays: nobody enters one before another of its financial year;
// each year is judged by itself, as its numbers are.
func TestR31_ChallansRiseWithTheirDays(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 100, 1_000_00)
	confirm := s.confirmer(s.order(s.pune, 90, 27_43))
	confirm(s.Store1, 0, "DC/2526/00001")
	s.GoTo(time.Date(2026, 4, 1, 4, 30, 0, 0, time.UTC))
	confirm(s.Store1, 0, "DC/2627/00001")
	confirm(s.Owner, core.NewDate(2026, 3, 31), "DC/2526/00002")
	confirm(s.Owner, core.NewDate(2026, 3, 30), "invalid: effective_on There are challans of 31-Mar-2026 already, and the next number cannot be older. Choose that day or a later one; the day on which the goods left is entered beside it.")
	confirm(s.Store1, 0, "DC/2627/00002")
	s.Verify()
	s.SQL(`DROP TRIGGER document_fixed`, `UPDATE document SET effective_on = effective_on - 60 WHERE number = 'DC/2526/00002'`)
	s.FindProblem("dispatch: DC/2526/00002 is dated before a challan of a lower number")
	if r := s.Problems(); len(r.Remarks) > 0 {
		t.Errorf("it is only said %q", r.Remarks)
	}
}

// confirmer drafts five packs of an order and confirms them for a day, 0 for today; then the
// challan has the number that is wanted, or the refusal says so.
func (s *shop) confirmer(o sales.Order) func(u *User, on core.Date, want string) sales.Dispatch {
	return func(u *User, on core.Date, want string) sales.Dispatch {
		s.T.Helper()
		req := confirmOf(s.draft(o, 5))
		if on != 0 {
			req.EffectiveOn, req.Reason = on, "no power"
		}
		d, err := Try(u, sales.Confirm, req)
		got := d.Challan
		if err != nil {
			got = fields(err)
		}
		if got != want {
			s.T.Errorf("%s, want %s", got, want)
		}
		return d
	}
}

// TestR31_AClockThatWasAheadStopsNoSale: a challan of a day that has not come, cancelled or
// not, cannot be true, so those of today are made beside it; when its day has come, it counts.
// The verifier tells them from challans that were dated wrongly under a clock that ran well.
func TestR31_AClockThatWasAheadStopsNoSale(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 10, 100_00) // the latter half comes back on a day that has not come
	s.Opening(s.haldi.ID, 90, 900_00)
	confirm := s.confirmer(s.order(s.pune, 90, 27_43))
	const ahead = 30
	day := core.DateOf(Start, time.UTC)
	confirm(s.Store1, 0, "DC/2526/00001")
	s.GoTo(Start.AddDate(0, 0, ahead))
	d := confirm(s.Store1, 0, "DC/2526/00002")
	Do(s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "the clock was wrong"})
	s.GoTo(Start.AddDate(0, 0, 1))
	if d := confirm(s.Store1, 0, "DC/2526/00003"); d.On != day+1 {
		t.Errorf("it is of %s", d.On)
	}
	confirm(s.Owner, day, "invalid: effective_on There are challans of 13-Feb-2026 already, and the next number cannot be older. Choose that day or a later one; the day on which the goods left is entered beside it.")
	s.GoTo(Start.AddDate(0, 0, ahead))
	confirm(s.Owner, day+ahead-1, "invalid: effective_on There are challans of 14-Mar-2026 already, and the next number cannot be older. Choose that day or a later one; the day on which the goods left is entered beside it.")
	confirm(s.Store1, 0, "DC/2526/00004")
	want := []string{"DC/2526/00003 is dated before a challan of a lower number, made while the clock was ahead: look at the day of that one"}
	if r := s.Verify(); !slices.Equal(r.Remarks, want) {
		t.Errorf("the verifier says %q", r.Remarks)
	}
	s.SQL(`DROP TRIGGER document_fixed`, `UPDATE document SET effective_on = effective_on - 1 WHERE number = 'DC/2526/00004'`)
	s.FindProblem("dispatch: DC/2526/00004 is dated before a challan of a lower number")
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

func confirmOf(d sales.Dispatch) sales.ConfirmReq {
	return sales.ConfirmReq{ID: d.ID, Version: d.Version}
}

// TestR31_ConfirmedOnce: of two who confirm the same draft exactly one does; leaving
// comes after.
func TestR31_ConfirmedOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 100, 1_000_00)
	d := s.draft(s.order(s.pune, 40, 27_43), 40)
	if d.Challan != "" || d.Invoice != "" || d.State != sales.Draft {
		t.Errorf("a draft has the numbers %s, %s", d.Challan, d.Invoice)
	}
	_, err := Try(s.Store1, sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234"})
	if core.CodeOf(err) != core.CodeConflict {
		t.Errorf("a draft left: %v", err)
	}
	errs := make([]error, 2)
	var wg sync.WaitGroup
	for i, u := range []*User{s.Store1, s.Owner} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, errs[i] = Try(u, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
		}()
	}
	wg.Wait()
	lost := errs[0]
	if lost == nil {
		lost = errs[1]
	}
	if (errs[0] == nil) == (errs[1] == nil) || core.CodeOf(lost) != core.CodeConflict || lost.Error() != core.ConflictMessage {
		t.Errorf("confirmed by %v, %v", errs[0], errs[1])
	}
	d = Do(s.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: d.ID})
	d = Do(s.Store1, sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 BA 1234", Transporter: "Shree Roadways"})
	left := d.LeftAt
	s.Clock.Set(Start.Add(time.Hour))
	d = Do(s.Store1, sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234", Transporter: "Shree Roadways"}) // it was mistyped
	if !d.LeftAt.Equal(left) {
		t.Errorf("left at %s, then at %s", left, d.LeftAt)
	}
	if d.State != sales.Dispatched || !d.LeftAt.Equal(Start.Truncate(1e6)) || d.Vehicle != "MH 12 AB 1234" {
		t.Errorf("left as %+v", d)
	}
	if n := s.Int(`SELECT count(*) FROM document WHERE kind = 'DC'`); n != 1 {
		t.Errorf("%d challans", n)
	}
	s.Verify()
}

// TestR15_Returns: goods come back at the value share of their dispatch, damaged ones
// are seen to come and to go, and never more than went.
func TestR15_Returns(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	key := s.Opening(s.haldi.ID, 7, 100_00)
	s.Opening(s.haldi.ID, 3, 99_00, func(l *stock.OpeningLine) { l.ExpiryOn = core.NewDate(2027, 8, 1) })
	o := s.order(s.pune, 7, 27_43)
	d := s.confirm(s.draft(o, 7))
	back := func(q core.Qty, c sales.Condition) (sales.PostReturnResp, error) {
		return Try(s.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet cartons", Lines: []sales.ReturnLine{{Lot: key.Lot, Qty: q, Condition: c}}})
	}
	good, err := back(2, sales.Good)
	if err != nil || good.Number != "SR-20260212-001" || s.account(stock.COGS) != 100_00-28_57 {
		t.Errorf("two came back: %v, COGS %s", err, s.account(stock.COGS))
	}
	lot := Do(s.Owner, stock.GetValuedLot, stock.GetLotReq{ID: key.Lot})
	if len(lot.Cells) != 1 || lot.Cells[0].Status != stock.Hold || lot.Qty != 2 || lot.Value != 28_57 {
		t.Errorf("the lot holds %+v", lot)
	}
	if _, err := back(3, sales.Damaged); err != nil || s.account(stock.Loss) != 42_86 {
		t.Errorf("three damaged: %v, loss %s", err, s.account(stock.Loss))
	}
	if n := s.Int(`SELECT count(*) FROM ledger g JOIN document d ON d.id = g.document_id WHERE d.number = 'SR-20260212-002' AND g.account = 'STOCK'`); n != 2 {
		t.Errorf("a damaged return shows %d movements", n)
	}
	if _, err := back(3, sales.Good); err == nil || !strings.Contains(err.Error(), "Of LOT-20260212-001 only 2 pcs of DC/2526/00001 are still with the customer.") {
		t.Errorf("more than went: %v", err)
	}
	if _, err := Try(s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "x"}); core.CodeOf(err) != core.CodeConflict {
		t.Errorf("a dispatch with returns was cancelled: %v", err)
	}
	if _, err := back(2, sales.Good); err != nil || s.account(stock.COGS) != 0 {
		t.Errorf("the rest: %v, COGS %s", err, s.account(stock.COGS))
	}
	if d = Do(s.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: d.ID}); len(d.Returned) != 3 || d.Returned[1].Condition != sales.Damaged {
		t.Errorf("returned %+v", d.Returned)
	}
	Do(s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: good.Document, Reason: "other customer"})
	list := Do(s.Store1, sales.ListReturns, sales.ListReturnsReq{Customer: s.pune.ID}).Returns
	if len(list) != 3 || !list[2].Cancelled || list[0].Challan != d.Challan || s.account(stock.COGS) != 28_57 {
		t.Errorf("listed as %+v", list)
	}
	s.Verify()
}

// TestR15_AReturnIsOfOneChallan: who returns more than went with it reads by which others
// the customer has the lot.
func TestR15_AReturnIsOfOneChallan(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	key := s.Opening(s.haldi.ID, 100, 1_000_00)
	younger := s.Opening(s.haldi.ID, 20, 200_00, func(l *stock.OpeningLine) { l.ExpiryOn = core.NewDate(2027, 8, 1) })
	surat := customer(s.Factory, "Surat Super Stockist", "24")
	send := func(to party.Party, qty core.Qty, lots ...stock.Pick) sales.Dispatch {
		return s.confirm(s.draft(s.order(to, qty, 27_43), qty, lots...))
	}
	a, b := send(s.pune, 30), send(s.pune, 20)
	gone := send(s.pune, 10)
	Do(s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: gone.Document, Reason: "not loaded"})
	send(surat, 15)
	other := send(s.pune, 5, stock.Pick{CellKey: younger, Qty: 5})
	refused := func(of sales.Dispatch, qty core.Qty, want string) {
		t.Helper()
		before := s.Tables()
		_, err := Try(s.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: of.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: key.Lot, Qty: qty, Condition: sales.Good}}})
		var e *core.Error
		if !errors.As(err, &e) || e.Message != want {
			t.Errorf("%d of %s: %v, want %s", qty, of.Challan, err, want)
		}
		s.Unchanged(before, "refused")
	}
	refused(b, 40, "Of LOT-20260212-001 only 20 pcs of DC/2526/00002 are still with the customer. The customer has 30 pcs of DC/2526/00001. Each challan has a return of its own.")
	refused(other, 5, "This lot did not go with DC/2526/00005. The customer has 20 pcs of DC/2526/00002, 30 pcs of DC/2526/00001. Each challan has a return of its own.")
	Do(s.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: a.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: key.Lot, Qty: 25, Condition: sales.Good}}})
	refused(b, 40, "Of LOT-20260212-001 only 20 pcs of DC/2526/00002 are still with the customer. The customer has 5 pcs of DC/2526/00001. Each challan has a return of its own.")
	Do(s.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: a.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: key.Lot, Qty: 5, Condition: sales.Damaged}}})
	refused(b, 40, "Of LOT-20260212-001 only 20 pcs of DC/2526/00002 are still with the customer.")
	for range 4 {
		send(s.pune, 1, stock.Pick{CellKey: key, Qty: 1})
	}
	refused(b, 40, "Of LOT-20260212-001 only 20 pcs of DC/2526/00002 are still with the customer. The customer has 1 pcs of DC/2526/00009, 1 pcs of DC/2526/00008, 1 pcs of DC/2526/00007. Each challan has a return of its own.")
	s.Verify()
}

// TestR09_ACancelledDispatchKeepsItsNumbers and gives its goods back.
func TestR09_ACancelledDispatchKeepsItsNumbers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 100, 1_000_00)
	o := s.order(s.pune, 40, 27_43)
	d := s.confirm(s.draft(o, 30))
	rev := Do(s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "wrong customer"})
	d = Do(s.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: d.ID})
	if d.State != sales.Cancelled || d.Invoice != "INV/2526/00001" || d.CancelledBy != rev.Number || s.account(stock.COGS) != 0 {
		t.Errorf("cancelled as %+v", d.Row)
	}
	if o = Do(s.Store1, sales.GetOrder, sales.GetOrderReq{ID: o.ID}); o.State != sales.OrderOpen || o.Items[0].Dispatched != 0 {
		t.Errorf("the order is %+v", o)
	}
	if d = s.confirm(s.draft(o, 40)); d.Challan != "DC/2526/00002" || d.Invoice != "INV/2526/00002" {
		t.Errorf("the next is %s, %s", d.Challan, d.Invoice)
	}
	list := Do(s.Store1, sales.ListDispatches, sales.ListDispatchesReq{States: []sales.State{sales.Cancelled}, Query: "DC/"}).Dispatches
	if len(list) != 1 || list[0].Challan != "DC/2526/00001" {
		t.Errorf("listed as %+v", list)
	}
	s.Verify()
}

// TestOverrideKeepsTheSuggestion: other lots go with a reason, and both are kept.
func TestOverrideKeepsTheSuggestion(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first := s.Opening(s.haldi.ID, 40, 1)
	second := s.Opening(s.haldi.ID, 40, 1, func(l *stock.OpeningLine) { l.ExpiryOn = core.NewDate(2027, 9, 1) })
	d := s.confirm(s.draft(s.order(s.pune, 40, 27_43), 40, stock.Pick{CellKey: second, Qty: 40}))
	l := d.Items[0]
	if l.Lots[0].Lot != second.Lot || l.Override != "box is open" || len(l.Suggested) != 1 || l.Suggested[0].Lot != first.Lot {
		t.Errorf("went as %+v", l)
	}
	s.Verify()
}

// TestAClosedOrderLeavesNoDraft: what was prepared for it is discarded with it.
func TestAClosedOrderLeavesNoDraft(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 100, 1_000_00)
	o := s.order(s.pune, 40, 27_43)
	d := s.draft(o, 10)
	o = Do(s.Store1, sales.GetOrder, sales.GetOrderReq{ID: o.ID})
	Do(s.Owner, sales.CloseOrder, sales.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "not wanted"})
	if d = Do(s.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: d.ID}); d.State != sales.Discarded {
		t.Errorf("the draft is %s", d.State)
	}
	s.Verify()
}
