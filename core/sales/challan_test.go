package sales_test

import (
	"encoding/json"
	"strings"
	"testing"

	"masala/core/party"
	"masala/core/sales"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestR33_ChallanShowsEverything that the law wants on it, and no cost.
func TestR33_ChallanShowsEverything(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	set := Do(s.Owner, system.GetSettings, system.GetSettingsReq{})
	set.Address, set.GSTIN = "Hadapsar, Pune", "27AAPFU0939F1ZV"
	Do(s.Owner, system.UpdateSettings, system.UpdateSettingsReq{Version: set.Version, SettingsFields: set.SettingsFields})
	to := customer(s.Factory, "Marketplace A", "29", func(p *party.Fields) { p.Address, p.GSTIN = "Whitefield, Bengaluru", "29AAGCB7383J1Z4" })
	cell := s.Opening(s.haldi.ID, 90, 717_717)
	d := s.draft(s.order(to, 40, 27_43), 40)
	if d.Challan != "" || d.Invoice != "" {
		t.Errorf("a draft has the numbers %q and %q (R31)", d.Challan, d.Invoice)
	}
	d = s.confirm(d)
	from, at := d.Consigner, d.Consignee
	if from.Name != "Demo factory, Pune" || from.Address != "Hadapsar, Pune" || from.GSTIN != "27AAPFU0939F1ZV" || from.State != "Maharashtra" {
		t.Errorf("consigner %+v", from)
	}
	if at.Name != "Marketplace A" || at.Address != "Whitefield, Bengaluru" || at.GSTIN != "29AAGCB7383J1Z4" || d.PlaceOfSupply != "Karnataka" {
		t.Errorf("consignee %+v, place of supply %q", at, d.PlaceOfSupply)
	}
	l := d.Items[0]
	if len(d.Challan) > 16 || d.On == 0 || l.HSN != "09103030" || l.Name != "Turmeric 100 g" || l.Qty != 40 || l.Taxable != 1_097_20 || l.IGST != 54_86 || l.CGST != 0 || len(l.Lots) != 1 || l.Lots[0].Lot != cell.Lot || l.Lots[0].Number == "" {
		t.Errorf("line %+v of %s", l, d.Challan)
	}
	if strings.Join(d.Copies, "; ") != "Original for consignee; Duplicate for transporter; Triplicate for consigner" {
		t.Errorf("copies %v", d.Copies)
	}
	d = Do(s.Store1, sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234", Transporter: "Shree Cargo"})
	if d.Vehicle != "MH 12 AB 1234" || d.LeftAt.IsZero() {
		t.Errorf("left with %q at %s (R31)", d.Vehicle, d.LeftAt)
	}
	b, err := json.Marshal(Do(s.Owner, sales.GetDispatch, sales.GetDispatchReq{ID: d.ID}))
	for _, cost := range []string{"717717", "318985", "398732"} { // of 90, 40 and 50 packs
		if err != nil || strings.Contains(string(b), cost) {
			t.Errorf("the challan tells the cost %s: %s, %v", cost, b, err)
		}
	}
}
