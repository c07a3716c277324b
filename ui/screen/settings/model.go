// Package settings is where an Admin sets up the factory, the server and the PC he
// sits at.
package settings

import (
	"context"
	"fmt"
	"strconv"

	"masala/core"
	"masala/core/party"
	"masala/core/system"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/paired"
	"masala/ui/screen/resume"
)

// Part is one record with its form.
type Part struct {
	Form     *form.Form
	Busy     bool
	Conflict *conflict.Conflict
	stamp    core.Stamp
	kept     *form.Kept
	fill     func()
	send     func(ctx context.Context, key string) (adopt func(), err error)
	compare  func(*conflict.Conflict) bool // notes what differs
}

// Model is the page without its looks.
type Model struct {
	env    *screen.Env
	Loaded bool
	Fault  string // why it could not be read

	Factory                                     *Part
	Name, Address, State, GSTIN, Zone, Backdate *form.Field
	Server                                      *Part
	PCName, Port, LowDisk                       *form.Field

	Set    system.Settings
	Now    system.Server           // the server as it is
	Status system.ServerStatusResp // last backup, addresses
	PCs    *paired.Model

	Start      bool   // the program starts with this PC
	StartFault string // why that is not known or could not be changed

	Offer *resume.Here
	want  string // key of the draft the user came for
}

// NewModel makes the page's model; Reload reads it.
func NewModel(env *screen.Env) *Model {
	m := &Model{env: env, PCs: paired.NewModel(env)}
	m.makeFactory()
	m.makeServer()
	for _, p := range []*Part{m.Factory, m.Server} {
		p.kept = env.Desk.Keep(p.Form)
	}
	m.Offer = resume.NewHere(env, func(d form.Draft) bool { return m.part(d) != nil })
	return m
}

// resumes are the drafts that open here.
var resumes = []string{system.UpdateSettings.Name, system.UpdateServer.Name}

// Find goes on with the draft of that key, or offers one; not before the records were
// read, which it must not be lost under.
func (m *Model) Find(key string) {
	m.want = key
	switch {
	case !m.Loaded:
	case key == "":
		m.Offer.Look()
	default:
		m.Offer.Find(key, m.Resume)
	}
}

// part is the record whose draft d is, nil for another form's.
func (m *Model) part(d form.Draft) *Part {
	for _, p := range []*Part{m.Factory, m.Server} {
		if d.Kind == p.Form.Kind && d.Key != p.Form.Key() {
			return p
		}
	}
	return nil
}

// Resume goes on with a draft, on the record as it was read for it: saving finds out
// what somebody else changed since (R35).
func (m *Model) Resume(d form.Draft) {
	p := m.part(d)
	if p == nil || !d.Of(&p.stamp) {
		return
	}
	if d.Strange {
		now := m.Set.Stamp
		if p == m.Server {
			now = m.Now.Stamp
		}
		p.stamp = resume.Stamp(p.stamp, now)
	}
	p.Form.Base = p.stamp
	p.kept.Resume(d)
	m.Offer.Look()
}

func (m *Model) makeFactory() {
	f := form.New(system.UpdateSettings.Name, "change of the settings", m.env.NewKey)
	m.Name = f.Add(form.Field{Path: "factory", Label: "Factory", Required: true, Missing: "Enter the name of the factory.", Rule: form.AtMost(core.MaxName)})
	m.GSTIN = f.Add(form.Field{Path: "gstin", Label: "GSTIN", Hint: "empty when not registered", Rule: gstin})
	m.State = f.Add(form.Field{Path: "state_code", Label: "State", Coded: true, Required: true, Pick: true, Missing: "Choose the state."})
	m.Address = f.Add(form.Field{Path: "address", Label: "Address", Hint: "as it stands on documents", Rule: form.AtMost(core.MaxNote)})
	m.Zone = f.Add(form.Field{Path: "time_zone", Label: "Time zone", Required: true, Missing: "Enter a time zone such as Asia/Kolkata."})
	m.Backdate = f.Add(form.Field{Path: "backdate_days", Label: "Backdating, days", Required: true, Hint: "how far an Admin may date back", Rule: number(0, 31, "Backdating is allowed for 0 to 31 days.")})
	m.Factory = &Part{Form: f,
		fill: func() { m.fillFactory(m.Set.SettingsFields) },
		send: func(ctx context.Context, key string) (func(), error) {
			q := system.UpdateSettingsReq{Version: m.Factory.stamp.Version, SettingsFields: m.factory()}
			if err := q.Validate(); err != nil {
				return nil, err
			}
			s, err := system.UpdateSettings.Call(ctx, m.env.Caller, key, q)
			return func() { m.Set = s; m.adopt(m.Factory, s.Stamp) }, err
		},
		compare: func(c *conflict.Conflict) bool {
			var theirs system.SettingsFields
			if c.Theirs(&theirs) != nil {
				return false
			}
			c.Compare("Factory", theirs.Factory, m.Name.Text)
			c.Compare("GSTIN", theirs.GSTIN, m.GSTIN.Text)
			c.Compare("State", party.States[theirs.StateCode], m.State.Text)
			c.Compare("Address", theirs.Address, m.Address.Text)
			c.Compare("Time zone", theirs.TimeZone, m.Zone.Text)
			c.Compare("Backdating", fmt.Sprint(theirs.BackdateDays), m.Backdate.Text)
			return true
		}}
}

