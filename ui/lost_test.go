package ui

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	"masala/ui/screen"
	"masala/ui/screen/grn"
	"masala/ui/screen/screentest"
)

// receiving opens the program's own goods receipt before a factory that posts.
func (x *world) receiving() *screentest.Factory {
	x.t.Helper()
	f := screentest.NewFactory()
	screentest.Answer(f.Server, purchase.PostGRN, func(q purchase.PostGRNReq) (r purchase.PostGRNResp, err error) {
		r.Document, r.Number = 7, "GRN-20260214-001"
		for i, l := range q.Lines {
			r.Lots = append(r.Lots, purchase.NewLot{Lot: core.LotID(i + 1), Number: "LOT-20260214-001", Item: l.Item, Name: "Turmeric finger", Qty: l.Qty, Status: stock.Released})
		}
		return r, nil
	})
	for _, name := range []string{purchase.PostGRN.Name, catalog.ListItems.Name, catalog.GetItem.Name, party.ListParties.Name, party.GetParty.Name, system.GetSettings.Name} {
		x.server.answer[name] = func(body []byte) (any, error) {
			b, err := f.Call(context.Background(), name, "", body)
			return json.RawMessage(b), err
		}
	}
	i := slices.IndexFunc(x.w.entries, func(e screen.Entry) bool { return e.ID == screen.GRN })
	x.w.entries[i] = grn.Entries()[0]
	x.login("owner")
	x.ui.Press(key.NameF5)
	return f
}

// breakage is how the line leaves someone who types, and comes back to him.
type breakage struct {
	name    string
	unaware int // keys struck into a dead line before the window knows
	lose    func(*fakeServer)
	says    string
}

// delivery is typed in tests of the keyboard: \n is Enter.
const delivery = "unjha\nUJH/1182\n10-2\n\nRAW-001\n500\n143\n\nET-2209\n2-2\n\n\n"

// typeThrough types the delivery; the line breaks before key at.
func (x *world) typeThrough(at int, b breakage) {
	x.t.Helper()
	var waiting []func() // calls without an answer
	spawn := x.w.workers.spawn
	for n, c := range delivery {
		if n == at {
			x.w.workers.spawn = func(f func()) { waiting = append(waiting, f) }
		}
		if n == at+b.unaware {
			x.server.set(b.lose)
			x.ui.Advance(4 * time.Second)
			if !sees(x, b.says) {
				x.t.Fatalf("nothing says %q:\n%s", b.says, x.ui.Dump())
			}
			for _, f := range waiting { // their deadline is over
				f()
			}
			x.w.workers.spawn = spawn
			if !x.server.Status().Up() {
				x.ui.Type("nothing of this is typed")
			}
			x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
			x.ui.Settle()
		}
		if c == '\n' {
			x.ui.Press(key.NameReturn)
		} else {
			x.ui.Type(string(c))
		}
	}
}

// Who types when the line breaks goes on in the same place, after the last letter,
// when it is back (RESILIENCE 3.1).
func TestFault_3_1_TypingGoesOnWhereItStopped(t *testing.T) {
	lost := func(f *fakeServer) { f.status.Phase, f.status.Since = screen.Lost, start }
	for _, b := range []breakage{
		{"overlay at once", 0, lost, LostSentence},
		{"overlay after some keys", 8, lost, LostSentence},
		{"slow server", 0, func(f *fakeServer) { f.status.Phase = screen.Slow }, SlowSentence},
	} {
		for _, at := range []int{3, 9, 21, 25, 29, 39} { // in supplier, invoice no., item, item, quantity, supplier lot
			t.Run(b.name, func(t *testing.T) {
				x := newWorld(t, screen.RoleClient, 1440, 900)
				f := x.receiving()
				x.typeThrough(at, b)
				x.ui.Press(key.NameReturn, ctrl)
				got := screentest.Requests(f.Server, purchase.PostGRN)
				if len(got) != 1 {
					t.Fatalf("line broken before key %d: %d GRNs posted\n%s", at, len(got), x.ui.Dump())
				}
				if q := got[0]; q.Supplier != 1 || q.InvoiceNo != "UJH/1182" || len(q.Lines) != 1 || q.Lines[0].SupplierBatch != "ET-2209" || q.Lines[0].Qty != 500*core.Kilogram || q.Lines[0].Value != 7_150_000 {
					t.Errorf("line broken before key %d: posted %+v", at, q)
				}
			})
		}
	}
}

