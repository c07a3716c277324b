package backup

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/core"
	"masala/core/backup"
	"masala/ui/screen/health"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

func (s *Screen) look(m Mood) (theme.Tone, theme.Icon) {
	switch m {
	case Busy:
		return s.th.Info, theme.IconDatabaseBackup
	case Never:
		return s.th.Neutral, theme.IconDatabaseBackup
	case Late:
		return s.th.Warn, theme.IconTriangleAlert
	case Failed:
		return s.th.Danger, theme.IconOctagonAlert
	}
	return s.th.OK, theme.IconShieldCheck
}

// layoutHero says how the backups stand and has the buttons that make one.
func (s *Screen) layoutHero(gtx layout.Context) layout.Dimensions {
	th := s.th
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(heroHeight))
	mood, title, text := s.Headline()
	tone, icon := s.look(mood)
	r := image.Rectangle{Max: size}
	th.PaintCard(gtx, r, gtx.Dp(theme.RadiusCard))
	pad := gtx.Dp(20)
	widget.At(gtx, pad, (size.Y-gtx.Dp(64))/2, gtx.Dp(64), gtx.Dp(64), func(gtx layout.Context) layout.Dimensions {
		return widget.IconTile(gtx, th, tone, icon, 64, 18, 30)
	})
	m := op.Record(gtx.Ops)
	in := gtx
	in.Constraints = layout.Constraints{Max: image.Pt(size.X/2, size.Y)}
	buttons := s.heroButtons(in)
	call := m.Stop()
	right := size.X - pad - buttons.Size.X
	st := op.Offset(image.Pt(right, (size.Y-buttons.Size.Y)/2)).Push(gtx.Ops)
	call.Add(gtx.Ops)
	st.Pop()

	x := pad + gtx.Dp(64+18)
	room := right - x - gtx.Dp(18)
	body := gtx
	body.Constraints = layout.Constraints{Min: image.Pt(room, 0), Max: image.Pt(room, size.Y)}
	m = op.Record(gtx.Ops)
	d := widget.Column(body, 2,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.KPI, th.T1, Unsigned(title), title)
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if mood == Busy {
				return Progress(gtx, th, *s.Status.Running)
			}
			style := th.Type.Field.Regular()
			if widget.TextWidth(gtx, th, style, text) > 2*room {
				style = th.Type.Body
			}
			return widget.Para(gtx, th, style, th.T2, text)
		}))
	call = m.Stop()
	st = op.Offset(image.Pt(x, max((size.Y-d.Size.Y)/2, 0))).Push(gtx.Ops)
	defer st.Pop()
	defer clip.Rect{Max: image.Pt(room, size.Y)}.Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
	return layout.Dimensions{Size: size}
}

// Progress draws the step of work under way, its percentage, and a bar.
func Progress(gtx layout.Context, th *theme.Theme, p backup.Progress) layout.Dimensions {
	width := gtx.Constraints.Max.X
	style := th.Type.Field
	percent := fmt.Sprintf("%d %%", p.Percent)
	w := widget.TextWidth(gtx, th, style.Semi(), percent)
	widget.At(gtx, 0, 0, width-w-gtx.Dp(12), gtx.Sp(style.Line), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, style.Regular(), th.T2, p.Step)
	})
	widget.At(gtx, width-w, 0, w, gtx.Sp(style.Line), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, style.Semi(), th.T1, percent)
	})
	y := gtx.Sp(style.Line) + gtx.Dp(8)
	widget.At(gtx, 0, y, width, gtx.Dp(8), func(gtx layout.Context) layout.Dimensions {
		return widget.BarThick(gtx, th, float32(p.Percent)/100, 0, th.Info.Fill, p.Step+", "+percent)
	})
	return layout.Dimensions{Size: image.Pt(width, y+gtx.Dp(8))}
}

