package parties

import (
	"context"
	"strings"

	"masala/core"
	"masala/core/party"
	"masala/ui/form"
	"masala/ui/screen/conflict"
	"masala/ui/screen/record"
)

// Panel is one party being looked at or edited.
type Panel struct {
	record.Edit[party.Party]
	m *Model

	Kind, Name, GSTIN, State, Contact, Phone, Email, Address *form.Field
	LeadDays                                                 *form.Field // suppliers
	Segment, MinLife, MinLifeDays                            *form.Field // customers
	Active                                                   *form.Field
}

// yes is the text of a box that is ticked.
const yes = "yes"

func tick(on bool) string {
	if on {
		return yes
	}
	return ""
}

// IsCustomer reports which of the two this is.
func (p *Panel) IsCustomer() bool { return party.Kind(p.Kind.Key) == party.Customer }

func newPanel(m *Model, x party.Party) *Panel {
	p := &Panel{Edit: m.Edit(x, x.Name), m: m}
	p.Prepare = p.prepare
	p.Kind = p.Add(form.Field{Path: "kind", Label: "Kind", Coded: true, ReadOnly: x.ID != 0})
	p.Name = p.Add(form.Field{Path: "name", Label: "Name", Required: true, Missing: "Enter the name.", Rule: form.AtMost(100)})
	p.GSTIN = p.Add(form.Field{Path: "gstin", Label: "GSTIN", Hint: "empty when not registered", Rule: p.gstin})
	p.State = p.Add(form.Field{Path: "state_code", Label: "State", Coded: true, Required: true, Pick: true, Missing: "Choose the state."})
	p.Contact = p.Add(form.Field{Path: "contact", Label: "Contact", Rule: form.AtMost(100)})
	p.Phone = p.Add(form.Field{Path: "phone", Label: "Phone", Rule: like(func(f *party.Fields, s string) { f.Phone = s }, "phone")})
	p.Email = p.Add(form.Field{Path: "email", Label: "E-mail", Rule: like(func(f *party.Fields, s string) { f.Email = s }, "email")})
	p.Address = p.Add(form.Field{Path: "address", Label: "Address", Rule: form.AtMost(300)})
	p.LeadDays = p.Add(form.Field{Path: "lead_days", Label: "Lead time, days", Rule: between(0, 365, "Lead time is 0 to 365 days.")})
	p.Segment = p.Add(form.Field{Path: "segment", Label: "Market", Coded: true})
	p.MinLife = p.Add(form.Field{Path: "min_life", Label: "Least shelf life left, %", Rule: share})
	p.MinLifeDays = p.Add(form.Field{Path: "min_life_days", Label: "and at least, days", Rule: between(0, 3650, "Minimum shelf life is 0 to 3,650 days.")})
	p.Active = p.Add(form.Field{Path: "active", Label: "In use"})
	p.fill(x.Fields)
	p.Form.Rebase()
	return p
}

func (p *Panel) fill(f party.Fields) {
	p.Kind.Choose(string(f.Kind), kindText(f.Kind), "")
	set(p.Name, f.Name)
	set(p.GSTIN, f.GSTIN)
	p.chooseState(f.StateCode)
	set(p.Contact, f.Contact)
	set(p.Phone, f.Phone)
	set(p.Email, f.Email)
	set(p.Address, f.Address)
	set(p.LeadDays, number(f.LeadDays))
	p.Segment.Choose(string(f.Segment), segmentText(f.Segment), "")
	set(p.MinLifeDays, number(f.MinLifeDays))
	set(p.MinLife, "")
	if f.MinLife != 0 {
		set(p.MinLife, form.FormatPercent(f.MinLife))
	}
	set(p.Active, tick(f.Active))
}

func set(f *form.Field, text string) { f.Choose("", text, "") }

func number(n int) string {
	if n == 0 {
		return ""
	}
	return form.FormatInt(int64(n))
}

// fields reads the form; texts that cannot be read were refused before.
func (p *Panel) fields() party.Fields {
	f := party.Fields{Kind: party.Kind(p.Kind.Key), Name: p.Name.Text, Contact: p.Contact.Text, Phone: p.Phone.Text, Email: p.Email.Text,
		Address: p.Address.Text, StateCode: p.State.Key, GSTIN: p.GSTIN.Text, Active: p.Active.Text == yes}
	if p.IsCustomer() {
		f.Segment, f.MinLife, f.MinLifeDays = core.Segment(p.Segment.Key), p.MinLife.Percent(), int(p.MinLifeDays.Int())
	} else {
		f.LeadDays = int(p.LeadDays.Int())
	}
	return f
}

