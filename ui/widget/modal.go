package widget

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"masala/ui/theme"
)

// Scrim darkens everything drawn so far, over the space given; t from 0 to 1 is how far it has come.
func Scrim(gtx layout.Context, th *theme.Theme, t float32) {
	area := clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops)
	paint.Fill(gtx.Ops, Opacity(th.Scrim, t))
	area.Pop()
}

// Modal asks one question over everything else. While it is open, lay the rest out with Under: what is disabled takes
// neither keys nor pointer, so Tab stays within the dialog; when it is gone, the control that had the keyboard takes it back.
type Modal struct {
	open    bool
	begin   bool // opened since the last layout
	fade    Fade
	buttons []Button
	safe    int
	chosen  []int
	back    int // address: the scrim
}

// Choice is a button of a dialog.
type Choice struct {
	Text     string
	Kind     ButtonKind
	Icon     theme.Icon
	Key      string
	Safe     bool // what Esc does, and what has the keyboard at first; without one, the first choice
	Disabled bool
	Busy     bool
	BusyText string
}

// ModalLook says what a dialog shows. The title says the question; without one the body draws everything and Name says it.
type ModalLook struct {
	Title     string
	Name      string // as read out and known to tests, if it differs from the title
	Text      string
	Icon      theme.Icon
	Tone      theme.Tone
	Width     unit.Dp // 0 means 480; up to 740
	Body      layout.Widget
	KeepFocus bool // the body asks for the keyboard itself
	Choices   []Choice
}

// Show opens the dialog.
func (m *Modal) Show() {
	if !m.open {
		m.open, m.begin = true, true
		m.chosen = m.chosen[:0]
	}
}

// Hide closes the dialog.
func (m *Modal) Hide() { m.open = false }

// Open reports whether the dialog is shown.
func (m *Modal) Open() bool { return m.open }

// Under returns gtx for all that lies below the dialog.
func (m *Modal) Under(gtx layout.Context) layout.Context {
	if m.open {
		return gtx.Disabled()
	}
	return gtx
}

// Chosen returns the index of the choice that was made; Esc makes the safe one. The dialog stays open until Hide.
func (m *Modal) Chosen(gtx layout.Context) (int, bool) {
	m.read(gtx)
	if len(m.chosen) == 0 {
		return 0, false
	}
	i := m.chosen[0]
	m.chosen = m.chosen[:0]
	return i, true
}

func (m *Modal) read(gtx layout.Context) {
	if !m.open {
		return
	}
	for {
		if _, ok := gtx.Event(pointer.Filter{Target: &m.back, Kinds: pointer.Press | pointer.Release | pointer.Scroll | pointer.Drag,
			ScrollY: pointer.ScrollRange{Min: -1e6, Max: 1e6}}); !ok {
			break
		}
	}
	for i := range m.buttons {
		if m.buttons[i].Clicked(gtx) {
			m.chosen = append(m.chosen, i)
		}
	}
}

// readEsc comes after the body's layout, so that a list open in the body is closed before the dialog is.
func (m *Modal) readEsc(gtx layout.Context) {
	for {
		e, ok := gtx.Event(key.Filter{Name: key.NameEscape})
		if !ok {
			return
		}
		if k, ok := e.(key.Event); ok && k.State == key.Press && len(m.buttons) > 0 {
			m.chosen = append(m.chosen, m.safe)
		}
	}
}

// Layout draws scrim and dialog over the space given; it draws nothing when closed.
func (m *Modal) Layout(gtx layout.Context, th *theme.Theme, l ModalLook) layout.Dimensions {
	full := layout.Dimensions{Size: gtx.Constraints.Max}
	v := m.fade.Value(gtx, m.open, th.Motion(theme.MotionOverlay))
	if !m.open {
		if v > 0 {
			Scrim(gtx, th, v)
		}
		return full
	}
	m.prepare(gtx, l)

	area := clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops)
	event.Op(gtx.Ops, &m.back)
	area.Pop()
	Scrim(gtx, th, v)

	width := gtx.Dp(l.Width)
	if l.Width == 0 {
		width = gtx.Dp(480)
	}
	width = min(width, gtx.Constraints.Max.X-2*gtx.Dp(theme.S24))
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(width, 0), Max: image.Pt(width, gtx.Constraints.Max.Y-2*gtx.Dp(theme.S24))}
	rec := op.Record(gtx.Ops)
	d := m.content(in, th, l)
	call := rec.Stop()
	m.readEsc(gtx)
	if len(m.chosen) > 0 {
		gtx.Execute(op.InvalidateCmd{}) // for Chosen
	}

	at := full.Size.Sub(d.Size).Div(2)
	at.Y += int((1 - v) * float32(gtx.Dp(6)))
	defer push(gtx, at.X, at.Y).Pop()
	defer opacity(gtx, v).Pop()
	r := image.Rectangle{Max: d.Size}
	th.PaintModal(gtx, r, gtx.Dp(theme.RadiusModal))
	sheet := clip.Rect(r).Push(gtx.Ops)
	name := l.Name
	if name == "" {
		name = l.Title
	}
	semantic.DescriptionOp(name).Add(gtx.Ops)
	call.Add(gtx.Ops)
	sheet.Pop()
	return full
}

