package stock_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR24_StatusChanges tries every change of status: HOLD to RELEASED or REJECTED,
// RELEASED to HOLD, and no other.
func TestR24_StatusChanges(t *testing.T) {
	t.Parallel()
	f := New(t)
	type step struct {
		op   op.Op[stock.ChangeStatusReq, stock.Posted]
		qty  core.Qty
		code core.Code
		want string
	}
	lot := receive(f, 10, 1_000_01).Lots[0].Lot
	for i, s := range []step{
		{stock.ReleaseLot, 0, core.CodeInsufficientStock, "RELEASED 10.000 1,000.01"},
		{stock.RejectLot, 0, core.CodeInsufficientStock, "RELEASED 10.000 1,000.01"},
		{stock.HoldLot, 3 * kg, "", "HOLD 3.000 300.00, RELEASED 7.000 700.01"},
		{stock.HoldLot, 8 * kg, core.CodeInsufficientStock, "HOLD 3.000 300.00, RELEASED 7.000 700.01"},
		{stock.RejectLot, kg, "", "HOLD 2.000 200.00, REJECTED 1.000 100.00, RELEASED 7.000 700.01"},
		{stock.ReleaseLot, 0, "", "REJECTED 1.000 100.00, RELEASED 9.000 900.01"}, // all that is held
		{stock.ReleaseLot, 0, core.CodeInsufficientStock, "REJECTED 1.000 100.00, RELEASED 9.000 900.01"},
		{stock.HoldLot, 0, "", "HOLD 9.000 900.01, REJECTED 1.000 100.00"},
		{stock.ReleaseLot, 9 * kg, "", "REJECTED 1.000 100.00, RELEASED 9.000 900.01"},
	} {
		_, err := Try(f.Owner, s.op, stock.ChangeStatusReq{Lot: lot, Qty: s.qty, Reason: "test"})
		wantCode(t, fmt.Sprintf("step %d, %s", i, s.op.Name), err, s.code, "")
		if got := cells(f, lot); got != s.want {
			t.Errorf("step %d, %s leaves %s, want %s", i, s.op.Name, got, s.want)
		}
	}
	// Who may: an Operator holds, an Admin decides.
	if _, err := Try(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Qty: kg, Reason: "smell"}); err != nil {
		t.Errorf("an Operator cannot hold: %v", err)
	}
	_, err := Try(f.Store1, stock.ReleaseLot, stock.ChangeStatusReq{Lot: lot, Qty: kg, Reason: "fine"})
	wantCode(t, "an Operator releasing", err, core.CodeForbidden, "Only an Admin may do this.")
	f.Verify()
}

// TestR24_ExpiredIsDerived: the expiry day is the last usable day; no row changes as
// the day passes, in the factory's time zone.
func TestR24_ExpiredIsDerived(t *testing.T) {
	t.Parallel()
	f := New(t)
	receive(f, 10, 1_000_00, func(r *purchase.PostGRNReq) { r.Lines[0].ExpiryOn = core.NewDate(2026, 2, 14) })
	receive(f, 10, 1_000_00)
	expired := func() int {
		return len(Do(f.Store1, stock.ListLots, stock.ListLotsReq{Expired: true}).Lots)
	}
	ledger := f.Tables()["ledger"]
	f.Clock.Set(Start.AddDate(0, 0, 2).Add(13*time.Hour + 59*time.Minute)) // 14 February, 23:59 in the factory
	if n := expired(); n != 0 {
		t.Errorf("%d lots expired on their last usable day", n)
	}
	f.Clock.Advance(time.Minute)
	if n := expired(); n != 1 {
		t.Errorf("%d lots expired the day after", n)
	}
	if f.Tables()["ledger"] != ledger {
		t.Error("expiring wrote to the ledger")
	}
	first := Do(f.Store1, stock.ListLots, stock.ListLotsReq{}).Lots
	if len(first) != 2 || first[0].ExpiryOn != core.NewDate(2026, 2, 14) {
		t.Errorf("FEFO does not begin with the expired lot: %+v", first)
	}
}

