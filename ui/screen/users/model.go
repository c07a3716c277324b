// Package users is where an Admin keeps the people who may log in and the PCs that
// may connect.
package users

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/paired"
	"masala/ui/screen/resume"
)

// Panel is what the side panel shows.
type Panel int

// The panels.
const (
	NoPanel Panel = iota
	NewUser
	EditUser
	NewPassword
)

// Conflict is an edit that somebody else overtook (R35).
type Conflict struct {
	By     string
	At     time.Time
	Theirs account.User
	Lines  []string // what differs, theirs and yours
}

// Model is the users screen without its looks.
type Model struct {
	env      *screen.Env
	Users    []account.User
	PCs      *paired.Model
	Loaded   bool
	Fault    string // why the lists could not be read
	Panel    Panel
	Subject  account.User // whom the panel is about
	Form     *form.Form
	Name     *form.Field
	Login    *form.Field
	Role     *form.Field
	Active   *form.Field
	Password *form.Field
	Again    *form.Field
	Busy     bool
	Conflict *Conflict
	Offer    *resume.Here // a draft of the panel's form
	kept     *form.Kept
}

// Texts of the fields that are choices.
const (
	roleAdmin    = "Admin"
	roleOperator = "Operator"
	isActive     = "Active"
	isInactive   = "Inactive"
)

// NewModel makes the screen's model; Reload reads the lists.
func NewModel(env *screen.Env) *Model { return &Model{env: env, PCs: paired.NewModel(env)} }

// Reload reads users and PCs.
func (m *Model) Reload() {
	m.env.Shell.Go(func(ctx context.Context) func() {
		u, err := account.ListUsers.Call(ctx, m.env.Caller, "", account.ListUsersReq{})
		if err != nil {
			return func() { m.Fault = screen.Sentence(err) }
		}
		return func() { m.Users, m.Fault, m.Loaded = u.Users, "", true }
	})
	m.PCs.Reload(func(fault string) {
		if fault != "" {
			m.Fault = fault
		}
	})
}

// Dirty reports whether the panel holds something unsaved.
func (m *Model) Dirty() bool { return m.Panel != NoPanel && m.Form.Dirty() }

// Add opens the panel for a new user.
func (m *Model) Add() {
	m.panel(NewUser, account.User{Role: core.Operator, Active: true})
}

// Edit opens the panel of a user.
func (m *Model) Edit(u account.User) { m.panel(EditUser, u) }

// Reset opens the panel for a new password.
func (m *Model) Reset(u account.User) { m.panel(NewPassword, u) }

// Shut closes the panel.
func (m *Model) Shut() {
	m.leave()
	m.Panel, m.Conflict, m.Form = NoPanel, nil, nil
}

// leave keeps what the panel holds unsaved as a draft.
func (m *Model) leave() {
	if m.kept != nil {
		m.kept.Leave()
		m.kept = nil
	}
}

// resumes are the drafts that open here.
var resumes = []string{account.CreateUser.Name, account.UpdateUser.Name}

// Find goes on with the draft of that key.
func (m *Model) Find(key string, found func()) {
	resume.NewHere(m.env, func(d form.Draft) bool { return slices.Contains(resumes, d.Kind) }).Find(key, func(d form.Draft) {
		m.Resume(d)
		found()
	})
}

// Resume goes on with a draft, on the user as he was read for it: saving finds out what
// somebody else changed since (R35).
func (m *Model) Resume(d form.Draft) {
	var u account.User
	if !d.Of(&u) {
		return
	}
	p := NewUser
	if d.Kind == account.UpdateUser.Name {
		p = EditUser
	}
	m.panel(p, u)
	m.kept.Resume(d)
}

func (m *Model) panel(p Panel, u account.User) {
	m.leave()
	m.Panel, m.Subject, m.Conflict = p, u, nil
	kind := map[Panel]string{NewUser: account.CreateUser.Name, EditUser: account.UpdateUser.Name, NewPassword: account.ResetPassword.Name}[p]
	f := form.New(kind, "user", m.env.NewKey)
	m.Form = f
	f.Base, f.About = u, u.Name
	if p != NewPassword {
		m.Name = f.Add(form.Field{Path: "name", Label: "Name", Required: true, Missing: "Enter the name.", Initial: u.Name})
		m.Login = f.Add(form.Field{Path: "login", Label: "User name", Required: true, Missing: "Enter the user name.", Initial: u.Login,
			ReadOnly: p == EditUser, Hint: map[Panel]string{NewUser: "2 to 31 letters, digits, dots or dashes, for example store1"}[p]})
		m.Role = f.Add(form.Field{Path: "role", Label: "Role", Initial: roleText(u.Role)})
	}
	if p == EditUser {
		m.Active = f.Add(form.Field{Path: "active", Label: "State", Initial: activeText(u.Active)})
	}
	if p != EditUser {
		m.Password = f.Add(form.Field{Path: "password", Label: "Password", Required: true, Secret: true, Missing: "Enter a password."})
		m.Again = f.Add(form.Field{Path: "again", Label: "Password again", Required: true, Secret: true, Missing: "Enter the password a second time."})
	}
	f.Check = func(f *form.Form, fault func(path, sentence string)) {
		if p != EditUser && m.Again.Text != "" && m.Again.Text != m.Password.Text {
			fault("again", "The two passwords differ.")
		}
	}
	f.Rebase()
	m.kept = m.env.Desk.Keep(f)
	m.Offer = resume.NewHere(m.env, func(d form.Draft) bool {
		var x account.User
		return d.Kind == kind && d.Key != f.Key() && d.Of(&x) && x.ID == u.ID
	})
	m.Offer.Look()
}

