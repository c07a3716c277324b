package input

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"
	"pgregory.net/rapid"

	"masala/ui/form"
	"masala/ui/theme"
)

// stroke is a key or a text.
type stroke struct {
	name key.Name
	mod  key.Modifiers
	text string
}

func (s stroke) String() string {
	if s.text != "" {
		return fmt.Sprintf("%q", s.text)
	}
	return s.mod.String() + string(s.name)
}

func (d *desk) strike(strokes []stroke) {
	for _, s := range strokes {
		if s.text != "" {
			d.Type(s.text)
		} else {
			d.Press(s.name, s.mod)
		}
	}
}

// state is all that can be seen of the desk: what the form holds, what it says and where the keyboard is.
func (d *desk) state() string {
	var b strings.Builder
	show := func(f *form.Field, c interface{ Focused() bool }) {
		fmt.Fprintf(&b, "%s=%q key %q error %q %v\n", f.Path, f.Text, f.Key, f.Error, c != nil && c.Focused())
	}
	show(d.supplier, &d.combo)
	show(d.invoice, &d.text)
	show(d.on, &d.date)
	show(d.qty, &d.measure)
	show(d.amount, &d.number)
	for i := range d.rows.Len() {
		for _, f := range d.rows.At(i).Fields {
			show(f, nil)
		}
	}
	row, col := d.grid.Active()
	fmt.Fprintf(&b, "cell %d %s %v after %q %v\n", row, col, d.grid.Focused(), d.after.Text(), d.after.Focused())
	return b.String()
}

var texts = []string{"ca", "RAW-002", "12", "5q", "t", "+9", "x", "40*2", "hold", "जीरा", "raw-010", "3"}

func strokes(names []stroke) *rapid.Generator[[]stroke] {
	one := rapid.OneOf(rapid.SampledFrom(names), rapid.Map(rapid.SampledFrom(texts), func(s string) stroke { return stroke{text: s} }))
	return rapid.SliceOfN(one, 1, 14)
}

// same strikes the keys with frames in between and as a burst, on desks that begin works on. It ends with the key that leaves
// what inside asks about: what follows is no longer about it.
func same(t *rapid.T, tb *testing.T, th *theme.Theme, keys []stroke, begin func(*desk), inside func(*desk) bool) {
	slow, fast, uneven := newDeskOf(tb, 1216, 500, th), newDeskOf(tb, 1216, 500, th), newDeskOf(tb, 1216, 500, th)
	begin(slow)
	begin(fast)
	begin(uneven)
	for i := range keys {
		if slow.strike(keys[i : i+1]); !inside(slow) {
			keys = keys[:i+1]
			break
		}
	}
	fast.Burst(func() { fast.strike(keys) })
	if s, f := slow.state(), fast.state(); s != f {
		t.Fatalf("%v\nwith frames:\n%s\nas a burst:\n%s", keys, s, f)
	}
	if slices.ContainsFunc(keys, func(s stroke) bool { return s.name == key.NameTab }) {
		return // Gio moves the keyboard by itself for a Tab that comes before the next control listens
	}
	uneven.Stutter(func() bool { return rapid.Bool().Draw(t, "frame") }, func() { uneven.strike(keys) })
	if s, u := slow.state(), uneven.state(); s != u {
		t.Fatalf("%v\nwith frames:\n%s\nin slow frames:\n%s", keys, s, u)
	}
}

// Every keystroke goes where it would go with a frame between any two keys.
func TestBurstOverTheGrid(t *testing.T) {
	keys := strokes([]stroke{{name: key.NameReturn}, {name: key.NameReturn}, {name: key.NameReturn}, {name: key.NameReturn, mod: key.ModShift},
		{name: key.NameTab}, {name: key.NameTab, mod: key.ModShift}, {name: key.NameUpArrow}, {name: key.NameDownArrow}, {name: key.NameLeftArrow},
		{name: key.NameHome}, {name: key.NameF2}, {name: key.NameF4}, {name: "D", mod: key.ModCtrl}, {name: "A", mod: key.ModCtrl},
		{name: key.NameDeleteBackward}, {name: key.NamePageDown}})
	th := theme.New(theme.Options{NoAnimation: true})
	rapid.Check(t, func(rt *rapid.T) {
		same(rt, t, th, keys.Draw(rt, "keys"), func(d *desk) {
			d.fill()
			d.grid.FocusField(d.rows, d.rows.At(1).Field("item"))
			d.Settle()
		}, func(d *desk) bool { return d.grid.Focused() })
	})
}

func TestBurstOverTheForm(t *testing.T) {
	keys := strokes([]stroke{{name: key.NameReturn}, {name: key.NameReturn}, {name: key.NameReturn}, {name: key.NameReturn, mod: key.ModShift},
		{name: key.NameUpArrow}, {name: key.NameDownArrow}, {name: key.NameLeftArrow}, {name: key.NameHome}, {name: key.NameF4},
		{name: "A", mod: key.ModCtrl}, {name: key.NameDeleteBackward}, {name: key.NameDeleteForward}})
	th := theme.New(theme.Options{NoAnimation: true})
	rapid.Check(t, func(rt *rapid.T) {
		same(rt, t, th, keys.Draw(rt, "keys"), func(d *desk) {
			d.chain = true
			d.invoice.Set("UJH/1182")
			d.Click("Supplier")
		}, func(*desk) bool { return true })
	})
}

