package account

import (
	"fmt"
	"io"
	"time"

	"masala/core"
	"masala/core/op"
)

// Desk gives out one-time pairing codes; the transport checks them.
type Desk interface {
	Open(now time.Time) (code string, expires time.Time, err error)
}

// Keeper holds what the operations on accounts need beside the books.
type Keeper struct {
	Hasher   *Hasher
	Throttle *Throttle
	Rand     io.Reader           // for tokens
	Desk     Desk                // nil: this server pairs no PCs
	Revoked  func(core.DeviceID) // called after a device lost its trust; may be nil
	Lifetime time.Duration       // of a session
}

// SessionLifetime is how long a login lasts.
const SessionLifetime = 7 * 24 * time.Hour

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	CountUsers() (int, error)
	Users() ([]User, error)
	User(core.UserID) (User, error) // core.CodeNotFound
	UserByLogin(login string) (u User, digest string, ok bool, err error)
	PasswordOf(core.UserID) (digest string, err error)
	InsertUser(u User, digest string) (core.UserID, error)
	UpdateUser(User) error
	SetPassword(core.UserID, string) error
	Session(hash [32]byte) (s Session, u User, ok bool, err error) // live or not: the caller compares times
	InsertSession(Session) error
	EndSession(hash [32]byte) error
	EndSessions(user core.UserID, except [32]byte) error
	EndAllSessions() error
	Devices() ([]Device, error)
	DeviceByFingerprint(string) (Device, bool, error)
	InsertDevice(Device) (core.DeviceID, error)
	RevokeDevice(id core.DeviceID, at time.Time) error // core.CodeNotFound
	StartFactory(name, stateCode string, by core.Stamp) error
}

const wrongLogin = "User name or password is not right."

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T], k *Keeper) {
	op.HandlePrepared(r, CreateFirstAdmin, func(_ *op.Call, tx T, q CreateFirstAdminReq) (func() (string, error), error) {
		return k.hash(q.Password), refuseSecondFirst(tx)
	}, func(c *op.Call, tx T, q CreateFirstAdminReq, digest string) (LoginResp, error) {
		if err := refuseSecondFirst(tx); err != nil {
			return LoginResp{}, err
		}
		c.Actor = core.Actor{Name: q.Login, Role: core.Admin, Device: c.Peer.Name}
		u := User{Login: q.Login, Name: q.Name, Role: core.Admin, Active: true, Stamp: c.Stamp(1)}
		id, err := tx.InsertUser(u, digest)
		if err != nil {
			return LoginResp{}, err
		}
		u.ID, c.Actor.User = id, id
		c.Note("user "+u.Login, nil, u)
		if err := tx.StartFactory(q.Factory, q.StateCode, c.Stamp(1)); err != nil {
			return LoginResp{}, err
		}
		return k.open(c, tx, u)
	})
	op.HandlePrepared(r, Login, func(c *op.Call, tx T, q LoginReq) (func() (User, error), error) {
		return k.checkLogin(c, tx, q)
	}, func(c *op.Call, tx T, _ LoginReq, u User) (LoginResp, error) {
		c.Actor = core.Actor{User: u.ID, Name: u.Login, Role: u.Role, Device: c.Peer.Name}
		return k.open(c, tx, u)
	})
	op.Handle(r, Logout, func(c *op.Call, tx T, _ LogoutReq) (Done, error) {
		return Done{}, tx.EndSession(TokenHash(c.Token))
	})
	op.Handle(r, WhoAmI, func(c *op.Call, tx T, _ WhoAmIReq) (User, error) { return tx.User(c.Actor.User) })
	op.HandlePrepared(r, ChangePassword, func(c *op.Call, tx T, q ChangePasswordReq) (func() (string, error), error) {
		digest, err := tx.PasswordOf(c.Actor.User)
		return func() (string, error) {
			if !k.Hasher.Matches(digest, q.Old) {
				return "", core.Invalid("old", "This is not your present password.")
			}
			return k.Hasher.Hash(q.New)
		}, err
	}, func(c *op.Call, tx T, _ ChangePasswordReq, digest string) (Done, error) {
		c.Note("password of "+c.Actor.Name, nil, nil)
		if err := tx.SetPassword(c.Actor.User, digest); err != nil {
			return Done{}, err
		}
		return Done{}, tx.EndSessions(c.Actor.User, TokenHash(c.Token))
	})
	op.Handle(r, ListUsers, func(_ *op.Call, tx T, _ ListUsersReq) (ListUsersResp, error) {
		users, err := tx.Users()
		return ListUsersResp{users}, err
	})
	op.HandlePrepared(r, CreateUser, func(_ *op.Call, tx T, q CreateUserReq) (func() (string, error), error) {
		return k.hash(q.Password), refuseTakenLogin(tx, q.Login)
	}, func(c *op.Call, tx T, q CreateUserReq, digest string) (User, error) {
		if err := refuseTakenLogin(tx, q.Login); err != nil {
			return User{}, err
		}
		u := User{Login: q.Login, Name: q.Name, Role: q.Role, Active: true, Stamp: c.Stamp(1)}
		id, err := tx.InsertUser(u, digest)
		u.ID = id
		c.Note("user "+u.Login, nil, u)
		return u, err
	})
	op.Handle(r, UpdateUser, func(c *op.Call, tx T, q UpdateUserReq) (User, error) { return updateUser(c, tx, q) })
	op.HandlePrepared(r, ResetPassword, func(_ *op.Call, _ T, q ResetPasswordReq) (func() (string, error), error) {
		return k.hash(q.Password), nil
	}, func(c *op.Call, tx T, q ResetPasswordReq, digest string) (Done, error) {
		u, err := tx.User(q.ID)
		if err != nil {
			return Done{}, err
		}
		c.Note("password of "+u.Login, nil, nil)
		if err := tx.SetPassword(q.ID, digest); err != nil {
			return Done{}, err
		}
		return Done{}, tx.EndSessions(q.ID, [32]byte{})
	})
	registerDevices(r, k)
}

