package demo

import (
	"fmt"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/core/party"
	"masala/core/system"
)

// stateCode of the factory: Maharashtra.
const stateCode = "27"

// setUp names the factory, creates its users and completes its settings.
func (f *filler) setUp() error {
	logins := Logins()
	owner := &seat{service: f.options.Service, login: logins[0].Login, peer: op.Peer{Name: logins[0].PC, Local: true}}
	first, err := account.CreateFirstAdmin.Call(f.ctx, owner, "", account.CreateFirstAdminReq{Factory: FactoryName, StateCode: stateCode,
		Login: logins[0].Login, Name: logins[0].Name, Password: Password})
	if err != nil {
		return err
	}
	owner.token, owner.expires = first.Token, first.Expires
	f.seats[owner.login] = owner
	for _, l := range logins[1:] {
		if _, err := do(f, "owner", account.CreateUser, account.CreateUserReq{Login: l.Login, Name: l.Name, Role: l.Role, Password: Password}); err != nil {
			return err
		}
	}
	s, err := do(f, "owner", system.GetSettings, system.GetSettingsReq{})
	if err != nil {
		return err
	}
	s.Address, s.GSTIN = "Plot 14, MIDC Bhosari, Pune 411026", gstin(stateCode, 'D', 0)
	_, err = do(f, "owner", system.UpdateSettings, system.UpdateSettingsReq{Version: s.Version, SettingsFields: s.SettingsFields})
	return err
}

// gstin makes a GSTIN that passes every check over a PAN that nobody has.
func gstin(state string, initial byte, n int) string {
	first := fmt.Sprintf("%sDEMF%c%04d%c1Z", state, initial, n, 'A'+n%26)
	return first + string(party.GSTINCheckDigit(first))
}

// parties lists suppliers and customers; all are invented.
func parties() []party.Fields {
	list := []party.Fields{
		{Name: "Erode Turmeric Traders", StateCode: "33", LeadDays: 5, Contact: "K. Palanisamy", Address: "Manjal Mandi Road, Erode"},
		{Name: "Guntur Mirchi Yard & Co", StateCode: "37", LeadDays: 6, Contact: "Venkata Rao", Address: "Mirchi Yard, Guntur"},
		{Name: "Unjha Jeera House", StateCode: "24", LeadDays: 4, Contact: "Jignesh Patel", Address: "Ganj Bazar, Unjha"},
		{Name: "Ramganj Dhaniya Mandi Agency", StateCode: "08", LeadDays: 5, Contact: "Mahesh Meena", Address: "Krishi Upaj Mandi, Ramganj"},
		{Name: "Idukki Elaichi Planters", StateCode: "32", LeadDays: 8, Contact: "Thomas Kurian", Address: "Vandanmedu, Idukki"},
		{Name: "Kochi Pepper Exports", StateCode: "32", LeadDays: 7, Contact: "Anitha Menon", Address: "Mattancherry, Kochi"},
		{Name: "Sunrise Hing Works", StateCode: "09", LeadDays: 10, Contact: "Alok Agarwal", Address: "Hathras"},
		{Name: "PolyFlex Laminates", StateCode: "24", LeadDays: 15, Contact: "Nirav Shah", Address: "GIDC Vatva, Ahmedabad"},
		{Name: "ClearPET Jars", StateCode: "27", LeadDays: 12, Contact: "Prakash Rane", Address: "MIDC Ambad, Nashik"},
		{Name: "Shree Corrugators", StateCode: "27", LeadDays: 3, Contact: "Dilip Bhosale", Address: "Chakan, Pune"},
		{Name: "Nagpur Bulk Masala Mills", StateCode: "27", LeadDays: 3, Contact: "Suresh Wankhede", Address: "Kalamna, Nagpur"},

		{Kind: party.Customer, Name: "Main Distributor Pune", StateCode: "27", Segment: core.Regular, MinLife: 5000, Contact: "Nitin Joshi"},
		{Kind: party.Customer, Name: "Surat Super Stockist", StateCode: "24", Segment: core.Regular, MinLife: 5000, Contact: "Hetal Desai"},
		{Kind: party.Customer, Name: "Hyderabad Kirana Agencies", StateCode: "36", Segment: core.Regular, MinLife: 4000, Contact: "Srinivas Reddy"},
		{Kind: party.Customer, Name: "City Mart Chain", StateCode: "27", Segment: core.Regular, MinLife: 6000, Contact: "Meera Apte"},
		{Kind: party.Customer, Name: "Online Marketplace A", StateCode: "29", Segment: core.Online, MinLife: 3000, MinLifeDays: 45, Contact: "Warehouse BLR4"},
		{Kind: party.Customer, Name: "Online Marketplace B", StateCode: "06", Segment: core.Online, MinLife: 3000, MinLifeDays: 45, Contact: "Warehouse GGN2"},
		{Kind: party.Customer, Name: "Hotel & Canteen Supplies", StateCode: "27", Segment: core.Regular, MinLife: 2500, Contact: "Farhan Qureshi"},
	}
	for i := range list {
		p := &list[i]
		if p.Kind == "" {
			p.Kind = party.Supplier
		}
		p.Phone = fmt.Sprintf("98%03d %05d", 200+7*i, 10_000+137*i)
		p.GSTIN, p.Active = gstin(p.StateCode, p.Name[0], i+1), true
	}
	return list
}
