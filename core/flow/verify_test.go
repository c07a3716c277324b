package flow_test

import (
	"database/sql"
	"testing"

	"masala/core"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	. "masala/storage/storagetest"
)

// TestVerify_PostedPapers: what is changed on a paper of the mill or of sales behind the
// program's back is found, and the database itself refuses to change it.
func TestVerify_PostedPapers(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ damage, want string }{
		{`UPDATE dispatch_line SET taxable = taxable + 100`, "invoice: the amounts of line 1 of DC/2526/00001"},
		{`UPDATE dispatch_line SET cgst = 0, sgst = 0, gst_rate = 0, price = price + 1`, "invoice: line 1 of DC/2526/00001 is not what was ordered"},
		{`UPDATE dispatch_line SET igst = cgst + sgst, cgst = 0, sgst = 0`, "dispatch: the tax of DC/2526/00001 is not that of its place of supply"},
		{`DELETE FROM invoice_party WHERE role = 'CONSIGNEE'`, "dispatch: DC/2526/00001 does not name its parties"},
		{`UPDATE invoice_party SET state_code = '29' WHERE role = 'CONSIGNEE'`, "dispatch: the tax of DC/2526/00001 is not that of its place of supply"},
		{`UPDATE sales_return SET condition = 'DAMAGED'`, "return: what SR-20260212-001 says was damaged"},
		{`UPDATE lot SET expiry_on = expiry_on + 3650 WHERE id = (SELECT lot_id FROM grn_line WHERE hold_reason <> '')`, "does not expire on the day that was entered"},
		{`UPDATE lot SET expiry_on = expiry_on + 3650 WHERE id = (SELECT lot_id FROM packing_run)`, "expires after the powder in it"},
		{`UPDATE grn_line SET hold_reason = 'fine' WHERE hold_reason <> ''`, "does not say why it was put on hold as it was entered"},
		{`UPDATE batch_price SET value = value + 1`, "price: what PC-20260212-001 put on material in process differs"},
		{`DELETE FROM price_note`, "price: PC-20260212-001 does not keep its note"},
		{`DELETE FROM batch_price`, "price: what PC-20260212-001 put on material in process differs"},
	} {
		t.Run(v.damage, func(t *testing.T) {
			t.Parallel()
			f := papers(t)
			f.Raw(func(db *sql.DB) error {
				db.SetMaxOpenConns(1)
				if _, err := db.Exec(v.damage); err == nil {
					t.Error("the database lets it be changed")
				}
				rows, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
				if err != nil {
					return err
				}
				drop := ""
				for rows.Next() {
					var name string
					if err := rows.Scan(&name); err != nil {
						return err
					}
					drop += "DROP TRIGGER " + name + ";"
				}
				if err := rows.Close(); err != nil {
					return err
				}
				_, err = db.Exec(drop + v.damage)
				return err
			})
			f.FindProblem(v.want)
		})
	}
	f := papers(t)
	f.Raw(func(db *sql.DB) error {
		if _, err := db.Exec(`UPDATE batch_waste SET qty = qty * 2`); err == nil {
			t.Error("what was wasted can be changed")
		}
		return nil
	})
	f.Verify()
}

// TestVerify_Parcels: what is out with customers is what the ledger adds up to (R29).
func TestVerify_Parcels(t *testing.T) {
	t.Parallel()
	for _, damage := range []string{`UPDATE parcel SET qty = qty + 1`, `DELETE FROM parcel`, `UPDATE parcel SET dispatch_id = (SELECT min(id) FROM document)`,
		`UPDATE parcel SET customer_id = (SELECT id FROM party p WHERE p.id <> parcel.customer_id LIMIT 1)`} {
		t.Run(damage, func(t *testing.T) {
			t.Parallel()
			f := papers(t)
			f.SQL(damage)
			f.FindProblem("parcel: what is out with DC/2526/00001 differs from the ledger")
		})
	}
}

// papers is a factory with a line on hold, a late price on material in process, a batch
// with waste, a packing run, a dispatch and a return.
func papers(t *testing.T) *Factory {
	t.Helper()
	f, m, b, g := milling(t)
	correct(f, g, 200_00)
	held := GRN(m.suppliers[0], "W/2", Line(m.raw[2], 5, 500_00))
	held.Lines[0].Hold, held.Lines[0].HoldReason = true, "smells"
	Do(f.Store1, purchase.PostGRN, held)
	b = Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram, Waste: []production.Waste{{Reason: "DUST", Qty: core.Kilogram / 2}}})
	Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[1], "P/1", purchase.GRNLine{Item: m.packing[0], Qty: 500, Unit: "pcs", Value: 300_00}, purchase.GRNLine{Item: m.packing[1], Qty: 50, Unit: "pcs", Value: 300_00}))
	p := Do(f.Store1, packing.GetProfile, packing.GetProfileReq{ID: m.profiles[0]})
	Do(f.Store1, packing.PostRun, packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: m.finished[0], Lot: b.Result.Outputs[0].Lot, Segment: core.Regular, Packs: 100}})
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: m.customers[0], Lines: []sales.OrderLine{{Item: m.finished[0], Qty: 40, Unit: "pcs", Price: 27_43}}}})
	d := Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
	d = Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: d.Items[0].Lots[0].Lot, Qty: 4, Condition: sales.Good}}})
	f.Verify()
	return f
}
