package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/core/system"
)

// Serve runs one operation. Errors are *core.Error; what a user must not see is in
// the log under the error's Ref.
func (a *App) Serve(ctx context.Context, r op.Request) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
		err = a.explain(r, err)
	}()
	h, ok := a.router.Lookup(r.Operation)
	if !ok {
		return nil, core.Errorf(core.CodeNotFound, "This server has no operation %q. Update the program on both PCs to the same version.", r.Operation)
	}
	ctx, cancel := context.WithTimeout(ctx, h.Deadline)
	defer cancel()
	run := &run{app: a, request: r, handler: h, call: &op.Call{Meta: h.Meta, Peer: r.Peer, Key: r.Key, Token: r.Token, Now: a.clock.Now().UTC()}}
	if err := run.admit(ctx); err != nil || run.answer != nil {
		return run.answer, run.allFaults(ctx, err)
	}
	if run.work != nil {
		if err := run.work(); err != nil {
			return nil, err
		}
	}
	// From here on the caller no longer decides: a client that goes away leaves an
	// outcome behind, one way or the other.
	if err := run.commit(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	a.state.bump(h.Changes...)
	run.call.RunCommitted()
	return run.answer, nil
}

// run is one call on its way through the pipeline.
type run struct {
	app     *App
	request op.Request
	handler op.Handler[Store]
	call    *op.Call
	bound   op.Bound[Store]
	work    func() error
	answer  []byte
}

// admit does everything that needs no writing, on one snapshot. A Read, and a write
// that was answered before, leave with r.answer set.
func (r *run) admit(ctx context.Context) error {
	err := r.app.books.Read(ctx, func(tx Store) error {
		if err := r.identify(tx); err != nil {
			return err
		}
		// The key comes before permission, mode and health: a committed answer is
		// returned whatever those have become (R36).
		if done, err := r.answered(tx); done || err != nil {
			return err
		}
		if err := r.permit(); err != nil {
			return err
		}
		var err error
		if r.bound, err = r.handler.Bind(r.request.Body); err != nil {
			return err
		}
		switch {
		case r.handler.Kind == op.Read:
			r.answer, err = r.bound.Run(r.call, tx)
		case r.bound.Prepare != nil:
			r.work, err = r.bound.Prepare(r.call, tx)
		}
		return err
	})
	if err == nil && r.handler.Viewed {
		r.app.logView(ctx, r.call)
	}
	return err
}

// identify finds the session of the caller and the zone of the factory.
func (r *run) identify(tx Store) error {
	zone, err := r.app.zoneOf(tx)
	if err != nil {
		return err
	}
	r.call.Zone = zone
	r.call.Actor = core.Actor{Name: "", Device: r.request.Peer.Name}
	if r.handler.Perm == op.Public || r.handler.Perm == op.ThisPC {
		return nil
	}
	session, user, ok, err := tx.Session(account.TokenHash(r.request.Token))
	if err != nil {
		return err
	}
	if !ok || session.Device != r.request.Peer.Device || !session.Expires.After(r.call.Now) {
		return core.Errorf(core.CodeUnauthenticated, "Please log in.")
	}
	if !user.Active {
		return core.Errorf(core.CodeUnauthenticated, "%s may no longer log in. Ask an Admin.", user.Login)
	}
	r.call.Actor = core.Actor{User: user.ID, Name: user.Login, Role: user.Role, Device: r.request.Peer.Name}
	return nil
}

// answered returns the kept answer of a request key that has committed before.
func (r *run) answered(tx Store) (bool, error) {
	if r.handler.Kind == op.Read || r.handler.Keyless {
		return false, nil
	}
	// One spelling of a key only: the same UUID in other letters must not be another key.
	if id, err := uuid.Parse(r.request.Key); err != nil || id == uuid.Nil || id.String() != r.request.Key {
		return false, core.Invalid("key", "A write needs a request key, a UUID, so that it happens once.")
	}
	kept, ok, err := tx.Kept(r.request.Key)
	if err != nil || !ok {
		return false, err
	}
	if kept.User != r.call.Actor.User || kept.Operation != r.handler.Name || kept.Body != r.fingerprint() {
		return false, core.Errorf(core.CodeConflict, "This entry was already posted with other content. Open the posted document and start a new entry.").With("document", kept.Document)
	}
	if kept.Answer == nil {
		return false, core.Errorf(core.CodeConflict, "This entry was already posted more than 90 days ago.").With("document", kept.Document)
	}
	if r.handler.Perm == op.Admin && r.call.Actor.Role != core.Admin {
		return false, core.Errorf(core.CodeConflict, "This entry was already posted, when you were an Admin. Open the posted document.").With("document", kept.Document)
	}
	r.answer = kept.Answer
	r.app.log.Info("answered before", "operation", r.request.Operation, "key", r.request.Key, "peer", r.request.Peer.Name)
	return true, nil
}