// TestR24_OneBadLineBlocksNoReceipt: goods that came expired, or need QC, are
// received on hold beside the good ones.
func TestR24_OneBadLineBlocksNoReceipt(t *testing.T) {
	t.Parallel()
	f := New(t)
	qc := f.Item("RAW-009", "Saffron", func(i *catalog.ItemFields) { i.QCRequired = true })
	good := f.Item("RAW-010", "Ajwain")
	supplier := f.Supplier("Unjha Jeera House")
	req := GRN(supplier.ID, "U/1", Line(good.ID, 1, 100_00), Line(good.ID, 2, 200_00), Line(qc.ID, 3, 300_00))
	req.Lines[1].ExpiryOn, req.Lines[1].MfgOn, req.Lines[1].Hold, req.Lines[1].HoldReason = core.NewDate(2026, 1, 31), 0, true, "expired on arrival"
	resp := Do(f.Store1, purchase.PostGRN, req)
	var got []string
	for _, l := range resp.Lots {
		got = append(got, string(l.Status))
	}
	if strings.Join(got, " ") != "RELEASED HOLD HOLD" {
		t.Errorf("received as %v", got)
	}
	late := GRN(supplier.ID, "U/2", Line(good.ID, 1, 100_00), Line(qc.ID, 3, 300_00))
	late.Lines[1].ExpiryOn, late.Lines[1].MfgOn = core.NewDate(2026, 1, 31), 0 // goes on hold by itself
	if resp, err := Try(f.Store1, purchase.PostGRN, late); err != nil || resp.Lots[1].Status != stock.Hold {
		t.Errorf("an expired line that needs QC: %+v, %v", resp.Lots, err)
	}
	f.Verify()
}

// TestR24_AHoldSaysWhy in the GRN and in the history of the lot; what needs QC says it
// by itself.
func TestR24_AHoldSaysWhy(t *testing.T) {
	t.Parallel()
	f := New(t)
	qc := f.Item("RAW-009", "Saffron", func(i *catalog.ItemFields) { i.QCRequired = true })
	good, supplier := f.Item("RAW-010", "Ajwain"), f.Supplier("Unjha Jeera House")
	req := GRN(supplier.ID, "U/1", Line(good.ID, 1, 100_00), Line(qc.ID, 3, 300_00), Line(good.ID, 2, 200_00))
	req.Lines[0].Hold, req.Lines[1].Hold, req.Lines[2].HoldReason = true, true, "smells"
	_, err := Try(f.Store1, purchase.PostGRN, req)
	e, _ := err.(*core.Error)
	if e == nil || len(e.Fields) != 2 || e.Fields[0] != (core.FieldError{Field: "lines[0].hold_reason", Message: "Say why Ajwain is put on hold."}) ||
		e.Fields[1] != (core.FieldError{Field: "lines[2].hold_reason", Message: "Ajwain is not put on hold, so there is no reason to give."}) {
		t.Errorf("refused with %+v", e)
	}
	req.Lines[0].HoldReason, req.Lines[1].HoldReason, req.Lines[2].HoldReason = "smells of kerosene", "", ""
	g := Do(f.Store1, purchase.PostGRN, req)
	posted := Do(f.Store1, purchase.GetGRN, purchase.GetGRNReq{ID: g.Document})
	if posted.Lines[0].HoldReason != "smells of kerosene" || posted.Lines[1].HoldReason != "" {
		t.Errorf("posted as %+v", posted.Lines)
	}
	if lot := Do(f.Store1, stock.GetLot, stock.GetLotReq{ID: g.Lots[0].Lot}); len(lot.History) != 1 || lot.History[0].Reason != "smells of kerosene" {
		t.Errorf("the lot tells %+v", lot.History)
	}
	f.Verify()
}

