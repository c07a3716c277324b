package flow_test

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/catalog"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// act is something people do. It reports false where there is nothing to do it with;
// whether the rules allowed it is another matter.
type act struct {
	name string
	do   func(p *person) bool
}

// acts is everything that can happen to the books, but for the passing of time.
var acts = []act{
	{"buy", buy}, {"buy more", buy}, {"buy against an order", buyOrdered}, {"order goods", orderGoods}, {"change a purchase order", changePurchase},
	{"correct a price", correctPrice}, {"return to the supplier", returnGoods},
	{"open stock", openStock}, {"adjust", adjust}, {"hold or release or reject", changeStatus}, {"release", release}, {"transfer", transfer}, {"count", count}, {"count on", count},
	{"new recipe version", newRecipe}, {"plan", plan}, {"start", start}, {"issue", issue}, {"issue again", issue}, {"complete", complete}, {"cancel batch", cancelBatch},
	{"take an order", takeOrder}, {"change an order", changeOrder}, {"draft", draft}, {"change a draft", changeDraft}, {"confirm", confirm}, {"send off", sendOff}, {"take back", takeBack},
	{"new profile version", newProfile}, {"pack", pack}, {"pack 2", pack}, {"pack 3", pack}, {"pack 4", pack},
	{"recall", openRecall}, {"close a recall", closeRecall}, {"lift a recall", closeRecall},
	{"reverse", reverseAny},
	{"mill on", millOn}, {"mill on 2", millOn}, {"mill on 3", millOn}, {"mill on 4", millOn},
	{"sell on", sellOn}, {"sell on 2", sellOn}, {"sell on 3", sellOn}, {"sell on 4", sellOn},
}

// millOn takes the newest batch that is open one step further, or plans one.
func millOn(p *person) bool {
	open := read(p, production.ListBatches, production.ListBatchesReq{States: []production.State{production.Planned, production.Running}}).Batches
	switch {
	case len(open) == 0:
		return plan(p)
	case open[0].State == production.Planned:
		return start(p)
	case open[0].Issued == 0 || p.seldom("issue more"):
		return issue(p)
	}
	return complete(p)
}

// sellOn takes the sale that has come furthest one step further, or takes an order.
func sellOn(p *person) bool {
	any := func(states ...sales.State) bool {
		return len(read(p, sales.ListDispatches, sales.ListDispatchesReq{States: states}).Dispatches) > 0
	}
	switch {
	case any(sales.Confirmed, sales.Dispatched) && p.maybe("something comes back"):
		return takeBack(p)
	case any(sales.Draft):
		return confirm(p)
	case len(read(p, sales.ListOrders, sales.ListOrdersReq{Due: true}).Orders) > 0:
		return draft(p)
	}
	return takeOrder(p)
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
		l.Qty, l.Unit = p.pieces("qty"), "pcs"
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
		open = append(open, stock.OpeningLine{Item: item, Qty: 300, Value: 6_000_01, ExpiryOn: p.today().AddDays(150)}, stock.OpeningLine{Item: item, Qty: 90, Value: 1_999_99, Segment: core.Online, ExpiryOn: p.today().AddDays(90)})
	}
	req.Lines = append(req.Lines,
		purchase.GRNLine{Item: p.powders[0], Qty: 20 * core.Kilogram, Unit: "kg", Value: 4_000_01}, purchase.GRNLine{Item: p.powders[1], Qty: 20 * core.Kilogram, Unit: "kg", Value: 5_000_03},
		purchase.GRNLine{Item: p.packing[0], Qty: 300, Unit: "pcs", Value: 1_680_00}, purchase.GRNLine{Item: p.packing[1], Qty: 30, Unit: "pcs", Value: 49_51})
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
	if p.seldom("late") {
		req.ReceivedOn, req.InvoiceDate, req.Reason = p.today().AddDays(-int(p.upTo(4, "days back"))), p.today().AddDays(-5), "found in the yard"
	}
	_, _ = try(p, p.anybody(), purchase.PostGRN, req)
	return true
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
	if p.maybe("close it") {
		_, _ = try(p, p.Owner, purchase.CloseOrder, purchase.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "no more"})
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

