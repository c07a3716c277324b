package form

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"masala/core"
)

// Files is the folder the drafts lie in. Write replaces a file as a whole or not
// at all, and has it on disk when it returns. List and Read of a folder that is
// not there yet give nothing and no error.
type Files interface {
	Write(name string, data []byte) error
	Read(name string) ([]byte, error)
	List() ([]string, error)
	Remove(name string) error
}

// Draft is a form that was not finished.
type Draft struct {
	User      string    `json:"user"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`
	About     string    `json:"about,omitempty"` // see Form
	Key       string    `json:"key"`             // request key, and the draft's own name
	Saved     time.Time `json:"saved"`
	Submitted bool      `json:"submitted"` // it was sent at least once: its effect is unknown
	Content   content   `json:"content"`
	Lineage   string    `json:"lineage,omitempty"` // of the books it was typed in, see op.Mark

	Base json.RawMessage `json:"base,omitempty"` // see Form

	// Strange is whether it was typed in other books than those it is read in: they were
	// restored, begun anew, or are another server's. The numbers of records in it may be
	// those of other records by now.
	Strange bool `json:"-"`
}

// Of reads the record the draft changes into base; false when there is none of that
// shape.
func (d Draft) Of(base any) bool { return len(d.Base) > 0 && json.Unmarshal(d.Base, base) == nil }

// Offer is the question that gives the draft back.
func (d Draft) Offer(now time.Time, zone *time.Location) string {
	return fmt.Sprintf("You have an unsaved %s from %s. Resume?", d.Title, Ago(d.Saved, now, zone))
}

// Drafts keeps the drafts of one user on this PC.
type Drafts struct {
	files   Files
	clock   core.Clock
	user    string
	lineage string

	mu   sync.Mutex
	done map[string]bool // keys whose drafts are gone for good
	last map[string]uint64
	seq  uint64
}

// NewDrafts opens the drafts of user, a name or number of any form.
func NewDrafts(files Files, clock core.Clock, user string) *Drafts {
	return &Drafts{files: files, clock: clock, user: user, done: map[string]bool{}, last: map[string]uint64{}}
}

// Of says which books the user works in; it returns d. Without it every draft is
// Strange.
func (d *Drafts) Of(lineage string) *Drafts {
	d.lineage = lineage
	return d
}

const (
	draftEnd   = ".draft"
	damagedEnd = ".damaged"
)

// sealed is the file: the draft and a sum over its bytes, so that a flipped bit in
// a quantity is not resumed.
type sealed struct {
	Sum   string          `json:"sha256"`
	Draft json.RawMessage `json:"draft"`
}

func (d *Drafts) prefix() string {
	sum := sha256.Sum256([]byte(d.user)) // any name makes a file name
	return hex.EncodeToString(sum[:6]) + "-"
}

func (d *Drafts) name(key string) string { return d.prefix() + key + draftEnd }

// Keep takes the content of f now and returns the writing of it, to be run where a
// slow disk does not hold up the window. Writings may run in any order and after
// Forget: an older one never replaces a newer, and none brings a draft back.
func (d *Drafts) Keep(f *Form, submitted bool) (write func() error) {
	x := Draft{User: d.user, Kind: f.Kind, Title: f.Title, About: f.About, Key: f.Key(), Saved: d.clock.Now(),
		Submitted: submitted, Content: f.content(), Lineage: d.lineage}
	seq, base := d.next(), f.Base
	return func() (err error) {
		if base != nil {
			if x.Base, err = json.Marshal(base); err != nil {
				return err
			}
		}
		body, err := json.Marshal(x)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		file, err := json.Marshal(sealed{hex.EncodeToString(sum[:]), body})
		if err != nil {
			return err
		}
		return d.inOrder(x.Key, seq, func(name string) error { return d.files.Write(name, file) })
	}
}

// drop returns the removal of a draft that became empty; a later Keep makes it anew.
func (d *Drafts) drop(key string) (write func() error) {
	seq := d.next()
	return func() error { return d.inOrder(key, seq, d.remove) }
}

func (d *Drafts) next() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seq++
	return d.seq
}

// errForgotten says that nothing was written, because the draft is gone for good.
var errForgotten = errors.New("the draft was removed")

