package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/production"
)

// line is the packing line's part of a report while it is added up.
type line struct {
	total            ValuedLineGroup
	goods, operators map[int64]*ValuedLineGroup
	materials        map[core.ItemID]*ValuedMaterialLoss
	runs             []*ValuedRunLoss // that lost something, newest first
}

// packed works out what the runs of the period lost, and for what reasons.
func (l *losses) packed(tx Store) error {
	if err := worth(tx, l.runs); err != nil {
		return err
	}
	taken, lost, err := tx.PackingMaterials(l.q.From, l.q.To, l.q.Item)
	if err != nil {
		return err
	}
	n := &l.line
	n.goods, n.operators, n.materials = map[int64]*ValuedLineGroup{}, map[int64]*ValuedLineGroup{}, map[core.ItemID]*ValuedMaterialLoss{}
	for _, m := range taken {
		n.materials[m.Item] = &ValuedMaterialLoss{MaterialLoss: m}
	}
	of := map[core.DocumentID][]LostMaterial{}
	for _, x := range lost {
		of[x.Document] = append(of[x.Document], x)
	}
	for _, r := range l.runs {
		if err := l.run(r, of[r.Document]); err != nil {
			return err
		}
	}
	return nil
}

// worth fills in what the powder of the runs was worth.
func worth(tx Store, runs []PackedRun) error {
	documents := make([]core.DocumentID, len(runs))
	for i, r := range runs {
		documents[i] = r.Document
	}
	values, err := tx.PowderValues(documents)
	for i := range runs {
		runs[i].Value = values[runs[i].Document]
	}
	return err
}

// run adds what one run lost: of each lot its share of the value that the run took.
func (l *losses) run(r PackedRun, materials []LostMaterial) error {
	n, x := &l.line, &ValuedRunLoss{RunLoss: r.RunLoss}
	x.Alert = packing.Alarming(r.Gone, r.Powder)
	powder := n.powder(r)
	for _, p := range []struct {
		qty    core.Qty
		to     *core.Qty
		reason string
	}{{r.Gone, &powder.Lost, r.Reason}, {r.Overfill, &powder.Overfill, Overfill}} {
		if p.qty == 0 {
			continue
		}
		value, err := x.lose(powder, p.qty, r.Powder, r.Value, p.reason)
		if err != nil {
			return err
		}
		*p.to += p.qty
		because := l.reason(p.reason)
		because.Qty, because.Packing, because.Value = because.Qty+p.qty, because.Packing+p.qty, because.Value+value
	}
	if len(x.Lost) > 0 {
		powder.Runs++
	}
	seen := map[core.ItemID]bool{}
	for _, m := range materials {
		item := n.materials[m.Item]
		value, err := x.lose(item, m.Lost, m.Took, m.Value, m.Reason)
		if err != nil {
			return err
		}
		item.Lost += m.Lost
		if !seen[m.Item] {
			item.Runs++
		}
		seen[m.Item] = true
		l.reason(Material).Value += value
	}
	n.add(r, x, powder.Item)
	return nil
}

// lose adds to a run what it lost of qty it took worth value; lots of one material are
// one part.
func (x *ValuedRunLoss) lose(m *ValuedMaterialLoss, lost, took core.Qty, value core.Paise, reason string) (core.Paise, error) {
	share, err := core.MulDiv(int64(value), int64(lost), int64(took))
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(x.Lost, func(p LostPart) bool { return p.Item == m.Item && p.Reason == reason })
	if i < 0 {
		i = len(x.Lost)
		x.Lost, x.Values = append(x.Lost, LostPart{Item: m.Item, Name: m.Name, NameHi: m.NameHi, Dimension: m.Dimension, Reason: reason}), append(x.Values, 0)
	}
	x.Lost[i].Qty += lost
	x.Values[i] += core.Paise(share)
	x.Value += core.Paise(share)
	m.Value += core.Paise(share)
	return core.Paise(share), nil
}

// powder is the powder of a run among the materials.
func (n *line) powder(r PackedRun) *ValuedMaterialLoss {
	m := n.materials[r.From.Item]
	if m == nil {
		m = &ValuedMaterialLoss{MaterialLoss: MaterialLoss{Item: r.From.Item, SKU: r.From.SKU, Name: r.From.Name, NameHi: r.From.NameHi, Type: catalog.Bulk, Dimension: core.Mass}}
		n.materials[r.From.Item] = m
	}
	m.Taken += r.Powder
	return m
}

