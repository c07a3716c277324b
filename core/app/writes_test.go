package app_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/catalog"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// A write prepares a factory for one write operation and returns a request that the
// owner may send.
type write func(f *Factory) any

// writes has a good request for every write operation but account.create_first_admin,
// which every Factory starts with. Whoever adds a write operation adds it here, and
// it is tested for audit (R43), exactly once (R36) and bad input.
var writes = map[string]write{
	"account.login":           func(*Factory) any { return account.LoginReq{Login: "store1", Password: Password} },
	"account.logout":          func(*Factory) any { return account.LogoutReq{} },
	"account.change_password": func(*Factory) any { return account.ChangePasswordReq{Old: Password, New: "coriander-7"} },
	"account.create_user": func(*Factory) any {
		return account.CreateUserReq{Login: "mill1", Name: "Mill 1", Role: core.Operator, Password: "cumin-cumin"}
	},
	"account.update_user": func(f *Factory) any {
		return account.UpdateUserReq{ID: f.Store1.ID, Version: 1, Name: "Store one", Role: core.Operator, Active: true}
	},
	"account.reset_password": func(f *Factory) any { return account.ResetPasswordReq{ID: f.Store1.ID, Password: "fenugreek"} },
	"account.revoke_device": func(f *Factory) any {
		peer, err := f.App.Pair(context.Background(), "0badcafe", "PC-MILL")
		if err != nil {
			f.T.Fatal(err)
		}
		return account.RevokeDeviceReq{ID: peer.Device}
	},
	"account.open_pairing": func(*Factory) any { return account.OpenPairingReq{} },
	"catalog.create_item": func(*Factory) any {
		return catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: "RAW-777", Name: "Ajwain", Type: catalog.Raw, Dimension: core.Mass,
			PurchaseUnit: "bag", IssueUnit: "kg", GST: []catalog.GSTRate{{From: core.NewDate(2025, 9, 22), Rate: 500}},
			Units: []catalog.ItemUnit{{Code: "bag", Num: 40_000_000, Den: 1}}, Allergens: []string{"celery"}, Active: true}}
	},
	"catalog.update_item": func(f *Factory) any {
		it := f.Item("RAW-778", "Methi")
		it.Name = "Methi seed"
		return catalog.UpdateItemReq{ID: it.ID, Version: it.Version, ItemFields: it.ItemFields}
	},
	"party.create_party": func(*Factory) any {
		return party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "Sahyadri Stores", Phone: "98220 12345", StateCode: "27", Segment: core.Regular, Active: true}}
	},
	"party.update_party": func(f *Factory) any {
		p := f.Supplier("Guntur Chilli Co")
		p.LeadDays = 9
		return party.UpdatePartyReq{ID: p.ID, Version: p.Version, Fields: p.Fields}
	},
	"purchase.post_grn": func(f *Factory) any {
		req := GRN(f.Supplier("Rajkot Spices").ID, "R/7", Line(f.Item("RAW-779", "Cumin").ID, 40, 9_200_00))
		req.Freight = 100_01
		return req
	},
	"purchase.correct_price": func(f *Factory) any {
		return purchase.CorrectPriceReq{GRN: grn(f, stock.Released).Document, Line: 1, Delta: -500_00, NoteNo: "CN/4", Reason: "rate difference"}
	},
	"purchase.return_goods": func(f *Factory) any {
		credit := core.Paise(2_000_00)
		return purchase.ReturnGoodsReq{CellKey: lotCell(f, stock.Hold), Qty: 10 * core.Kilogram, Credit: &credit, NoteNo: "DN/1", Reason: "stones"}
	},
	"purchase.create_order": func(f *Factory) any { return purchase.CreateOrderReq{OrderFields: orderFields(f)} },
	"purchase.update_order": func(f *Factory) any {
		o := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: orderFields(f)})
		fields := orderFields(f)
		fields.Note = "by Monday"
		return purchase.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: fields}
	},
	"purchase.close_order": func(f *Factory) any {
		o := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: orderFields(f)})
		return purchase.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "supplier is out of stock"}
	},
	"purchase.reopen_order": func(f *Factory) any {
		o := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: orderFields(f)})
		o = Do(f.Owner, purchase.CloseOrder, purchase.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "wrong one"})
		return purchase.ReopenOrderReq{ID: o.ID, Version: o.Version, Reason: "goods are coming after all"}
	},
	"stock.adjust": func(f *Factory) any {
		return stock.AdjustReq{CellKey: lotCell(f, stock.Released), Qty: -core.Kilogram, Reason: "Damage", Note: "torn bag"}
	},
	"stock.hold_lot": func(f *Factory) any {
		return stock.ChangeStatusReq{Lot: lotCell(f, stock.Released).Lot, Reason: "moist"}
	},
	"stock.release_lot": func(f *Factory) any { return stock.ChangeStatusReq{Lot: lotCell(f, stock.Hold).Lot, Reason: "tested"} },
	"stock.reject_lot": func(f *Factory) any {
		return stock.ChangeStatusReq{Lot: lotCell(f, stock.Hold).Lot, Qty: core.Kilogram, Reason: "stones"}
	},
	"stock.reverse_document": func(f *Factory) any {
		return stock.ReverseReq{Document: grn(f, stock.Released).Document, Reason: "entered twice"}
	},
	"licence.install": func(f *Factory) any {
		return licence.InstallReq{Text: string(f.Licensed().License(core.NewDate(2027, 2, 12)))}
	},
	"licence.confirm_clock": func(f *Factory) any {
		f.Licensed()
		f.GoTo(Start.Add(25 * time.Hour))
		return licence.ConfirmClockReq{Day: core.NewDate(2026, 2, 13)}
	},
	"licence.restart": func(f *Factory) any {
		f.Licensed()
		f.GoTo(Start.Add(-time.Hour))
		return licence.RestartReq{}
	},
	"stock.open_count":   func(f *Factory) any { lotCell(f, stock.Released); noCount(f); return stock.OpenCountReq{} },
	"stock.record_count": func(f *Factory) any { c := count(f); return stock.RecordCountReq{ID: c.ID, Entries: entries(c, -1)} },
	"stock.void_entry": func(f *Factory) any {
		c := count(f)
		Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: c.ID, Entries: entries(c, -1)})
		return stock.VoidEntryReq{Entry: Do(f.Store1, stock.ListEntries, stock.ListEntriesReq{ID: c.ID}).Entries[0].ID, Reason: "one zero too many"}
	},
	"stock.post_count": func(f *Factory) any {
		c := count(f)
		Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: c.ID, Entries: entries(c, -1)})
		return stock.PostCountReq{ID: c.ID}
	},
	"stock.cancel_count": func(f *Factory) any { return stock.CancelCountReq{ID: count(f).ID, Reason: "wrong store"} },
	"stock.post_opening": func(f *Factory) any {
		return stock.PostOpeningReq{Reason: "Excel", Lines: []stock.OpeningLine{{Item: f.FinishedGood("FIN-777", "Haldi 50 g").ID, Qty: 90, Value: 1_800_00, Segment: core.Online, ExpiryOn: core.NewDate(2027, 1, 31)}}}
	},
	"stock.transfer_segment": func(f *Factory) any {
		return stock.TransferReq{CellKey: f.Opening(f.FinishedGood("FIN-778", "Haldi 100 g").ID, 90, 1_800_00), To: core.Online, Qty: 40, Reason: "web order"}
	},
	"stock.close_period": func(f *Factory) any {
		lotCell(f, stock.Released)
		f.GoTo(Start.AddDate(0, 1, 0))
		return stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)}
	},
	"backup.update_settings": func(f *Factory) any {
		s := Do(f.Owner, backup.GetStatus, backup.StatusReq{}).Settings
		s.Folder, s.Times = "/mnt/second", []string{"12:30"}
		return backup.UpdateSettingsReq{Version: s.Version, Fields: s.Fields}
	},
	"backup.start":     func(*Factory) any { return backup.StartReq{Folder: "/mnt/usb"} },
	"backup.check":     func(*Factory) any { return backup.CheckReq{Path: "/mnt/usb/masala.zst"} },
	"backup.make_code": func(*Factory) any { return backup.MakeCodeReq{} },
	"backup.restore":   func(*Factory) any { return backup.RestoreReq{Path: "/mnt/usb/masala.zst"} },
	"backup.confirm_restore": func(f *Factory) any {
		f.SQL(`INSERT INTO lineage (id, books, origin, at, seq, seen) VALUES ('b', 'a', 'restore', 0, 0, 7)`)
		return backup.ConfirmRestoreReq{}
	},
	"recovery.restore":     func(*Factory) any { return backup.RestoreReq{Path: "/mnt/usb/masala.zst"} },
	"recovery.start_empty": func(*Factory) any { return backup.StartEmptyReq{Confirm: true} },
	"recovery.replace_key": func(*Factory) any { return backup.ReplaceKeyReq{New: true} },
	"recovery.retry":       func(*Factory) any { return backup.RetryReq{} },
	"system.check_books":   func(*Factory) any { return system.CheckBooksReq{} },
	"system.update_server": func(f *Factory) any {
		s := Do(f.Owner, system.GetServer, system.GetServerReq{})
		s.Name = "Office PC"
		return system.UpdateServerReq{Version: s.Version, ServerFields: s.ServerFields}
	},
	"system.update_settings": func(f *Factory) any {
		s := Do(f.Owner, system.GetSettings, system.GetSettingsReq{})
		s.Address = "Hadapsar, Pune"
		return system.UpdateSettingsReq{Version: s.Version, SettingsFields: s.SettingsFields}
	},
}

