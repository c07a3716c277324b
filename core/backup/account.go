package backup

import (
	"cmp"
	"time"

	"masala/core"
)

// Account is a user as he is known outside of the books, so that a restore gives
// nobody back what was taken from him after the backup.
type Account struct {
	Login  string    `json:"login"`
	Role   core.Role `json:"role"`
	Active bool      `json:"active"`
	// Digest of the password. It lies in the data folder, where the books are, and
	// never beside the backups: who may write there could choose a password.
	Digest string `json:"digest,omitempty"`
}

// Portable is the anchor as it may leave the data folder: without passwords.
func (a Anchor) Portable() Anchor {
	accounts := make([]Account, len(a.Accounts))
	for i, x := range a.Accounts {
		x.Digest = ""
		accounts[i] = x
	}
	a.Accounts = accounts
	return a
}

// learn takes accounts up from an anchor, the newest first: what is known stays, and a
// password that the newer one does not tell may come from an older one.
func (s *Seen) learn(accounts []Account) {
	for _, x := range accounts {
		if known, ok := s.Accounts[x.Login]; ok {
			x.Role, x.Active, x.Digest = known.Role, known.Active, cmp.Or(known.Digest, x.Digest)
		}
		s.Accounts[x.Login] = x
	}
}

// Withheld is what restored books would give back to a user, and do not.
type Withheld struct {
	Login string `json:"login"`
	Says  string `json:"says"` // as users read it: "stays inactive"
}

// withheldShown is how long after a restore the backup page tells of it.
const withheldShown = 7 * 24 * time.Hour

// What is said of a user.
const (
	sayOff      = "stays inactive"
	sayOperator = "stays Operator"
	sayPassword = "keeps the newer password"
	sayAbsent   = "was added after the backup and is missing"
)

// Withhold is the account a that older books have, without what was taken from it
// since, as seen tells. It never gives anything: a role, or the use of the program.
func (a Account) Withhold(seen Account) (Account, []Withheld) {
	var held []Withheld
	hold := func(says string) { held = append(held, Withheld{a.Login, says}) }
	if a.Active && !seen.Active {
		a.Active = false
		hold(sayOff)
	}
	if a.Role == core.Admin && seen.Role != core.Admin {
		a.Role = seen.Role
		hold(sayOperator)
	}
	if seen.Digest != "" && a.Digest != seen.Digest {
		a.Digest = seen.Digest
		hold(sayPassword)
	}
	return a, held
}

// Absent says that older books do not know a user at all.
func (a Account) Absent() Withheld { return Withheld{a.Login, sayAbsent} }
