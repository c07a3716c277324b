package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// A refusal is a wrong request with the code and all fields of its answer.
type refusal struct {
	name   string
	op     op.Meta
	req    any
	code   core.Code
	fields string // in reading order
}

// shelf is a factory with something of everything that can be named wrongly.
type shelf struct {
	*Factory
	supplier, customer, gone party.Party
	other                    party.Party
	orderFields              purchase.OrderFields // of supplier: 40 kg raw, 100 jars
	order                    purchase.CostedOrder
	raw, old, jar, pack      catalog.Item
	posted                   purchase.PostGRNResp // 40 kg released, 40 kg on hold
	packs                    stock.CellKey        // 90 packs of pack
	count                    stock.Count
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	f := New(t)
	s := &shelf{Factory: f, supplier: f.Supplier("Sangli Haldi Traders"), gone: f.Supplier("Closed Traders")}
	s.customer = Do(f.Owner, party.CreateParty, writes["party.create_party"](f).(party.CreatePartyReq))
	fields := s.gone.Fields
	fields.Active = false
	Do(f.Owner, party.UpdateParty, party.UpdatePartyReq{ID: s.gone.ID, Version: 1, Fields: fields})
	s.raw, s.old = f.Item("RAW-001", "Turmeric"), f.Item("RAW-002", "Old item")
	item := s.old.ItemFields
	item.Active = false
	Do(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: s.old.ID, Version: 1, ItemFields: item})
	s.jar = f.Item("PKG-001", "Jar", func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units = catalog.Packing, "JAR_BODY", core.Count, "pcs", "pcs", nil
	})
	s.pack = f.FinishedGood("FIN-001", "Haldi 50 g")
	s.packs = f.Opening(s.pack.ID, 90, 1_800_00)
	req := GRN(s.supplier.ID, "S/1", Line(s.raw.ID, 40, 9_200_000_00), Line(s.raw.ID, 40, 9_200_00))
	req.Lines[1].Hold, req.Lines[1].HoldReason = true, "moist"
	s.posted = Do(f.Store1, purchase.PostGRN, req)
	s.other = f.Supplier("Unjha Jeera House")
	s.orderFields = purchase.OrderFields{Supplier: s.supplier.ID, Lines: []purchase.OrderLine{{Item: s.raw.ID, Qty: 40 * core.Kilogram, Unit: "bag"}, {Item: s.jar.ID, Qty: 100, Unit: "pcs"}}}
	s.order = Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: s.orderFields})
	s.count = Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	return s
}

// grn is a good delivery, changed.
func (s *shelf) grn(change func(*purchase.PostGRNReq)) purchase.PostGRNReq {
	r := GRN(s.supplier.ID, "S/2", Line(s.raw.ID, 40, 9_200_00))
	change(&r)
	return r
}

func (s *shelf) item(change func(*catalog.ItemFields)) catalog.CreateItemReq {
	r := writes["catalog.create_item"](s.Factory).(catalog.CreateItemReq)
	change(&r.ItemFields)
	return r
}