func (m *Model) makeServer() {
	f := form.New(system.UpdateServer.Name, "server", m.env.NewKey)
	m.PCName = f.Add(form.Field{Path: "name", Label: "Server name", Rule: form.AtMost(core.MaxName)})
	m.Port = f.Add(form.Field{Path: "port", Label: "Port", Hint: "PCs find a new port by themselves", Rule: port})
	m.LowDisk = f.Add(form.Field{Path: "low_disk", Label: "Warn below free disk, MB", Required: true,
		Rule: number(system.MinLowDisk>>20, system.MaxLowDisk>>20, "Warn below 500 MB to 102,400 MB of free space.")})
	m.Server = &Part{Form: f,
		fill: func() { m.fillServer(m.Now.ServerFields) },
		send: func(ctx context.Context, key string) (func(), error) {
			q := system.UpdateServerReq{Version: m.Server.stamp.Version, ServerFields: m.server()}
			if err := q.Validate(); err != nil {
				return nil, err
			}
			s, err := system.UpdateServer.Call(ctx, m.env.Caller, key, q)
			return func() { m.Now.ServerRecord = s.ServerRecord; m.adopt(m.Server, s.Stamp) }, err
		},
		compare: func(c *conflict.Conflict) bool {
			var theirs system.ServerFields
			if c.Theirs(&theirs) != nil {
				return false
			}
			c.Compare("Server name", theirs.Name, m.PCName.Text)
			c.Compare("Port", m.port(theirs), m.Port.Text)
			c.Compare("Warn below", form.FormatInt(theirs.LowDisk>>20), m.LowDisk.Text)
			return true
		}}
}

// gstin checks form and check digit.
func gstin(text string) (string, error) {
	s := core.Visible(text)
	if err := party.CheckGSTIN(s); err != nil {
		return "", core.Errorf(core.CodeInvalid, "%s", err.Error())
	}
	return s, nil
}

func number(low, high int64, sentence string) form.Rule {
	return func(text string) (string, error) {
		n, err := form.ParseInt(text)
		if err == nil && (n < low || n > high) {
			err = core.Errorf(core.CodeInvalid, "%s", sentence)
		}
		return form.FormatInt(n), err
	}
}

// port is a number without thousands: it is a name, not an amount.
func port(text string) (string, error) {
	n, err := form.ParseInt(text)
	if err != nil || n < system.MinPort || n > system.MaxPort {
		return "", core.Errorf(core.CodeInvalid, "Enter a port from 1024 to 65535.")
	}
	return strconv.FormatInt(n, 10), nil
}

func set(f *form.Field, text string) { f.Choose("", text, "") }

func (m *Model) fillFactory(s system.SettingsFields) {
	set(m.Name, s.Factory)
	set(m.GSTIN, s.GSTIN)
	m.State.Choose(s.StateCode, party.States[s.StateCode], s.StateCode)
	set(m.Address, s.Address)
	set(m.Zone, s.TimeZone)
	set(m.Backdate, form.FormatInt(int64(s.BackdateDays)))
}

func (m *Model) factory() system.SettingsFields {
	return system.SettingsFields{Factory: m.Name.Text, GSTIN: m.GSTIN.Text, StateCode: m.State.Key, Address: m.Address.Text, TimeZone: m.Zone.Text, BackdateDays: int(m.Backdate.Int())}
}

// fillServer shows what holds in the place of what is not set.
func (m *Model) fillServer(s system.ServerFields) {
	name := s.Name
	if name == "" {
		name = m.Now.PC
	}
	set(m.PCName, name)
	set(m.Port, m.port(s))
	set(m.LowDisk, form.FormatInt(s.LowDisk>>20))
	m.Port.ReadOnly = m.Now.Demo
	if m.Now.Demo {
		m.Port.Hint = "the demo factory serves this PC only"
	}
}