func correctPrice(p *person) bool {
	d, ok := oneOf(p, "GRN", documents(p, stock.KindGRN))
	if !ok {
		return false
	}
	g := read(p, purchase.GetCostedGRN, purchase.GetGRNReq{ID: d.ID})
	line := 1 + p.upTo(int64(len(g.Lines)-1), "line")
	delta := p.paise("difference")
	if p.maybe("credit") {
		delta = -min(delta, g.Costs[line-1].Value)
	}
	req := purchase.CorrectPriceReq{GRN: d.ID, Line: int(line), Delta: delta, NoteNo: uuid.NewString(), Reason: "rate"}
	shown, refused := Try(p.Owner, purchase.PreviewPrice, req)
	done, err := try(p, p.Owner, purchase.CorrectPrice, req)
	if done.Document, done.Number = 0, ""; p.alone && err == nil && (refused != nil || fmt.Sprint(shown) != fmt.Sprint(done)) {
		p.fatal("the preview shows %+v (%v), then %+v is posted", shown, refused, done)
	}
	return true
}

func returnGoods(p *person) bool {
	c, ok := oneOf(p, "cell", p.stockOf(catalog.Raw, catalog.Bulk, catalog.Packing))
	if !ok {
		return false
	}
	req := purchase.ReturnGoodsReq{CellKey: c.CellKey, Qty: p.someOf(c.Qty, "returned"), Reason: "stones"}
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
	_, _ = try(p, p.Owner, stock.PostOpening, stock.PostOpeningReq{Reason: "Excel", Lines: []stock.OpeningLine{l}})
	return true
}

func adjust(p *person) bool {
	c, ok := oneOf(p, "cell", read(p, stock.ListLots, stock.ListLotsReq{Limit: 500, Sort: stock.ByLot, Empty: true}).Lots)
	if !ok {
		return false
	}
	req := stock.AdjustReq{CellKey: c.CellKey, Qty: -p.someOf(max(c.Qty, 1), "missing"), Reason: sure(p, "reason", "Counting Error", "Damage")}
	if p.maybe("too much") {
		req.Qty = -req.Qty
		if p.seldom("with a value") || c.Qty == 0 {
			v := p.paise("value")
			req.Value = &v
		}
	}
	if p.seldom("late") {
		req.EffectiveOn = p.today().AddDays(-int(p.upTo(3, "days back")))
		if !p.seldom("without a word") {
			req.Note = "seen in the morning"
		}
	}
	_, _ = try(p, p.Owner, stock.Adjust, req)
	return true
}

func changeStatus(p *person) bool {
	c, ok := oneOf(p, "cell", p.stockOf())
	if !ok {
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
	if !ok {
		return false
	}
	to := core.Online
	if c.Segment == core.Online {
		to = core.Regular
	}
	_, _ = try(p, p.Owner, stock.TransferSegment, stock.TransferReq{CellKey: c.CellKey, To: to, Qty: p.someOf(c.Qty, "of it"), Reason: "web orders"})
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
	switch p.upTo(3, "with the count") {
	case 0:
		_, _ = try(p, p.Owner, stock.PostCount, stock.PostCountReq{ID: row.ID})
	case 3:
		_, _ = try(p, p.Owner, stock.CancelCount, stock.CancelCountReq{ID: row.ID, Reason: "wrong store"})
	default:
		c := read(p, stock.GetCount, stock.GetCountReq{ID: row.ID})
		l, ok := oneOf(p, "line", c.Lines)
		if !ok {
			return false
		}
		q := max(0, l.Booked+core.Qty(p.upTo(6, "off"))-3)
		_, _ = try(p, p.anybody(), stock.RecordCount, stock.RecordCountReq{ID: c.ID, Entries: []stock.CountEntry{{CellKey: l.CellKey, Qty: q}}})
	}
	return true
}

func openRecall(p *person) bool {
	c, ok := oneOf(p, "cell", p.stockOf())
	if ok {
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
	d, ok := oneOf(p, "document", documents(p))
	if ok {
		reverse(p, d.ID)
	}
	return ok
}

// reverse cancels a document; who may not is told what stands in the way (R9).
func reverse(p *person, id core.DocumentID) bool {
	_, err := try(p, p.Owner, stock.ReverseDocument, stock.ReverseReq{Document: id, Reason: "entered wrongly"})
	if err != nil && p.alone && len(inTheWay(err)) == 0 && !frozen(err) {
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

func closeMonth(p *person) bool {
	month := p.today().Month().AddDays(-1)
	_, _ = try(p, p.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: month})
	return true
}
