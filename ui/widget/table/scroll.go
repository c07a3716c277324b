package table

import (
	"image"

	"gioui.org/gesture"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"masala/ui/theme"
)

func (s *scroller) limit(v view) int { return max(v.rows*v.row-v.body, 0) }

// update takes in the wheel and the bar, and brings the row asked for into view.
func (s *scroller) update(gtx layout.Context, v view) {
	limit := s.limit(v)
	s.offset += s.wheel.Update(gtx.Metric, gtx.Source, gtx.Now, gesture.Vertical, pointer.ScrollRange{},
		pointer.ScrollRange{Min: -s.offset, Max: limit - s.offset})
	for {
		e, ok := s.drag.Update(gtx.Metric, gtx.Source, gesture.Vertical)
		if !ok {
			break
		}
		top, length, room := s.thumb(gtx, v)
		y := int(e.Position.Y)
		switch e.Kind {
		case pointer.Press:
			s.held, s.grabbed = true, y-top
			if y < top || y > top+length {
				s.grabbed = length / 2 // beside the bar: it jumps there
			}
			fallthrough
		case pointer.Drag:
			if s.held && room > length {
				s.offset = int(int64(y-s.grabbed-gtx.Dp(6)) * int64(limit) / int64(room-length))
			}
		case pointer.Release, pointer.Cancel:
			s.held = false
		}
	}
	if s.show >= 0 && v.row > 0 {
		s.offset = min(s.offset, s.show*v.row)
		s.offset = max(s.offset, (s.show+1)*v.row-v.body)
	}
	s.show = -1
	s.offset = min(max(s.offset, 0), limit)
}

// thumb returns the bar: its top, its length and the room it moves in, in px.
func (s *scroller) thumb(gtx layout.Context, v view) (top, length, room int) {
	room = v.body - 2*gtx.Dp(6)
	if v.rows == 0 {
		return 0, 0, room
	}
	length = min(max(int(int64(room)*int64(v.body)/int64(v.rows*v.row)), gtx.Dp(32)), room)
	if limit := s.limit(v); limit > 0 {
		top = int(int64(room-length) * int64(s.offset) / int64(limit))
	}
	return top + gtx.Dp(6), length, room
}

// bar draws the scroll bar at the right edge when there is something to scroll.
func (s *scroller) bar(gtx layout.Context, th *theme.Theme, v view, width int) {
	if s.limit(v) == 0 {
		return
	}
	area := clip.Rect{Min: image.Pt(width-gtx.Dp(12), 0), Max: image.Pt(width, v.body)}.Push(gtx.Ops)
	s.drag.Add(gtx.Ops)
	area.Pop()
	top, length, _ := s.thumb(gtx, v)
	c := th.Borders
	if s.held {
		c = th.T3
	}
	theme.Fill(gtx.Ops, image.Rect(width-gtx.Dp(9), top, width-gtx.Dp(3), top+length), gtx.Dp(3), c)
}
