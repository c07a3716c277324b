package ui

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"time"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"masala/ui/screen"
	"masala/ui/screen/connect"
	"masala/ui/theme"
	"masala/ui/widget"
)

// LostSentence heads the overlay over a form whose connection broke (RESILIENCE 3.1).
const LostSentence = "⚠️ Connection Lost. Reconnecting..."

// lostOverlay covers the screen while no call can be answered. The form below stays
// readable and keeps what was typed.
type lostOverlay struct {
	shown bool
	since time.Time // when the connection was lost
	fade  widget.Fade
	retry widget.Button
	find  widget.Button
	back  int // address: everything below
}

// over reports whether the overlay lies over the screen and was seen there: in the frame
// that brings it, the form still takes in what was typed before.
func (o *lostOverlay) over(s screen.Status) bool { return o.shown && !s.Up() }

func (o *lostOverlay) layout(frame layout.Context, w *Window, s screen.Status) {
	gtx := w.own.under(frame)
	if s.Up() {
		if o.shown {
			w.epoch++
			w.log.Info("overlay gone", "after", w.deps.Clock.Now().Sub(o.since).Round(time.Millisecond))
		}
		o.shown = false
		if v := o.fade.Value(frame, false, w.theme.Motion(theme.MotionOverlay)); v > 0 {
			widget.Scrim(gtx, w.theme, v)
		}
		return
	}
	if !o.shown {
		o.shown, o.since = true, s.Since
		if o.since.IsZero() {
			o.since = gtx.Now
		}
		o.retry.Focus()
		w.session.env.Desk.Save()
		w.onceDrawn(func() { w.log.Info("overlay", "phase", string(s.Phase)) })
	}
	frame.Execute(op.InvalidateCmd{At: gtx.Now.Add(time.Second - gtx.Now.Sub(o.since)%time.Second)})
	th, size := w.theme, gtx.Constraints.Max
	for {
		if _, ok := gtx.Event(pointer.Filter{Target: &o.back, Kinds: pointer.Press | pointer.Release | pointer.Drag | pointer.Scroll,
			ScrollY: pointer.ScrollRange{Min: -1e6, Max: 1e6}}); !ok {
			break
		}
	}
	if o.retry.Clicked(gtx) || struck(gtx, key.Filter{Name: key.NameReturn}, key.Filter{Name: key.NameEnter}) {
		w.conn.RetryNow()
	}
	if o.find.Clicked(gtx) {
		if unpaired(s) {
			w.pairAgain()
			return
		}
		w.conn.Rediscover()
	}
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	event.Op(gtx.Ops, &o.back)
	area.Pop()
	v := o.fade.Value(frame, true, th.Motion(theme.MotionOverlay))
	widget.Scrim(gtx, th, v)

	width := min(gtx.Dp(582), size.X-gtx.Dp(48))
	in := gtx
	in.Constraints = layout.Constraints{Max: image.Pt(width, size.Y)}
	m := op.Record(gtx.Ops)
	h := o.content(in, w, s, width)
	call := m.Stop()
	at := image.Pt(middle(size.X, width), max(middle(size.Y, h), 0))
	defer op.Offset(at).Push(gtx.Ops).Pop()
	defer paint.PushOpacity(gtx.Ops, v).Pop()
	r := image.Rect(0, 0, width, h)
	th.PaintModal(gtx, r, gtx.Dp(theme.RadiusModal))
	defer clip.Rect(r).Push(gtx.Ops).Pop()
	title, _, _ := o.words(gtx.Now, s, w.role)
	semantic.DescriptionOp(title).Add(gtx.Ops)
	call.Add(gtx.Ops)
}

// words are the title in full, the line below it, and the hint at the foot.
func (o *lostOverlay) words(now time.Time, s screen.Status, role screen.Role) (title, text, hint string) {
	if s.Phase == screen.Refused {
		title, text = connect.Explain(s)
		return title, text, "Your draft stays on this PC"
	}
	offline := max(now.Sub(o.since), 0).Truncate(time.Second)
	next := "Trying now."
	if left := s.NextTry.Sub(now); !s.NextTry.IsZero() && left > 0 {
		next = fmt.Sprintf("Next try in %d s.", int((left+time.Second-1)/time.Second))
	}
	text = fmt.Sprintf("%s Attempt %d, offline for %s.", next, max(s.Attempt, 1), long(offline))
	hint = "Check the LAN cable and the server PC"
	if role != screen.RoleClient {
		hint = "The server on this PC starts again by itself"
	}
	return LostSentence, text, hint
}

// unpaired reports whether only a pairing code leads on.
func unpaired(s screen.Status) bool {
	return s.Phase == screen.Unpaired || s.Phase == screen.Refused && (s.Refusal == screen.NotPaired || s.Refusal == screen.Revoked)
}

// pairAgain leads to where a pairing code is entered; the form stays as a draft and is
// there again after the next login.
func (w *Window) pairAgain() {
	w.resume = w.session.nav.now().route
	w.greeting = "Log in again to go on where you were."
	w.endSession()
	w.Invalidate()
}

// long writes a duration as people say it.
func long(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d/time.Second))
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d/time.Minute), int(d%time.Minute/time.Second))
	}
	return fmt.Sprintf("%d h %d min", int(d/time.Hour), int(d%time.Hour/time.Minute))
}

