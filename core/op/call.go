package op

import (
	"context"
	"time"

	"masala/core"
	"masala/core/health"
)

// Peer is the PC a request comes from, as the transport has proved it.
type Peer struct {
	Device  core.DeviceID `json:"device"`  // paired device; 0 for the server's own PC
	Name    string        `json:"name"`    // name of the PC
	Address string        `json:"address"` // for the log only
	Local   bool          `json:"local"`   // holds the launch token of this service
}

// Request is one call as it reaches the server.
type Request struct {
	Operation string
	Key       string // request key, writes only
	Token     string // session token, "" before login
	Body      []byte
	Peer      Peer
}

// State is what every connected window is told as it changes.
type State struct {
	Boot      string           `json:"boot"`             // changes with every start of the service
	Revisions map[Topic]uint64 `json:"revisions"`        // counts the commits that touched a topic
	Warnings  []health.Warning `json:"warnings"`         // worst first
	Mode      string           `json:"mode"`             // licence mode
	Reason    string           `json:"reason,omitempty"` // why it is not active
	Factory   string           `json:"factory"`          // name of the factory, "" until set up
	Zone      string           `json:"zone"`             // its time zone (R41)
	NeedAdmin bool             `json:"need_admin"`       // no user exists yet: first run
	// Recovery is why the books cannot be opened, a backup.Reason; "" in service.
	// Then nothing else of the state is known, and only recovery.* is served.
	Recovery string `json:"recovery,omitempty"`
	Mark     Mark   `json:"mark,omitzero"` // where the books stand
	// Astray tells a PC that has said which Mark it saw: the books are of that lineage,
	// and do not have that row.
	Astray bool `json:"astray,omitempty"`
}

// Mark is where the books stand: rows with the same number are the same rows as long
// as the lineage is the same (RESILIENCE.md 4.2) and the books were not exchanged past the
// program, which Proof tells.
type Mark struct {
	Books   string    `json:"books"`           // which books these are
	Lineage string    `json:"lineage"`         // a restore begins a new one
	Begun   time.Time `json:"begun,omitzero"`  // when it began, by the server's clock
	Seq     core.Seq  `json:"seq"`             // newest ledger row
	Proof   string    `json:"proof,omitempty"` // of it, see Prove; "" before the first
	Waits   bool      `json:"waits,omitempty"` // restored, and not confirmed by an Admin yet
}

// Service is the server as the transport sees it.
type Service interface {
	// Serve runs one operation and returns its answer in JSON.
	Serve(ctx context.Context, r Request) ([]byte, error)
	// Watch returns the state as soon as it differs from seen; one without Boot
	// returns at once. The Mark of seen is what the PC has seen of the books.
	Watch(ctx context.Context, seen State) (State, error)
}

// Call is one run of a handler: who asks, when, and what there is to remember of
// it. The handler's transaction is handed in beside it.
type Call struct {
	Meta  Meta
	Actor core.Actor
	Peer  Peer
	Key   string
	Now   time.Time      // one instant for the whole operation, UTC
	Zone  *time.Location // of the factory
	Token string         // session token of the caller

	Notes    []Note          // becomes the audit row
	Document core.DocumentID // the document this request posted, if any

	committed []func()
}

// Note is one change for the audit log: what, the old and the new value (R43).
type Note struct {
	Entity string `json:"entity"`
	Old    any    `json:"old,omitempty"`
	New    any    `json:"new,omitempty"`
}

// Today is the business day of the factory (R41).
func (c *Call) Today() core.Date { return core.DateOf(c.Now, c.Zone) }

// Note remembers a change for the audit row of this call; old is nil for a new
// record.
func (c *Call) Note(entity string, old, new any) {
	c.Notes = append(c.Notes, Note{entity, old, new})
}

// Committed has fn called once the effect of this call is on disk.
func (c *Call) Committed(fn func()) { c.committed = append(c.committed, fn) }

// RunCommitted calls what Committed collected; only the pipeline does.
func (c *Call) RunCommitted() {
	for _, fn := range c.committed {
		fn()
	}
}

// IsAdmin reports whether an Admin asks.
func (c *Call) IsAdmin() bool { return c.Actor.Role == core.Admin }

// Stamp is the edit mark of a record written by this call.
func (c *Call) Stamp(version int64) core.Stamp {
	return core.Stamp{Version: version, UpdatedAt: c.Now, UpdatedBy: c.Actor.Name}
}

// CheckVersion is the optimistic lock: it refuses an edit of a record that is no
// longer at version seen, with who changed it when and both values (R35).
func (c *Call) CheckVersion(now core.Stamp, seen int64, theirs, yours any) error {
	if now.Version == seen {
		return nil
	}
	return core.Errorf(core.CodeConflict, core.ConflictMessage).
		With("updated_by", now.UpdatedBy).With("updated_at", now.UpdatedAt).
		With("version", now.Version).With("theirs", theirs).With("yours", yours)
}
