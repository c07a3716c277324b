// Package account keeps the people and PCs that may work with the books: users,
// logins, sessions and paired devices.
package account

import (
	"regexp"
	"strings"
	"time"

	"masala/core"
	"masala/core/op"
)

// Topics of this package.
const (
	TopicUsers   op.Topic = "users"
	TopicDevices op.Topic = "devices"
)

// User is a person who may log in.
type User struct {
	ID     core.UserID `json:"id"`
	Login  string      `json:"login"` // lower case, unique
	Name   string      `json:"name"`
	Role   core.Role   `json:"role"`
	Active bool        `json:"active"`
	core.Stamp
}

// Session is a login that lasts until it is ended or runs out. It is bound to the
// PC it was made on.
type Session struct {
	Hash    [32]byte // SHA-256 of the token; the token itself is never stored
	User    core.UserID
	Device  core.DeviceID // 0 on the server's own PC
	Created time.Time
	Expires time.Time
}

// Device is a PC that has been paired with this server.
type Device struct {
	ID          core.DeviceID `json:"id"`
	Name        string        `json:"name"`
	Fingerprint string        `json:"fingerprint"` // hex SHA-256 of its public key
	PairedAt    time.Time     `json:"paired_at"`
	RevokedAt   *time.Time    `json:"revoked_at,omitempty"`
}

// Password rules: length only, because length is what protects.
const (
	MinPassword = 8
	MaxPassword = 200
)

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,30}$`)

func checkLogin(bad *core.Faults, login *string) {
	*login = strings.ToLower(core.Text(*login))
	bad.Check(loginForm.MatchString(*login), "login", "A user name has 2 to 31 letters, digits, dots or dashes, for example store1.")
}

func checkPassword(bad *core.Faults, field, password string) {
	n := len([]rune(core.Text(password))) // what Hasher looks at: eight blanks are no password
	bad.Check(n >= MinPassword, field, "A password needs at least %d characters.", MinPassword)
	bad.Check(n <= MaxPassword, field, "A password has at most %d characters.", MaxPassword)
}
