package sales_test

import (
	"reflect"
	"strings"
	"testing"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/sales"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestR33_APostedChallanDoesNotChange when the customer moves, the factory is renamed
// and the item is called otherwise; a draft follows them.
func TestR33_APostedChallanDoesNotChange(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 90, 1_800_00)
	o := s.order(s.pune, 80, 27_43)
	sent := s.confirm(s.draft(o, 40))
	waiting := s.draft(o, 40)

	to := s.pune.Fields
	to.Name, to.Address, to.StateCode, to.GSTIN, to.Phone = "Somebody Else", "Bengaluru", "29", "29AAGCB7383J1Z4", "080 2222 3333"
	Do(s.Owner, party.UpdateParty, party.UpdatePartyReq{ID: s.pune.ID, Version: s.pune.Version, Fields: to})
	set := Do(s.Owner, system.GetSettings, system.GetSettingsReq{})
	set.Factory, set.Address = "New owner Ltd", "Nashik"
	Do(s.Owner, system.UpdateSettings, system.UpdateSettingsReq{Version: set.Version, SettingsFields: set.SettingsFields})
	item := s.haldi.ItemFields
	item.Name, item.NameHi, item.SKU, item.HSN = "Renamed", "हल्दी", "FIN-999", "0910"
	Do(s.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: s.haldi.ID, Version: s.haldi.Version, ItemFields: item})

	now := Do(s.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: sent.ID})
	if now.Consigner != sent.Consigner || now.Consignee != sent.Consignee || now.PlaceOfSupply != "" || !reflect.DeepEqual(now.Items, sent.Items) || now.Totals != sent.Totals {
		t.Errorf("%s now reads %+v to %+v, %q, %+v; it was %+v to %+v, %+v", sent.Challan, now.Consigner, now.Consignee, now.PlaceOfSupply, now.Items, sent.Consigner, sent.Consignee, sent.Items)
	}
	if sent.Consignee.Name != "Main Distributor Pune" || sent.Items[0].Name != "Turmeric 100 g" || sent.Items[0].SKU != "FIN-001" {
		t.Errorf("confirmed as %+v, %+v", sent.Consignee, sent.Items)
	}
	draft := Do(s.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: waiting.ID})
	if draft.Consignee.Name != "Somebody Else" || draft.Consigner.Name != "New owner Ltd" || draft.PlaceOfSupply != "Karnataka" || draft.Items[0].Name != "Renamed" {
		t.Errorf("the draft reads %+v to %+v, %+v", draft.Consigner, draft.Consignee, draft.Items)
	}
	if next := s.confirm(draft); next.Totals.CGST != 0 || next.Totals.IGST == 0 || next.PlaceOfSupply != "Karnataka" || next.Items[0].HSN != "0910" {
		t.Errorf("confirmed as %+v, %q", next.Totals, next.PlaceOfSupply)
	}
	s.Verify()
}

// TestR33_NoInvoiceWithoutHSNAndRate: goods that carry none, or none yet, are refused
// with the order and with the dispatch; exempt goods say 0 %.
func TestR33_NoInvoiceWithoutHSNAndRate(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	today := core.NewDate(2026, 2, 12)
	for _, v := range []struct {
		name, field, sentence string
		set                   func(*catalog.ItemFields)
	}{
		{"no HSN", "lines[0].item", "Enter the HSN code of Chilli 50 g among the items, then it can be sold.", func(i *catalog.ItemFields) { i.HSN = "" }},
		{"no rate", "lines[0].item", "Enter the GST rate of Chilli 50 g among the items, then it can be sold. Exempt goods have a rate of 0 %.", func(i *catalog.ItemFields) { i.GST = nil }},
		{"a rate from tomorrow", "lines[0].item", "Enter the GST rate of Chilli 50 g among the items, then it can be sold. Exempt goods have a rate of 0 %.",
			func(i *catalog.ItemFields) { i.GST = []catalog.GSTRate{{From: today + 1, Rate: 500}} }},
		{"neither", "lines[0].item", "Enter HSN code and GST rate of Chilli 50 g among the items, then it can be sold. Exempt goods have a rate of 0 %.",
			func(i *catalog.ItemFields) { i.HSN, i.GST = "", nil }},
	} {
		item := s.FinishedGood("FIN-X"+strings.ToUpper(v.name[:4]+v.name[len(v.name)-1:]), "Chilli 50 g", func(i *catalog.ItemFields) { i.HSN = "09042110" })
		s.Opening(item.ID, 10, 100_00)
		order := sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: s.pune.ID, Lines: []sales.OrderLine{{Item: item.ID, Qty: 10, Unit: "pcs", Price: 10_00}}}}
		o := Do(s.Store1, sales.CreateOrder, order)
		d := s.draft(o, 10)
		fields := item.ItemFields
		v.set(&fields)
		Do(s.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: item.ID, Version: item.Version, ItemFields: fields})
		before := s.Tables()
		_, err := Try(s.Store1, sales.CreateOrder, order)
		refused(t, v.name+", ordered", err, v.field, v.sentence)
		_, err = Try(s.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
		refused(t, v.name+", confirmed", err, v.field, v.sentence)
		s.Unchanged(before, v.name)
	}
	free := s.FinishedGood("FIN-077", "Salt", func(i *catalog.ItemFields) {
		i.HSN, i.GST = "25010020", []catalog.GSTRate{{From: core.NewDate(2025, 9, 22), Rate: 0}}
	})
	s.Opening(free.ID, 10, 100_00)
	o := Do(s.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: s.pune.ID, Lines: []sales.OrderLine{{Item: free.ID, Qty: 10, Unit: "pcs", Price: 10_00}}}})
	if d := s.confirm(s.draft(o, 10)); d.Totals.Total != 100_00 || d.Items[0].HSN != "25010020" {
		t.Errorf("exempt goods went as %+v", d.Totals)
	}
	s.Verify()
}

