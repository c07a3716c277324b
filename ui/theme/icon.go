package theme

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"strconv"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"masala/assets"
)

// iconGrid is the side of the square the icon paths are drawn on.
const iconGrid = 24

type command struct {
	kind byte // M, L, C or Z
	p    [3]f32.Point
}

type iconKey struct {
	name  Icon
	size  int     // px
	width float32 // px
}

// iconSet holds the parsed paths and, per size and stroke, the operations that draw them. The operations live in a list
// that is never reset, so that the renderer finds the same path under the same key in every frame and tessellates it once.
type iconSet struct {
	paths map[Icon][]command
	ops   op.Ops
	drawn map[iconKey]op.CallOp
}

func newIconSet() *iconSet {
	var texts map[Icon]string
	if err := json.Unmarshal(assets.Icons(), &texts); err != nil {
		panic(fmt.Errorf("embedded icons: %w", err))
	}
	s := &iconSet{paths: make(map[Icon][]command, len(texts)), drawn: map[iconKey]op.CallOp{}}
	for name, t := range texts {
		cmds, err := parsePath(t)
		if err != nil {
			panic(fmt.Errorf("embedded icon %s: %w", name, err))
		}
		s.paths[name] = cmds
	}
	return s
}

// parsePath reads absolute M, L, C and Z commands; numbers repeat a command as in SVG.
func parsePath(s string) ([]command, error) {
	var out []command
	var kind byte
	var nums []float32
	flush := func() error {
		per := map[byte]int{'M': 2, 'L': 2, 'C': 6, 'Z': 0}[kind]
		if kind == 'Z' && len(nums) == 0 {
			out = append(out, command{kind: 'Z'})
			return nil
		}
		if per == 0 || len(nums) == 0 || len(nums)%per != 0 {
			return fmt.Errorf("path command %q with %d numbers", kind, len(nums))
		}
		for i := 0; i < len(nums); i += per {
			c := command{kind: kind}
			if kind == 'M' && i > 0 {
				c.kind = 'L'
			}
			for j := 0; j < per; j += 2 {
				c.p[j/2] = f32.Pt(nums[i+j], nums[i+j+1])
			}
			out = append(out, c)
		}
		nums = nums[:0]
		return nil
	}
	for i := 0; i < len(s); {
		switch ch := s[i]; {
		case ch == ' ' || ch == ',':
			i++
		case ch >= 'A' && ch <= 'Z':
			if kind != 0 {
				if err := flush(); err != nil {
					return nil, err
				}
			}
			kind = ch
			i++
		default:
			j := i + 1
			for j < len(s) && (s[j] >= '0' && s[j] <= '9' || s[j] == '.') {
				j++
			}
			n, err := strconv.ParseFloat(s[i:j], 32)
			if err != nil {
				return nil, err
			}
			nums = append(nums, float32(n))
			i = j
		}
	}
	return out, flush()
}

// HasIcon reports whether the name is drawn.
func (th *Theme) HasIcon(name Icon) bool { return len(th.icons.paths[name]) > 0 }

// Icon draws an icon in a square of the given size with the stroke that size asks for: 1.75 dp, from 24 up 2 dp.
func (th *Theme) Icon(gtx layout.Context, name Icon, size unit.Dp, c color.NRGBA) layout.Dimensions {
	w := unit.Dp(1.75)
	if size >= 24 {
		w = 2
	}
	return th.IconStroke(gtx, name, size, w, c)
}

// IconStroke is Icon with the stroke width given.
func (th *Theme) IconStroke(gtx layout.Context, name Icon, size, width unit.Dp, c color.NRGBA) layout.Dimensions {
	px := gtx.Dp(size)
	k := iconKey{name, px, float32(width) * gtx.Metric.PxPerDp}
	call, ok := th.icons.drawn[k]
	if !ok {
		call = th.icons.draw(k)
		th.icons.drawn[k] = call
	}
	if under := undercoat(c); under.A > 0 { // see Ink
		paint.ColorOp{Color: under}.Add(gtx.Ops)
		call.Add(gtx.Ops)
	}
	paint.ColorOp{Color: c}.Add(gtx.Ops)
	call.Add(gtx.Ops)
	return layout.Dimensions{Size: image.Pt(px, px)}
}

// draw records the icon. Each line of it is stroked by itself: within one path Gio lets crossing strokes of opposite
// direction wipe each other out.
func (s *iconSet) draw(k iconKey) op.CallOp {
	m := op.Record(&s.ops)
	scale := float32(k.size) / iconGrid
	cmds := s.paths[k.name]
	for start := 0; start < len(cmds); {
		end := start + 1
		for end < len(cmds) && cmds[end].kind != 'M' {
			end++
		}
		s.stroke(cmds[start:end], scale, k.width)
		start = end
	}
	return m.Stop()
}

func (s *iconSet) stroke(cmds []command, scale, width float32) {
	var p clip.Path
	p.Begin(&s.ops)
	for _, c := range cmds {
		switch c.kind {
		case 'M':
			p.MoveTo(c.p[0].Mul(scale))
		case 'L':
			p.LineTo(c.p[0].Mul(scale))
		case 'C':
			p.CubeTo(c.p[0].Mul(scale), c.p[1].Mul(scale), c.p[2].Mul(scale))
		case 'Z':
			p.Close()
		}
	}
	st := clip.Stroke{Path: p.End(), Width: width}.Op().Push(&s.ops)
	paint.PaintOp{}.Add(&s.ops)
	st.Pop()
}
