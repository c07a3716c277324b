package licence

import (
	"time"

	"masala/core"
	"masala/core/op"
)

// TopicLicence moves when the licence or its state changes.
const TopicLicence op.Topic = "licence"

// The operations on the licence.
var (
	Status       = op.Define[StatusReq, StatusResp]("licence.status", op.Read, op.Public, "Tell the state of the license, its days and the Hardware ID of the server.", op.Unlocked())
	Install      = op.Define[InstallReq, StatusResp]("licence.install", op.Control, op.Admin, "Install a license file, or use a clock reset of the vendor.", op.Unlocked(), op.Changes(TopicLicence))
	ConfirmClock = op.Define[ConfirmClockReq, StatusResp]("licence.confirm_clock", op.Control, op.Admin, "Confirm the date after the server's clock went far ahead.", op.Unlocked(), op.Changes(TopicLicence))
	Restart      = op.Define[RestartReq, RestartResp]("licence.restart", op.Control, op.ThisPC, "Start the locked server anew, after its clock was set right.", op.Unlocked(), op.Keyless())
)

// RestartReq has no fields.
type RestartReq struct{}

// RestartResp has no fields: the server is gone before one could be read.
type RestartResp struct{}

// StatusReq has no fields.
type StatusReq struct{}

// StatusResp is what the license page and the locked screens show.
type StatusResp struct {
	Mode       Mode      `json:"mode"`
	Reason     Reason    `json:"reason,omitempty"`
	Sentence   string    `json:"sentence,omitempty"`
	Trial      bool      `json:"trial,omitempty"` // there is no license yet
	Serial     string    `json:"serial,omitempty"`
	Customer   string    `json:"customer,omitempty"`
	Edition    string    `json:"edition,omitempty"`
	BoundTo    string    `json:"bound_to,omitempty"` // Hardware ID in the license
	Starts     core.Date `json:"starts"`             // issued, or first run of the trial
	Expires    core.Date `json:"expires"`            // first read-only day
	LockedFrom core.Date `json:"locked_from"`
	Today      core.Date `json:"today"`             // the day that counts
	Left       int       `json:"left"`              // days to Expires; 0 and less: expired
	Hardware   string    `json:"hardware"`          // Hardware ID of the server
	Problem    string    `json:"problem,omitempty"` // why the file in the folder is not used
	File       string    `json:"file,omitempty"`    // where license.key may be put; on the server's own PC only
	ClockNow   time.Time `json:"clock_now"`
	ClockKnown time.Time `json:"clock_known"`         // newest time known to be true
	Unlimited  bool      `json:"unlimited,omitempty"` // the demo factory needs no license
}

// InstallReq carries the whole text of the file.
type InstallReq struct {
	Text string `json:"text"`
}

// Validate checks the request in itself.
func (r *InstallReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Text != "", "text", "Choose the license file, or paste its text.")
	bad.Check(len(r.Text) <= MaxFile, "text", "This is no license file: it is larger than %d KB.", MaxFile>>10)
	return bad.Err()
}

// ConfirmClockReq names the day the Admin saw.
type ConfirmClockReq struct {
	Day core.Date `json:"day"`
}

// Validate checks the request in itself.
func (r *ConfirmClockReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Day != 0, "day", "Confirm the day that the server's clock shows.")
	return bad.Err()
}

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	NewestPosting() (time.Time, core.Seq, error) // zero when the ledger is empty
	Trials() ([]Trial, error)
	PutTrial(Trial) error // in the place of the one the books had of this machine
	ClockResets() ([]UsedReset, error)
	PutClockReset(UsedReset, time.Time) error
}

// ReadFacts reads what the books know.
func ReadFacts(tx Store) (f Facts, err error) {
	if f.Newest, f.Seq, err = tx.NewestPosting(); err != nil {
		return f, err
	}
	if f.Trials, err = tx.Trials(); err != nil {
		return f, err
	}
	f.Resets, err = tx.ClockResets()
	return f, err
}

// Register serves the operations of this package. g is nil where no license is needed;
// changed is called after every change of the licence, restart starts the service anew.
func Register[T Store](r *op.Router[T], g *Guard, changed, restart func()) {
	op.Handle(r, Status, func(c *op.Call, _ T, _ StatusReq) (StatusResp, error) { return status(g, c), nil })
	op.HandlePrepared(r, Install, func(c *op.Call, _ T, q InstallReq) (func() (*Reset, error), error) {
		if g == nil {
			return nil, core.Errorf(core.CodeUnavailable, "The demo factory needs no license.")
		}
		return func() (*Reset, error) { return g.take(c, []byte(q.Text)) }, nil
	}, func(c *op.Call, tx T, _ InstallReq, reset *Reset) (StatusResp, error) {
		c.Committed(changed)
		if reset != nil {
			return status(g, c), useReset(c, tx, g, *reset)
		}
		s := status(g, c)
		c.Note("license "+s.Serial, nil, map[string]any{"serial": s.Serial, "customer": s.Customer, "expires": s.Expires})
		return s, nil
	})
	op.HandlePrepared(r, ConfirmClock, func(c *op.Call, tx T, q ConfirmClockReq) (func() (time.Time, error), error) {
		known := status(g, c).ClockKnown
		_, newest, err := tx.NewestPosting()
		return func() (time.Time, error) {
			if g == nil {
				return known, nil
			}
			return known, g.Confirm(q.Day, c.Now, c.Zone, newest)
		}, err
	}, func(c *op.Call, tx T, _ ConfirmClockReq, known time.Time) (StatusResp, error) {
		c.Committed(changed)
		c.Note("clock", known, c.Now)
		if g == nil {
			return status(g, c), nil
		}
		return status(g, c), tx.PutTrial(g.Trial()) // it may have begun anew
	})
	op.Handle(r, Restart, func(c *op.Call, _ T, _ RestartReq) (RestartResp, error) {
		if status(g, c).Reason != Clock || restart == nil {
			return RestartResp{}, core.Errorf(core.CodeConflict, "The server runs and need not be started again.")
		}
		c.Actor.Name = c.Peer.Name // nobody need be logged in
		c.Note("server", nil, "restart")
		c.Committed(restart)
		return RestartResp{}, nil
	})
}

func status(g *Guard, c *op.Call) StatusResp {
	if g == nil {
		return StatusResp{Mode: Active, Unlimited: true, Today: c.Today(), ClockNow: c.Now, ClockKnown: c.Now}
	}
	s := g.Status(c.Now, c.Zone)
	if c.Peer.Local {
		s.File = g.options.File.Name()
	}
	return s
}

// take installs a license at once, outside of any transaction, and only checks a
// reset: that must be in the books before it has its effect.
func (g *Guard) take(c *op.Call, file []byte) (*Reset, error) {
	if r, ok := g.IsReset(file); ok {
		return &r, g.CheckReset(r, c.Now)
	}
	return nil, g.Install(file, c.Now, c.Zone)
}

func useReset(c *op.Call, tx Store, g *Guard, r Reset) error {
	_, seq, err := tx.NewestPosting()
	if err != nil {
		return err
	}
	used := UsedReset{r.Serial, seq}
	c.Note("clock reset "+r.Serial, nil, used)
	c.Committed(func() { g.Reset(used, c.Now, c.Zone) })
	return tx.PutClockReset(used, c.Now)
}
