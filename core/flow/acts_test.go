package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/catalog"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// act is something people do. It reports false where there is nothing to do it with, or
// where somebody who looks first sees that it will not do; whether the rules allow what
// is tried is another matter.
type act struct {
	name  string
	often int
	do    func(p *person) bool
}

// acts is everything that can happen to the books, but for the passing of time.
var acts = []act{
	{"release", 4, release}, {"mill on", 18, millOn}, {"take back", 4, takeBack}, {"sell on", 12, sellOn},
	{"start", 1, start}, {"issue", 1, issue}, {"complete", 1, complete}, {"pack", 7, pack}, {"plan", 1, plan},
	{"confirm", 1, confirm}, {"draft", 1, draft}, {"send off", 2, sendOff}, {"take an order", 1, takeOrder}, {"reverse", 5, reverseAny},
	{"count", 6, count}, {"buy", 2, buy}, {"transfer", 2, transfer}, {"correct a price", 5, correctPrice},
	{"close a recall", 5, closeRecall}, {"recall", 1, openRecall}, {"adjust", 3, adjust}, {"hold or release or reject", 3, changeStatus},
	{"return to the supplier", 2, returnGoods}, {"open stock", 1, openStock}, {"cancel batch", 1, cancelBatch},
	{"buy against an order", 1, buyOrdered}, {"change a purchase order", 3, changePurchase}, {"order goods", 2, orderGoods},
	{"change a draft", 2, changeDraft}, {"change an order", 1, changeOrder}, {"new recipe version", 1, newRecipe}, {"new profile version", 1, newProfile},
}

// wheel has the number of every act as often as it is to come.
var wheel = func() (w []int) {
	for at, a := range acts {
		w = append(w, slices.Repeat([]int{at}, a.often)...)
	}
	return w
}()

// anything does what can be done now: what was drawn, or else what comes after it in the
// list. One in four does not look first, and is often refused.
func anything(p *person) bool {
	p.odd = p.seldom("without looking")
	at := wheel[p.evenly(int64(len(wheel)-1), "act")]
	for i := range acts {
		if acts[(at+i)%len(acts)].do(p) {
			return true
		}
	}
	return false
}

// millOn takes a batch one step further, the one that has come furthest first.
func millOn(p *person) bool {
	p.odd = false
	return complete(p) || issue(p) || start(p) || plan(p)
}

// sellOn does so with a sale.
func sellOn(p *person) bool {
	p.odd = false
	return confirm(p) || draft(p) || takeOrder(p)
}

func (p *person) line(item core.ItemID, expires bool) purchase.GRNLine {
	l := purchase.GRNLine{Item: item, Qty: p.mass("qty"), Unit: "kg", Value: p.paise("value"), Hold: p.seldom("hold")}
	if l.Hold {
		l.HoldReason = "stones"
	}
	if expires {
		l.ExpiryOn = p.expiry()
	}
	return l
}

// expiry is far away, or so near that the story may see it pass.
func (p *person) expiry() core.Date {
	if p.seldom("near expiry") {
		return p.today().AddDays(int(p.upTo(3, "days to expiry")))
	}
	return p.today().AddDays(200 + int(p.upTo(200, "days to expiry")))
}

// bought is something that is bought: raw material, third-party powder, jars.
func (p *person) bought() purchase.GRNLine {
	switch p.upTo(5, "what is bought") {
	case 4:
		return p.line(sure(p, "powder", p.powders...), false)
	case 5:
		l := p.line(sure(p, "packing", p.packing...), false)
		l.Qty, l.Unit = 5*p.pieces("qty"), "pcs"
		return l
	}
	return p.line(sure(p, "raw", p.raw...), true)
}

