package screentest

import (
	"context"
	"fmt"
	"image"
	"testing"
	"time"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/layout"
	giop "gioui.org/op"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/ui/async"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/uitest"
	"masala/ui/widget"
)

// Window is a screen in an imagined window.
type Window struct {
	*uitest.UI
	Env    *screen.Env
	Server *Server
	Files  *Files
	Screen screen.Screen

	Toasts    []screen.Toast
	Questions []screen.Question
	Gone      []screen.Route // where the screen wanted to go
	Dialog    screen.Dialog
	Keep      bool // work waits for Do

	work []func()
	busy bool
}

// Options say who works in the window and how it looks.
type Options struct {
	Role    core.Role
	Width   int
	Height  int
	Theme   theme.Options
	Scale   float32 // px per dp; 0 is 1
	Files   *Files
	Server  *Server
	Lineage string    // of the books; "" is "lineage-1"
	Now     time.Time // zero: 12 February 2026, 14:32 in Pune
}

// Open makes the window, and in it the screen that open makes.
func Open(t testing.TB, o Options, open func(*screen.Env) screen.Screen) *Window {
	t.Helper()
	if o.Width == 0 {
		o.Width = 1440 - 216 - 8
	}
	if o.Height == 0 {
		o.Height = 900 - 16 - 54
	}
	if o.Role == "" {
		o.Role = core.Admin
	}
	if o.Files == nil {
		o.Files = &Files{Data: map[string][]byte{}}
	}
	if o.Lineage == "" {
		o.Lineage = "lineage-1"
	}
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 2, 12, 9, 2, 5, 0, time.UTC)
	}
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	w := &Window{Server: o.Server, Files: o.Files}
	clock := uitest.NewClock(o.Now)
	name := "manager"
	if o.Role == core.Operator {
		name = "store1"
	}
	w.Env = &screen.Env{Caller: o.Server, Clock: clock, Zone: zone, Theme: theme.New(o.Theme), Shell: w,
		User:   account.User{ID: 1, Login: name, Name: name, Role: o.Role, Active: true},
		Drafts: form.NewDrafts(o.Files, clock, name).Of(o.Lineage), NewKey: w.newKey}
	w.Env.Desk = form.NewDesk(w.Env.Drafts, clock, func(write func() error, done func(error)) {
		w.Go(func(context.Context) func() { err := write(); return func() { done(err) } })
	}, func() {
		w.Toast(screen.Toast{Error: true, Text: "The draft could not be saved on this PC. Free some disk space."})
	})
	w.Env.Host = async.NewHost(context.Background(), runner{w}, clock, w.Invalidate)
	t.Cleanup(w.Env.Host.Close)
	w.Screen = open(w.Env)
	w.Screen.Reload()
	scale := o.Scale
	if scale == 0 {
		scale = 1
	}
	w.UI = uitest.New(t, clock, o.Width, o.Height, w.layout)
	if scale != 1 {
		w.Resize(o.Width, o.Height, scale)
	}
	if f, ok := w.Screen.(screen.Focuser); ok {
		f.Focus(layout.Context{})
		w.Settle()
	}
	t.Cleanup(w.Screen.Close)
	return w
}

func (w *Window) newKey() string {
	w.Files.keys++ // windows that share their drafts share no key
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.Files.keys)
}

// layout draws the screen on the page's ground, a dialog over it, and passes on the
// shortcuts of its actions, as the shell does.
func (w *Window) layout(gtx layout.Context) layout.Dimensions {
	gtx = w.Env.Theme.Scaled(gtx)
	th := w.Env.Theme
	w.run()
	theme.Fill(gtx.Ops, image.Rectangle{Max: gtx.Constraints.Max}, 0, th.Panel)
	under := gtx
	if w.Dialog != nil {
		under = gtx.Disabled()
	} else {
		w.shortcuts(gtx)
	}
	d := w.Screen.Layout(under)
	if w.Dialog != nil {
		w.dialog(gtx)
	}
	if next := w.Env.Desk.Tick(gtx.Now); !next.IsZero() {
		gtx.Execute(giop.InvalidateCmd{At: next})
	}
	if len(w.work) > 0 && !w.Keep {
		gtx.Execute(giop.InvalidateCmd{})
	}
	return d
}

