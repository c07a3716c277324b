package stock_test

import (
	"math"
	"math/big"
	"slices"

	"masala/core"
	"masala/core/stock"
)

// model is the stock as the rules of DOMAIN.md say it must be, kept in plain sums and
// big fractions, by none of the program's own arithmetic.
type model struct {
	cells map[stock.CellKey]held
	born  map[core.LotID]core.Date
	docs  []modelDoc
	count *modelCount
	moves map[stock.CellKey]int // how often quantity moved in or out of a cell
}

type held struct {
	q      core.Qty
	v      core.Paise
	newest core.Date // of its newest inbound row (R7)
}

type delta struct {
	key stock.CellKey
	q   core.Qty
	v   core.Paise
}

type modelDoc struct {
	id       core.DocumentID
	deltas   []delta
	qc       bool // it changed a status
	reversed bool
	reversal bool
}

type modelCount struct {
	id      stock.CountID
	lines   []stock.CountLine
	counted map[stock.CellKey]core.Qty
	then    map[stock.CellKey]core.Qty // what the books held when it was counted
	moves   map[stock.CellKey]int      // of the cell by then
}

func newModel() *model {
	return &model{cells: map[stock.CellKey]held{}, born: map[core.LotID]core.Date{}, moves: map[stock.CellKey]int{}}
}

// halfEven is v*i/q rounded half to even (R10).
func halfEven(v core.Paise, i, q core.Qty) core.Paise {
	if i == q {
		return v
	}
	n := new(big.Int).Mul(big.NewInt(int64(v)), big.NewInt(int64(i)))
	d := big.NewInt(int64(q))
	quo, rem := new(big.Int).QuoRem(n, d, new(big.Int))
	switch new(big.Int).Lsh(rem, 1).Cmp(d) {
	case 1:
		quo.Add(quo, big.NewInt(1))
	case 0:
		quo.Add(quo, new(big.Int).And(quo, big.NewInt(1)))
	}
	if !quo.IsInt64() {
		return math.MaxInt64
	}
	return core.Paise(quo.Int64())
}

// spread is total over weights by largest remainder, ties to the earlier (R13).
func spread(total core.Paise, weights []int64) []core.Paise {
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	parts, left := make([]core.Paise, len(weights)), total
	type part struct {
		at  int
		rem *big.Int
	}
	var order []part
	for i, w := range weights {
		q, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(w)), sum, new(big.Int))
		parts[i] = core.Paise(q.Int64())
		left -= parts[i]
		order = append(order, part{i, r})
	}
	slices.SortStableFunc(order, func(a, b part) int { return b.rem.Cmp(a.rem) })
	for i := range left {
		parts[order[i].at]++
	}
	return parts
}

// fits reports whether the deltas may be posted on day: nothing negative, no value
// without quantity, nothing before a newer inbound row.
func (m *model) fits(deltas []delta, day core.Date) bool {
	after := map[stock.CellKey]held{}
	for _, d := range deltas {
		c, ok := after[d.key]
		if !ok {
			c = m.cells[d.key]
		}
		if day < c.newest {
			return false
		}
		c.q += d.q
		c.v += d.v
		after[d.key] = c
	}
	for _, c := range after {
		if c.q < 0 || c.v < 0 || c.q == 0 && c.v != 0 {
			return false
		}
	}
	return true
}

// post applies the deltas of a document.
func (m *model) post(id core.DocumentID, day core.Date, reversal bool, deltas []delta) {
	for _, d := range deltas {
		c := m.cells[d.key]
		c.q += d.q
		c.v += d.v
		if d.q > 0 || d.q == 0 && d.v != 0 {
			c.newest = day
		}
		m.cells[d.key] = c
		if d.q != 0 {
			m.moves[d.key]++
		}
	}
	m.docs = append(m.docs, modelDoc{id: id, deltas: deltas, reversal: reversal})
}

// mirror is what cancels a document (R9). What it took out of a lot comes back on HOLD
// where QC rejected some of the lot since, or holds it still (R24).
func (m *model) mirror(doc modelDoc) (out []delta) {
	took := map[core.LotID]core.Qty{}
	for _, d := range doc.deltas {
		took[d.key.Lot] -= d.q
	}
	for _, d := range doc.deltas {
		back := delta{d.key, -d.q, -d.v}
		if back.q > 0 && took[d.key.Lot] > 0 && d.key.Status == stock.Released && m.doubtful(d.key.Lot, doc.id) {
			back.key.Status = stock.Hold
		}
		out = append(out, back)
	}
	return out
}

// doubtful: QC judged stock of the lot after a document, and not in its favour.
func (m *model) doubtful(lot core.LotID, after core.DocumentID) bool {
	var said []stock.Status
	for _, doc := range m.docs {
		for _, d := range doc.deltas {
			if doc.qc && !doc.reversed && doc.id > after && d.key.Lot == lot && d.q > 0 {
				said = append(said, d.key.Status)
			}
		}
	}
	held := core.Qty(0)
	for k, c := range m.cells {
		if k.Lot == lot && k.Status == stock.Hold {
			held += c.q
		}
	}
	return slices.Contains(said, stock.Rejected) || slices.Contains(said, stock.Hold) && (held > 0 || said[len(said)-1] == stock.Hold)
}

// correction is what a difference of q in a cell is worth (R16); ok is false where
// the books must refuse it.
func (m *model) correction(key stock.CellKey, q core.Qty, given *core.Paise) (core.Paise, bool) {
	here, all := m.cells[key], held{}
	for k, c := range m.cells {
		if k.Lot == key.Lot {
			all.q += c.q
			all.v += c.v
		}
	}
	switch {
	case q < 0:
		if here.q < -q {
			return 0, false
		}
		return -halfEven(here.v, -q, here.q), true
	case all.q > 0 && given == nil:
		v := halfEven(all.v, q, all.q)
		if q == all.q {
			v = all.v
		}
		return v, v <= core.MaxPaise // core/limits.go
	case all.q == 0 && given != nil:
		return *given, true
	}
	return 0, false
}

// worth is the quantity and value of everything.
func (m *model) worth() (q core.Qty, v core.Paise) {
	for _, c := range m.cells {
		q += c.q
		v += c.v
	}
	return q, v
}