func (s *Screen) heroButtons(gtx layout.Context) layout.Dimensions {
	th := s.th
	busy := s.Status.Running
	now := widget.ButtonLook{Kind: widget.Primary, Text: "Back up now", Icon: theme.IconDatabaseBackup, Height: theme.ButtonLarge}
	usb := widget.ButtonLook{Text: "Copy to USB", Icon: theme.IconUsb, Height: theme.ButtonLarge, Disabled: busy != nil}
	switch {
	case busy != nil && busy.Task == backup.TaskBackup:
		now.Busy, now.BusyText = true, "Backing up"
	case busy != nil:
		now.Disabled = true
	}
	gap := theme.S16
	if gtx.Constraints.Max.X < gtx.Dp(360) {
		now.Height, usb.Height, gap = theme.ButtonNormal, theme.ButtonNormal, theme.S8
	}
	return widget.Row(gtx, gap,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.usb.Layout(gtx, th, usb) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.now.Layout(gtx, th, now) }))
}

// layoutPoints draws the restore points: the strip of weeks and days, and the table.
func (s *Screen) layoutPoints(gtx layout.Context) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	head := gtx.Dp(headHigh)
	pad := gtx.Dp(theme.S16)
	d := widget.At(gtx, pad, (head-gtx.Sp(20))/2, size.X, gtx.Sp(20), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Card, th.T1, "Restore points")
	})
	x := pad + d.Size.X + gtx.Dp(10)
	d = widget.At(gtx, x, (head-gtx.Dp(20))/2, size.X, gtx.Dp(20), func(gtx layout.Context) layout.Dimensions {
		return widget.Tag(gtx, th, th.Neutral, "7 daily + 4 weekly")
	})
	x += d.Size.X + gtx.Dp(16)
	m := op.Record(gtx.Ops)
	in := gtx
	in.Constraints = layout.Constraints{Max: image.Pt(size.X, head)}
	b := s.elsewhere.Layout(in, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Other folder", Icon: theme.IconFolderOpen, Height: theme.ButtonSmall})
	call := m.Stop()
	right := size.X - gtx.Dp(8) - b.Size.X
	st := op.Offset(image.Pt(right, (head-b.Size.Y)/2)).Push(gtx.Ops)
	call.Add(gtx.Ops)
	st.Pop()
	widget.At(gtx, x, (head-gtx.Sp(16))/2, right-x-gtx.Dp(8), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.TextEnd(gtx, th, th.Type.Label, th.T3, s.Status.Folder)
	})
	widget.At(gtx, 0, head, size.X, gtx.Dp(stripHigh), s.layoutStrip)
	top := head + gtx.Dp(stripHigh)
	widget.At(gtx, 0, top, size.X, size.Y-top, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		if len(s.Points()) == 0 {
			theme.Fill(gtx.Ops, image.Rect(0, 0, size.X, gtx.Dp(1)), 0, th.Border)
			return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min = image.Point{}
				return widget.Empty(gtx, th, theme.IconDatabaseBackup, "No restore point yet", "Ctrl Shift S backs up now")
			})
		}
		s.points.Stale = !s.env.Shell.Online()
		good := 0
		for _, p := range s.Points() {
			if p.State == backup.Good {
				good++
			}
		}
		return s.points.Layout(gtx, th, s, table.Foot{Count: count(len(s.Points()), "restore point"), Note: fmt.Sprintf("%d checked", good)})
	})
	return layout.Dimensions{Size: size}
}

// layoutStrip draws the weeks and the days as blocks, as high as the backup is big.
func (s *Screen) layoutStrip(gtx layout.Context) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	weeks, days := s.Strip()
	var most int64 = 1
	for _, p := range s.Points() {
		most = max(most, p.Size)
	}
	pad, gap := gtx.Dp(20), gtx.Dp(10)
	n := len(weeks) + len(days)
	w := min((size.X-2*pad-(n+1)*gap-gtx.Dp(1))/n, gtx.Dp(96))
	step := (size.X - 2*pad - gtx.Dp(1) - 2*gap) / n
	x, foot := pad, gtx.Dp(6+52)
	for i, b := range append(weeks, days...) {
		if i == len(weeks) {
			theme.Fill(gtx.Ops, image.Rect(x+gap/2, gtx.Dp(2), x+gap/2+gtx.Dp(1), size.Y-gtx.Dp(14)), 0, th.Border)
			x += 2*gap + gtx.Dp(1)
		}
		s.layoutBar(gtx, &s.bars[i], b, x+(step-w)/2, foot, w, most)
		x += step
	}
	return layout.Dimensions{Size: size}
}

