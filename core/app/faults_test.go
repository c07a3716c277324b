package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/purchase"
	. "masala/storage/storagetest"
)

// TestAllFaultsAtOnce: what is wrong with a request in itself and what the books have
// against it are told in one answer, each field once, and nothing is changed.
func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	good := Line(item.ID, 10, 100_00)
	none, old, strange := good, good, good
	none.Qty = 0
	old.ExpiryOn, old.MfgOn = 0, 0
	strange.Item, strange.Qty = 99, -1
	req := GRN(supplier.ID, "S/1", none, old, strange)
	req.InvoiceDate = core.NewDate(2026, 3, 1)
	before := f.Tables()
	_, err := Try(f.Store1, purchase.PostGRN, req)
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeInvalid {
		t.Fatal(err)
	}
	var fields []string
	for _, x := range e.Fields {
		fields = append(fields, x.Field)
	}
	slices.Sort(fields)
	want := "invoice_date lines[0].qty lines[1].expiry_on lines[2].item lines[2].qty"
	if got := strings.Join(fields, " "); got != want {
		t.Errorf("told %q, want %q: %v", got, want, e.Fields)
	}
	f.Unchanged(before, "a refused GRN")
}
