package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"masala/core"
)

// Hasher turns passwords into Argon2id digests and checks them. At most two run at
// once: each needs Memory, and ten unlimited logins took 650 MB.
type Hasher struct {
	Time   uint32 // passes
	Memory uint32 // KiB
	Rand   io.Reader
	slots  chan struct{}
}

// NewHasher returns the hasher of the product: 3 passes over 32 MiB.
func NewHasher(random io.Reader) *Hasher {
	return &Hasher{Time: 3, Memory: 32 << 10, Rand: random, slots: make(chan struct{}, 2)}
}

// NewTestHasher returns a hasher that is quick and weak, for tests and demo data.
func NewTestHasher() *Hasher {
	return &Hasher{Time: 1, Memory: 64, Rand: rand.Reader, slots: make(chan struct{}, 2)}
}

var b64 = base64.RawStdEncoding

// Hash returns the digest of password with its parameters and a fresh salt.
func (h *Hasher) Hash(password string) (string, error) {
	var salt [16]byte
	if _, err := io.ReadFull(h.Rand, salt[:]); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	key := h.key(password, salt[:], h.Time, h.Memory)
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", h.Memory, h.Time, b64.EncodeToString(salt[:]), b64.EncodeToString(key)), nil
}

// Matches reports whether digest was made from password.
func (h *Hasher) Matches(digest, password string) bool {
	var m, t uint32
	parts := strings.Split(digest, "$")
	if len(parts) != 6 {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &m, &t); err != nil {
		return false
	}
	salt, err1 := b64.DecodeString(parts[4])
	want, err2 := b64.DecodeString(parts[5])
	return err1 == nil && err2 == nil && subtle.ConstantTimeCompare(h.key(password, salt, t, m), want) == 1
}

func (h *Hasher) key(password string, salt []byte, t, m uint32) []byte {
	h.slots <- struct{}{}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(core.Text(password)), salt, t, m, 1, 32)
}

// Throttle slows down guessing: after three wrong tries for one account from one PC
// each further one waits twice as long, up to a minute; nothing is ever locked for
// good. Of one PC two tries are compared at a time: ten sent at once must not be ten
// guesses before the first is counted, nor keep the comparison busy for others.
type Throttle struct {
	mu      sync.Mutex
	tries   map[Try]attempt
	running map[core.DeviceID]int
}

// Try is an account as one PC names it.
type Try struct {
	Login  string
	Device core.DeviceID
}

type attempt struct {
	wrong int
	next  time.Time
}

const (
	triesAtOnce = 2
	maxTries    = 10_000 // a flood of invented names must not fill the memory
)

// Begin returns how long the next try must still wait; zero means that it has begun,
// and End must follow.
func (t *Throttle) Begin(who Try, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := t.tries[who].next.Sub(now); wait > 0 {
		return wait
	}
	if t.running[who.Device] >= triesAtOnce {
		return time.Second
	}
	if t.running == nil {
		t.running = map[core.DeviceID]int{}
	}
	t.running[who.Device]++
	return 0
}

// End counts the try, or forgets the wrong ones before it.
func (t *Throttle) End(who Try, right bool, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running[who.Device]--; t.running[who.Device] <= 0 {
		delete(t.running, who.Device)
	}
	if right {
		delete(t.tries, who)
		return
	}
	if t.tries == nil || len(t.tries) > maxTries {
		t.tries = map[Try]attempt{}
	}
	a := t.tries[who]
	a.wrong++
	if a.wrong >= 3 {
		a.next = now.Add(min(time.Minute, time.Second<<min(a.wrong-3, 6)))
	}
	t.tries[who] = a
}

// TokenHash is what is kept of a session token.
func TokenHash(token string) [32]byte { return sha256.Sum256([]byte(token)) }
