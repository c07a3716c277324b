package purchase

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// The operations on late price corrections (R14).
var (
	PreviewPrice = op.Define[CorrectPriceReq, PriceCorrection]("purchase.preview_price_correction", op.Read, op.Admin, "Show where the difference of a debit or credit note would go.", op.Viewed())
	CorrectPrice = op.Define[CorrectPriceReq, PriceCorrection]("purchase.correct_price", op.Business, op.Admin, "Post a supplier's debit or credit note for a line that was already received.", op.Changes(stock.Topic, stock.TopicDocuments))
)

// CorrectPriceReq is a debit note (Delta above zero: the goods cost more) or credit
// note of a supplier for one line of a GRN, without GST.
type CorrectPriceReq struct {
	GRN    core.DocumentID `json:"grn"`
	Line   int             `json:"line"` // from 1
	Delta  core.Paise      `json:"delta"`
	NoteNo string          `json:"note_no"` // number of the supplier's note
	Reason string          `json:"reason"`
}

// Validate checks the request.
func (r *CorrectPriceReq) Validate() error {
	var bad core.Faults
	r.NoteNo = core.Text(r.NoteNo)
	bad.Check(r.GRN > 0, "grn", "Choose the GRN.")
	bad.Check(r.Line > 0, "line", "Choose the line.")
	bad.Check(r.Delta != 0, "delta", "Enter by how much the price changes.")
	bad.Check(r.Delta >= -core.MaxPaise && r.Delta <= core.MaxPaise, "delta", "This amount is too large.")
	bad.Check(r.NoteNo != "", "note_no", "Enter the number of the supplier's note.")
	bad.Fit("note_no", r.NoteNo, 40)
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// PriceCorrection tells where the difference went; the parts sum to Delta. Document
// and Number are empty in a preview.
type PriceCorrection struct {
	Document core.DocumentID `json:"document,omitempty"`
	Number   string          `json:"number,omitempty"`
	Delta    core.Paise      `json:"delta"`
	Stock    []LotShare      `json:"stock"` // still in stock, per lot
	// What running batches hold costs more or less by InProcess; Sold has gone to
	// customers (COGS); Variance was used up, lost, or is beyond what a lot is worth.
	InProcess core.Paise `json:"in_process"`
	Sold      core.Paise `json:"sold"`
	Variance  core.Paise `json:"variance"`
}

// LotShare is what one lot's value changes by.
type LotShare struct {
	Lot    core.LotID `json:"lot"`
	Number string     `json:"number"`
	Name   string     `json:"name"`
	Value  core.Paise `json:"value"`
}

// Outflows tells where the quantity of a lot is and has gone, net of what was reversed or
// came back, in the lot's base units. Each way has the row of the ledger that opened it.
type Outflows struct {
	Cells    []Held // with stock
	Children []Child
	Batches  []Process // that have not used it yet
	Sold     Gone
	SoldBy   []core.DocumentID // dispatches that stand
	Other    Gone              // lost, disposed, returned to the supplier
}

// Held is what a cell holds of a lot.
type Held struct {
	stock.Cell
	Since core.Seq
}

// Gone is what has left a lot for good.
type Gone struct {
	Qty   core.Qty
	Since core.Seq
}

// Process is what a running batch holds of a lot. It is still on hand.
type Process struct {
	Batch  int64
	Since  core.Seq
	Qty    core.Qty
	Value  core.Paise
	Issues []core.DocumentID // that stand; none is cancelled under a correction
}

// InBatch is what a correction adds to the material of a batch.
type InBatch struct {
	Batch int64
	Lot   core.LotID
	Value core.Paise
}

// Note is a price correction of a lot that stands.
type Note struct {
	Document core.DocumentID
	Posted   string // number of the document
	Number   string // of the supplier's note
	Delta    core.Paise
}

// Child is a lot that was made from another one.
type Child struct {
	Lot      core.LotID
	Document core.DocumentID
	Since    core.Seq
	Qty      core.Qty // of the parent
}

// shares is a price correction while it is worked out.
type shares struct {
	cells    []stock.Movement
	batches  []InBatch
	edges    []stock.Edge
	sold     map[core.LotID]core.Paise
	variance map[core.LotID]core.Paise
	items    map[core.LotID]core.ItemID
	on       map[core.DocumentID]bool
}

func correctPrice(c *op.Call, tx Store, q CorrectPriceReq, post bool) (PriceCorrection, error) {
	g, err := tx.GRN(q.GRN)
	if core.CodeOf(err) == core.CodeNotFound {
		return PriceCorrection{}, core.NotFound("grn", "There is no such GRN.")
	}
	switch {
	case err != nil:
		return PriceCorrection{}, err
	case g.ReversedBy != "":
		return PriceCorrection{}, core.Errorf(core.CodeConflict, "%s was cancelled by %s.", g.Number, g.ReversedBy)
	case q.Line > len(g.Lines):
		return PriceCorrection{}, core.Invalid("line", "%s has %d lines.", g.Number, len(g.Lines))
	}
	line := g.Lines[q.Line-1]
	notes, err := tx.NotesOn(line.Lot)
	if err != nil {
		return PriceCorrection{}, err
	}
	var bad core.Faults
	for _, n := range notes {
		bad.Check(!strings.EqualFold(n.Number, q.NoteNo), "note_no", "%s is posted for this line already, as %s.", n.Number, n.Posted)
	}
	needs := room(&bad, notes, g.Costs[q.Line-1].Value, q.Delta)
	if err := bad.Err(); err != nil {
		return PriceCorrection{}, err
	}
	s, err := walk(tx, line.Lot, q.Delta)
	if err != nil {
		return PriceCorrection{}, err
	}
	resp, err := s.answer(tx, q.Delta)
	if err != nil || !post {
		return resp, err
	}
	for _, doc := range append(needs, g.ID) {
		s.on[doc] = true
	}
	reason, err := stock.Correcting(tx, g.ReceivedOn, q.NoteNo+": "+q.Reason)
	if err != nil {
		return PriceCorrection{}, err
	}
	v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindPriceCorrection, Reason: reason, Party: g.Supplier, On: slices.Sorted(maps.Keys(s.on))})
	if err != nil {
		return PriceCorrection{}, err
	}
	if err := tx.InsertPriceNote(v.Posted().Document, line.Lot, q.NoteNo); err != nil {
		return PriceCorrection{}, err
	}
	v.Move(stock.Movement{Account: stock.Supplier, Item: line.Item, CellKey: stock.CellKey{Lot: line.Lot}, Value: -q.Delta})
	v.Move(s.cells...)
	for _, b := range s.batches {
		v.Move(stock.Movement{Account: stock.WIP, Item: s.items[b.Lot], CellKey: stock.CellKey{Lot: b.Lot}, Value: b.Value})
		if err := tx.InsertBatchPrice(v.Posted().Document, b); err != nil {
			return PriceCorrection{}, err
		}
	}
	s.move(v, stock.COGS, s.sold)
	s.move(v, stock.Variance, s.variance)
	v.From(stock.Edge{Child: line.Lot, Value: q.Delta})
	for _, e := range s.edges {
		v.From(e)
	}
	resp.Document, resp.Number = v.Posted().Document, v.Number()
	c.Note("GRN "+g.Number, map[string]any{"line": q.Line, "value": g.Costs[q.Line-1].Value}, q)
	return resp, v.Post()
}

