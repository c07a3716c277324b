package table

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/ui/theme"
	"masala/ui/uitest"
)

// lots is a list of n lots in memory.
type lots struct {
	rows   [][]Cell
	labels []string
}

func (l *lots) Len() int               { return len(l.rows) }
func (l *lots) Cell(row, col int) Cell { return l.rows[row][col] }
func (l *lots) Label(row int) string   { return l.labels[row] }

var items = [][4]string{{"Cumin seed (Unjha 99%)", "जीरा", "Raw", "kg"}, {"Turmeric finger", "हल्दी गांठ", "Raw", "kg"},
	{"Garam Masala Regular", "गरम मसाला", "Bulk", "kg"}, {"Mono carton 100 g", "", "Packing", "pcs"}, {"Turmeric Powder 100 g", "", "Finished", "pcs"}}

var stages = map[string]Tone{"Raw": Raw, "Bulk": Bulk, "Packing": Packing, "Finished": Finished}

func sample(n int) *lots {
	l := &lots{}
	for i := range n {
		it := items[i%len(items)]
		day := time.Date(2026, 2, 10+i%700, 0, 0, 0, 0, time.UTC)
		date := Cell{Text: day.Format("02-Jan-2006"), After: strings.Replace(fmt.Sprintf("%d d", i%700-4), "-", "−", 1)}
		status := Cell{Text: "Released", Tone: OK}
		switch left := i%700 - 4; {
		case left < 0:
			status, date.Tone = Cell{Text: "Expired", Tone: Danger}, Danger
		case left <= 20:
			date.Tone = Danger
		case left <= 45:
			date.Tone = Warn
		}
		if i%9 == 5 {
			status = Cell{Text: "Hold", Tone: Hold}
		}
		qty := fmt.Sprintf("%d.%03d", 1+i*37%900, i*111%1000)
		if it[3] == "pcs" {
			qty = fmt.Sprint(1 + i*37%900)
		}
		lot := fmt.Sprintf("LOT-20260212-%03d", i+1)
		l.rows = append(l.rows, []Cell{{Text: lot}, {Text: it[0], After: it[1]}, {Text: it[2], Tone: stages[it[2]]},
			{Text: qty, After: it[3]}, {Text: fmt.Sprintf("%d.%02d", 1000+i%7*1234, i%100)}, date, status})
		l.labels = append(l.labels, lot+", "+it[0]+", "+qty+" "+it[3]+", "+status.Text)
	}
	return l
}

func lotTable() *Table {
	t := New("Lots", Column{Title: "Lot", Width: 163, Strong: true, Sort: true}, Column{Title: "Item", Min: 120, Sort: true},
		Column{Title: "Type", Kind: Tag, Width: 84, Drop: 1}, Column{Title: "On hand", Kind: Number, Width: 126, Aside: 38, Strong: true, Sort: true},
		Column{Title: "Value ₹", Kind: Number, Width: 102, Sort: true}, Column{Title: "Expiry", Kind: Date, Width: 190, Aside: 70, Quiet: true, Sort: true},
		Column{Title: "Status", Kind: Pill, Width: 112})
	t.SortColumn = 5
	return t
}

type bench struct {
	*uitest.UI
	table  *Table
	src    *lots
	th     *theme.Theme
	events []Event
}

func show(t testing.TB, n, w, h int) *bench {
	foot := Foot{Count: fmt.Sprint(n, " lots"), Note: "1 selected", SumLabel: "Value", Sum: "₹ 36,72,313.15"}
	b := &bench{table: lotTable(), src: sample(n), th: theme.New(theme.Options{})}
	b.UI = uitest.New(t, uitest.NewClock(time.Date(2026, 2, 14, 9, 0, 0, 0, time.UTC)), w, h, func(gtx layout.Context) layout.Dimensions {
		for {
			e, ok := b.table.Update(gtx, b.src)
			if !ok {
				break
			}
			b.events = append(b.events, e)
		}
		return b.table.Layout(gtx, b.th, b.src, foot)
	})
	return b
}

