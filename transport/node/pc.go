package node

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"masala/core"
	"masala/platform/disk"
	"masala/platform/firewall"
	"masala/platform/hostinfo"
	"masala/platform/paths"
	"masala/transport/discovery"
	"masala/transport/wire"
	"masala/ui/screen"
)

// PC is this computer as the window sees it; it is a screen.PC.
type PC struct {
	Setup   *SetupFile
	Network discovery.Network
	Program string // version
	Log     *slog.Logger
	Context context.Context // ends with the window: lines run until then
	// Become asks the supervisor to run this PC in the role; nil when there is none.
	Become func(screen.Role) error
	Args   []string // common arguments of the program, --data among them, for autostart
}

var (
	_ screen.PC      = (*PC)(nil)
	_ screen.Starter = (*PC)(nil)
	_ screen.Walled  = (*PC)(nil)
)

// Name is the name of this PC.
func (p *PC) Name() string { return hostinfo.Name() }

// Addresses are those other PCs may reach it at.
func (p *PC) Addresses() []string { return addresses() }

// PortFree reports whether the server's port can be listened on.
func (p *PC) PortFree() bool { return hostinfo.PortFree(p.Context, ListenLAN) == nil }

// Firewall tells what keeps other PCs from a server on this one.
func (p *PC) Firewall() string {
	exe, err := os.Executable()
	if err != nil {
		p.Log.Warn("own program", "err", err)
	}
	if r := firewall.Look(p.Context, exe, wire.Port); r.State() == firewall.Blocked || r.State() == firewall.Partly {
		return r.Why
	}
	return ""
}

// FreeDisk is the free space where the data lies, -1 unknown.
func (p *PC) FreeDisk() int64 {
	space, err := disk.Of(string(p.Setup.Folder))
	if err != nil {
		return -1
	}
	return space.Free
}

// Role is what this PC was set up as.
func (p *PC) Role() screen.Role {
	s, err := p.Setup.Read()
	if err != nil {
		p.Log.Error("setup", "err", err)
	}
	return s.Role
}

// Version is the version of the program.
func (p *PC) Version() string { return p.Program }

// ListenLAN is where a server listens for the other PCs.
const ListenLAN = ":8090"

// DataFolder is where a role keeps its books: the demo factory has a folder of its
// own beside the real one.
func DataFolder(f paths.Folder, role screen.Role) paths.Folder {
	if role == screen.RoleDemo {
		return f.Demo()
	}
	return f
}

// Start makes this PC what role says and returns the line to its server.
func (p *PC) Start(ctx context.Context, role screen.Role) (screen.Connection, error) {
	if err := p.Setup.Change(func(s *Setup) { s.Role = role }); err != nil {
		return nil, err
	}
	if role != screen.RoleClient {
		if p.Become == nil {
			return nil, core.Errorf(core.CodeUnavailable, "Start the program without \"ui\" to set this PC up as a server.")
		}
		if err := p.Become(role); err != nil {
			return nil, err
		}
	}
	return p.Line(ctx, role)
}

// Line opens the line of a PC with that role. The service of this PC usually is there a
// moment later: it is waited for so that the window begins with the login. One that does
// not come keeps no window from coming; it says what is waited for.
func (p *PC) Line(ctx context.Context, role screen.Role) (screen.Connection, error) {
	o := LineOptions{Setup: p.Setup, Version: p.Program, Log: p.Log}
	if role == screen.RoleClient {
		o.Network = p.Network
	} else {
		o.Local = DataFolder(p.Setup.Folder, role)
		waitForService(ctx, o.Local)
	}
	l, err := NewLine(o)
	if err != nil {
		return nil, err
	}
	go l.Run(p.Context)
	return l, nil
}

// serviceHead is how long a window lets the service of its PC come first.
const serviceHead = 3 * time.Second

// waitForService waits a moment for the service of the folder to tell where it is.
func waitForService(ctx context.Context, f paths.Folder) {
	ctx, cancel := context.WithTimeout(ctx, serviceHead)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := ReadRuntime(f); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look searches the network until ctx ends.
func (p *PC) Look(ctx context.Context, found func([]screen.Server)) {
	if p.Network == nil {
		return
	}
	f := discovery.NewFinder(p.Network, rand.Reader, p.Log)
	go f.Run(ctx)
	heard := map[string]discovery.Server{}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		f.Probe("")
		select {
		case s := <-f.Found():
			heard[string(s.Fingerprint)] = s
			list := make([]discovery.Server, 0, len(heard))
			for _, s := range heard {
				list = append(list, s)
			}
			discovery.Sort(list)
			found(windowServers(list, ""))
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// LoadPreferences reads what the window kept.
func (p *PC) LoadPreferences() ([]byte, error) {
	s, err := p.Setup.Read()
	return s.Preferences, err
}

// SavePreferences keeps something for the window.
func (p *PC) SavePreferences(b []byte) error {
	return p.Setup.Change(func(s *Setup) { s.Preferences = b })
}
