package theme

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"image/color"
	"strconv"
	"testing"

	"gioui.org/text"
	"golang.org/x/image/math/fixed"

	"masala/assets"
)

func TestTextIsReadable(t *testing.T) {
	for _, o := range []Options{{}, {Dark: true}, {HighContrast: true}, {Dark: true, HighContrast: true}} {
		p := palette(o)
		type pair struct {
			name     string
			text, on color.NRGBA
		}
		pairs := []pair{
			{"onpri on pri", p.OnPri, p.Pri}, {"onpri on hover", p.OnPri, p.PriHover}, {"onpri on pressed", p.OnPri, p.PriPressed},
			{"onpri on gradient top", p.OnPri, p.PriGrad.Top}, {"onpri on gradient bottom", p.OnPri, p.PriGrad.Bottom},
			{"onpri on danger top", p.OnPri, p.DangerGrad.Top}, {"onpri on danger bottom", p.OnPri, p.DangerGrad.Bottom},
			{"toast", p.OnToast, p.ToastBack},
			{"tile raw", p.OnPri, p.TileRaw.Top}, {"tile bulk", p.OnPri, p.TileBulk.Top},
			{"tile packing", p.OnPri, p.TilePacking.Top}, {"tile finished", p.OnPri, p.TileFinished.Top},
			{"t1 on focus row", p.T1, p.FocusSoft}, {"t1 on cell", p.T1, p.Cell}, {"neutral on t1", p.T1, p.Neutral.Soft},
		}
		grounds := map[string]color.NRGBA{"canvas": p.Canvas, "panel": p.Panel, "surface": p.Surface, "surface2": p.Surface2, "hover": p.Hover, "sel": p.Sel}
		for g, on := range grounds {
			pairs = append(pairs, pair{"t1 on " + g, p.T1, on}, pair{"t2 on " + g, p.T2, on}, pair{"t3 on " + g, p.T3, on})
		}
		for name, tn := range tones(p) {
			pairs = append(pairs, pair{name + " on its soft", tn.Text, tn.Soft}, pair{name + " on surface", tn.Text, p.Surface})
		}
		for _, x := range pairs {
			if r := Contrast(x.text, x.on); r < 4.5 {
				t.Errorf("%+v: %s has contrast %.2f, want 4.5 at least", o, x.name, r)
			}
		}
		if r := min(Contrast(p.Focus, p.Surface), Contrast(p.Focus, p.Panel)); r < 5 {
			t.Errorf("%+v: focus ring has contrast %.2f, want 5 at least", o, r)
		}
	}
}

func palette(o Options) Palette {
	var th Theme
	th.Set(o)
	return th.Palette
}

func tones(p Palette) map[string]Tone {
	return map[string]Tone{"brand": p.Brand, "ok": p.OK, "warn": p.Warn, "danger": p.Danger, "info": p.Info, "hold": p.Hold,
		"neutral": p.Neutral, "raw": p.Raw, "bulk": p.Bulk, "packing": p.Packing, "finished": p.Finished}
}

func TestHighContrastDrawsAllLinesInHintColour(t *testing.T) {
	p := palette(Options{HighContrast: true})
	if p.Border != p.T3 || p.Borders != p.T3 {
		t.Errorf("lines are %v and %v, want %v", p.Border, p.Borders, p.T3)
	}
	for name, tn := range tones(p) {
		if tn.Line != p.T3 {
			t.Errorf("line of %s is %v, want %v", name, tn.Line, p.T3)
		}
	}
}

// Every drawing has a constant and every constant a drawing, so that a mistyped icon does not compile.
func TestIconNames(t *testing.T) {
	var drawn map[string]string
	if err := json.Unmarshal(assets.Icons(), &drawn); err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), "icon_names.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, _ := strconv.Unquote(l.Value); s != "" {
				named[s] = true
			}
		}
		return true
	})
	for n := range drawn {
		if !named[n] {
			t.Errorf("icon %q has no constant", n)
		}
	}
	th := New(Options{})
	for n := range named {
		if !th.HasIcon(Icon(n)) {
			t.Errorf("constant %q has no drawing", n)
		}
	}
}

func TestParsePathRefusesBrokenText(t *testing.T) {
	for _, s := range []string{"M1", "M1 2L3", "C1 2 3 4 5", "Q1 2 3 4", "M1 x", "1 2"} {
		if _, err := parsePath(s); err == nil {
			t.Errorf("parsePath(%q) took it", s)
		}
	}
	got, err := parsePath("M1 2 3 4C1 2 3 4 5 6Z")
	if err != nil || len(got) != 4 || got[1].kind != 'L' || got[3].kind != 'Z' {
		t.Errorf("parsePath = %v, %v", got, err)
	}
}

// glyphs shapes s and returns the advance of each glyph and whether a letter was missing (glyph 0 of some face).
func glyphs(th *Theme, s Style, str string) (adv []fixed.Int26_6, missing bool) {
	th.Shaper.LayoutString(text.Parameters{Font: s.Font(), PxPerEm: fixed.I(100), MaxWidth: 1e6}, str)
	for g, ok := th.Shaper.NextGlyph(); ok; g, ok = th.Shaper.NextGlyph() {
		adv = append(adv, g.Advance)
		missing = missing || g.ID&0xffffffff == 0
	}
	return adv, missing
}

func TestDigitsAreEquallyWide(t *testing.T) {
	th := New(Options{})
	for _, s := range []Style{th.Type.Lead, th.Type.Body, th.Type.Card, th.Type.KPI, th.Type.Body.Mono()} {
		adv, _ := glyphs(th, s, "0123456789")
		for i, a := range adv {
			if a != adv[0] {
				t.Errorf("weight %v face %q: digit %d is %v wide, 0 is %v", s.Weight, s.Face, i, a, adv[0])
			}
		}
	}
}

func TestFontsHaveTheLetters(t *testing.T) {
	th := New(Options{})
	for _, s := range []Style{th.Type.Lead, th.Type.Body, th.Type.Card, th.Type.KPI, th.Type.Body.Mono()} {
		for _, str := range []string{"₹ 12,34,567.00", "−5.000 kg — “x” … •", "हल्दी गांठ छोटी इलायची क्षत्रिय धनिया"} {
			if _, missing := glyphs(th, s, str); missing {
				t.Errorf("weight %v face %q lacks a letter of %q", s.Weight, s.Face, str)
			}
		}
	}
	// A conjunct is one shape: क् + ष has fewer glyphs than letters.
	if adv, _ := glyphs(th, th.Type.Body, "क्ष"); len(adv) != 1 {
		t.Errorf("क्ष is drawn with %d glyphs, want the one conjunct", len(adv))
	}
}

func TestZoom(t *testing.T) {
	var th Theme
	for in, want := range map[int]int{0: 100, 100: 100, 10: 80, 84: 80, 85: 90, 146: 150, 500: 200} {
		th.Set(Options{Zoom: in})
		if got := th.Options().Zoom; got != want {
			t.Errorf("zoom %d became %d, want %d", in, got, want)
		}
	}
}
