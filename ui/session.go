package ui

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/op"
	"masala/core/system"
	"masala/ui/async"
	"masala/ui/form"
	"masala/ui/screen"
	backupscreen "masala/ui/screen/backup"
)

// session is one login: the user, what screens are handed, and the way he took
// through them.
type session struct {
	env    *screen.Env
	ctx    context.Context
	cancel context.CancelFunc
	menu   []screen.Entry // what this user may open
	nav    navigation
	seen   op.State // revisions the open screen was loaded at
	boot   string   // of the service that let the user in
	mark   op.Mark  // of the books he works in
	online bool
	server system.ServerStatusResp
	asked  time.Time // when server was read last
}

// caller notices a login that has ended, whoever's call hears of it first.
type caller struct {
	op.Caller
	lost func()
}

func (c caller) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	b, err := c.Caller.Call(ctx, operation, key, body)
	if core.CodeOf(err) == core.CodeUnauthenticated && operation != account.Logout.Name {
		c.lost()
	}
	return b, err
}

// loggedIn opens the shell for the user of a fresh login.
func (w *Window) loggedIn(r account.LoginResp) {
	w.conn.SetToken(r.Token)
	s := &session{online: true}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.seen = w.conn.State()
	drafts := form.NewDrafts(w.drafts(), w.deps.Clock, r.User.Login).Of(s.seen.Mark.Lineage)
	s.env = &screen.Env{
		Caller: caller{w.conn, func() { w.inbox.put(func() { w.loginEnded(s) }) }},
		Clock:  w.deps.Clock, Zone: w.zone, User: r.User, Theme: w.theme,
		Drafts: drafts, Desk: form.NewDesk(drafts, w.deps.Clock, w.write, w.noDraft).Alarm(w.later),
		Host:   async.NewHost(s.ctx, runner{w}, w.deps.Clock, w.Invalidate),
		NewKey: w.deps.NewKey, Shell: w, PC: w.deps.PC, ReadFile: w.deps.ReadFile,
	}
	for _, e := range w.entries {
		if screen.May(r.User, e.Needs) {
			s.menu = append(s.menu, e)
		}
	}
	w.session, w.greeting, w.unfolded = s, "", false
	w.prefer(func(p *preferences) { p.LastUser = r.User.Login })
	s.boot, s.mark = s.seen.Boot, s.seen.Mark
	w.readZone()
	w.readServer()
	if w.isLocked() && s.env.IsAdmin() {
		w.resume = screen.Route{ID: screen.SystemLicense} // the way out
	}
	w.open(w.resume)
	w.resume = screen.Route{ID: screen.DashboardHome}
}

// firstLogin opens the shell for the Admin who has just set up the factory, and shows
// him the recovery code of the server, this once (RESILIENCE 4.3).
func (w *Window) firstLogin(r account.LoginResp) {
	w.loggedIn(r)
	s := w.session
	if w.role == screen.RoleDemo {
		return
	}
	w.Go(func(ctx context.Context) func() {
		code, err := backup.MakeCode.Call(ctx, s.env.Caller, "", backup.MakeCodeReq{})
		return func() {
			if err != nil { // System > Backup asks for it again
				w.log.Warn("no recovery code made", "err", err)
				w.Toast(screen.Toast{Text: "The recovery code could not be made. Make it in System > Backup.", Error: true})
				return
			}
			if w.session == s {
				w.Show(backupscreen.NewCode(w.theme, code.Code))
			}
		}
	})
}

// loginEnded returns to the login screen and remembers where the user was; his form
// is a draft on disk by then.
func (w *Window) loginEnded(s *session) {
	if w.session != s {
		return
	}
	w.resume = s.nav.now().route
	w.greeting = "Your login has ended. Log in again to go on where you were."
	w.endSession()
	if w.role == screen.RoleServer && w.conn.State().Boot != s.boot {
		w.askOutcome() // it may have ended because other books are in service
	}
}

// write puts a draft on disk away from the window. It may be called from anywhere.
func (w *Window) write(write func() error, done func(error)) {
	w.goAlways(func(context.Context) func() {
		err := write()
		return func() { done(err) }
	})
}

