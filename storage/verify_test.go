package storage_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// story posts a bit of everything: a GRN, a hold, a shortage, a reversal, a count
// and a closed month.
func story(t *testing.T) *Factory {
	t.Helper()
	f := New(t)
	turmeric, supplier := f.Item("RAW-001", "Turmeric finger"), f.Supplier("Sangli Haldi Traders")
	req := GRN(supplier.ID, "S/1", Line(turmeric.ID, 500, 71_500_00), Line(turmeric.ID, 100, 14_300_01))
	req.Freight = 3_500_00
	grn := Do(f.Store1, purchase.PostGRN, req)
	lot := grn.Lots[0].Lot
	Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Qty: 40 * core.Kilogram, Reason: "moist"})
	adj := Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: lot, Status: stock.Released}, Qty: -core.Kilogram, Reason: "Spoilage"})
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: adj.Document, Reason: "found again"})
	count := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: count.ID, Entries: []stock.CountEntry{{CellKey: count.Lines[0].CellKey, Qty: count.Lines[0].Booked - core.Kilogram}}})
	Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: count.ID})
	f.GoTo(Start.AddDate(0, 1, 0))
	Do(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
	f.Verify()
	return f
}

// TestR42_TraceDataCannotBeDeleted tries to delete and to change every kind of
// posted row, on the database itself: its triggers refuse.
func TestR42_TraceDataCannotBeDeleted(t *testing.T) {
	t.Parallel()
	f := story(t)
	before := f.Tables()
	f.Raw(func(db *sql.DB) error {
		for _, table := range []string{"ledger", "audit", "edge", "document", "grn", "grn_line", "lot", "period", "request",
			"item", "party", "user", "device", "stock_count", "stock_count_line", "stock_count_entry"} {
			if table == "device" {
				if _, err := db.Exec(`INSERT INTO device (name, fingerprint, paired_at) VALUES ('x', 'y', 1)`); err != nil {
					return err
				}
			}
			if _, err := db.Exec(`DELETE FROM ` + table); err == nil || !strings.Contains(err.Error(), "constraint") {
				t.Errorf("%s can be deleted: %v", table, err)
			}
		}
		for table, column := range map[string]string{"ledger": "value", "audit": "new", "edge": "qty", "document": "reason", "grn": "invoice_no", "grn_line": "value",
			"lot": "expiry_on", "period": "value", "request": "body", "stock_count_line": "booked", "stock_count_entry": "qty"} {
			if _, err := db.Exec(`UPDATE ` + table + ` SET ` + column + ` = ` + column); err == nil {
				t.Errorf("%s can be changed", table)
			}
		}
		for _, table := range []string{"ledger", "audit"} { // REPLACE deletes without asking the triggers for DELETE
			if _, err := db.Exec(`INSERT OR REPLACE INTO ` + table + ` SELECT * FROM ` + table + ` WHERE seq = 1`); err == nil {
				t.Errorf("a row of %s can be replaced", table)
			}
		}
		return nil
	})
	delete(before, "device")
	after := f.Tables()
	for name, was := range before {
		if after[name] != was {
			t.Errorf("table %s: %s -> %s", name, was, after[name])
		}
	}
}

