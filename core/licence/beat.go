package licence

import (
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"masala/core"
)

// Beat is what a machine remembers of the time, in two places outside the books.
type Beat struct {
	Hardware HardwareID  `json:"hardware"` // of the machine that wrote it
	Count    int64       `json:"count"`    // of beats written
	At       time.Time   `json:"at"`       // newest instant known to be true
	Day      core.Date   `json:"day"`      // newest calendar day of the factory: days never come back
	Trial    time.Time   `json:"trial"`    // first run of a server on this machine
	Resets   []UsedReset `json:"resets,omitempty"`
	Posted   bool        `json:"posted,omitempty"` // something was posted on this machine
	Begun    int         `json:"begun,omitempty"`  // how often the trial was begun anew, before anything was posted
}

// UsedReset is a Reset that has had its effect. Ledger rows up to Seq were written
// under the wrong clock: they no longer count as proof of the time.
type UsedReset struct {
	Serial string   `json:"serial"`
	Seq    core.Seq `json:"seq"`
}

// merge takes the stricter of what two places say. A place that has seen fewer resets
// is older than the last one, so its time no longer counts; nor does the trial of one
// that does not know that it was begun anew.
func (b Beat) merge(o Beat) Beat {
	anew := cmp.Compare(o.Begun, b.Begun)
	switch cmp.Or(cmp.Compare(len(o.Resets), len(b.Resets)), anew) {
	case 1:
		b.At, b.Day = o.At, o.Day
	case 0:
		b.At, b.Day = later(b.At, o.At), max(b.Day, o.Day)
	}
	switch anew {
	case 1:
		b.Trial = o.Trial
	case 0:
		b.Trial = earlier(b.Trial, o.Trial)
	}
	b.Count, b.Begun = max(b.Count, o.Count), max(b.Begun, o.Begun)
	b.Posted = b.Posted || o.Posted
	b.Resets = union(b.Resets, o.Resets)
	return b
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// earlier returns the earlier of two instants, the zero one being none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func union(a, b []UsedReset) []UsedReset {
	out := slices.Clone(a)
	for _, r := range b {
		if !slices.ContainsFunc(out, func(x UsedReset) bool { return x.Serial == r.Serial }) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(x, y UsedReset) int { return cmp.Or(cmp.Compare(x.Seq, y.Seq), cmp.Compare(x.Serial, y.Serial)) })
	return out
}

// A Place keeps one copy of the Beat. Read returns an fs.ErrNotExist error when it has
// none; Write replaces it whole or not at all.
type Place interface {
	Name() string
	Read() ([]byte, error)
	Write([]byte) error
}

const beatMagic = "MSLBEAT1"

const saltSize = 16

// errNoBeat is a file that this program did not write.
var errNoBeat = errors.New("no heartbeat of this program")

// seal encrypts and authenticates b. The secret is in the program, so this stops
// editing and copying pieces, not somebody who takes the program apart.
func (b Beat) seal(secret []byte, random io.Reader) ([]byte, error) {
	plain, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(beatMagic)+saltSize, 512)
	copy(out, beatMagic)
	if _, err := io.ReadFull(random, out[len(beatMagic):]); err != nil {
		return nil, fmt.Errorf("heartbeat: %w", err)
	}
	a, nonce, err := beatCipher(secret, out[len(beatMagic):])
	if err != nil {
		return nil, err
	}
	return a.Seal(out, nonce, plain, out), nil
}

func openBeat(file, secret []byte) (b Beat, err error) {
	head := len(beatMagic) + saltSize
	if len(file) < head || string(file[:len(beatMagic)]) != beatMagic {
		return b, errNoBeat
	}
	a, nonce, err := beatCipher(secret, file[len(beatMagic):head])
	if err != nil {
		return b, err
	}
	plain, err := a.Open(nil, nonce, file[head:], file[:head])
	if err != nil {
		return b, errNoBeat
	}
	return b, json.Unmarshal(plain, &b)
}

// beatCipher derives key and nonce from a fresh salt, so neither is ever used twice.
func beatCipher(secret, salt []byte) (cipher.AEAD, []byte, error) {
	k, err := hkdf.Key(sha256.New, secret, salt, "masala heartbeat 1", 32+12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(k[:32])
	if err != nil {
		return nil, nil, err
	}
	a, err := cipher.NewGCM(block)
	return a, k[32:], err
}