// layoutBar draws one block on its label; a press selects its point.
func (s *Screen) layoutBar(gtx layout.Context, c *widget.Clickable, b Bar, x, foot, w int, most int64) {
	th := s.th
	style, ink := th.Type.Label, th.T3
	if b.Today {
		style, ink = style.Semi(), th.T1
	}
	widget.At(gtx, x-gtx.Dp(8), foot+gtx.Dp(7), w+gtx.Dp(16), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.TextCenter(gtx, th, style, ink, b.Label)
	})
	if c.Clicked(gtx) {
		s.Choose(b.Point)
	}
	if b.Point < 0 {
		theme.Fill(gtx.Ops, image.Rect(x, foot-gtx.Dp(6), x+w, foot), gtx.Dp(3), th.Track)
		return
	}
	p := s.Points()[b.Point]
	h := gtx.Dp(22) + int(float64(gtx.Dp(26))*float64(p.Size)/float64(most))
	word, tone, _ := Verdict(th, p.State)
	fill := tone.Fill
	if p.State == backup.Unchecked {
		fill = th.Borders
	}
	name := fmt.Sprintf("%s, %s, %s", Moment(p.TakenAt, s.env.Zone), health.Bytes(p.Size), word)
	widget.At(gtx, x, foot-h, w, h, func(gtx layout.Context) layout.Dimensions {
		return c.Layout(gtx, semantic.Button, name, func(gtx layout.Context) layout.Dimensions {
			r := image.Rect(0, 0, w, h)
			chosen := b.Point == s.Chosen()
			switch {
			case chosen && p.State == backup.Good:
				theme.FillGradient(gtx.Ops, r, gtx.Dp(7), theme.Gradient{Top: th.Finished.Fill, Bottom: th.Finished.Text})
			case chosen, c.Hovered():
				theme.Fill(gtx.Ops, r, gtx.Dp(7), fill)
			default:
				theme.Fill(gtx.Ops, r, gtx.Dp(7), widget.Mix(th.Surface, fill, .55))
			}
			return layout.Dimensions{Size: r.Max}
		})
	})
}

// Len, Cell and Label are the rows of the restore points.
func (s *Screen) Len() int { return len(s.Points()) }

// Cell returns one place of the table.
func (s *Screen) Cell(row, col int) table.Cell {
	p := s.Points()[row]
	switch col {
	case 0:
		return table.Cell{Text: Moment(p.TakenAt, s.env.Zone)}
	case 1:
		if p.Ahead {
			return table.Cell{Text: p.Age(s.Now()), Tone: table.Warn, Icon: theme.IconClock}
		}
		return table.Cell{Text: p.Age(s.Now())}
	case 2:
		tone := table.Neutral
		switch p.Kind {
		case backup.Daily:
			tone = table.Info
		case backup.Manual:
			tone = table.Raw
		}
		return table.Cell{Text: KindName(p.Kind), Tone: tone}
	case 3:
		return table.Cell{Text: health.Bytes(p.Size)}
	}
	_, _, icon := Verdict(s.th, p.State)
	tone := table.Neutral
	switch p.State {
	case backup.Good:
		tone = table.OK
	case backup.Damaged:
		tone = table.Danger
	}
	return table.Cell{Text: found(p), Tone: tone, Icon: icon}
}

// Label is a row in words.
func (s *Screen) Label(row int) string {
	p := s.Points()[row]
	return fmt.Sprintf("%s, %s, %s, %s, %s", Moment(p.TakenAt, s.env.Zone), p.Age(s.Now()), KindName(p.Kind), health.Bytes(p.Size), found(p))
}

// body draws a card with a title, a word at its right, and parts below each other.
func (s *Screen) body(gtx layout.Context, title, word string, parts ...layout.Widget) layout.Dimensions {
	th := s.th
	return widget.CardFlush(gtx, th, func(gtx layout.Context) layout.Dimensions {
		width, pad := gtx.Constraints.Max.X, gtx.Dp(theme.CardPadX)
		style := th.Type.Lead.Semi()
		y := gtx.Dp(14)
		widget.At(gtx, pad, y, width-2*pad, gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, style, th.T1, title)
		})
		widget.At(gtx, pad, y, width-2*pad, gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
			return widget.TextEnd(gtx, th, style, th.T1, word)
		})
		y += gtx.Sp(22) + gtx.Dp(10)
		for _, part := range parts {
			d := widget.At(gtx, pad, y, width-2*pad, 1<<20, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = width - 2*pad
				return part(gtx)
			})
			if d.Size.Y > 0 {
				y += d.Size.Y + gtx.Dp(theme.S12)
			}
		}
		return layout.Dimensions{Size: image.Pt(width, y+gtx.Dp(4))}
	})
}

