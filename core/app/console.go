package app

import (
	"context"
	"strings"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
)

// ResetUser gives a user a new password, puts him back in use and ends his sessions.
// It is for the server's console alone, when no Admin can log in any more: nobody is
// asked who he is, so the audit log says where it was done.
func (a *App) ResetUser(ctx context.Context, login, password string) error {
	if err := (&account.ResetPasswordReq{ID: 1, Password: password}).Validate(); err != nil {
		return err
	}
	digest, err := account.NewHasher(a.random).Hash(password)
	if err != nil {
		return err
	}
	login = strings.ToLower(core.Text(login))
	c := &op.Call{Meta: op.Meta{Name: "account.reset_on_console"}, Now: a.clock.Now().UTC(), Actor: core.Actor{Name: "console", Device: "server"}}
	return a.books.Write(ctx, func(tx Store) error {
		u, _, ok, err := tx.UserByLogin(login)
		if err != nil {
			return err
		}
		if !ok {
			return core.NotFound("login", "There is no user %q.", login)
		}
		if err := tx.SetPassword(u.ID, digest); err != nil {
			return err
		}
		if !u.Active {
			old := u
			u.Active, u.Stamp = true, core.Stamp{Version: u.Version + 1, UpdatedAt: c.Now, UpdatedBy: "console"}
			if err := tx.UpdateUser(u); err != nil {
				return err
			}
			if err := writeAudit(tx, c, op.Note{Entity: "user " + login, Old: old, New: u}); err != nil {
				return err
			}
		}
		if err := tx.EndSessions(u.ID, [32]byte{}); err != nil {
			return err
		}
		return writeAudit(tx, c, op.Note{Entity: "password of " + login, New: "reset on the console"})
	})
}
