package settings_test

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/core/system"
	"masala/ui/screen"
	"masala/ui/screen/screentest"
	"masala/ui/screen/settings"
)

// server is a server whose settings can be changed.
type server struct {
	*screentest.Server
	set     system.Settings
	is      system.Server
	revoked []core.DeviceID
}

func newServer() *server {
	s := &server{Server: screentest.NewServer()}
	s.set.SettingsFields = system.Defaults()
	s.set.Factory, s.set.Version = "Sahyadri Masala, Pune", 4
	s.is = system.Server{ServerRecord: system.ServerRecord{ServerFields: system.ServerDefaults()}, PC: "MASALA-SRV", Listen: 8090}
	screentest.Answer(s.Server, system.GetSettings, func(system.GetSettingsReq) (system.Settings, error) { return s.set, nil })
	screentest.Answer(s.Server, system.GetServer, func(system.GetServerReq) (system.Server, error) { return s.is, nil })
	screentest.Answer(s.Server, system.ServerStatus, func(system.ServerStatusReq) (system.ServerStatusResp, error) {
		return system.ServerStatusResp{Connected: []string{"PC-MILL"}}, nil
	})
	screentest.Answer(s.Server, account.ListDevices, func(account.ListDevicesReq) (account.ListDevicesResp, error) {
		gone := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
		return account.ListDevicesResp{Devices: []account.Device{{ID: 2, Name: "PC-MILL"}, {ID: 1, Name: "PC-OLD", RevokedAt: &gone}}}, nil
	})
	screentest.Answer(s.Server, account.RevokeDevice, func(q account.RevokeDeviceReq) (account.Done, error) {
		s.revoked = append(s.revoked, q.ID)
		return account.Done{}, nil
	})
	screentest.Answer(s.Server, account.OpenPairing, func(account.OpenPairingReq) (account.OpenPairingResp, error) {
		return account.OpenPairingResp{Code: "K7QM-4XRT-9WPB-2HVN", Expires: time.Date(2026, 2, 12, 9, 12, 5, 0, time.UTC)}, nil
	})
	screentest.Answer(s.Server, system.UpdateSettings, func(q system.UpdateSettingsReq) (system.Settings, error) {
		if q.Version != s.set.Version {
			return system.Settings{}, core.Errorf(core.CodeConflict, core.ConflictMessage).With("updated_by", "meera").With("updated_at", time.Date(2026, 2, 12, 8, 0, 0, 0, time.UTC)).
				With("version", s.set.Version).With("theirs", s.set.SettingsFields)
		}
		s.set.SettingsFields = q.SettingsFields
		s.set.Version++
		return s.set, nil
	})
	screentest.Answer(s.Server, system.UpdateServer, func(q system.UpdateServerReq) (system.Server, error) {
		if q.Port == 9000 {
			return system.Server{}, core.Invalid("port", "Port 9000 is used by another program. Choose another one.")
		}
		if q.Version != s.is.Version {
			return system.Server{}, core.Errorf(core.CodeConflict, core.ConflictMessage).With("updated_by", "meera").With("updated_at", time.Date(2026, 2, 12, 8, 0, 0, 0, time.UTC)).
				With("version", s.is.Version).With("theirs", s.is.ServerFields)
		}
		s.is.ServerFields = q.ServerFields
		s.is.Version++
		if q.Port != 0 {
			s.is.Listen = q.Port
		}
		return s.is, nil
	})
	return s
}

// pc starts with its user, if it is told to.
type pc struct {
	screen.PC
	auto bool
}

func (p *pc) Name() string               { return "PC-OFFICE" }
func (p *pc) Version() string            { return "1.0.0" }
func (p *pc) Role() screen.Role          { return screen.RoleServer }
func (p *pc) Autostart() (bool, error)   { return p.auto, nil }
func (p *pc) SetAutostart(on bool) error { p.auto = on; return nil }

func open(t *testing.T, s *server, p *pc, width, height int) *screentest.Window {
	t.Helper()
	return screentest.Open(t, screentest.Options{Server: s.Server, Width: width, Height: height}, func(env *screen.Env) screen.Screen {
		env.PC = p
		return settings.New(env)
	})
}

func TestSettingsAreSaved(t *testing.T) {
	s := newServer()
	w := open(t, s, &pc{}, 0, 0)
	w.Press(key.NameReturn, key.ModCtrl)
	if n := len(s.Keys(system.UpdateSettings.Name)); n != 0 {
		t.Error("nothing was changed, and it was sent")
	}
	w.Fill("Address", "Hadapsar, Pune")
	w.Fill("Server name", "Office PC")
	if !w.Screen.Dirty() {
		t.Error("the page does not know that it was changed")
	}
	w.Press(key.NameReturn, key.ModCtrl)
	if s.set.Address != "Hadapsar, Pune" || s.is.Name != "Office PC" || s.is.Port != 0 || w.Said() != "Settings saved" || w.Screen.Dirty() {
		t.Errorf("saved %+v, %+v, said %q\n%s", s.set, s.is, w.Said(), w.Dump())
	}
	w.Fill("Server name", "MASALA-SRV") // the PC's own again
	w.Press(key.NameReturn, key.ModCtrl)
	if s.is.Name != "" {
		t.Errorf("the name of the PC was fixed as %q", s.is.Name)
	}
}

