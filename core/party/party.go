// Package party keeps the suppliers and customers of the factory.
package party

import (
	"regexp"
	"strings"

	"masala/core"
	"masala/core/op"
)

// Topic moves with every change of a party.
const Topic op.Topic = "parties"

// Kind tells suppliers from customers.
type Kind string

// The kinds.
const (
	Supplier Kind = "SUPPLIER"
	Customer Kind = "CUSTOMER"
)

// Fields is what a user enters of a party.
type Fields struct {
	Kind        Kind         `json:"kind"`
	Name        string       `json:"name"`
	Contact     string       `json:"contact,omitempty"`
	Phone       string       `json:"phone,omitempty"`
	Email       string       `json:"email,omitempty"`
	Address     string       `json:"address,omitempty"`
	StateCode   string       `json:"state_code"`              // GST state, two digits
	GSTIN       string       `json:"gstin,omitempty"`         // "" for an unregistered party
	LeadDays    int          `json:"lead_days,omitempty"`     // suppliers: order to delivery
	MinLife     core.Percent `json:"min_life,omitempty"`      // customers: least remaining shelf life (R25)
	MinLifeDays int          `json:"min_life_days,omitempty"` // customers: the same in days
	Segment     core.Segment `json:"segment,omitempty"`       // customers: the market they sell in
	Active      bool         `json:"active"`
}

// Party is a supplier or customer record.
type Party struct {
	ID core.PartyID `json:"id"`
	Fields
	core.Stamp
}

var (
	phone = regexp.MustCompile(`^\+?[0-9][0-9 \-]{5,18}$`)
	email = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// Normalize trims and composes the texts, and takes nothing that cannot be seen (R41).
func (f *Fields) Normalize() {
	for _, s := range []*string{&f.Name, &f.Contact, &f.Phone, &f.Email, &f.Address, &f.StateCode, &f.GSTIN} {
		*s = core.Visible(*s)
	}
	f.GSTIN = strings.ToUpper(f.GSTIN)
}

// Validate checks what can be judged without the books; it normalizes first.
func (f *Fields) Validate() error {
	f.Normalize()
	var bad core.Faults
	bad.Check(f.Kind == Supplier || f.Kind == Customer, "kind", "Choose supplier or customer.")
	bad.Check(f.Name != "", "name", "Enter the name.")
	bad.Fit("name", f.Name, core.MaxName)
	bad.Fit("contact", f.Contact, core.MaxName)
	bad.Fit("email", f.Email, core.MaxName)
	bad.Fit("address", f.Address, core.MaxNote)
	bad.Check(f.Phone == "" || phone.MatchString(f.Phone), "phone", "Enter the phone number with digits only, for example 98220 12345.")
	bad.Check(f.Email == "" || email.MatchString(f.Email), "email", "Enter the e-mail as name@example.com.")
	_, known := States[f.StateCode]
	bad.Check(known, "state_code", "Choose the state.")
	if f.GSTIN != "" {
		switch err := CheckGSTIN(f.GSTIN); {
		case err != nil:
			bad.Add("gstin", "%s", err.Error())
		case known && f.GSTIN[:2] != f.StateCode:
			bad.Add("gstin", "This GSTIN belongs to state %s, not %s.", f.GSTIN[:2], f.StateCode)
		}
	}
	bad.Check(f.LeadDays >= 0 && f.LeadDays <= 365, "lead_days", "Lead time is 0 to 365 days.")
	bad.Check(f.MinLife >= 0 && f.MinLife <= core.Whole, "min_life", "Minimum shelf life is 0 to 100 %%.")
	bad.Check(f.MinLifeDays >= 0 && f.MinLifeDays <= 3650, "min_life_days", "Minimum shelf life is 0 to 3,650 days.")
	switch f.Kind {
	case Supplier:
		bad.Check(f.MinLife == 0 && f.MinLifeDays == 0, "min_life", "Only customers ask for a minimum shelf life.")
		bad.Check(f.Segment == "", "segment", "Only customers belong to a market segment.")
	case Customer:
		bad.Check(f.LeadDays == 0, "lead_days", "Only suppliers have a lead time.")
		bad.Check(f.Segment.Valid(), "segment", "Choose the market segment: regular or online.")
	}
	return bad.Err()
}
