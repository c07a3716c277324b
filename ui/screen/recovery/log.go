package recovery

import (
	"image"
	"time"

	"gioui.org/layout"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/system"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Log is a dialog with the newest lines of the server's log, for who is on the
// telephone with support.
type Log struct {
	th    *theme.Theme
	zone  *time.Location
	path  string
	fault string
	lines []system.LogLine
	list  giowidget.List
}

// NewLog makes the dialog.
func NewLog(th *theme.Theme, zone *time.Location, path string, lines []system.LogLine, fault string) *Log {
	l := &Log{th: th, zone: zone, path: path, lines: lines, fault: fault}
	l.list.Axis = layout.Vertical
	return l
}

// Title heads the dialog.
func (*Log) Title() string { return "Log of the server" }

// Width of the dialog.
func (*Log) Width() unit.Dp { return 740 }

// Layout draws the lines, newest first.
func (l *Log) Layout(gtx layout.Context, _ func()) layout.Dimensions {
	th := l.th
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	height := min(gtx.Dp(380), max(gtx.Constraints.Max.Y-gtx.Dp(160), gtx.Dp(120)))
	return widget.Column(gtx, 10,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label.Mono(), th.T3, l.path)
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if l.fault != "" {
				return widget.Para(gtx, th, th.Type.Body, th.Danger.Text, l.fault)
			}
			gtx.Constraints = layout.Exact(image.Pt(gtx.Constraints.Max.X, height))
			return widget.List(gtx, th, &l.list, len(l.lines), l.line)
		}))
}

func (l *Log) line(gtx layout.Context, i int) layout.Dimensions {
	th, x := l.th, l.lines[i]
	ink := th.T1
	switch x.Level {
	case system.LevelError:
		ink = th.Danger.Text
	case system.LevelWarn:
		ink = th.Warn.Text
	}
	width, left, y := gtx.Constraints.Max.X, gtx.Dp(120), gtx.Dp(7)
	if !x.At.IsZero() {
		widget.At(gtx, 0, y+gtx.Dp(1), left, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, th.T3, x.At.In(l.zone).Format("02-Jan 15:04:05"))
		})
	}
	room := width - left - gtx.Dp(14)
	d := widget.At(gtx, left, y, room, 1<<16, func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Body.Semi(), ink, x.Text)
	})
	y += d.Size.Y
	if x.Detail != "" {
		d = widget.At(gtx, left, y, room, 1<<16, func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Label, th.T3, x.Detail)
		})
		y += d.Size.Y
	}
	y += gtx.Dp(7)
	theme.Fill(gtx.Ops, image.Rect(0, y-gtx.Dp(1), width, y), 0, th.Border)
	return layout.Dimensions{Size: image.Pt(width, y)}
}