// room refuses a credit beyond what a line costs with all notes that stand, and names
// the debit notes without which it would be one: they are not cancelled under it.
func room(bad *core.Faults, notes []Note, price, delta core.Paise) (needs []core.DocumentID) {
	if delta > 0 {
		return nil
	}
	now, without := price, price
	for _, n := range notes {
		now += n.Delta
		if n.Delta < 0 {
			without += n.Delta
		} else {
			needs = append(needs, n.Document)
		}
	}
	switch {
	case now+delta < 0 && len(notes) == 0:
		bad.Add("delta", "The line cost %s. A credit cannot be larger.", price)
	case now+delta < 0:
		bad.Add("delta", "The line cost %s; with the notes posted so far it costs %s. A credit cannot be larger.", price, max(now, 0))
	case without+delta >= 0:
		return nil
	}
	return needs
}

func (s *shares) move(v *stock.Voucher, account stock.Account, sums map[core.LotID]core.Paise) {
	for _, lot := range slices.Sorted(maps.Keys(sums)) {
		if sums[lot] != 0 {
			v.Move(stock.Movement{Account: account, Item: s.items[lot], CellKey: stock.CellKey{Lot: lot}, Value: sums[lot]})
		}
	}
}

// walk splits d over the descendants of a lot. A lot's children are born after it
// and so have higher ids: taking the lowest id first meets every lot once, when all
// that falls to it is known.
func walk(tx Store, root core.LotID, d core.Paise) (*shares, error) {
	s := &shares{sold: map[core.LotID]core.Paise{}, variance: map[core.LotID]core.Paise{}, items: map[core.LotID]core.ItemID{}, on: map[core.DocumentID]bool{}}
	open := map[core.LotID]core.Paise{root: d}
	for len(open) > 0 {
		id := slices.Min(slices.Collect(maps.Keys(open)))
		share := open[id]
		delete(open, id)
		lot, err := tx.Lot(id)
		if err != nil {
			return nil, err
		}
		s.items[id] = lot.Item
		if err := s.split(tx, id, share, open); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// way is where a part of a lot is or has gone; to is given its share.
type way struct {
	since core.Seq
	qty   core.Qty
	to    func(core.Paise)
}

// ways lists where a lot is and has gone, and what a share does there. What is made of it
// waits in open for its turn.
func (s *shares) ways(lot core.LotID, out Outflows, open map[core.LotID]core.Paise) (ways []way) {
	variance := func(v core.Paise) { s.variance[lot] += v }
	within := func(v, have core.Paise) core.Paise { // a credit beyond the value is variance
		part := max(v, -have)
		variance(v - part)
		return part
	}
	for _, c := range out.Cells {
		ways = append(ways, way{c.Since, c.Qty, func(v core.Paise) {
			if v = within(v, c.Value); v != 0 {
				s.cells = append(s.cells, stock.Movement{Account: stock.InStock, Item: c.Item, CellKey: c.CellKey, Value: v})
			}
		}})
	}
	for _, c := range out.Children {
		ways = append(ways, way{c.Since, c.Qty, func(v core.Paise) {
			if v != 0 {
				open[c.Lot] += v
				s.edges = append(s.edges, stock.Edge{Child: c.Lot, Parent: lot, Value: v})
			}
		}})
	}
	for _, b := range out.Batches {
		ways = append(ways, way{b.Since, b.Qty, func(v core.Paise) {
			if v = within(v, b.Value); v != 0 {
				s.batches = append(s.batches, InBatch{b.Batch, lot, v})
			}
		}})
	}
	return append(ways, way{out.Sold.Since, out.Sold.Qty, func(v core.Paise) { s.sold[lot] += v }}, way{out.Other.Since, out.Other.Qty, variance})
}

// split shares d out at one lot, by quantity over what is there and what went where,
// largest remainder first, ties to the way that the ledger knew first (R14). The
// correction stands on all that used the lot (R9).
func (s *shares) split(tx Store, lot core.LotID, d core.Paise, open map[core.LotID]core.Paise) error {
	out, err := tx.Outflows(lot)
	if err != nil {
		return err
	}
	for _, c := range out.Children {
		s.on[c.Document] = true
	}
	for _, b := range out.Batches {
		for _, doc := range b.Issues {
			s.on[doc] = true
		}
	}
	for _, doc := range out.SoldBy {
		s.on[doc] = true
	}
	ways := s.ways(lot, out, open)
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(a.since, b.since) })
	weights := make([]core.Qty, len(ways))
	for i, w := range ways {
		weights[i] = w.qty
	}
	if slices.Max(weights) == 0 {
		s.variance[lot] += d
		return nil
	}
	parts, err := core.Split(max(d, -d), weights)
	if err != nil {
		return core.Invalid("delta", "This difference cannot be split over the lots.").Because(err)
	}
	for i, w := range ways {
		if d < 0 {
			parts[i] = -parts[i]
		}
		w.to(parts[i])
	}
	return nil
}

func (s *shares) answer(tx Store, d core.Paise) (PriceCorrection, error) {
	resp := PriceCorrection{Delta: d, Stock: []LotShare{}}
	for _, m := range s.cells {
		if n := len(resp.Stock); n > 0 && resp.Stock[n-1].Lot == m.Lot {
			resp.Stock[n-1].Value += m.Value
			continue
		}
		lot, err := tx.Lot(m.Lot)
		if err != nil {
			return resp, err
		}
		item, err := tx.ItemRef(m.Item)
		if err != nil {
			return resp, err
		}
		resp.Stock = append(resp.Stock, LotShare{m.Lot, lot.Number, item.Name, m.Value})
	}
	for _, b := range s.batches {
		resp.InProcess += b.Value
	}
	for _, v := range s.sold {
		resp.Sold += v
	}
	for _, v := range s.variance {
		resp.Variance += v
	}
	return resp, nil
}