func (m *Modal) prepare(gtx layout.Context, l ModalLook) {
	if len(m.buttons) != len(l.Choices) {
		m.buttons = make([]Button, len(l.Choices))
	}
	if l.Body == nil {
		m.tabs(l.Choices)
	}
	m.safe = 0
	for i, c := range l.Choices {
		if c.Safe {
			m.safe = i
		}
	}
	m.read(gtx)
	if m.begin {
		m.begin = false
		if !l.KeepFocus && len(m.buttons) > 0 {
			m.buttons[m.safe].Focus()
		}
	}
}

// tabs makes Tab go round among the choices: a question has nothing else to stop at.
func (m *Modal) tabs(choices []Choice) {
	for i := range m.buttons {
		m.buttons[i].Tabs = func(gtx layout.Context, back bool) {
			step := 1
			if back {
				step = len(choices) - 1
			}
			for n := (i + step) % len(choices); n != i; n = (n + step) % len(choices) {
				if !choices[n].Disabled {
					m.buttons[n].focus.Now(gtx, &m.buttons[n].Clickable)
					return
				}
			}
		}
	}
}

func (m *Modal) content(gtx layout.Context, th *theme.Theme, l ModalLook) layout.Dimensions {
	w := gtx.Constraints.Max.X
	padX, bottom := gtx.Dp(theme.S24), gtx.Dp(22)
	if l.Title != "" {
		bottom = l.drawHead(gtx, th, w-padX, bottom)
	}
	if l.Body != nil {
		if l.Title != "" {
			bottom += gtx.Dp(theme.S16)
		}
		d := At(gtx, padX, bottom, w-2*padX, gtx.Constraints.Max.Y-bottom, l.Body)
		bottom += d.Size.Y
	}
	if len(l.Choices) > 0 {
		bottom += gtx.Dp(theme.S20)
		bottom += m.drawChoices(gtx, th, l, w-padX, bottom)
	}
	return layout.Dimensions{Size: image.Pt(w, bottom+gtx.Dp(theme.S20))}
}

// drawHead draws icon, title and text from y down, to the right edge given, and returns where they end.
func (l ModalLook) drawHead(gtx layout.Context, th *theme.Theme, right, y int) int {
	x, top := gtx.Dp(theme.S24), y
	if l.Icon != theme.NoIcon {
		st := push(gtx, x, y)
		IconTile(gtx, th, l.Tone, l.Icon, 40, 12, 22)
		st.Pop()
		x += gtx.Dp(40 + 14)
		if l.Text == "" {
			top += gtx.Dp(9) // one line stands in the middle of the icon
		}
	}
	d := At(gtx, x, top, right-x, gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
		return Para(gtx, th, th.Type.T16, th.T1, l.Title)
	})
	bottom := top + d.Size.Y
	if l.Text != "" {
		bottom += gtx.Dp(4)
		d = At(gtx, x, bottom, right-x, gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
			return Para(gtx, th, th.Type.Body, th.T2, l.Text)
		})
		bottom += d.Size.Y
	}
	if l.Icon != theme.NoIcon {
		bottom = max(bottom, y+gtx.Dp(40))
	}
	return bottom
}

// drawChoices sets the buttons from the right edge leftwards, but lays them out in reading order, which is the Tab order.
func (m *Modal) drawChoices(gtx layout.Context, th *theme.Theme, l ModalLook, right, y int) int {
	in := loose(gtx)
	var calls [8]op.CallOp
	var widths [8]int
	n := min(len(l.Choices), len(calls))
	x, h := right, 0
	for i := range n {
		c := l.Choices[i]
		rec := op.Record(gtx.Ops)
		d := m.buttons[i].Layout(in, th, ButtonLook{Kind: c.Kind, Text: c.Text, Icon: c.Icon, Key: c.Key,
			Disabled: c.Disabled, Busy: c.Busy, BusyText: c.BusyText})
		calls[i], widths[i] = rec.Stop(), d.Size.X
		x -= d.Size.X
		h = max(h, d.Size.Y)
	}
	gap := gtx.Dp(theme.S8)
	x -= gap * (n - 1)
	for i := range n {
		st := push(gtx, x, y)
		calls[i].Add(gtx.Ops)
		st.Pop()
		x += widths[i] + gap
	}
	return h
}
