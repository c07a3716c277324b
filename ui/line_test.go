package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"
	"go.uber.org/goleak"

	"masala/core/health"
	"masala/core/stock"
	"masala/ui/screen"
)

func TestBannerWorstFirst(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	const disk = "⚠️ Low disk space — 412 MB remaining. Data operations may fail."
	const licence = "⚠️ License expires in 12 days. Contact support."
	const locked = "The license has expired. Contact support for a new license."
	x.server.set(func(f *fakeServer) {
		f.state.Warnings = []health.Warning{{Code: "a", Severity: health.Warn, Text: disk, Admin: true}, {Code: "b", Severity: health.Warn, Text: licence}}
	})
	x.ui.Settle()
	if !x.ui.Sees(disk) || x.ui.Sees(licence) {
		t.Errorf("want the disk banner alone:\n%s", x.ui.Dump())
	}
	x.ui.Click("1 more")
	if !sees(x, unsigned(licence)) {
		t.Errorf("the list lacks the licence:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEscape)
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow })
	x.ui.Settle()
	if !x.ui.Sees(SlowSentence) {
		t.Errorf("a slow server must be said above warnings:\n%s", x.ui.Dump())
	}
	x.ui.Click("Retry")
	if x.server.retry != 1 {
		t.Error("Retry does nothing")
	}
	x.server.set(func(f *fakeServer) {
		f.state.Warnings = append([]health.Warning{{Code: "c", Severity: health.Fatal, Text: locked}}, f.state.Warnings...)
	})
	x.ui.Settle()
	if !x.ui.Sees(locked) || !x.ui.Sees(SlowSentence) {
		t.Errorf("what stands for weeks hides what asks for a decision now:\n%s", x.ui.Dump())
	}
	operator := notices([]health.Warning{{Severity: health.Warn, Text: disk, Admin: true}, {Severity: health.Warn, Text: licence}}, false)
	if len(operator) != 1 || operator[0].text != licence {
		t.Errorf("an Operator is told %+v", operator)
	}
}

func TestConnectionLostKeepsTheForm(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Lost, Address: "192.168.1.10:8090", Attempt: 4, Since: x.clock.Now().Add(-11 * time.Second), NextTry: x.clock.Now().Add(2 * time.Second)}
	})
	x.ui.Settle()
	for _, s := range []string{LostSentence, "Your work is safe", "Last seen at 192.168.1.10:8090", "Find server again"} {
		if !sees(x, s) {
			t.Errorf("the overlay lacks %q:\n%s", s, x.ui.Dump())
		}
	}
	x.ui.Type("lost") // reaches nothing
	x.ui.Press("1", ctrl)
	x.ui.Press(key.NameEscape)
	x.ui.Click("Retry now")
	x.ui.Click("Find server again")
	if x.server.retry == 0 || x.server.seek != 1 {
		t.Errorf("retried %d, searched %d times", x.server.retry, x.server.seek)
	}
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
	x.ui.Settle()
	if sees(x, LostSentence) || x.w.session.nav.now().route.ID != screen.GRN {
		t.Errorf("the overlay must go and leave the form:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEnd)
	x.ui.Type("-B")
	if got := x.form.field.Text; got != "UJH/1182-B" {
		t.Errorf("the form holds %q: typing must go on where it was", got)
	}
}

func TestRefusalIsExplained(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Refused, Refusal: screen.WrongVersion, Detail: "server 1.4.0, this PC 1.2.0", Since: x.clock.Now()}
	})
	x.ui.Settle()
	if !sees(x, "Server and PC have different versions") || !strings.Contains(x.ui.Dump(), "server 1.4.0, this PC 1.2.0") {
		t.Errorf("no explanation:\n%s", x.ui.Dump())
	}
}

func TestReloadFollowsTopics(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	count := func() (n int) {
		for _, c := range x.server.calls {
			if c == "report.valued_dashboard" {
				n++
			}
		}
		return n
	}
	before := count()
	x.server.set(func(f *fakeServer) { f.state.Revisions["parties"]++ })
	x.ui.Settle()
	if count() != before {
		t.Error("a topic that is not shown must not reload")
	}
	x.server.set(func(f *fakeServer) { f.state.Revisions[stock.Topic]++ })
	x.ui.Settle()
	if count() != before+1 {
		t.Errorf("read %d times after a stock change, want once", count()-before)
	}
}

func TestReadsAgainWhenTheLineIsBack(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.server.set(func(f *fakeServer) { f.answer["report.valued_dashboard"] = nil })
	x.login("owner")
	if !x.ui.Sees("Retry") {
		t.Fatalf("a read that failed must offer to try again:\n%s", x.ui.Dump())
	}
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Lost })
	x.ui.Settle()
	x.fill()
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
	x.ui.Settle()
	if !x.ui.Sees("₹ 36,72,313.15") {
		t.Errorf("not read again:\n%s", x.ui.Dump())
	}
}

func TestCloseWaits(t *testing.T) {
	defer goleak.VerifyNone(t)
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.w.workers.spawn = func(f func()) { go f() }
	x.login("owner")
	deadline := time.After(10 * time.Second)
	for x.w.session == nil || !x.ui.Sees("₹ 36,72,313.15") {
		select {
		case <-deadline:
			t.Fatalf("never logged in:\n%s", x.ui.Dump())
		default:
			x.w.workers.wg.Wait()
			x.ui.Settle()
		}
	}
	x.w.Close()
	if !strings.Contains(string(x.pc.prefs), "owner") {
		t.Errorf("preferences not written before the end: %s", x.pc.prefs)
	}
}
