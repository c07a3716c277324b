//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core/stock"
	"masala/ui"
	"masala/ui/form"
)

// receiving is a clerk who receives deliveries in a real window on a real LAN.
type receiving struct {
	*typist
	lan  *lan
	done int // deliveries that are in the books
	seen int // how far the window's log has been read
}

func newReceiving(t *testing.T) *receiving {
	t.Helper()
	l := newLAN(t)
	var err error
	if l.serves, err = faultPoints(); err != nil {
		t.Fatal(err)
	}
	l.open()
	store := l.join("192.168.50.101")
	return &receiving{typist: store.typist(), lan: l}
}

func (r *receiving) sit() {
	r.t.Helper()
	r.open()
	r.login()
	r.seen = 0
}

// fill types a delivery and returns its draft once it is on disk.
func (r *receiving) fill() form.Draft {
	r.t.Helper()
	r.typed("Unjha", fmt.Sprintf("UJH/%d", r.done), "y", "")
	r.typed(r.lan.item.SKU, "10", "225", "", "UJ-77", "", "+360", "")
	r.saves("the delivery", lines(1))
	return r.drafts()[0]
}

// docs lists what is in the books, asked over the server's own way.
func (r *receiving) docs() []stock.DocumentRow {
	return call(r.lan.server.pc, stock.ListDocuments, stock.ListDocumentsReq{Limit: 500}).Documents
}

// cut holds up everything that the server sends, and nothing the other way.
func (r *receiving) cut() { r.t.Helper(); r.lan.server.nft("output tcp sport 8090 drop") }

func (r *receiving) mend() { r.t.Helper(); r.lan.server.nft() }

// postedUnheard strikes Ctrl+Enter and has the answer lost: the writer of the server waits
// until the way back is cut. It returns when the delivery is in the books and the window,
// which does not know, covers the form.
func (r *receiving) postedUnheard(d form.Draft) {
	r.t.Helper()
	r.lan.server.cause("waiting")
	r.key("ctrl+Return")
	r.saves("the delivery before it is sent", func(d form.Draft) bool { return d.Submitted })
	r.cut()
	if err := os.WriteFile(filepath.Join(r.lan.server.dir, "release"), nil, 0o600); err != nil {
		r.t.Fatal(err)
	}
	r.done++
	waitFor(r.t, 20*time.Second, "the delivery to be in the books", func() bool { return len(r.docs()) == r.done })
	r.logged("msg=overlay", &r.seen)
	list := r.drafts()
	if len(list) != 1 || list[0].Key != d.Key || !list[0].Submitted {
		r.t.Fatalf("while the window waits there are the drafts %+v", list)
	}
	if strings.Contains(r.said(), r.number()+" posted") {
		r.t.Fatal("the window says that it is posted; nobody told it")
	}
	if n := r.again(d.Key); n != 0 {
		r.t.Fatalf("the server has given its answer again %d times while the way back is cut", n)
	}
	r.picture("answer-lost")
}

// number is the newest document's.
func (r *receiving) number() string { return r.docs()[0].Number }

// again counts how often the server has answered a request key from its books.
func (r *receiving) again(key string) (n int) {
	r.t.Helper()
	b, err := os.ReadFile(filepath.Join(r.lan.server.dir, "logs", "service.log"))
	if err != nil {
		r.t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if strings.Contains(line, `msg="answered before"`) && strings.Contains(line, "key="+key) {
			n++
		}
	}
	return n
}

// filled is a PC that sits before a delivery it has typed.
func filled(t *testing.T) (*receiving, form.Draft) {
	t.Helper()
	r := newReceiving(t)
	r.sit()
	r.receive()
	return r, r.fill()
}

// proved ends the window and proves the books.
func (r *receiving) proved() {
	r.t.Helper()
	r.die()
	r.lan.server.must("verify")
}

// once holds what the window, the drafts and the books say of a delivery whose answer
// was lost: sent at least twice under one key, posted and told once.
func (r *receiving) once(d form.Draft) {
	r.t.Helper()
	r.until("the draft to go", func() bool { return len(r.drafts()) == 0 })
	said := fmt.Sprintf(`msg=says text="%s posted"`, r.number())
	r.until(said, func() bool { return strings.Contains(r.said(), said) })
	if n := strings.Count(r.said(), said); n != 1 {
		r.t.Errorf("success was told %d times", n)
	}
	if n := r.again(d.Key); n != 1 {
		r.t.Errorf("the server has given its answer to %s again %d times", d.Key, n)
	}
	if n := len(r.docs()); n != r.done {
		r.t.Errorf("%d documents, want %d", n, r.done)
	}
}

// TestFault_3_1_AnswerLost loses the answer to a delivery that the server has posted: the
// window covers the form, and when the line is back it sends again by itself, under the
// same request key, and hears what became of it. Then the line stays away for longer than
// a call lasts, and the user sends again.
func TestFault_3_1_AnswerLost(t *testing.T) {
	t.Parallel()
	r, d := filled(t)
	r.postedUnheard(d)
	r.mend()
	r.logged(`msg="overlay gone"`, &r.seen)
	r.once(d)

	d = r.fill()
	r.postedUnheard(d)
	time.Sleep(11 * time.Second) // the call is given up meanwhile; that is the input
	r.mend()
	r.logged(`msg="overlay gone"`, &r.seen)
	r.picture("answer-lost-long")
	if list := r.drafts(); len(list) != 1 || list[0].Key != d.Key {
		t.Fatalf("after a call that was given up there are the drafts %+v", list)
	}
	r.key("ctrl+Return")
	r.once(d)
	r.proved()
}

// TestFault_2_1_KilledWhileTheAnswerIsLost kills the window between the posting of a
// delivery and its answer. The next window offers the draft, and sending it again has no
// second effect.
func TestFault_2_1_KilledWhileTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	r, d := filled(t)
	r.postedUnheard(d)
	r.die()
	r.mend()
	r.sit()
	r.key("ctrl+r")
	r.hears("screen=procurement.grn")
	r.until("the resumed draft to be posted", func() bool {
		r.key("ctrl+Return") // does nothing while it is read or being posted
		return len(r.drafts()) == 0
	})
	r.once(d)
	r.proved()
}

// TestFault_3_1_ServerDoesNotRespond holds the writer of the server for longer than a call
// waits, while its heartbeats go on: no overlay, but the sentence, and the delivery is
// posted once however often it is sent.
func TestFault_3_1_ServerDoesNotRespond(t *testing.T) {
	t.Parallel()
	r, d := filled(t)
	r.lan.server.cause("restoring 15s")
	r.key("ctrl+Return")
	struck := time.Now()
	took := r.logged(`msg=banner text="`+ui.SlowSentence, &r.seen).Sub(struck)
	if took < 9*time.Second || took > 14*time.Second {
		t.Errorf("%q after %s, it is to be said after 10 s", ui.SlowSentence, took)
	}
	r.picture("server-slow")
	if strings.Contains(r.said(), "msg=overlay") {
		t.Error("the form was covered although the server's heartbeats arrive")
	}
	r.done = 1
	r.until("the delivery to be posted", func() bool {
		r.key("ctrl+Return") // does nothing while it is being sent, nor in the empty form after it
		return len(r.drafts()) == 0
	})
	if n := len(r.docs()); n != 1 {
		t.Errorf("%d documents, want 1", n)
	}
	t.Logf("said after %s; %s was answered again %d times", took.Round(10*time.Millisecond), d.Key, r.again(d.Key))
	r.proved()
}
