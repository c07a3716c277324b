package packing

import (
	"fmt"
	"maps"
	"slices"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/stock"
)

// plan is a run while it is worked out: by a question, which answers with all of it,
// and by a posting, which needs it free of faults.
type plan struct {
	profile Profile
	item    catalog.Item // the finished good
	powder  catalog.Item
	mass    core.Qty      // of powder the run takes
	lots    []PowderLot   // of the powder
	source  stock.CellKey // of the chosen lot
	usable  core.Qty      // there
	needs   []Need
	taken   []Taken         // per need; what the request says about it
	suggest [][]stock.Share // per need; by R25
	expiry  core.Date
	bad     core.Faults // what is wrong with the request, and what is not there
}

// work reads profile, powder and components on a day of the factory.
func work(c *op.Call, tx Store, q *RunFields, on core.Date) (*plan, error) {
	profile, err := read(tx, q.Profile, 0)
	if core.CodeOf(err) == core.CodeNotFound {
		return nil, core.Invalid("profile", "Choose a packaging profile from the list.")
	}
	if err != nil {
		return nil, err
	}
	p := &plan{profile: profile, lots: []PowderLot{}, needs: []Need{}}
	p.bad.Check(profile.Active, "profile", "%s is no longer in use. Choose another profile.", profile.Code)
	n := slices.IndexFunc(profile.Products, func(x Product) bool { return x.Item == q.Item })
	if n < 0 {
		p.bad.Add("item", "%s does not pack this item. Choose one of its finished goods.", profile.Code)
		return nil, p.bad.Err()
	}
	if p.item, err = tx.Item(q.Item); err != nil {
		return nil, err
	}
	p.bad.Check(p.item.Active, "item", "%s is no longer in use.", p.item.Name)
	if p.powder, err = tx.Item(profile.Products[n].Powder); err != nil {
		return nil, err
	}
	p.holds()
	if err := p.weigh(c, q); err != nil {
		return nil, err
	}
	if err := p.chooseSource(c, tx, q, on); err != nil {
		return nil, err
	}
	if err := p.chooseComponents(c, tx, q, on); err != nil {
		return nil, err
	}
	return p, nil
}

// holds looks at the masters as they are today: they may have changed since the profile
// was written.
func (p *plan) holds() {
	p.bad.Check(p.item.Type == catalog.Finished && p.item.Dimension == core.Count, "item", "%s is no finished good that is counted in pieces.", p.item.Name)
	p.bad.Check(p.item.NetWeight == 0 || p.item.NetWeight == p.profile.NetWeight, "item", "A pack of %s holds %s, and %s packs %s. Change the item or the profile.",
		p.item.Name, p.item.NetWeight.String(core.Mass), p.profile.Code, p.profile.NetWeight.String(core.Mass))
	p.bad.Check(p.powder.Type == catalog.Bulk && p.powder.Dimension == core.Mass, "item", "%s is no bulk powder, so %s cannot be packed from it.", p.powder.Name, p.item.Name)
}

// weigh is R26: powder used = packs x net weight + overfill + lost. Who packs may lose as
// much as he packs; more is an Admin's to post.
func (p *plan) weigh(c *op.Call, q *RunFields) error {
	net := q.Packs * p.profile.NetWeight // at most 10,000,000 packs of a tonne
	p.mass = net + q.Overfill + q.Lost
	p.bad.Check(q.Packs == 0 || q.Overfill <= net, "overfill", "The overfill is more than the packs hold together, %s. Check the weight.", net.String(core.Mass))
	p.bad.Check(q.Packs == 0 || q.Lost <= net || c.IsAdmin(), "lost", "The powder lost is more than the packs hold together, %s. Check the weight, or ask an Admin to post the run with a reason.", net.String(core.Mass))
	p.bad.Bound("packs", net)
	return nil
}

// chooseSource lists the lots of the powder and looks at the one that was chosen; no
// other takes its place (R26).
func (p *plan) chooseSource(c *op.Call, tx Store, q *RunFields, on core.Date) error {
	cells, err := tx.Allocatable(p.powder.ID)
	if err != nil {
		return err
	}
	want := stock.Want{Segment: core.Regular, Qty: core.MaxQty, On: on}.By(c, on)
	all := stock.Allocate(cells, want)
	for _, s := range all.Shares {
		p.lots = append(p.lots, PowderLot{s.CellKey, s.Number, s.Qty, s.ExpiryOn, ""})
	}
	for _, s := range all.Skipped {
		p.lots = append(p.lots, PowderLot{s.CellKey, s.Number, s.Qty, s.ExpiryOn, s.Why})
	}
	if q.Lot == 0 {
		return nil
	}
	lot, err := tx.Lot(q.Lot)
	if core.CodeOf(err) == core.CodeNotFound {
		p.bad.Add("lot", "Choose a lot of %s from the list.", p.powder.Name)
		return nil
	}
	if err != nil {
		return err
	}
	if lot.Item != p.powder.ID {
		p.bad.Add("lot", "%s is not %s, which belongs into %s.", lot.Number, p.powder.Name, p.item.Name)
		return nil
	}
	p.source = stock.CellKey{Lot: lot.ID, Segment: core.Regular, Status: stock.Released}
	var why stock.Why
	for _, l := range p.lots {
		switch {
		case l.CellKey == p.source && (l.Why == "" || l.Why == stock.WhyRecalled): // it is chosen by hand
			p.usable = l.Qty
		case l.Lot == lot.ID && why == "":
			why = l.Why
		}
	}
	if p.usable == 0 && why != "" {
		p.bad.Add("lot", "%s %s", lot.Number, want.Says(why))
		return nil
	}
	p.bad.Lack(p.usable >= max(p.mass, 1), "lot", "%s: need %s, available %s.", lot.Number, max(p.mass, 1).String(core.Mass), p.usable.String(core.Mass))
	return p.expire(tx, lot, on)
}

