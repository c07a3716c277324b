package flow_test

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
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
	req := purchase.CorrectPriceReq{GRN: d.ID, Line: int(line), Delta: delta, NoteNo: "N/1", Reason: "rate"}
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

func newRecipe(p *person) bool {
	r := read(p, recipe.GetRecipe, recipe.GetRecipeReq{ID: sure(p, "recipe", p.recipes...)})
	if len(r.Lines) > 1 {
		by := core.Percent(p.upTo(100, "share"))
		r.Lines[0].Share, r.Lines[1].Share = r.Lines[0].Share+by, r.Lines[1].Share-by
	}
	r.Tolerance = core.Percent(p.upTo(300, "tolerance"))
	_, _ = try(p, p.Owner, recipe.UpdateRecipe, recipe.UpdateRecipeReq{ID: r.ID, Version: r.Version, Fields: r.Fields})
	return true
}

func plan(p *person) bool {
	_, _ = try(p, p.anybody(), production.PlanBatch, production.PlanBatchReq{Recipe: sure(p, "recipe", p.recipes...), Charge: p.mass("charge") / 4, On: p.today().AddDays(int(p.upTo(1, "days ahead")))})
	return true
}

// batch picks a batch in one of the states.
func batch(p *person, states ...production.State) (production.Batch, bool) {
	row, ok := oneOf(p, "batch", read(p, production.ListBatches, production.ListBatchesReq{States: states}).Batches)
	if !ok {
		return production.Batch{}, false
	}
	return read(p, production.GetBatch, production.GetBatchReq{ID: row.ID}), true
}

func start(p *person) bool {
	b, ok := batch(p, production.Planned)
	if ok {
		_, _ = try(p, p.anybody(), production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	}
	return ok
}

func issue(p *person) bool {
	b, ok := batch(p, production.Running)
	if !ok {
		return false
	}
	req := production.IssueReq{ID: b.ID, Version: b.Version}
	for _, l := range b.Card {
		if l.Actual != nil || p.seldom("leave it blank") {
			continue
		}
		q := l.Qty
		if p.maybe("another weight") {
			q = core.Qty(p.upTo(int64(l.Usable), "weight"))
		}
		x := production.Issue{Line: l.Line, Qty: &q}
		if p.seldom("other lots") {
			x.Override = p.picks(l.Item, core.Regular, q)
		}
		req.Lines = append(req.Lines, x)
	}
	if p.seldom("extra") {
		req.Extras = append(req.Extras, production.Extra{Item: sure(p, "extra", append(p.raw, p.powders...)...), Qty: p.mass("extra"), Reason: "too pale"})
	}
	if len(req.Lines)+len(req.Extras) == 0 {
		return false
	}
	_, _ = try(p, p.anybody(), production.IssueMaterial, req)
	return true
}

// picks chooses lots by hand, the last born first, adding up to q where they can.
func (p *person) picks(item core.ItemID, segment core.Segment, q core.Qty) (o stock.Override) {
	o.Reason = "nearer to the door"
	cells := read(p, stock.ListLots, stock.ListLotsReq{Item: item, Limit: 500, Sort: stock.ByLot, Desc: true}).Lots
	for _, c := range cells {
		if n := min(q, c.Qty); n > 0 && c.Segment == segment && (c.Status == stock.Released || p.seldom("not released")) {
			o.Lots = append(o.Lots, stock.Pick{CellKey: c.CellKey, Qty: n})
			q -= n
		}
	}
	return o
}

func complete(p *person) bool {
	b, ok := batch(p, production.Running)
	if !ok {
		return false
	}
	in := b.Issued
	req := production.CompleteReq{ID: b.ID, Version: b.Version, Output: max(1, in-in/25)}
	if p.maybe("another output") {
		req.Output = core.Qty(1 + p.upTo(int64(in), "output"))
	}
	left := in - req.Output
	if p.seldom("by-product") && left > 0 {
		x := production.ByProduct{Item: p.raw[2], Qty: core.Qty(1 + p.upTo(int64(left-1), "by-product")), ExpiryOn: p.expiry()}
		switch p.upTo(2, "worth") {
		case 1:
			x.Share = core.Percent(p.upTo(10_000, "share"))
		case 2:
			x.NRV = p.paise("nrv")
		}
		req.ByProducts, left = append(req.ByProducts, x), left-x.Qty
	}
	if p.maybe("waste weighed") && left > 0 {
		req.Waste = []production.Waste{{Reason: sure(p, "waste", "DUST", "MOISTURE"), Qty: core.Qty(1 + p.upTo(int64(left-1), "waste"))}}
	}
	if left < 0 {
		req.GainReason = "moisture"
	}
	req.Expense = p.seldom("expense")
	_, _ = try(p, p.anybody(), production.CompleteBatch, req)
	return true
}

func cancelBatch(p *person) bool {
	b, ok := batch(p, production.Planned, production.Running)
	if ok {
		_, _ = try(p, p.anybody(), production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
	}
	return ok
}

func newProfile(p *person) bool {
	f := read(p, packing.GetProfile, packing.GetProfileReq{ID: sure(p, "profile", p.profiles...)})
	last := &f.Components[len(f.Components)-1]
	last.N = 20 + p.upTo(40, "packs to a carton")
	_, _ = try(p, p.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: f.ID, Version: f.Version, Fields: f.Fields})
	return true
}

func pack(p *person) bool {
	f := read(p, packing.GetProfile, packing.GetProfileReq{ID: sure(p, "profile", p.profiles...)})
	run := packing.RunFields{Profile: f.ID, Item: f.Products[0].Item, Segment: sure(p, "segment", core.Regular, core.Online)}
	c, ok := oneOf(p, "powder", read(p, stock.ListLots, stock.ListLotsReq{Item: f.Products[0].Powder, Limit: 500, Sort: stock.ByLot}).Lots)
	if !ok {
		return false
	}
	run.Lot = c.Lot
	can := read(p, packing.CheckFeasibility, packing.CheckReq{RunFields: run})
	run.Packs = p.someOf(max(1, min(can.MaxPacks, 200)), "packs")
	if p.seldom("overfill") {
		run.Overfill = core.Qty(p.upTo(1_000_000, "overfill"))
	}
	if p.seldom("powder lost") {
		run.Lost, run.LostReason = core.Qty(1+p.upTo(500_000, "lost")), sure(p, "how", packing.LossReasons...)
	}
	if p.seldom("jars broken") {
		run.Components = []packing.Taken{{Item: f.Components[0].Item, Lost: core.Qty(p.upTo(3, "broken")), Override: stock.Override{Reason: "dropped"}}}
	}
	req := packing.PostRunReq{Version: f.Version, RunFields: run}
	if p.seldom("late") {
		req.PackedOn, req.Reason = p.today().AddDays(-int(p.upTo(3, "days back"))), "the book was wet"
	}
	can = read(p, packing.CheckFeasibility, packing.CheckReq{RunFields: run})
	_, err := try(p, p.anybody(), packing.PostRun, req)
	if p.alone && req.PackedOn == 0 && (err == nil) != (len(can.Faults) == 0) {
		p.fatal("asked, a run has the faults %v; posted, %s (R26)", can.Faults, said(err))
	}
	return true
}

func salesFields(p *person) sales.OrderFields {
	f := sales.OrderFields{Customer: sure(p, "customer", p.customers...)}
	for i := range 1 + p.upTo(1, "lines") {
		f.Lines = append(f.Lines, sales.OrderLine{Item: p.finished[i], Qty: p.pieces("ordered"), Unit: "pcs", Price: p.paise("price")})
	}
	return f
}

func takeOrder(p *person) bool {
	_, _ = try(p, p.anybody(), sales.CreateOrder, sales.CreateOrderReq{OrderFields: salesFields(p)})
	return true
}

func anOrder(p *person, due bool) (sales.Order, bool) {
	row, ok := oneOf(p, "order", read(p, sales.ListOrders, sales.ListOrdersReq{Due: due}).Orders)
	if !ok {
		return sales.Order{}, false
	}
	return read(p, sales.GetOrder, sales.GetOrderReq{ID: row.ID}), true
}

func changeOrder(p *person) bool {
	o, ok := anOrder(p, false)
	if !ok {
		return false
	}
	if p.seldom("close it") {
		_, _ = try(p, p.anybody(), sales.CloseOrder, sales.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "cancelled"})
		return true
	}
	_, _ = try(p, p.anybody(), sales.UpdateOrder, sales.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: salesFields(p)})
	return true
}