// inOrder does write unless something newer was done to this draft already.
func (d *Drafts) inOrder(key string, seq uint64, write func(name string) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done[key] {
		return errForgotten
	}
	if d.last[key] > seq {
		return nil // what is on disk is newer
	}
	if err := write(d.name(key)); err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	d.last[key] = seq
	return nil
}

// remove takes a file away that may not be there.
func (d *Drafts) remove(name string) error {
	names, err := d.files.List()
	if err != nil || !slices.Contains(names, name) {
		return err
	}
	return d.files.Remove(name)
}

// Forget removes the draft with this request key, after success or when the user
// discards it.
func (d *Drafts) Forget(key string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done[key] = true
	return d.remove(d.name(key))
}

// How long and how many drafts are kept: somebody who has not come back to one in
// MaxDraftAge, or has begun MaxDrafts since, does not miss it.
const (
	MaxDraftAge = 90 * 24 * time.Hour
	MaxDrafts   = 50
)

// List returns the drafts of the user, newest first. A file that cannot be read is
// set aside under another name; the rest is listed and damaged counts such files. What is
// beyond MaxDraftAge or MaxDrafts is removed. Writings do not wait for it.
func (d *Drafts) List() (list []Draft, damaged int, err error) {
	names, err := d.files.List()
	if err != nil {
		return nil, 0, fmt.Errorf("list drafts: %w", err)
	}
	for _, name := range names {
		key, ok := strings.CutSuffix(name, draftEnd)
		key, mine := strings.CutPrefix(key, d.prefix())
		if !ok || !mine || d.gone(key) {
			continue
		}
		x, ok, bad := d.read(name)
		if bad {
			damaged++
		}
		if !ok || d.gone(key) {
			continue
		}
		x.Strange = x.Lineage == "" || x.Lineage != d.lineage
		list = append(list, x)
	}
	slices.SortStableFunc(list, func(a, b Draft) int { return b.Saved.Compare(a.Saved) })
	now := d.clock.Now()
	for i := len(list) - 1; i >= 0 && (i >= MaxDrafts || now.Sub(list[i].Saved) > MaxDraftAge); i-- {
		if err := d.drop(list[i].Key)(); err != nil {
			break // it stays, and is listed
		}
		list = list[:i]
	}
	return list, damaged, nil
}

// read returns the draft in a file; a damaged one is set aside. Neither is so when it was
// removed meanwhile.
func (d *Drafts) read(name string) (x Draft, ok, damaged bool) {
	if x, _, err := d.open(name); err == nil {
		return x, true, false
	}
	d.mu.Lock() // nobody writes now
	defer d.mu.Unlock()
	if names, err := d.files.List(); err == nil && !slices.Contains(names, name) {
		return x, false, false
	}
	x, data, err := d.open(name)
	switch {
	case err == nil:
		return x, true, false
	case data == nil:
		return x, false, true // it may be readable next time
	}
	if d.files.Write(name+damagedEnd, data) == nil {
		_ = d.files.Remove(name) // if it stays, it is set aside again next time
	}
	return x, false, true
}

// open reads and checks one file; data is nil when it cannot be read.
func (d *Drafts) open(name string) (x Draft, data []byte, err error) {
	if data, err = d.files.Read(name); err != nil {
		return x, nil, err
	}
	if x, err = unseal(data); err == nil && (d.name(x.Key) != name || x.User != d.user) {
		err = errors.New("the draft is another's")
	}
	return x, data, err
}

func (d *Drafts) gone(key string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done[key]
}

func unseal(data []byte) (x Draft, err error) {
	var s sealed
	if err := json.Unmarshal(data, &s); err != nil {
		return x, err
	}
	if sum := sha256.Sum256(s.Draft); hex.EncodeToString(sum[:]) != s.Sum {
		return x, errors.New("the draft does not match its checksum")
	}
	return x, json.Unmarshal(s.Draft, &x)
}

// Resume fills f from x. f takes over the request key: if the first sending did
// get through, sending again has no second effect. Not so a form with secrets that was
// sent: the answer to the old key would hide that another password was typed now. Of a
// strange draft the texts come back, but no number of a record: see Field.Was.
func (f *Form) Resume(x Draft) {
	f.load(x.Content, x.Strange)
	if !x.Submitted || !f.secret() {
		f.key = x.Key
	}
}
