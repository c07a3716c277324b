package trace

import (
	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	stock.Series
	Lot(core.LotID) (stock.Lot, error) // core.CodeNotFound
	FreezeLot(core.LotID, stock.Mark) error
	// Ancestors and Descendants follow the edges that stand, the lot itself not among
	// them; each lot comes once, at its least depth.
	Ancestors(core.LotID) ([]Node, error)
	Descendants(core.LotID) ([]Node, error)
	TraceNode(core.LotID) (Node, error)
	LinksAmong([]core.LotID) ([]Link, error)
	LotBalance(core.LotID) (Balance, error)
	OutWithCustomers([]core.LotID) ([]Customer, error)
	Recalls(ListRecallsReq) (ListRecallsResp, error)
	Recall(RecallID) (RecallRow, error) // core.CodeNotFound
	RecalledLots(RecallID) ([]Node, error)
	InsertRecall(RecallRow) (RecallID, error)
	CloseRecall(RecallRow) error
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, TraceLot, func(_ *op.Call, tx T, q LotReq) (Trace, error) { return traceLot(tx, q.Lot) })
	op.Handle(r, OpenRecall, func(c *op.Call, tx T, q OpenRecallReq) (Recall, error) { return openRecall(c, tx, q) })
	op.Handle(r, CloseRecall, func(c *op.Call, tx T, q CloseRecallReq) (Recall, error) { return closeRecall(c, tx, q) })
	op.Handle(r, ListRecalls, func(_ *op.Call, tx T, q ListRecallsReq) (ListRecallsResp, error) { return tx.Recalls(q) })
	op.Handle(r, GetRecall, func(_ *op.Call, tx T, q GetRecallReq) (Recall, error) { return recall(tx, q.ID) })
}

func traceLot(tx Store, id core.LotID) (t Trace, err error) {
	t.Lot = id
	self, err := tx.TraceNode(id)
	if err != nil {
		return t, err
	}
	up, err := tx.Ancestors(id)
	if err != nil {
		return t, err
	}
	down, err := tx.Descendants(id)
	if err != nil {
		return t, err
	}
	t.Ancestors, t.Descendants = len(up), len(down)
	t.Nodes = append(append([]Node{self}, up...), down...)
	if t.Links, err = tx.LinksAmong(lots(t.Nodes)); err != nil {
		return t, err
	}
	if t.Balance, err = tx.LotBalance(id); err != nil {
		return t, err
	}
	t.Customers, err = tx.OutWithCustomers(lots(append([]Node{self}, down...)))
	return t, err
}

func lots(nodes []Node) []core.LotID {
	ids := make([]core.LotID, len(nodes))
	for i, n := range nodes {
		ids[i] = n.Lot
	}
	return ids
}

// openRecall marks the lot and every descendant in one transaction. A lot may bear
// the marks of several recalls.
func openRecall(c *op.Call, tx Store, q OpenRecallReq) (Recall, error) {
	lot, err := tx.Lot(q.Lot)
	if err != nil {
		return Recall{}, err
	}
	row := RecallRow{Lot: lot.ID, Reason: q.Reason, OpenedAt: c.Now, OpenedBy: c.Actor.Name, Version: 1}
	if row.Number, err = stock.DayNumber(tx, "RC", c.Today(), 2); err != nil {
		return Recall{}, err
	}
	if row.ID, err = tx.InsertRecall(row); err != nil {
		return Recall{}, err
	}
	down, err := tx.Descendants(lot.ID)
	if err != nil {
		return Recall{}, err
	}
	mark := stock.Mark{Recall: int64(row.ID), Number: row.Number}
	for _, id := range append([]core.LotID{lot.ID}, lots(down)...) {
		if err := tx.FreezeLot(id, mark); err != nil {
			return Recall{}, err
		}
	}
	c.Note("recall "+row.Number, nil, map[string]any{"lot": lot.Number, "reason": q.Reason, "lots": 1 + len(down)})
	return recall(tx, row.ID)
}

// closeRecall lifts the mark and nothing else: no status changes (R30).
func closeRecall(c *op.Call, tx Store, q CloseRecallReq) (Recall, error) {
	row, err := tx.Recall(q.ID)
	if err != nil {
		return Recall{}, err
	}
	last, theirs := core.Stamp{Version: row.Version, UpdatedAt: row.OpenedAt, UpdatedBy: row.OpenedBy}, row.Reason
	if !row.ClosedAt.IsZero() {
		last.UpdatedAt, last.UpdatedBy, theirs = row.ClosedAt, row.ClosedBy, row.CloseReason
	}
	if err := c.CheckVersion(last, q.Version, theirs, q.Reason); err != nil {
		return Recall{}, err
	}
	if !row.ClosedAt.IsZero() {
		return Recall{}, core.Errorf(core.CodeConflict, "%s was already closed by %s.", row.Number, row.ClosedBy)
	}
	row.ClosedAt, row.ClosedBy, row.CloseReason, row.Version = c.Now, c.Actor.Name, q.Reason, row.Version+1
	c.Note("recall "+row.Number, map[string]any{"open": true}, q)
	if err := tx.CloseRecall(row); err != nil {
		return Recall{}, err
	}
	return recall(tx, row.ID)
}

func recall(tx Store, id RecallID) (r Recall, err error) {
	if r.RecallRow, err = tx.Recall(id); err != nil {
		return r, err
	}
	if r.Frozen, err = tx.RecalledLots(id); err != nil {
		return r, err
	}
	r.Customers, err = tx.OutWithCustomers(lots(r.Frozen))
	return r, err
}