// restoreCard says what the selected point holds and what going back to it costs.
func (s *Screen) restoreCard(gtx layout.Context) layout.Dimensions {
	th := s.th
	p, ok := s.Point()
	if !ok {
		return s.body(gtx, "Restore a point", "", func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Body, th.T3, "Once there is a backup, this leads back to the day it was made.")
		})
	}
	since := "not known"
	if p.Since >= 0 {
		since = documents(p.Since)
	}
	facts := []panel.Fact{{What: "Documents", Value: core.Qty(p.Documents).Number(core.Count)}, {What: "Posted since", Value: since}}
	if p.Database > 0 {
		facts = append(facts, panel.Fact{What: "Size once restored", Value: health.Bytes(p.Database)})
	}
	if !p.CheckedAt.IsZero() {
		facts = append(facts, panel.Fact{What: "Last checked", Value: Moment(p.CheckedAt, s.env.Zone)})
	}
	tone, icon, text := th.Warn, theme.IconTriangleAlert, Lost(p, s.Now(), s.env.Zone)+" The present data is kept in a safety copy."
	switch why := s.MayRestore(); {
	case p.State == backup.Damaged:
		tone, icon, text = th.Danger, theme.IconOctagonAlert, found(p)+". Nothing can be restored from it; choose the next good one."
	case why != "":
		tone, icon, text = th.Info, theme.IconInfo, why
	case p.State == backup.Unchecked:
		text = "Not yet checked. " + text
	case p.Since == 0:
		tone, icon = th.OK, theme.IconShieldCheck
	}
	return s.body(gtx, "Restore this point", Moment(p.TakenAt, s.env.Zone),
		func(gtx layout.Context) layout.Dimensions { return panel.Facts(gtx, th, facts...) },
		func(gtx layout.Context) layout.Dimensions { return panel.Strip(gtx, th, tone, icon, text, nil) },
		func(gtx layout.Context) layout.Dimensions {
			list := []panel.Command{{Button: &s.check, Look: widget.ButtonLook{Text: "Check again", Icon: theme.IconShieldCheck, Disabled: s.Status.Running != nil}}}
			if p.Since > 0 {
				list = []panel.Command{{Button: &s.see, Look: widget.ButtonLook{Text: fmt.Sprintf("See the %d", p.Since)}}, {Button: &s.check, Look: widget.ButtonLook{Text: "Check", Icon: theme.IconShieldCheck, Disabled: s.Status.Running != nil, Name: "Check again"}}}
			}
			return panel.Buttons(gtx, th, append(list, panel.Command{Button: &s.restore,
				Look: widget.ButtonLook{Kind: widget.Danger, Text: "Restore", Icon: theme.IconHistory, Disabled: s.MayRestore() != "", Name: "Restore this point"}})...)
		})
}

// placeCard is where and when the backups go.
func (s *Screen) placeCard(gtx layout.Context) layout.Dimensions {
	th := s.th
	var parts []layout.Widget
	if s.Conflict != nil {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return s.card.Layout(gtx, th, s.Conflict, s.env.Zone) })
	}
	if s.Place.Message != "" {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, s.Place.Message, nil)
		})
	}
	parts = append(parts, s.fields.Parts(th, s.Folder, s.Times, s.Saving)...)
	if s.Folder.Text == s.Status.Settings.Folder {
		parts = append(parts, s.drive)
	}
	parts = append(parts, s.fields.Parts(th, s.Times, nil, s.Saving)...)
	if s.Dirty() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Buttons(gtx, th, panel.Command{Button: &s.undo, Look: widget.ButtonLook{Text: "Undo", Icon: theme.IconUndo2}},
				panel.Command{Button: &s.save, Look: widget.ButtonLook{Kind: widget.Primary, Text: "Save", Icon: theme.IconSave, Busy: s.Saving, BusyText: "Saving", Name: "Save folder and times"}})
		})
	}
	return s.body(gtx, "Schedule and place", "", parts...)
}