func roleText(r core.Role) string {
	if r == core.Admin {
		return roleAdmin
	}
	return roleOperator
}

func activeText(a bool) string {
	if a {
		return isActive
	}
	return isInactive
}

func (m *Model) role() core.Role {
	if m.Role.Text == roleAdmin {
		return core.Admin
	}
	return core.Operator
}

// Save sends the panel. It returns the first field at fault.
func (m *Model) Save() *form.Field {
	if m.Panel == NoPanel || m.Busy {
		return nil
	}
	if bad := m.Form.Validate(); bad != nil {
		return bad
	}
	key, subject := m.Form.Key(), m.Subject
	switch m.Panel {
	case NewUser:
		req := account.CreateUserReq{Login: m.Login.Text, Name: m.Name.Text, Role: m.role(), Password: m.Password.Text}
		if bad := m.Form.Apply(req.Validate()); bad != nil {
			return bad
		}
		m.send(func(ctx context.Context) (string, error) {
			u, err := account.CreateUser.Call(ctx, m.env.Caller, key, req)
			return u.Name + " may log in now", err
		})
	case EditUser:
		req := account.UpdateUserReq{ID: subject.ID, Version: subject.Version, Name: m.Name.Text, Role: m.role(), Active: m.Active.Text == isActive}
		if bad := m.Form.Apply(req.Validate()); bad != nil {
			return bad
		}
		m.send(func(ctx context.Context) (string, error) {
			u, err := account.UpdateUser.Call(ctx, m.env.Caller, key, req)
			return u.Name + " saved", err
		})
	case NewPassword:
		req := account.ResetPasswordReq{ID: subject.ID, Password: m.Password.Text}
		if bad := m.Form.Apply(req.Validate()); bad != nil {
			return bad
		}
		m.send(func(ctx context.Context) (string, error) {
			_, err := account.ResetPassword.Call(ctx, m.env.Caller, key, req)
			return "New password for " + subject.Name + " saved", err
		})
	}
	return nil
}

func (m *Model) send(call func(context.Context) (string, error)) {
	m.Busy, m.Conflict = true, nil
	send := m.kept.Sending()
	m.env.Shell.Go(func(ctx context.Context) func() {
		var said string
		err := send(func() (err error) {
			said, err = call(ctx)
			return err
		})
		return func() {
			m.Busy = false
			if core.CodeOf(err) == core.CodeConflict {
				m.overtaken(err)
				return
			}
			if err != nil {
				m.Form.Apply(err)
				m.Form.Message = screen.Sentence(err)
				return
			}
			m.Shut()
			m.env.Shell.Toast(screen.Toast{Text: said})
			m.Reload()
		}
	})
}

// overtaken shows who changed the user in the meantime, and both values.
func (m *Model) overtaken(err error) {
	var e *core.Error
	if !errors.As(err, &e) {
		return
	}
	c := &Conflict{By: "Another user"}
	if by, ok := e.Args["updated_by"].(string); ok && by != "" {
		c.By = by
	}
	if at, ok := e.Args["updated_at"].(string); ok {
		c.At, _ = time.Parse(time.RFC3339Nano, at)
	}
	theirs, _ := e.Args["theirs"].(map[string]any)
	c.Theirs = m.Subject
	if name, ok := theirs["name"].(string); ok {
		c.Theirs.Name = name
	}
	if role, ok := theirs["role"].(string); ok {
		c.Theirs.Role = core.Role(role)
	}
	if active, ok := theirs["active"].(bool); ok {
		c.Theirs.Active = active
	}
	if v, ok := e.Args["version"].(float64); ok {
		c.Theirs.Version = int64(v)
	}
	for _, d := range []struct{ what, theirs, yours string }{
		{"Name", c.Theirs.Name, m.Name.Text},
		{"Role", roleText(c.Theirs.Role), m.Role.Text},
		{"State", activeText(c.Theirs.Active), m.Active.Text},
	} {
		if d.theirs != d.yours {
			c.Lines = append(c.Lines, d.what+": theirs "+d.theirs+", yours "+d.yours+".")
		}
	}
	m.Conflict = c
}

// KeepMine takes the other edit as the base and leaves what was typed: saving again
// replaces theirs, knowingly.
func (m *Model) KeepMine() {
	if m.Conflict == nil {
		return
	}
	mine := [3]string{m.Name.Text, m.Role.Text, m.Active.Text}
	m.kept.Discard(nil)
	m.kept = nil
	m.panel(EditUser, m.Conflict.Theirs)
	m.Name.Set(mine[0])
	m.Role.Set(mine[1])
	m.Active.Set(mine[2])
}

// TakeTheirs shows the user as he is now; what was typed is dropped.
func (m *Model) TakeTheirs() {
	if m.Conflict != nil {
		m.kept.Discard(nil)
		m.kept = nil
		m.panel(EditUser, m.Conflict.Theirs)
		m.Reload()
	}
}

// Matching lists the users whose name or login holds the words of query.
func (m *Model) Matching(query string) []account.User {
	words := core.SearchWords(strings.ToLower(query))
	if len(words) == 0 {
		return m.Users
	}
	return slices.DeleteFunc(slices.Clone(m.Users), func(u account.User) bool {
		text := strings.ToLower(u.Name + " " + u.Login + " " + roleText(u.Role))
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	})
}
