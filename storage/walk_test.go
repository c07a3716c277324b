package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/catalog"
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

// TestUsedUpLotsFollow: lots that are used up come behind those in stock, the newest
// first, whatever those are sorted by; pages of every length make the same list.
func TestUsedUpLotsFollow(t *testing.T) {
	t.Parallel()
	f := New(t)
	raw, bulk, supplier := f.Item("RAW-001", "Turmeric"), f.Item("BLK-001", "Haldi powder", func(i *catalog.ItemFields) { i.Type = catalog.Bulk }), f.Supplier("Sangli Haldi Traders")
	var lines []purchase.GRNLine
	for n := range 9 {
		lines = append(lines, Line([]core.ItemID{raw.ID, bulk.ID}[n%2], int64(9-n), 100_00))
	}
	posted := Do(f.Store1, purchase.PostGRN, GRN(supplier.ID, "S/1", lines...))
	for _, n := range []int{0, 3, 4, 7} { // lots 1, 4, 5, 8 are used up
		Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: posted.Lots[n].Lot, Status: stock.Released}, Qty: -posted.Lots[n].Qty, Reason: "Spoilage"})
	}
	walk := func(q stock.ListLotsReq) (out string) {
		for after := ""; ; {
			q.After = after
			page := Do(f.Owner, stock.ListValuedLots, q)
			for _, l := range page.Lots {
				out += strings.TrimPrefix(l.Number, "LOT-20260212-00")
			}
			if after = page.Next; after == "" {
				return out
			}
			if page.Counts.All > 5 || q.Types == nil && page.Value != core.Paise(page.Counts.All*100_00) {
				t.Errorf("counted %d worth %s", page.Counts.All, page.Value)
			}
		}
	}
	for _, x := range []struct {
		q    stock.ListLotsReq
		want string
	}{
		{stock.ListLotsReq{Sort: stock.ByLot}, "23679" + "8541"},
		{stock.ListLotsReq{Sort: stock.ByLot, Desc: true}, "97632" + "8541"},
		{stock.ListLotsReq{Sort: stock.ByQty}, "97632" + "8541"},
		{stock.ListLotsReq{Sort: stock.ByItem}, "26379" + "8541"}, // Haldi powder before Turmeric
		{stock.ListLotsReq{Sort: stock.ByLot, Item: raw.ID}, "379" + "51"},
		{stock.ListLotsReq{Sort: stock.ByLot, Types: []catalog.Type{catalog.Bulk}}, "26" + "84"},
		{stock.ListLotsReq{Sort: stock.ByLot, Types: catalog.Types()}, "23679" + "8541"},
		{stock.ListLotsReq{Sort: stock.ByLot, Query: "turmeric"}, "379" + "51"},
		{stock.ListLotsReq{Sort: stock.ByLot, Statuses: []stock.Status{stock.Released}}, "23679"},
		{stock.ListLotsReq{Sort: stock.ByLot, Within: 3650}, "23679"},
	} {
		x.q.Empty = true
		for _, n := range []int{1, 2, 3, 4, 5, 6, 8, 9, 10} {
			x.q.Limit = n
			if got := walk(x.q); got != x.want {
				t.Errorf("%+v lists %s, want %s", x.q, got, x.want)
			}
			last := Do(f.Owner, stock.ListValuedLots, stock.ListLotsReq{Empty: true, Sort: x.q.Sort, Desc: x.q.Desc, Item: x.q.Item, Types: x.q.Types, Query: x.q.Query,
				Statuses: x.q.Statuses, Within: x.q.Within, Limit: x.q.Limit, After: core.LastPage})
			got := ""
			for _, l := range last.Lots {
				got += strings.TrimPrefix(l.Number, "LOT-20260212-00")
			}
			if want := x.want[max(0, len(x.want)-x.q.Limit):]; got != want || last.Next != "" {
				t.Errorf("%+v ends with %s, want %s", x.q, got, want)
			}
		}
	}
	first := Do(f.Owner, stock.ListValuedLots, stock.ListLotsReq{Empty: true, Limit: 7})
	if _, err := Try(f.Owner, stock.ListValuedLots, stock.ListLotsReq{After: first.Next}); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("the cursor of a used-up lot names a page of those in stock: %v", err)
	}
	if !slices.ContainsFunc(first.Lots, func(l stock.ValuedLotRow) bool { return l.Qty == 0 && l.Value == 0 }) {
		t.Error("no used-up lot on a page of seven")
	}
}
