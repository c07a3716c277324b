package stock_test

import (
	"fmt"
	"strings"
	"testing"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR34_AWrongEntryIsTakenBack: 900 typed for 90 is seen, taken back by who typed it or
// by an Admin, and counts no more.
func TestR34_AWrongEntryIsTakenBack(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00).Lots[0].Lot
	Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "store2", Name: "Store 2", Role: core.Operator, Password: Password})
	store2 := f.Login("store2", op.Peer{Device: 1, Name: "PC-STORE"})
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	for _, q := range []core.Qty{900 * kg, 90 * kg, 4 * kg} {
		Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: free(lot), Qty: q}}})
	}
	list := Do(store2, stock.ListEntries, stock.ListEntriesReq{ID: n.ID, Limit: 2})
	if len(list.Entries) != 2 || list.Next == "" || list.Entries[0].Qty != 4*kg || list.Entries[0].ByName != "store1" || list.Entries[1].LotNumber != "LOT-20260212-001" {
		t.Errorf("entered %+v", list)
	}
	wrong := Do(store2, stock.ListEntries, stock.ListEntriesReq{ID: n.ID, After: list.Next}).Entries[0]
	void := func(u *User, id stock.EntryID) error {
		return second(Try(u, stock.VoidEntry, stock.VoidEntryReq{Entry: id, Reason: "one zero too many"}))
	}
	before := f.Tables()
	wantCode(t, "by another counter", void(store2, wrong.ID), core.CodeForbidden, "store1 entered this. Only store1 or an Admin may take it back.")
	wantCode(t, "of no count", void(f.Store1, 99), core.CodeNotFound, "There is no such entry.")
	f.Unchanged(before, "refused")
	c := Do(f.Store1, stock.VoidEntry, stock.VoidEntryReq{Entry: wrong.ID, Reason: "one zero too many"})
	if *c.Lines[0].Counted != 94*kg {
		t.Errorf("counted %s", c.Lines[0].Counted.String(core.Mass))
	}
	wantCode(t, "twice", void(f.Store1, wrong.ID), core.CodeConflict, "store1 has taken this entry back already.")
	if err := void(f.Owner, list.Entries[0].ID); err != nil {
		t.Errorf("an Admin: %v", err)
	}
	all := Do(f.Store1, stock.ListEntries, stock.ListEntriesReq{ID: n.ID}).Entries
	if len(all) != 3 || all[0].VoidedBy != "owner" || all[1].VoidedBy != "" || all[2].VoidedBy != "store1" || all[2].Reason != "one zero too many" {
		t.Errorf("kept %+v", all)
	}
	Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	if got := cells(f, lot); got != "RELEASED 90.000 9,000.00" {
		t.Errorf("posted as %s", got)
	}
	wantCode(t, "after posting", void(f.Owner, all[1].ID), core.CodeConflict, "COUNT-20260212-01 is already posted. Start a new count.")
	f.Verify()
}

// TestR34_GoodsMoveWhileTheyAreCounted: what was counted is compared with what the books
// held at that moment, whatever moved before it, after it, and until it was posted.
func TestR34_GoodsMoveWhileTheyAreCounted(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00).Lots[0].Lot
	give := func(q core.Qty) {
		t.Helper()
		Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: free(lot), Qty: q, Reason: "stones"})
	}
	counted := func(q core.Qty, n stock.CountID) stock.CountLine {
		t.Helper()
		return Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n, Entries: []stock.CountEntry{{CellKey: free(lot), Qty: q}}}).Lines[0]
	}
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	give(30 * kg)
	if l := Do(f.Store1, stock.GetCount, stock.GetCountReq{ID: n.ID}).Lines[0]; l.Booked != 100*kg || l.Moved != -30*kg || l.Since != 0 || l.Difference != nil {
		t.Errorf("before it is counted the line says %+v", l)
	}
	if l := counted(70*kg, n.ID); *l.Difference != 0 || l.Moved != -30*kg || l.Since != 0 {
		t.Errorf("70 kg of 70 kg: the line says %+v", l)
	}
	if resp := Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID}); resp.State != stock.CountAgreed {
		t.Errorf("70 kg of 70 kg are posted as %+v", resp)
	}
	n = Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	give(10 * kg)
	counted(58*kg, n.ID)
	give(20 * kg)
	before := Do(f.Store1, stock.GetCount, stock.GetCountReq{ID: n.ID})
	if l := before.Lines[0]; *l.Difference != -2*kg || l.Moved != -10*kg || l.Since != -20*kg {
		t.Errorf("58 kg of 60 kg: the line says %+v", l)
	}
	Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	if got := cells(f, lot); got != "RELEASED 38.000 3,800.00" {
		t.Errorf("100 less 30, 10, 2 and 20 kg is %s", got)
	}
	give(5 * kg)
	if l := Do(f.Store1, stock.GetCount, stock.GetCountReq{ID: n.ID}).Lines[0]; l.Since != -20*kg || *l.Difference != -2*kg {
		t.Errorf("a count that is over still changes: %+v", l)
	}
	f.Verify()
}