func (w *Window) shortcuts(gtx layout.Context) {
	var filters []event.Filter
	actions := w.Screen.Actions()
	for _, a := range actions {
		if a.Key.Name != "" {
			filters = append(filters, key.Filter{Name: a.Key.Name, Required: a.Key.Mods})
		}
	}
	filters = append(filters, key.Filter{Name: key.NameEscape})
	for {
		e, ok := gtx.Event(filters...)
		if !ok {
			return
		}
		k, ok := e.(key.Event)
		if !ok || k.State != key.Press {
			continue
		}
		if k.Name == key.NameEscape {
			if s, ok := w.Screen.(screen.Escaper); ok {
				s.Escape()
			}
			continue
		}
		for _, a := range actions {
			if a.Key.Name == k.Name && a.Key.Mods == k.Modifiers && a.Reason == "" {
				a.Do()
			}
		}
	}
}

func (w *Window) dialog(gtx layout.Context) {
	d, th := w.Dialog, w.Env.Theme
	widget.Scrim(gtx, th, 1)
	pad := gtx.Dp(24)
	in := gtx
	in.Constraints = layout.Constraints{Max: image.Pt(gtx.Dp(d.Width())-2*pad, gtx.Constraints.Max.Y)}
	m := giop.Record(gtx.Ops)
	body := widget.Column(in, 14,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.T18, th.T1, d.Title()) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return d.Layout(gtx, func() { w.Dialog = nil })
		}))
	call := m.Stop()
	at := image.Pt((gtx.Constraints.Max.X-gtx.Dp(d.Width()))/2, (gtx.Constraints.Max.Y-body.Size.Y)/2)
	th.PaintModal(gtx, image.Rectangle{Min: at.Sub(image.Pt(0, pad)), Max: at.Add(image.Pt(gtx.Dp(d.Width()), body.Size.Y+pad))}, gtx.Dp(theme.RadiusModal))
	defer giop.Offset(at.Add(image.Pt(pad, 0))).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
}

// run does the work that waits, between two frames.
func (w *Window) run() {
	if w.Keep || w.busy {
		return
	}
	w.busy = true
	for len(w.work) > 0 {
		todo := w.work
		w.work = nil
		for _, do := range todo {
			do()
		}
	}
	w.busy = false
}

// Do lets the work go on that Keep held back.
func (w *Window) Do() {
	w.Keep = false
	w.Settle()
}

// Go keeps work for the next frame.
func (w *Window) Go(work func(context.Context) func()) {
	w.work = append(w.work, func() {
		if done := work(context.Background()); done != nil {
			done()
		}
	})
}

// runner makes the values of ui/async part of the same queue.
type runner struct{ w *Window }

func (r runner) Go(work func()) { r.w.work = append(r.w.work, work) }

// Invalidate does nothing: every test settles.
func (w *Window) Invalidate() {}

// Navigate remembers the route.
func (w *Window) Navigate(r screen.Route) { w.Gone = append(w.Gone, r) }

// Back does nothing.
func (w *Window) Back() {}

// Toast remembers what was said.
func (w *Window) Toast(t screen.Toast) { w.Toasts = append(w.Toasts, t) }

// Ask remembers the question; Reply answers it.
func (w *Window) Ask(q screen.Question) { w.Questions = append(w.Questions, q) }

// Reply gives an answer to the newest question.
func (w *Window) Reply(label string) {
	w.T.Helper()
	if len(w.Questions) == 0 {
		w.T.Fatal("nothing was asked")
	}
	q := w.Questions[len(w.Questions)-1]
	w.Questions = w.Questions[:len(w.Questions)-1]
	for _, a := range q.Answers {
		if a.Label == label {
			if a.Do != nil {
				a.Do()
			}
			w.Settle()
			return
		}
	}
	w.T.Fatalf("%q has no answer %q", q.Title, label)
}

// Show puts a dialog over the screen.
func (w *Window) Show(d screen.Dialog) { w.Dialog = d }

// State is empty.
func (w *Window) State() op.State { return op.State{} }

// Online reports whether the server can be reached.
func (w *Window) Online() bool { return !w.Server.Gone }

// Revision never moves by itself: tests call Reload.
func (w *Window) Revision(...op.Topic) uint64 { return 1 }

// Menu is empty.
func (w *Window) Menu() []screen.Entry { return nil }

// Floor is the operators' shell, which these screens draw alike.
func (w *Window) Floor() bool { return false }

// Said is the newest toast.
func (w *Window) Said() string {
	if len(w.Toasts) == 0 {
		return ""
	}
	return w.Toasts[len(w.Toasts)-1].Text
}

// Enter strikes Enter n times.
func (w *Window) Enter(n int) {
	w.T.Helper()
	for range n {
		w.Press(key.NameReturn)
	}
}

// Text is what stands in the field or figure called name.
func (w *Window) Text(name string) string {
	w.T.Helper()
	list := w.Nodes()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Description == name && !list[i].Bounds.Empty() {
			return list[i].Label
		}
	}
	w.T.Fatalf("no %q on the screen, which has:\n%s", name, w.Dump())
	return ""
}
