package trace_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// factories is how many random factories a test run plays, where nobody asks for others.
const factories = 10

func init() { RapidRounds(factories) }

// inherit hands the open marks of parents to a lot that was just born.
func (w *world) inherit(child core.LotID, parents []core.LotID) {
	for _, r := range w.open {
		if slices.ContainsFunc(parents, func(p core.LotID) bool { return w.marks[r.ID][p] }) {
			w.marks[r.ID][child] = true
		}
	}
}

func (w *world) frozen(lot core.LotID) bool {
	return slices.ContainsFunc(w.open, func(r trace.Recall) bool { return w.marks[r.ID][lot] })
}

func (w *world) recall() {
	if len(w.lots) == 0 || len(w.open) > 1 {
		return
	}
	lot := rapid.SampledFrom(w.lots).Draw(w.r, "lot")
	r := Do(w.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lot, Reason: "salmonella"})
	w.marks[r.ID] = map[core.LotID]bool{lot: true}
	for child := range reach(lot, w.lineage().down) {
		w.marks[r.ID][child] = true
	}
	w.open = append(w.open, r)
	w.sameMarks(r)
}

// closeRecall lifts the mark and nothing else: not one cell, row or edge differs.
func (w *world) closeRecall() {
	if len(w.open) == 0 {
		return
	}
	n := rapid.IntRange(0, len(w.open)-1).Draw(w.r, "recall")
	r := w.open[n]
	before := w.Tables()
	closed := Do(w.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: r.ID, Version: r.Version, Reason: "tested clean"})
	after := w.Tables()
	for name := range after {
		if after[name] != before[name] && !slices.Contains([]string{"recall", "request", "answer", "audit"}, name) {
			w.r.Fatalf("closing a recall changed table %s", name)
		}
	}
	w.sameMarks(closed)
	w.open = slices.Delete(w.open, n, n+1)
}

// sameMarks compares the lots that bear the mark of a recall; they stay named in it
// when it is closed.
func (w *world) sameMarks(r trace.Recall) {
	got := map[core.LotID]bool{}
	for q := (trace.GetRecallReq{ID: r.ID, Limit: 2}); ; {
		r := Do(w.Store1, trace.GetRecall, q)
		for _, n := range r.Frozen {
			got[n.Lot] = true
		}
		if q.After = r.Next; q.After == "" {
			break
		}
	}
	if !maps.Equal(got, w.marks[r.ID]) {
		w.r.Fatalf("%s marks %v, want %v", r.Number, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(w.marks[r.ID])))
	}
}

// compare holds the traces of all lots against lineage, balances and parcels.
func (w *world) compare() {
	line := w.lineage()
	balance, parcels := w.sums()
	onHand := map[core.LotID]core.Qty{}
	for _, row := range Do(w.Store1, stock.ListLots, stock.ListLotsReq{Limit: 500}).Lots {
		onHand[row.Lot] += row.Qty
		if (row.Frozen != "") != w.frozen(row.Lot) {
			w.r.Fatalf("%s is frozen by %q, must be %v", row.Number, row.Frozen, w.frozen(row.Lot))
		}
	}
	for _, lot := range w.lots {
		t := w.trace(lot)
		w.sameNodes(t, reach(lot, line.up), reach(lot, line.down), line)
		if t.Balance.In() != t.Balance.Out() || t.Balance.OnHand != onHand[lot] {
			w.r.Fatalf("lot %d does not balance: %+v, %d on hand", lot, t.Balance, onHand[lot])
		}
		for field, got := range asMap(t.Balance) {
			if got != balance[lot][field] {
				w.r.Fatalf("lot %d: %s is %d, want %d (%+v)", lot, field, got, balance[lot][field], t.Balance)
			}
		}
		w.sameParcels(t, parcels, reach(lot, line.down))
	}
}

// trace reads all pages of the trace of a lot.
func (w *world) trace(lot core.LotID) trace.Trace {
	all := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: lot, Limit: 3})
	for next := all.Next; next != ""; {
		t := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: lot, After: next, Limit: 3})
		all.Nodes, all.Links, next = append(all.Nodes, t.Nodes...), append(all.Links, t.Links...), t.Next
	}
	return all
}