// TestR34_CountersAddUpWhileNothingMoves: of goods that moved between two counters nobody can
// tell whose part they were of. The first entry is taken back and all is counted again.
func TestR34_CountersAddUpWhileNothingMoves(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00).Lots[0].Lot
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	record := func(q core.Qty) error {
		return second(Try(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: free(lot), Qty: q}}}))
	}
	if err := record(60 * kg); err != nil {
		t.Fatal(err)
	}
	if _, err := adjust(f, lot, -10*kg); err != nil {
		t.Fatal(err)
	}
	before := f.Tables()
	wantCode(t, "the second counter", record(40*kg), core.CodeInvalid,
		"LOT-20260212-001 has moved since 60.000 kg of it were counted: ADJ-20260212-001. Take that entry back and count all of it again.")
	f.Unchanged(before, "refused")
	first := Do(f.Store1, stock.ListEntries, stock.ListEntriesReq{ID: n.ID}).Entries[0]
	Do(f.Store1, stock.VoidEntry, stock.VoidEntryReq{Entry: first.ID, Reason: "moved since"})
	for _, q := range []core.Qty{60 * kg, 29 * kg} {
		if err := record(q); err != nil {
			t.Fatal(err)
		}
	}
	Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	if got := cells(f, lot); got != "RELEASED 89.000 8,900.00" {
		t.Errorf("89 kg of 90 kg are %s", got)
	}
	f.Verify()
}

// TestR34_ExcessOfAnEmptyLot: more was counted than the books held, and then all of it was
// used: the lot has no rate, so an Admin says what the excess is worth.
func TestR34_ExcessOfAnEmptyLot(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot, other := receive(f, 100, 10_000_00).Lots[0].Lot, receive(f, 50, 5_000_00).Lots[0].Lot
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: free(lot), Qty: 102 * kg}, {CellKey: free(other), Qty: 51 * kg}}})
	Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: free(lot), Qty: 100 * kg, Reason: "stones"})
	post := func(values ...stock.ExcessValue) error {
		return second(Try(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID, Values: values}))
	}
	before := f.Tables()
	e := wantCode(t, "without a value", post(), core.CodeInvalid, "LOT-20260212-001 is empty, so it has no rate. Enter what the excess is worth.")
	if e == nil || len(e.Fields) != 1 || e.Fields[0].Field != "lines[0].value" {
		t.Errorf("the faults are %+v", e)
	}
	e = wantCode(t, "a value too many", post(stock.ExcessValue{CellKey: free(lot), Value: 200_00}, stock.ExcessValue{CellKey: free(other), Value: 1_00}), core.CodeInvalid, "LOT-20260212-002 still has stock")
	if e == nil || len(e.Fields) != 1 || e.Fields[0].Field != "lines[1].value" {
		t.Errorf("the faults are %+v", e)
	}
	held := free(other)
	held.Status = stock.Hold
	wantCode(t, "a value of nothing and a bad one", post(stock.ExcessValue{CellKey: held, Value: 1_00}, stock.ExcessValue{CellKey: free(lot), Value: -1}), core.CodeInvalid, "A value cannot be negative.")
	e = wantCode(t, "a value of nothing", post(stock.ExcessValue{CellKey: held, Value: 1_00}), core.CodeInvalid, "And 1 more to correct.")
	if e == nil || len(e.Fields) != 2 || e.Fields[1].Field != "values[0].lot" {
		t.Errorf("the faults are %+v", e)
	}
	f.Unchanged(before, "refused")
	if err := post(stock.ExcessValue{CellKey: free(lot), Value: 200_00}); err != nil {
		t.Fatal(err)
	}
	if cells(f, lot) != "RELEASED 2.000 200.00" || cells(f, other) != "RELEASED 51.000 5,100.00" {
		t.Errorf("posted as %s and %s", cells(f, lot), cells(f, other))
	}
	f.Verify()
}