func (n *line) add(r PackedRun, x *ValuedRunLoss, powder core.ItemID) {
	sum := LineLoss{Runs: 1, Packs: r.Packs}
	if len(x.Lost) > 0 {
		sum.Losing = 1
		if x.Alert {
			sum.Alerts = 1
		}
		n.runs = append(n.runs, x)
	}
	for _, p := range x.Lost {
		switch {
		case p.Item == powder && p.Reason == Overfill:
			sum.Overfill += p.Qty
		case p.Item == powder:
			sum.Powder += p.Qty
		case p.Dimension == core.Count:
			sum.Pieces += p.Qty
		case p.Dimension == core.Mass:
			sum.Mass += p.Qty
		case p.Dimension == core.Length:
			sum.Length += p.Qty
		case p.Dimension == core.Volume:
			sum.Volume += p.Qty
		}
	}
	group := func(groups map[int64]*ValuedLineGroup, id int64, name, nameHi string) *ValuedLineGroup {
		if groups[id] == nil {
			groups[id] = &ValuedLineGroup{LineGroup: LineGroup{ID: id, Name: name, NameHi: nameHi}}
		}
		return groups[id]
	}
	for _, g := range []*ValuedLineGroup{&n.total, group(n.goods, int64(r.Item), r.Name, r.NameHi), group(n.operators, int64(r.User), r.PackedBy, "")} {
		g.LineLoss.add(sum)
		g.Value += x.Value
	}
}

func (a *LineLoss) add(b LineLoss) {
	a.Runs += b.Runs
	a.Losing += b.Losing
	a.Alerts += b.Alerts
	a.Packs += b.Packs
	a.Powder += b.Powder
	a.Overfill += b.Overfill
	a.Pieces += b.Pieces
	a.Mass += b.Mass
	a.Length += b.Length
	a.Volume += b.Volume
}

// valued is the part for an Admin, sorted by money.
func (n *line) valued(q WastageReq) ValuedPackingLine {
	v := ValuedPackingLine{LineLoss: n.total.LineLoss, Value: n.total.Value, Goods: []ValuedLineGroup{}, Operators: []ValuedLineGroup{}, Materials: []ValuedMaterialLoss{},
		Top: []ValuedRunLoss{}, LosingRuns: []ValuedRunLoss{}}
	groups := func(m map[int64]*ValuedLineGroup) []ValuedLineGroup {
		return ordered(m, func(a, b *ValuedLineGroup) int {
			return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
		})
	}
	v.Goods, v.Operators = groups(n.goods), groups(n.operators)
	for _, m := range ordered(n.materials, func(a, b *ValuedMaterialLoss) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.SKU, b.SKU))
	}) {
		if m.Lost+m.Overfill > 0 {
			m.Share = production.Share(m.Lost+m.Overfill, m.Taken)
			v.Materials = append(v.Materials, m)
		}
	}
	top := slices.Clone(n.runs)
	slices.SortStableFunc(top, func(a, b *ValuedRunLoss) int { return cmp.Compare(b.Value, a.Value) })
	for _, x := range top[:min(len(top), TopLosers)] {
		v.Top = append(v.Top, *x)
	}
	page, next := pageOf(n.runs, q.RunsAfter, q.Limit)
	for _, x := range page {
		v.LosingRuns = append(v.LosingRuns, *x)
	}
	v.Next = next
	return v
}

// open is the part for an Operator: the same without values, sorted by quantity.
func (n *line) open(q WastageReq) PackingLine {
	v := n.valued(q)
	o := PackingLine{LineLoss: v.LineLoss, Materials: []MaterialLoss{}, Top: []RunLoss{}, LosingRuns: []RunLoss{}, Next: v.Next}
	groups := func(all []ValuedLineGroup) []LineGroup {
		out := []LineGroup{}
		for _, g := range all {
			out = append(out, g.LineGroup)
		}
		slices.SortFunc(out, func(a, b LineGroup) int {
			return cmp.Or(cmp.Compare(b.Powder+b.Overfill, a.Powder+a.Overfill), cmp.Compare(b.Pieces, a.Pieces), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
		})
		return out
	}
	o.Goods, o.Operators = groups(v.Goods), groups(v.Operators)
	for _, m := range v.Materials {
		o.Materials = append(o.Materials, m.MaterialLoss)
	}
	slices.SortFunc(o.Materials, func(a, b MaterialLoss) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.SKU, b.SKU)) })
	for _, x := range v.LosingRuns {
		o.LosingRuns = append(o.LosingRuns, x.RunLoss)
	}
	mass := func(x *ValuedRunLoss) (sum core.Qty) {
		for _, p := range x.Lost {
			if p.Dimension == core.Mass {
				sum += p.Qty
			}
		}
		return sum
	}
	top := slices.Clone(n.runs)
	slices.SortStableFunc(top, func(a, b *ValuedRunLoss) int { return cmp.Compare(mass(b), mass(a)) })
	for _, x := range top[:min(len(top), TopLosers)] {
		o.Top = append(o.Top, x.RunLoss)
	}
	return o
}

// ordered copies the values of a map in an order.
func ordered[K comparable, V any](m map[K]*V, by func(a, b *V) int) []V {
	sorted := slices.SortedFunc(maps.Values(m), by)
	out := make([]V, len(sorted))
	for i, v := range sorted {
		out[i] = *v
	}
	return out
}

// pageOf is a page of a list that is whole anyway.
func pageOf[T any](list []T, after string, limit int) (page []T, next string) {
	limit, from := core.PageSize(limit), min(core.Offset(after), len(list))
	rest := list[from:]
	if len(rest) <= limit {
		return rest, ""
	}
	return rest[:limit], strconv.Itoa(from + limit)
}
