package firstrun

import (
	"context"
	"maps"
	"slices"
	"strings"

	"masala/core/account"
	"masala/core/op"
	"masala/core/party"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/resume"
)

// Factory sets up the books of a factory and its first Admin, on the server's PC.
type Factory struct {
	Form     *form.Form
	Name     *form.Field
	State    *form.Field
	Admin    *form.Field
	Login    *form.Field
	Password *form.Field
	Again    *form.Field
	Busy     bool
	Fault    string
	caller   op.Caller
	run      func(func(context.Context) func())
	in       func(account.LoginResp)

	Offer *resume.Here
	kept  *form.Kept
}

// NewFactory makes the form; in is called with the login of the new Admin.
func NewFactory(env *screen.Env, run func(func(context.Context) func()), in func(account.LoginResp)) *Factory {
	m := &Factory{caller: env.Caller, run: run, in: in}
	f := form.New(account.CreateFirstAdmin.Name, "set-up", env.NewKey)
	m.Form = f
	m.Name = f.Add(form.Field{Path: "factory", Label: "Name of the factory", Required: true, Missing: "Enter the name of the factory."})
	m.State = f.Add(form.Field{Path: "state_code", Label: "State", Coded: true, Required: true, Pick: true, Missing: "Choose the state.",
		Hint: "decides CGST and SGST, or IGST"})
	m.Admin = f.Add(form.Field{Path: "name", Label: "Your name", Required: true, Missing: "Enter your name."})
	m.Login = f.Add(form.Field{Path: "login", Label: "User name", Required: true, Missing: "Enter a user name.", Hint: "for example owner"})
	m.Password = f.Add(form.Field{Path: "password", Label: "Password", Required: true, Secret: true, Missing: "Enter a password."})
	m.Again = f.Add(form.Field{Path: "again", Label: "Password again", Required: true, Secret: true, Missing: "Enter the password a second time."})
	f.Check = func(f *form.Form, fault func(path, sentence string)) {
		if m.Password.Text != m.Again.Text && m.Again.Text != "" {
			fault("again", "The two passwords differ.")
		}
	}
	m.Offer = resume.NewHere(env, func(d form.Draft) bool { return d.Kind == f.Kind && d.Key != f.Key() })
	m.Offer.Look()
	m.kept = env.Desk.Keep(f)
	return m
}

// Resume goes on with the draft of a set-up; its passwords are typed again.
func (m *Factory) Resume(d form.Draft) { m.kept.Resume(d) }

// States lists the states by name: key, name.
func States() (list [][2]string) {
	for code, name := range maps.All(party.States) {
		list = append(list, [2]string{code, name})
	}
	slices.SortFunc(list, func(a, b [2]string) int { return strings.Compare(a[1], b[1]) })
	return list
}

// Submit creates factory and Admin. It returns the first field at fault.
func (m *Factory) Submit() *form.Field {
	if m.Busy {
		return nil
	}
	if bad := m.Form.Validate(); bad != nil {
		return bad
	}
	req := account.CreateFirstAdminReq{Factory: m.Name.Text, StateCode: m.State.Key, Login: m.Login.Text,
		Name: m.Admin.Text, Password: m.Password.Text}
	if bad := m.Form.Apply(req.Validate()); bad != nil {
		return bad
	}
	m.Busy, m.Fault = true, ""
	send := m.kept.Sending()
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, account.CreateFirstAdmin.Deadline)
		defer cancel()
		var r account.LoginResp
		err := send(func() (err error) {
			r, err = account.CreateFirstAdmin.Call(ctx, m.caller, "", req)
			return err
		})
		return func() {
			m.Busy = false
			if err != nil {
				m.Form.Apply(err)
				m.Fault = screen.Sentence(err)
				return
			}
			m.Form.Reset()
			m.in(r)
		}
	})
	return nil
}

// Strength hints at how well a password protects, by its length alone.
func Strength(password string) (part int, text string) {
	switch n := len([]rune(password)); {
	case n == 0:
		return 0, "8 letters or more; three words are fine."
	case n < account.MinPassword:
		return 1, "Too short: 8 letters or more."
	case n < 12:
		return 2, "Good enough. 12 or more is better."
	}
	return 3, "Strong."
}