// later does ring after d, on a goroutine that Close waits for, unless it is stopped.
func (w *Window) later(d time.Duration, ring func()) (stop func()) {
	w.workers.wg.Add(1)
	cancel := w.deps.After(d, func() {
		defer w.workers.wg.Done()
		ring()
	})
	return func() {
		if cancel() {
			w.workers.wg.Done()
		}
	}
}

func (w *Window) noDraft() {
	w.Toast(screen.Toast{Error: true, Text: "The draft could not be saved on this PC. Free some disk space."})
}

// logout ends the login here at once and on the server as soon as it hears of it.
func (w *Window) logout() {
	s := w.session
	w.workers.run(context.Background(), func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, account.Logout.Deadline)
		defer cancel()
		if _, err := account.Logout.Call(ctx, s.env.Caller, "", account.LogoutReq{}); err != nil && !errors.Is(err, context.Canceled) {
			w.log.Info("logout not confirmed", "err", err)
		}
		return func() {
			if w.session == nil {
				w.conn.SetToken("")
			}
		}
	})
	w.endSession()
}

func (w *Window) endSession() {
	w.rest()
	w.session.nav.close()
	w.session.cancel()
	w.session = nil
	w.dialogs.clear()
	w.own.drop(w.leaves) // what it asks about is a draft by now
	w.palette = nil
	w.toasts.clear()
	w.makeLogin()
}

// readZone asks for the factory's zone; until it is known the Indian one holds.
func (w *Window) readZone() {
	s := w.session
	w.Go(func(ctx context.Context) func() {
		set, err := system.GetSettings.Call(ctx, s.env.Caller, "", system.GetSettingsReq{})
		if err != nil {
			return nil
		}
		zone, err := time.LoadLocation(set.TimeZone)
		if err != nil {
			w.log.Warn("zone of the factory not known", "zone", set.TimeZone, "err", err)
			return nil
		}
		return func() { s.env.Zone, w.zone = zone, zone }
	})
}

// readServer asks what the server card shows.
func (w *Window) readServer() {
	s := w.session
	if !s.env.IsAdmin() {
		return
	}
	s.asked = w.deps.Clock.Now()
	w.Go(func(ctx context.Context) func() {
		r, err := system.ServerStatus.Call(ctx, s.env.Caller, "", system.ServerStatusReq{})
		if err != nil {
			return nil
		}
		return func() { s.server = r }
	})
}

// follow compares what the server says now with what the open screen has read, and
// reloads it when one of its topics moved or the line came back.
func (w *Window) follow() {
	s := w.session
	state, online := w.conn.State(), w.conn.Status().Up()
	back := online && !s.online
	s.online = online
	if !online {
		return
	}
	if now := state.Mark.Lineage; now != "" && s.mark.Lineage != "" && now != s.mark.Lineage {
		// What the screens show has other numbers in these books, perhaps.
		w.inbox.put(func() { w.loginEnded(s) })
		return
	}
	moved := state.Boot != s.seen.Boot || state.Mode != s.seen.Mode
	for _, t := range s.nav.now().screen.Topics() {
		moved = moved || state.Revisions[t] != s.seen.Revisions[t]
	}
	if back || moved {
		s.nav.now().screen.Reload()
	}
	if back || state.Revisions[system.TopicSettings] != s.seen.Revisions[system.TopicSettings] {
		w.readZone()
	}
	server := state.Revisions[system.TopicServer] + state.Revisions[backup.TopicBackup]
	if back || server != s.seen.Revisions[system.TopicServer]+s.seen.Revisions[backup.TopicBackup] || w.deps.Clock.Now().Sub(s.asked) > time.Minute {
		w.readServer()
	}
	if back || moved || !maps.Equal(state.Revisions, s.seen.Revisions) {
		s.seen = state
		s.seen.Revisions = maps.Clone(state.Revisions)
	}
}

// find returns the menu entry of a screen the user may open.
func (s *session) find(id screen.ID) (screen.Entry, bool) {
	i := slices.IndexFunc(s.menu, func(e screen.Entry) bool { return e.ID == id })
	if i < 0 {
		return screen.Entry{}, false
	}
	return s.menu[i], true
}
