package flow_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"testing"

	"masala/core"
	"masala/core/app"
	"masala/core/op"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

var digests = regexp.MustCompile(`[0-9a-f]{32,}`)

// TestR37_TheFeedTellsNoValue: what every paired PC is told as the books move lets nobody
// find the value of a row by trial, though he knows all else of it, and the hash before.
func TestR37_TheFeedTellsNoValue(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	g := Do(f.Owner, purchase.PostGRN, GRN(m.suppliers[0], "X/1", Line(m.raw[0], 100, 717_17)))
	posted := Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: g.Lots[0].Lot, Reason: "sample"}).Document
	lacksValue(t, f, posted)
	Do(f.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: g.Lots[0].Lot, Reason: "good"})
	b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 7 * core.Kilogram})
	b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	weight := 7 * core.Kilogram
	b = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &weight}}})
	lacksValue(t, f, b.Issues[0].Document)
}

// lacksValue tries every value up to 1,000.00 for the two rows of the newest document.
func lacksValue(t *testing.T, f *Factory, doc core.DocumentID) {
	t.Helper()
	state, err := f.App.Watch(t.Context(), op.State{})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, d := range digests.FindAllString(string(feed), -1) {
		told[d] = true
	}
	if len(told) == 0 {
		t.Fatalf("the feed tells no row: %s", feed)
	}
	rows, before := rowsOf(t, f, doc)
	for v := core.Paise(0); v <= 1_000_00; v++ {
		prev, hash := before, stock.Hash{}
		for _, r := range rows {
			if r.Value < 0 {
				r.Value = -v
			} else {
				r.Value = v
			}
			hash = r.Chain(prev)
			prev = hash
		}
		again := sha256.Sum256(hash[:])
		if told[hash.String()] || told[hex.EncodeToString(again[:])] {
			t.Fatalf("the feed tells that %d is worth %s: %s", doc, v, feed)
		}
	}
}

// rowsOf reads the rows of the newest document, and the hash before them.
func rowsOf(t *testing.T, f *Factory, doc core.DocumentID) (rows []stock.Row, before stock.Hash) {
	t.Helper()
	if err := f.DB.Read(t.Context(), func(tx app.Store) (err error) {
		if rows, err = tx.RowsOf(doc); err != nil {
			return err
		}
		text, err := tx.HashAt(rows[0].Seq - 1)
		if err != nil {
			return err
		}
		_, err = hex.Decode(before[:], []byte(text))
		return err
	}); err != nil || len(rows) != 2 || rows[1].Chain(rows[0].Chain(before)) != rows[1].Hash {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows, before
}