func TestPortThatIsTaken(t *testing.T) {
	s := newServer()
	w := open(t, s, &pc{}, 0, 0)
	w.Fill("Port", "9,000")
	if !w.Sees("Allow TCP port 9000 in the firewall of the server, or no new PC gets in.") && !w.Sees("Allow TCP port 9,000 in the firewall of the server, or no new PC gets in.") {
		t.Errorf("the firewall is not spoken of:\n%s", w.Dump())
	}
	w.Press(key.NameReturn, key.ModCtrl)
	if got := w.Note("Port", "Error"); got != "Port 9000 is used by another program. Choose another one." {
		t.Errorf("the fault is not at the port: %q\n%s", got, w.Dump())
	}
	w.Fill("Port", "80")
	w.Press(key.NameReturn, key.ModCtrl)
	if got := w.Note("Port", "Error"); got != "Enter a port from 1024 to 65535." {
		t.Errorf("port 80: %q", got)
	}
	w.Fill("Port", "8191")
	w.Press(key.NameReturn, key.ModCtrl)
	if s.is.Port != 8191 || w.Text("Port") != "8191" {
		t.Errorf("saved %+v, shown %q", s.is, w.Text("Port"))
	}
}

func TestFault_4_1_SettingsChangedMeanwhile(t *testing.T) {
	s := newServer()
	w := open(t, s, &pc{}, 0, 0)
	w.Fill("Address", "Hadapsar, Pune")
	s.set.Version, s.set.Address = 5, "Wagholi, Pune"
	w.Press(key.NameReturn, key.ModCtrl)
	if !w.Sees(core.ConflictMessage) || !w.Sees("Address: theirs Wagholi, Pune, yours Hadapsar, Pune.") {
		t.Fatalf("no conflict:\n%s", w.Dump())
	}
	w.Click("Keep my input")
	w.Press(key.NameReturn, key.ModCtrl)
	if s.set.Address != "Hadapsar, Pune" || s.set.Version != 6 {
		t.Errorf("kept %+v", s.set)
	}
	w.Fill("Address", "Kharadi, Pune")
	s.set.Version, s.set.Address = 7, "Wagholi, Pune"
	w.Press(key.NameReturn, key.ModCtrl)
	w.Click("Reload")
	if w.Text("Address") != "Wagholi, Pune" || w.Screen.Dirty() {
		t.Errorf("reloaded %q", w.Text("Address"))
	}

	w.Fill("Server name", "Office PC")
	s.is.Version, s.is.Name = 9, "Godown PC"
	w.Press(key.NameReturn, key.ModCtrl)
	for _, says := range []string{core.ConflictMessage, "meera, 12-Feb-2026 13:30.", "Server name: theirs Godown PC, yours Office PC."} {
		if !strings.Contains(w.Dump(), says) {
			t.Errorf("the conflict does not say %q:\n%s", says, w.Dump())
		}
	}
	w.Click("Keep my input")
	w.Press(key.NameReturn, key.ModCtrl)
	if s.is.Name != "Office PC" || s.is.Version != 10 {
		t.Errorf("kept %+v", s.is.ServerFields)
	}
}

func TestThisPCAndTheOthers(t *testing.T) {
	s, p := newServer(), &pc{}
	w := open(t, s, p, 0, 0)
	w.Click("Start the program with this PC")
	if !p.auto {
		t.Error("the switch did nothing")
	}
	if w.Sees("PC-OLD") || !w.Sees("connected") {
		t.Errorf("PCs:\n%s", w.Dump())
	}
	w.Click("Take trust back from PC-MILL")
	w.Reply("Keep it")
	w.Click("Take trust back from PC-MILL")
	w.Reply("Take trust back")
	if len(s.revoked) != 1 || s.revoked[0] != 2 || w.Said() != "PC-MILL can no longer connect" {
		t.Errorf("revoked %v, said %q", s.revoked, w.Said())
	}
	w.Press("P", key.ModCtrl, key.ModShift)
	if !w.Sees("K7QM-4XRT-9WPB-2HVN") {
		t.Errorf("no code:\n%s", w.Dump())
	}
}

// TestKeyboardBringsFieldsIntoView: in the smallest window Enter leads through every
// field, and the one with the keyboard can be seen.
func TestKeyboardBringsFieldsIntoView(t *testing.T) {
	const height = 640 - 70
	w := open(t, newServer(), &pc{}, 1024-72, height)
	for range 8 {
		w.Press(key.NameReturn)
		w.Settle()
	}
	for _, n := range w.Nodes() {
		if n.Description == "Warn below free disk, MB" {
			if n.Bounds.Min.Y < 0 || n.Bounds.Max.Y > height {
				t.Errorf("the last field lies at %v", n.Bounds)
			}
			w.Type("600")
			if got := w.Text("Warn below free disk, MB"); got != "600" {
				t.Errorf("the keyboard is elsewhere: %q", got)
			}
			return
		}
	}
	t.Errorf("no last field:\n%s", w.Dump())
}
