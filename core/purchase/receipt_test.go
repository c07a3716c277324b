package purchase_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestMoreThanOrderedNeedsAReason: a slip of unit at the gate is caught by the order, line
// by line and with everything else that is wrong; what two scales differ by passes; and
// whoever says why may receive any quantity, which then stands in the books.
func TestMoreThanOrderedNeedsAReason(t *testing.T) {
	t.Parallel()
	f := New(t)
	supplier, haldi := f.Supplier("Sangli Haldi Traders"), f.Item("RAW-001", "Turmeric")
	jar := f.Item("PKG-001", "Jar", func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units = catalog.Packing, "JAR_BODY", core.Count, "pcs", "pcs", nil
	})
	o := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: supplier.ID, Lines: []purchase.OrderLine{
		{Item: haldi.ID, Qty: 100 * core.Kilogram, Unit: "kg"}, {Item: jar.ID, Qty: 30, Unit: "pcs"}}}})
	bills := 0
	req := func(lines ...purchase.GRNLine) purchase.PostGRNReq {
		bills++
		r := GRN(supplier.ID, fmt.Sprintf("S/%d", bills), lines...)
		r.Order = o.ID
		return r
	}
	in := func(unit string, l purchase.GRNLine) purchase.GRNLine { l.Unit = unit; return l }
	kg := func(n int64) purchase.GRNLine { return Line(haldi.ID, n, 100_00) }
	jars := func(n core.Qty) purchase.GRNLine {
		return purchase.GRNLine{Item: jar.ID, Qty: n, Unit: "pcs", Value: 100_00}
	}
	const remedy = " were typed. Correct the quantity or its unit, or give the reason why more came."
	refused := func(r purchase.PostGRNReq, want ...string) {
		t.Helper()
		before := f.Tables()
		_, err := Try(f.Store1, purchase.PostGRN, r)
		var e *core.Error
		if !errors.As(err, &e) || e.Code != core.CodeInvalid {
			t.Errorf("%v, want %q", err, want)
			return
		}
		var got []string
		for _, x := range e.Fields {
			got = append(got, x.Field+": "+x.Message)
		}
		if !slices.Equal(got, want) {
			t.Errorf("refused with %q, want %q", got, want)
		}
		f.Unchanged(before, "a refused GRN")
	}

	refused(req(in("q", kg(10_000))), "lines[0].qty: Of Turmeric only 100.000 kg are open with "+o.Number+", and 100 q (10,000.000 kg)"+remedy)
	refused(req(in("bag", kg(4_000)), jars(31)), "lines[0].qty: Of Turmeric only 100.000 kg are open with "+o.Number+", and 100 bag (4,000.000 kg)"+remedy)
	refused(req(in("q", kg(106))), "lines[0].qty: Of Turmeric only 100.000 kg are open with "+o.Number+", and 106.000 kg"+remedy)
	refused(req(kg(10_000), jars(32)), "lines[0].qty: Of Turmeric only 100.000 kg are open with "+o.Number+", and 10,000.000 kg"+remedy,
		"lines[1].qty: Of Jar only 30 pcs are open with "+o.Number+", and 32 pcs"+remedy)
	refused(req(kg(60), kg(46), kg(40)), "lines[1].qty: Of Turmeric only 40.000 kg are open with "+o.Number+", and 46.000 kg"+remedy)
	refused(req(kg(10_000), kg(60)), "lines[0].qty: Of Turmeric only 100.000 kg are open with "+o.Number+", and 10,000.000 kg"+remedy)

	wrong := req(kg(10_000), kg(1)) // wrong in itself too, and against the books
	wrong.InvoiceNo, wrong.Lines[1].ExpiryOn = "", 0
	refused(wrong, "invoice_no: Enter the invoice number.",
		"lines[0].qty: Of Turmeric only 100.000 kg are open with "+o.Number+", and 10,000.000 kg"+remedy, "lines[1].expiry_on: Expiry date is required for raw material.")
	other := req(kg(10_000)) // another order may have that much open
	other.Supplier = f.Supplier("Unjha Jeera House").ID
	refused(other, "order: "+o.Number+" was ordered from Sangli Haldi Traders.")

	Do(f.Store1, purchase.PostGRN, req(kg(60), kg(45), jars(31))) // 5 % more by weight, and by pieces less
	refused(req(in("g", kg(1))), "lines[0].qty: Of Turmeric nothing is open any more with "+o.Number+", and 1,000 g (1.000 kg)"+remedy)
	more := req(kg(10_000))
	more.Reason = "  the lorry of next   month came along"
	doc := Do(f.Store1, purchase.PostGRN, more)
	const kept = "the lorry of next month came along"
	g := Do(f.Store1, purchase.GetGRN, purchase.GetGRNReq{ID: doc.Document})
	p := Do(f.Store1, stock.GetDocument, stock.GetDocumentReq{ID: doc.Document})
	audit := Do(f.Owner, system.ListAudit, system.ListAuditReq{Document: doc.Document}).Rows
	if g.Reason != kept || p.Reason != kept || len(audit) != 1 || !strings.Contains(string(audit[0].New), kept) {
		t.Errorf("the reason is kept as %q, %q and %+v", g.Reason, p.Reason, audit)
	}
	if got := Do(f.Store1, purchase.GetOrder, purchase.GetOrderReq{ID: o.ID}); got.State != purchase.OrderReceived || got.Items[0].Received != 10_105*core.Kilogram {
		t.Errorf("the order is %+v", got)
	}
	Do(f.Store1, purchase.PostGRN, func() purchase.PostGRNReq { r := req(kg(10_000)); r.Order = 0; return r }()) // without an order nothing is compared
	f.Verify()
}