// drive says whether one failed disk takes data and backups.
func (s *Screen) drive(gtx layout.Context) layout.Dimensions {
	th := s.th
	icon, tone, text := theme.IconCircleCheck, th.OK, "Another drive than the data"
	switch {
	case s.Status.Problem != "":
		icon, tone, text = theme.IconOctagonAlert, th.Danger, s.Status.Problem
	case s.Status.SameDrive != "":
		icon, tone, text = theme.IconTriangleAlert, th.Warn, s.Status.SameDrive
	}
	widget.At(gtx, 0, gtx.Dp(1), gtx.Dp(15), gtx.Dp(15), func(gtx layout.Context) layout.Dimensions { return th.IconStroke(gtx, icon, 15, 2, tone.Text) })
	w := gtx.Constraints.Max.X - gtx.Dp(22)
	d := widget.At(gtx, gtx.Dp(22), 0, w, gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Label, tone.Text, Unsigned(text))
	})
	return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, d.Size.Y)}
}

// disksCard shows how full the drives of data and backups are.
func (s *Screen) disksCard(gtx layout.Context) layout.Dimensions {
	return s.body(gtx, "Disks", "",
		func(gtx layout.Context) layout.Dimensions {
			return s.disk(gtx, "data", s.Status.DataFolder, s.Status.DataFree, s.Status.DataTotal)
		},
		func(gtx layout.Context) layout.Dimensions {
			return s.disk(gtx, "backups", s.Status.Folder, s.Status.Free, s.Status.Total)
		})
}

func (s *Screen) disk(gtx layout.Context, what, folder string, free, total int64) layout.Dimensions {
	th, width := s.th, gtx.Constraints.Max.X
	room := "not known"
	if free >= 0 && total > 0 {
		room = health.Bytes(free) + " free of " + health.Bytes(total)
	}
	widget.At(gtx, 0, gtx.Dp(1), gtx.Dp(17), gtx.Dp(17), func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, theme.IconHardDrive, 17, th.T2) })
	w := widget.TextWidth(gtx, th, th.Type.Label, room)
	x := gtx.Dp(25)
	if drive := volume(folder); drive != "" {
		d := widget.At(gtx, x, 0, width, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Body.Semi(), th.T1, drive)
		})
		x += d.Size.X + gtx.Dp(8)
	}
	widget.At(gtx, x, 0, width-w-x-gtx.Dp(8), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Body, th.T2, what)
	})
	widget.At(gtx, width-w, gtx.Dp(1), w, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label, th.T2, room)
	})
	y := gtx.Sp(18) + gtx.Dp(7)
	part, fill := float32(0), th.Packing.Fill
	if total > 0 && free >= 0 {
		part = 1 - float32(free)/float32(total)
	}
	if part > .95 {
		fill = th.Warn.Fill
	}
	widget.At(gtx, 0, y, width, gtx.Dp(6), func(gtx layout.Context) layout.Dimensions {
		return widget.Bar(gtx, th, part, 0, fill, what+": "+room)
	})
	return layout.Dimensions{Size: image.Pt(width, y+gtx.Dp(6))}
}

// volume is the drive of a Windows path: "C:"; "" for any other path.
func volume(path string) string {
	if len(path) > 1 && path[1] == ':' {
		return strings.ToUpper(path[:2])
	}
	return ""
}

// keptCard tells of the recovery code and of the files that restores have put aside.
func (s *Screen) keptCard(gtx layout.Context) layout.Dimensions {
	th := s.th
	var parts []layout.Widget
	if at := s.Status.CodeMade; at != nil {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Facts(gtx, th, panel.Fact{What: "Recovery code made", Value: core.DateOf(*at, s.env.Zone).String()})
		}, func(gtx layout.Context) layout.Dimensions {
			return panel.Buttons(gtx, th, panel.Command{Button: &s.code, Look: widget.ButtonLook{Text: "Make a new recovery code", Icon: theme.IconKeyRound}})
		})
	}
	for _, a := range s.Status.Aside {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return widget.Column(gtx, 1,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return panel.Facts(gtx, th, panel.Fact{What: "Put aside " + Moment(a.At, s.env.Zone), Value: health.Bytes(a.Size)})
				}),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Label.Mono(), th.T3, a.Folder)
				}))
		})
	}
	return s.body(gtx, "Kept", "", parts...)
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

var _ table.Source = (*Screen)(nil)