// TestR34_StockThatIsNoPartOfACount: what lies in an empty cell, came later, or is of another
// kind is refused with what to do instead, all of it at once.
func TestR34_StockThatIsNoPartOfACount(t *testing.T) {
	t.Parallel()
	f := New(t)
	a, gone := receive(f, 100, 10_000_00).Lots[0].Lot, receive(f, 10, 1_000_00).Lots[0].Lot
	Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: free(gone), Qty: 10 * kg, Reason: "stones"})
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	later := receive(f, 5, 500_00).Lots[0].Lot
	var entries []stock.CountEntry
	for _, lot := range []core.LotID{a, gone, later, 99} {
		entries = append(entries, stock.CountEntry{CellKey: free(lot), Qty: 2 * kg})
	}
	_, err := Try(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: entries})
	e := wantCode(t, "strangers", err, core.CodeInvalid, "And 2 more to correct.")
	if e == nil || len(e.Fields) != 3 {
		t.Fatalf("the faults are %+v", e)
	}
	for i, want := range []string{
		"By the books there is nothing of LOT-20260212-002 here, so it is no part of COUNT-20260212-01. An Admin enters what was found as an adjustment.",
		"LOT-20260212-003 is no part of COUNT-20260212-01: it is of another kind, or came here later. Count it with the next count.",
		"This lot does not exist.",
	} {
		if x := e.Fields[i]; x.Message != want || x.Field != fmt.Sprintf("entries[%d].lot", i+1) {
			t.Errorf("%s: %s; want %s", x.Field, x.Message, want)
		}
	}
	f.Verify()
}

// TestR34_VerifyKnowsCounts: another difference than was found, and a beginning that the
// books never had, are found; counts of before the moment of counting was kept, in which
// stock moved, are told of.
func TestR34_VerifyKnowsCounts(t *testing.T) {
	t.Parallel()
	for damage, want := range map[string]string{
		`UPDATE stock_count_line SET booked = booked + 1`:                           "count: what COUNT-20260212-01 began with differs from the ledger",
		`UPDATE stock_count_entry SET qty = qty + 1`:                                "count: COUNT-20260212-01 posted another difference than it found",
		`UPDATE stock_count_entry SET seq = (SELECT snapshot_seq FROM stock_count)`: "count: COUNT-20260212-01 posted another difference than it found",
		`DELETE FROM stock_count_entry`:                                             "count: SC-20260212-001 posted another difference than it found",
		`INSERT INTO stock_count_entry SELECT 99, count_id, lot_id, segment, status, 0, user_id, seq - 2 FROM stock_count_entry`: "count: COUNT-20260212-01 adds up what was counted before and after stock moved",
	} {
		f := New(t)
		lot := receive(f, 100, 10_000_00).Lots[0].Lot
		n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
		Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: free(lot), Qty: 30 * kg, Reason: "stones"})
		Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: free(lot), Qty: 69 * kg}}})
		Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
		if r := f.Verify(); len(r.Remarks) > 0 {
			t.Errorf("of good books it is said %q", r.Remarks)
		}
		f.SQL(`DROP TRIGGER stock_count_line_fixed`, `DROP TRIGGER stock_count_entry_fixed`, `DROP TRIGGER stock_count_entry_kept`, damage)
		f.FindProblem(want)
		if r := f.Excused("counts"); len(r.Remarks) != 1 && !strings.HasPrefix(damage, "DELETE") {
			t.Errorf("of a count of before it is said %q", r.Remarks)
		}
	}
}

// TestR34_OneCountAtATime: a second count of the same stock would post the same
// difference again.
func TestR34_OneCountAtATime(t *testing.T) {
	t.Parallel()
	f := New(t)
	receive(f, 100, 10_000_00)
	packs := f.FinishedGood("FIN-001", "Haldi 50 g")
	f.Opening(packs.ID, 100, 1_000_00)
	raw := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{Types: []catalog.Type{catalog.Raw}})
	Do(f.Store1, stock.OpenCount, stock.OpenCountReq{Types: []catalog.Type{catalog.Finished}}) // another part of the store
	_, err := Try(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	wantCode(t, "all of it", err, core.CodeConflict, "COUNT-20260212-02 is still open and counts LOT-20260212-002 too. Post or cancel it first.")
	Do(f.Owner, stock.CancelCount, stock.CancelCountReq{ID: raw.ID, Reason: "again tomorrow"})
	Do(f.Store1, stock.OpenCount, stock.OpenCountReq{Types: []catalog.Type{catalog.Raw}})
}