// gstin checks form and check digit, and takes the state from the number when none
// was chosen.
func (p *Panel) gstin(text string) (string, error) {
	s := strings.ToUpper(strings.ReplaceAll(core.Visible(text), " ", ""))
	if err := party.CheckGSTIN(s); err != nil {
		return "", core.Errorf(core.CodeInvalid, "%s", err.Error())
	}
	switch {
	case p.State.Key == "" && p.State.Text == "":
		p.chooseState(s[:2])
	case p.State.Key != "" && p.State.Key != s[:2]:
		return "", core.Errorf(core.CodeInvalid, "This GSTIN belongs to state %s, not %s.", s[:2], p.State.Key)
	}
	return s, nil
}

// like checks one field as party.Fields does.
func like(put func(*party.Fields, string), path string) form.Rule {
	return func(text string) (string, error) {
		f := party.Fields{}
		text = core.Visible(text)
		put(&f, text)
		for _, e := range faults(f.Validate()) {
			if e.Field == path {
				return "", core.Errorf(core.CodeInvalid, "%s", e.Message)
			}
		}
		return text, nil
	}
}

func faults(err error) []core.FieldError {
	if e, ok := err.(*core.Error); ok {
		return e.Fields
	}
	return nil
}

func between(low, high int64, sentence string) form.Rule {
	return func(text string) (string, error) {
		n, err := form.ParseInt(text)
		if err == nil && (n < low || n > high) {
			err = core.Errorf(core.CodeInvalid, "%s", sentence)
		}
		return form.FormatInt(n), err
	}
}

func share(text string) (string, error) {
	n, err := form.ParsePercent(text)
	if err == nil && (n < 0 || n > core.Whole) {
		err = core.Errorf(core.CodeInvalid, "Minimum shelf life is 0 to 100 %%.")
	}
	return form.FormatPercent(n), err
}

// ChooseKind makes a new record a supplier or a customer.
func (p *Panel) ChooseKind(k party.Kind) {
	if p.Kind.ReadOnly {
		return
	}
	p.Kind.Choose(string(k), kindText(k), "")
	if k == party.Customer && p.Segment.Key == "" {
		p.ChooseSegment(core.Regular)
	}
}

// ChooseSegment takes the market a customer sells in.
func (p *Panel) ChooseSegment(s core.Segment) {
	if !p.Segment.ReadOnly {
		p.Segment.Choose(string(s), segmentText(s), "")
	}
}

func (p *Panel) chooseState(code string) {
	if name, ok := party.States[code]; ok {
		p.State.Choose(code, name, code)
		return
	}
	p.State.Choose("", "", "")
}

// ChooseState takes a state of the list.
func (p *Panel) ChooseState(s State) { p.State.Choose(s.Code, s.Name, s.Code) }

func (p *Panel) prepare() (record.Save[party.Party], error) {
	f, old, caller := p.fields(), p.Record, p.m.Env.Caller
	return func(ctx context.Context, key string) (party.Party, error) {
		if old.ID == 0 {
			return party.CreateParty.Call(ctx, caller, key, party.CreatePartyReq{Fields: f})
		}
		return party.UpdateParty.Call(ctx, caller, key, party.UpdatePartyReq{ID: old.ID, Version: old.Version, Fields: f})
	}, f.Validate()
}

// Differ notes what somebody else saved otherwise (R35).
func (p *Panel) Differ(t *Panel, c *conflict.Conflict) {
	for _, x := range []struct{ theirs, yours *form.Field }{
		{t.Name, p.Name}, {t.GSTIN, p.GSTIN}, {t.State, p.State}, {t.Contact, p.Contact}, {t.Phone, p.Phone}, {t.Email, p.Email},
		{t.Address, p.Address}, {t.LeadDays, p.LeadDays}, {t.Segment, p.Segment}, {t.MinLife, p.MinLife}, {t.MinLifeDays, p.MinLifeDays},
	} {
		c.Compare(x.yours.Label, x.theirs.Text, x.yours.Text)
	}
	c.Compare("In use", yesNo(t.Active), yesNo(p.Active))
}

func yesNo(f *form.Field) string {
	if f.Text == yes {
		return "yes"
	}
	return "no"
}
