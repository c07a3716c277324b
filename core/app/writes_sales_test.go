package app_test

import (
	"github.com/google/uuid"

	"masala/core"
	"masala/core/party"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

func init() {
	for name, w := range map[string]write{
		"sales.create_order": func(f *Factory) any { return sales.CreateOrderReq{OrderFields: salesFields(f)} },
		"sales.update_order": func(f *Factory) any {
			o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: salesFields(f)})
			return sales.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: salesFields(f)}
		},
		"sales.close_order": func(f *Factory) any {
			o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: salesFields(f)})
			return sales.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "customer cancelled"}
		},
		"sales.draft_dispatch": func(f *Factory) any {
			o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: salesFields(f)})
			return sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}}
		},
		"sales.update_draft": func(f *Factory) any {
			d := drafted(f)
			return sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Note: "second truck", Lines: []sales.DraftLine{{OrderLine: 1, Qty: 20}}}
		},
		"sales.discard_draft":    func(f *Factory) any { d := drafted(f); return sales.DiscardReq{ID: d.ID, Version: d.Version} },
		"sales.confirm_dispatch": func(f *Factory) any { d := drafted(f); return sales.ConfirmReq{ID: d.ID, Version: d.Version} },
		"sales.mark_dispatched": func(f *Factory) any {
			d := confirmed(f)
			return sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234"}
		},
		"sales.post_return": func(f *Factory) any {
			d := confirmed(f)
			return sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: d.Items[0].Lots[0].Lot, Qty: 4, Condition: sales.Damaged}}}
		},
	} {
		writes[name] = w
	}
	views["sales.get_valued_dispatch"] = func(f *Factory) any { return sales.GetDispatchReq{ID: confirmed(f).ID} }
}

// salesFields is an order of 40 packs, of which 90 are in stock.
func salesFields(f *Factory) sales.OrderFields {
	f.T.Helper()
	name := uuid.NewString()[:8]
	item := f.FinishedGood("FIN-"+name, "Packs "+name)
	f.Opening(item.ID, 90, 1_800_00)
	to := Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "Customer " + name, StateCode: "27", Segment: core.Regular, Active: true}})
	return sales.OrderFields{Customer: to.ID, Lines: []sales.OrderLine{{Item: item.ID, Qty: 40, Unit: "pcs", Price: 27_43}}}
}

func drafted(f *Factory) sales.Dispatch {
	f.T.Helper()
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: salesFields(f)})
	return Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
}

func confirmed(f *Factory) sales.Dispatch {
	f.T.Helper()
	d := drafted(f)
	return Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
}

