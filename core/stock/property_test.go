package stock_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// factories is how many random factories a test run plays, where nobody asks for others.
const factories = 30

func init() { RapidRounds(factories) }

// template is a factory with its masters, made once and copied for every player.
var template struct {
	sync.Once
	*Factory
	item  core.ItemID
	books []byte
}

// player plays random days of a factory against the books and the model at once.
type player struct {
	*Factory
	*model
	r *rapid.T
	n int // invoices
	// jumbled: a document was reversed while a later one stood. Then an order to
	// reverse the rest need not exist: what was moved to and fro may be gone.
	jumbled bool
	item    core.ItemID
}

func newPlayer(t *testing.T, r *rapid.T, tally *Tally) *player {
	template.Do(func() {
		f := New(t)
		template.Factory, template.item = f, f.Item("RAW-001", "Turmeric").ID
		f.Item("RAW-002", "Chilli")
		f.Supplier("Sangli Haldi Traders")
		template.books = f.Copy()
	})
	f := template.Twin(t, template.books)
	tally.Factory(f)
	return &player{Factory: f, model: newModel(), r: r, item: template.item}
}

func (p *player) today() core.Date {
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		p.r.Fatal(err)
	}
	return core.DateOf(p.Clock.Now(), zone)
}

func (p *player) qty(name string) core.Qty {
	return core.Qty(rapid.OneOf(rapid.Int64Range(1, 5), rapid.Int64Range(1, 3_000_000), rapid.SampledFrom([]int64{1_000_000, 40_000_000})).Draw(p.r, name))
}

func (p *player) paise(name string) core.Paise {
	return core.Paise(rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 10_000_000)).Draw(p.r, name))
}

// agree fails unless books and model agree on whether something may be.
func (p *player) agree(what string, err error, allowed bool) bool {
	if c := core.CodeOf(err); c == core.CodeInternal || c == core.CodeUnavailable {
		p.r.Fatalf("%s: %v", what, err)
	}
	if (err == nil) != allowed {
		p.r.Fatalf("%s: the books say %v, the rules say %v", what, err, allowed)
	}
	return err == nil
}

// key draws a cell: mostly one with stock, of a status where one is asked for, and else
// any, used or not.
func (p *player) key(statuses ...stock.Status) stock.CellKey {
	var full []stock.CellKey
	for k, c := range p.cells {
		if c.q > 0 && (len(statuses) == 0 || slices.Contains(statuses, k.Status)) {
			full = append(full, k)
		}
	}
	if len(full) > 0 && rapid.IntRange(0, 3).Draw(p.r, "any cell") < 3 {
		slices.SortFunc(full, func(a, b stock.CellKey) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return rapid.SampledFrom(full).Draw(p.r, "cell")
	}
	lots := len(p.born)
	return stock.CellKey{Lot: core.LotID(rapid.IntRange(1, lots+1).Draw(p.r, "lot")), Segment: rapid.SampledFrom([]core.Segment{core.Regular, core.Regular, core.Regular, core.Online}).Draw(p.r, "segment"),
		Status: rapid.SampledFrom([]stock.Status{stock.Released, stock.Released, stock.Hold, stock.Rejected}).Draw(p.r, "status")}
}

func (p *player) grn() {
	req := GRN(1, fmt.Sprintf("S/%d", p.n), make([]purchase.GRNLine, rapid.IntRange(1, 3).Draw(p.r, "lines"))...)
	p.n++
	req.Freight, req.Hamali = p.paise("freight"), p.paise("hamali")
	goods := core.Paise(0)
	for i := range req.Lines {
		l := Line(p.item+core.ItemID(rapid.IntRange(0, 1).Draw(p.r, "item")), 1, p.paise("value"))
		l.Qty, l.Hold = p.qty("qty"), rapid.Bool().Draw(p.r, "hold")
		if l.Hold {
			l.HoldReason = "moist"
		}
		req.Lines[i] = l
		goods += l.Value
	}
	back := rapid.SampledFrom([]int{0, 0, 0, 1, 3, 4, -1}).Draw(p.r, "days back")
	day := p.today().AddDays(-back)
	req.ReceivedOn, req.Reason = day, "late"
	resp, err := Try(p.Owner, purchase.PostGRN, req)
	if !p.agree(fmt.Sprintf("GRN %d days back", back), err, back >= 0 && back <= 3) {
		return
	}
	weights := make([]int64, len(req.Lines))
	for i, l := range req.Lines {
		weights[i] = int64(l.Value)
		if goods == 0 {
			weights[i] = int64(l.Qty)
		}
	}
	var deltas []delta
	landed := spread(req.Freight+req.Hamali, weights)
	for i, l := range req.Lines {
		status := stock.Released
		if l.Hold {
			status = stock.Hold
		}
		p.born[resp.Lots[i].Lot] = day
		deltas = append(deltas, delta{stock.CellKey{Lot: resp.Lots[i].Lot, Segment: core.Regular, Status: status}, l.Qty, l.Value + landed[i]})
	}
	p.post(resp.Document, day, false, deltas)
}

func (p *player) adjust() {
	req := stock.AdjustReq{CellKey: p.key(), Qty: p.qty("qty"), Reason: "Counting Error"}
	have := p.cells[req.CellKey].q
	if rapid.Bool().Draw(p.r, "shortage") {
		req.Qty = -req.Qty
		if have > 0 && rapid.Bool().Draw(p.r, "not more than there is") {
			req.Qty = -min(have, -req.Qty)
		} else if have > 0 && rapid.Bool().Draw(p.r, "all of it") {
			req.Qty = -have
		}
	} else if rapid.IntRange(0, 3).Draw(p.r, "value or none, as it must be") < 3 == (have == 0) {
		v := p.paise("value")
		req.Value = &v
	}
	day := p.today().AddDays(-rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 1, 2}).Draw(p.r, "days back"))
	req.EffectiveOn, req.Note = day, "late"
	born, known := p.born[req.Lot]
	value, ok := p.correction(req.CellKey, req.Qty, req.Value)
	deltas := []delta{{req.CellKey, req.Qty, value}}
	ok = ok && known && day >= born && p.fits(deltas, day)
	resp, err := Try(p.Owner, stock.Adjust, req)
	if p.agree(fmt.Sprintf("adjust %+v by %d", req.CellKey, req.Qty), err, ok) {
		p.post(resp.Document, day, false, deltas)
	}
}

