package parties

import (
	"context"
	"strings"

	"masala/core"
	"masala/core/party"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/resume"
)

// Panel is one party being looked at or edited.
type Panel struct {
	m     *Model
	Party party.Party // as read; ID 0 for a new one
	Form  *form.Form

	Kind, Name, GSTIN, State, Contact, Phone, Email, Address *form.Field
	LeadDays                                                 *form.Field // suppliers
	Segment, MinLife, MinLifeDays                            *form.Field // customers
	Active                                                   *form.Field

	Busy     bool
	Conflict *conflict.Conflict
	kept     *form.Kept // nil while it is only looked at
	Offer    *resume.Here
}

// yes is the text of a box that is ticked.
const yes = "yes"

func tick(on bool) string {
	if on {
		return yes
	}
	return ""
}

// ReadOnly reports that this user may only look.
func (p *Panel) ReadOnly() bool { return !p.m.MayEdit() }

// IsNew reports that the party does not exist yet.
func (p *Panel) IsNew() bool { return p.Party.ID == 0 }

// IsCustomer reports which of the two this is.
func (p *Panel) IsCustomer() bool { return party.Kind(p.Kind.Key) == party.Customer }

func newPanel(m *Model, x party.Party) *Panel {
	p := &Panel{m: m, Party: x}
	kind := party.UpdateParty.Name
	if x.ID == 0 {
		kind = party.CreateParty.Name
	}
	f := form.New(kind, "party", m.env.NewKey)
	p.Form = f
	f.Base, f.About = x, x.Name
	look := p.ReadOnly()
	add := func(x form.Field) *form.Field {
		x.ReadOnly = x.ReadOnly || look
		return f.Add(x)
	}
	p.Kind = add(form.Field{Path: "kind", Label: "Kind", ReadOnly: x.ID != 0})
	p.Name = add(form.Field{Path: "name", Label: "Name", Required: true, Missing: "Enter the name.", Rule: form.AtMost(100)})
	p.GSTIN = add(form.Field{Path: "gstin", Label: "GSTIN", Hint: "empty when not registered", Rule: p.gstin})
	p.State = add(form.Field{Path: "state_code", Label: "State", Required: true, Pick: true, Missing: "Choose the state."})
	p.Contact = add(form.Field{Path: "contact", Label: "Contact", Rule: form.AtMost(100)})
	p.Phone = add(form.Field{Path: "phone", Label: "Phone", Rule: like(func(f *party.Fields, s string) { f.Phone = s }, "phone")})
	p.Email = add(form.Field{Path: "email", Label: "E-mail", Rule: like(func(f *party.Fields, s string) { f.Email = s }, "email")})
	p.Address = add(form.Field{Path: "address", Label: "Address", Rule: form.AtMost(300)})
	p.LeadDays = add(form.Field{Path: "lead_days", Label: "Lead time, days", Rule: between(0, 365, "Lead time is 0 to 365 days.")})
	p.Segment = add(form.Field{Path: "segment", Label: "Market"})
	p.MinLife = add(form.Field{Path: "min_life", Label: "Least shelf life left, %", Rule: share})
	p.MinLifeDays = add(form.Field{Path: "min_life_days", Label: "and at least, days", Rule: between(0, 3650, "Minimum shelf life is 0 to 3,650 days.")})
	p.Active = add(form.Field{Path: "active", Label: "In use"})
	p.fill(x.Fields)
	f.Rebase()
	return p
}

// keep begins to keep the draft of the panel, and offers an older one of the same
// party.
func (p *Panel) keep() *Panel {
	if p.ReadOnly() {
		return p
	}
	p.kept = p.m.env.Desk.Keep(p.Form)
	p.Offer = resume.NewHere(p.m.env, func(d form.Draft) bool {
		var x party.Party
		return d.Kind == p.Form.Kind && d.Key != p.Form.Key() && d.Of(&x) && x.ID == p.Party.ID
	})
	p.Offer.Look()
	return p
}