func (s *shelf) refusals() []refusal {
	type R = purchase.PostGRNReq
	type I = catalog.ItemFields
	day := core.NewDate
	post, create, edit := purchase.PostGRN.Meta, catalog.CreateItem.Meta, catalog.UpdateItem.Meta
	free, held := s.posted.Lots[0].Lot, s.posted.Lots[1].Lot
	one, minus := core.Paise(100), core.Paise(-1)
	adjust := func(status stock.Status, kg core.Qty, change ...func(*stock.AdjustReq)) stock.AdjustReq {
		r := stock.AdjustReq{CellKey: stock.CellKey{Lot: free, Status: status}, Qty: kg * core.Kilogram, Reason: "Damage"}
		for _, c := range change {
			c(&r)
		}
		return r
	}
	sameItem := func(change func(*I)) catalog.UpdateItemReq {
		f := s.raw.ItemFields
		change(&f)
		return catalog.UpdateItemReq{ID: s.raw.ID, Version: 1, ItemFields: f}
	}
	invalid, missing, short, conflict := core.CodeInvalid, core.CodeNotFound, core.CodeInsufficientStock, core.CodeConflict
	return []refusal{
		{"everything missing", post, R{Lines: []purchase.GRNLine{{}}}, invalid, "supplier invoice_no invoice_date lines[0].item lines[0].qty lines[0].unit"},
		{"no lines", post, s.grn(func(r *R) { r.Lines = nil }), invalid, "lines"},
		{"too many lines", post, s.grn(func(r *R) { r.Lines = slices.Repeat(r.Lines, 201) }), invalid, "lines"},
		{"customer as supplier", post, s.grn(func(r *R) { r.Supplier = s.customer.ID }), invalid, "supplier"},
		{"supplier out of use", post, s.grn(func(r *R) { r.Supplier = s.gone.ID }), invalid, "supplier"},
		{"unknown supplier and item", post, s.grn(func(r *R) { r.Supplier, r.Lines[0].Item = 99, 99 }), invalid, "supplier lines[0].item"},
		{"finished goods", post, s.grn(func(r *R) {
			r.Lines[0] = purchase.GRNLine{Item: s.pack.ID, Qty: 5, Unit: "pcs", ExpiryOn: day(2027, 1, 1)}
		}), invalid, "lines[0].item"},
		{"item out of use", post, s.grn(func(r *R) { r.Lines[0].Item = s.old.ID }), invalid, "lines[0].item"},
		{"kilograms of jars", post, s.grn(func(r *R) { r.Lines[0].Item = s.jar.ID }), invalid, "lines[0].unit"},
		{"unknown unit", post, s.grn(func(r *R) { r.Lines[0].Unit = "seer" }), invalid, "lines[0].unit"},
		{"zero quantity", post, s.grn(func(r *R) { r.Lines[0].Qty = 0 }), invalid, "lines[0].qty"},
		{"negative quantity, value and costs", post, s.grn(func(r *R) { r.Lines[0].Qty, r.Lines[0].Value, r.Freight, r.Hamali = -1, -1, -1, -1 }), invalid, "lines[0].qty lines[0].value freight hamali"},
		{"raw material without expiry", post, s.grn(func(r *R) { r.Lines[0].ExpiryOn = 0 }), invalid, "lines[0].expiry_on"},
		{"expired when it came", post, s.grn(func(r *R) { r.Lines[0].ExpiryOn = day(2026, 2, 11) }), invalid, "lines[0].expiry_on"},
		{"expiry before manufacture", post, s.grn(func(r *R) { r.Lines[0].MfgOn, r.Lines[0].ExpiryOn = day(2026, 2, 2), day(2026, 2, 1) }), invalid, "lines[0].expiry_on"},
		{"made tomorrow", post, s.grn(func(r *R) { r.Lines[0].MfgOn = day(2026, 2, 13) }), invalid, "lines[0].mfg_on"},
		{"invoice of tomorrow", post, s.grn(func(r *R) { r.InvoiceDate = day(2026, 2, 13) }), invalid, "invoice_date"},
		{"received tomorrow", post, s.grn(func(r *R) { r.ReceivedOn, r.Reason = day(2026, 2, 13), "x" }), invalid, "received_on"},
		{"received four days ago", post, s.grn(func(r *R) { r.ReceivedOn, r.Reason = day(2026, 2, 8), "x" }), invalid, "received_on"},
		{"backdated without reason", post, s.grn(func(r *R) { r.ReceivedOn = day(2026, 2, 11) }), invalid, "reason"},
		{"invoice twice", post, s.grn(func(r *R) { r.InvoiceNo = "S/1" }), invalid, "invoice_no"},
		{"invoice twice in small letters", post, s.grn(func(r *R) { r.InvoiceNo = " s/1 " }), invalid, "invoice_no"},
		{"number in use", post, s.grn(func(r *R) { r.Number = s.posted.Number }), invalid, "number"},
		{"number of another form", post, s.grn(func(r *R) { r.Number = "GRN-1" }), invalid, "number"},
		{"number of another day", post, s.grn(func(r *R) { r.Number = "GRN-20260211-001" }), invalid, "number"},
		{"endless number", post, s.grn(func(r *R) { r.Number = "GRN-20260212-" + strings.Repeat("9", 10) }), invalid, "number"},
		{"value of all lines", post, s.grn(func(r *R) { r.Lines[0].Value = core.MaxPaise; r.Lines = append(r.Lines, r.Lines[0]) }), invalid, "lines"},
		{"quantity and value too large", post, s.grn(func(r *R) { r.Lines[0].Qty, r.Lines[0].Value = core.MaxQty+1, core.MaxPaise+1 }), invalid, "lines[0].qty lines[0].value lines"},
		{"long texts", post, s.grn(func(r *R) {
			long := strings.Repeat("म", 600)
			r.InvoiceNo, r.Reason, r.Lines[0].SupplierBatch, r.Lines[0].HoldReason = long, long, long, long
		}), invalid, "invoice_no reason lines[0].supplier_batch lines[0].hold_reason"},

		{"an order line without order", post, s.grn(func(r *R) { r.Lines[0].OrderLine = 1 }), invalid, "lines[0].order_line"},
		{"an unknown order", post, s.grn(func(r *R) { r.Order = 99 }), invalid, "order"},
		{"an order of another supplier", post, s.grn(func(r *R) { r.Order, r.Supplier = s.order.ID, s.other.ID }), invalid, "order"},
		{"another item than ordered", post, s.grn(func(r *R) { r.Order, r.Lines[0].OrderLine = s.order.ID, 2 }), invalid, "lines[0].order_line"},
		{"a line that was not ordered", post, s.grn(func(r *R) { r.Order, r.Lines[0].OrderLine = s.order.ID, 9 }), invalid, "lines[0].order_line"},
		{"far more than was ordered", post, s.grn(func(r *R) { r.Order, r.Lines[0].Qty = s.order.ID, 43*core.Kilogram }), invalid, "lines[0].qty"},
		{"an order of nothing", purchase.CreateOrder.Meta, purchase.CreateOrderReq{}, invalid, "supplier lines"},
		{"an order without all", purchase.CreateOrder.Meta, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Lines: []purchase.OrderLine{{Qty: -1, Value: -1}}}}, invalid, "supplier lines[0].item lines[0].qty lines[0].unit lines[0].value"},
		{"an order that cannot be", purchase.CreateOrder.Meta, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: s.customer.ID, ExpectedOn: day(2026, 2, 11),
			Lines: []purchase.OrderLine{{Item: s.pack.ID, Qty: 1, Unit: "pcs"}, {Item: s.old.ID, Qty: 1, Unit: "seer"}, {Item: 99, Qty: 1, Unit: "kg"}}}}, invalid,
			"supplier expected_on lines[0].item lines[1].item lines[1].unit lines[2].item"},
		{"one item twice", purchase.CreateOrder.Meta, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: s.gone.ID,
			Lines: []purchase.OrderLine{{Item: s.raw.ID, Qty: 1, Unit: "kg"}, {Item: s.raw.ID, Qty: 1, Unit: "kg"}}}}, invalid, "lines[1].item supplier"},
		{"an order from a supplier out of use", purchase.CreateOrder.Meta, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: s.gone.ID, Lines: []purchase.OrderLine{{Item: s.raw.ID, Qty: 1, Unit: "kg"}}}}, invalid, "supplier"},
		{"change an unknown order", purchase.UpdateOrder.Meta, purchase.UpdateOrderReq{ID: 99, OrderFields: s.orderFields}, missing, "id"},
		{"change an old order", purchase.UpdateOrder.Meta, purchase.UpdateOrderReq{ID: s.order.ID, Version: 7, OrderFields: s.orderFields}, conflict, ""},
		{"close no order", purchase.CloseOrder.Meta, purchase.CloseOrderReq{}, invalid, "id reason"},
		{"close an old order", purchase.CloseOrder.Meta, purchase.CloseOrderReq{ID: s.order.ID, Version: 7, Reason: "x"}, conflict, ""},
		{"correct nothing", purchase.CorrectPrice.Meta, purchase.CorrectPriceReq{}, invalid, "grn line delta note_no reason"},
		{"correct an unknown GRN", purchase.CorrectPrice.Meta, purchase.CorrectPriceReq{GRN: 99, Line: 1, Delta: 1, NoteNo: "x", Reason: "x"}, missing, "grn"},
		{"correct an unknown line", purchase.CorrectPrice.Meta, purchase.CorrectPriceReq{GRN: s.posted.Document, Line: 3, Delta: 1, NoteNo: "x", Reason: "x"}, invalid, "line"},
		{"more credit than it cost", purchase.CorrectPrice.Meta, purchase.CorrectPriceReq{GRN: s.posted.Document, Line: 2, Delta: -9_200_01, NoteNo: "x", Reason: "x"}, invalid, "delta"},
		{"return nothing", purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{}, invalid, "lot status qty reason"},
		{"return what nobody supplied", purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{CellKey: s.packs, Qty: 1, Reason: "x"}, invalid, "lot"},
		{"return more than there is", purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{CellKey: stock.CellKey{Lot: free, Status: stock.Released}, Qty: 41 * core.Kilogram, Reason: "x"}, short, "qty"},
		{"a negative credit", purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{CellKey: stock.CellKey{Lot: free, Status: stock.Released}, Qty: 1, Credit: &minus, Reason: "x"}, invalid, "credit"},
		{"return an unknown lot", purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{CellKey: stock.CellKey{Lot: 99, Status: stock.Released}, Qty: 1, Reason: "x"}, missing, "lot"},

		{"no SKU, name, type", create, s.item(func(i *I) { i.SKU, i.Name, i.Type, i.Dimension = "", "\x00 ", "SPICE", "weight" }), invalid, "sku name type dimension"},
		{"SKU in use", create, s.item(func(i *I) { i.SKU = " raw-001 " }), invalid, "sku"},
		{"subtype of raw material", create, s.item(func(i *I) { i.Subtype = "FILM" }), invalid, "subtype"},
		{"packing material without subtype", create, s.item(func(i *I) { i.Type = catalog.Packing }), invalid, "subtype"},
		{"negative numbers", create, s.item(func(i *I) { i.MinStock, i.ShelfLifeMonths, i.NetWeight = -1, -1, -1 }), invalid, "min_stock shelf_life_months net_weight"},
		{"five digits of HSN", create, s.item(func(i *I) { i.HSN = "09109" }), invalid, "hsn"},
		{"powder in pieces", create, s.item(func(i *I) {
			i.Type, i.Dimension, i.PurchaseUnit, i.IssueUnit = catalog.Bulk, core.Count, "pcs", "pcs"
		}), invalid, "dimension"},
		{"GST above 100 %", create, s.item(func(i *I) { i.GST[0].Rate = 10_001 }), invalid, "gst[0].rate"},
		{"two rates on one day", create, s.item(func(i *I) { i.GST = append(i.GST, i.GST[0]) }), invalid, "gst[1].from"},
		{"a kg of 40 kg", create, s.item(func(i *I) { i.Units = append(i.Units, catalog.ItemUnit{Code: "kg", Num: 40_000_000, Den: 1}) }), invalid, "units[1].code"},
		{"unit twice", create, s.item(func(i *I) { i.Units = append(i.Units, catalog.ItemUnit{Code: " bag ", Num: 1, Den: 1}) }), invalid, "units[1].code"},
		{"unit of nothing", create, s.item(func(i *I) { i.Units[0].Num = 0 }), invalid, "units[0].num"},
		{"bought and issued in unknown units", create, s.item(func(i *I) { i.PurchaseUnit, i.IssueUnit = "pcs", "" }), invalid, "purchase_unit issue_unit"},
		{"unknown item", edit, catalog.UpdateItemReq{ID: 99, ItemFields: s.raw.ItemFields}, missing, "id"},
		{"R38 type of an item in use", edit, sameItem(func(i *I) { i.Type = catalog.Bulk }), invalid, "type"},
		{"R38 dimension of an item in use", edit, sameItem(func(i *I) { i.Dimension, i.PurchaseUnit, i.IssueUnit = core.Count, "pcs", "pcs" }), invalid, "dimension"},
		{"an old version", edit, catalog.UpdateItemReq{ID: s.raw.ID, Version: 7, ItemFields: s.raw.ItemFields}, conflict, ""},

		{"a party without all", party.CreateParty.Meta, party.CreatePartyReq{}, invalid, "kind name state_code"},
		{"wrong phone, e-mail and GSTIN", party.CreateParty.Meta, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "x", Phone: "none", Email: "none", GSTIN: "27AAPFU0939F1ZW", StateCode: "27"}}, invalid, "phone email gstin"},
		{"GSTIN of another state", party.CreateParty.Meta, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "x", GSTIN: "27AAPFU0939F1ZV", StateCode: "24"}}, invalid, "gstin"},
		{"name in use", party.CreateParty.Meta, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: " sangli  HALDI Traders", StateCode: "27"}}, invalid, "name"},
		{"a supplier's shelf life and segment", party.CreateParty.Meta, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "x", StateCode: "27", MinLife: 1, Segment: core.Online}}, invalid, "min_life segment"},
		{"a customer's lead time", party.CreateParty.Meta, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "x", StateCode: "27", LeadDays: 1}}, invalid, "lead_days segment"},
		{"a supplier becomes a customer", party.UpdateParty.Meta, party.UpdatePartyReq{ID: s.supplier.ID, Version: 1, Fields: party.Fields{Kind: party.Customer, Name: "x", StateCode: "27", Segment: core.Online}}, invalid, "kind"},

		{"nothing to adjust", stock.Adjust.Meta, stock.AdjustReq{}, invalid, "lot status qty reason"},
		{"no such reason", stock.Adjust.Meta, adjust(stock.Released, 1, func(r *stock.AdjustReq) { r.Reason = "because" }), invalid, "reason"},
		{"Other without a note", stock.Adjust.Meta, adjust(stock.Released, 1, func(r *stock.AdjustReq) { r.Reason, r.Note = "Other", "\t" }), invalid, "note"},
		{"more missing than there is", stock.Adjust.Meta, adjust(stock.Released, -41), short, "qty"},
		{"missing from an empty cell", stock.Adjust.Meta, adjust(stock.Rejected, -1), short, "qty"},
		{"value of a shortage", stock.Adjust.Meta, adjust(stock.Released, -1, func(r *stock.AdjustReq) { r.Value = &one }), invalid, "value"},
		{"value of an excess where there is a rate", stock.Adjust.Meta, adjust(stock.Released, 1, func(r *stock.AdjustReq) { r.Value = &one }), invalid, "value"},
		{"an excess worth too much", stock.Adjust.Meta, adjust(stock.Released, core.MaxQty/core.Kilogram), invalid, "qty"},
		{"unknown lot", stock.Adjust.Meta, adjust(stock.Released, 1, func(r *stock.AdjustReq) { r.Lot = 99 }), missing, "lot"},
		{"before its birth", stock.Adjust.Meta, adjust(stock.Released, -1, func(r *stock.AdjustReq) { r.EffectiveOn, r.Note = day(2026, 2, 11), "seen at night" }), invalid, "effective_on"},
		{"an earlier day with a category alone", stock.Adjust.Meta, adjust(stock.Released, -1, func(r *stock.AdjustReq) { r.EffectiveOn = day(2026, 2, 11) }), invalid, "note"},
		{"tomorrow", stock.Adjust.Meta, adjust(stock.Released, -1, func(r *stock.AdjustReq) { r.EffectiveOn = day(2026, 2, 13) }), invalid, "effective_on"},

		{"hold what is held", stock.HoldLot.Meta, stock.ChangeStatusReq{Lot: held, Reason: "x"}, short, "lot"},
		{"hold more than there is", stock.HoldLot.Meta, stock.ChangeStatusReq{Lot: free, Qty: 41 * core.Kilogram, Reason: "x"}, short, "qty"},
		{"hold without reason", stock.HoldLot.Meta, stock.ChangeStatusReq{Lot: free, Qty: -1}, invalid, "qty reason"},
		{"release what is free", stock.ReleaseLot.Meta, stock.ChangeStatusReq{Lot: free, Reason: "x"}, short, "lot"},
		{"reject what is free", stock.RejectLot.Meta, stock.ChangeStatusReq{Lot: free, Reason: "x"}, short, "lot"},
		{"another segment", stock.HoldLot.Meta, stock.ChangeStatusReq{Lot: free, Segment: "EXPORT", Reason: "x"}, invalid, "segment"},
		{"an empty segment", stock.HoldLot.Meta, stock.ChangeStatusReq{Lot: free, Segment: core.Online, Reason: "x"}, short, "lot"},
		{"reverse nothing", stock.ReverseDocument.Meta, stock.ReverseReq{}, invalid, "document reason"},
		{"reverse an unknown document", stock.ReverseDocument.Meta, stock.ReverseReq{Document: 99, Reason: "x"}, missing, "document"},

		{"count nothing", stock.OpenCount.Meta, stock.OpenCountReq{Types: []catalog.Type{catalog.Bulk}}, invalid, "types"},
		{"record nothing", stock.RecordCount.Meta, stock.RecordCountReq{}, invalid, "id entries"},
		{"record for no count", stock.RecordCount.Meta, stock.RecordCountReq{Entries: entries(s.count, 0)}, invalid, "id"},
		{"record strangers, all named", stock.RecordCount.Meta, stock.RecordCountReq{ID: s.count.ID, Entries: []stock.CountEntry{
			{CellKey: stock.CellKey{Lot: free, Status: stock.Rejected}, Qty: 1}, {CellKey: stock.CellKey{Lot: 77, Status: stock.Hold}, Qty: 1}}}, invalid, "entries[0].lot entries[1].lot"},
		{"record less than nothing", stock.RecordCount.Meta, stock.RecordCountReq{ID: s.count.ID, Entries: []stock.CountEntry{{Qty: -1}}}, invalid, "entries[0].lot entries[0].status entries[0].qty"},
		{"record for an unknown count", stock.RecordCount.Meta, stock.RecordCountReq{ID: 99, Entries: entries(s.count, 0)}, missing, "id"},
		{"post no count", stock.PostCount.Meta, stock.PostCountReq{}, invalid, "id"},
		{"post what nobody counted", stock.PostCount.Meta, stock.PostCountReq{ID: s.count.ID}, invalid, "entries"},
		{"take back nothing", stock.VoidEntry.Meta, stock.VoidEntryReq{}, invalid, "entry reason"},
		{"take back an unknown entry", stock.VoidEntry.Meta, stock.VoidEntryReq{Entry: 99, Reason: "x"}, missing, "entry"},
		{"cancel no count", stock.CancelCount.Meta, stock.CancelCountReq{}, invalid, "id reason"},
		{"cancel an unknown count", stock.CancelCount.Meta, stock.CancelCountReq{ID: 99, Reason: "x"}, missing, "id"},
		{"an empty opening", stock.PostOpening.Meta, stock.PostOpeningReq{}, invalid, "reason lines"},
		{"an opening without anything", stock.PostOpening.Meta, stock.PostOpeningReq{Reason: "x", Lines: []stock.OpeningLine{{Segment: "EXPORT", Value: -1}}}, invalid, "lines[0].item lines[0].qty lines[0].value lines[0].segment"},
		{"an opening that cannot be", stock.PostOpening.Meta, stock.PostOpeningReq{Reason: "x", Lines: []stock.OpeningLine{
			{Item: s.raw.ID, Qty: 1, Segment: core.Online, MfgOn: day(2026, 2, 13)}, {Item: s.old.ID, Qty: 1, ExpiryOn: day(2027, 1, 1)}, {Item: 99, Qty: 1}}}, invalid,
			"lines[0].segment lines[0].expiry_on lines[0].mfg_on lines[1].item lines[2].item"},
		{"an opening too large", stock.PostOpening.Meta, stock.PostOpeningReq{Reason: "x", Lines: slices.Repeat([]stock.OpeningLine{{Item: s.pack.ID, Qty: 1}}, 201)}, invalid, "lines"},
		{"transfer nothing", stock.TransferSegment.Meta, stock.TransferReq{}, invalid, "lot status to reason"},
		{"transfer to where it is", stock.TransferSegment.Meta, stock.TransferReq{CellKey: stock.CellKey{Lot: free, Status: stock.Released}, To: core.Regular, Qty: -1, Reason: "x"}, invalid, "to qty lot"},
		{"transfer raw material", stock.TransferSegment.Meta, stock.TransferReq{CellKey: stock.CellKey{Lot: free, Status: stock.Released}, To: core.Online, Reason: "x"}, invalid, "lot"},
		{"transfer more than there is", stock.TransferSegment.Meta, stock.TransferReq{CellKey: s.packs, To: core.Online, Qty: 91, Reason: "x"}, short, "qty"},
		{"transfer from an empty cell", stock.TransferSegment.Meta, stock.TransferReq{CellKey: stock.CellKey{Lot: s.packs.Lot, Segment: core.Online, Status: stock.Released}, To: core.Regular, Reason: "x"}, short, "qty"},
		{"transfer an unknown lot", stock.TransferSegment.Meta, stock.TransferReq{CellKey: stock.CellKey{Lot: 99, Status: stock.Released}, To: core.Online, Reason: "x"}, missing, "lot"},
		{"close no month", stock.ClosePeriod.Meta, stock.ClosePeriodReq{}, invalid, "month"},
		{"close this month", stock.ClosePeriod.Meta, stock.ClosePeriodReq{Month: day(2026, 2, 1)}, invalid, "month"},
		{"close a month before the books", stock.ClosePeriod.Meta, stock.ClosePeriodReq{Month: day(2026, 1, 31)}, invalid, "month"},

		{"user without all", account.CreateUser.Meta, account.CreateUserReq{}, invalid, "login name role password"},
		{"user name in use", account.CreateUser.Meta, account.CreateUserReq{Login: "STORE1", Name: "x", Role: core.Admin, Password: Password}, invalid, "login"},
		{"a password of blanks", account.CreateUser.Meta, account.CreateUserReq{Login: "new", Name: "x", Role: core.Admin, Password: strings.Repeat(" ", 20)}, invalid, "password"},
		{"not the old password", account.ChangePassword.Meta, account.ChangePasswordReq{Old: "x", New: Password}, invalid, "old"},
		{"unknown user", account.ResetPassword.Meta, account.ResetPasswordReq{ID: 99, Password: Password}, missing, "id"},
		{"unknown PC", account.RevokeDevice.Meta, account.RevokeDeviceReq{ID: 99}, missing, "id"},
		{"login", account.Login.Meta, account.LoginReq{}, invalid, "login password"},
		{"wrong settings", system.UpdateSettings.Meta, system.UpdateSettingsReq{Version: 1, SettingsFields: system.SettingsFields{TimeZone: "../etc/passwd", StateCode: "00", GSTIN: "x", BackdateDays: 32}}, invalid, "factory state_code gstin time_zone backdate_days"},
	}
}

