package trace

import (
	"fmt"
	"slices"
	"strconv"

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
	// them; each lot comes once, at its least depth, by depth and id.
	Ancestors(core.LotID) ([]Step, error)
	Descendants(core.LotID) ([]Step, error)
	TraceNodes([]core.LotID) ([]Node, error) // in this order
	// LinksInto lists the steps that stand from any lot of parents to one of children.
	LinksInto(children, parents []core.LotID) ([]Link, error)
	LotBalance(core.LotID) (Balance, error)
	OutWithCustomers([]core.LotID) ([]Customer, error)
	RunningOn([]core.LotID) ([]Running, error) // batches in progress that hold something of the lots, by age
	// Sent lists what a customer has of the lots, by document and lot.
	Sent([]core.LotID, core.PartyID) ([]Sent, error)
	Parcels([]Sent) ([]Parcel, error) // in this order
	Recalls(ListRecallsReq) (ListRecallsResp, error)
	Recall(RecallID) (RecallRow, error)          // core.CodeNotFound
	RecalledLots(RecallID) ([]core.LotID, error) // by id
	InsertRecall(RecallRow) (RecallID, error)
	CloseRecall(RecallRow) error
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, TraceLot, func(_ *op.Call, tx T, q LotReq) (Trace, error) { return traceLot(tx, q) })
	op.Handle(r, ListParcels, func(_ *op.Call, tx T, q ListParcelsReq) (ListParcelsResp, error) { return listParcels(tx, q) })
	op.Handle(r, OpenRecall, func(c *op.Call, tx T, q OpenRecallReq) (Recall, error) { return openRecall(c, tx, q) })
	op.Handle(r, CloseRecall, func(c *op.Call, tx T, q CloseRecallReq) (Recall, error) { return closeRecall(c, tx, q) })
	op.Handle(r, ListRecalls, func(_ *op.Call, tx T, q ListRecallsReq) (ListRecallsResp, error) { return tx.Recalls(q) })
	op.Handle(r, GetRecall, func(_ *op.Call, tx T, q GetRecallReq) (Recall, error) { return recall(tx, q) })
}

func traceLot(tx Store, q LotReq) (t Trace, err error) {
	if _, err := tx.Lot(q.Lot); err != nil {
		return t, err
	}
	up, err := tx.Ancestors(q.Lot)
	if err != nil {
		return t, err
	}
	down, err := tx.Descendants(q.Lot)
	if err != nil {
		return t, err
	}
	t.Lot, t.Ancestors, t.Descendants = q.Lot, len(up), len(down)
	self := []Step{{Lot: q.Lot}}
	all := slices.Concat(self, up, down)
	shown, next, err := page(all, place, q.After, q.Limit)
	if err != nil {
		return t, err
	}
	t.Next = next
	if t.Nodes, err = tx.TraceNodes(lots(shown)); err != nil {
		return t, err
	}
	for i := range t.Nodes {
		t.Nodes[i].Depth = shown[i].Depth
	}
	if t.Links, err = tx.LinksInto(lots(shown), lots(all)); err != nil {
		return t, err
	}
	t.Customers, t.Running = []Customer{}, []Running{}
	if q.After != "" {
		return t, nil
	}
	if t.Balance, err = tx.LotBalance(q.Lot); err != nil {
		return t, err
	}
	made := lots(slices.Concat(self, down))
	if t.Customers, err = tx.OutWithCustomers(made); err != nil {
		return t, err
	}
	t.Running, err = tx.RunningOn(made)
	return t, err
}

// listParcels reads what one customer has.
func listParcels(tx Store, q ListParcelsReq) (r ListParcelsResp, err error) {
	var ids []core.LotID
	if q.Recall != 0 {
		if _, err := tx.Recall(q.Recall); err != nil {
			return r, err
		}
		ids, err = tx.RecalledLots(q.Recall)
	} else {
		if _, err := tx.Lot(q.Lot); err != nil {
			return r, err
		}
		var down []Step
		down, err = tx.Descendants(q.Lot)
		ids = append(lots(down), q.Lot)
	}
	if err != nil {
		return r, err
	}
	all, err := tx.Sent(ids, q.Customer)
	if err != nil {
		return r, err
	}
	shown, next, err := page(all, func(x Sent) string { return fmt.Sprintf("%d.%d", x.Document, x.Lot) }, q.After, q.Limit)
	if err != nil {
		return r, err
	}
	r.Next = next
	r.Parcels, err = tx.Parcels(shown)
	return r, err
}

// place names a step in a trace; no lot is twice in one.
func place(s Step) string { return strconv.FormatInt(int64(s.Lot), 10) }

// page cuts a page out of all, from behind the one that the cursor names.
func page[V any](all []V, name func(V) string, after string, limit int) (shown []V, next string, err error) {
	from := 0
	if after != "" {
		if from = 1 + slices.IndexFunc(all, func(v V) bool { return name(v) == after }); from == 0 {
			return nil, "", core.Invalid("after", "This page does not exist. Start from the first page.")
		}
	}
	shown = all[from:]
	if n := core.PageSize(limit); len(shown) > n {
		shown = shown[:n]
		next = name(shown[n-1])
	}
	return shown, next, nil
}

func lots(steps []Step) []core.LotID {
	ids := make([]core.LotID, len(steps))
	for i, s := range steps {
		ids[i] = s.Lot
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
	if row.Number, err = stock.RecallNumbers.Take(tx, c.Today()); err != nil {
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
	return recall(tx, GetRecallReq{ID: row.ID})
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
	return recall(tx, GetRecallReq{ID: row.ID})
}

func recall(tx Store, q GetRecallReq) (r Recall, err error) {
	if r.RecallRow, err = tx.Recall(q.ID); err != nil {
		return r, err
	}
	all, err := tx.RecalledLots(q.ID)
	if err != nil {
		return r, err
	}
	shown, next, err := page(all, func(id core.LotID) string { return strconv.FormatInt(int64(id), 10) }, q.After, q.Limit)
	if err != nil {
		return r, err
	}
	r.Next = next
	if r.Frozen, err = tx.TraceNodes(shown); err != nil {
		return r, err
	}
	r.Customers, r.Running = []Customer{}, []Running{}
	if q.After != "" {
		return r, nil
	}
	if r.Customers, err = tx.OutWithCustomers(all); err != nil {
		return r, err
	}
	r.Running, err = tx.RunningOn(all)
	return r, err
}
