package ui

import (
	"image"
	"image/color"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	giowidget "gioui.org/widget"

	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// palette is the search over everything, opened by Ctrl+K.
type palette struct {
	finder
	field giowidget.Editor
	focus widget.Focus
	list  giowidget.List
	hits  map[int]*widget.Clickable
	fade  widget.Fade
	back  int // address: the area around
	shown int // chosen row that was last scrolled to
}

func (w *Window) openPalette() {
	p := &palette{hits: map[int]*widget.Clickable{}}
	p.env = w.session.env
	p.own = w.session.nav.now().screen.Actions()
	p.items.Keep, p.lots.Keep, p.docs.Keep = true, true, true
	p.list.Axis = layout.Vertical
	p.field.SingleLine, p.field.Submit = true, true
	p.focus.Request()
	w.palette = p
	w.Invalidate()
}

func (w *Window) closePalette() { w.palette = nil; w.Invalidate() }

// choose closes the palette and does what the row says.
func (w *Window) choose(r found) {
	if r.reason != "" {
		w.Toast(screen.Toast{Text: r.reason})
		return
	}
	w.closePalette()
	r.do()
}

func (w *Window) layoutPalette(gtx layout.Context) {
	p, th := w.palette, w.theme
	size := gtx.Constraints.Max
	rows, loading := p.rows()
	p.at = min(p.at, max(len(rows)-1, 0))
	tag := &p.field
	p.focus.Update(gtx, tag)
	for _, k := range []struct {
		name key.Name
		by   int
	}{{key.NameDownArrow, 1}, {key.NameUpArrow, -1}, {key.NamePageDown, 8}, {key.NamePageUp, -8}} {
		if struck(gtx, key.Filter{Focus: tag, Name: k.name}) {
			p.move(k.by, len(rows))
		}
	}
	if struck(gtx, key.Filter{Name: key.NameEscape}) {
		w.closePalette()
		return
	}
	for {
		e, ok := p.field.Update(gtx)
		if !ok {
			break
		}
		switch e.(type) {
		case giowidget.ChangeEvent:
			p.query, p.at = p.field.Text(), 0
			rows, loading = p.rows()
		case giowidget.SubmitEvent:
			if p.at < len(rows) {
				w.choose(rows[p.at])
				return
			}
		}
	}
	if _, ok := gtx.Event(pointer.Filter{Target: &p.back, Kinds: pointer.Press}); ok {
		w.closePalette()
		return
	}
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	event.Op(gtx.Ops, &p.back)
	area.Pop()
	v := p.fade.Value(gtx, true, th.Motion(theme.MotionPopover))
	widget.Scrim(gtx, th, v)

	width := min(gtx.Dp(682), size.X-gtx.Dp(48))
	height := min(gtx.Dp(570), size.Y-gtx.Dp(48))
	at := image.Pt(middle(size.X, width), min(gtx.Dp(103), middle(size.Y, height)))
	defer op.Offset(at).Push(gtx.Ops).Pop()
	r := image.Rect(0, 0, width, height)
	th.PaintModal(gtx, r, gtx.Dp(theme.RadiusModal))
	defer clip.UniformRRect(r, gtx.Dp(theme.RadiusModal)).Push(gtx.Ops).Pop()
	semantic.DescriptionOp("Search").Add(gtx.Ops)
	inside := clip.Rect(r).Push(gtx.Ops) // presses on the sheet are not presses outside
	event.Op(gtx.Ops, &p.shown)
	inside.Pop()
	p.layoutField(gtx, th, width)
	foot := gtx.Dp(45)
	top := gtx.Dp(63)
	widget.At(gtx, 0, top, width, height-foot-top, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return w.layoutFound(gtx, p, rows, loading)
	})
	widget.At(gtx, 0, height-foot, width, foot, func(gtx layout.Context) layout.Dimensions { return layoutPaletteFoot(gtx, th) })
}

func (p *palette) layoutField(gtx layout.Context, th *theme.Theme, width int) {
	style := th.Type.T18.Medium()
	widget.At(gtx, gtx.Dp(20), gtx.Dp(21), gtx.Dp(20), gtx.Dp(20), func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, theme.IconSearch, 20, th.T3)
	})
	x, room := gtx.Dp(54), width-gtx.Dp(130)
	if p.field.Len() == 0 {
		widget.At(gtx, x, gtx.Dp(19), room, gtx.Sp(24), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, th.T3, "Search or jump to", "")
		})
	}
	widget.At(gtx, x, gtx.Dp(19), room, gtx.Sp(24), func(gtx layout.Context) layout.Dimensions {
		defer clip.Rect{Max: image.Pt(room, gtx.Sp(24))}.Push(gtx.Ops).Pop()
		semantic.DescriptionOp("Search everything").Add(gtx.Ops)
		gtx.Constraints.Min.X = room
		return p.field.Layout(gtx, th.Shaper, style.Font(), style.Size, ink(gtx.Ops, th.T1), ink(gtx.Ops, th.FocusSoft))
	})
	keyW := widget.TextWidth(gtx, th, th.Type.Tiny.Semi(), "Esc") + gtx.Dp(10)
	widget.At(gtx, width-gtx.Dp(20)-keyW, gtx.Dp(22), keyW, gtx.Dp(20), func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, "Esc") })
	theme.Fill(gtx.Ops, image.Rect(0, gtx.Dp(62), width, gtx.Dp(63)), 0, th.Border)
}

