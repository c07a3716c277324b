package node

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/health"
	"masala/core/op"
	"masala/platform/firewall"
	"masala/transport/server"
)

// port is a listener that is where it says.
type port struct {
	net.Listener
	at string
}

func (p port) Addr() net.Addr { a, _ := net.ResolveTCPAddr("tcp4", p.at); return a }

// wall is a reach whose PC is made up.
func wall(at string, report firewall.Report) (*reach, *health.Registry) {
	r := &health.Registry{}
	l := &lan{}
	if at != "" {
		l.ln = port{at: at}
	}
	w := newReach(l, r, slog.New(slog.DiscardHandler), core.SystemClock{})
	w.look = func(context.Context, string, int) firewall.Report { return report }
	w.own = func() []string { return []string{"192.168.1.10", "10.0.0.5"} }
	w.dial = func(context.Context, string) error { return nil }
	return w, r
}

func check(r *health.Registry, code string) health.Check {
	list := r.Checks()
	if i := slices.IndexFunc(list, func(c health.Check) bool { return c.Code == code }); i >= 0 {
		return list[i]
	}
	return health.Check{}
}

func standing(r *health.Registry) string {
	for _, w := range r.Warnings() {
		if w.Code == warnFirewall {
			return w.Text
		}
	}
	return ""
}

var pcStore = []server.Client{{Peer: op.Peer{Local: true, Name: "SERVER"}}, {Peer: op.Peer{Device: 1, Name: "PC-STORE"}}}

// TestFault_3_4_ServerSaysWhatIsKnown: what the firewall says, what the port does and
// who has come are told apart, and nothing is told that is not known.
func TestFault_3_4_ServerSaysWhatIsKnown(t *testing.T) {
	blocked := firewall.Report{Name: "ufw", TCP: firewall.Blocked, UDP: firewall.Blocked, Why: "ufw blocks port 8090.", Fix: []string{"sudo ufw allow 8090/tcp"}}
	unknown := firewall.Report{Name: "ufw", TCP: firewall.Unknown, UDP: firewall.Unknown, Why: "Its rules can be read by the administrator only."}
	allowed := firewall.Report{Name: "ufw", TCP: firewall.Allowed, UDP: firewall.Allowed, Why: "ufw lets port 8090 in."}

	w, r := wall("0.0.0.0:8090", blocked)
	w.check(t.Context())
	if c := check(r, "firewall"); c.OK || c.Says != blocked.Why || !slices.Equal(c.Fix, blocked.Fix) {
		t.Errorf("blocked: %+v", c)
	}
	if c := check(r, "addresses"); !c.OK || c.Says != "Port 8090 answers on 192.168.1.10, 10.0.0.5." {
		t.Errorf("own addresses: %+v", c)
	}
	if c := check(r, "others"); c.Says != "No other PC has connected since the server started." {
		t.Errorf("nobody came: %+v", c)
	}
	if text := standing(r); text != "Other PCs cannot find this server. ufw blocks port 8090. System > Health shows how to allow it." {
		t.Errorf("the Admin is warned: %q", text)
	}
	w.seen(pcStore[:1]) // the server's own window proves nothing
	if w.check(t.Context()); standing(r) == "" {
		t.Error("the server's own window ends the warning")
	}
	w.seen(pcStore)
	w.check(t.Context())
	if c := check(r, "others"); standing(r) != "" || c.Says != "PC-STORE is connected." {
		t.Errorf("a PC has come: %q, %+v", standing(r), c)
	}
	if c := check(r, "firewall"); c.OK || !strings.HasSuffix(c.Says, "A PC is connected all the same; others may not find the server.") {
		t.Errorf("a PC has come through: %+v", c)
	}
	w.seen(nil)
	if c := check(r, "others"); c.Says != "None is connected now. The last one was PC-STORE." {
		t.Errorf("it has gone: %+v", c)
	}
	w.check(t.Context())
	if c := check(r, "firewall"); standing(r) != "" || c.OK || c.Says != blocked.Why+" PC-STORE came through all the same; others may not find the server." {
		t.Errorf("it came and has gone: %q, %+v", standing(r), c)
	}
	partly := firewall.Report{Name: "Windows Firewall", TCP: firewall.Partly, UDP: firewall.Partly, Why: "Windows Firewall blocks port 8090 on Public networks."}
	w.look = func(context.Context, string, int) firewall.Report { return partly } // changed since: what came before proves nothing
	w.check(t.Context())
	if text := standing(r); text != "Some PCs cannot find this server. Windows Firewall blocks port 8090 on Public networks. System > Health shows how to allow it." {
		t.Errorf("on some networks only: %q", text)
	}
	w.seen(pcStore)
	w.seen(nil)
	if w.check(t.Context()); standing(r) != "" {
		t.Errorf("a PC came through: %q", standing(r))
	}

	w, r = wall("0.0.0.0:8090", unknown)
	w.check(t.Context())
	if c := check(r, "firewall"); !c.OK || c.Says != unknown.Why || standing(r) != "" {
		t.Errorf("unknown: %+v, %q", c, standing(r))
	}
	w, r = wall("0.0.0.0:8090", allowed)
	w.dial = func(_ context.Context, a string) error {
		if strings.HasPrefix(a, "10.") {
			return errors.New("refused")
		}
		return nil
	}
	w.check(t.Context())
	if c := check(r, "addresses"); c.OK || c.Says != "Port 8090 does not answer on 10.0.0.5." {
		t.Errorf("an address that does not answer: %+v", c)
	}
	w.own = func() []string { return nil }
	w.check(t.Context())
	if c := check(r, "addresses"); c.OK || !strings.HasPrefix(c.Says, "This PC has no network address.") {
		t.Errorf("no network: %+v", c)
	}

	w, r = wall("127.0.0.1:49152", blocked) // a server for this PC only asks no firewall
	w.check(t.Context())
	if c := check(r, "firewall"); !c.OK || !strings.Contains(c.Says, "for this PC only") || standing(r) != "" {
		t.Errorf("on loopback: %+v", c)
	}
	w, r = wall("", blocked)
	if w.check(t.Context()); standing(r) != "" {
		t.Error("a server without a port warns of the firewall")
	}
}
