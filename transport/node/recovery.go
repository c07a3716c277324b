package node

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/op"
	"masala/platform/atomicfile"
	"masala/platform/disk"
	"masala/platform/hostinfo"
	store "masala/storage/backup"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/server"
)

// recovery is the service while its books cannot be opened: it tells why, restores,
// or begins anew, for the holder of this PC's token only. It is an op.Service, and a
// backup.RecoveryHost for its own operations.
type recovery struct {
	options ServiceOptions
	ill     *illness
	boot    string
	router  *op.Router[struct{}]
	ctx     context.Context
	work    sync.WaitGroup
	reopen  chan struct{} // closed when the books shall be opened again

	mu       sync.Mutex
	extra    string            // another folder somebody looked into
	bad      map[string]string // points found damaged here
	running  *backup.Progress
	result   *backup.Result
	revision uint64
	moved    chan struct{}
	leaving  bool
}

func newRecovery(o ServiceOptions, ill *illness, before *backup.Result) *recovery {
	r := &recovery{options: o, ill: ill, boot: uuid.NewString(), router: op.NewRouter[struct{}](), reopen: make(chan struct{}),
		bad: map[string]string{}, result: before, moved: make(chan struct{})}
	backup.RegisterRecovery(r.router, backup.RecoveryHost(r))
	return r
}

// run serves until the books shall be opened again (nil) or ctx ends. asked, if not
// nil, is the point to restore at once.
func (r *recovery) run(ctx context.Context, asked *backup.RestoreReq) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer r.work.Wait()
	defer cancel()
	r.ctx = ctx
	r.options.Log.Error("recovery mode", "reason", string(r.ill.reason), "err", r.ill.cause)
	r.options.Pulse.Say("in recovery mode")
	id, own, err := r.identity()
	if err != nil {
		return err
	}
	known := r.remembered()
	token, err := newToken()
	if err != nil {
		return err
	}
	srv := server.New(server.Config{Service: r, Identity: id, Trust: noTrust{r}, Name: cmp.Or(known.Name, hostinfo.Name()), Version: r.options.Version, Token: token, Log: r.options.Log})
	local, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen on this PC: %w", err)
	}
	var tasks sync.WaitGroup
	defer tasks.Wait()
	fail := make(chan error, 2)
	tasks.Go(func() { fail <- srv.ServeLocal(local) })
	at := Runtime{Address: local.Addr().String(), Token: token, PID: os.Getpid()}
	if r.options.Listen != "" && own { // under another key nobody would believe it
		if ln, err := listenLAN(ctx)(listenAt(r.options.Listen, known.Port)); err != nil {
			r.options.Log.Error("LAN port", "err", err)
		} else {
			at.LAN = ln.Addr().String()
			tasks.Go(func() { _ = srv.Serve(ln) })
		}
	}
	forget, err := publish(r.options.Folder, at)
	if err != nil {
		return err
	}
	defer forget()
	switch {
	case r.ill.reason == backup.Full:
		r.work.Go(r.awaitSpace)
	case !r.ill.whole():
		r.work.Go(r.examine)
	}
	if asked != nil {
		if err := r.Recover(*asked); err != nil {
			r.end(backup.TaskRestore, asked.Path, err)
			r.leave()
		}
	}
	if r.options.Ready != nil {
		r.options.Ready(at)
	}
	var ended error
	select {
	case <-ctx.Done():
	case <-r.reopen:
	case ended = <-fail:
	}
	// Whoever asked reads the answer before the line drops.
	stop, done := context.WithTimeout(context.Background(), 3*time.Second)
	defer done()
	return errors.Join(ended, srv.Shutdown(stop))
}

// identity is the key of this PC, or one for the loopback line alone if that cannot
// be read or made; own tells which. A key that is lost is not made anew here: that is
// an Admin's decision.
func (r *recovery) identity() (id *identity.Identity, own bool, err error) {
	if r.ill.reason != backup.BadKey {
		if id, err = (identity.File{Path: r.options.Folder.Identity(), Write: atomicfile.Write}).Open(rand.Reader); err == nil {
			return id, true, nil
		}
	}
	id, err = identity.New(rand.Reader)
	return id, false, err
}

// remembered is what the newest anchor tells of the books that cannot be opened.
func (r *recovery) remembered() backup.Anchor {
	return newest(readAnchors(r.options.Folder, r.options.Log))
}

func newest(anchors []backup.Anchor) backup.Anchor {
	backup.Newest(anchors)
	return append(anchors, backup.Anchor{})[0]
}

// noTrust lets no PC in: the list of them is in the books. It says how far they are.
type noTrust struct{ *recovery }

func (t noTrust) Known(context.Context, string) (op.Peer, bool, error) {
	return op.Peer{}, false, t.awaited()
}

func (t noTrust) Pair(context.Context, string, string) (op.Peer, error) {
	return op.Peer{}, t.awaited()
}

// awaited is what the other PCs wait for, as their users read it.
func (r *recovery) awaited() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		return pairing.ErrRecovering
	}
	return core.Errorf(core.CodeUnavailable, "The server is restoring its data: %d %%. %s. What you typed is kept, and this PC connects again by itself.",
		r.running.Percent, r.running.Step).Because(pairing.ErrRecovering)
}

