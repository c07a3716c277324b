package purchase_test

import (
	"testing"

	"masala/core"
	"masala/core/party"
	"masala/core/purchase"
	. "masala/storage/storagetest"
)

// TestR32_GSTWithinTheOwnState rounds CGST and SGST each by itself, so that the total
// is the one printed on the invoice.
func TestR32_GSTWithinTheOwnState(t *testing.T) {
	f := New(t)
	item := f.Item("RAW-005", "Cumin seed") // 5 %
	for state, want := range map[string]core.Paise{"24": 102, "27": 2 * 51} {
		supplier := Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "Supplier in " + state, StateCode: state, Active: true}})
		posted := Do(f.Store1, purchase.PostGRN, GRN(supplier.ID, "INV-"+state, Line(item.ID, 1, 20_33)))
		if got := Do(f.Owner, purchase.GetCostedGRN, purchase.GetGRNReq{ID: posted.Document}).GST; got != want {
			t.Errorf("from state %s: GST %v, want %v", state, got, want)
		}
	}
	// ₹ 20.20 at 5 %: IGST is 101 paise, CGST and SGST are 50.5 each, rounded up to 51.
	for state, want := range map[string]core.Paise{"24": 1_01, "27": 1_02} {
		supplier := Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "Other in " + state, StateCode: state, Active: true}})
		posted := Do(f.Store1, purchase.PostGRN, GRN(supplier.ID, "INV2-"+state, Line(item.ID, 1, 20_20)))
		if got := Do(f.Owner, purchase.GetCostedGRN, purchase.GetGRNReq{ID: posted.Document}).GST; got != want {
			t.Errorf("from state %s: GST %v, want %v", state, got, want)
		}
	}
}