// begin fills the stores: raw material that can be milled, packs that can be sold.
func begin(p *person) bool {
	req := purchase.PostGRNReq{Supplier: p.suppliers[0], InvoiceNo: "B/1", InvoiceDate: p.today(), Freight: 350_00}
	var open []stock.OpeningLine
	for i, item := range p.raw {
		req.Lines = append(req.Lines, purchase.GRNLine{Item: item, Qty: 60 * core.Kilogram, Unit: "kg", Value: core.Paise(9_000_01 + i), ExpiryOn: p.today().AddDays(300)})
	}
	for _, item := range p.finished {
		open = append(open, stock.OpeningLine{Item: item, Qty: 60, Value: 1_200_01, ExpiryOn: p.today().AddDays(150)}, stock.OpeningLine{Item: item, Qty: 20, Value: 399_99, Segment: core.Online, ExpiryOn: p.today().AddDays(90)})
	}
	req.Lines = append(req.Lines,
		purchase.GRNLine{Item: p.powders[0], Qty: 20 * core.Kilogram, Unit: "kg", Value: 4_000_01}, purchase.GRNLine{Item: p.powders[1], Qty: 20 * core.Kilogram, Unit: "kg", Value: 5_000_03},
		purchase.GRNLine{Item: p.packing[0], Qty: 900, Unit: "pcs", Value: 5_040_00}, purchase.GRNLine{Item: p.packing[1], Qty: 60, Unit: "pcs", Value: 99_01})
	_, _ = try(p, p.Owner, purchase.PostGRN, req)
	_, _ = try(p, p.Owner, stock.PostOpening, stock.PostOpeningReq{Reason: "Excel", Lines: open})
	return true
}

func buy(p *person) bool {
	req := purchase.PostGRNReq{Supplier: sure(p, "supplier", p.suppliers...), InvoiceNo: uuid.NewString()[:13], InvoiceDate: p.today()}
	for range 1 + p.upTo(2, "lines") {
		req.Lines = append(req.Lines, p.bought())
	}
	if p.maybe("landed") {
		req.Freight, req.Hamali = p.paise("freight"), core.Paise(p.upTo(500_00, "hamali"))
	}
	who := p.anybody()
	if p.seldom("late") && (p.odd || who == p.Owner) {
		req.ReceivedOn, req.InvoiceDate, req.Reason = p.daysBack(), p.today().AddDays(-5), "found in the yard"
	}
	_, _ = try(p, who, purchase.PostGRN, req)
	return true
}

// daysBack is a day that the settings allow, and that a closed month need not; carelessly
// it is one more (R7).
func (p *person) daysBack() core.Date {
	most := int64(3)
	if p.odd {
		most = 4
	}
	return p.today().AddDays(-int(p.upTo(most, "days back")))
}

// earlier is a day on which something happened that is entered now, with the reason;
// often it is none.
func (p *person) earlier(who *User) (core.Date, string) {
	if !p.maybe("late") || !p.odd && who != p.Owner {
		return 0, ""
	}
	return p.daysBack(), "there was no power"
}

func orderGoods(p *person) bool {
	_, _ = try(p, p.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchaseFields(p)})
	return true
}

func purchaseFields(p *person) purchase.OrderFields {
	f := purchase.OrderFields{Supplier: sure(p, "supplier", p.suppliers...)}
	for i := range 1 + p.upTo(1, "lines") {
		f.Lines = append(f.Lines, purchase.OrderLine{Item: p.raw[i], Qty: p.mass("ordered"), Unit: "kg", Value: p.paise("price")})
	}
	return f
}

func changePurchase(p *person) bool {
	row, ok := oneOf(p, "purchase order", read(p, purchase.ListOrders, purchase.ListOrdersReq{}).Orders)
	if !ok {
		return false
	}
	o := read(p, purchase.GetOrder, purchase.GetOrderReq{ID: row.ID})
	if o.State == purchase.OrderClosed && !p.odd {
		return false
	}
	if p.maybe("close it") {
		closed, err := try(p, p.Owner, purchase.CloseOrder, purchase.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "no more"})
		if err == nil && p.maybe("open it again") {
			_, _ = try(p, p.Owner, purchase.ReopenOrder, purchase.ReopenOrderReq{ID: o.ID, Version: closed.Version, Reason: "more after all"})
		}
		return true
	}
	_, _ = try(p, p.Owner, purchase.UpdateOrder, purchase.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: purchaseFields(p)})
	return true
}