// expire is R27: the earlier of the day of packing and shelf life, and the earliest
// expiry of the powder and of everything it was made of.
func (p *plan) expire(tx Store, lot stock.Lot, on core.Date) error {
	earliest, err := tx.EarliestExpiry(lot.ID)
	if err != nil {
		return err
	}
	if p.item.ShelfLifeMonths > 0 {
		p.expiry = on.AddMonths(p.item.ShelfLifeMonths) - 1
	}
	if earliest != 0 && (p.expiry == 0 || earliest < p.expiry) {
		p.expiry = earliest
	}
	p.bad.Check(p.expiry != 0, "item", "Enter the shelf life of %s first.", p.item.Name)
	p.bad.Check(p.expiry == 0 || p.expiry >= on, "lot", "%s holds material that expired on %s.", lot.Number, p.expiry)
	return nil
}

// chooseComponents works out what the packs take of every component (R3), and from
// which lots: those R25 suggests, or those chosen.
func (p *plan) chooseComponents(c *op.Call, tx Store, q *RunFields, on core.Date) error {
	said := map[core.ItemID]int{}
	for i, x := range q.Components {
		said[x.Item] = i
	}
	for i, x := range p.profile.Components {
		part := p.profile.Parts[i]
		n := Need{Item: x.Item, Per: x.PerPacks, Part: part, Lots: []stock.Share{}}
		var err error
		if n.Qty, err = x.For(int64(q.Packs), part.Dimension); err != nil {
			p.bad.Add("packs", "%s packs do not take a whole quantity of %s. Change the number of packs.", q.Packs.Number(core.Count), part.Name)
		}
		at, taken := fmt.Sprintf("needs[%d].", i), Taken{Item: x.Item}
		if k, ok := said[x.Item]; ok {
			at, taken = fmt.Sprintf("components[%d].", k), q.Components[k]
			delete(said, x.Item)
		}
		n.Lost = taken.Lost
		total, err := core.Add(n.Qty, n.Lost)
		if err != nil || total > core.MaxQty {
			p.bad.Add(at+"lost", "This quantity is too large.")
			total = 0
		}
		item, err := tx.Item(x.Item)
		if err != nil {
			return err
		}
		p.bad.Check(item.Type == catalog.Packing, "profile", "%s is no packing material. Change the profile.", item.Name)
		cells, err := tx.Allocatable(x.Item)
		if err != nil {
			return err
		}
		want := stock.Want{Segment: core.Regular, Qty: total, On: on}.By(c, on)
		n.Usable = stock.Usable(cells, want)
		n.Most = core.Qty(min(x.Most(max(n.Usable-n.Lost, 0)), MaxPacks))
		n.Short = max(total-n.Usable, 0)
		_ = p.bad.Merge(at, taken.Override.Validate(total))
		shares, suggested := stock.Choose(cells, want, taken.Override, &p.bad, at)
		if shares != nil {
			n.Lots = shares
		}
		if len(taken.Lots) == 0 {
			p.bad.Lack(n.Short == 0, at+"qty", "%s: need %s, available %s.%s", part.Name, total.String(part.Dimension), n.Usable.String(part.Dimension), suggested.Passed(want))
		}
		p.needs, p.taken, p.suggest = append(p.needs, n), append(p.taken, taken), append(p.suggest, suggested.Shares)
	}
	for _, k := range slices.Sorted(maps.Values(said)) {
		p.bad.Add(fmt.Sprintf("components[%d].item", k), "%s does not use this material.", p.profile.Code)
	}
	return nil
}

// most is how many packs powder and components are enough for, and what ends first.
func (p *plan) most(q *RunFields) (core.Qty, string) {
	usable := p.usable
	if q.Lot == 0 {
		for _, l := range p.lots {
			if l.Why == "" {
				usable = max(usable, l.Qty)
			}
		}
	}
	packs, by := min(max(usable-q.Overfill-q.Lost, 0)/p.profile.NetWeight, MaxPacks), p.powder.Name
	step := int64(1)
	for _, n := range p.needs {
		if n.Most < packs {
			packs, by = n.Most, n.Name
		}
		if one := n.Per.Step(n.Dimension); step <= MaxPacks { // beyond it no run is whole
			step *= core.PerPacks{Q: core.Qty(step), N: one}.Step(core.Mass) // the least common multiple
		}
	}
	return packs - packs%core.Qty(step), by
}

// feasibility answers a question with a plan.
func feasibility(c *op.Call, tx Store, q CheckReq) (Feasibility, error) {
	p, err := work(c, tx, &q.RunFields, c.Today())
	if err != nil {
		return Feasibility{}, err
	}
	f := Feasibility{Profile: p.profile.ID, Version: p.profile.Version, NetWeight: p.profile.NetWeight, PowderItem: p.powder.ID, PowderSKU: p.powder.SKU, PowderName: p.powder.Name,
		Powder: p.mass, Usable: p.usable, Lots: p.lots, Needs: p.needs, ExpiryOn: p.expiry, Faults: []core.FieldError{}}
	f.MaxPacks, f.LimitedBy = p.most(&q.RunFields)
	if e, ok := p.bad.Err().(*core.Error); ok {
		f.Faults = append(f.Faults, e.Fields...)
	}
	return f, nil
}
