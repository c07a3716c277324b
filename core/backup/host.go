package backup

import (
	"io"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/op"
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	BackupSettings() (Settings, error) // Defaults at version 0 before an Admin changed any
	PutBackupSettings(Settings) error
	Sealed() (Sealed, bool, error) // false before a recovery code was made
	PutSealed(Sealed) error
	Lineage() (Lineage, error) // the newest; zero before the books were served
	ConfirmLineage(id string, at time.Time, by string) error
	InsertLineage(Lineage) error
	KnowsLineage(id string) (bool, error)
	HashAt(core.Seq) (string, error)                         // of a ledger row in hex, "" when there is none
	RaiseSeries(name string, last int, lineage string) error // never lowers one
	RevokeKey(fingerprint string, at time.Time) (bool, error)
	Anchor(now time.Time) (Anchor, error)
	Mark() (op.Mark, error)
	ProofAt(core.Seq) (string, error) // op.Mark.Proof of a ledger row, "" when there is none
	CountDocuments() (int, error)
	Accounts() ([]Account, error) // of all users, by login
	// PutAccount changes role, state and password of the user of that login, and ends his
	// sessions.
	PutAccount(a Account, at time.Time, by string) error
	Withheld(Lineage) ([]Withheld, error) // what was written down when it began, by login
}

// Sealed is the server's key under the recovery code.
type Sealed struct {
	Fingerprint string // of the key, public
	Seal        []byte
	MadeAt      time.Time
	MadeBy      string
}

// Lineage is one unbroken history of the books. A restore starts a new one: rows that
// have the same number in two lineages are not the same rows (RESILIENCE.md 4.2).
type Lineage struct {
	ID          string    `json:"id"`     // UUID
	Books       string    `json:"books"`  // ID of the first lineage: which books these are
	Origin      Origin    `json:"origin"` // how it began
	At          time.Time `json:"at"`
	Seq         core.Seq  `json:"seq"`             // newest ledger row when it began
	Seen        core.Seq  `json:"seen"`            // newest row that had been seen of the lineage before
	Point       string    `json:"point,omitempty"` // restored from
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	ConfirmedBy string    `json:"confirmed_by,omitempty"`
}

// Waits reports whether an Admin has to confirm the lineage.
func (l *Lineage) Waits() bool { return l.ID != "" && l.ConfirmedAt.IsZero() }

// Origin is how a lineage began.
type Origin string

// The origins.
const (
	OriginNew     Origin = "new"     // the books were made
	OriginRestore Origin = "restore" // from a restore point
	OriginEmpty   Origin = "empty"   // new books after a confirmation
	OriginOlder   Origin = "older"   // the file was replaced by an older one, past the program
	OriginRescue  Origin = "rescue"  // no new lineage: the same books in a new file
)

// Host does what only the running server can. In tests it may be NoHost.
type Host interface {
	// Status fills everything of the answer that is not in the books. It is asked within
	// a snapshot, so it may not wait for another one.
	Status(StatusReq, StatusResp, *time.Location) StatusResp
	// Fits refuses a folder that this server cannot use. Like Reaches it asks the drive,
	// which may take its time: never inside a transaction.
	Fits(Fields) error
	// Reaches refuses a folder or a file that is not there; "" is the folder of the backups.
	Reaches(path string) error
	// Become takes the settings over; they are in the books.
	Become(Fields)
	// Start begins a backup, or refuses while other work runs.
	Start(StartReq) (Progress, error)
	// Check begins to check a point, or refuses.
	Check(path string) (Progress, error)
	// Key is the server's key to be sealed, with its fingerprint.
	Key() (secret []byte, fingerprint string, err error)
	// Restorable refuses a point that cannot be restored, or a code that does not fit it.
	Restorable(RestoreReq) error
	// Restore ends the service and restores.
	Restore(RestoreReq)
}

// RecoveryHost does the work of recovery mode.
type RecoveryHost interface {
	Recovery(RecoveryStatusReq) RecoveryResp
	Recover(RestoreReq) error
	Empty() error
	ReplaceKey(ReplaceKeyReq) error
	Retry() error
}

