package storage_test

import (
	"fmt"
	"testing"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestPagesWhileOthersPost: what is posted between two pages neither repeats a row nor
// hides one, and a cursor of one order is none of another.
func TestPagesWhileOthersPost(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	post := func(n int) {
		Do(f.Store1, purchase.PostGRN, GRN(supplier.ID, fmt.Sprint("S/", n), Line(item.ID, 1, 100_00)))
	}
	for n := range 7 {
		post(n)
	}
	var got []string
	first := Do(f.Store1, stock.ListDocuments, stock.ListDocumentsReq{Limit: 3})
	page := first
	for n := 7; ; n++ {
		for _, d := range page.Documents {
			got = append(got, d.Number)
		}
		if page.Next == "" {
			break
		}
		post(n)
		page = Do(f.Store1, stock.ListDocuments, stock.ListDocumentsReq{Limit: 3, After: page.Next})
	}
	want := []string{}
	for n := 7; n > 0; n-- {
		want = append(want, fmt.Sprintf("GRN-20260212-%03d", n))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, after := range []string{"x", "3", first.Next + "A", "e30", "eyJvIjoxLCJrIjpbMV19"} {
		if _, err := Try(f.Store1, stock.ListDocuments, stock.ListDocumentsReq{After: after}); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("the cursor %q: %v", after, err)
		}
	}
	for _, q := range []stock.ListLotsReq{{After: first.Next}, {Sort: stock.ByQty, After: Do(f.Store1, stock.ListLots, stock.ListLotsReq{Limit: 1}).Next}} {
		if _, err := Try(f.Store1, stock.ListLots, q); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("stock took the cursor of another order: %v", err)
		}
	}
	if _, err := Try(f.Store1, stock.ListDocuments, stock.ListDocumentsReq{Query: "GRN", After: first.Next}); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("a list by number took the cursor of one by age: %v", err)
	}
}