func (o *lostOverlay) content(gtx layout.Context, w *Window, s screen.Status, width int) int {
	th := w.theme
	title, text, hint := o.words(gtx.Now, s, w.role)
	pad := gtx.Dp(36)
	room := width - 2*pad
	y := gtx.Dp(36)
	ring := gtx.Dp(88)
	widget.At(gtx, middle(width, ring), y, ring, ring, func(gtx layout.Context) layout.Dimensions { return o.sign(gtx, th, s) })
	y += ring + gtx.Dp(16)
	centred := func(style theme.Style, c color.NRGBA, text, label string) {
		d := widget.At(gtx, pad, y, room, gtx.Dp(200), func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = room
			if label != "" {
				x := max(middle(room, widget.TextWidth(gtx, th, style, text)), 0)
				return widget.At(gtx, x, 0, room-x, gtx.Sp(style.Line), func(gtx layout.Context) layout.Dimensions {
					return widget.TextAs(gtx, th, style, c, text, label)
				})
			}
			return widget.ParaCenter(gtx, th, style, c, text)
		})
		y += d.Size.Y
	}
	centred(th.Type.T24, th.T1, unsigned(title), title)
	y += gtx.Dp(8)
	centred(th.Type.Lead, th.T2, text, "")
	y += gtx.Dp(22)
	y += o.safe(gtx, w, pad, y, room)
	y += gtx.Dp(22)

	half := (room - gtx.Dp(12)) / 2
	widget.At(gtx, pad, y, half, gtx.Dp(48), func(gtx layout.Context) layout.Dimensions {
		look := widget.ButtonLook{Text: "Find server again", Icon: theme.IconSearch, Height: theme.ButtonLarge, Wide: true}
		if unpaired(s) {
			look.Text, look.Icon = "Enter pairing code", theme.IconKeyRound
		}
		return o.find.Layout(gtx, th, look)
	})
	widget.At(gtx, pad+half+gtx.Dp(12), y, half, gtx.Dp(48), func(gtx layout.Context) layout.Dimensions {
		return o.retry.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Retry now", Icon: theme.IconRotateCw, Key: "Enter", Height: theme.ButtonLarge, Wide: true})
	})
	y += gtx.Dp(48 + 22)
	theme.Fill(gtx.Ops, image.Rect(pad, y, width-pad, y+gtx.Dp(1)), 0, th.Border)
	y += gtx.Dp(15)
	seen := "Server not seen yet"
	if s.Address != "" {
		seen = "Last seen at " + s.Address
	}
	widget.At(gtx, pad, y, room, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Label, th.T3, seen) })
	widget.At(gtx, pad, y, room, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions { return widget.TextEnd(gtx, th, th.Type.Label, th.T3, hint) })
	return y + gtx.Dp(38)
}

// safe promises what is true: the draft of the open form is on this PC.
func (o *lostOverlay) safe(gtx layout.Context, w *Window, x, y, room int) int {
	th := w.theme
	text := "Nothing was being entered. What is on the screen may be out of date."
	title := "Nothing is lost"
	if w.dirty() {
		title, text = "Your work is safe", "What you typed stays in the form. Nothing is posted twice."
	}
	if k := w.session.env.Desk.Dirty(); k != nil && !k.Saved().IsZero() {
		title = "Your work is safe"
		text = fmt.Sprintf("This %s is saved on this PC, %s. Nothing is posted twice.", k.Title, k.Saved().In(w.zone).Format("15:04:05"))
	}
	h := gtx.Dp(66)
	theme.Fill(gtx.Ops, image.Rect(x, y, x+room, y+h), gtx.Dp(12), th.OK.Soft)
	widget.At(gtx, x+gtx.Dp(18), y+middle(h, gtx.Dp(24)), gtx.Dp(24), h, func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, theme.IconShieldCheck, 24, th.OK.Text)
	})
	inner := room - gtx.Dp(72)
	widget.At(gtx, x+gtx.Dp(54), y+gtx.Dp(13), inner, h, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Card, th.T1, title)
	})
	widget.At(gtx, x+gtx.Dp(54), y+gtx.Dp(34), inner, h, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Body, th.T2, text)
	})
	return h
}

// sign draws the warning in a ring that fills while the next try comes nearer.
func (o *lostOverlay) sign(gtx layout.Context, th *theme.Theme, s screen.Status) layout.Dimensions {
	px := gtx.Constraints.Max.X
	icon, tone := theme.IconTriangleAlert, th.Warn
	part := float32(.75)
	switch {
	case awaitsBooks(s):
		icon, tone, part = theme.IconDatabaseBackup, th.Info, 1
	case s.Phase == screen.Refused:
		icon, tone, part = theme.IconLock, th.Danger, 1
	case !s.NextTry.IsZero():
		part = 1 - float32(s.NextTry.Sub(gtx.Now))/float32(3*time.Second)
	}
	arc(gtx, px, 1, th.Track)
	arc(gtx, px, min(max(part, .06), 1), tone.Fill)
	widget.At(gtx, middle(px, gtx.Dp(36)), middle(px, gtx.Dp(36)), px, px, func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, icon, 36, tone.Text)
	})
	return layout.Dimensions{Size: image.Pt(px, px)}
}

// arc strokes a part of a circle of diameter px, from the top, clockwise.
func arc(gtx layout.Context, px int, part float32, c color.NRGBA) {
	width := 5 * gtx.Metric.PxPerDp
	r := float32(px)/2 - width/2
	mid := f32.Pt(float32(px)/2, float32(px)/2)
	var p clip.Path
	p.Begin(gtx.Ops)
	p.MoveTo(f32.Pt(mid.X, mid.Y-r))
	p.ArcTo(mid, mid, part*2*math.Pi)
	paint.FillShape(gtx.Ops, c, clip.Stroke{Path: p.End(), Width: width}.Op())
}
