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
	env    *screen.Env
	Users  []account.User
	PCs    *paired.Model
	Loaded bool
	Fault  string // why the lists could not be read
	*Edit         // what is in the side panel
}

// Edit is one opening of the side panel. An answer goes to the edit that was sent,
// whatever the panel shows by then.
type Edit struct {
	Panel    Panel
	Subject  account.User // whom the panel is about
	Form     *form.Form
	Name     *form.Field
	Login    *form.Field
	Role     *form.Field
	Active   *form.Field
	Password *form.Field
	Again    *form.Field
	Busy     bool // it is being saved; nothing can be typed meanwhile
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
func NewModel(env *screen.Env) *Model {
	return &Model{env: env, PCs: paired.NewModel(env), Edit: &Edit{}}
}

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

// Change opens the panel of a user.
func (m *Model) Change(u account.User) { m.panel(EditUser, u) }

// Reset opens the panel for a new password.
func (m *Model) Reset(u account.User) { m.panel(NewPassword, u) }

// Shut closes the panel.
func (m *Model) Shut() {
	m.leave()
	m.Edit = &Edit{}
}

// leave keeps what the panel holds unsaved as a draft.
func (m *Model) leave() {
	if m.kept != nil {
		m.kept.Leave()
	}
}

// resumes are the drafts that open here.
var resumes = []string{account.CreateUser.Name, account.UpdateUser.Name}

// Find goes on with the draft of that key.
func (m *Model) Find(key string, found func()) {
	resume.NewHere(m.env, func(d form.Draft) bool { return slices.Contains(resumes, d.Kind) }).Find(key, func(d form.Draft) {
		m.Resume(d, found)
	})
}

// Resume goes on with a draft, on the user as he was read for it: saving finds out what
// somebody else changed since (R35). The user of a strange draft is looked up first.
func (m *Model) Resume(d form.Draft, found func()) {
	var u account.User
	if !d.Of(&u) {
		return
	}
	goOn := func(p Panel) {
		m.panel(p, u)
		m.kept.Resume(d)
		found()
	}
	switch {
	case d.Kind != account.UpdateUser.Name:
		goOn(NewUser)
		return
	case !d.Strange:
		goOn(EditUser)
		return
	}
	m.env.Shell.Go(func(ctx context.Context) func() {
		now, err := account.ListUsers.Call(ctx, m.env.Caller, "", account.ListUsersReq{})
		return func() {
			i := slices.IndexFunc(now.Users, func(x account.User) bool { return x.ID == u.ID && x.Login == u.Login })
			switch {
			case err != nil:
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
			case i < 0:
				resume.Elsewhere(m.env, d)
			default:
				u.Stamp = resume.Stamp(u.Stamp, now.Users[i].Stamp)
				goOn(EditUser)
			}
		}
	})
}

func (m *Model) panel(p Panel, u account.User) {
	m.leave()
	m.Edit = &Edit{Panel: p, Subject: u}
	m.Edit.build(m.env)
}

func (m *Edit) build(env *screen.Env) {
	p, u := m.Panel, m.Subject
	kind := map[Panel]string{NewUser: account.CreateUser.Name, EditUser: account.UpdateUser.Name, NewPassword: account.ResetPassword.Name}[p]
	f := form.New(kind, "user", env.NewKey)
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
	m.kept = env.Desk.Keep(f)
	m.Offer = resume.NewHere(env, func(d form.Draft) bool {
		var x account.User
		return d.Kind == kind && d.Key != f.Key() && d.Of(&x) && x.ID == u.ID && x.Login == u.Login
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

func (m *Edit) role() core.Role {
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
	e := m.Edit
	e.Busy, e.Conflict = true, nil
	send := e.kept.Sending()
	m.env.Shell.Go(func(ctx context.Context) func() {
		var said string
		err := send(func() (err error) {
			said, err = call(ctx)
			return err
		})
		return func() { m.answered(e, said, err) }
	})
}

// answered takes the server's word for e, which need not be open any more.
func (m *Model) answered(e *Edit, said string, err error) {
	e.Busy = false
	switch open := m.Edit == e; {
	case err == nil:
		if open {
			m.Shut()
		}
		m.env.Shell.Toast(screen.Toast{Text: said})
		m.Reload()
	case !open:
		m.env.Shell.Toast(screen.Toast{Error: true, Text: e.whose() + " was not saved. " + screen.Sentence(err)})
	case core.CodeOf(err) == core.CodeConflict:
		e.overtaken(err)
	default:
		e.Form.Apply(err)
		e.Form.Message = screen.Sentence(err)
	}
}

// whose is the user an edit is about.
func (m *Edit) whose() string {
	if m.Subject.Name == "" {
		return m.Name.Text
	}
	return m.Subject.Name
}

// overtaken shows who changed the user in the meantime, and both values.
func (m *Edit) overtaken(err error) {
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
	mine := m.Edit
	m.discard()
	m.panel(EditUser, mine.Conflict.Theirs)
	m.Name.Set(mine.Name.Text)
	m.Role.Set(mine.Role.Text)
	m.Active.Set(mine.Active.Text)
}

// TakeTheirs shows the user as he is now; what was typed is dropped.
func (m *Model) TakeTheirs() {
	if m.Conflict != nil {
		theirs := m.Conflict.Theirs
		m.discard()
		m.panel(EditUser, theirs)
		m.Reload()
	}
}

func (m *Edit) discard() {
	m.kept.Discard(nil)
	m.kept = nil
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
