package packing

import (
	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// post packs: powder, every component and the finished goods move together or not at
// all (R26). What was lost has a quantity of its own but no value: it is a cost of the
// packs that were made (R20).
func post(c *op.Call, tx Store, q PostRunReq) (Run, error) {
	if q.PackedOn == 0 {
		q.PackedOn = c.Today()
	}
	var bad core.Faults
	if err := bad.Merge("", stock.CheckDate(c, tx, "packed_on", q.PackedOn, "reason", q.Reason)); err != nil {
		return Run{}, err
	}
	day := q.PackedOn
	if bad.Len() > 0 { // the rest is judged by today
		day = c.Today()
	}
	p, err := work(c, tx, &q.RunFields, day)
	if err := bad.Merge("", err); err != nil {
		return Run{}, err
	}
	if p == nil {
		return Run{}, bad.Err()
	}
	if err := c.CheckVersion(p.profile.Stamp, q.Version, p.profile.Fields, q); err != nil {
		return Run{}, err
	}
	if err := stock.CheckTyped(tx, stock.KindPacking, q.Number, q.PackedOn, &p.bad); err != nil {
		return Run{}, err
	}
	weighed := q.Packs > 0 && q.Packs <= MaxPacks && q.Lost <= core.MaxQty
	p.bad.Check(!weighed || q.Lost <= q.Packs*p.profile.NetWeight || q.Reason != "", "reason", "More powder was lost than packed. Say how.")
	_ = bad.Merge("", p.bad.Err())
	if err := bad.Err(); err != nil {
		return Run{}, err
	}
	v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindPacking, Number: q.Number, EffectiveOn: q.PackedOn, DayField: "packed_on", Reason: q.Reason})
	if err != nil {
		return Run{}, err
	}
	of := []core.LotID{p.source.Lot}
	for _, n := range p.needs {
		for _, s := range n.Lots {
			of = append(of, s.Lot)
		}
	}
	lot, err := v.NewLot(stock.Lot{Item: p.item.ID, MfgOn: q.PackedOn, ExpiryOn: p.expiry}, of...)
	if err != nil {
		return Run{}, err
	}
	key := stock.CellKey{Lot: lot.ID, Segment: q.Segment, Status: stock.Released}
	if p.item.QCRequired {
		key.Status = stock.Hold
	}
	worth, err := p.move(v, q.RunFields, lot.ID)
	if err != nil {
		return Run{}, err
	}
	v.Put(p.item.ID, key, q.Packs, worth, stock.Conversion)
	run := Run{Row: Row{ID: v.Posted().Document, Profile: p.profile.ID, Item: p.item.ID, Segment: q.Segment, Packs: q.Packs, Lot: lot.ID, PowderLot: q.Lot, Powder: p.mass},
		ProfileVersion: p.profile.Version, NetWeight: p.profile.NetWeight, PowderItem: p.powder.ID, Overfill: q.Overfill, Lost: q.Lost, LostReason: q.LostReason, Status: key.Status}
	for i, n := range p.needs {
		used := Used{Item: n.Item, Qty: n.Qty, Lost: n.Lost, Reason: p.taken[i].Reason}
		if len(p.taken[i].Lots) > 0 {
			used.Suggested = p.suggest[i]
		}
		run.Components = append(run.Components, used)
	}
	if err := tx.InsertRun(ValuedRun{Run: run, Value: worth}); err != nil {
		return Run{}, err
	}
	c.Note("packing run "+v.Number(), nil, q)
	if err := v.Post(); err != nil {
		return Run{}, err
	}
	made, err := tx.Run(run.ID)
	return made.Run, err
}

// move takes powder and components out of stock into the lot child and returns what
// they are worth.
func (p *plan) move(v *stock.Voucher, q RunFields, child core.LotID) (worth core.Paise, err error) {
	take := func(item core.ItemID, key stock.CellKey, qty, lost core.Qty) error {
		value, err := v.Take(item, key, qty, stock.Conversion)
		if err != nil {
			return err
		}
		if lost > 0 {
			contra := stock.CellKey{Lot: key.Lot}
			v.Move(stock.Movement{Account: stock.Loss, Item: item, CellKey: contra, Qty: lost},
				stock.Movement{Account: stock.Conversion, Item: item, CellKey: contra, Qty: -lost})
		}
		v.From(stock.Edge{Child: child, Parent: key.Lot, Qty: qty, Value: value})
		worth, err = core.Add(worth, value)
		return err
	}
	if err := take(p.powder.ID, p.source, p.mass, q.Lost); err != nil {
		return 0, err
	}
	for _, n := range p.needs {
		sum := core.Qty(0)
		for _, s := range n.Lots { // what goes beyond n.Qty was lost
			packed := max(0, min(s.Qty, n.Qty-sum))
			sum += s.Qty
			if err := take(n.Item, s.CellKey, s.Qty, s.Qty-packed); err != nil {
				return 0, err
			}
		}
	}
	return worth, nil
}