// orderFields is an order of a new item from a new supplier.
func orderFields(f *Factory) purchase.OrderFields {
	f.T.Helper()
	name := uuid.NewString()[:8]
	return purchase.OrderFields{Supplier: f.Supplier("Supplier " + name).ID,
		Lines: []purchase.OrderLine{{Item: f.Item("RAW-"+name, "Item "+name).ID, Qty: 40 * core.Kilogram, Unit: "bag", Value: 9_000_00}}}
}

// grn posts one lot of 40 kg for ₹9,200.00 in the given status.
func grn(f *Factory, status stock.Status) purchase.PostGRNResp {
	f.T.Helper()
	name := uuid.NewString()[:8]
	req := GRN(f.Supplier("Supplier "+name).ID, "X/1", Line(f.Item("RAW-"+name, "Item "+name).ID, 40, 9_200_00))
	if status == stock.Hold {
		req.Lines[0].Hold, req.Lines[0].HoldReason = true, "stones"
	}
	return Do(f.Store1, purchase.PostGRN, req)
}

func lotCell(f *Factory, status stock.Status) stock.CellKey {
	f.T.Helper()
	return stock.CellKey{Lot: grn(f, status).Lots[0].Lot, Segment: core.Regular, Status: status}
}

func count(f *Factory) stock.Count {
	f.T.Helper()
	grn(f, stock.Released)
	noCount(f)
	return Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
}

