package ui

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"gioui.org/layout"
	gioop "gioui.org/op"

	"masala/core/op"
	"masala/ui/async"
	"masala/ui/form"
	"masala/ui/keyboard"
	"masala/ui/screen"
	"masala/ui/screen/connect"
	"masala/ui/screen/firstrun"
	"masala/ui/screen/login"
	"masala/ui/theme"
)

// Window is all that is on the screen, and the Shell of every screen in it.
type Window struct {
	deps    Deps
	log     *slog.Logger
	theme   *theme.Theme
	prefs   preferences
	zone    *time.Location
	inbox   inbox
	workers workers
	entries []screen.Entry

	conn  screen.Connection
	role  screen.Role
	epoch uint64 // counts how often the connection came back

	picker  *firstrun.Page
	setup   *firstrun.SetUp
	connect *connect.Page
	login   *login.Page
	session *session
	gate    *screen.Env // of the screens before the login

	greeting string       // on the login screen: why the user is there again
	resume   screen.Route // where the next login leads

	turn        chan struct{} // full while somebody uses the window; see inTurn
	keyboard    keyboard.Keyboard
	typed       []keyboard.Shortcut // struck in this frame
	dialogs     dialogs             // of what is on the screen
	own         dialogs             // of the window itself: whether it closes, whether the server ends
	toasts      toasts
	palette     *palette
	chrome      chrome
	lost        lostOverlay
	banner      bannerArea
	cover       lockedArea
	recovery    recoveryArea
	focusScreen bool
	unfolded    bool // the sidebar is open although the window is narrow
	fullScreen  bool
	platform    platform
	leaves      *dialog     // the question before closing, one of own while it stands
	closing     atomic.Bool // it was answered with Close, or nobody is asked
	exit        *exitDialog
	drawn       []func() // for the next frame: what is in this one is on the screen then
	standing    string   // what is shown while nobody is logged in
	says        string   // what the way to the server said last
}

// platform is what only a real window can do; it is nil in tests.
type platform interface {
	Close()
	FullScreen(bool)
}

