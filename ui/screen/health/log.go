package health

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/layout"
	"gioui.org/op"

	"masala/core/system"
	"masala/ui/form"
	"masala/ui/screen/dashboard"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
	"masala/ui/widget/table"
)

// fileField is the choice of the log.
type fileField struct {
	field form.Field
	shown string // the log it was set to last
}

func (s *Screen) searchFiles(text string) (found input.Found) {
	for _, f := range s.Health.Logs {
		if name := title(f.Name); strings.Contains(strings.ToLower(name), strings.ToLower(strings.TrimSpace(text))) {
			found.Options = append(found.Options, input.Option{Key: f.Name, Name: name, Note: Bytes(f.Size)})
		}
	}
	return found
}

func (s *Screen) updateFile(gtx layout.Context) {
	f := &s.file.field
	if s.file.shown != s.File {
		s.file.shown = s.File
		f.Choose(s.File, title(s.File), "")
	}
	for e, ok := s.files.Update(gtx, f); ok; e, ok = s.files.Update(gtx, f) {
		switch e.Kind {
		case input.Taken:
			f.Choose(e.Option.Key, e.Option.Name, "")
			s.Choose(e.Option.Key)
		case input.Left:
			f.Choose(s.File, title(s.File), "")
		case input.Submitted:
			s.log.Focus()
		}
	}
}

// logCard draws the log with its choices.
func (s *Screen) logCard(gtx layout.Context) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	head := gtx.Dp(54)
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	pad := gtx.Dp(theme.S16)
	widget.At(gtx, pad, (head-gtx.Sp(20))/2, size.X, gtx.Sp(20), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Card, th.T1, "Log")
	})
	x := pad + widget.TextWidth(gtx, th, th.Type.Card, "Log") + gtx.Dp(16)
	d := widget.At(gtx, x, (head-gtx.Dp(36))/2, size.X-x, gtx.Dp(36), func(gtx layout.Context) layout.Dimensions {
		return s.least.Layout(gtx, th, "All", "Warnings", "Errors")
	})
	x += d.Size.X + gtx.Dp(12)
	if fault := s.LogFault; fault != "" {
		widget.At(gtx, x, (head-gtx.Sp(18))/2, size.X-x-gtx.Dp(380), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Body, th.Danger.Text, fault)
		})
	}
	st := op.Offset(image.Pt(0, head)).Push(gtx.Ops)
	body := gtx
	body.Constraints = layout.Exact(image.Pt(size.X, size.Y-head))
	if len(s.Lines) == 0 && !s.paging {
		layout.Center.Layout(body, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			return widget.Empty(gtx, th, theme.IconFileText, "No line of the log is so grave", "")
		})
	} else {
		s.log.Stale = !s.env.Shell.Online()
		s.log.Layout(body, th, s, table.Foot{Count: dashboard.Count(len(s.Lines), "line"), Note: "newest first"})
	}
	st.Pop()
	w := min(gtx.Dp(220), size.X-x-pad)
	older := gtx
	older.Constraints = layout.Exact(image.Pt(size.X-pad-w-gtx.Dp(8), head))
	layout.E.Layout(older, func(gtx layout.Context) layout.Dimensions {
		return s.older.Layout(gtx, th, widget.ButtonLook{Text: "Older lines", Icon: theme.IconHistory, Disabled: !s.MayOlder()})
	})
	// Last, because its list lies over what is below.
	if w >= gtx.Dp(120) {
		widget.At(gtx, size.X-pad-w, (head-gtx.Dp(38))/2, w, gtx.Dp(38), func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = w
			return s.files.Layout(gtx, th, &s.file.field, widget.FieldLook{Name: "Which log"})
		})
	}
	return layout.Dimensions{Size: size}
}

// Len, Cell and Label are the rows of the log.
func (s *Screen) Len() int { return len(s.Lines) }

// Cell returns one place of the log.
func (s *Screen) Cell(row, col int) table.Cell {
	l := s.Lines[row]
	switch col {
	case 0:
		if l.At.IsZero() {
			return table.Cell{}
		}
		return table.Cell{Text: l.At.In(s.env.Zone).Format("02-Jan 15:04:05")}
	case 1:
		switch l.Level {
		case system.LevelError:
			return table.Cell{Text: "Error", Tone: table.Danger}
		case system.LevelWarn:
			return table.Cell{Text: "Warning", Tone: table.Warn}
		case system.LevelInfo:
			return table.Cell{Text: "Info", Tone: table.Neutral}
		}
		return table.Cell{}
	case 2:
		return table.Cell{Text: l.Text}
	}
	return table.Cell{Text: l.Detail}
}

// Label is a row in words.
func (s *Screen) Label(row int) string {
	l := s.Lines[row]
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", s.Cell(row, 0).Text, l.Level, l.Text, l.Detail))
}

// unsigned is a sentence without its sign, which is drawn.
func unsigned(text string) string { return strings.TrimSpace(strings.TrimPrefix(text, "⚠️")) }