// Resume goes on with a draft, on the record as it was read for it: saving finds out
// what somebody else changed since (R35).
func (p *Panel) Resume(d form.Draft) *Panel {
	var x party.Party
	if p.kept == nil || !d.Of(&x) {
		return p
	}
	q := newPanel(p.m, x).keep()
	q.kept.Resume(d)
	p.m.take(q)
	return q
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
	s := strings.ToUpper(strings.ReplaceAll(core.Text(text), " ", ""))
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
		text = core.Text(text)
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

// Save sends the party; it returns the first field at fault.
func (p *Panel) Save() *form.Field {
	if p.Busy || p.ReadOnly() {
		return nil
	}
	if bad := p.Form.Validate(); bad != nil {
		return bad
	}
	fields := p.fields()
	if err := fields.Validate(); err != nil {
		return p.Form.Apply(err)
	}
	p.Busy, p.Conflict = true, nil
	key, old, env, send := p.Form.Key(), p.Party, p.m.env, p.kept.Sending()
	env.Shell.Go(func(ctx context.Context) func() {
		var x party.Party
		err := send(func() (err error) {
			if old.ID == 0 {
				x, err = party.CreateParty.Call(ctx, env.Caller, key, party.CreatePartyReq{Fields: fields})
			} else {
				x, err = party.UpdateParty.Call(ctx, env.Caller, key, party.UpdatePartyReq{ID: old.ID, Version: old.Version, Fields: fields})
			}
			return err
		})
		return func() { p.answered(x, err, old.ID == 0) }
	})
	return nil
}

func (p *Panel) answered(x party.Party, err error, created bool) {
	p.Busy = false
	if c, ok := conflict.Of(err); ok {
		p.overtaken(c)
		return
	}
	if err != nil {
		p.Form.Apply(err)
		if core.CodeOf(err) == core.CodeInternal {
			p.Form.Message = screen.Sentence(err)
		}
		return
	}
	said := x.Name + " saved"
	if created {
		said = x.Name + " added"
	}
	p.m.env.Shell.Toast(screen.Toast{Text: said})
	if p.m.Panel == p {
		p.m.take(newPanel(p.m, x).keep())
	}
	p.m.load(true)
}

// overtaken shows what somebody else saved in the meantime; what is typed stays.
func (p *Panel) overtaken(c conflict.Conflict) {
	var theirs party.Fields
	if err := c.Theirs(&theirs); err != nil {
		p.Form.Message = core.ConflictMessage
		return
	}
	t := newPanel(p.m, party.Party{ID: p.Party.ID, Fields: theirs})
	for _, x := range []struct{ theirs, yours *form.Field }{
		{t.Name, p.Name}, {t.GSTIN, p.GSTIN}, {t.State, p.State}, {t.Contact, p.Contact}, {t.Phone, p.Phone}, {t.Email, p.Email},
		{t.Address, p.Address}, {t.LeadDays, p.LeadDays}, {t.Segment, p.Segment}, {t.MinLife, p.MinLife}, {t.MinLifeDays, p.MinLifeDays},
	} {
		c.Compare(x.yours.Label, x.theirs.Text, x.yours.Text)
	}
	c.Compare("In use", yesNo(t.Active), yesNo(p.Active))
	p.Conflict = &c
}

func yesNo(f *form.Field) string {
	if f.Text == yes {
		return "yes"
	}
	return "no"
}

// KeepMine takes the other edit as the base and leaves what was typed: saving again
// replaces theirs, knowingly.
func (p *Panel) KeepMine() {
	if p.Conflict != nil {
		p.Party.Version, p.Conflict = p.Conflict.Version, nil
	}
}

// TakeTheirs shows the party as it is now; what was typed is dropped.
func (p *Panel) TakeTheirs() {
	if p.Conflict != nil {
		id := p.Party.ID
		p.kept.Discard(nil)
		p.m.Panel = nil
		p.m.fetch(id)
		p.m.load(true)
	}
}