func (p *player) changeStatus() {
	change := rapid.SampledFrom([]struct {
		o        op.Op[stock.ChangeStatusReq, stock.Posted]
		from, to stock.Status
	}{{stock.HoldLot, stock.Released, stock.Hold}, {stock.ReleaseLot, stock.Hold, stock.Released}, {stock.RejectLot, stock.Hold, stock.Rejected}}).Draw(p.r, "change")
	from := p.key(change.from)
	from.Status = change.from
	to := from
	to.Status = change.to
	have := p.cells[from]
	req := stock.ChangeStatusReq{Lot: from.Lot, Segment: from.Segment, Reason: "test"}
	if rapid.Bool().Draw(p.r, "a part") {
		req.Qty = p.qty("qty")
	}
	q := req.Qty
	if q == 0 {
		q = have.q
	}
	ok := have.q > 0 && q <= have.q
	var deltas []delta
	if ok {
		v := halfEven(have.v, q, have.q)
		deltas = []delta{{from, -q, -v}, {to, q, v}}
		ok = p.fits(deltas, p.today())
	}
	resp, err := Try(p.Owner, change.o, req)
	if p.agree(fmt.Sprintf("%s %d of %+v", change.o.Name, q, from), err, ok) {
		p.post(resp.Document, p.today(), false, deltas)
		p.docs[len(p.docs)-1].qc = true
	}
}

func (p *player) reverse(at int) {
	doc := p.docs[at]
	deltas := p.mirror(doc)
	ok := !doc.reversed && !doc.reversal && p.fits(deltas, p.today())
	resp, err := Try(p.Owner, stock.ReverseDocument, stock.ReverseReq{Document: doc.id, Reason: "test"})
	if !doc.reversed && !doc.reversal {
		p.namesTheWay(err)
	}
	if p.agree(fmt.Sprintf("reverse document %d", doc.id), err, ok) {
		p.docs[at].reversed = true
		for _, later := range p.docs[at+1:] {
			p.jumbled = p.jumbled || !later.reversed && !later.reversal
		}
		p.post(resp.Document, p.today(), true, deltas)
	}
}

// namesTheWay: who may not cancel is told what to cancel or to release first.
func (p *player) namesTheWay(err error) {
	var e *core.Error
	if errors.As(err, &e) {
		if list, _ := e.Args["documents"].([]string); len(list) == 0 && !strings.Contains(e.Message, "came back on hold. Release it first.") {
			p.r.Fatalf("refused without naming what stands in the way: %v", err)
		}
	}
}

func (p *player) reverseAny() {
	if len(p.docs) > 0 {
		p.reverse(rapid.IntRange(0, len(p.docs)-1).Draw(p.r, "document"))
	}
}

