package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
)

// HistoryOptions of FillHistory.
type HistoryOptions struct {
	Options
	Days int    // how far back the books begin
	Seed uint64 // another one is another history

	// Nightly, which may be nil, is what a server does once a day.
	Nightly func(ctx context.Context) error
}

// FillHistory sets a factory up that is many times the size of the demo, and works in
// it every day but Sundays: it buys what it uses, grinds, packs, sells, and takes
// some of it back. Days and seed alone decide what happens. Ten years are about five
// million ledger rows and 400,000 lots, posted one by one through the operations.
func FillHistory(ctx context.Context, o HistoryOptions) error {
	if o.Days < 1 {
		return errors.New("demo: a history has at least one day")
	}
	f, err := newFiller(ctx, o.Options)
	if err != nil {
		return err
	}
	first := f.today.AddDays(-o.Days)
	h := &history{filler: f, rnd: rand.New(rand.NewPCG(o.Seed, seed)), first: first, stock: map[core.ItemID]core.Qty{}, shelf: map[shelf]core.Qty{}, back: map[core.LotID]bool{}}
	h.open(first, 8*60)
	if err := h.begin(); err != nil {
		return fmt.Errorf("demo: setting up: %w", err)
	}
	for day := first; day <= f.today; day++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(int(day-first), o.Days+1, day.String())
		}
		if day.Time().Weekday() == time.Sunday && day != f.today {
			continue
		}
		h.open(day, 9*60)
		if err := h.work(); err != nil {
			return fmt.Errorf("demo: on %s: %w", day, err)
		}
		if o.Nightly != nil {
			if err := o.Nightly(ctx); err != nil {
				return err
			}
		}
	}
	o.Clock.Set(o.Now)
	if o.Progress != nil {
		o.Progress(o.Days+1, o.Days+1, "")
	}
	return f.leave()
}

// history is one run of FillHistory.
type history struct {
	*filler
	rnd      *rand.Rand
	first    core.Date
	day      core.Date
	pause    time.Duration // between two calls, so that a day ends before the next begins
	stock    map[core.ItemID]core.Qty
	shelf    map[shelf]core.Qty // finished goods in stock
	goods    []supply
	held     []heldLot // waiting for quality control
	ready    []bulkLot // powder waiting to be packed
	sent     []sales.Dispatch
	back     map[core.LotID]bool // came back today
	lately   purchase.PostGRNResp
	bills    int
	customer int
	turn     int // of the recipes
	closed   core.Date
}

// shelf is a finished good of one segment.
type shelf struct {
	item    core.ItemID
	segment core.Segment
}

type heldLot struct {
	lot     core.LotID
	segment core.Segment
	item    core.ItemID
	bulk    *bulkLot // what becomes free with it
	packs   core.Qty // of a finished good
}

type bulkLot struct {
	lot core.LotID
	sku string
	qty core.Qty
}

// supply is an item that is bought, as its supplier brings it.
type supply struct {
	supplier, prefix, user string
	item                   catalog.Item
	price                  core.Paise // of a kg or piece; of a roll for what is measured by length
	daily                  core.Qty   // used on an average day
	lots                   int        // a day
	days                   int        // of use, that one delivery brings at least; 0: every day
}

// open moves the clock to a minute of a day; later calls of the day follow each other.
func (h *history) open(day core.Date, minute int) {
	h.day, h.pause = day, 40*time.Second
	at := h.instant(step{day: day, minute: minute})
	if day == h.today { // whatever is left of today
		h.pause = max(time.Millisecond, h.options.Now.Sub(at)/1000)
	}
	h.options.Clock.Set(at)
}

// act performs an operation a little later than the one before.
func act[Req, Resp any](h *history, login string, o op.Op[Req, Resp], req Req) (Resp, error) {
	h.options.Clock.Set(h.options.Clock.Now().Add(h.pause))
	resp, err := do(h.filler, login, o, req)
	if err != nil {
		err = fmt.Errorf("%s: %w", o.Name, err)
	}
	return resp, err
}

// begin enters the master data and the stock of the first days.
func (h *history) begin() error {
	if err := h.setUp(); err != nil {
		return err
	}
	for _, it := range items() {
		if err := h.addItem(taxedFrom(it, h.first)); err != nil {
			return err
		}
	}
	for _, p := range parties() {
		if err := h.addParty(p); err != nil {
			return err
		}
	}
	if err := h.addRecipes(); err != nil {
		return err
	}
	h.planSupply()
	var first []stock.OpeningLine
	for _, g := range h.goods {
		if g.days > 0 {
			continue // comes with the first delivery
		}
		q := g.daily * stockDays
		line := stock.OpeningLine{Item: g.item.ID, Qty: q, Value: g.worth(q), MfgOn: h.day.AddDays(-20)}
		if g.item.ShelfLifeMonths > 0 {
			line.ExpiryOn = line.MfgOn.AddMonths(g.item.ShelfLifeMonths)
		}
		first = append(first, line)
	}
	_, err := act(h, "owner", stock.PostOpening, stock.PostOpeningReq{Reason: "Count of the first day", Lines: first})
	return err
}

// taxedFrom is an item whose first GST rate holds from day at the latest: a history may
// begin before GST did, and what has no rate is not sold (R33).
func taxedFrom(it catalog.ItemFields, day core.Date) catalog.ItemFields {
	it.GST = slices.Clone(it.GST)
	it.GST[0].From = min(it.GST[0].From, day)
	return it
}

// work is one day.
func (h *history) work() error {
	now, err := act(h, "store1", stock.StockOn, stock.StockOnReq{})
	if err != nil {
		return err
	}
	clear(h.stock)
	for _, i := range now.Items {
		h.stock[i.Item] = i.Qty
	}
	for _, part := range []func() error{h.closeMonth, h.release, h.receive, h.correct, h.grind, h.pack, h.sell, h.takeBack} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// closeMonth closes the month before on the fifth of each month (R8).
func (h *history) closeMonth() error {
	month := (h.day.Month() - 1).Month()
	if h.day-h.day.Month() < 5 || h.closed == month || month < h.first.Month() {
		return nil
	}
	h.closed = month
	_, err := act(h, "owner", stock.ClosePeriod, stock.ClosePeriodReq{Month: month})
	return err
}

// release ends the quality control of what came or was made the day before.
func (h *history) release() error {
	held := h.held
	h.held = nil
	for _, l := range held {
		if _, err := act(h, "manager", stock.ReleaseLot, stock.ChangeStatusReq{Lot: l.lot, Segment: l.segment, Reason: h.finding(l.item)}); err != nil {
			return err
		}
		if l.bulk != nil {
			h.ready = append(h.ready, *l.bulk)
		}
		if l.packs > 0 {
			h.shelf[shelf{l.item, l.segment}] += l.packs
		}
	}
	return nil
}

// about is n, up to percent more or less.
func (h *history) about(n core.Qty, percent int) core.Qty {
	return n * core.Qty(100-percent+h.rnd.IntN(2*percent+1)) / 100
}

func (h *history) sku(id core.ItemID) string {
	for sku, item := range h.items {
		if item.ID == id {
			return sku
		}
	}
	return ""
}