func TestR34_StockCount(t *testing.T) {
	t.Parallel()
	f := New(t)
	a, b, c := receive(f, 100, 10_000_00).Lots[0].Lot, receive(f, 50, 5_000_00).Lots[0].Lot, receive(f, 10, 1_000_00).Lots[0].Lot
	Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "store2", Name: "Store 2", Role: core.Operator, Password: Password})
	store2 := f.Login("store2", op.Peer{Device: 1, Name: "PC-STORE"})
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	if n.SnapshotSeq != 6 || len(n.Lines) != 3 || n.Number != "COUNT-20260212-01" {
		t.Errorf("opened as %+v", n)
	}
	record := func(u *User, entries ...stock.CountEntry) stock.Count {
		return Do(u, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: entries})
	}
	record(f.Store1, stock.CountEntry{CellKey: free(a), Qty: 60 * kg}, stock.CountEntry{CellKey: free(b), Qty: 50 * kg})
	got := record(store2, stock.CountEntry{CellKey: free(a), Qty: 38 * kg}) // two counters add up to 98 kg
	if *got.Lines[0].Counted != 98*kg || *got.Lines[1].Counted != 50*kg || got.Lines[2].Counted != nil {
		t.Errorf("counted %+v", got.Lines)
	}
	if _, err := adjust(f, a, -10*kg); err != nil { // moves on while they count
		t.Fatal(err)
	}
	_, err := Try(f.Store1, stock.PostCount, stock.PostCountReq{ID: n.ID})
	wantCode(t, "an Operator posting", err, core.CodeForbidden, "")
	posted := Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	if rows := f.Int(`SELECT count(*) FROM ledger WHERE document_id = ? AND account = 'STOCK'`, posted.Document); rows != 1 {
		t.Errorf("%d cells were posted, want the one difference", rows)
	}
	if cells(f, a) != "RELEASED 88.000 8,800.00" || cells(f, b) != "RELEASED 50.000 5,000.00" || cells(f, c) != "RELEASED 10.000 1,000.00" {
		t.Errorf("after the count: %s; %s; %s", cells(f, a), cells(f, b), cells(f, c))
	}
	for what, err := range map[string]error{
		"post again":   second(Try(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})),
		"record again": second(Try(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: free(a), Qty: 1}}})),
	} {
		wantCode(t, what, err, core.CodeConflict, "is already posted. Start a new count.")
	}
	f.Verify()
}

func second[T any](_ T, err error) error { return err }

// TestR34_AllErrorsOfACountTogether: what was counted too little of stock that has
// gone meanwhile is named for every line, and nothing is posted.
func TestR34_AllErrorsOfACountTogether(t *testing.T) {
	t.Parallel()
	f := New(t)
	a, b := receive(f, 100, 10_000_00).Lots[0].Lot, receive(f, 50, 5_000_00).Lots[0].Lot
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: free(a), Qty: 0}, {CellKey: free(b), Qty: 0}}})
	for _, lot := range []core.LotID{a, b} {
		if _, err := adjust(f, lot, -5*kg); err != nil {
			t.Fatal(err)
		}
	}
	before := f.Tables()
	_, err := Try(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	e := wantCode(t, "the count", err, core.CodeInvalid, "And 1 more to correct.")
	if e == nil || len(e.Fields) != 2 || e.Fields[0].Field != "lines[0].qty" || e.Fields[1].Field != "lines[1].qty" || e.Fields[0].Message != "LOT-20260212-001: 100.000 kg are missing by the count, and less is there by now. Take the entry back and count it again." {
		t.Errorf("the faults are %+v", e)
	}
	f.Unchanged(before, "a refused count")
	f.Verify()
}

// TestR34_ACountThatAgrees posts nothing and is closed; one that was given up cannot
// be posted.
func TestR34_ACountThatAgrees(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00).Lots[0].Lot
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: free(lot), Qty: 100 * kg}}})
	rows := f.Int(`SELECT count(*) FROM ledger`)
	if resp := Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID}); resp != (stock.PostCountResp{State: stock.CountAgreed}) || f.Int(`SELECT count(*) FROM ledger`) != rows {
		t.Errorf("closed as %+v", resp)
	}
	_, err := Try(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	wantCode(t, "post again", err, core.CodeConflict, "COUNT-20260212-01 is already closed without a difference. Start a new count.")
	given := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	if c := Do(f.Owner, stock.CancelCount, stock.CancelCountReq{ID: given.ID, Reason: "wrong store"}); c.State != stock.CountCancelled || c.OpenedBy != "store1" {
		t.Errorf("cancelled as %+v", c)
	}
	_, err = Try(f.Owner, stock.PostCount, stock.PostCountReq{ID: given.ID})
	wantCode(t, "post a cancelled one", err, core.CodeConflict, "COUNT-20260212-02 is cancelled. Start a new count.")
	list := Do(f.Store1, stock.ListCounts, stock.ListCountsReq{}).Counts
	if len(list) != 2 || list[0].State != stock.CountCancelled || list[0].Counted != 0 || list[1].State != stock.CountAgreed || list[1].Counted != 1 || list[1].Lines != 1 {
		t.Errorf("listed as %+v", list)
	}
	f.Verify()
}
