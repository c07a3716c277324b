package account

import (
	"time"

	"masala/core"
	"masala/core/op"
)

// The operations on users, logins and paired PCs.
var (
	CreateFirstAdmin = op.Define[CreateFirstAdminReq, LoginResp]("account.create_first_admin", op.Control, op.ThisPC, "Name the factory and create its first Admin, on the server's own PC, while there is no user yet.", op.Secret(), op.Keyless(), op.Changes(TopicUsers))
	Login            = op.Define[LoginReq, LoginResp]("account.login", op.Control, op.Public, "Log in and receive a session token.", op.Secret(), op.Keyless())
	Logout           = op.Define[LogoutReq, Done]("account.logout", op.Control, op.Operator, "End the session of the caller.", op.Keyless())
	WhoAmI           = op.Define[WhoAmIReq, User]("account.who_am_i", op.Read, op.Operator, "Tell who the caller is.", op.Unlocked())
	ChangePassword   = op.Define[ChangePasswordReq, Done]("account.change_password", op.Control, op.Operator, "Change the caller's own password and end his other sessions.", op.Secret())
	ListUsers        = op.Define[ListUsersReq, ListUsersResp]("account.list_users", op.Read, op.Admin, "List all users.")
	CreateUser       = op.Define[CreateUserReq, User]("account.create_user", op.Control, op.Admin, "Add a user.", op.Secret(), op.Changes(TopicUsers))
	UpdateUser       = op.Define[UpdateUserReq, User]("account.update_user", op.Control, op.Admin, "Change name, role or state of a user.", op.Changes(TopicUsers))
	ResetPassword    = op.Define[ResetPasswordReq, Done]("account.reset_password", op.Control, op.Admin, "Give a user a new password and end his sessions.", op.Secret(), op.Changes(TopicUsers))
	ListDevices      = op.Define[ListDevicesReq, ListDevicesResp]("account.list_devices", op.Read, op.Admin, "List the paired PCs.")
	RevokeDevice     = op.Define[RevokeDeviceReq, Done]("account.revoke_device", op.Control, op.Admin, "Take the trust back from a paired PC.", op.Changes(TopicDevices))
	OpenPairing      = op.Define[OpenPairingReq, OpenPairingResp]("account.open_pairing", op.Control, op.Admin, "Show a one-time pairing code for a new PC.", op.Keyless())
)

// Done is the answer of an operation that has nothing to tell.
type Done struct{}

// CreateFirstAdminReq starts the books of a factory.
type CreateFirstAdminReq struct {
	Factory   string `json:"factory"`    // name of the factory
	StateCode string `json:"state_code"` // GST state
	Login     string `json:"login"`
	Name      string `json:"name"`
	Password  string `json:"password"`
}

// Validate checks the request.
func (r *CreateFirstAdminReq) Validate() error {
	var bad core.Faults
	r.Factory, r.Name = core.Visible(r.Factory), core.Visible(r.Name)
	bad.Check(r.Factory != "", "factory", "Enter the name of the factory.")
	checkLogin(&bad, &r.Login)
	bad.Check(r.Name != "", "name", "Enter your name.")
	bad.Fit("factory", r.Factory, core.MaxName)
	bad.Fit("name", r.Name, core.MaxName)
	checkPassword(&bad, "password", r.Password)
	return bad.Err()
}

// LoginReq proves who the caller is.
type LoginReq struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// Validate checks the request.
func (r *LoginReq) Validate() error {
	var bad core.Faults
	bad.Check(core.Text(r.Login) != "", "login", "Enter your user name.")
	bad.Check(r.Password != "", "password", "Enter your password.")
	return bad.Err()
}

// LoginResp carries the session token.
type LoginResp struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
	User    User      `json:"user"`
}

// Requests without fields.
type (
	LogoutReq      struct{}
	WhoAmIReq      struct{}
	ListUsersReq   struct{}
	ListDevicesReq struct{}
	OpenPairingReq struct{}
)

// ChangePasswordReq replaces the caller's password.
type ChangePasswordReq struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Validate checks the request.
func (r *ChangePasswordReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Old != "", "old", "Enter your present password.")
	checkPassword(&bad, "new", r.New)
	return bad.Err()
}

// ListUsersResp lists users by login.
type ListUsersResp struct {
	Users []User `json:"users"`
}

// CreateUserReq is a new user.
type CreateUserReq struct {
	Login    string    `json:"login"`
	Name     string    `json:"name"`
	Role     core.Role `json:"role"`
	Password string    `json:"password"`
}

// Validate checks the request.
func (r *CreateUserReq) Validate() error {
	var bad core.Faults
	r.Name = core.Visible(r.Name)
	checkLogin(&bad, &r.Login)
	bad.Check(r.Name != "", "name", "Enter the name.")
	bad.Fit("name", r.Name, core.MaxName)
	bad.Check(r.Role.Valid(), "role", "Choose the role: Admin or Operator.")
	checkPassword(&bad, "password", r.Password)
	return bad.Err()
}

// UpdateUserReq changes a user that is still at Version (R35).
type UpdateUserReq struct {
	ID      core.UserID `json:"id"`
	Version int64       `json:"version"`
	Name    string      `json:"name"`
	Role    core.Role   `json:"role"`
	Active  bool        `json:"active"`
}

// Validate checks the request.
func (r *UpdateUserReq) Validate() error {
	var bad core.Faults
	r.Name = core.Visible(r.Name)
	bad.Check(r.Name != "", "name", "Enter the name.")
	bad.Fit("name", r.Name, core.MaxName)
	bad.Check(r.Role.Valid(), "role", "Choose the role: Admin or Operator.")
	return bad.Err()
}

// ResetPasswordReq gives a user a new password.
type ResetPasswordReq struct {
	ID       core.UserID `json:"id"`
	Password string      `json:"password"`
}

// Validate checks the request.
func (r *ResetPasswordReq) Validate() error {
	var bad core.Faults
	checkPassword(&bad, "password", r.Password)
	return bad.Err()
}

// ListDevicesResp lists paired PCs, newest first.
type ListDevicesResp struct {
	Devices []Device `json:"devices"`
}

// RevokeDeviceReq names a PC.
type RevokeDeviceReq struct {
	ID core.DeviceID `json:"id"`
}

// OpenPairingResp is a code to type on the new PC.
type OpenPairingResp struct {
	Code    string    `json:"code"`
	Expires time.Time `json:"expires"`
}
