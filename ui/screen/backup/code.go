package backup

import (
	"context"
	"image"
	"io"
	"strings"

	"gioui.org/io/clipboard"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/unit"

	"masala/core/backup"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// MakeCode makes a recovery code and shows it; an older one is only replaced after a
// question.
func (m *Model) MakeCode() {
	if m.Status.CodeMade == nil {
		m.makeCode()
		return
	}
	m.env.Shell.Ask(screen.Question{Title: "Make a new recovery code?",
		Text:    "Backups made from now on open with the new code. Keep the old code for the older ones.",
		Answers: []screen.Answer{{Label: "Keep the old code"}, {Label: "Make a new code", Do: m.makeCode}}})
}

func (m *Model) makeCode() {
	m.env.Shell.Go(func(ctx context.Context) func() {
		r, err := backup.MakeCode.Call(ctx, m.env.Caller, "", backup.MakeCodeReq{})
		return func() {
			if err != nil {
				m.say(err)
				return
			}
			m.env.Shell.Show(NewCode(m.env.Theme, r.Code))
			m.Reload()
		}
	})
}

// Code shows a recovery code, this once: it is kept nowhere.
type Code struct {
	th      *theme.Theme
	code    string
	copying bool
	copied  bool
}

// NewCode makes the dialog.
func NewCode(th *theme.Theme, code string) *Code { return &Code{th: th, code: code} }

// Title heads the dialog.
func (*Code) Title() string { return "Recovery code of this server" }

// Width of the dialog.
func (*Code) Width() unit.Dp { return 640 }

// Choices are the buttons at the foot: nothing closes the dialog by chance.
func (c *Code) Choices() []widget.Choice {
	word, icon := "Copy", theme.IconCopy
	if c.copied {
		word, icon = "Copied", theme.IconCheck
	}
	return []widget.Choice{{Text: word, Icon: icon}, {Text: "I have written it down", Kind: widget.Primary, Icon: theme.IconPencil}}
}

// Choose copies, or closes.
func (c *Code) Choose(i int, shut func()) {
	if i == 0 {
		c.copying = true
		return
	}
	shut()
}

// Layout draws the code, big enough to be written down.
func (c *Code) Layout(gtx layout.Context, _ func()) layout.Dimensions {
	if c.copying {
		c.copying, c.copied = false, true
		gtx.Execute(clipboard.WriteCmd{Type: "application/text", Data: io.NopCloser(strings.NewReader(c.code))})
	}
	th := c.th
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return widget.Column(gtx, 14,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Field, th.T2, "Write it on paper and keep it where the books are kept, not on this PC. It is shown only now.")
		}),
		layout.Rigid(c.groups),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Field, th.T2, "If this PC ever breaks, a new one takes its place with a backup and this code, and the other PCs go on as if nothing had happened. Without the code the data comes back all the same, and each PC is paired once more.")
		}))
}

// groups draws the code in its groups of four.
func (c *Code) groups(gtx layout.Context) layout.Dimensions {
	th := c.th
	parts := strings.Split(c.code, "-")
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(76))
	gap := gtx.Dp(8)
	w := (size.X - gap*(len(parts)-1)) / len(parts)
	style := th.Type.T24.Medium().Mono()
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	semantic.LabelOp(c.code).Add(gtx.Ops)
	area.Pop()
	for i, p := range parts {
		x := i * (w + gap)
		r := image.Rect(x, 0, x+w, size.Y)
		theme.Fill(gtx.Ops, r, gtx.Dp(theme.RadiusField), th.Surface2)
		theme.Outline(gtx.Ops, r, gtx.Dp(theme.RadiusField), float32(gtx.Dp(1)), th.Border)
		widget.At(gtx, x+max((w-widget.TextWidth(gtx, th, style, p))/2, 0), (size.Y-gtx.Sp(style.Line))/2, w, size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, th.T1, p, "")
		})
	}
	return layout.Dimensions{Size: size}
}