// countStock goes one step further with a count: open it, add to it, or post it.
func (p *player) countStock() {
	if p.count == nil {
		open := false
		for _, c := range p.cells {
			open = open || c.q > 0
		}
		c, err := Try(p.Store1, stock.OpenCount, stock.OpenCountReq{})
		if p.agree("open a count", err, open) {
			p.count = &modelCount{c.ID, c.Lines, map[stock.CellKey]core.Qty{}, map[stock.CellKey]core.Qty{}, map[stock.CellKey]int{}}
		}
		return
	}
	n := p.count
	if rapid.IntRange(0, 2).Draw(p.r, "count") > 0 {
		l := n.lines[rapid.IntRange(0, len(n.lines)-1).Draw(p.r, "line")]
		q := max(0, p.cells[l.CellKey].q-n.counted[l.CellKey]+core.Qty(rapid.Int64Range(-3, 3).Draw(p.r, "off")))
		_, err := Try(p.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.id, Entries: []stock.CountEntry{{CellKey: l.CellKey, Qty: q}}})
		_, before := n.counted[l.CellKey]
		if p.agree("record a count", err, !before || n.moves[l.CellKey] == p.moves[l.CellKey]) {
			n.counted[l.CellKey] += q
			n.then[l.CellKey], n.moves[l.CellKey] = p.cells[l.CellKey].q, p.moves[l.CellKey]
		}
		return
	}
	var deltas []delta
	ok := true
	for _, l := range n.lines {
		counted, was := n.counted[l.CellKey]
		q := counted - n.then[l.CellKey]
		if !was || q == 0 {
			continue
		}
		v, good := p.correction(l.CellKey, q, nil)
		ok = ok && good
		deltas = append(deltas, delta{l.CellKey, q, v})
	}
	ok = ok && len(n.counted) > 0 && p.fits(deltas, p.today())
	resp, err := Try(p.Owner, stock.PostCount, stock.PostCountReq{ID: n.id})
	if p.agree("post a count", err, ok) && len(deltas) > 0 {
		p.post(resp.Document, p.today(), false, deltas)
	}
	if err != nil { // no second one is opened beside it
		Do(p.Owner, stock.CancelCount, stock.CancelCountReq{ID: n.id, Reason: "cannot be posted"})
	}
	p.count = nil
}

// compare looks at every cell of the books.
func (p *player) compare() {
	v, err := Try(p.Owner, stock.ListValuedLots, stock.ListLotsReq{Empty: true, Limit: 500})
	if err != nil {
		p.r.Fatal(err)
	}
	seen := map[stock.CellKey]bool{}
	for _, row := range v.Lots {
		seen[row.CellKey] = true
		if want := p.cells[row.CellKey]; row.Qty != want.q || row.Value != want.v {
			p.r.Fatalf("%+v holds %d worth %d, must hold %d worth %d", row.CellKey, row.Qty, row.Value, want.q, want.v)
		}
	}
	for key, c := range p.cells {
		if !seen[key] && c.q != 0 {
			p.r.Fatalf("%+v is missing", key)
		}
	}
	q, worth := p.worth()
	val, err := Try(p.Owner, stock.Valuation, stock.ValuationReq{})
	if err != nil {
		p.r.Fatal(err)
	}
	have := core.Qty(0)
	for _, i := range val.Items {
		have += i.Qty
	}
	if val.Total != worth || v.Value != worth || have != q {
		p.r.Fatalf("the stock is %d worth %d (list %d), must be %d worth %d", have, val.Total, v.Value, q, worth)
	}
}

func (p *player) verify() {
	r, err := p.DB.Verify(p.T.Context(), nil)
	if err != nil {
		p.r.Fatal(err)
	}
	if !r.OK() {
		p.r.Fatalf("the books are wrong: %q", r.Problems)
	}
}

// TestProperty_BooksFollowTheRules plays random operations, good and bad, on a small
// factory. After each, every cell holds the quantity and value the rules ask for, to
// the milligram and the paisa. In the end the books verify; then everything is
// reversed, newest first, and nothing is left, unless reversals came out of order; then the month is closed.
func TestProperty_BooksFollowTheRules(t *testing.T) {
	tally := NewTally()
	rapid.Check(t, func(r *rapid.T) {
		p := newPlayer(t, r, tally)
		defer func() { p.Scrap() }()
		p.grn()
		r.Repeat(map[string]func(*rapid.T){
			"":        func(*rapid.T) { p.compare() },
			"grn":     func(*rapid.T) { p.grn() },
			"adjust":  func(*rapid.T) { p.adjust() },
			"adjust2": func(*rapid.T) { p.adjust() },
			"status":  func(*rapid.T) { p.changeStatus() },
			"status2": func(*rapid.T) { p.changeStatus() },
			"reverse": func(*rapid.T) { p.reverseAny() },
			"count":   func(*rapid.T) { p.countStock() },
			"count2":  func(*rapid.T) { p.countStock() },
			"tomorrow": func(r *rapid.T) {
				if p.Clock.Now().Before(Start.AddDate(0, 0, 5)) {
					p.Clock.Advance(24 * time.Hour)
				}
			},
			"restart": func(*rapid.T) { p.Reopen() },
		})
		p.verify()
		for at := len(p.docs) - 1; at >= 0; at-- {
			if d := p.docs[at]; !d.reversed && !d.reversal {
				p.reverse(at)
			}
		}
		p.compare()
		if q, v := p.worth(); !p.jumbled && (q != 0 || v != 0) {
			r.Fatalf("after reversing everything %d worth %d are left", q, v)
		}
		p.verify()
		p.GoTo(Start.AddDate(0, 1, 0))
		_, err := Try(p.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
		p.agree("close the month", err, len(p.docs) > 0)
		p.verify()
	})
	t.Log(tally)
	tally.Least(t, factories, map[string]int{
		"purchase.post_grn": 30, "stock.adjust": 60, "stock.hold_lot": 8, "stock.release_lot": 8, "stock.reject_lot": 8, "stock.open_count": 20, "stock.record_count": 25, "stock.post_count": 6,
		"stock.reverse_document": 120, "stock.close_period": 10, Refused: 150,
	})
}
