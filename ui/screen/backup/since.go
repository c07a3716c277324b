package backup

import (
	"image"
	"strings"
	"time"

	"gioui.org/layout"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/stock"
	"masala/ui/screen/dashboard"
	"masala/ui/theme"
	"masala/ui/widget"
)

// since lists the documents that a restore point does not have.
type since struct {
	th   *theme.Theme
	zone *time.Location
	at   string
	rows []stock.DocumentRow
	list giowidget.List
}

// See shows what was posted after the selected point.
func (m *Model) See() {
	p, ok := m.Point()
	if !ok || p.Since <= 0 {
		return
	}
	m.ShowSince(p, func(rows []stock.DocumentRow) {
		d := &since{th: m.env.Theme, zone: m.env.Zone, at: Moment(p.TakenAt, m.env.Zone), rows: rows}
		d.list.Axis = layout.Vertical
		m.env.Shell.Show(d)
	})
}

// Title heads the dialog.
func (d *since) Title() string { return "Posted after " + d.at }

// Width of the dialog.
func (*since) Width() unit.Dp { return 620 }

// Layout draws the documents, newest first.
func (d *since) Layout(gtx layout.Context, _ func()) layout.Dimensions {
	th, row := d.th, gtx.Dp(48)
	size := image.Pt(gtx.Constraints.Max.X, min(len(d.rows)*row, gtx.Dp(384)))
	gtx.Constraints = layout.Exact(size)
	return widget.List(gtx, th, &d.list, len(d.rows), func(gtx layout.Context, i int) layout.Dimensions {
		r := d.rows[i]
		w := gtx.Constraints.Max.X
		widget.At(gtx, 0, gtx.Dp(6), w-gtx.Dp(150), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Body.Semi(), th.T1, r.Number)
		})
		widget.At(gtx, 0, gtx.Dp(25), w-gtx.Dp(150), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			about := []string{dashboard.KindName(r.Kind)}
			if r.Party != "" {
				about = append(about, r.Party)
			}
			return widget.Text(gtx, th, th.Type.Label, th.T3, strings.Join(about, ", "))
		})
		widget.At(gtx, w-gtx.Dp(150), gtx.Dp(6), gtx.Dp(140), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.TextEnd(gtx, th, th.Type.Body, th.T2, Moment(r.PostedAt, d.zone))
		})
		widget.At(gtx, w-gtx.Dp(150), gtx.Dp(25), gtx.Dp(140), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.TextEnd(gtx, th, th.Type.Label, th.T3, r.User+" on "+r.Device)
		})
		theme.Fill(gtx.Ops, image.Rect(0, row-gtx.Dp(1), w, row), 0, th.Border)
		return layout.Dimensions{Size: image.Pt(w, row)}
	})
}
