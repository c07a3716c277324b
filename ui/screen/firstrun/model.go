// Package firstrun asks what a PC is for, and sets up the factory on the server's.
package firstrun

import (
	"context"
	"fmt"

	"masala/ui/screen"
)

// Choice is one of the three roles as it stands on the card.
type Choice struct {
	Role   screen.Role
	Title  string
	Text   string
	Short  string // where there is no room for Text
	Button string
}

var choices = []Choice{
	{screen.RoleServer, "Server", "Keeps all the data. Exactly one PC in the factory, left switched on.", "Keeps all the data. One PC, left switched on.", "Set up as server"},
	{screen.RoleClient, "Client", "Joins the server over the LAN: store, mill, packing and dispatch PCs.", "Joins the server over the LAN.", "Set up as client"},
	{screen.RoleDemo, "Try the demo factory", "A full spice factory with items, suppliers and a month of work.", "A full spice factory to look around in.", "Open the demo factory"},
}

// Picker is the first question of a new PC.
type Picker struct {
	At      int             // the chosen card
	Busy    bool            // the choice is being carried out
	Fault   string          // why it failed
	Found   []screen.Server // servers seen on the network
	pc      screen.PC
	run     func(func(context.Context) func())
	started func(screen.Role, screen.Connection)
	stop    context.CancelFunc
	facts   facts
}

// facts are read once, away from the window: asking the disk or the network takes
// time.
type facts struct {
	known    bool
	name     string
	address  string
	portFree bool
	free     int64
	wall     string // what the firewall keeps out
}

// NewPicker makes the question; started is called with the line to the server.
// later runs a function on the window's goroutine.
func NewPicker(pc screen.PC, run func(func(context.Context) func()), later func(func()), started func(screen.Role, screen.Connection)) *Picker {
	p := &Picker{pc: pc, run: run, started: started}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	run(func(context.Context) func() {
		f := facts{known: true, name: pc.Name(), portFree: pc.PortFree(), free: pc.FreeDisk()}
		if a := pc.Addresses(); len(a) > 0 {
			f.address = a[0]
		}
		if w, ok := pc.(screen.Walled); ok {
			f.wall = w.Firewall()
		}
		return func() { p.facts = f }
	})
	run(func(context.Context) func() {
		pc.Look(ctx, func(s []screen.Server) { later(func() { p.Found = s }) })
		return nil
	})
	return p
}

// Move goes n cards down.
func (p *Picker) Move(n int) { p.At = (p.At + n + len(choices)) % len(choices) }

// Note is the small line of a card: what this PC found out about it.
func (p *Picker) Note(role screen.Role) string {
	switch role {
	case screen.RoleServer:
		return p.facts.String()
	case screen.RoleClient:
		switch n := len(p.Found); {
		case n == 1:
			return "Found " + serverName(p.Found[0]) + "."
		case n > 1:
			return fmt.Sprintf("Found %d servers on this network.", n)
		}
		return "Looking for a server on this network. None found yet."
	}
	return "Nothing leaves this PC; a real server can run beside it."
}

func serverName(s screen.Server) string {
	if s.Factory != "" {
		return s.Factory + " on " + s.Name
	}
	return s.Name
}

// String is "192.168.1.10, port 8090 is free, 212 GB free disk".
func (f facts) String() string {
	if !f.known {
		return ""
	}
	text := f.address
	if text == "" {
		text = "No network address yet"
	}
	switch {
	case !f.portFree:
		text += ", port 8090 is used by another program"
	case f.wall != "": // there is one line, and this is the news in it
		return text + ". " + f.wall
	default:
		text += ", port 8090 is free"
	}
	if f.free >= 0 {
		text += ", " + Bytes(f.free) + " free disk"
	}
	return text
}

// Bytes writes a size as people say it: 212 GB, 640 MB.
func Bytes(n int64) string {
	const mb = 1 << 20
	switch {
	case n < 0:
		return "unknown"
	case n >= 10<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<30:
		return fmt.Sprintf("%d.%d GB", n>>30, n%(1<<30)*10>>30)
	}
	return fmt.Sprintf("%d MB", n/mb)
}

// Choose carries out the chosen card.
func (p *Picker) Choose() {
	if p.Busy {
		return
	}
	p.Busy, p.Fault = true, ""
	role := choices[p.At].Role
	p.run(func(ctx context.Context) func() {
		conn, err := p.pc.Start(ctx, role)
		return func() {
			p.Busy = false
			if err != nil {
				p.Fault = startFault(role, err)
				return
			}
			p.Close()
			p.started(role, conn)
		}
	})
}

func startFault(role screen.Role, err error) string {
	if role == screen.RoleDemo {
		return "The demo factory could not be opened: " + err.Error()
	}
	return "This PC could not be set up: " + err.Error()
}

// Close ends the search for servers.
func (p *Picker) Close() { p.stop() }