// Serve runs the operations of recovery mode and refuses every other one.
func (r *recovery) Serve(ctx context.Context, q op.Request) ([]byte, error) {
	h, ok := r.router.Lookup(q.Operation)
	if !ok || !q.Peer.Local {
		return nil, pairing.ErrRecovering
	}
	bound, err := h.Bind(q.Body)
	if err != nil {
		return nil, err
	}
	c := &op.Call{Meta: h.Meta, Peer: q.Peer, Now: r.options.Clock.Now().UTC(), Zone: factoryZone}
	answer, err := bound.Run(c, struct{}{})
	r.options.Log.Info("recovery", "operation", q.Operation, "err", err)
	return answer, err
}

// Watch returns the state as soon as it differs from seen.
func (r *recovery) Watch(ctx context.Context, seen op.State) (op.State, error) {
	for {
		r.mu.Lock()
		s := op.State{Boot: r.boot, Revisions: map[op.Topic]uint64{backup.TopicBackup: r.revision}, Recovery: string(r.ill.reason)}
		moved := r.moved
		r.mu.Unlock()
		if seen.Boot != s.Boot || seen.Revisions[backup.TopicBackup] != s.Revisions[backup.TopicBackup] {
			s.Warnings = []health.Warning{{Code: "recovery", Severity: health.Fatal, Text: r.Recovery(backup.RecoveryStatusReq{}).Sentence}}
			return s, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return seen, ctx.Err()
		}
	}
}

// change changes what is shown.
func (r *recovery) change(fn func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fn()
	r.revision++
	close(r.moved)
	r.moved = make(chan struct{})
}

// Recovery tells how things stand.
func (r *recovery) Recovery(q backup.RecoveryStatusReq) backup.RecoveryResp {
	folders := r.folders(q.Folder)
	r.mu.Lock()
	bad := map[string]string{}
	for k, v := range r.bad {
		bad[k] = v
	}
	resp := backup.RecoveryResp{Now: r.options.Clock.Now().UTC(), Reason: r.ill.reason, Detail: r.ill.detail, Cause: deepest(r.ill.cause), Database: r.options.Folder.Database(), Folders: folders,
		Result: r.result, MayEmpty: r.mayEmpty(), MayTry: r.ill.reason != backup.Restoring}
	if r.running != nil {
		p := *r.running
		resp.Running = &p
	}
	r.mu.Unlock()
	if r.ill.whole() {
		resp.Points, resp.Folders, resp.Sentence = []backup.Point{}, []string{}, r.ill.sentence(resp.Now, nil)
		if r.ill.reason == backup.BadKey {
			if resp.HasCode = r.sealed(); !resp.HasCode {
				resp.Detail = noCodeDetail
			}
		}
		return resp
	}
	resp.Points, resp.Problem = survey(folders, bad, resp.Now)
	best := offered(resp.Points)
	resp.Sentence = r.ill.sentence(resp.Now, best)
	_, err := os.Stat(r.options.Folder.Identity())
	resp.KeyIsHere = !errors.Is(err, fs.ErrNotExist)
	if best != nil {
		key := store.Contents(best.Path).Key
		resp.Offer, resp.HasCode = best.Path, key != ""
		if resp.HasCode && resp.KeyIsHere {
			id, err := identity.File{Path: r.options.Folder.Identity()}.Open(rand.Reader)
			resp.KeyIsHere = err == nil && string(id.Fingerprint()) == key
		}
	}
	return resp
}

// deepest is what the database itself said.
func deepest(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

func (r *recovery) folders(extra string) []string {
	r.mu.Lock()
	if extra != "" {
		r.extra = extra
	}
	extra = r.extra
	r.mu.Unlock()
	list := pointFolders(r.options.Folder, readAnchors(r.options.Folder, r.options.Log))
	if extra != "" && !slices.Contains(list, extra) {
		list = append(list, extra)
	}
	return list
}

// examine hashes the points, newest first, so that a damaged one is not offered.
func (r *recovery) examine() {
	points, _ := survey(r.folders(""), nil, r.options.Clock.Now())
	for _, p := range points {
		if p.State != backup.Good {
			continue
		}
		bad, err := store.Rehash(r.ctx, p.Path, r.options.Clock.Now())
		if r.ctx.Err() != nil {
			return
		}
		if bad {
			r.markBad(p.Path, "The file is not as it was written: its checksum differs.")
		}
		if err != nil {
			r.options.Log.Warn("restore point", "path", p.Path, "err", err)
		}
	}
}

// awaitSpace opens the books again as soon as there is clearly more room on their disk
// than there was.
func (r *recovery) awaitSpace() {
	had, err := disk.Of(string(r.options.Folder))
	if err != nil {
		r.options.Log.Warn("free disk space", "err", err)
		return
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-r.reopen:
			return
		case <-r.ctx.Done():
			return
		}
		if now, err := disk.Of(string(r.options.Folder)); err == nil && now.Free >= had.Free+productLimits.floor && r.Retry() == nil {
			r.options.Log.Info("there is space again", "free_mb", now.Free>>20, "had_mb", had.Free>>20)
			return
		}
	}
}