func (w *Window) layoutFound(gtx layout.Context, p *palette, rows []found, loading bool) layout.Dimensions {
	th := w.theme
	if len(rows) == 0 {
		text := "Nothing found"
		if loading {
			text = "Searching"
		}
		return layout.Inset{Top: 56}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			return widget.Empty(gtx, th, theme.IconSearch, text, "Try an item, a lot number, a document or a screen")
		})
	}
	if p.shown != p.at {
		p.shown = p.at
		first, count := p.list.Position.First, p.list.Position.Count
		if p.at < first || p.at >= first+count-1 {
			p.list.ScrollTo(max(p.at-3, 0))
		}
	}
	return widget.List(gtx, th, &p.list, len(rows), func(gtx layout.Context, i int) layout.Dimensions {
		return w.layoutFoundRow(gtx, p, i, rows[i])
	})
}

func (w *Window) layoutFoundRow(gtx layout.Context, p *palette, i int, r found) layout.Dimensions {
	th := w.theme
	width, y := gtx.Constraints.Max.X, 0
	if r.section != "" {
		y = gtx.Dp(32)
		widget.At(gtx, gtx.Dp(20), gtx.Dp(12), width, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, th.T3, r.section)
		})
	}
	if p.hits[i] == nil {
		p.hits[i] = &widget.Clickable{Pointer: true}
	}
	c := p.hits[i]
	box := image.Pt(width-gtx.Dp(16), gtx.Dp(46))
	clicked := false
	widget.At(gtx, gtx.Dp(8), y, box.X, box.Y, func(gtx layout.Context) layout.Dimensions {
		clicked = c.Clicked(gtx)
		return c.Layout(gtx, semantic.Button, r.title, func(gtx layout.Context) layout.Dimensions {
			semantic.SelectedOp(i == p.at).Add(gtx.Ops)
			switch {
			case i == p.at:
				theme.Fill(gtx.Ops, rect(box), gtx.Dp(10), th.FocusSoft)
			case c.Hovered():
				theme.Fill(gtx.Ops, rect(box), gtx.Dp(10), th.Hover)
			}
			p.drawFound(gtx, th, r, box)
			return layout.Dimensions{Size: box}
		})
	})
	if clicked {
		w.choose(r)
	}
	return layout.Dimensions{Size: image.Pt(width, y+box.Y)}
}

func (p *palette) drawFound(gtx layout.Context, th *theme.Theme, r found, box image.Point) {
	widget.At(gtx, gtx.Dp(12), middle(box.Y, gtx.Dp(30)), gtx.Dp(30), gtx.Dp(30), func(gtx layout.Context) layout.Dimensions {
		return widget.IconTile(gtx, th, foundTone(th, r.kind), r.icon, 30, 8, 17)
	})
	x, right := gtx.Dp(54), box.X-gtx.Dp(12)
	if r.key != "" {
		keyW := max(widget.TextWidth(gtx, th, th.Type.Tiny.Semi(), r.key)+gtx.Dp(10), gtx.Dp(20))
		right -= keyW
		widget.At(gtx, right, middle(box.Y, gtx.Dp(20)), keyW, gtx.Dp(20), func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, r.key) })
		right -= gtx.Dp(10)
	}
	style := th.Type.Card
	text := th.T1
	if r.reason != "" {
		text = th.T3
	}
	before, match, after := hit(r.title, p.query)
	for n, part := range []string{before, match, after} {
		c := text
		if n == 1 {
			c = th.Focus
		}
		if part == "" {
			continue
		}
		w := min(widget.TextWidth(gtx, th, style, part), right-x)
		widget.At(gtx, x, middle(box.Y, gtx.Sp(style.Line)), right-x, box.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, c, part, "")
		})
		x += w
	}
	x += gtx.Dp(12)
	if right-x > gtx.Dp(40) {
		widget.At(gtx, x, middle(box.Y, gtx.Sp(18)), right-x, box.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Body, th.T3, r.note)
		})
	}
}

func foundTone(th *theme.Theme, k foundKind) theme.Tone {
	switch k {
	case foundAction:
		return th.Brand
	case foundRaw:
		return th.Raw
	case foundBulk:
		return th.Bulk
	case foundPacking:
		return th.Packing
	case foundFinished:
		return th.Finished
	case foundDocument:
		return th.Packing
	}
	return th.Neutral
}

func layoutPaletteFoot(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	theme.Fill(gtx.Ops, rect(size), 0, th.Surface2)
	theme.Fill(gtx.Ops, image.Rect(0, 0, size.X, gtx.Dp(1)), 0, th.Border)
	kbd := func(s string) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, s) })
	}
	word := func(s string) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Label, th.T3, s) })
	}
	return layout.Inset{Left: 18, Right: 18, Top: 12}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return widget.Row(gtx, 6, kbd("↑"), kbd("↓"), word("move"), widget.Space(8), kbd("Enter"), word("open"), widget.Grow(),
			word("Narrow by typing"), kbd(narrowLot), kbd(narrowItem), kbd(narrowDoc), kbd(narrowGo))
	})
}

// ink is a colour as Gio's editor takes it.
func ink(ops *op.Ops, c color.NRGBA) op.CallOp {
	m := op.Record(ops)
	paint.ColorOp{Color: c}.Add(ops)
	return m.Stop()
}
