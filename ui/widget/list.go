package widget

import (
	"gioui.org/layout"
	giowidget "gioui.org/widget"
	"gioui.org/widget/material"

	"masala/ui/theme"
)

// List draws a scrolling list with a thin scrollbar over its right edge. Set l.Axis; rows are laid out as they come into view.
func List(gtx layout.Context, th *theme.Theme, l *giowidget.List, n int, row layout.ListElement) layout.Dimensions {
	st := material.List(&material.Theme{}, l)
	st.AnchorStrategy = material.Overlay
	st.Track.MajorPadding, st.Track.MinorPadding = 4, 3
	st.Indicator.MajorMinLen = 32
	st.Indicator.MinorWidth = 6
	st.Indicator.CornerRadius = 3
	st.Indicator.Color = th.Borders
	st.Indicator.HoverColor = th.T3
	return st.Layout(gtx, n, row)
}