func (r *recovery) markBad(path, says string) {
	r.options.Log.Error("a restore point is damaged", "path", path, "says", says)
	r.change(func() { r.bad[path] = says })
}

// Recover begins to restore a point.
func (r *recovery) Recover(q backup.RestoreReq) error {
	if err := restorable(q.Path, r.options.Folder); err != nil {
		return err
	}
	return r.begin(backup.TaskRestore, q.Path, func(tell func(string, int)) error {
		c, err := exchange(r.options.Folder).Prepare(r.ctx, q.Path, q.Code, tell)
		if err != nil {
			if core.CodeOf(err) == core.CodeCorrupt {
				r.markBad(q.Path, "Its check failed.")
			}
			return err
		}
		tell("Exchanging the files", 99)
		if err := r.takeLicense(q.Path); err != nil {
			r.options.Log.Warn("license", "err", err)
		}
		return c.Commit(backup.Takeover{ID: uuid.NewString(), Origin: backup.OriginRestore, At: r.options.Clock.Now().UTC(), Point: q.Path})
	})
}

// takeLicense puts the license of the point into a data folder that has none.
func (r *recovery) takeLicense(point string) error {
	text := store.License(point)
	if _, err := os.Stat(r.options.Folder.License()); text == "" || !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return writePrivate(r.options.Folder.License(), []byte(text))
}

// Empty begins with new books.
func (r *recovery) Empty() error {
	if !r.mayEmpty() {
		return core.Errorf(core.CodeConflict, "This cannot be done now.")
	}
	return r.begin(backup.TaskEmpty, "", func(tell func(string, int)) error {
		tell("Making a new database", 10)
		books := ""
		anchors := readAnchors(r.options.Folder, r.options.Log)
		backup.Newest(anchors)
		if len(anchors) > 0 {
			books = anchors[0].Books
		}
		return begunEmpty(r.ctx, r.options, books)
	})
}

// mayEmpty reports whether new books can take the place of those there are.
func (r *recovery) mayEmpty() bool {
	return !r.ill.whole() && r.ill.reason != backup.Unwritable && r.ill.reason != backup.Restoring
}

// begunEmpty puts a new database in place of what is there, which is kept aside.
func begunEmpty(ctx context.Context, o ServiceOptions, books string) error {
	c, err := exchange(o.Folder).Empty(ctx)
	if err != nil {
		return err
	}
	return c.Commit(backup.Takeover{ID: uuid.NewString(), Origin: backup.OriginEmpty, At: o.Clock.Now().UTC(), Books: books})
}

// Retry opens the books again.
func (r *recovery) Retry() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running != nil {
		return errBusy
	}
	r.leaveLocked()
	return nil
}

var errBusy = core.Errorf(core.CodeConflict, "This is being done already. Wait until it is finished.")

// begin runs work in the background; when it succeeds the books are opened again.
func (r *recovery) begin(task backup.Task, path string, work func(tell func(string, int)) error) error {
	r.mu.Lock()
	if r.running != nil || r.leaving {
		r.mu.Unlock()
		return errBusy
	}
	r.running = &backup.Progress{Task: task, Path: path, Step: "Beginning", Since: r.options.Clock.Now().UTC()}
	r.mu.Unlock()
	r.tell("Beginning", 0)
	r.work.Go(func() {
		err := work(r.tell)
		r.end(task, path, err)
		if err == nil || r.ill.reason == backup.Restoring { // the present books are whole
			r.leave()
		}
	})
	return nil
}

// tell shows progress, to the watchdog as well.
func (r *recovery) tell(step string, percent int) {
	r.mu.Lock()
	moved := r.running != nil && (r.running.Step != step || r.running.Percent != percent)
	r.mu.Unlock()
	if !moved && percent > 0 {
		return
	}
	r.options.Pulse.Say(fmt.Sprintf("restoring %d %%", percent))
	r.change(func() {
		if r.running != nil {
			r.running.Step, r.running.Percent = step, percent
		}
	})
}

func (r *recovery) end(task backup.Task, path string, err error) {
	res := &backup.Result{Task: task, Path: path, At: r.options.Clock.Now().UTC(), OK: err == nil, Says: "Done"}
	if task == backup.TaskEmpty {
		res.Says = backup.SayNew
	}
	if err != nil {
		res.Says = err.Error()
		r.options.Log.Error("recovery", "task", string(task), "path", path, "err", err, "cause", deepest(err))
		r.options.Pulse.Say("in recovery mode")
	} else {
		r.options.Log.Info("recovery", "task", string(task), "path", path)
	}
	r.change(func() { r.running, r.result = nil, res })
}

func (r *recovery) leave() { r.mu.Lock(); defer r.mu.Unlock(); r.leaveLocked() }

func (r *recovery) leaveLocked() {
	if !r.leaving {
		r.leaving = true
		close(r.reopen)
	}
}