func buyOrdered(p *person) bool {
	row, ok := oneOf(p, "purchase order", read(p, purchase.ListOrders, purchase.ListOrdersReq{Due: true}).Orders)
	if !ok {
		return false
	}
	o := read(p, purchase.GetOrder, purchase.GetOrderReq{ID: row.ID})
	req := purchase.PostGRNReq{Supplier: o.Supplier, Order: o.ID, InvoiceNo: uuid.NewString()[:13], InvoiceDate: p.today()}
	for _, x := range o.Items {
		l := p.line(x.Item, true)
		l.OrderLine, l.Qty = x.Line, p.someOf(x.Qty, "ordered")
		if x.Received+l.Qty > x.Qty && !p.careless("say nothing of it") {
			req.Reason = "the lorry had room"
		}
		req.Lines = append(req.Lines, l)
	}
	_, _ = try(p, p.anybody(), purchase.PostGRN, req)
	return true
}

func documents(p *person, kinds ...stock.DocumentKind) (live []stock.DocumentRow) {
	for _, d := range read(p, stock.ListDocuments, stock.ListDocumentsReq{Kinds: kinds, Limit: 500}).Documents {
		if d.Kind != stock.KindReversal && d.ReversedBy == "" {
			live = append(live, d)
		}
	}
	return live
}

// pricedLine picks a line of a GRN that stands: mostly one whose goods are in the mill, or
// else were used since.
func pricedLine(p *person) (g purchase.CostedGRN, line int, ok bool) {
	live := documents(p, stock.KindGRN)
	slices.Reverse(live) // what came early has gone furthest
	d, ok := oneOf(p, "GRN", live)
	if !ok {
		return g, 0, false
	}
	g = read(p, purchase.GetCostedGRN, purchase.GetGRNReq{ID: d.ID})
	at := int(p.upTo(int64(len(g.Lines)-1), "line"))
	if p.seldom("used or not") {
		return g, 1 + at, true
	}
	if lots := p.inTheMill(); len(lots) > 0 {
		for _, d := range live {
			of := read(p, purchase.GetCostedGRN, purchase.GetGRNReq{ID: d.ID})
			if n := slices.IndexFunc(of.Lines, func(l purchase.PostedLine) bool { return lots[l.Lot] }); n >= 0 {
				return of, 1 + n, true
			}
		}
	}
	for i := range g.Lines {
		n := (at + i) % len(g.Lines)
		if l := g.Lines[n]; read(p, stock.GetLot, stock.GetLotReq{ID: l.Lot}).Qty < l.Qty {
			return g, 1 + n, true
		}
	}
	return g, 1 + at, true
}

// inTheMill are the lots that running batches hold.
func (p *person) inTheMill() map[core.LotID]bool {
	lots := map[core.LotID]bool{}
	for _, b := range read(p, production.ListBatches, production.ListBatchesReq{States: []production.State{production.Running}}).Batches {
		for _, i := range read(p, production.GetBatch, production.GetBatchReq{ID: b.ID}).Issues {
			lots[i.Lot] = true
		}
	}
	return lots
}

func correctPrice(p *person) bool {
	g, line, ok := pricedLine(p)
	if !ok {
		return false
	}
	delta := p.paise("difference")
	if p.maybe("credit") {
		delta = -min(delta, g.Costs[line-1].Value)
		if !p.odd {
			delta /= 4 // others may have been credited before
		}
	}
	if delta == 0 {
		return false
	}
	req := purchase.CorrectPriceReq{GRN: g.ID, Line: line, Delta: delta, NoteNo: uuid.NewString(), Reason: "rate"}
	shown, refused := Try(p.Owner, purchase.PreviewPrice, req)
	done, err := try(p, p.Owner, purchase.CorrectPrice, req)
	if done.Document, done.Number = 0, ""; p.alone && err == nil && (refused != nil || fmt.Sprint(shown) != fmt.Sprint(done)) {
		p.fatal("the preview shows %+v (%v), then %+v is posted", shown, refused, done)
	}
	return true
}

