// Package login lets a user in.
package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/ui/form"
	"masala/ui/screen"
)

// Model is the login form. It makes no secret of whether user or password is wrong:
// the server does not tell.
type Model struct {
	Form           *form.Form
	Login          *form.Field
	Password       *form.Field
	Busy           bool
	Fault          string         // the server's sentence
	Greeting       string         // why the user is here again
	Demo           []screen.Login // whom the demo factory knows
	caller         op.Caller
	clock          core.Clock
	run            func(func(context.Context) func())
	in             func(account.LoginResp)
	until          time.Time // no try before, after too many wrong ones
	wantFocusOnPwd bool
}

// NewModel makes the form; lastUser is filled in. in is called after a login.
func NewModel(caller op.Caller, clock core.Clock, run func(func(context.Context) func()), lastUser string, in func(account.LoginResp)) *Model {
	m := &Model{caller: caller, clock: clock, run: run, in: in}
	m.Form = form.New(account.Login.Name, "login", func() string { return "" })
	m.Login = m.Form.Add(form.Field{Path: "login", Label: "User name", Required: true, Missing: "Enter your user name."})
	m.Password = m.Form.Add(form.Field{Path: "password", Label: "Password", Required: true, Secret: true, Missing: "Enter your password."})
	if lastUser != "" {
		m.Login.Set(lastUser)
	}
	return m
}

// Wait is how long the next try must still wait, in whole seconds.
func (m *Model) Wait() time.Duration {
	d := m.until.Sub(m.clock.Now())
	if d <= 0 {
		return 0
	}
	return d.Round(time.Second)
}

// Sentence is what stands above the button: the wait, counting down, or the fault.
func (m *Model) Sentence() string {
	if s := int(m.Wait() / time.Second); s > 0 {
		return fmt.Sprintf("Too many wrong tries. Try again in %d seconds.", s)
	}
	if !m.until.IsZero() && m.Fault != "" {
		return "You can try again now."
	}
	return m.Fault
}

// Take fills in a login of the demo factory and logs in.
func (m *Model) Take(i int) {
	if i < 0 || i >= len(m.Demo) || m.Busy {
		return
	}
	m.Login.Set(m.Demo[i].Login)
	m.Password.Set(m.Demo[i].Password)
	m.Submit()
}

// Submit asks the server. It returns the first field at fault, nil when the request
// is on its way.
func (m *Model) Submit() *form.Field {
	if m.Busy || m.Wait() > 0 {
		return nil
	}
	if bad := m.Form.Validate(); bad != nil {
		return bad
	}
	m.Busy, m.Fault, m.until = true, "", time.Time{}
	req := account.LoginReq{Login: m.Login.Text, Password: m.Password.Text}
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, account.Login.Deadline)
		defer cancel()
		r, err := account.Login.Call(ctx, m.caller, "", req)
		return func() { m.answered(r, err) }
	})
	return nil
}

func (m *Model) answered(r account.LoginResp, err error) {
	m.Busy = false
	if err != nil {
		m.Password.Clear()
		m.wantFocusOnPwd = true
		m.Fault = screen.Sentence(err)
		m.until = m.clock.Now().Add(waitOf(err))
		if waitOf(err) == 0 {
			m.until = time.Time{}
		}
		return
	}
	m.Form.Reset()
	m.in(r)
}

// waitOf reads how long the server asks to wait; numbers have come through JSON.
func waitOf(err error) time.Duration {
	var e *core.Error
	if !errors.As(err, &e) {
		return 0
	}
	switch s := e.Args["wait_seconds"].(type) {
	case float64:
		return time.Duration(s) * time.Second
	case int:
		return time.Duration(s) * time.Second
	}
	return 0
}
