package storage_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"masala/core/catalog"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestR41_SearchFindsHindiAndLatin: names are found by the start of each word, in
// any case, composed or decomposed, with or without Latin accents; Hindi words stay
// whole at their vowel signs.
func TestR41_SearchFindsHindiAndLatin(t *testing.T) {
	t.Parallel()
	f := New(t)
	hindi := func(name string) func(*catalog.ItemFields) {
		return func(i *catalog.ItemFields) { i.NameHi = name }
	}
	f.Item("RAW-001", "Turmeric finger", hindi("हल्दी गाँठ"))
	f.Item("RAW-002", "Byadgi chilli", hindi("मिर्ची"))
	f.Item("RAW-003", "Café blend", hindi("बड़ी इलायची")) // ड़ composed, stored decomposed
	f.Item("RAW-010", "Jeera", hindi("जीरा"))
	for query, want := range map[string]string{
		"turm": "RAW-001", "TURMERIC": "RAW-001", "finger turmeric": "RAW-001", "urmeric": "",
		"हल्दी": "RAW-001", "हल्": "RAW-001", "हल": "RAW-001", "गाँठ": "RAW-001", "ल्दी": "",
		"मिर्ची": "RAW-002", "मि": "RAW-002", "बड़ी": "RAW-003", "ब\u095cी": "RAW-003",
		"cafe": "RAW-003", "caf\u00e9": "RAW-003", "cafe\u0301": "RAW-003",
		"raw-010": "RAW-010", "010": "RAW-010", "जीरा jeera": "RAW-010", "जीरा turmeric": "",
		"": "RAW-001 RAW-002 RAW-003 RAW-010", "  ": "RAW-001 RAW-002 RAW-003 RAW-010",
		`"`: "RAW-001 RAW-002 RAW-003 RAW-010", `tur" OR "x`: "", "tur*": "RAW-001", "NEAR(": "", "sku:raw": "", "^turmeric": "RAW-001",
	} {
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			resp := Do(f.Store1, catalog.ListItems, catalog.ListItemsReq{Query: form.String(query)})
			var got []string
			for _, i := range resp.Items {
				got = append(got, i.SKU)
			}
			if strings.Join(got, " ") != want || resp.Total != len(got) {
				t.Errorf("%q finds %v (of %d), want %q", form.String(query), got, resp.Total, want)
			}
		}
	}
	if got := f.Int(`SELECT count(*) FROM item WHERE name_hi = ?`, "ब\u0921\u093cी इलायची"); got != 1 {
		t.Error("the name is not stored in NFC")
	}
}

// TestR41_SearchTakesAnyText: nothing a user can type or paste is an error.
func TestR41_SearchTakesAnyText(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	Do(f.Store1, purchase.PostGRN, GRN(supplier.ID, "S/1", Line(item.ID, 1, 100_00)))
	for _, q := range []string{strings.Repeat("turmeric ", 20_000), strings.Repeat("त", 100_000), "'; DROP TABLE item; --", "%_\\%", "\x00", "\u0301", strings.Repeat(`"`, 1000), "AND OR NOT NEAR"} {
		Do(f.Store1, catalog.ListItems, catalog.ListItemsReq{Query: q})
		Do(f.Store1, party.ListParties, party.ListPartiesReq{Query: q})
		Do(f.Store1, stock.ListLots, stock.ListLotsReq{Query: q})
		Do(f.Store1, stock.ListDocuments, stock.ListDocumentsReq{Query: q})
		Do(f.Owner, system.ListAudit, system.ListAuditReq{Entity: q, Operation: q})
	}
	types := make([]catalog.Type, 50_000)
	for i := range types {
		types[i] = catalog.Raw
	}
	if got := Do(f.Store1, catalog.ListItems, catalog.ListItemsReq{Types: types}); got.Total != 1 {
		t.Errorf("finds %d", got.Total)
	}
	if got := Do(f.Owner, system.ListAudit, system.ListAuditReq{Entity: "ITEM raw-00"}); len(got.Rows) != 1 {
		t.Errorf("the audit log shows %d rows of the item", len(got.Rows))
	}
}

// TestPagesDoNotOverlap walks every list page by page.
func TestPagesDoNotOverlap(t *testing.T) {
	t.Parallel()
	f := New(t)
	for i := range 25 {
		f.Item("RAW-0"+string(rune('A'+i)), "Item "+string(rune('A'+i)))
	}
	seen, pages := map[string]bool{}, 0
	for after := ""; pages == 0 || after != ""; pages++ {
		resp := Do(f.Store1, catalog.ListItems, catalog.ListItemsReq{After: after, Limit: 10})
		for _, i := range resp.Items {
			if seen[i.SKU] {
				t.Errorf("%s twice", i.SKU)
			}
			seen[i.SKU] = true
		}
		if after = resp.Next; pages > 5 {
			t.Fatal("no end")
		}
	}
	if len(seen) != 25 || pages != 3 {
		t.Errorf("%d items on %d pages", len(seen), pages)
	}
	for _, after := range []string{"-1", "x", "9223372036854775807", "99999999999999999999"} {
		Do(f.Store1, catalog.ListItems, catalog.ListItemsReq{After: after, Limit: 500})
	}
}