func TestBurstWritesWholeLines(t *testing.T) {
	d := newGridDesk(t)
	d.Burst(func() {
		for _, line := range [][]string{{"RAW-001", "500", "143", "ET-2209", "2-2", "1-2-28", ""}, {"raw-002", "5 bag", "225", "UJ-77", "", "+90", "hold"}} {
			for _, s := range line {
				d.Type(s)
				d.Press(key.NameReturn)
			}
		}
		d.Press(key.NameReturn)
		d.Type("12")
	})
	if got := d.told(); got != "taken RAW-001, rows, taken RAW-002, taken, rows, done" {
		t.Errorf("told %q", got)
	}
	rows := d.rows.Filled()
	if len(rows) != 2 || rows[0].Field("expiry_on").Text != "01-Feb-2028" || rows[0].Field("supplier_lot").Text != "ET-2209" ||
		rows[1].Field("quantity").Text != "5.000 bag" || rows[1].Field("qc").Key != "HOLD" || d.after.Text() != "12" {
		t.Fatal(d.state())
	}
}

// typedAhead has a server that has not answered yet.
func typedAhead(t *testing.T) *desk {
	d := newGridDesk(t)
	d.serve = true
	d.loading = true
	d.grid.Reset()
	d.grid.Focus(d.rows)
	d.Settle()
	return d
}

func TestCodeIsTakenWhenTheAnswerComes(t *testing.T) {
	for _, burst := range []bool{false, true} {
		d := typedAhead(t)
		keys := func() {
			for _, s := range []string{"RAW-003", "500", "85"} {
				d.Type(s)
				d.Press(key.NameReturn)
			}
		}
		if burst {
			d.Burst(keys)
		} else {
			keys()
		}
		d.at(t, 0, "supplier_lot")
		item := d.rows.At(0).Field("item")
		if item.Text != "RAW-003" || item.Key != "" || item.Error != "" || d.rows.At(0).Field("quantity").Text != "500.000 kg" || !d.Sees("Taking RAW-003") {
			t.Fatal(d.state(), d.Dump())
		}
		d.loading = false
		d.Settle()
		if got := d.told(); item.Key != "3" || item.Text != stock[2].Name || got != "taken RAW-003" || d.Sees("Taking RAW-003") {
			t.Errorf("%q %s", got, d.state())
		}
		d.at(t, 0, "supplier_lot")
	}
}

func TestTextWithoutOneMatchIsNotTaken(t *testing.T) {
	for text, key_ := range map[string]string{"ca": "", "nothing": "", "cumin": "2"} {
		d := typedAhead(t)
		d.Burst(func() {
			d.Type(text)
			d.Press(key.NameReturn)
			d.Type("7")
		})
		d.loading = false
		d.Settle()
		item := d.rows.At(0).Field("item")
		if item.Key != key_ || d.rows.At(0).Field("quantity").Text != "7 kg" {
			t.Error(text, d.state())
		}
		if key_ == "" && (item.Text != text || item.Error != "Choose an item from the list.") {
			t.Errorf("%q says %q", item.Text, item.Error)
		}
	}
}

// The user who comes back and writes something else is not overruled.
func TestLateAnswerGivesWay(t *testing.T) {
	d := typedAhead(t)
	d.Type("RAW-003")
	d.Press(key.NameReturn)
	d.Press(key.NameReturn, key.ModShift)
	d.at(t, 0, "item")
	d.Type("RAW-00")
	d.loading = false
	d.Settle()
	if f := d.rows.At(0).Field("item"); f.Key != "" || f.Text != "RAW-00" || f.Error != "" {
		t.Error(d.state())
	}
}

// The first row of a list that is out of date is not what was meant.
func TestStaleListIsNotTaken(t *testing.T) {
	d := newComboDesk(t)
	d.combo.Search = func(text string) Found {
		if d.loading {
			return Found{Options: stock, Loading: true}
		}
		return Found{Options: rank(stock, text)}
	}
	d.Type("c")
	d.loading = true
	d.Burst(func() {
		d.Type("assia")
		d.Press(key.NameReturn)
	})
	d.says(t, "submitted")
	if d.supplier.Key != "" {
		t.Error(d.state())
	}
	d.loading = false
	d.Settle()
	d.says(t, "taken RAW-010")
}

func TestBurstStaysFast(t *testing.T) {
	d := newGridDesk(t)
	frames, now := d.Frames, d.Clock.Now()
	d.Burst(func() { d.Type(strings.Repeat("x", 200)) })
	if n := d.Frames - frames; n > 30 || d.Clock.Now().Sub(now) > time.Second {
		t.Errorf("200 letters took %d frames", n)
	}
}
