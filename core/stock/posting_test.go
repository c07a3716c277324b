package stock_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/app"
	"masala/core/op"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// posting runs fn inside the writer's transaction, as the handler of an operation
// does, and rolls back when fn fails.
func posting(f *Factory, fn func(*op.Call, stock.Store) error) error {
	f.T.Helper()
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		f.T.Fatal(err)
	}
	c := &op.Call{Now: f.Clock.Now(), Zone: zone, Actor: core.Actor{User: f.Owner.ID, Name: "owner", Role: core.Admin, Device: "SERVER"}}
	return f.DB.Write(context.Background(), func(s app.Store) error { return fn(c, s) })
}

func lot(f *Factory, kg int64, value core.Paise) stock.CellKey {
	f.T.Helper()
	return free(receive(f, kg, value).Lots[0].Lot)
}

func itemOf(f *Factory, key stock.CellKey) core.ItemID {
	f.T.Helper()
	return Do(f.Owner, stock.GetLot, stock.GetLotReq{ID: key.Lot}).Item
}

func cellOf(f *Factory, key stock.CellKey) (q core.Qty, v core.Paise) {
	f.T.Helper()
	d := Do(f.Owner, stock.GetValuedLot, stock.GetLotReq{ID: key.Lot})
	return d.Qty, d.Value
}

// TestR10_TakeTwiceFromOneCell: the second row of a document takes its value from
// what the first one left, and the last takes the rest.
func TestR10_TakeTwiceFromOneCell(t *testing.T) {
	t.Parallel()
	f := New(t)
	key := lot(f, 3, 100_00)
	item := itemOf(f, key)
	err := posting(f, func(c *op.Call, tx stock.Store) error {
		v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindIssue})
		if err != nil {
			return err
		}
		for _, want := range []core.Paise{33_33, 33_34, 33_33} { // 10000/3, 6667/2 = 3333.5 to the even
			got, err := v.Take(item, key, core.Kilogram, stock.WIP)
			if err != nil {
				return err
			}
			if got != want {
				t.Errorf("took %d, want %d", got, want)
			}
		}
		return v.Post()
	})
	if err != nil {
		t.Fatal(err)
	}
	if q, v := cellOf(f, key); q != 0 || v != 0 {
		t.Errorf("left %d worth %d", q, v)
	}
}

// TestR05_UnbalancedIsNeverPosted: rows that do not balance by lot, by value or over
// the conversion are refused before anything is written.
func TestR05_UnbalancedIsNeverPosted(t *testing.T) {
	t.Parallel()
	f := New(t)
	a, b := lot(f, 10, 100_00), lot(f, 10, 100_00)
	item := itemOf(f, a)
	for name, rows := range map[string][]stock.Movement{
		"value":      {{Account: stock.InStock, Item: item, CellKey: a, Qty: -1, Value: -1}, {Account: stock.WIP, Item: item, CellKey: stock.CellKey{Lot: a.Lot}, Qty: 1}},
		"lot":        {{Account: stock.InStock, Item: item, CellKey: a, Qty: -1}, {Account: stock.WIP, Item: item, CellKey: stock.CellKey{Lot: b.Lot}, Qty: 1}},
		"conversion": {{Account: stock.InStock, Item: item, CellKey: a, Qty: -1, Value: -1}, {Account: stock.Conversion, Item: item, CellKey: stock.CellKey{Lot: a.Lot}, Qty: 1, Value: 1}},
	} {
		err := posting(f, func(c *op.Call, tx stock.Store) error {
			v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindIssue})
			if err != nil {
				return err
			}
			v.Move(rows...)
			return v.Post()
		})
		if err == nil || !strings.Contains(err.Error(), "does not balance") {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.Verify()
}

