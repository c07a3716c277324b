package stock_test

import (
	"testing"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
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
