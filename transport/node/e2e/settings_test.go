//go:build linux

package e2e

import (
	"context"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/system"
)

// TestServerMovesToAnotherPort: an Admin gives the running server another port and
// name. Who is connected stays; a PC that comes later finds it at the new port, after a
// restart too. A port that is taken is refused and changes nothing.
func TestServerMovesToAnotherPort(t *testing.T) {
	s := newService(t)
	s.start()
	item, supplier := s.setUp()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	l := s.line(ctx, s.client())
	since := l.Status().Since

	set := call(s.pc, system.GetServer, system.GetServerReq{})
	if strconv.Itoa(set.Listen) != s.port || set.Port != 0 || set.LowDisk != 500<<20 || set.PC == "" {
		t.Errorf("a new server is set up as %+v", set)
	}
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	change := system.UpdateServerReq{Version: set.Version, ServerFields: set.ServerFields}
	change.Name, change.Port = "Office PC", taken.Addr().(*net.TCPAddr).Port
	if _, err := system.UpdateServer.Call(ctx, l, uuid.NewString(), change); core.CodeOf(err) != core.CodeInvalid || !strings.Contains(err.Error(), "used by another program") {
		t.Errorf("a taken port got %v", err)
	}
	old := s.port
	s.port = freePort(t)
	change.Port, _ = strconv.Atoi(s.port)
	if now, err := system.UpdateServer.Call(ctx, l, uuid.NewString(), change); err != nil || now.Version != set.Version+1 {
		t.Fatalf("%+v, %v", now, err)
	}
	waitFor(t, 10*time.Second, "the new port", func() bool { return call(s.pc, system.GetServer, system.GetServerReq{}).Listen == change.Port })
	if _, err := net.DialTimeout("tcp4", "127.0.0.1:"+old, time.Second); err == nil {
		t.Error("the old port still listens")
	}
	if _, err := postOnce(ctx, l, delivery(supplier.ID, item.ID, "UJH/1")); err != nil || !l.Status().Since.Equal(since) {
		t.Errorf("who was connected did not stay: %v", err)
	}
	if st := call(s.client(), system.ServerStatus, system.ServerStatusReq{}); st.Name != "Office PC" {
		t.Errorf("the server is called %q", st.Name)
	}

	if code := s.stop(); code != 0 {
		t.Errorf("the service stopped with exit %d", code)
	}
	listen := s.port
	s.port = old // as its shortcut says; the settings win
	s.start()
	s.port = listen
	call(s.client(), account.WhoAmI, account.WhoAmIReq{})
}

// TestHealthTellsOfTheServer reads the health page of a working server.
func TestHealthTellsOfTheServer(t *testing.T) {
	s := newService(t)
	s.start()
	item, supplier := s.setUp()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	l := s.line(ctx, s.client())
	if _, err := postOnce(ctx, l, delivery(supplier.ID, item.ID, "UJH/1")); err != nil {
		t.Fatal(err)
	}
	call(s.pc, system.CheckBooks, system.CheckBooksReq{})
	says := func(h system.Health, code string) (string, bool) {
		for _, c := range h.Checks {
			if c.Code == code {
				return c.Says, c.OK && !c.Busy
			}
		}
		return "", false
	}
	var h system.Health
	waitFor(t, time.Minute, "the check of the books", func() bool {
		h = call(s.pc, system.GetHealth, system.GetHealthReq{})
		text, ok := says(h, "books")
		return ok && text == "The books are right, ledger row 15"
	})
	if text, ok := says(h, "disk"); !ok || !strings.HasSuffix(text, " MB free") {
		t.Errorf("the disk says %q", text)
	}
	if text, ok := says(h, "port"); !ok || text != "Listening on port "+s.port {
		t.Errorf("the port says %q", text)
	}
	if h.Server.Database == 0 || h.Disk <= h.Server.FreeDisk || h.Memory == 0 || h.Server.Paired != 1 || h.Now.Sub(h.Server.StartedAt) <= 0 {
		t.Errorf("health %+v", h)
	}
	if !slices.ContainsFunc(h.Clients, func(c system.Connected) bool { return !c.Local && c.Address == "127.0.0.1" }) {
		t.Errorf("connected %+v", h.Clients)
	}
	page := call(s.pc, system.ReadLog, system.ReadLogReq{File: h.Logs[0].Name})
	if h.Logs[0].Name != "service.log" || !slices.ContainsFunc(page.Lines, func(x system.LogLine) bool { return x.Text == "serving" && strings.Contains(x.Detail, "this_pc=") }) {
		t.Errorf("logs %+v, lines %+v", h.Logs, page.Lines)
	}
	operator := core.Operator
	call(s.pc, account.CreateUser, account.CreateUserReq{Login: "store1", Name: "Store 1", Role: operator, Password: "cumin-cumin-1"})
	out, _, code := s.run("call", system.ReadLog.Name, `{"file":"service.log"}`, "--user", "store1", "--password", "cumin-cumin-1")
	if code != 3 {
		t.Errorf("an Operator reads the log: exit %d %s", code, out)
	}
}