// Register serves the operations on backups. confirmed is called once an Admin has
// confirmed restored books.
func Register[T Store](r *op.Router[T], host Host, random io.Reader, confirmed func()) {
	op.Handle(r, GetStatus, func(c *op.Call, tx T, q StatusReq) (StatusResp, error) {
		s, err := tx.BackupSettings()
		if err != nil {
			return StatusResp{}, err
		}
		resp := StatusResp{Now: c.Now, Settings: s, Points: []Point{}, Aside: []Aside{}}
		_, resp.Next = s.Due(c.Now, c.Zone)
		sealed, ok, err := tx.Sealed()
		if err != nil {
			return StatusResp{}, err
		}
		if ok {
			_, key, err := host.Key()
			if err != nil {
				return StatusResp{}, err
			}
			if key == sealed.Fingerprint { // else the code opens a key that no PC trusts any more
				resp.CodeMade = &sealed.MadeAt
			}
		}
		l, err := tx.Lineage()
		if err != nil {
			return StatusResp{}, err
		}
		if l.Waits() {
			resp.Restored = &Restored{At: l.At, Seq: l.Seq, Seen: l.Seen, Says: l.Warning()}
		}
		if c.Now.Sub(l.At) < withheldShown {
			if resp.Withheld, err = tx.Withheld(l); err != nil {
				return StatusResp{}, err
			}
		}
		resp = host.Status(q, resp, c.Zone)
		documents, err := tx.CountDocuments()
		for i := range resp.Points {
			if p := &resp.Points[i]; p.Books != "" && p.Books == l.Books {
				p.Since = max(0, documents-p.Documents)
			}
		}
		return resp, err
	})
	op.HandlePrepared(r, UpdateSettings, func(_ *op.Call, _ T, q UpdateSettingsReq) (func() (struct{}, error), error) {
		return func() (struct{}, error) { return struct{}{}, host.Fits(q.Fields) }, nil
	}, func(c *op.Call, tx T, q UpdateSettingsReq, _ struct{}) (Settings, error) {
		old, err := tx.BackupSettings()
		if err != nil {
			return Settings{}, err
		}
		if err := c.CheckVersion(old.Stamp, q.Version, old.Fields, q.Fields); err != nil {
			return Settings{}, err
		}
		s := Settings{q.Fields, c.Stamp(old.Version + 1)}
		c.Note("backup settings", old, s)
		c.Committed(func() { host.Become(q.Fields) })
		return s, tx.PutBackupSettings(s)
	})
	op.HandlePrepared(r, Start, func(_ *op.Call, _ T, q StartReq) (func() (struct{}, error), error) {
		return func() (struct{}, error) { return struct{}{}, host.Reaches(q.Folder) }, nil
	}, func(c *op.Call, _ T, q StartReq, _ struct{}) (StartResp, error) {
		p, err := host.Start(q)
		c.Note("backup", nil, q)
		return StartResp{p}, err
	})
	op.HandlePrepared(r, Check, func(_ *op.Call, _ T, q CheckReq) (func() (struct{}, error), error) {
		return func() (struct{}, error) { return struct{}{}, host.Reaches(q.Path) }, nil
	}, func(c *op.Call, _ T, q CheckReq, _ struct{}) (CheckResp, error) {
		p, err := host.Check(q.Path)
		c.Note("backup "+q.Path, nil, "check")
		return CheckResp{p}, err
	})
	op.HandlePrepared(r, MakeCode, func(c *op.Call, _ T, _ MakeCodeReq) (func() (freshCode, error), error) {
		return func() (f freshCode, err error) {
			secret, fingerprint, err := host.Key()
			if err != nil {
				return f, err
			}
			if f.code, err = NewCode(random); err != nil {
				return f, err
			}
			f.sealed = Sealed{Fingerprint: fingerprint, MadeAt: c.Now}
			f.sealed.Seal, err = Seal(secret, f.code, random)
			return f, err
		}, nil
	}, func(c *op.Call, tx T, _ MakeCodeReq, f freshCode) (MakeCodeResp, error) {
		f.sealed.MadeBy = c.Actor.Name
		c.Note("recovery code", nil, "made")
		return MakeCodeResp{f.code, c.Now}, tx.PutSealed(f.sealed)
	})
	op.HandlePrepared(r, Restore, func(c *op.Call, _ T, q RestoreReq) (func() (struct{}, error), error) {
		if !c.Peer.Local {
			return nil, core.Errorf(core.CodeForbidden, "This is done on the server PC itself.")
		}
		return func() (struct{}, error) { return struct{}{}, host.Restorable(q) }, nil
	}, func(c *op.Call, _ T, q RestoreReq, _ struct{}) (RestoreResp, error) {
		c.Note("restore", nil, q.Path)
		c.Committed(func() { host.Restore(q) })
		return RestoreResp{}, nil
	})
	op.Handle(r, ConfirmRestore, func(c *op.Call, tx T, _ ConfirmRestoreReq) (ConfirmRestoreResp, error) {
		if !c.Peer.Local {
			return ConfirmRestoreResp{}, core.Errorf(core.CodeForbidden, "This is done on the server PC itself.")
		}
		l, err := tx.Lineage()
		if err != nil {
			return ConfirmRestoreResp{}, err
		}
		c.Committed(confirmed)
		if !l.Waits() {
			return ConfirmRestoreResp{}, newBeginning(c, tx, l)
		}
		c.Note("restored books", l, "confirmed")
		return ConfirmRestoreResp{}, tx.ConfirmLineage(l.ID, c.Now, c.Actor.Name)
	})
}

