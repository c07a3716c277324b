package node

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"masala/platform/paths"
	"masala/transport/client"
	"masala/transport/discovery"
	"masala/ui/screen"
)

// TestWaysOfASearch: every way has a state in the user's words, and what keeps it from
// leading anywhere (RESILIENCE 3.4).
func TestWaysOfASearch(t *testing.T) {
	lan, all := netip.MustParseAddr("192.168.1.255"), netip.MustParseAddr("255.255.255.255")
	blocked := errors.New("operation not permitted")
	for _, c := range []struct {
		name        string
		r           discovery.Report
		ask, beacon screen.TryState
		where, why  string
	}{
		{"just begun", discovery.Report{Asked: []netip.Addr{lan, all}, Rounds: 1}, screen.Trying, screen.Trying, "192.168.1.255", ""},
		{"long", discovery.Report{Asked: []netip.Addr{lan, all}, Rounds: 4}, screen.NoAnswer, screen.NoAnswer, "192.168.1.255", ""},
		{"answered", discovery.Report{Asked: []netip.Addr{lan, all}, Rounds: 9, Answered: true}, screen.Answered, screen.NoAnswer, "192.168.1.255", ""},
		{"announced", discovery.Report{Asked: []netip.Addr{lan, all}, Rounds: 1, Heard: true}, screen.Trying, screen.Answered, "192.168.1.255", ""},
		{"no UDP", discovery.Report{NoAsking: blocked, NoBeacon: blocked}, screen.NoAnswer, screen.NoAnswer, "", "This PC cannot search now. A firewall or security program may stop it; type the address instead."},
		{"no network", discovery.Report{Unasked: []netip.Addr{all}, Rounds: 1}, screen.NoAnswer, screen.Trying, "", "This PC is on no network. Plug in the LAN cable, or switch the Wi-Fi on."},
	} {
		got := search(c.r, true)
		if got[0].State != c.ask || got[1].State != c.beacon || got[0].Where != c.where || got[0].Why != c.why {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	l := &Line{}
	got := l.ways(client.Status{Tried: []client.Try{
		{Address: "192.168.1.10:8090", Via: "last address", Error: "refused", Refused: "A PC answers there, but the server does not run on it."},
		{Address: "192.168.1.44:8090", Via: "typed", Waiting: true},
		{Address: "192.168.1.45:8090", Via: "found on the network", Error: "i/o timeout"}}})
	want := []screen.Try{{Way: "Last address", Where: "192.168.1.10:8090", State: screen.TurnedAway, Why: "A PC answers there, but the server does not run on it."},
		{Way: "Typed address", Where: "192.168.1.44:8090", State: screen.Trying},
		{Way: "Address the server announces", Where: "192.168.1.45:8090", State: screen.NoAnswer}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("way %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

// TestTypedAddressIsKept: an address typed by hand is tried after the next start too.
func TestTypedAddressIsKept(t *testing.T) {
	setup := &SetupFile{Folder: paths.Folder(t.TempDir())}
	l, err := NewLine(LineOptions{Setup: setup, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var task sync.WaitGroup
	task.Go(func() { l.Run(ctx) })
	defer task.Wait()
	defer cancel()
	l.SetAddress("127.0.0.8")
	l.SetAddress("127.0.0.9")
	for range 500 {
		if s, err := setup.Read(); err == nil && s.Address == "127.0.0.9" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("not in pc.json")
}