func (m *Model) port(s system.ServerFields) string {
	n := s.Port
	if n == 0 {
		n = m.Now.Listen
	}
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// server leaves unset what is still as it would be without being set.
func (m *Model) server() system.ServerFields {
	s := system.ServerFields{Name: m.PCName.Text, Port: int(m.Port.Int()), LowDisk: m.LowDisk.Int() << 20}
	if s.Name == m.Now.PC {
		s.Name = ""
	}
	if m.Now.Port == 0 && s.Port == m.Now.Listen {
		s.Port = 0
	}
	return s
}

// Reload reads everything; what is typed stays.
func (m *Model) Reload() {
	m.env.Shell.Go(func(ctx context.Context) func() {
		s, err := system.GetSettings.Call(ctx, m.env.Caller, "", system.GetSettingsReq{})
		if err != nil {
			return func() { m.Fault = screen.Sentence(err) }
		}
		v, err := system.GetServer.Call(ctx, m.env.Caller, "", system.GetServerReq{})
		if err != nil {
			return func() { m.Fault = screen.Sentence(err) }
		}
		st, err := system.ServerStatus.Call(ctx, m.env.Caller, "", system.ServerStatusReq{})
		return func() {
			if m.Fault = screen.Sentence(err); err != nil {
				return
			}
			m.Status, m.PCs.Connected = st, st.Connected
			m.Now.PC, m.Now.Listen, m.Now.Data, m.Now.Demo = v.PC, v.Listen, v.Data, v.Demo
			if !m.Loaded || !m.Factory.Form.Dirty() {
				m.Set = s
				m.adopt(m.Factory, s.Stamp)
			}
			if !m.Loaded || !m.Server.Form.Dirty() {
				m.Now = v
				m.adopt(m.Server, v.Stamp)
			}
			if !m.Loaded {
				m.Loaded = true
				m.Find(m.want)
			}
		}
	})
	m.PCs.Reload(func(fault string) {
		if fault != "" {
			m.Fault = fault
		}
	})
	m.readStart()
}

// adopt shows a record that was read or saved as the base of the form.
func (m *Model) adopt(p *Part, s core.Stamp) {
	p.stamp, p.Conflict, p.Form.Base = s, nil, s
	p.Form.Reset()
	p.fill()
	p.Form.Rebase()
}

// Dirty reports unsaved changes.
func (m *Model) Dirty() bool { return m.Loaded && (m.Factory.Form.Dirty() || m.Server.Form.Dirty()) }

// Busy reports that something is being saved.
func (m *Model) Busy() bool { return m.Factory.Busy || m.Server.Busy }

// Save sends what was changed. It returns the first field at fault.
func (m *Model) Save() *form.Field {
	if !m.Loaded || m.Busy() {
		return nil
	}
	for _, p := range []*Part{m.Factory, m.Server} {
		if p.Form.Dirty() {
			if bad := p.Form.Validate(); bad != nil {
				return bad
			}
		}
	}
	for _, p := range []*Part{m.Factory, m.Server} {
		if p.Form.Dirty() {
			m.save(p)
		}
	}
	return nil
}

func (m *Model) save(p *Part) {
	p.Busy, p.Conflict = true, nil
	key, send := p.Form.Key(), p.kept.Sending()
	m.env.Shell.Go(func(ctx context.Context) func() {
		var adopt func()
		err := send(func() (err error) {
			adopt, err = p.send(ctx, key)
			return err
		})
		return func() {
			p.Busy = false
			if c, ok := conflict.Of(err); ok {
				if !p.compare(&c) {
					p.Form.Message = core.ConflictMessage
					return
				}
				p.Conflict = &c
				return
			}
			if err != nil {
				if p.Form.Apply(err) == nil {
					p.Form.Message = screen.Sentence(err)
				}
				return
			}
			adopt()
			m.env.Shell.Toast(screen.Toast{Text: "Settings saved"})
			m.Reload()
		}
	})
}

// KeepMine takes the other edit as the base and leaves what was typed.
func (m *Model) KeepMine(p *Part) {
	if p.Conflict != nil {
		p.stamp.Version, p.Conflict = p.Conflict.Version, nil
	}
}

// TakeTheirs shows the record as it is now; what was typed is dropped.
func (m *Model) TakeTheirs(p *Part) {
	if p.Conflict != nil {
		p.Conflict = nil
		p.kept.Discard(nil)
		p.Form.Reset()
		p.kept = m.env.Desk.Keep(p.Form)
		p.fill()
		p.Form.Rebase()
		m.Reload()
	}
}

// readStart asks this PC whether the program starts with it.
func (m *Model) readStart() {
	pc, ok := m.env.PC.(screen.Starter)
	if !ok {
		m.StartFault = "This PC cannot start the program by itself."
		return
	}
	m.env.Shell.Go(func(context.Context) func() {
		on, err := pc.Autostart()
		return func() { m.started(on, err) }
	})
}

// SetStart makes the program start with this PC, or ends that.
func (m *Model) SetStart(on bool) {
	pc, ok := m.env.PC.(screen.Starter)
	if !ok {
		return
	}
	m.env.Shell.Go(func(context.Context) func() {
		err := pc.SetAutostart(on)
		now, readErr := pc.Autostart()
		if err == nil {
			err = readErr
		}
		return func() { m.started(now, err) }
	})
}

func (m *Model) started(on bool, err error) {
	m.Start, m.StartFault = on, ""
	if err != nil {
		m.StartFault = "The start with this PC could not be read or changed: " + err.Error() + "."
	}
}

// Role is what the PC of this window is for, in a sentence.
func (m *Model) Role() (title, note string) {
	if m.env.PC == nil {
		return "This PC", ""
	}
	switch m.env.PC.Role() {
	case screen.RoleServer:
		return "Server", "Keeps all the data. It goes on when its window is closed."
	case screen.RoleDemo:
		return "Demo factory", "Nothing leaves this PC."
	}
	return "Client", "Works with the server's data over the LAN."
}