// New makes a window. invalidate asks for a new frame and may be called from any
// goroutine.
func New(d Deps, invalidate func()) *Window {
	w := &Window{deps: d, log: d.Log, theme: theme.New(theme.Options{}), zone: defaultZone(), entries: entries(),
		resume: screen.Route{ID: screen.DashboardHome}, turn: make(chan struct{}, 1)}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	if d.Spawn == nil {
		w.deps.Spawn = func(f func()) { go f() }
	}
	if d.After == nil {
		w.deps.After = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	w.inbox.wake = invalidate
	w.workers = workers{spawn: w.deps.Spawn, inbox: &w.inbox}
	w.loadPreferences()
	if d.Connection != nil {
		w.connected(d.PC.Role(), d.Connection)
	} else {
		w.picker = firstrun.NewPage(w.theme, firstrun.NewPicker(d.PC, w.goAlways, w.inbox.put, w.connected), d.PC.Version())
	}
	return w
}

// connected takes the line to the server over, once the role of this PC is known.
func (w *Window) connected(role screen.Role, conn screen.Connection) {
	w.picker, w.role, w.conn = nil, role, conn
	drafts := form.NewDrafts(w.drafts(), w.deps.Clock, "") // of nobody yet
	w.gate = &screen.Env{Caller: conn, Clock: w.deps.Clock, Zone: w.zone, Theme: w.theme, Drafts: drafts,
		Desk: form.NewDesk(drafts, w.deps.Clock, w.write, w.noDraft).Alarm(w.later), NewKey: w.deps.NewKey, Shell: w, PC: w.deps.PC}
	conn.OnChange(w.inbox.wake)
	w.connect = connect.NewPage(w.theme, connect.NewModel(w.gate, conn, w.deps.Clock, w.goAlways), role, w.deps.PC.Version())
	w.makeLogin()
}

// drafts is the folder of this role: what was typed in the demo factory stays there.
func (w *Window) drafts() form.Files { return w.deps.Drafts(w.role) }

func (w *Window) makeLogin() {
	m := login.NewModel(w.conn, w.deps.Clock, w.goAlways, w.prefs.LastUser, w.loggedIn)
	m.Greeting = w.greeting
	if w.role == screen.RoleDemo {
		m.Demo = w.deps.Logins
	}
	w.login = login.NewPage(w.theme, m, w.deps.PC.Version())
	w.setup = nil
}

// goAlways runs work that no logout ends.
func (w *Window) goAlways(work func(context.Context) func()) {
	w.workers.run(context.Background(), work)
}

// Go runs work away from the window; see screen.Shell.
func (w *Window) Go(work func(context.Context) func()) {
	ctx := context.Background()
	if w.session != nil {
		ctx = w.session.ctx
	}
	w.workers.run(ctx, work)
}

// runner starts the background work of async values.
type runner struct{ w *Window }

// Go starts work and counts it.
func (r runner) Go(work func()) {
	r.w.workers.run(context.Background(), func(context.Context) func() { work(); return nil })
}

var _ async.Runner = runner{}

// Invalidate asks for a new frame.
func (w *Window) Invalidate() { w.inbox.wake() }

// State is what the server last told.
func (w *Window) State() op.State { return w.conn.State() }

// Online reports whether calls can be answered. What is read after an outage is read
// before a screen hears of it: both are as the frame began (follow).
func (w *Window) Online() bool {
	if w.session != nil {
		return w.session.online
	}
	return w.conn.Status().Up()
}

// Revision moves with the topics and with every return of the connection.
func (w *Window) Revision(topics ...op.Topic) uint64 {
	return async.Revision(w.conn.State(), topics...) + w.epoch
}

// Menu lists what the user may open.
func (w *Window) Menu() []screen.Entry { return w.session.menu }

// Floor reports whether the operators' shell is shown.
func (w *Window) Floor() bool { return w.session != nil && !w.session.env.IsAdmin() }

// Layout draws the window and takes its events.
func (w *Window) Layout(gtx layout.Context) layout.Dimensions {
	w.tellDrawn()
	w.inbox.run()
	var st screen.Status
	if w.conn != nil {
		st = w.conn.Status()
	}
	off := w.session != nil && w.lost.over(st)
	w.keyboard.Hold(off)
	gtx = w.theme.Scaled(w.keyboard.Begin(gtx))
	w.globalKeys(gtx)
	size := gtx.Constraints.Max
	gtx.Constraints = layout.Exact(size)
	theme.Fill(gtx.Ops, rect(size), 0, w.theme.Canvas)
	// From the top: what the window itself asks, the overlay, dialogs, the screen.
	dialogs := w.own.under(gtx)
	if off {
		dialogs = gtx.Disabled()
	}
	under := w.dialogs.under(dialogs)
	switch {
	case w.picker != nil:
		w.stand("first_run")
		w.picker.Layout(under)
	case w.session != nil:
		w.layoutSession(under, st)
	default:
		w.underSlow(under, w.layoutGate)
	}
	w.escape(under)
	w.shortcuts(under)
	w.dialogs.layout(dialogs, w)
	if w.session != nil {
		w.lost.layout(gtx, w, st)
	}
	w.own.layout(gtx, w)
	w.toasts.layout(gtx, w.theme)
	w.tick(gtx)
	if !w.inbox.empty() || len(w.drawn) > 0 {
		gtx.Execute(gioop.InvalidateCmd{})
	}
	return layout.Dimensions{Size: size}
}

// layoutGate draws what stands before the login.
func (w *Window) layoutGate(gtx layout.Context) {
	st, state := w.conn.Status(), w.conn.State()
	if st.Up() && !w.recovering() {
		w.recovered()
	}
	switch {
	case awaitsBooks(st):
		at := "recovery"
		if st.Refusal == screen.Starting {
			at = "starting"
		}
		w.stand(at)
		w.layoutElsewhere(gtx)
	case !st.Up():
		w.stand("connect")
		w.connect.Layout(gtx)
		w.noteSays()
	case w.recovering():
		w.layoutRecovery(gtx)
	case w.covered():
		w.stand("locked")
		w.layoutLocked(gtx)
	case state.NeedAdmin && w.role == screen.RoleClient:
		w.stand("unready")
		w.connect.LayoutUnready(gtx)
	case state.NeedAdmin:
		if w.setup == nil {
			w.setup = firstrun.NewSetUp(w.theme, firstrun.NewFactory(w.gate, w.goAlways, w.firstLogin), w.deps.PC.Version())
		}
		w.setup.Notice = newBooks(state.Warnings)
		w.stand("set_up")
		w.setup.Layout(gtx)
	default:
		w.stand("login")
		w.login.Layout(gtx, state.Factory, w.role == screen.RoleDemo)
	}
}

// onceDrawn does something when what is asked for now is on the screen, a first frame
// may take seconds: what the log says is shown can be seen and takes keys.
func (w *Window) onceDrawn(do func()) {
	w.drawn = append(w.drawn, do)
	w.Invalidate()
}

func (w *Window) tellDrawn() {
	drawn := w.drawn
	w.drawn = nil
	for _, do := range drawn {
		do()
	}
}

// stand notes what is shown in this frame, "" for the screens of a login.
func (w *Window) stand(at string) {
	if w.standing == at {
		return
	}
	w.says = ""
	if w.standing = at; at != "" {
		w.onceDrawn(func() { w.log.Info("opened", "screen", at) })
	}
}

// noteSays notes what the way to the server says, once it is on the screen.
func (w *Window) noteSays() {
	says := w.connect.Says()
	if w.says == says {
		return
	}
	if w.says = says; says != "" {
		w.onceDrawn(func() { w.log.Info("says", "screen", "connect", "text", says) })
	}
}

// layoutSession draws the shell and the palette over it.
func (w *Window) layoutSession(gtx layout.Context, st screen.Status) {
	if w.recovering() {
		w.underSlow(gtx, w.layoutRecovery)
		return
	}
	w.stand("")
	if st.Up() {
		w.recovered()
	}
	w.follow()
	if w.covered() {
		w.palette = nil
		w.underSlow(gtx, w.layoutLocked)
		return
	}
	shell := gtx
	if w.palette != nil {
		shell = gtx.Disabled()
	}
	if w.Floor() {
		w.layoutFloor(shell)
	} else {
		w.layoutAdmin(shell)
	}
	if w.palette != nil {
		w.layoutPalette(gtx)
	}
}

// tick saves the drafts that are due, with what was typed in this frame, and comes back
// for the next.
func (w *Window) tick(gtx layout.Context) {
	d, now := w.desk(), w.deps.Clock.Now()
	if d == nil {
		return
	}
	if next := d.Tick(now); !next.IsZero() {
		gtx.Execute(gioop.InvalidateCmd{At: gtx.Now.Add(next.Sub(now))})
	}
}

// desk is where the forms on the screen are kept; nil before there are any.
func (w *Window) desk() *form.Desk {
	switch {
	case w.session != nil:
		return w.session.env.Desk
	case w.gate != nil:
		return w.gate.Desk
	}
	return nil
}

// layoutScreen draws the open screen into its sheet.
func (w *Window) layoutScreen(gtx layout.Context) {
	p := w.session.nav.now()
	if p == nil {
		return
	}
	if f, ok := p.screen.(screen.Focuser); ok && w.focusScreen && gtx.Enabled() {
		f.Focus(gtx)
	}
	if gtx.Enabled() {
		w.focusScreen = false
	}
	gtx.Constraints = layout.Exact(gtx.Constraints.Max)
	p.screen.Layout(gtx)
}

var _ screen.Shell = (*Window)(nil)