// newBeginning starts a lineage though this server knows of none to confirm: the file
// and all anchors may have been exchanged, and only the other PCs know better.
func newBeginning(c *op.Call, tx Store, old Lineage) error {
	m, err := tx.Mark()
	if err != nil {
		return err
	}
	l := Lineage{ID: uuid.NewString(), Books: old.Books, Origin: OriginOlder, At: c.Now, Seq: m.Seq, ConfirmedAt: c.Now, ConfirmedBy: c.Actor.Name}
	if l.Books == "" {
		l.Books = l.ID
	}
	c.Note("lineage "+l.ID, old, l)
	return tx.InsertLineage(l)
}

// freshCode is a recovery code that is not in effect yet.
type freshCode struct {
	code   string
	sealed Sealed
}

// RegisterRecovery serves the operations of recovery mode, in it and outside of it.
func RegisterRecovery[T any](r *op.Router[T], host RecoveryHost) {
	op.Handle(r, RecoveryStatus, func(_ *op.Call, _ T, q RecoveryStatusReq) (RecoveryResp, error) { return host.Recovery(q), nil })
	op.Handle(r, RecoveryRestore, func(c *op.Call, _ T, q RestoreReq) (RecoveryResp, error) {
		note(c, "restore", q.Path)
		return answer(host, host.Recover(q))
	})
	op.Handle(r, RecoveryEmpty, func(c *op.Call, _ T, _ StartEmptyReq) (RecoveryResp, error) {
		note(c, "database", "start empty")
		return answer(host, host.Empty())
	})
	op.Handle(r, RecoveryKey, func(c *op.Call, _ T, q ReplaceKeyReq) (RecoveryResp, error) {
		note(c, "key of the server", map[bool]string{true: "a new one", false: "brought back"}[q.New])
		return answer(host, host.ReplaceKey(q))
	})
	op.Handle(r, RecoveryRetry, func(c *op.Call, _ T, _ RetryReq) (RecoveryResp, error) {
		note(c, "database", "open again")
		return answer(host, host.Retry())
	})
}

// note remembers what this PC asked for; nobody is logged in.
func note(c *op.Call, entity, what string) {
	c.Actor.Name = c.Peer.Name
	c.Note(entity, nil, what)
}

func answer(host RecoveryHost, err error) (RecoveryResp, error) {
	if err != nil {
		return RecoveryResp{}, err
	}
	return host.Recovery(RecoveryStatusReq{}), nil
}