// shopRefusals are wrong requests about orders, dispatches and returns, with one of
// each beside the shelf.
func (s *shelf) shopRefusals() []refusal {
	s.T.Helper()
	fields := salesFields(s.Factory)
	o := Do(s.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: fields})
	line := func(n int, q core.Qty) []sales.DraftLine { return []sales.DraftLine{{OrderLine: n, Qty: q}} }
	touched := Do(s.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: fields})
	d := Do(s.Store1, sales.DraftDispatch, sales.DraftReq{Order: touched.ID, Lines: line(1, 10)})
	sent := confirmed(s.Factory)
	big := fields
	big.Lines = []sales.OrderLine{{Item: fields.Lines[0].Item, Qty: 900, Unit: "pcs", Price: 1}}
	many := Do(s.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: big})
	missing, invalid, short, conflict := core.CodeNotFound, core.CodeInvalid, core.CodeInsufficientStock, core.CodeConflict
	lacking := Do(s.Store1, sales.DraftDispatch, sales.DraftReq{Order: many.ID, Lines: line(1, 900)})
	shut := Do(s.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: fields})
	shut = Do(s.Store1, sales.CloseOrder, sales.CloseOrderReq{ID: shut.ID, Version: shut.Version, Reason: "x"})
	change := func(fn func(*sales.OrderFields)) sales.CreateOrderReq {
		f := fields
		f.Lines = append([]sales.OrderLine{}, f.Lines...)
		fn(&f)
		return sales.CreateOrderReq{OrderFields: f}
	}
	create, send, back := sales.CreateOrder.Meta, sales.DraftDispatch.Meta, sales.PostReturn.Meta
	lot := sent.Items[0].Lots[0].Lot
	return []refusal{
		{"an empty order", create, sales.CreateOrderReq{}, invalid, "customer lines"},
		{"an order line without anything", create, change(func(f *sales.OrderFields) { f.Segment, f.Lines = "EXPORT", []sales.OrderLine{{Qty: -1, Price: -1}} }), invalid,
			"segment lines[0].item lines[0].qty lines[0].unit lines[0].price"},
		{"an order of a supplier, of raw material", create, change(func(f *sales.OrderFields) {
			f.Customer, f.Lines[0].Item, f.DeliverOn = s.supplier.ID, s.raw.ID, core.NewDate(2026, 2, 11)
		}), invalid,
			"customer deliver_on lines[0].item lines[0].unit"},
		{"an unknown customer and item", create, change(func(f *sales.OrderFields) { f.Customer, f.Lines[0].Item = 99, 99 }), invalid, "customer lines[0].item"},
		{"one item twice on an order", create, change(func(f *sales.OrderFields) { f.Lines = append(f.Lines, f.Lines[0]) }), invalid, "lines[1].item"},
		{"an unknown unit on an order", create, change(func(f *sales.OrderFields) { f.Lines[0].Unit = "dozen dozen" }), invalid, "lines[0].unit"},
		{"price and quantity too large", create, change(func(f *sales.OrderFields) { f.Lines[0].Qty, f.Lines[0].Price = core.MaxQty, core.MaxPaise }), invalid, "lines[0].price"},
		{"change an unknown sales order", sales.UpdateOrder.Meta, sales.UpdateOrderReq{ID: 99, OrderFields: fields}, missing, "id"},
		{"change an old sales order", sales.UpdateOrder.Meta, sales.UpdateOrderReq{ID: o.ID, Version: 7, OrderFields: fields}, conflict, ""},
		{"change a sales order with a draft", sales.UpdateOrder.Meta, sales.UpdateOrderReq{ID: touched.ID, Version: 1, OrderFields: fields}, conflict, ""},
		{"close no sales order", sales.CloseOrder.Meta, sales.CloseOrderReq{}, invalid, "id reason"},
		{"close a closed sales order", sales.CloseOrder.Meta, sales.CloseOrderReq{ID: shut.ID, Version: shut.Version, Reason: "x"}, conflict, ""},
		{"dispatch nothing", send, sales.DraftReq{}, invalid, "order lines"},
		{"dispatch no line, nothing of it, one twice", send, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{}, {OrderLine: 1, Qty: 1}, {OrderLine: 1, Qty: 1}}}, invalid, "lines[0].order_line lines[0].qty lines[2].order_line"},
		{"dispatch an unknown order", send, sales.DraftReq{Order: 99, Lines: line(1, 1)}, invalid, "order"},
		{"dispatch a closed order", send, sales.DraftReq{Order: shut.ID, Lines: line(1, 1)}, invalid, "order"},
		{"dispatch a line that is not there", send, sales.DraftReq{Order: o.ID, Lines: line(2, 1)}, invalid, "lines[0].order_line"},
		{"dispatch more than was ordered", send, sales.DraftReq{Order: o.ID, Lines: line(1, 41)}, invalid, "lines[0].qty"},
		{"other lots without a reason", send, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 5, Override: stock.Override{Lots: []stock.Pick{{CellKey: s.packs, Qty: 4}}}}}}, invalid,
			"lines[0].reason lines[0].lots"},
		{"change no draft", sales.UpdateDraft.Meta, sales.UpdateDraftReq{}, invalid, "id lines"},
		{"change a confirmed dispatch", sales.UpdateDraft.Meta, sales.UpdateDraftReq{ID: sent.ID, Version: sent.Version, Lines: line(1, 1)}, conflict, ""},
		{"change an unknown draft", sales.UpdateDraft.Meta, sales.UpdateDraftReq{ID: 99, Lines: line(1, 1)}, missing, "id"},
		{"discard no draft", sales.DiscardDraft.Meta, sales.DiscardReq{}, invalid, "id"},
		{"discard a confirmed dispatch", sales.DiscardDraft.Meta, sales.DiscardReq{ID: sent.ID, Version: sent.Version}, conflict, ""},
		{"confirm nothing", sales.Confirm.Meta, sales.ConfirmReq{}, invalid, "id"},
		{"confirm again", sales.Confirm.Meta, sales.ConfirmReq{ID: sent.ID, Version: sent.Version}, conflict, ""},
		{"confirm an old draft", sales.Confirm.Meta, sales.ConfirmReq{ID: d.ID, Version: 7}, conflict, ""},
		{"confirm what is short", sales.Confirm.Meta, sales.ConfirmReq{ID: lacking.ID, Version: lacking.Version}, short, "lines[0].qty"},
		{"it left tomorrow, nobody says why", sales.Confirm.Meta, sales.ConfirmReq{ID: d.ID, Version: d.Version, LeftOn: core.NewDate(2026, 2, 13)}, invalid, "left_on reason"},
		{"both days are tomorrow", sales.Confirm.Meta, sales.ConfirmReq{ID: d.ID, Version: d.Version, EffectiveOn: core.NewDate(2026, 2, 13), LeftOn: core.NewDate(2026, 2, 13)}, invalid, "effective_on left_on reason"},
		{"both days are over, nobody says why", sales.Confirm.Meta, sales.ConfirmReq{ID: d.ID, Version: d.Version, EffectiveOn: core.NewDate(2026, 2, 11), LeftOn: core.NewDate(2026, 2, 11)}, invalid, "reason"},
		{"it left tomorrow, and more than there is", sales.Confirm.Meta, sales.ConfirmReq{ID: lacking.ID, Version: lacking.Version, LeftOn: core.NewDate(2026, 2, 13), Reason: "no power"}, invalid, "left_on lines[0].qty"},
		{"leave without a vehicle", sales.MarkDispatched.Meta, sales.DispatchedReq{}, invalid, "id vehicle"},
		{"a draft leaves", sales.MarkDispatched.Meta, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "x"}, conflict, ""},
		{"return nothing of a sale", back, sales.PostReturnReq{}, invalid, "dispatch reason lines"},
		{"return lines without anything", back, sales.PostReturnReq{Dispatch: sent.ID, Reason: "x", Lines: []sales.ReturnLine{{}}}, invalid, "lines[0].lot lines[0].qty lines[0].condition"},
		{"return of an unknown dispatch", back, sales.PostReturnReq{Dispatch: 99, Reason: "x", Lines: []sales.ReturnLine{{Lot: lot, Qty: 1, Condition: sales.Good}}}, missing, "dispatch"},
		{"return of a draft", back, sales.PostReturnReq{Dispatch: d.ID, Reason: "x", Lines: []sales.ReturnLine{{Lot: lot, Qty: 1, Condition: sales.Good}}}, conflict, ""},
		{"more back than went, and another lot", back, sales.PostReturnReq{Dispatch: sent.ID, Reason: "x", Lines: []sales.ReturnLine{{Lot: lot, Qty: 30, Condition: sales.Good}, {Lot: lot, Qty: 11, Condition: sales.Good}, {Lot: s.packs.Lot, Qty: 1, Condition: sales.Good}}}, invalid,
			"lines[1].qty lines[2].lot"},
	}
}