func (w *world) sameNodes(t trace.Trace, up, down map[core.LotID]int, line lineage) {
	self := t.Nodes[0]
	if self.Lot != t.Lot || self.Depth != 0 || t.Ancestors != len(up) || t.Descendants != len(down) || len(t.Nodes) != 1+len(up)+len(down) {
		w.r.Fatalf("lot %d: %d ancestors and %d descendants, the ledger says %v and %v", t.Lot, t.Ancestors, t.Descendants, up, down)
	}
	took := map[core.LotID]core.Qty{}
	for i, n := range t.Nodes[1:] {
		want := down
		if i < t.Ancestors {
			want = up
		}
		if d, ok := want[n.Lot]; !ok || d != n.Depth {
			w.r.Fatalf("lot %d: %s at depth %d, the ledger says %d, %v", t.Lot, n.Number, n.Depth, d, ok)
		}
	}
	links := 0
	for _, l := range t.Links {
		took[l.Parent] += l.Qty
		if !slices.Contains(line.down[l.Parent], l.Child) {
			w.r.Fatalf("lot %d: a link from %d to %d that the ledger does not know", t.Lot, l.Parent, l.Child)
		}
	}
	for _, n := range t.Nodes {
		for _, child := range line.down[n.Lot] {
			if slices.ContainsFunc(t.Nodes, func(x trace.Node) bool { return x.Lot == child }) {
				links++
			}
		}
	}
	if links != len(t.Links) || took[t.Lot] != line.took[t.Lot] {
		w.r.Fatalf("lot %d: %d links of %d, took %d of %d", t.Lot, len(t.Links), links, took[t.Lot], line.took[t.Lot])
	}
}

func (w *world) sameParcels(t trace.Trace, parcels map[core.LotID]map[string]core.Qty, down map[core.LotID]int) {
	want := map[string]core.Qty{}
	for _, lot := range append([]core.LotID{t.Lot}, slices.Collect(maps.Keys(down))...) {
		for challan, q := range parcels[lot] {
			if q != 0 {
				want[challan] += q
			}
		}
	}
	got := map[string]core.Qty{}
	for _, c := range t.Customers {
		if c.Name == "" || c.Phone == "" {
			w.r.Fatalf("nobody to call: %+v", c)
		}
		sum := trace.Customer{Party: c.Party, Name: c.Name, Phone: c.Phone}
		challans, lots := map[string]bool{}, map[core.LotID]bool{}
		for q := (trace.ListParcelsReq{Lot: t.Lot, Customer: c.Party, Limit: 2}); ; {
			r := Do(w.Store1, trace.ListParcels, q)
			for _, p := range r.Parcels {
				got[p.Number] += p.Qty
				challans[p.Number], lots[p.Lot] = true, true
				if w.item[p.Lot] == w.packs.ID {
					sum.Pieces += p.Qty
				} else {
					sum.Mass += p.Qty
				}
			}
			if q.After = r.Next; q.After == "" {
				break
			}
		}
		if sum.Challans, sum.Lots = len(challans), len(lots); sum != c {
			w.r.Fatalf("lot %d: the parcels are %+v, the customer %+v", t.Lot, sum, c)
		}
	}
	if !maps.Equal(got, want) {
		w.r.Fatalf("lot %d is out with %v, want %v", t.Lot, got, want)
	}
}

// TestProperty_TraceEqualsBruteForce lets random factories buy, grind, pack, sell, take
// back, correct, reverse and recall. At any time every lot's ancestors and descendants
// are those a naive replay of the ledger finds, its mass balance is 100 % (R29), the
// customers are those who have something, and exactly the lots born from frozen
// material are frozen (R30).
func TestProperty_TraceEqualsBruteForce(t *testing.T) {
	t.Parallel()
	tally := NewTally()
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t, r)
		tally.Factory(w.Factory)
		defer w.Scrap()
		w.stockUp()
		for range 2 {
			r.Repeat(map[string]func(*rapid.T){ // rapid prefers what comes first in the alphabet
				"begin":         func(*rapid.T) { w.begin() },
				"complete":      func(*rapid.T) { w.complete() },
				"complete2":     func(*rapid.T) { w.complete() },
				"give back":     func(*rapid.T) { w.giveBack() },
				"pack":          func(*rapid.T) { w.pack() },
				"pack2":         func(*rapid.T) { w.pack() },
				"send":          func(*rapid.T) { w.send() },
				"send2":         func(*rapid.T) { w.send() },
				"t buy":         func(*rapid.T) { w.buy() },
				"t cancel":      func(*rapid.T) { w.cancel() },
				"t close":       func(*rapid.T) { w.closeRecall() },
				"t correct":     func(*rapid.T) { w.correct() },
				"t recall":      func(*rapid.T) { w.recall() },
				"t reverse":     func(*rapid.T) { w.reverse() },
				"t to supplier": func(*rapid.T) { w.sendBack() },
			})
			w.compare()
		}
		for _, recall := range w.open {
			w.sameMarks(recall)
		}
		w.Verify()
	})
	t.Log(tally)
	tally.Least(t, factories, map[string]int{
		"purchase.post_grn": 20, "production.complete_batch": 10, "production.cancel_batch": 4, "packing.post_run": 9, "sales.confirm_dispatch": 8, "sales.post_return": 3, "purchase.return_goods": 9, "stock.adjust": 5,
		"stock.reverse_document": 4, "trace.open_recall": 7, "trace.close_recall": 4, Refused: 35,
	})
}