func returnGoods(p *person) bool {
	c, ok := oneOf(p, "cell", p.stockOf(catalog.Raw, catalog.Bulk, catalog.Packing))
	if !ok || !p.odd && (c.Frozen != "" || read(p, stock.GetLot, stock.GetLotReq{ID: c.Lot}).Supplier == "") {
		return false
	}
	req := purchase.ReturnGoodsReq{CellKey: c.CellKey, Qty: p.someOf(p.part(c.Qty), "returned"), Reason: "stones"}
	if p.maybe("credit given") {
		v := p.paise("credit")
		req.Credit = &v
	}
	_, _ = try(p, p.anybody(), purchase.ReturnGoods, req)
	return true
}

func openStock(p *person) bool {
	l := stock.OpeningLine{Item: sure(p, "finished", p.finished...), Qty: p.pieces("qty"), Value: p.paise("value"), Segment: sure(p, "segment", core.Regular, core.Regular, core.Online),
		ExpiryOn: p.expiry(), Hold: p.seldom("hold")}
	if p.seldom("raw") {
		l.Item, l.Qty, l.Segment = sure(p, "raw", p.raw...), p.mass("qty"), core.Regular
	}
	req := stock.PostOpeningReq{Reason: "Excel", Lines: []stock.OpeningLine{l}}
	req.EffectiveOn, _ = p.earlier(p.Owner)
	_, _ = try(p, p.Owner, stock.PostOpening, req)
	return true
}

func adjust(p *person) bool {
	c, ok := oneOf(p, "cell", read(p, stock.ListLots, stock.ListLotsReq{Limit: 500, Sort: stock.ByLot, Empty: p.seldom("an empty one")}).Lots)
	if !ok {
		return false
	}
	req := stock.AdjustReq{CellKey: c.CellKey, Qty: -p.someOf(p.part(c.Qty), "missing"), Reason: sure(p, "reason", "Counting Error", "Damage")}
	if p.maybe("too much") || c.Qty == 0 && !p.odd {
		req.Qty = -req.Qty
		if p.careless("with a value") || read(p, stock.GetLot, stock.GetLotReq{ID: c.Lot}).Qty == 0 {
			v := p.paise("value")
			req.Value = &v
		}
	} else if c.Frozen != "" && !p.odd {
		return false
	}
	if p.seldom("late") && (p.odd || c.BornOn < p.today()) {
		req.EffectiveOn = max(p.daysBack(), c.BornOn)
		if !p.careless("without a word") {
			req.Note = "seen in the morning"
		}
	}
	_, _ = try(p, p.Owner, stock.Adjust, req)
	return true
}

func changeStatus(p *person) bool {
	c, ok := oneOf(p, "cell", p.stockOf())
	if !ok || c.Status == stock.Rejected && !p.odd {
		return false
	}
	req := stock.ChangeStatusReq{Lot: c.Lot, Segment: c.Segment, Reason: "sample"}
	if p.maybe("a part") {
		req.Qty = p.someOf(c.Qty, "of it")
	}
	switch {
	case c.Status == stock.Released:
		_, _ = try(p, p.anybody(), stock.HoldLot, req)
	case p.maybe("reject"):
		_, _ = try(p, p.Owner, stock.RejectLot, req)
	default:
		_, _ = try(p, p.Owner, stock.ReleaseLot, req)
	}
	return true
}

func release(p *person) bool {
	held := read(p, stock.ListLots, stock.ListLotsReq{Statuses: []stock.Status{stock.Hold}, Limit: 500, Sort: stock.ByLot}).Lots
	c, ok := oneOf(p, "held", held)
	if ok {
		_, _ = try(p, p.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: c.Lot, Segment: c.Segment, Reason: "tested"})
	}
	return ok
}

func transfer(p *person) bool {
	c, ok := oneOf(p, "cell", p.stockOf(catalog.Finished))
	if !ok || c.Frozen != "" && !p.odd {
		return false
	}
	to := core.Online
	if c.Segment == core.Online {
		to = core.Regular
	}
	req := stock.TransferReq{CellKey: c.CellKey, To: to, Qty: p.someOf(c.Qty, "of it"), Reason: "web orders"}
	req.EffectiveOn, _ = p.earlier(p.Owner)
	_, _ = try(p, p.Owner, stock.TransferSegment, req)
	return true
}