// noCount gives up the counts that are open: no second one is opened beside them.
func noCount(f *Factory) {
	f.T.Helper()
	for _, c := range Do(f.Store1, stock.ListCounts, stock.ListCountsReq{}).Counts {
		if c.State == stock.CountOpen {
			Do(f.Owner, stock.CancelCount, stock.CancelCountReq{ID: c.ID, Reason: "another one"})
		}
	}
}

// entries counts every line of c, off by so many base units: a count has lines of
// every dimension that is in stock, pieces too.
func entries(c stock.Count, off core.Qty) (out []stock.CountEntry) {
	for _, l := range c.Lines {
		out = append(out, stock.CountEntry{CellKey: l.CellKey, Qty: l.Booked + off})
	}
	return out
}

func body(t testing.TB, req any) []byte {
	t.Helper()
	b, err := json.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keyOf is a fresh request key for a write that needs one.
func keyOf(m op.Meta) string {
	if m.Keyless || m.Kind == op.Read {
		return ""
	}
	return uuid.NewString()
}

// eachWrite runs test for every write operation, each in a factory of its own.
func eachWrite(t *testing.T, test func(t *testing.T, f *Factory, m op.Meta, req any)) {
	t.Helper()
	for _, m := range op.All() {
		if m.Kind == op.Read || m.Name == account.CreateFirstAdmin.Name {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			prepare := writes[m.Name]
			if prepare == nil {
				t.Fatalf("%s has no good request in writes", m.Name)
			}
			f := New(t)
			test(t, f, m, prepare(f))
		})
	}
}