func refused(t *testing.T, what string, err error, field, sentence string) {
	t.Helper()
	e, _ := err.(*core.Error)
	if e == nil || e.Code != core.CodeInvalid || len(e.Fields) != 1 || e.Fields[0].Field != field || e.Fields[0].Message != sentence {
		t.Errorf("%s: %v %+v, want %s: %q", what, err, e, field, sentence)
	}
}

// TestAnOperatorEditsHisOwnDrafts and orders; an Admin edits all of them, and anybody
// may confirm and send what another prepared.
func TestAnOperatorEditsHisOwnDrafts(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 90, 1_800_00)
	Do(s.Owner, account.CreateUser, account.CreateUserReq{Login: "dispatch1", Name: "Dispatch 1", Role: core.Operator, Password: Password})
	other := s.Login("dispatch1", s.Store1.Request("", "", nil).Peer)
	o := s.order(s.pune, 80, 27_43)
	d := s.draft(o, 40)
	if o.EnteredBy != "Store 1" || d.EnteredBy != "Store 1" {
		t.Errorf("entered by %q and %q", o.EnteredBy, d.EnteredBy)
	}
	before := s.Tables()
	lines := []sales.DraftLine{{OrderLine: 1, Qty: 20}}
	fields := sales.OrderFields{Customer: s.pune.ID, Lines: []sales.OrderLine{{Item: s.haldi.ID, Qty: 50, Unit: "pcs", Price: 27_43}}}
	for name, try := range map[string]func(*User) error{
		"sales.update_draft": func(u *User) error {
			_, err := Try(u, sales.UpdateDraft, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: lines})
			return err
		},
		"sales.discard_draft": func(u *User) error {
			_, err := Try(u, sales.DiscardDraft, sales.DiscardReq{ID: d.ID, Version: d.Version})
			return err
		},
		"sales.update_order": func(u *User) error {
			_, err := Try(u, sales.UpdateOrder, sales.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: fields})
			return err
		},
		"sales.close_order": func(u *User) error {
			_, err := Try(u, sales.CloseOrder, sales.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "x"})
			return err
		},
	} {
		what := "This dispatch"
		if strings.HasSuffix(name, "order") {
			what = o.Number
		}
		if err := try(other); core.CodeOf(err) != core.CodeForbidden || err.Error() != what+" was entered by Store 1. Only Store 1 or an Admin can change it." {
			t.Errorf("%s by another Operator: %v", name, err)
		}
	}
	s.Unchanged(before, "an Operator at the drafts of another")

	d = Do(s.Owner, sales.UpdateDraft, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: lines})
	if d.EnteredBy != "Store 1" {
		t.Errorf("an Admin took a draft over: %q", d.EnteredBy)
	}
	d = Do(s.Store1, sales.UpdateDraft, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: lines})
	d = Do(other, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	Do(other, sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234"})
	Do(s.Owner, sales.CloseOrder, sales.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "no more"})
	s.Verify()
}

// TestADiscardedDraftLeavesItsOrderFree, and still says what it wanted.
func TestADiscardedDraftLeavesItsOrderFree(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Opening(s.haldi.ID, 90, 1_800_00)
	chilli := s.FinishedGood("FIN-002", "Chilli 50 g")
	o := s.order(s.pune, 40, 27_43)
	d := s.draft(o, 40)
	fields := sales.OrderFields{Customer: s.pune.ID, Lines: []sales.OrderLine{{Item: chilli.ID, Qty: 10, Unit: "pcs", Price: 9_00}, {Item: s.haldi.ID, Qty: 50, Unit: "pcs", Price: 28_00}}}
	update := sales.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: fields}
	if _, err := Try(s.Store1, sales.UpdateOrder, update); core.CodeOf(err) != core.CodeConflict {
		t.Errorf("an order changed under a draft: %v", err)
	}
	Do(s.Store1, sales.DiscardDraft, sales.DiscardReq{ID: d.ID, Version: d.Version})
	if o = Do(s.Store1, sales.UpdateOrder, update); len(o.Items) != 2 {
		t.Errorf("changed to %+v", o)
	}
	if d = Do(s.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: d.ID}); d.State != sales.Discarded || len(d.Items) != 1 || d.Items[0].Item != s.haldi.ID || d.Items[0].Qty != 40 {
		t.Errorf("the discarded draft reads %+v", d.Items)
	}
	s.confirm(Do(s.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 2, Qty: 50}}}))
	s.Verify()
}