// TestR30_FrozenStockDoesNotLeave: marks stop every outward move, not those within
// the lot, and pass to what is born from material that was already taken.
func TestR30_FrozenStockDoesNotLeave(t *testing.T) {
	t.Parallel()
	f := New(t)
	key := lot(f, 10, 100_00)
	item := itemOf(f, key)
	issue := func() error {
		return posting(f, func(c *op.Call, tx stock.Store) error {
			v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindIssue})
			if err != nil {
				return err
			}
			if _, err := v.Take(item, key, core.Kilogram, stock.WIP); err != nil {
				return err
			}
			return v.Post()
		})
	}
	if err := issue(); err != nil {
		t.Fatal(err)
	}
	f.SQL(`INSERT INTO recall (id, number, lot_id, reason, opened_at, opened_by, version) VALUES (1, 'RC-20260212-01', ` + fmt.Sprint(key.Lot) + `, 'stones', 0, 'owner', 1)`)
	f.SQL(`INSERT INTO recall_lot (lot_id, recall_id) VALUES (` + fmt.Sprint(key.Lot) + `, 1)`)
	err := issue()
	number := Do(f.Owner, stock.GetLot, stock.GetLotReq{ID: key.Lot}).Number
	if core.CodeOf(err) != core.CodeConflict || err.Error() != number+" is frozen by recall RC-20260212-01. Close the recall first, or take another lot." {
		t.Errorf("issued from a frozen lot: %v", err)
	}
	Do(f.Owner, stock.HoldLot, stock.ChangeStatusReq{Lot: key.Lot, Reason: "recall"})
	if rows := Do(f.Owner, stock.ListLots, stock.ListLotsReq{Item: item}).Lots; rows[0].Frozen != "RC-20260212-01" {
		t.Errorf("listed as %+v", rows)
	}
	var child stock.Lot
	err = posting(f, func(c *op.Call, tx stock.Store) error { // what was in WIP comes out
		v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindProduction})
		if err != nil {
			return err
		}
		if child, err = v.NewLot(stock.Lot{Item: item}); err != nil {
			return err
		}
		parent := stock.CellKey{Lot: key.Lot}
		v.Move(stock.Movement{Account: stock.WIP, Item: item, CellKey: parent, Qty: -core.Kilogram, Value: -10_00},
			stock.Movement{Account: stock.Conversion, Item: item, CellKey: parent, Qty: core.Kilogram, Value: 10_00})
		v.Put(item, stock.CellKey{Lot: child.ID, Segment: core.Regular, Status: stock.Released}, core.Kilogram, 10_00, stock.Conversion)
		v.From(stock.Edge{Child: child.ID, Parent: key.Lot, Qty: core.Kilogram, Value: 10_00})
		return v.Post()
	})
	if err != nil {
		t.Fatal(err)
	}
	err = posting(f, func(_ *op.Call, tx stock.Store) error {
		marks, err := tx.OpenRecalls(child.ID)
		if err == nil && (len(marks) != 1 || marks[0].Recall != 1) {
			err = errors.New("the child has no mark")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestR09_WhatOthersStandOnStays: a document is not reversed before those that stand
// on it.
func TestR09_WhatOthersStandOnStays(t *testing.T) {
	t.Parallel()
	f := New(t)
	key := lot(f, 10, 100_00)
	item := itemOf(f, key)
	issue := func(on ...core.DocumentID) (p stock.Posted) {
		t.Helper()
		err := posting(f, func(c *op.Call, tx stock.Store) error {
			v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindIssue, On: on})
			if err != nil {
				return err
			}
			p = v.Posted()
			if _, err := v.Take(item, key, core.Kilogram, stock.WIP); err != nil {
				return err
			}
			return v.Post()
		})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := issue()
	second := issue(first.Document)
	_, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: first.Document, Reason: "wrong batch"})
	if err == nil || err.Error() != first.Number+" cannot be cancelled, because these stand on it: "+second.Number+". Cancel those first." {
		t.Errorf("reversed under its successor: %v", err)
	}
	for _, d := range []stock.Posted{second, first} {
		Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "wrong batch"})
	}
	if q, v := cellOf(f, key); q != 10*core.Kilogram || v != 100_00 {
		t.Errorf("left %d worth %d", q, v)
	}
}