func (r *run) fingerprint() [32]byte {
	if r.handler.Secret {
		return [32]byte{}
	}
	return sha256.Sum256(r.request.Body)
}

// permit checks right, licence mode and health.
func (r *run) permit() error {
	switch perm := r.handler.Perm; {
	case perm == op.ThisPC && !r.request.Peer.Local:
		return core.Errorf(core.CodeForbidden, "This is done on the server PC itself.")
	case perm == op.Admin && r.call.Actor.Role != core.Admin:
		return core.Errorf(core.CodeForbidden, "Only an Admin may do this.")
	}
	if err := r.app.licence.Check(r.call.Now, r.call.Zone).Allow(r.handler.Meta); err != nil {
		return err
	}
	if r.handler.Kind == op.Business {
		return r.app.health.Gate()
	}
	return nil
}

// commit runs the handler in the writer and keeps its answer with it.
func (r *run) commit(ctx context.Context) error {
	before := *r.call // the writer may run fn again after a lost transaction
	return r.app.books.Write(ctx, func(tx Store) error {
		*r.call = before
		r.answer = nil
		if done, err := r.answered(tx); done || err != nil {
			return err
		}
		answer, err := r.bound.Run(r.call, tx)
		if err != nil {
			return err
		}
		if err := r.audit(tx); err != nil {
			return err
		}
		r.answer = answer
		if r.handler.Keyless {
			return nil
		}
		return tx.Keep(Kept{Key: r.request.Key, User: r.call.Actor.User, Operation: r.handler.Name, Body: r.fingerprint(),
			Document: r.call.Document, At: r.call.Now, Answer: answer})
	})
}

// audit writes one row per noted change, at least one (R43).
func (r *run) audit(tx Store) error {
	notes := r.call.Notes
	if len(notes) == 0 {
		notes = []op.Note{{}}
	}
	for _, n := range notes {
		if err := writeAudit(tx, r.call, n); err != nil {
			return err
		}
	}
	return nil
}

func writeAudit(tx Store, c *op.Call, n op.Note) error {
	seq, hash, err := tx.AuditHead()
	if err != nil {
		return err
	}
	row := system.AuditRow{Seq: seq + 1, At: c.Now, User: c.Actor.User, Name: c.Actor.Name, Device: c.Actor.Device,
		Operation: c.Meta.Name, Document: c.Document, Entity: n.Entity}
	if row.Old, err = optional(n.Old); err != nil {
		return err
	}
	if row.New, err = optional(n.New); err != nil {
		return err
	}
	return tx.AppendAudit(row, row.Chain(hash))
}

func optional(v any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	return json.Marshal(v)
}

// explain turns any failure into what the user may read and logs the rest.
func (a *App) explain(r op.Request, err error) error {
	if err == nil {
		return nil
	}
	var known *core.Error
	if errors.As(err, &known) && known.Code != core.CodeInternal {
		if r.Operation == account.Login.Name && known.Code == core.CodeUnauthenticated {
			a.turned.Note(a.clock.Now(), r.Peer.Address, "wrong_password", "name", r.Peer.Name)
		}
		if known.Unwrap() != nil {
			a.log.Warn("refused", "operation", r.Operation, "code", known.Code, "cause", known.Unwrap())
		}
		return known
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return core.Errorf(core.CodeUnavailable, "The server did not finish in time. Your entry stays on this PC; try again.").Because(err)
	}
	return a.failed(r, err)
}

// failed logs what a user must not see under the reference that he may.
func (a *App) failed(r op.Request, err error) error {
	ref := uuid.NewString()[:8]
	a.log.Error("operation failed", "ref", ref, "operation", r.Operation, "peer", r.Peer.Name, "err", err)
	e := core.Errorf(core.CodeInternal, "Something went wrong on the server and nothing was changed. Tell support the number %s.", ref).Because(err)
	e.Ref = ref
	return e
}

// panicked is the error of a handler that panicked, with where it did.
func panicked(p any) error { return fmt.Errorf("panic: %v\n%s", p, debug.Stack()) }
