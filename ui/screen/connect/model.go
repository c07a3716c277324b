// Package connect finds the server of a client PC and makes the two trust each
// other.
package connect

import (
	"context"
	"strings"
	"time"

	"masala/core"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/resume"
)

// NotFound is what the user reads when no server answers (RESILIENCE 3.4).
const NotFound = "Cannot find server. Ensure the server is running and port 8090 is not blocked by firewall."

// patience is how long a search lasts before NotFound is shown; a server on the
// network answers within two seconds.
const patience = 4 * time.Second

// Model is the connect screen: servers found, an address typed by hand, and the
// pairing code.
type Model struct {
	Form    *form.Form
	Address *form.Field
	Code    *form.Field
	Pairing bool
	Fault   string
	// Pick is the server to pair with; empty while none is chosen.
	Pick screen.Server

	conn  screen.Connection
	clock core.Clock
	run   func(func(context.Context) func())
}

// NewModel makes the screen.
func NewModel(env *screen.Env, conn screen.Connection, clock core.Clock, run func(func(context.Context) func())) *Model {
	m := &Model{conn: conn, clock: clock, run: run}
	m.Form = form.New("pair", "server address", func() string { return "pair" })
	m.Address = m.Form.Add(form.Field{Path: "address", Label: "Server address", Rule: addressRule, Hint: "for example 192.168.1.10"})
	m.Code = m.Form.Add(form.Field{Path: "code", Label: "Pairing code", Secret: true, Rule: codeRule,
		Hint: "an Admin shows it on the server: System, Users and PCs"})
	kept := env.Desk.Keep(m.Form)
	// An address typed before is simply there again: nothing was begun with it.
	resume.NewHere(env, func(form.Draft) bool { return true }).Find(m.Form.Key(), kept.Resume)
	return m
}

// Servers lists what was found.
func (m *Model) Servers() []screen.Server { return m.conn.Found() }

// Status is where the connection stands.
func (m *Model) Status() screen.Status { return m.conn.Status() }

// Paired reports whether this PC has a server; then other servers do not count.
func (m *Model) Paired() bool { return m.Status().Phase != screen.Unpaired }

// Searched reports whether the server was not found for long enough to say so. A server that
// is heard may still be behind a firewall: what it says goes out, what is said to it does not
// come in.
func (m *Model) Searched() bool {
	s := m.Status()
	if s.Up() || s.Phase == screen.Refused || s.Down.IsZero() || m.clock.Now().Sub(s.Down) < patience {
		return false
	}
	return m.Paired() || len(m.Servers()) == 0
}

// Choose takes a server of the list, which asks for a code. The own one is dialled anyhow.
func (m *Model) Choose(i int) {
	list := m.Servers()
	if i < 0 || i >= len(list) {
		return
	}
	m.Pick, m.Fault = list[i], ""
}

// Try takes the address typed by hand. A paired PC looks for its server there; one that is
// not chooses the server there.
func (m *Model) Try() *form.Field {
	m.Address.Leave()
	a := m.Address.Text
	switch {
	case m.Address.Error != "":
		return m.Address
	case a == "":
		m.Address.Error = "Enter the address of the server, for example 192.168.1.10."
		return m.Address
	}
	m.Fault, m.Pick = "", screen.Server{}
	if !m.Paired() {
		m.Pick = screen.Server{Name: a, Address: a}
	}
	m.conn.SetAddress(a)
	return nil
}

// Target is the server that a pairing code would be sent to, with an empty Address while
// there is none to pair with. chosen tells that it is what leads on, not only what may.
func (m *Model) Target() (to screen.Server, chosen bool) {
	s := m.Status()
	switch {
	case m.Pick.Address != "":
		return m.Pick, true
	case s.Phase == screen.Refused && (s.Refusal == screen.NotPaired || s.Refusal == screen.Revoked):
		return screen.Server{Name: s.Server, Address: s.Address}, true
	case !m.Paired():
		if list := m.Servers(); len(list) == 1 && m.Address.Text == "" {
			return list[0], true
		}
		return to, false
	}
	for _, t := range s.Tried {
		if t.Other {
			return screen.Server{Address: t.Where}, false
		}
	}
	return to, false
}

// Pair sends the code to the chosen server. It returns the field at fault.
func (m *Model) Pair() *form.Field {
	if m.Pairing {
		return nil
	}
	code, err := codeRule(m.Code.Text)
	if err != nil || len(code) != codeLen {
		m.Code.Error, m.Code.Touched = "A pairing code has 16 letters and digits, for example ABCD-EFGH-2345-6789.", true
		return m.Code
	}
	to, _ := m.Target()
	at := to.Address
	if at == "" {
		m.Fault = "Choose the server first, or enter its address."
		return nil
	}
	m.Pairing, m.Fault = true, ""
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
		defer cancel()
		err := m.conn.Pair(ctx, at, code)
		return func() {
			m.Pairing = false
			if err != nil {
				m.Fault = screen.Sentence(err)
				return
			}
			m.Code.Clear()
			m.conn.RetryNow()
		}
	})
	return nil
}

const codeLen = 19 // four groups of four with three dashes

// addressRule refuses what cannot be dialled.
func addressRule(text string) (string, error) { return text, core.CheckServerAddress("address", text) }

// codeRule groups a code as it is printed: ABCD-EFGH-2345-6789.
func codeRule(text string) (string, error) { return Group(text), nil }

// Group writes letters and digits in groups of four, at most four groups.
func Group(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToUpper(text) {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			continue
		}
		if n == 16 {
			break
		}
		if n > 0 && n%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// Explain says in a sentence why a server that was found cannot be used, and what
// to do.
func Explain(s screen.Status) (title, text string) {
	switch s.Refusal {
	case screen.NotPaired:
		return "This PC is not paired yet", "Ask an Admin for a pairing code: on the server under System, Users and PCs."
	case screen.Revoked:
		return "This PC may no longer connect", "An Admin took the trust back. Ask for a new pairing code if this was a mistake."
	case screen.WrongVersion:
		if s.Detail == "" {
			s.Detail = "Install the server's version of Masala Inventory on this PC."
		}
		return "Server and PC have different versions", s.Detail
	case screen.WrongServer:
		return "This is another server", "The PC at this address is not the server this PC was paired with. Check that only one server runs, or pair again."
	}
	switch s.Refusal {
	case screen.Recovering:
		return parted(s.Detail, "The server is restoring its data")
	case screen.Starting:
		return parted(s.Detail, "The server is starting")
	}
	if s.Detail == "" {
		s.Detail = "It is tried again by itself. If it stays so, look at the screen of the server."
	}
	return "The server refused this PC", s.Detail
}

// parted cuts the server's own words into a title and the rest: "The server is
// restoring its data: 40 %. Checking every page. What you typed is kept ..."
func parted(says, otherwise string) (title, text string) {
	title, text, ok := strings.Cut(says, ". ")
	if !ok {
		return otherwise, "What you typed is kept, and this PC connects again by itself."
	}
	return title, text
}
