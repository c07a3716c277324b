package pairing

import (
	"crypto/tls"
	"io"
	"sync"
	"time"

	"masala/transport/identity"
)

// Validity is how long a code can be used. Wrong tries do not end it: its 80 bits cannot be
// tried out in that time, and whoever could void it by guessing could keep every PC out.
const Validity = 10 * time.Minute

// Wrong tells of the tries that did not fit while the code is out: how many, and the address
// of the last. Both are zero once there is a new code.
type Wrong struct {
	Tries int
	From  string
}

// Desk is where a server hands out pairing codes: at most one at a time, in
// memory only. It is safe for use by many goroutines.
type Desk struct {
	// OnWrong is called for every wrong try and every new code; it must not block. May be nil.
	OnWrong func(Wrong)

	rand io.Reader

	mu      sync.Mutex
	code    string // normalized; "" when none is out
	expires time.Time
	wrong   int                  // tries since the code is out
	used    identity.Fingerprint // the PC this code paired
}

// NewDesk returns a desk that draws its codes from rand.
func NewDesk(rand io.Reader) *Desk { return &Desk{rand: rand} }

// Open hands out a new code and voids the one before.
func (d *Desk) Open(now time.Time) (code string, expires time.Time, err error) {
	code, err = newCode(d.rand)
	if err != nil {
		return "", time.Time{}, err
	}
	plain, err := Normalize(code)
	if err != nil {
		return "", time.Time{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.code, d.expires, d.wrong, d.used = plain, now.Add(Validity), 0, ""
	d.tell("")
	return code, d.expires, nil
}

func (d *Desk) tell(from string) {
	if d.OnWrong != nil {
		d.OnWrong(Wrong{d.wrong, from})
	}
}

// Current returns the code that can still be used, if there is one.
func (d *Desk) Current(now time.Time) (code string, expires time.Time, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.valid(now) || d.used != "" {
		return "", time.Time{}, false
	}
	return Format(d.code), d.expires, true
}

// Close voids the code that is out.
func (d *Desk) Close() { d.mu.Lock(); d.code = ""; d.mu.Unlock() }

func (d *Desk) valid(now time.Time) bool { return d.code != "" && now.Before(d.expires) }

// Check takes the proof of the PC with the key who, at the address from, on the session cs. When it is right
// the code is used up and Check returns the server's own proof. The same PC may
// come back with the same code while it lasts: its answer may have been lost.
func (d *Desk) Check(proof []byte, who identity.Fingerprint, from string, cs tls.ConnectionState, now time.Time) (own []byte, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.valid(now) || d.used != "" && d.used != who {
		return nil, false
	}
	if !Proved(proof, d.code, CodeInfo, ClientSide, cs) {
		d.wrong++
		d.tell(from)
		return nil, false
	}
	own, err := Proof(d.code, CodeInfo, ServerSide, cs)
	if err != nil {
		return nil, false
	}
	d.used = who
	return own, true
}