func draftLines(p *person, o sales.Order) (lines []sales.DraftLine) {
	for _, x := range o.Items {
		left := x.Qty - x.Dispatched
		if left <= 0 && !p.seldom("once more") {
			continue
		}
		l := sales.DraftLine{OrderLine: x.Line, Qty: p.someOf(max(left, 1), "to send")}
		if p.seldom("other lots") {
			l.Override = p.picks(x.Item, o.Segment, l.Qty)
		}
		lines = append(lines, l)
	}
	return lines
}

func draft(p *person) bool {
	o, ok := anOrder(p, true)
	if ok {
		_, _ = try(p, p.anybody(), sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: draftLines(p, o)})
	}
	return ok
}

func dispatch(p *person, states ...sales.State) (sales.Dispatch, bool) {
	row, ok := oneOf(p, "dispatch", read(p, sales.ListDispatches, sales.ListDispatchesReq{States: states}).Dispatches)
	if !ok {
		return sales.Dispatch{}, false
	}
	return read(p, sales.GetDispatch, sales.GetDispatchReq{ID: row.ID}), true
}

func changeDraft(p *person) bool {
	d, ok := dispatch(p, sales.Draft)
	if !ok {
		return false
	}
	if p.seldom("discard") {
		_, _ = try(p, p.anybody(), sales.DiscardDraft, sales.DiscardReq{ID: d.ID, Version: d.Version})
		return true
	}
	_, _ = try(p, p.anybody(), sales.UpdateDraft, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: draftLines(p, read(p, sales.GetOrder, sales.GetOrderReq{ID: d.Order}))})
	return true
}

func confirm(p *person) bool {
	d, ok := dispatch(p, sales.Draft)
	if ok {
		_, _ = try(p, p.anybody(), sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	}
	return ok
}

func sendOff(p *person) bool {
	d, ok := dispatch(p, sales.Confirmed)
	if ok {
		_, _ = try(p, p.anybody(), sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234"})
	}
	return ok
}

func takeBack(p *person) bool {
	d, ok := dispatch(p, sales.Confirmed, sales.Dispatched)
	if !ok {
		return false
	}
	req := sales.PostReturnReq{Dispatch: d.ID, Reason: "wet"}
	for _, l := range d.Items {
		for _, s := range l.Lots {
			if !p.seldom("keeps it") {
				x := sales.ReturnLine{Lot: s.Lot, Qty: p.someOf(s.Qty, "back"), Condition: sure(p, "condition", sales.Good, sales.Good, sales.Damaged)}
				if half := x.Qty / 2; half > 0 && p.seldom("some of it damaged") {
					x.Qty -= half
					req.Lines = append(req.Lines, sales.ReturnLine{Lot: s.Lot, Qty: half, Condition: sales.Damaged})
				}
				req.Lines = append(req.Lines, x)
			}
		}
	}
	_, _ = try(p, p.anybody(), sales.PostReturn, req)
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