// took returns the events since the last call.
func (b *bench) took() string {
	var s []string
	for _, e := range b.events {
		switch e.Kind {
		case Selected:
			s = append(s, fmt.Sprint("select ", e.Row))
		case Opened:
			s = append(s, fmt.Sprint("open ", e.Row))
		case Peeked:
			s = append(s, fmt.Sprint("peek ", e.Row))
		case Menu:
			s = append(s, fmt.Sprint("menu ", e.Row))
		case Sorted:
			s = append(s, fmt.Sprint("sort ", b.table.Columns[e.Column].Title, " ", e.Descending))
		}
	}
	b.events = nil
	return strings.Join(s, ", ")
}

func (b *bench) sees(row int) bool { return b.Sees(b.src.labels[row]) }

func TestKeys(t *testing.T) {
	b := show(t, 100_000, 1100, 700) // 628 px of body: 17 rows
	b.table.Focus()
	b.Settle()
	for _, step := range []struct {
		name key.Name
		mod  key.Modifiers
		want string
	}{
		{key.NameDownArrow, 0, "select 0"}, {key.NameDownArrow, 0, "select 1"}, {key.NameUpArrow, 0, "select 0"}, {key.NameUpArrow, 0, ""},
		{key.NamePageDown, 0, "select 16"}, {key.NamePageDown, 0, "select 32"}, {key.NamePageUp, 0, "select 16"},
		{key.NameEnd, 0, "select 99999"}, {key.NameHome, 0, "select 0"},
		{key.NameReturn, 0, "open 0"}, {key.NameEnter, 0, "open 0"}, {key.NameSpace, 0, "peek 0"},
		{key.NameF10, key.ModShift, "menu 0"},
		{key.NameRightArrow, 0, ""}, {key.NameDownArrow, key.ModCtrl, "sort Item true"}, {key.NameUpArrow, key.ModCtrl, "sort Item false"},
		{key.NameRightArrow, 0, ""}, {key.NameUpArrow, key.ModCtrl, "sort On hand false"}, // Type cannot be sorted by
		{key.NameLeftArrow, 0, ""}, {key.NameLeftArrow, 0, ""}, {key.NameLeftArrow, 0, ""}, {key.NameDownArrow, key.ModCtrl, "sort Lot true"},
	} {
		b.Press(step.name, step.mod)
		if got := b.took(); got != step.want {
			t.Errorf("%v %v: %q, want %q", step.mod, step.name, got, step.want)
		}
		if s := b.table.Selected; s >= 0 && !b.sees(s) {
			t.Errorf("after %v row %d is not on the screen", step.name, s)
		}
	}
}

func TestTypeAhead(t *testing.T) {
	b := show(t, 1000, 1100, 700)
	b.table.Focus()
	b.Settle()
	b.Type("lot-20260212-05")
	if b.table.Selected != 49 {
		t.Errorf("row %d", b.table.Selected)
	}
	b.Type("5")
	if b.table.Selected != 54 || !b.sees(54) {
		t.Errorf("row %d", b.table.Selected)
	}
	b.Advance(2 * time.Second)
	b.Type("x")
	if b.table.Selected != 54 {
		t.Error("no row begins with x")
	}
	b.Advance(2 * time.Second)
	b.Type("lot-20260212-007")
	if b.table.Selected != 6 {
		t.Error("letters typed after a pause begin anew: row", b.table.Selected)
	}
}