// count goes one step further with the newest count: opens it, adds to it, posts it
// or gives it up.
func count(p *person) bool {
	var open []stock.CountRow
	for _, c := range read(p, stock.ListCounts, stock.ListCountsReq{}).Counts {
		if c.State == stock.CountOpen {
			open = append(open, c)
		}
	}
	row, ok := oneOf(p, "count", open)
	if !ok {
		_, _ = try(p, p.anybody(), stock.OpenCount, stock.OpenCountReq{})
		return true
	}
	c := read(p, stock.GetCount, stock.GetCountReq{ID: row.ID})
	counted := slices.ContainsFunc(c.Lines, func(l stock.CountLine) bool { return l.Counted != nil })
	switch p.upTo(3, "with the count") {
	case 0, 1:
		if counted || p.odd {
			_, _ = try(p, p.Owner, stock.PostCount, stock.PostCountReq{ID: row.ID})
			return true
		}
	case 2:
		if e, ok := oneOf(p, "entry", read(p, stock.ListEntries, stock.ListEntriesReq{ID: row.ID}).Entries); ok {
			_, _ = try(p, p.Owner, stock.VoidEntry, stock.VoidEntryReq{Entry: e.ID, Reason: "another shelf"})
			return true
		}
	case 3:
		if p.odd || p.maybe("give it up") {
			_, _ = try(p, p.Owner, stock.CancelCount, stock.CancelCountReq{ID: row.ID, Reason: "wrong store"})
			return true
		}
	}
	var entries []stock.CountEntry
	for range 1 + p.upTo(3, "lines counted") {
		if l, ok := oneOf(p, "line", c.Lines); ok {
			entries = append(entries, stock.CountEntry{CellKey: l.CellKey, Qty: max(0, l.Booked+l.Moved+core.Qty(p.upTo(6, "off"))-3)})
		}
	}
	_, _ = try(p, p.anybody(), stock.RecordCount, stock.RecordCountReq{ID: c.ID, Entries: entries})
	return true
}

func openRecall(p *person) bool {
	c, ok := oneOf(p, "cell", p.stockOf())
	if ok = ok && (c.Frozen == "" || p.odd); ok {
		_, _ = try(p, p.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: c.Lot, Reason: "a complaint"})
	}
	return ok
}

func closeRecall(p *person) bool {
	r, ok := oneOf(p, "recall", read(p, trace.ListRecalls, trace.ListRecallsReq{Open: true}).Recalls)
	if ok {
		_, _ = try(p, p.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: r.ID, Version: r.Version, Reason: "clean"})
	}
	return ok
}

func reverseAny(p *person) bool {
	d, ok := oneOf(p, "document", documents(p)) // the newest is the likeliest, and the easiest
	if ok {
		reverse(p, d.ID)
	}
	return ok
}

// reverse cancels a document; who may not is told what stands in the way (R9).
func reverse(p *person, id core.DocumentID) bool {
	_, err := try(p, p.Owner, stock.ReverseDocument, stock.ReverseReq{Document: id, Reason: "entered wrongly"})
	if err != nil && p.alone && len(inTheWay(err)) == 0 && !frozen(err) && !strings.Contains(err.Error(), "came back on hold. Release it first.") {
		p.fatal("the reversal of document %d is refused without naming what stands in the way: %s", id, said(err))
	}
	return err == nil
}

// tomorrow comes, or the day after, or a later one; everybody logs in again.
func tomorrow(p *person) bool {
	days := sure(p, "days", 1, 2, 20)
	p.GoTo(p.Clock.Now().Add(time.Duration(days) * 24 * time.Hour))
	p.log("it is %s", p.today())
	return true
}

// closeMonth closes the last month; where it is closed, or was the first, it waits for the
// end of this one.
func closeMonth(p *person) bool {
	month := p.today().Month().AddDays(-1).Month()
	if p.odd = p.seldom("without looking"); !p.odd {
		closed := read(p, stock.ListPeriods, stock.ListPeriodsReq{}).Periods
		if first := core.DateOf(Start, p.zone()).Month(); month < first || len(closed) > 0 && closed[0].Month == month {
			month = p.today().Month()
			p.GoTo(month.AddMonths(1).Time().Add(6 * time.Hour))
			p.log("it is %s", p.today())
		}
	}
	_, _ = try(p, p.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: month})
	return true
}
