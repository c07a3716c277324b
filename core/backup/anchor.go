package backup

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"masala/core"
)

// Anchor is what must be known of the books when the books themselves are lost: a
// small file outside of them, written after commits. With it a restore gives out no
// number twice, trusts no revoked PC again, and a ledger whose end was cut off is
// noticed (RESILIENCE.md 4.2).
type Anchor struct {
	Books     string         `json:"books"`   // ID of the first lineage
	Lineage   string         `json:"lineage"` // ID of the newest
	At        time.Time      `json:"at"`
	Seq       core.Seq       `json:"seq"`  // newest ledger row
	Head      string         `json:"head"` // hash of it, in hex
	Documents int            `json:"documents"`
	Series    map[string]int `json:"series"`  // last number given out; series of old days are left out
	Revoked   []string       `json:"revoked"` // fingerprints of PCs that are not to be trusted
	Folder    string         `json:"folder"`  // of the backups, "" beside the data
	// What is left out when it is empty came later: the sum of an older file still fits.
	Audit    core.Seq  `json:"audit,omitempty"`    // newest row of the audit log
	Accounts []Account `json:"accounts,omitempty"` // of all users
	Port     int       `json:"port,omitempty"`     // where an Admin lets the server listen, 0 as it was started
	Name     string    `json:"name,omitempty"`     // of the server, as an Admin set it
	Key      string    `json:"key,omitempty"`      // fingerprint of the server's key
	Sum      string    `json:"sum"`                // SHA-256 of this with an empty sum
}

func (a Anchor) sum() string {
	a.Sum = ""
	b, err := json.Marshal(a)
	if err != nil {
		panic(err) // an Anchor always encodes
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// Encode returns the file.
func (a Anchor) Encode() []byte {
	a.Sum = a.sum()
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return b
}

var errAnchor = errors.New("the anchor file is damaged")

// DecodeAnchor reads what Encode returned.
func DecodeAnchor(b []byte) (a Anchor, err error) {
	if json.Unmarshal(b, &a) != nil || a.Sum != a.sum() {
		return Anchor{}, errAnchor
	}
	return a, nil
}

// Takeover is why the books in place are not those that were there before. It is
// kept in a journal until they have been told.
type Takeover struct {
	ID     string    `json:"id"` // of the lineage it begins, UUID
	Origin Origin    `json:"origin"`
	At     time.Time `json:"at"`
	Point  string    `json:"point,omitempty"`
	Books  string    `json:"books,omitempty"` // ID of the first lineage, for empty books that follow others
	Aside  string    `json:"aside,omitempty"` // name of the folder of what was replaced; by At where it is not given
}

// Seen is what is known of books from outside of them.
type Seen struct {
	Seq       core.Seq
	Documents int
	Series    map[string]int
	Revoked   []string
	Folder    string // of the backups, as the newest anchor has it
	// Accounts are the users as they were seen after the books in place end, by login.
	Accounts map[string]Account
	// Behind reports whether the books in place end before what was seen, or go on
	// differently.
	Behind bool
}

// Place is where some books stand, for Judge.
type Place struct {
	Lineage Lineage
	Known   func(lineage string) (bool, error) // a lineage of these books
	HashAt  func(seq core.Seq) (string, error) // of a ledger row, "" when there is none
	Seq     core.Seq
	Audit   core.Seq // newest row of the audit log
}

// Judge holds books against the anchors of theirs that were found, newest first. Anchors of other
// books say nothing.
func Judge(p Place, books string, anchors []Anchor) (s Seen, err error) {
	s.Series, s.Accounts = map[string]int{}, map[string]Account{}
	for _, a := range anchors {
		if a.Books != books {
			continue
		}
		for name, last := range a.Series {
			s.Series[name] = max(s.Series[name], last)
		}
		if s.Folder == "" {
			s.Folder = a.Folder
		}
		s.Revoked = append(s.Revoked, a.Revoked...)
		behind, err := isBehind(p, a)
		if err != nil {
			return s, err
		}
		if s.Behind = s.Behind || behind; behind {
			s.Seq, s.Documents = max(s.Seq, a.Seq), max(s.Documents, a.Documents)
		}
		later, err := isLater(p, a)
		if err != nil {
			return s, err
		}
		if later {
			s.learn(a.Accounts)
		}
	}
	slices.Sort(s.Revoked)
	s.Revoked = slices.Compact(s.Revoked)
	return s, nil
}

// isLater reports whether an anchor knows of changes to users that came after the end
// of the books: these are in the audit log, and need no row in the ledger.
func isLater(p Place, a Anchor) (bool, error) {
	if a.Lineage == p.Lineage.ID {
		return a.Audit > p.Audit, nil
	}
	known, err := p.Known(a.Lineage)
	return !known, err
}

func isBehind(p Place, a Anchor) (bool, error) {
	if a.Lineage != p.Lineage.ID {
		// One these books do not know came after them; one they know ended before.
		known, err := p.Known(a.Lineage)
		return !known, err
	}
	if a.Seq > p.Seq {
		return true, nil
	}
	hash, err := p.HashAt(a.Seq)
	return hash != a.Head, err
}

// Newest orders anchors by the time they were written, newest first.
func Newest(anchors []Anchor) {
	slices.SortFunc(anchors, func(a, b Anchor) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Seq, a.Seq)) })
}
