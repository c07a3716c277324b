package sales

import (
	"masala/core"
	"masala/core/op"
)

// Owner is who entered an order or a draft. An Operator changes only his own; an Admin
// changes any, and whoever may post may confirm what another prepared.
type Owner struct {
	OwnerID   core.UserID `json:"owner,omitempty"` // 0: entered before owners were kept
	EnteredBy string      `json:"entered_by,omitempty"`
}

func mayChange(c *op.Call, o Owner, what string) error {
	switch {
	case c.IsAdmin() || o.OwnerID == c.Actor.User:
		return nil
	case o.EnteredBy == "":
		return core.Errorf(core.CodeForbidden, "%s was entered before the program noted by whom. Only an Admin can change it.", what)
	}
	return core.Errorf(core.CodeForbidden, "%s was entered by %s. Only %s or an Admin can change it.", what, o.EnteredBy, o.EnteredBy)
}
