package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/health"
	"masala/core/licence"
	"masala/ui/screen"
	"masala/ui/screen/connect"
)

const versions = "This PC runs Masala 1.2.0, the server runs 1.4.0. Install the server's version on this PC."

func refused(r screen.Refusal, detail string) func(*world) {
	return func(x *world) {
		x.server.set(func(f *fakeServer) {
			f.status = screen.Status{Phase: screen.Refused, Refusal: r, Detail: detail, Server: "MASALA-SRV", Address: "192.168.1.10:8090", Since: x.clock.Now(), Down: x.clock.Now()}
		})
	}
}

// away is a server that is looked for, before it was ever reached or afterwards.
func away(p screen.Phase) func(*world) {
	return func(x *world) {
		x.server.set(func(f *fakeServer) {
			f.status = screen.Status{Phase: p, Address: "192.168.1.10:8090", Attempt: 2, Since: x.clock.Now(), Down: x.clock.Now(), NextTry: x.clock.Now().Add(30 * time.Second)}
		})
		x.ui.Advance(5 * time.Second)
	}
}

// TestEveryStateOfTheLineIsExplained walks all that can come between a PC and its
// server, before the login and over a form: each says what it is and what to do, and
// its buttons do it.
func TestEveryStateOfTheLineIsExplained(t *testing.T) {
	retries := func(x *world) bool { return x.server.retry > 0 }
	seeks := func(x *world) bool { return x.server.seek > 0 }
	const client, server = screen.RoleClient, screen.RoleServer
	for _, c := range []struct {
		name  string
		role  screen.Role
		form  bool // logged in, a form is begun
		state func(*world)
		says  []string
		press string
		does  func(*world) bool
	}{
		{"online", client, true, func(x *world) { x.ui.Hover("Online") }, []string{"Online", "MASALA-SRV at 192.168.1.10:8090, 2 ms"}, "", nil},
		{"lost", client, true, away(screen.Lost), []string{LostSentence, "Attempt 2, offline for 6 s.", "Your work is safe", "Check the LAN cable and the server PC"}, "Retry now", retries},
		{"lost, searched again", client, true, away(screen.Lost), []string{LostSentence}, "Find server again", seeks},
		{"slow", client, true, func(x *world) { x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow }) }, []string{SlowSentence}, "Retry", retries},
		{"slow, beside what stands for weeks", client, true, func(x *world) {
			x.server.set(func(f *fakeServer) {
				f.status.Phase = screen.Slow
				f.state.Warnings = []health.Warning{{Code: "backup.late", Severity: health.Error, Text: "⚠️ No backup in 48 hours!", Admin: true}}
			})
		}, []string{SlowSentence, "⚠️ No backup in 48 hours!"}, "Retry", retries},
		{"slow, no login", client, false, func(x *world) { x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow }) }, []string{SlowSentence, "Log in"}, "Retry", retries},
		{"slow, set-up", server, false, func(x *world) {
			x.server.set(func(f *fakeServer) { f.status.Phase, f.state.NeedAdmin = screen.Slow, true })
		}, []string{SlowSentence, "Set up your factory"}, "Retry", retries},
		{"slow, locked", client, true, func(x *world) {
			rule(x, licensedTo(core.NewDate(2026, 2, 7)))
			x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow })
		}, []string{SlowSentence, "The license ended on 07-Feb-2026"}, "Retry", retries},
		{"other version", client, true, refused(screen.WrongVersion, versions), []string{"Server and PC have different versions", versions, "Your work is safe"}, "Retry now", retries},
		{"other version, no login", client, false, refused(screen.WrongVersion, versions), []string{"Server and PC have different versions. " + versions}, "Search again", seeks},
		{"not paired", client, false, refused(screen.NotPaired, ""), []string{"Ask an Admin for a pairing code: on the server under System, Users and PCs.", "Pairing code"}, "Pair this PC",
			func(x *world) bool { return strings.Contains(x.ui.Dump(), "A pairing code has 16 letters and digits") }},
		{"revoked", client, true, refused(screen.Revoked, ""), []string{"This PC may no longer connect", "Ask for a new pairing code if this was a mistake.", "Your work is safe"}, "Enter pairing code",
			func(x *world) bool { return x.w.session == nil && x.ui.Sees("Pairing code") && len(x.files) == 1 }},
		{"revoked, no login", client, false, refused(screen.Revoked, ""), []string{"This PC may no longer connect. An Admin took the trust back."}, "Search again", seeks},
		{"another server", client, true, refused(screen.WrongServer, ""), []string{"This is another server", "Check that only one server runs, or pair again."}, "Find server again", seeks},
		{"license locked", client, true, func(x *world) { rule(x, licensedTo(core.NewDate(2026, 2, 7))) }, []string{"The license ended on 07-Feb-2026", "Contact support"}, "Open License",
			func(x *world) bool { return strings.Contains(x.ui.Dump(), "Leave anyway?") && len(x.files) == 1 }},
		{"starting", server, false, away(screen.Searching), []string{"Starting the server", "The books are being opened and checked. This window goes on by itself."}, "Retry now", retries},
		{"starting again", server, true, away(screen.Lost), []string{LostSentence, "The server on this PC starts again by itself"}, "Retry now", retries},
		{"not set up", client, false, func(x *world) { x.server.set(func(f *fakeServer) { f.state.NeedAdmin = true }) }, []string{"The server is not set up yet", "Finish the set-up on the server's PC."}, "", nil},
		{"restoring", client, true, refused(screen.Recovering, restoring40), []string{"The server is restoring its data: 40 %", "this PC connects again by itself", "Your work is safe"}, "Retry now", retries},
		{"restoring, no login", client, false, refused(screen.Recovering, restoring40), []string{"The server is restoring its data: 40 %", "this PC connects again by itself"}, "", nil},
		{"starting elsewhere", client, true, refused(screen.Starting, migrating3), []string{"The server is starting: it brings its data up to date, step 3 of 19", "this PC connects again by itself", "Your work is safe"}, "Retry now", retries},
		{"starting elsewhere, no login", client, false, refused(screen.Starting, migrating3), []string{"The server is starting: it brings its data up to date, step 3 of 19", "this PC connects again by itself"}, "", nil},
		{"nowhere", client, false, away(screen.Searching), []string{connect.NotFound, "Server address"}, "Search again", seeks},
		{"refused for reasons of its own", client, true, refused("", ""), []string{"The server refused this PC", "It is tried again by itself."}, "Retry now", retries},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newWorld(t, c.role, 1440, 900)
			if c.form {
				x.login("owner").ui.Press(key.NameF5)
				x.ui.Type("UJH/1182")
			}
			c.state(x)
			x.ui.Advance(time.Second)
			for _, says := range c.says {
				if !sees(x, says) && !strings.Contains(x.ui.Dump(), says) {
					t.Errorf("nothing says %q:\n%s", says, x.ui.Dump())
				}
			}
			if x.server.State().Mode != string(licence.Locked) && c.form && !strings.Contains(x.ui.Dump(), "UJH/1182") {
				t.Error("the form is not readable")
			}
			if c.press == "" {
				return
			}
			x.ui.Click(c.press)
			if !c.does(x) {
				t.Errorf("%s does nothing:\n%s", c.press, x.ui.Dump())
			}
		})
	}
}
