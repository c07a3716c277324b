package ui

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"masala/core/health"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// SlowSentence is what the user reads while a call waits over ten seconds although
// the server's heart beats (RESILIENCE 1.4).
const SlowSentence = "Server not responding. Retrying..."

// sign starts the audit's sentences; on the screen it is the drawn icon.
const sign = "⚠️"

// unsigned is the sentence without the sign, as it is drawn.
func unsigned(text string) string { return strings.TrimSpace(strings.TrimPrefix(text, sign)) }

// notice is a line of the banner area.
type notice struct {
	severity health.Severity
	text     string    // in full, as the audit words it
	mend     screen.ID // where an Admin puts it right, "" for nowhere
}

// mends says where an Admin puts right what a warning's code begins with.
var mends = []struct {
	code, label string
	id          screen.ID
}{{"licence.", "License", screen.SystemLicense}, {"backup.", "Backup", screen.SystemBackup}, {"books.restored", "Backup", screen.SystemBackup}, {"books.rewound", "Backup", screen.SystemBackup}}

// notices lists what is to be said, worst first. What only Admins can mend is not said to
// others, unless it stops their work.
func notices(warnings []health.Warning, admin bool) (list []notice) {
	for _, w := range warnings {
		if w.Admin && !admin && w.Blocks == nil {
			continue
		}
		n := notice{severity: w.Severity, text: w.Text}
		for _, m := range mends {
			if strings.HasPrefix(w.Code, m.code) {
				n.mend = m.id
			}
		}
		list = append(list, n)
	}
	return list
}

type bannerArea struct {
	slow, line         widget.Banner
	saidSlow, saidLine string // what is on the screen
}

// bannerSays notes in the log what a banner says, once it is on the screen.
func (w *Window) bannerSays(said *string, text string) {
	if *said == text {
		return
	}
	if *said = text; text != "" {
		w.onceDrawn(func() { w.log.Info("banner", "text", text) })
	}
}

// layoutSlow draws the line of a server that does not respond, with the way to end the
// waiting. It is a line of its own, above every warning and on the screens before the
// login: it lasts for moments and asks for a decision, while warnings can stand for weeks.
func (w *Window) layoutSlow(gtx layout.Context) layout.Dimensions {
	if w.conn.Status().Phase != screen.Slow {
		w.bannerSays(&w.banner.saidSlow, "")
		return layout.Dimensions{}
	}
	w.bannerSays(&w.banner.saidSlow, SlowSentence)
	if w.banner.slow.Action.Clicked(gtx) {
		w.conn.RetryNow()
	}
	return w.banner.slow.Layout(gtx, w.theme, widget.BannerLook{Text: SlowSentence, Tone: w.theme.Info, Busy: true, Action: "Retry"})
}

// underSlow draws a screen that fills the window, below that line.
func (w *Window) underSlow(gtx layout.Context, draw func(layout.Context)) {
	size := gtx.Constraints.Max
	d := w.layoutSlow(gtx)
	defer op.Offset(image.Pt(0, d.Size.Y)).Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Exact(image.Pt(size.X, size.Y-d.Size.Y))
	draw(gtx)
}

// layoutBanner draws the worst notice, if there is any.
func (w *Window) layoutBanner(gtx layout.Context) layout.Dimensions {
	list := notices(w.conn.State().Warnings, w.session.env.IsAdmin())
	if len(list) == 0 {
		w.bannerSays(&w.banner.saidLine, "")
		return layout.Dimensions{}
	}
	th, n := w.theme, list[0]
	w.bannerSays(&w.banner.saidLine, n.text)
	look := widget.BannerLook{Text: unsigned(n.text), Name: n.text, Tone: th.Info, Icon: theme.IconInfo}
	switch {
	case n.severity >= health.Error:
		look.Tone, look.Icon = th.Danger, theme.IconOctagonAlert
	case n.severity == health.Warn:
		look.Tone, look.Icon = th.Warn, theme.IconTriangleAlert
	}
	mend := n.mend != "" && w.session.env.IsAdmin() && w.session.nav.now().entry.ID != n.mend
	switch {
	case mend:
		for _, m := range mends {
			if m.id == n.mend {
				look.Action = m.label
			}
		}
	case len(list) > 1:
		look.Action = fmt.Sprintf("%d more", len(list)-1)
	}
	if w.banner.line.Action.Clicked(gtx) {
		if mend {
			w.Navigate(screen.Route{ID: n.mend})
		} else {
			w.Show(&noticeList{th, list})
		}
	}
	return w.banner.line.Layout(gtx, th, look)
}

// noticeList shows every notice, worst first.
type noticeList struct {
	th   *theme.Theme
	list []notice
}

// Title heads the list.
func (n *noticeList) Title() string { return "What needs care" }

// Width of the list.
func (n *noticeList) Width() unit.Dp { return 560 }

// Layout draws the notices in full.
func (n *noticeList) Layout(gtx layout.Context, _ func()) layout.Dimensions {
	var rows []layout.FlexChild
	for _, x := range n.list {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			tone, icon := n.th.Warn, theme.IconTriangleAlert
			if x.severity >= health.Error {
				tone, icon = n.th.Danger, theme.IconOctagonAlert
			} else if x.severity == health.Info {
				tone, icon = n.th.Info, theme.IconInfo
			}
			widget.At(gtx, 0, 0, gtx.Dp(18), gtx.Dp(18), func(gtx layout.Context) layout.Dimensions { return n.th.Icon(gtx, icon, 18, tone.Text) })
			d := widget.At(gtx, gtx.Dp(28), 0, gtx.Constraints.Max.X-gtx.Dp(28), gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
				return widget.Para(gtx, n.th, n.th.Type.Field, n.th.T1, unsigned(x.text))
			})
			d.Size.X = gtx.Constraints.Max.X
			return d
		}))
	}
	return widget.Column(gtx, 12, rows...)
}