// TestNumbersOfEachKind: challans by financial year, packing runs with two digits,
// all others with three.
func TestNumbersOfEachKind(t *testing.T) {
	t.Parallel()
	f := New(t)
	err := posting(f, func(_ *op.Call, tx stock.Store) error {
		for _, v := range []struct {
			kind stock.DocumentKind
			day  core.Date
			want string
		}{
			{stock.KindDispatch, core.NewDate(2026, 3, 31), "DC/2526/00001"}, {stock.KindDispatch, core.NewDate(2026, 4, 1), "DC/2627/00001"},
			{stock.KindDispatch, core.NewDate(2026, 4, 2), "DC/2627/00002"}, {stock.KindPacking, today, "PK-20260212-01"}, {stock.KindTransfer, today, "ST-20260212-001"},
		} {
			if got, err := stock.NextNumber(tx, v.kind, v.day); err != nil || got != v.want {
				t.Errorf("%s on %s: %s, %v; want %s", v.kind, v.day, got, err, v.want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestR40_DailySumsAreProved: a daily sum that was tampered with is found.
func TestR40_DailySumsAreProved(t *testing.T) {
	t.Parallel()
	for _, tamper := range []string{`UPDATE account_day SET value = value + 1 WHERE account = 'STOCK'`, `DELETE FROM account_day WHERE account = 'SUPPLIER'`,
		`UPDATE item_day SET qty = qty - 1`, `DELETE FROM item_day`, `INSERT INTO account_day VALUES ('LOSS', 1, 5)`} {
		f := New(t)
		lot(f, 10, 100_00)
		f.SQL(tamper)
		r, err := f.DB.Verify(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.OK() {
			t.Errorf("%s: the verifier finds nothing", tamper)
		}
	}
}

// TestR40_EdgesSayWhatMoves: no document gets genealogy into the books that its movements
// do not bear out.
func TestR40_EdgesSayWhatMoves(t *testing.T) {
	t.Parallel()
	f := New(t)
	key, other := lot(f, 10, 100_00), lot(f, 10, 100_00)
	item := itemOf(f, key)
	before := f.Tables()
	for _, x := range []struct {
		edges func(child core.LotID) []stock.Edge
		want  string
	}{
		{func(core.LotID) []stock.Edge { return nil }, "lot 3 comes from nowhere"},
		{func(c core.LotID) []stock.Edge {
			return []stock.Edge{{Child: c, Parent: key.Lot, Qty: core.Kilogram, Value: 9_99}}
		}, "lot 3 is worth 1000 paise, its parents gave 999"},
		{func(c core.LotID) []stock.Edge {
			return []stock.Edge{{Child: c, Parent: key.Lot, Qty: 999 * core.Kilogram, Value: 10_00}}
		}, "999000000 worth 1000 paise become of lot 1, of which 1000000 worth 1000 are taken"},
		{func(c core.LotID) []stock.Edge {
			return []stock.Edge{{Child: c, Parent: other.Lot, Qty: core.Kilogram, Value: 10_00}}
		}, "become of lot 2, of which 0 worth 0 are taken"},
		{func(c core.LotID) []stock.Edge {
			return []stock.Edge{{Child: c, Parent: key.Lot, Qty: core.Kilogram, Value: 10_00}, {Child: c, Parent: c}}
		}, "lot 3 cannot be made of lot 3"},
		{func(c core.LotID) []stock.Edge {
			return []stock.Edge{{Child: c, Parent: key.Lot, Qty: core.Kilogram, Value: 10_00}, {Child: key.Lot, Parent: other.Lot}}
		}, "lot 1 cannot be made of lot 2"},
		{func(c core.LotID) []stock.Edge {
			return []stock.Edge{{Child: c, Parent: key.Lot, Qty: core.Kilogram, Value: 10_01}, {Child: c, Parent: other.Lot, Value: -1}}
		}, "lot 3 takes 0 worth -1 paise of lot 2"},
	} {
		err := posting(f, func(c *op.Call, tx stock.Store) error {
			v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindPacking})
			if err != nil {
				return err
			}
			child, err := v.NewLot(stock.Lot{Item: item})
			if err != nil {
				return err
			}
			worth, err := v.Take(item, key, core.Kilogram, stock.Conversion)
			if err != nil {
				return err
			}
			v.Put(item, stock.CellKey{Lot: child.ID, Segment: core.Regular, Status: stock.Released}, core.Kilogram, worth, stock.Conversion)
			for _, e := range x.edges(child.ID) {
				v.From(e)
			}
			return v.Post()
		})
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("posted: %v, want %s", err, x.want)
		}
	}
	f.Unchanged(before, "edges that were refused")
}
