package pairing

import (
	"crypto/rand"
	"crypto/tls"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"masala/transport/identity"
)

var t0 = time.Date(2026, 2, 12, 9, 0, 0, 0, time.UTC)

func TestCodeShapeAndTyping(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)
	d := NewDesk(rand.Reader)
	seen := map[string]bool{}
	for range 200 {
		code, _, err := d.Open(t0)
		if err != nil || !shape.MatchString(code) || seen[code] {
			t.Fatalf("code %q, %v", code, err)
		}
		seen[code] = true
		plain, err := Normalize(code)
		if err != nil {
			t.Fatal(err)
		}
		typed := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(plain))
		if got, err := Normalize(" " + typed[:5] + " " + typed[5:]); err != nil || got != plain {
			t.Errorf("Normalize(%q) = %q, %v; want %q", typed, got, err, plain)
		}
	}
	for _, bad := range []string{"", "ABCD", "ABCD-ABCD-ABCD-ABCU", "ABCD-ABCD-ABCD-ABCDE", "ABCD-ABCD-ABCD-ABÇ"} {
		if c, err := Normalize(bad); err == nil {
			t.Errorf("Normalize(%q) = %q", bad, c)
		}
	}
}

// states returns both ends of one real TLS session.
func states(t *testing.T) (server, client tls.ConnectionState) {
	t.Helper()
	sid, cid := fresh(t), fresh(t)
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	s, c := tls.Server(a, sid.ServerTLS()), tls.Client(b, cid.ClientTLS(""))
	done := make(chan error, 1)
	go func() { done <- s.Handshake() }()
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return s.ConnectionState(), c.ConnectionState()
}

func fresh(t *testing.T) *identity.Identity {
	t.Helper()
	id, err := identity.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func prove(t *testing.T, code string, cs tls.ConnectionState) []byte {
	t.Helper()
	plain, err := Normalize(code)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Proof(plain, CodeInfo, ClientSide, cs)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDeskPairsOnce(t *testing.T) {
	d := NewDesk(rand.Reader)
	server, client := states(t)
	code, expires, err := d.Open(t0)
	if err != nil || !expires.Equal(t0.Add(10*time.Minute)) {
		t.Fatalf("expires %v, %v", expires, err)
	}
	own, ok := d.Check(prove(t, code, client), "store", "192.168.1.66", server, t0.Add(9*time.Minute))
	plain, _ := Normalize(code)
	if !ok || !Proved(own, plain, CodeInfo, ServerSide, client) {
		t.Fatal("a right code was refused")
	}
	if _, _, out := d.Current(t0); out {
		t.Error("a used code is still shown")
	}
	if _, ok := d.Check(prove(t, code, client), "store", "192.168.1.66", server, t0.Add(9*time.Minute)); !ok {
		t.Error("the same PC, whose answer was lost, is refused")
	}
	if _, ok := d.Check(prove(t, code, client), "another", "192.168.1.66", server, t0); ok {
		t.Error("a code paired two PCs")
	}
}

func TestDeskRefuses(t *testing.T) {
	server, client := states(t)
	otherServer, _ := states(t)
	d := NewDesk(rand.Reader)
	if _, ok := d.Check(nil, "x", "192.168.1.66", server, t0); ok {
		t.Error("paired without a code")
	}
	code, _, _ := d.Open(t0)
	good := prove(t, code, client)
	if _, ok := d.Check(good, "x", "192.168.1.66", server, t0.Add(Validity)); ok {
		t.Error("paired with an expired code")
	}
	if _, ok := d.Check(good, "x", "192.168.1.66", otherServer, t0); ok {
		t.Error("a proof of one session was taken on another")
	}
	d.Open(t0)
	if _, ok := d.Check(good, "x", "192.168.1.66", server, t0); ok {
		t.Error("paired with the code before")
	}
	d.Close()
	if _, _, out := d.Current(t0); out {
		t.Error("a closed desk shows a code")
	}
}

// TestWrongTriesVoidNothing: whoever guesses keeps no honest PC out, and the Admin hears of
// him.
func TestWrongTriesVoidNothing(t *testing.T) {
	server, client := states(t)
	d := NewDesk(rand.Reader)
	var told []Wrong
	d.OnWrong = func(w Wrong) { told = append(told, w) }
	code, _, _ := d.Open(t0)
	wrong := prove(t, "0000-0000-0000-0000", client)
	for range 100 {
		if _, ok := d.Check(wrong, "x", "192.168.1.66", server, t0); ok {
			t.Fatal("a wrong code pairs")
		}
	}
	if len(told) != 101 || told[0] != (Wrong{}) || told[100] != (Wrong{100, "192.168.1.66"}) {
		t.Errorf("told %d times, the last %+v", len(told), told[len(told)-1])
	}
	if _, ok := d.Check(prove(t, code, client), "store", "192.168.1.21", server, t0); !ok {
		t.Error("wrong tries of another PC void the code")
	}
	if d.Open(t0); told[len(told)-1] != (Wrong{}) {
		t.Errorf("with a new code: %+v", told[len(told)-1])
	}
}

func TestProofsDifferBySideAndUse(t *testing.T) {
	_, cs := states(t)
	a, _ := Proof("s", CodeInfo, ClientSide, cs)
	if Proved(a, "s", CodeInfo, ServerSide, cs) || Proved(a, "s", TokenInfo, ClientSide, cs) || Proved(a, "t", CodeInfo, ClientSide, cs) {
		t.Error("a proof fits where it must not")
	}
	empty, _ := Proof("", TokenInfo, ClientSide, cs)
	if Proved(empty, "", TokenInfo, ClientSide, cs) {
		t.Error("an empty secret proves something")
	}
}
