package core

import "time"

// Ids of the records. Each is a row id, positive; zero means "none".
type (
	UserID     int64
	ItemID     int64
	PartyID    int64
	LotID      int64
	DocumentID int64
	DeviceID   int64
)

// Seq is the place of a row in the ledger or the audit log: the order of truth
// (R6).
type Seq int64

// Role is what a user may do (DOMAIN.md section 3).
type Role string

// The roles.
const (
	Admin    Role = "ADMIN"
	Operator Role = "OPERATOR"
)

// Valid reports whether r is a role.
func (r Role) Valid() bool { return r == Admin || r == Operator }

// Actor is who performs an operation, and from where.
type Actor struct {
	User   UserID `json:"user"`
	Name   string `json:"name"`
	Role   Role   `json:"role"`
	Device string `json:"device"` // name of the PC
}

// Clock tells the time. It is handed in everywhere, so that a test can set it.
type Clock interface{ Now() time.Time }

// SystemClock is the clock of this PC.
type SystemClock struct{}

// Now returns the time of this PC.
func (SystemClock) Now() time.Time { return time.Now() }

// ConflictMessage is what the loser of two edits reads (R35).
const ConflictMessage = "This record was modified by another user. Please reload and try again."

// Stamp says which edit of a record this is and who made it (R35).
type Stamp struct {
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy string    `json:"updated_by"`
}

// Segment is the market a stock cell is meant for (R28).
type Segment string

// The segments. Material that is not yet packed lies in Regular.
const (
	Regular Segment = "REGULAR"
	Online  Segment = "ONLINE"
)

// Valid reports whether s is a segment.
func (s Segment) Valid() bool { return s == Regular || s == Online }
