package stock

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"masala/core"
)

// consistent checks the edges of a document against its movements (R29, R40). A reversal
// is its document with every sign turned, so it is judged as that.
func (v *Voucher) consistent() error {
	kind, sign := v.doc.Kind, 1
	if v.doc.Reverses != 0 {
		doc, err := v.tx.Document(v.doc.Reverses)
		if err != nil {
			return err
		}
		kind, sign = doc.Kind, -1
	}
	g := genealogy{into: map[core.LotID]held{}, outOf: map[core.LotID]held{}, moved: map[core.LotID]held{}, contra: map[core.LotID]core.Paise{}}
	for _, e := range v.edges {
		g.edge(e, held{core.Qty(sign) * e.Qty, core.Paise(sign) * e.Value}, kind == KindPriceCorrection)
	}
	for _, m := range v.moves {
		g.move(m, held{core.Qty(sign) * m.Qty, core.Paise(sign) * m.Value})
	}
	if kind == KindPriceCorrection {
		g.passedOn()
	} else {
		g.made(v.born)
	}
	if len(g.faults) > 0 {
		return fmt.Errorf("%s: its genealogy is not what it moves: %s", v.doc.Number, strings.Join(g.faults, "; "))
	}
	return nil
}

// genealogy adds up the edges and movements of one document, lot by lot.
type genealogy struct {
	into, outOf map[core.LotID]held // by edges
	moved       map[core.LotID]held // in stock and in process
	contra      map[core.LotID]core.Paise
	faults      []string
}

func (g *genealogy) fault(format string, args ...any) {
	g.faults = append(g.faults, fmt.Sprintf(format, args...))
}

func (g *genealogy) edge(e Edge, h held, correction bool) {
	if e.Parent >= e.Child {
		g.fault("lot %d cannot be made of lot %d", e.Child, e.Parent) // ids follow birth
	}
	if correction && h.qty != 0 || !correction && (h.qty < 0 || h.value < 0) {
		g.fault("lot %d takes %d worth %d paise of lot %d", e.Child, h.qty, h.value, e.Parent)
	}
	in, out := g.into[e.Child], g.outOf[e.Parent]
	g.into[e.Child] = held{in.qty + h.qty, in.value + h.value}
	if e.Parent != 0 {
		g.outOf[e.Parent] = held{out.qty + h.qty, out.value + h.value}
	}
}

func (g *genealogy) move(m Movement, h held) {
	switch m.Account {
	case InStock, WIP:
		was := g.moved[m.Lot]
		g.moved[m.Lot] = held{was.qty + h.qty, was.value + h.value}
	}
	if m.Account != Supplier {
		g.contra[m.Lot] += h.value
	}
}

// made: what the edges bring into a lot is what the lot is worth at its birth, and they
// take no more of a parent than the document does. Only a lot that is born has parents,
// and none is born without an edge.
func (g *genealogy) made(born []core.LotID) {
	for _, lot := range born {
		if _, ok := g.into[lot]; !ok {
			g.fault("lot %d comes from nowhere", lot)
		}
	}
	for _, lot := range slices.Sorted(maps.Keys(g.into)) {
		if in, is := g.into[lot], g.moved[lot]; in.value != is.value {
			g.fault("lot %d is worth %d paise, its parents gave %d", lot, is.value, in.value)
		}
	}
	for _, lot := range slices.Sorted(maps.Keys(g.outOf)) {
		if out, is := g.outOf[lot], g.moved[lot]; out.qty > -is.qty || out.value > -is.value {
			g.fault("%d worth %d paise become of lot %d, of which %d worth %d are taken", out.qty, out.value, lot, -is.qty, -is.value)
		}
	}
}

// passedOn: of what a price correction brings to a lot, the lot keeps its part and hands
// the rest on to what was made of it, to the paisa (R14).
func (g *genealogy) passedOn() {
	lots := maps.Clone(g.contra)
	for lot := range g.into {
		lots[lot] = g.contra[lot]
	}
	for _, lot := range slices.Sorted(maps.Keys(lots)) {
		if left := g.into[lot].value - g.outOf[lot].value; left != lots[lot] {
			g.fault("lot %d keeps %d paise of %d", lot, lots[lot], left)
		}
	}
}
