package app

import (
	"context"
	"slices"
	"strings"

	"masala/core"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/op"
)

// The warnings about users after a restore.
const (
	warnWithheld = "books.accounts"
	warnNoAdmin  = "books.no_admin"
)

// accountChange is one user of older books as he was and as he may stay.
type accountChange struct {
	old, kept backup.Account
	says      []backup.Withheld
}

// held reports whether something is taken from the user; of one who is not in the
// books it is only told.
func (c accountChange) held() bool { return c.old != c.kept }

// withholding holds the users of the books against what was seen of them later.
func withholding(tx Store, seen backup.Seen) (out []accountChange, err error) {
	if len(seen.Accounts) == 0 {
		return nil, nil
	}
	have, err := tx.Accounts()
	if err != nil {
		return nil, err
	}
	absent := seen.Accounts
	for _, old := range have {
		later, ok := absent[old.Login]
		if !ok {
			continue
		}
		kept, says := old.Withhold(later)
		if len(says) > 0 {
			out = append(out, accountChange{old, kept, says})
		}
	}
	for login, x := range absent {
		if x.Active && !slices.ContainsFunc(have, func(a backup.Account) bool { return a.Login == login }) {
			out = append(out, accountChange{x, x, []backup.Withheld{x.Absent()}})
		}
	}
	slices.SortFunc(out, func(a, b accountChange) int { return strings.Compare(a.old.Login, b.old.Login) })
	return out, nil
}

// withhold takes from the users of a lineage what was taken from them after the backup,
// and writes down for whom (RESILIENCE.md 4.2). Books that begin anew have no users.
func withhold(tx Store, c *op.Call, l backup.Lineage, seen backup.Seen) error {
	if l.Origin == backup.OriginEmpty {
		return nil
	}
	changes, err := withholding(tx, seen)
	if err != nil {
		return err
	}
	for _, x := range changes {
		if x.held() {
			if err := tx.PutAccount(x.kept, l.At, "server"); err != nil {
				return err
			}
		}
		for _, w := range x.says {
			if err := writeAudit(tx, c, op.Note{Entity: "user " + w.Login, New: w}); err != nil {
				return err
			}
		}
	}
	return nil
}

// showWithheld tells the Admins for whom a restore has withheld something, until one has
// confirmed the books or, if there is nothing to confirm, the server starts again; and
// everybody when no Admin is left.
func (a *App) showWithheld(ctx context.Context, l backup.Lineage, begun bool) error {
	return a.books.Read(ctx, func(tx Store) error {
		held, err := tx.Withheld(l)
		if err != nil {
			return err
		}
		if len(held) > 0 && (begun || l.Waits()) {
			a.health.Set(health.Warning{Code: warnWithheld, Severity: health.Warn, Admin: true, Text: backup.SayWithheld(held)})
		}
		users, err := tx.Accounts()
		if err == nil && len(users) > 0 && !slices.ContainsFunc(users, func(u backup.Account) bool { return u.Active && u.Role == core.Admin }) {
			a.health.Set(health.Warning{Code: warnNoAdmin, Severity: health.Fatal, Text: backup.SayNoAdmin})
		}
		return err
	})
}