func TestPointer(t *testing.T) {
	b := show(t, 1000, 1100, 700)
	b.click(3)
	if got := b.took(); got != "select 3" || !b.table.Focused() {
		t.Errorf("click: %q", got)
	}
	b.Press(key.NameDownArrow)
	if got := b.took(); got != "select 4" {
		t.Errorf("after click: %q", got)
	}
	b.DoubleClick(b.src.labels[6])
	if got := b.took(); got != "select 6, open 6" {
		t.Errorf("double click: %q", got)
	}
	b.RightClick(b.src.labels[2])
	if got := b.took(); got != "select 2, menu 2" {
		t.Errorf("right click: %q", got)
	}
	b.Click("Lot")
	b.Click("Lot")
	b.Click("Expiry")
	if got := b.took(); got != "sort Lot false, sort Lot true, sort Expiry false" {
		t.Errorf("head: %q", got)
	}
	b.Hover(b.src.labels[5])
	if !b.table.slots[5].over || b.table.slots[2].over {
		t.Error("hover")
	}
	if b.sees(40) {
		t.Fatal("row 40 is below the fold")
	}
	b.Scroll(b.src.labels[5], 36*30)
	if !b.sees(40) || b.sees(3) {
		t.Error("the wheel did not scroll")
	}
	n := b.Must(b.src.labels[40])
	if (n.Bounds.Min.Y-34)%36 != 0 {
		t.Errorf("row at %v", n.Bounds)
	}
	b.Scroll(b.src.labels[40], 1e6)
	if !b.sees(999) {
		t.Error("not at the end")
	}
	b.Scroll(b.src.labels[999], -1e6)
	b.Drag(f32.Pt(1094, 45), f32.Pt(1094, 350))
	if first := b.table.scroll.offset / 36; first < 450 || first > 550 {
		t.Errorf("bar dragged to the middle shows row %d", first)
	}
}

func (b *bench) click(row int) { b.Click(b.src.labels[row]) }

func TestSortingKeepsOwnersOrder(t *testing.T) {
	b := show(t, 50, 1100, 700)
	sort.Slice(b.src.rows, func(i, j int) bool { return i > j })
	b.table.Select(49)
	b.Settle()
	if !b.sees(49) || b.table.Selected != 49 {
		t.Error("Select does not show the row")
	}
	b.src.rows, b.src.labels = b.src.rows[:10], b.src.labels[:10]
	b.Settle()
	if b.table.Selected != 9 || b.table.scroll.offset != 0 {
		t.Errorf("after shrinking: row %d, offset %d", b.table.Selected, b.table.scroll.offset)
	}
	b.src.rows, b.src.labels = nil, nil
	b.table.Focus()
	b.Settle()
	for _, k := range []key.Name{key.NameDownArrow, key.NameEnd, key.NameReturn, key.NameSpace} {
		b.Press(k)
	}
	b.Type("a")
	if got := b.took(); got != "" {
		t.Errorf("an empty table says %q", got)
	}
}

func TestNarrowDropsColumnsThenNames(t *testing.T) {
	b := show(t, 50, 1100, 700)
	if len(b.table.shown) != 7 {
		t.Error(b.table.shown)
	}
	b.Resize(890, 700, 1)
	if len(b.table.shown) != 6 || b.table.shown[2] != 3 {
		t.Error("Type goes first:", b.table.shown)
	}
	b.Resize(1780, 1400, 2)
	if len(b.table.shown) != 6 || b.table.edges[6] != 1780 {
		t.Error("the same at twice the scale:", b.table.shown, b.table.edges)
	}
}

func TestStillFrameAllocatesNothing(t *testing.T) {
	b := show(t, 100_000, 1440, 900)
	b.click(4)
	var frame layout.Context
	b.Layout = func(gtx layout.Context) layout.Dimensions {
		frame = gtx
		return b.table.Layout(gtx, b.th, b.src, Foot{Count: "100000 lots"})
	}
	b.Frame()
	if n := testing.AllocsPerRun(50, func() {
		frame.Ops.Reset()
		b.table.Layout(frame, b.th, b.src, Foot{Count: "100000 lots"})
	}); n > 0 {
		t.Errorf("%v allocations in a still frame", n)
	}
}

func BenchmarkStill(b *testing.B) {
	ui := show(b, 100_000, 1440, 900)
	ui.click(4)
	b.ReportAllocs()
	for b.Loop() {
		ui.Frame()
	}
}

func BenchmarkScrolling(b *testing.B) {
	ui := show(b, 100_000, 1440, 900)
	b.ReportAllocs()
	for b.Loop() {
		ui.table.scroll.offset += 97
		if ui.table.scroll.offset > 36*99_000 {
			ui.table.scroll.offset = 0
		}
		ui.Frame()
	}
}