func registerDevices[T Store](r *op.Router[T], k *Keeper) {
	op.Handle(r, ListDevices, func(_ *op.Call, tx T, _ ListDevicesReq) (ListDevicesResp, error) {
		d, err := tx.Devices()
		return ListDevicesResp{d}, err
	})
	op.Handle(r, RevokeDevice, func(c *op.Call, tx T, q RevokeDeviceReq) (Done, error) {
		c.Note(fmt.Sprintf("device %d", q.ID), nil, map[string]time.Time{"revoked_at": c.Now})
		if err := tx.RevokeDevice(q.ID, c.Now); err != nil {
			return Done{}, err
		}
		if k.Revoked != nil {
			c.Committed(func() { k.Revoked(q.ID) })
		}
		return Done{}, nil
	})
	op.Handle(r, OpenPairing, func(c *op.Call, _ T, _ OpenPairingReq) (OpenPairingResp, error) {
		if k.Desk == nil {
			return OpenPairingResp{}, core.Errorf(core.CodeUnavailable, "The demo factory runs on this PC only. Set this PC up as server to connect others.")
		}
		code, expires, err := k.Desk.Open(c.Now)
		c.Note("pairing code", nil, nil)
		return OpenPairingResp{code, expires}, err
	})
}

func (k *Keeper) hash(password string) func() (string, error) {
	return func() (string, error) { return k.Hasher.Hash(password) }
}

// checkLogin reads the user and returns the slow comparison. An unknown name costs
// the same time as a wrong password, so that names cannot be tried out.
func (k *Keeper) checkLogin(c *op.Call, tx Store, q LoginReq) (func() (User, error), error) {
	var form core.Faults
	checkLogin(&form, &q.Login)
	who := Try{q.Login, c.Peer.Device}
	u, digest, known, err := tx.UserByLogin(q.Login)
	if err != nil {
		return nil, err
	}
	return func() (User, error) {
		if wait := k.Throttle.Begin(who, c.Now); wait > 0 {
			seconds := int((wait + time.Second - 1) / time.Second)
			return User{}, core.Errorf(core.CodeUnauthenticated, "Too many wrong tries. Try again in %d seconds.", seconds).With("wait_seconds", seconds)
		}
		if !known {
			_, _ = k.Hasher.Hash(q.Password)
		}
		right := known && k.Hasher.Matches(digest, q.Password)
		k.Throttle.End(who, right, c.Now)
		switch {
		case !right:
			return User{}, core.Errorf(core.CodeUnauthenticated, wrongLogin)
		case !u.Active:
			return User{}, core.Errorf(core.CodeUnauthenticated, "%s may no longer log in. Ask an Admin.", u.Login)
		}
		return u, nil
	}, nil
}

// open starts a session on the PC of the caller.
func (k *Keeper) open(c *op.Call, tx Store, u User) (LoginResp, error) {
	var raw [32]byte
	if _, err := io.ReadFull(k.Rand, raw[:]); err != nil {
		return LoginResp{}, fmt.Errorf("session token: %w", err)
	}
	token := b64.EncodeToString(raw[:])
	s := Session{Hash: TokenHash(token), User: u.ID, Device: c.Peer.Device, Created: c.Now, Expires: c.Now.Add(k.Lifetime)}
	return LoginResp{Token: token, Expires: s.Expires, User: u}, tx.InsertSession(s)
}

func updateUser(c *op.Call, tx Store, q UpdateUserReq) (User, error) {
	old, err := tx.User(q.ID)
	if err != nil {
		return User{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old, q); err != nil {
		return User{}, err
	}
	u := old
	u.Name, u.Role, u.Active, u.Stamp = q.Name, q.Role, q.Active, c.Stamp(old.Version+1)
	if old.Active && old.Role == core.Admin && (!u.Active || u.Role != core.Admin) {
		users, err := tx.Users()
		if err != nil {
			return User{}, err
		}
		others := 0
		for _, x := range users {
			if x.ID != u.ID && x.Active && x.Role == core.Admin {
				others++
			}
		}
		if others == 0 {
			return User{}, core.Invalid("role", "%s is the only Admin. Make another user Admin first.", u.Login)
		}
	}
	c.Note("user "+u.Login, old, u)
	if err := tx.UpdateUser(u); err != nil {
		return User{}, err
	}
	if !u.Active {
		return u, tx.EndSessions(u.ID, [32]byte{})
	}
	return u, nil
}

func refuseSecondFirst(tx Store) error {
	n, err := tx.CountUsers()
	if err == nil && n > 0 {
		err = core.Errorf(core.CodeConflict, "This factory is already set up. Log in instead.")
	}
	return err
}

func refuseTakenLogin(tx Store, login string) error {
	_, _, taken, err := tx.UserByLogin(login)
	if err == nil && taken {
		err = core.Invalid("login", "There is already a user named %s.", login)
	}
	return err
}
