//go:build linux

package e2e

import (
	"context"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/transport/node"
	"masala/ui/form"
	"masala/ui/screen"
)

// typist sits before the real window of a PC on the LAN.
func (h *host) typist() *typist {
	h.t.Helper()
	h.must("pair", serverIP, h.lan.code())
	if err := (&node.SetupFile{Folder: folderOf(h.dir)}).Change(func(n *node.Setup) { n.Role = screen.RoleClient }); err != nil {
		h.t.Fatal(err)
	}
	return newTypist(h.t, h.pc, func() *exec.Cmd { // it lives until its picture is taken
		return h.exec(context.WithoutCancel(h.t.Context()), exe, "ui", "--data", h.dir)
	})
}

// logged waits for the next line of the window's log with these words and returns when it
// was written. mark is moved behind it.
func (y *typist) logged(words string, mark *int) (at time.Time) {
	y.t.Helper()
	y.until(words, func() bool {
		rest := y.said()[*mark:]
		i := strings.Index(rest, words)
		if i < 0 || !strings.Contains(rest[i:], "\n") {
			return false
		}
		line := rest[strings.LastIndex(rest[:i], "\n")+1:]
		at = stampOf(y.t, line)
		*mark += i + len(words)
		return true
	})
	return at
}

// saves waits until the window has saved by itself what was typed.
func (y *typist) saves(what string, fits func(form.Draft) bool) {
	y.t.Helper()
	y.until(what, func() bool { return slices.ContainsFunc(y.drafts(), fits) })
}

// TestFault_3_1_RealWindowOnARealLAN types a delivery into the real window while the
// cable is pulled, twice: in the middle of a line, and in the moment of posting.
func TestFault_3_1_RealWindowOnARealLAN(t *testing.T) {
	t.Parallel()
	l := newLAN(t)
	l.open()
	store := l.join("192.168.50.101")
	y := store.typist()
	y.open()
	y.login()
	y.receive()
	posted := func() []stock.DocumentRow {
		return call(l.server.pc, stock.ListDocuments, stock.ListDocumentsReq{Limit: 500}).Documents
	}
	mark := len(y.said())
	var noticing, returning []time.Duration
	pull := func() time.Time { store.cable(false); return time.Now() }
	overlay := func(cut time.Time) {
		t.Helper()
		took := y.logged(`msg="connection lost"`, &mark).Sub(cut)
		y.logged("msg=overlay", &mark)
		t.Logf("noticed after %s", took.Round(10*time.Millisecond))
		noticing = append(noticing, took)
	}
	plug := func() {
		t.Helper()
		store.cable(true)
		in := time.Now()
		took := y.logged("msg=connected", &mark).Sub(in)
		y.logged(`msg="overlay gone"`, &mark)
		t.Logf("back after %s", took.Round(10*time.Millisecond))
		returning = append(returning, took)
	}
	// second is the line that is typed through the outage.
	second := func(quantity string) func(form.Draft) bool {
		return func(d form.Draft) bool {
			rows := d.Content.Rows["lines"]
			return len(rows) == 2 && rows[1]["item"].Key != "" && (rows[1]["qty"].Text == quantity || rows[1]["qty"].Text == quantity+" kg")
		}
	}

	y.typed("Unjha", "UJH/1182", "y", "")
	y.typed(l.item.SKU, "10", "225", "", "UJ-77", "", "+360", "")
	y.saves("the first line", lines(1))
	cut := pull()
	y.typed(l.item.SKU)
	y.xdotool("type", "20")
	overlay(cut)
	y.picture("overlay")
	y.key("ctrl+Return")        // nobody wants this to be done when the line is back
	time.Sleep(3 * time.Second) // the outage lasts; that is the input
	plug()
	y.saves("the same cell after the outage", second("20"))
	if n := len(posted()); n != 0 {
		t.Fatalf("%d documents were posted by a key struck under the overlay", n)
	}
	y.typed("", "226", "", "UJ-78", "", "+360", "")
	y.saves("the second line", lines(2))

	y.key("ctrl+Return")
	time.Sleep(rand.N(300 * time.Millisecond)) // the random moment
	overlay(pull())
	switch d := y.drafts(); {
	case len(d) == 0:
		t.Log("it was posted before the cable was out")
	case d[0].Submitted:
		t.Log("it was sent and waits for its answer")
	default:
		t.Log("it was not sent: the overlay came first")
	}
	plug()
	y.until("the delivery to be posted", func() bool {
		if len(posted()) > 0 && len(y.drafts()) == 0 {
			return true
		}
		y.key("ctrl+Return") // does nothing while it is being sent, nor in the empty form after it
		return false
	})
	y.die() // nothing more can come from it
	docs := posted()
	if len(docs) != 1 {
		t.Fatalf("%d documents", len(docs))
	}
	g := call(l.server.pc, purchase.GetCostedGRN, purchase.GetGRNReq{ID: docs[0].ID})
	if len(g.Lines) != 2 || g.InvoiceNo != "UJH/1182" || g.Lines[0].Qty != 10*core.Kilogram || g.Lines[1].Qty != 20*core.Kilogram || g.Goods != 10*225_00+20*226_00 {
		t.Errorf("posted %+v", g)
	}
	l.server.must("verify")
	for _, over := range within(within(nil, "noticed", slices.Min(noticing), noticed), "back", slices.Min(returning), back) {
		t.Error(over)
	}
}
