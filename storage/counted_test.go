package storage

import (
	"testing"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
)

// TestR34_CountsOfBefore: what was counted before the moment of counting was kept is
// compared with the beginning of its count, as it was then. In a count that is open, what
// has moved since is counted again: the upgrade took that entry back, and no user has. Price
// corrections find their notes.
func TestR34_CountsOfBefore(t *testing.T) {
	row := func(seq, document, lot, qty string) string {
		return `INSERT INTO ledger VALUES (` + seq + `, 0, 0, ` + document + `, 1, 'STOCK', 1, ` + lot + `, 'REGULAR', 'RELEASED', ` + qty + `, 0, '', 1, x'')`
	}
	path := olderBooks(t, 27, `PRAGMA foreign_keys = OFF`,
		`INSERT INTO user VALUES (1, 'store1', 'Store', 'OPERATOR', 1, '', 1, 0, '')`,
		`INSERT INTO item (id, sku, sku_sort, name, type, dimension, purchase_unit, issue_unit, active, version, updated_at, updated_by) VALUES (1, 'I', '', 'Turmeric', 'RAW', 'mass', 'kg', 'kg', 1, 1, 0, '')`,
		`INSERT INTO document (id, kind, number, effective_on, posted_at, user_id, device) VALUES (1, 'GRN', 'G1', 0, 0, 1, ''), (2, 'SC', 'SC1', 0, 0, 1, ''), (3, 'ADJ', 'A1', 0, 0, 1, ''), (4, 'PC', 'PC1', 0, 0, 1, '')`,
		`INSERT INTO lot (id, number, number_sort, item_id, born_on, source_id, allergens) VALUES (1, 'L1', '1', 1, 0, 1, '[]'), (2, 'L2', '2', 1, 0, 1, '[]')`,
		`INSERT INTO grn_line (document_id, line, lot_id, item_id, qty, unit, value, landed, gst_rate, gst, status) VALUES (1, 1, 1, 1, 100, 'kg', 50, 0, 0, 0, 'RELEASED')`,
		`INSERT INTO audit (seq, at, user_id, name, device, operation, document_id, new, hash) VALUES (1, 0, 1, '', '', 'purchase.correct_price', 4, '{"grn":1,"line":1,"delta":5,"note_no":"DN/7","reason":"r"}', x'')`,
		row("1", "1", "1", "100"), row("2", "1", "2", "50"), row("3", "2", "1", "-10"), row("4", "3", "1", "-20"),
		`INSERT INTO ledger VALUES (5, 0, 0, 4, 1, 'SUPPLIER', 1, 1, '', '', 0, -5, '', 1, x'')`,
		`INSERT INTO stock_count (id, number, snapshot_seq, opened_at, opened_by, document_id, state) VALUES (1, 'C1', 2, 0, 1, 2, 'POSTED'), (2, 'C2', 3, 0, 1, NULL, 'OPEN'), (3, 'C3', 2, 0, 1, NULL, 'CANCELLED')`,
		`INSERT INTO stock_count_line VALUES (1, 1, 'REGULAR', 'RELEASED', 100), (2, 1, 'REGULAR', 'RELEASED', 90), (2, 2, 'REGULAR', 'RELEASED', 50), (3, 1, 'REGULAR', 'RELEASED', 100)`,
		`INSERT INTO stock_count_entry VALUES (1, 1, 1, 'REGULAR', 'RELEASED', 90, 1), (2, 2, 1, 'REGULAR', 'RELEASED', 69, 1), (3, 2, 2, 'REGULAR', 'RELEASED', 49, 1), (4, 3, 1, 'REGULAR', 'RELEASED', 99, 1), (5, 2, 2, 'REGULAR', 'RELEASED', 7, 1)`,
		// A user takes one back in the very words of the upgrade.
		`INSERT INTO stock_count_void VALUES (5, 1, 'This stock has moved. Count it again.')`,
		`INSERT INTO audit (seq, at, user_id, name, device, operation, new, hash) VALUES (2, 0, 1, '', '', 'stock.void_entry', '{"voided":5,"reason":"This stock has moved. Count it again."}', x'')`)
	db := open(t, path)
	err := db.read(t.Context(), func(tx *Tx) error {
		for id, want := range map[stock.CountID][]core.Qty{1: {-10}, 2: {-1 << 62, -1}, 3: {-1}} {
			c, err := tx.Count(id)
			if err != nil {
				return err
			}
			for i, l := range c.Lines {
				if d := want[i]; (l.Difference == nil) != (d == -1<<62) || l.Difference != nil && *l.Difference != d {
					t.Errorf("line %d of %s is %+v, its difference must be %d", i, c.Number, l, d)
				}
			}
		}
		entries, err := tx.Entries(stock.ListEntriesReq{ID: 2, Limit: 10})
		if err != nil {
			return err
		}
		for i, by := range []string{"store1", "", stock.ByUpgrade} { // newest first
			if e := entries.Entries[i]; e.VoidedBy != by || (e.Reason == "This stock has moved. Count it again.") != (by != "") {
				t.Errorf("in the open count stands %+v, must be taken back by %q", e, by)
			}
		}
		untold, err := tx.VoidedByUpgrade()
		if err == nil && (len(untold) != 1 || untold[0] != entries.Entries[2]) {
			t.Errorf("the audit log does not tell of %+v", untold)
		}
		if err != nil {
			return err
		}
		notes, err := tx.NotesOn(1)
		if want := (purchase.Note{Document: 4, Posted: "PC1", Number: "DN/7", Delta: 5}); err == nil && (len(notes) != 1 || notes[0] != want) {
			t.Errorf("the note is %+v, must be %+v", notes, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`UPDATE stock_count_entry SET qty = 1`, `UPDATE stock_count_void SET user_id = 1`, `DELETE FROM stock_count_void`} {
		if _, err := db.all[0].sql.ExecContext(t.Context(), q); err == nil {
			t.Errorf("after the upgrade works: %s", q)
		}
	}
}
