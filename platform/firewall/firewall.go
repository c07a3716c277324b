// Package firewall tells whether the firewall of this PC lets other PCs in at a port, as
// far as that can be known, and how an administrator allows it. It changes nothing.
package firewall

import (
	"context"
	"fmt"
	"time"
)

// State is what is known of one port.
type State string

// The states. Partly means on some networks only; Unknown that the rules cannot be read
// or not be understood.
const (
	Allowed State = "allowed"
	Partly  State = "partly"
	Blocked State = "blocked"
	Unknown State = "unknown"
)

// Report is what was found.
type Report struct {
	Name     string // of the firewall, as its makers write it: "ufw"
	TCP, UDP State
	Why      string   // one sentence for the user
	Fix      []string // commands that let the port in, for an administrator; none if it is
}

// State is the worse of the two ports.
func (r Report) State() State {
	for _, s := range []State{Blocked, Partly, Unknown} {
		if r.TCP == s || r.UDP == s {
			return s
		}
	}
	return Allowed
}

// Look asks the firewall of this PC about TCP and UDP port; exe is the program that
// listens there.
func Look(ctx context.Context, exe string, port int) Report {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return look(ctx, exe, port)
}

// both says the same of TCP and UDP.
func both(name string, s State, why string, args ...any) Report {
	return Report{Name: name, TCP: s, UDP: s, Why: fmt.Sprintf(why, args...)}
}

// ports words the ports that are in one of the states.
func (r Report) ports(port int, states ...State) string {
	in := func(s State) bool {
		for _, x := range states {
			if x == s {
				return true
			}
		}
		return false
	}
	switch {
	case in(r.TCP) && in(r.UDP):
		return fmt.Sprintf("port %d", port)
	case in(r.TCP):
		return fmt.Sprintf("TCP port %d", port)
	}
	return fmt.Sprintf("UDP port %d", port)
}

// plain writes the sentence of a firewall whose rules are understood.
func (r *Report) plain(port int) {
	switch r.State() {
	case Allowed:
		r.Why = fmt.Sprintf("%s lets port %d in.", r.Name, port)
	case Unknown:
		r.Why = fmt.Sprintf("%s has rules that were not understood, so it is not known whether it lets %s in.", r.Name, r.ports(port, Unknown))
	default:
		r.Why = fmt.Sprintf("%s blocks %s.", r.Name, r.ports(port, Blocked, Partly))
	}
}