// TestVerify_NamesWhatWasChanged damages the books behind the program's back, with
// the triggers dropped: R5, R29, R40 and R43.
func TestVerify_NamesWhatWasChanged(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ name, damage, want string }{
		{"R05 ledger quantity", `UPDATE ledger SET qty = qty + 1 WHERE seq = 1`, "ledger: row 1 was changed"},
		{"R05 ledger user", `UPDATE ledger SET user_id = 1 WHERE seq = 3`, "ledger: row 3 was changed"},
		{"R05 ledger reason", `UPDATE ledger SET reason = 'dry' WHERE reason = 'moist'`, "was changed after it was posted"},
		{"R05 ledger time", `UPDATE ledger SET posted_at = posted_at - 1 WHERE seq = 2`, "ledger: row 2 was changed"},
		{"R05 ledger hash", `UPDATE ledger SET hash = x'00' WHERE seq = 4`, "ledger: row 4 was changed"},
		{"R05 ledger end cut off", `DELETE FROM ledger WHERE document_id = (SELECT max(id) FROM document)`, "has no ledger rows"},
		{"R05 ledger row removed", `DELETE FROM ledger WHERE seq = 2`, "ledger: row 3 follows row 1"},
		{"R40 cell value", `UPDATE cell SET value = value + 1 WHERE status = 'HOLD'`, "balance: lot 1 (REGULAR, HOLD)"},
		{"R40 cell day", `UPDATE cell SET newest_in = 0 WHERE status = 'HOLD'`, "balance: lot 1 (REGULAR, HOLD)"},
		{"R40 cell missing", `DELETE FROM cell WHERE lot_id = 2`, "balance: lot 2 (REGULAR, RELEASED) is missing"},
		{"R40 cell invented", `INSERT INTO cell VALUES (1, 'ONLINE', 'HOLD', 1, 5, 5, 0)`, "is in no ledger row"},
		{"R40 item balance", `UPDATE item_stock SET qty = qty - 1`, "balance: item 1"},
		{"R40 item balance missing", `DELETE FROM item_stock`, "balance: item 1 is missing"},
		{"R40 monthly sum", `UPDATE item_month SET qty = qty + 1`, "sums: the months of RAW-001 differ from its days"},
		{"R40 monthly sum missing", `DELETE FROM item_month`, "sums: the months of RAW-001 differ from its days"},
		{"order settled", `INSERT INTO purchase_order (id, number, supplier_id, ordered_on, expected_on, settled, version, updated_at, updated_by) SELECT 1, 'PO-1', min(id), 0, 0, 1, 1, 0, '' FROM party;
			INSERT INTO purchase_order_line SELECT 1, 1, min(id), 5, 'kg', 0 FROM item`, "order: PO-1 is called settled and is not"},
		{"R29 genealogy", `UPDATE edge SET value = value + 1 WHERE id = 1`, "genealogy: the origin of GRN-20260212-001"},
		{"R29 genealogy quantity", `UPDATE edge SET qty = qty + 1 WHERE id = 1`, "genealogy: the origin of LOT-20260212-001 differs"},
		{"R29 an edge without its document", `DELETE FROM edge WHERE id = 2`, "genealogy: LOT-20260212-002 comes from nowhere"},
		{"R29 a lot of itself", `INSERT INTO edge (document_id, child_id, parent_id, qty, value) VALUES (1, 1, 1, 0, 0)`, "genealogy: GRN-20260212-001 makes a lot of itself"},
		{"R29 genealogy removed", `DELETE FROM edge WHERE id = 2`, "genealogy: the origin of GRN-20260212-001"},
		{"R13 line value", `UPDATE grn_line SET value = value + 1 WHERE line = 2`, "GRN: lines of GRN-20260212-001"},
		{"R13 freight", `UPDATE grn SET freight = freight + 1`, "landed costs of GRN-20260212-001"},
		{"R08 period", `UPDATE period SET head = 'x'`, "the ledger before the close of 2026-02-01 was changed"},
		{"R08 value of a period", `UPDATE period SET value = value + 1`, "period: the totals of 2026-02-01 differ from the ledger"},
		{"R08 totals of a period", `UPDATE period_account SET value = value + 1 WHERE account = 'SUPPLIER'`, "period: the totals of 2026-02-01 differ from the ledger"},
		{"R08 totals of a period removed", `DELETE FROM period_account`, "period: the totals of 2026-02-01 differ from the ledger"},
		{"R09 document user", `UPDATE document SET user_id = 1 WHERE id = 1`, "has ledger rows of another"},
		{"R09 document reason", `UPDATE document SET reason = 'x' WHERE id = 2`, "has ledger rows of another"},
		{"R36 request removed", `DELETE FROM answer; DELETE FROM request WHERE document_id = 1`, "was not posted by exactly one request"},
		{"R43 audit value", `UPDATE audit SET new = '{}' WHERE seq = 5`, "audit: row 5 was changed"},
		{"R43 audit name", `UPDATE audit SET name = 'store1' WHERE seq = 1`, "audit: row 1 was changed"},
		{"R43 audit row removed", `DELETE FROM audit WHERE seq = 4`, "audit: row 5 follows row 3"},
		{"R43 audit end cut off", `DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)`, "audit: the row of request"},
		{"series behind", `UPDATE series SET last = 1 WHERE name LIKE 'LOT-%'`, "series: LOT-20260212-002 is already used"},
		{"search index", `DELETE FROM item_words`, "search: RAW-001 cannot be found"},
		{"search index of lots", `UPDATE lot_words SET number = 'x' WHERE rowid = 2`, "search: LOT-20260212-002 cannot be found"},
		{"a reference", `PRAGMA foreign_keys = 0; DELETE FROM party`, "names a party that does not exist"},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			f := story(t)
			f.Raw(func(db *sql.DB) error {
				db.SetMaxOpenConns(1)
				rows, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
				if err != nil {
					return err
				}
				var drop []string
				for rows.Next() {
					var name string
					if err := rows.Scan(&name); err != nil {
						return err
					}
					drop = append(drop, "DROP TRIGGER "+name)
				}
				if err := rows.Close(); err != nil {
					return err
				}
				_, err = db.Exec(strings.Join(append(drop, v.damage), "; "))
				return err
			})
			f.FindProblem(v.want)
		})
	}
}

// TestR36_AnswersAreForgottenKeysAreNot: after 90 days the answer goes; the key still
// stops a second posting and names the document.
func TestR36_AnswersAreForgottenKeysAreNot(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	req := GRN(supplier.ID, "S/1", Line(item.ID, 1, 100_00))
	const key = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
	first, err := purchase.PostGRN.Call(t.Context(), f.Store1, key, req)
	if err != nil {
		t.Fatal(err)
	}
	keys := f.Int(`SELECT count(*) FROM request`)
	again := func() (purchase.PostGRNResp, error) { return purchase.PostGRN.Call(t.Context(), f.Store1, key, req) }
	forget := func(before time.Time) int64 {
		n, err := f.DB.ForgetAnswers(t.Context(), before)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := forget(Start); n != 0 {
		t.Errorf("%d answers of today are forgotten", n)
	}
	if r, err := again(); err != nil || r.Document != first.Document {
		t.Errorf("the answer is %+v, %v", r, err)
	}
	if n := forget(Start.Add(time.Millisecond)); n == 0 {
		t.Error("no answer is forgotten")
	}
	_, err = again()
	e, _ := err.(*core.Error)
	if core.CodeOf(err) != core.CodeConflict || e.Args["document"] != first.Document {
		t.Errorf("the key without its answer gives %v, %v", err, e)
	}
	if n := f.Int(`SELECT count(*) FROM request`); n != keys {
		t.Errorf("%d keys of %d are left", n, keys)
	}
	if n := f.Int(`SELECT count(*) FROM document`); n != 1 {
		t.Errorf("%d documents", n)
	}
	f.Verify()
}

// TestVerify_AgainAfterChanges proves the books again and again while they change:
// FTS5 keeps its index structure per connection, and a check on a connection that
// has checked before reports a damage that is not there.
func TestVerify_AgainAfterChanges(t *testing.T) {
	t.Parallel()
	f := New(t)
	for i := range 12 {
		f.Item(fmt.Sprintf("RAW-%03d", i+1), "Item "+strings.Repeat("x", i))
		f.Verify()
	}
}