// The caret stays where it was, and what was struck just before the window noticed is
// typed, but nothing is posted that was asked for before the outage.
func TestFault_3_1_NothingTypedIsLost(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	f := x.receiving()
	fall := func() {
		x.server.set(func(f *fakeServer) { f.status.Phase, f.status.Since = screen.Lost, x.clock.Now() })
	}
	rise := func() {
		x.ui.Advance(time.Minute)
		x.ui.Type("no")
		x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
		x.ui.Settle()
	}
	enter := func(n int) {
		for range n {
			x.ui.Press(key.NameReturn)
		}
	}
	x.ui.Type("unjha")
	enter(1)
	x.ui.Type("UJH1182")
	for range 4 {
		x.ui.Press(key.NameLeftArrow)
	}
	fall()
	x.ui.Settle()
	rise()
	x.ui.Type("/")
	enter(1)
	x.ui.Burst(func() {
		x.ui.Type("10-2")
		enter(2)
		x.ui.Type("RAW-001")
		enter(1)
		x.ui.Type("500")
		enter(1)
		x.ui.Type("143")
		x.ui.Press(key.NameReturn, ctrl)
		fall()
	})
	rise()
	if n := len(screentest.Requests(f.Server, purchase.PostGRN)); n != 0 {
		t.Fatalf("%d GRNs posted by a key struck before the outage", n)
	}
	x.ui.Type(".5")
	enter(3)
	x.ui.Type("2-2")
	enter(2)
	x.ui.Press(key.NameReturn, ctrl)
	got := screentest.Requests(f.Server, purchase.PostGRN)
	if len(got) != 1 || got[0].InvoiceNo != "UJH/1182" || got[0].Lines[0].Qty != 500*core.Kilogram || got[0].Lines[0].Value != 7_175_000 {
		t.Errorf("posted %+v\n%s", got, x.ui.Dump())
	}
}

// In a panel beside a list the field that had the keyboard has it again.
func TestFault_3_1_PanelKeepsTheKeyboard(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	onUsers(x)
	x.ui.Press(key.NameEnd)
	x.ui.Press(key.NameReturn)
	x.ui.Fill("Name", "Ravi")
	x.server.set(func(f *fakeServer) { f.status.Phase, f.status.Since = screen.Lost, x.clock.Now() })
	x.ui.Advance(10 * time.Second)
	x.ui.Press(key.NameTab)
	x.ui.Type("no")
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
	x.ui.Settle()
	x.ui.Type(" Kadam")
	if !strings.Contains(x.ui.Dump(), `"Name" text "Ravi Kadam"`) {
		t.Errorf("the keyboard was not in the name:\n%s", x.ui.Dump())
	}
}

// A question or a sheet that stands when the line breaks lies below the overlay, which can
// be used, and takes the typing up again where it stopped; what asks about the window
// itself lies above it.
func TestFault_3_1_OverlayOverDialogs(t *testing.T) {
	fall := func(x *world) {
		x.server.set(func(f *fakeServer) { f.status.Phase, f.status.Since = screen.Lost, x.clock.Now() })
		x.ui.Advance(time.Second)
	}
	for name, open := range map[string]func(*world){
		"password": func(x *world) { x.w.changePassword() },
		"keys":     func(x *world) { x.ui.Press(key.NameF1) },
		"leaving":  func(x *world) { x.ui.Press(key.NameF5); x.ui.Type("UJH/1182"); x.ui.Press("1", ctrl) },
		"folder": func(x *world) {
			x.w.Navigate(screen.Route{ID: screen.SystemBackup})
			x.ui.Settle()
			x.ui.Press("U", ctrl, key.ModShift)
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := newWorld(t, screen.RoleClient, 1440, 900)
			signIn(x, "owner")
			open(x)
			x.ui.Settle()
			if !x.w.dialogs.open() {
				t.Fatal("no dialog")
			}
			fall(x)
			x.ui.Click("Retry now")
			x.ui.Press(key.NameReturn)
			x.ui.Press(key.NameEscape)
			if !sees(x, LostSentence) || x.server.retry != 2 || !x.w.dialogs.open() {
				t.Errorf("the overlay is dead, %d tries:\n%s", x.server.retry, x.ui.Dump())
			}
			x.ui.Click("Find server again")
			if x.server.seek != 1 {
				t.Error("Find server again does nothing")
			}
			x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
			x.ui.Settle()
			x.ui.Press(key.NameEscape)
			if sees(x, LostSentence) || x.w.dialogs.open() {
				t.Errorf("the dialog is dead:\n%s", x.ui.Dump())
			}
		})
	}
	t.Run("typing goes on", func(t *testing.T) {
		x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
		x.w.changePassword()
		x.ui.Settle()
		x.ui.Type("abc")
		fall(x)
		x.ui.Type("nothing")
		x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
		x.ui.Settle()
		x.ui.Type("def")
		d := x.w.dialogs.stack[0].sheet.(*password)
		if d.present.Text != "abcdef" {
			t.Errorf("typed %q", d.present.Text)
		}
	})
	t.Run("the window may still be closed", func(t *testing.T) {
		x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
		said := exits(x)
		x.ui.Press(key.NameF5)
		x.ui.Type("UJH/1182")
		fall(x)
		if x.w.MayClose() {
			t.Error("closes without asking")
		}
		x.ui.Settle()
		offline := x.ui.Dump()
		x.ui.Advance(2 * time.Second)
		if x.ui.Dump() == offline {
			t.Error("the overlay below stands still")
		}
		x.ui.Press(key.NameReturn) // Stay
		if sees(x, closeQuestion) || x.w.closing.Load() || x.server.retry != 0 {
			t.Errorf("Stay is not the default:\n%s", x.ui.Dump())
		}
		x.w.AskExit(screen.ExitQuestion{Clients: 3})
		x.ui.Settle()
		x.ui.Click("Exit Server")
		if got := (*said)[len(*said)-1]; got != screen.ExitYes {
			t.Errorf("said %v", *said)
		}
		x.ui.Press(key.NameReturn)
		if x.server.retry != 1 {
			t.Error("the overlay has lost the keyboard")
		}
	})
}

func onUsers(x *world) { signIn(x, "owner"); x.ui.Press("8", ctrl) }
