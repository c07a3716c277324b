package report

import (
	"cmp"
	"maps"
	"slices"

	"masala/core"
	"masala/core/production"
)

// losses is a wastage report while it is added up.
type losses struct {
	q                              WastageReq
	mill                           group
	products, operators, suppliers map[int64]*group
	reasons                        map[string]*ValuedReasonLoss
	packing                        PackingLoss
	line                           line
	runs                           []PackedRun // newest first
	batches                        []*lost     // newest first
}

// lost is what one batch lost; standard is the loss its recipe expects, in mg.
type lost struct {
	BatchLoss
	standard core.Qty
	value    core.Paise
}

// group adds batches up.
type group struct {
	LossGroup
	standard core.Qty
	value    core.Paise
}

func newLosses(q WastageReq) *losses {
	return &losses{q: q, products: map[int64]*group{}, operators: map[int64]*group{}, suppliers: map[int64]*group{}, reasons: map[string]*ValuedReasonLoss{}}
}

func (g *group) add(m Mill, standard core.Qty, value core.Paise) {
	g.Batches += m.Batches
	g.Input += m.Input
	g.Output += m.Output
	g.ByProducts += m.ByProducts
	g.Loss += m.Loss
	g.Gain += m.Gain
	g.Recorded += m.Recorded
	g.Invisible += m.Invisible
	g.Alerts += m.Alerts
	g.standard += standard
	g.value += value
}

// shares works the shares out once everything is added.
func (g *group) shares() Mill {
	if g.Input > 0 {
		g.Standard, g.LossShare, g.Yield = production.Share(g.standard, g.Input), production.Share(g.Loss, g.Input), production.Share(g.Output, g.Input)
	}
	return g.Mill
}

// batch works one batch out (R19) and adds it everywhere.
func (l *losses) batch(c *Completed) error {
	x := &lost{BatchLoss: c.BatchLoss}
	m := &x.Mill
	m.Batches, m.ByProducts = 1, m.Input-c.Lost-m.Output
	m.Loss = max(c.Lost, 0)
	for _, w := range c.Waste {
		m.Recorded += w.Qty
	}
	m.Gain, m.Invisible = production.Unseen(c.Lost, c.Waste)
	m.Standard, m.LossShare, m.Yield = c.Std, production.Share(m.Loss, m.Input), production.Share(m.Output, m.Input)
	if production.Alarming(c.Lost, m.Input, c.Limit) {
		m.Alerts = 1
	}
	standard, _, err := core.MulDivFloor(int64(m.Input), int64(c.Std), int64(core.Whole))
	if err != nil {
		return err
	}
	value, err := core.MulDiv(int64(c.InputValue), int64(m.Loss), int64(m.Input))
	if err != nil {
		return err
	}
	x.standard, x.value = core.Qty(standard), core.Paise(value)
	l.batches = append(l.batches, x)
	l.mill.add(*m, x.standard, x.value)
	of(l.products, int64(c.Item), c.Name, c.NameHi).add(*m, x.standard, x.value)
	of(l.operators, int64(c.User), c.RunBy, "").add(*m, x.standard, x.value)
	return l.because(c, x)
}

// from names the supplier of most of the input.
func (x *lost) from(sources []Source) {
	for _, s := range sources {
		if s.Supplier != 0 {
			x.Suppliers++
		}
	}
	if len(sources) > 0 {
		x.Supplier = sources[0].Name
	}
}

func of(groups map[int64]*group, id int64, name, nameHi string) *group {
	g := groups[id]
	if g == nil {
		g = &group{LossGroup: LossGroup{ID: id, Name: name, NameHi: nameHi}}
		groups[id] = g
	}
	return g
}

// share splits a batch over the suppliers of its input, by weight, so that the parts
// sum exactly.
func (l *losses) share(x *lost, sources []Source) error {
	weights := make([]core.Qty, len(sources))
	for i, s := range sources {
		weights[i] = s.Qty
	}
	parts := make([]Mill, len(sources))
	m := &x.Mill
	for _, f := range []struct {
		total core.Qty
		of    func(*Mill) *core.Qty
	}{{m.Input, func(p *Mill) *core.Qty { return &p.Input }}, {m.Output, func(p *Mill) *core.Qty { return &p.Output }}, {m.ByProducts, func(p *Mill) *core.Qty { return &p.ByProducts }},
		{m.Gain, func(p *Mill) *core.Qty { return &p.Gain }}, {m.Recorded, func(p *Mill) *core.Qty { return &p.Recorded }}, {m.Invisible, func(p *Mill) *core.Qty { return &p.Invisible }}} {
		split, err := core.Split(f.total, weights)
		if err != nil {
			return err
		}
		for i := range parts {
			*f.of(&parts[i]) = split[i]
		}
	}
	standards, err := core.Split(x.standard, weights)
	if err != nil {
		return err
	}
	values, err := core.Split(x.value, weights)
	if err != nil {
		return err
	}
	for i, s := range sources {
		p := parts[i]
		p.Batches, p.Alerts, p.Loss = 1, m.Alerts, p.Recorded+p.Invisible
		of(l.suppliers, int64(s.Supplier), s.Name, "").add(p, standards[i], values[i])
	}
	return nil
}

// because splits the loss of a batch over the reasons that were weighed and the rest.
func (l *losses) because(c *Completed, x *lost) error {
	if x.Loss == 0 {
		return nil
	}
	var reasons []string
	var weights []core.Qty
	for _, w := range c.Waste {
		reasons, weights = append(reasons, w.Reason), append(weights, w.Qty)
	}
	reasons, weights = append(reasons, Invisible), append(weights, x.Invisible)
	values, err := core.Split(x.value, weights)
	if err != nil {
		return err
	}
	for i, reason := range reasons {
		if weights[i] > 0 {
			r := l.reason(reason)
			r.Qty += weights[i]
			r.Value += values[i]
		}
	}
	return nil
}

func (l *losses) reason(name string) *ValuedReasonLoss {
	r := l.reasons[name]
	if r == nil {
		r = &ValuedReasonLoss{ReasonLoss: ReasonLoss{Reason: name}}
		l.reasons[name] = r
	}
	return r
}

func sorted(groups map[int64]*group, by func(a, b *group) int) []*group {
	out := slices.Collect(maps.Values(groups))
	for _, g := range out {
		g.shares()
	}
	slices.SortFunc(out, func(a, b *group) int { return cmp.Or(by(a, b), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out
}

func (l *losses) byReason(by func(a, b ValuedReasonLoss) int) []ValuedReasonLoss {
	out := []ValuedReasonLoss{}
	for _, r := range l.reasons {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b ValuedReasonLoss) int { return cmp.Or(by(a, b), cmp.Compare(a.Reason, b.Reason)) })
	return out
}

// top are the batches that lost most; those that lost nothing are none of them.
func (l *losses) top(by func(a, b *lost) int) []*lost {
	all := slices.DeleteFunc(slices.Clone(l.batches), func(x *lost) bool { return x.Loss == 0 })
	slices.SortStableFunc(all, by)
	return all[:min(len(all), TopLosers)]
}