// TestRefusals sends every wrong request as the owner: code and fields are right, all
// faults come at once, and not one row of any table has changed.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.refuses(slices.Concat(s.millRefusals(), s.shopRefusals(), s.refusals()))
}

// TestPackingRefusals does so on a shelf of its own, with powder on it.
func TestPackingRefusals(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.refuses(s.packingRefusals())
}

func (s *shelf) refuses(all []refusal) {
	s.T.Helper()
	before := s.Tables()
	for _, r := range all {
		_, err := s.Owner.Call(s.T.Context(), r.op.Name, keyOf(r.op), body(s.T, r.req))
		var e *core.Error
		if !errors.As(err, &e) {
			s.T.Fatalf("%s: %s answers %v", r.name, r.op.Name, err)
		}
		var fields []string
		for _, f := range e.Fields {
			fields = append(fields, f.Field)
		}
		if e.Code != r.code || strings.Join(fields, " ") != r.fields {
			s.T.Errorf("%s: %s answers %s %q: %s %+v; want %s %q", r.name, r.op.Name, e.Code, strings.Join(fields, " "), e.Message, errors.Unwrap(e), r.code, r.fields)
		}
		if !strings.HasSuffix(e.Message, ".") && !strings.HasSuffix(e.Message, "correct.") {
			s.T.Errorf("%s: %q is no sentence", r.name, e.Message)
		}
		s.Unchanged(before, r.name)
	}
	s.Verify()
}

// TestR07_OperatorsDoNotBackdate, not even with a reason.
func TestR07_OperatorsDoNotBackdate(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	before := s.Tables()
	_, err := Try(s.Store1, purchase.PostGRN, s.grn(func(r *purchase.PostGRNReq) { r.ReceivedOn, r.Reason = core.NewDate(2026, 2, 11), "late" }))
	if core.CodeOf(err) != core.CodeInvalid || !strings.Contains(err.Error(), "Only an Admin may enter an earlier day. Today is 12-Feb-2026.") {
		t.Errorf("answered %v", err)
	}
	s.Unchanged(before, "a backdated GRN of an Operator")
}
