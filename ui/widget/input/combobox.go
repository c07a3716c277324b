package input

import (
	"image"
	"strings"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Combobox is a field with a list that narrows as one types. The list opens on
// typing, F4 or the chevron; Enter and Tab take the row that is marked and go on; a
// scanner's text with Enter takes the record of that very code. Where the answer to
// the search is not there yet, they go on at once and the record is taken when it
// comes (form.Field.Taking).
type Combobox struct {
	line
	Search    Search
	Create    string          // "item" offers "Create item “ca”" as the last row; "" none
	ListWidth unit.Dp         // 0: as wide as the field, at least 420
	Room      image.Rectangle // the window, in the field's coordinates; empty: no bounds

	inGrid  bool // up and down belong to the grid while the list is closed
	sheet   sheet
	found   Found
	active  int // row marked
	list    giowidget.List
	rows    []*hit
	chevron *hit
}

// Open reports whether the list is shown.
func (c *Combobox) Open() bool { return c.sheet.open }

// Update returns what the user did, one thing at a time.
func (c *Combobox) Update(gtx layout.Context, f *form.Field) (Event, bool) {
	c.follow(f.Text)
	c.sheet.update(gtx)
	var asks []key.Filter
	if c.sheet.open || !c.inGrid {
		asks = append(asks, keys(key.NameDownArrow, key.NameUpArrow)...)
	}
	if c.sheet.open {
		asks = append(append(asks, keys(key.NameEscape, key.NameTab)...), key.Filter{Name: "N", Required: key.ModCtrl})
	}
	c.listen(c.wants, asks...)
	before := len(c.events)
	c.read(gtx, f, func(text string) {
		f.Set(text)
		c.sheet.open, c.active = strings.TrimSpace(text) != "", 0
	}, func(k key.Event) { c.struck(f, k) }, func() { c.enter(f) })
	for _, e := range c.events[before:] {
		if e.Kind == Left {
			c.sheet.open = false
		}
	}
	c.pointer(gtx, f)
	if c.sheet.open {
		c.find(f)
	}
	if f.Taking != "" && !c.inGrid {
		if o, ok, done := resolve(f, c.Search); ok {
			c.events = append(c.events, Event{Kind: Taken, Option: o})
		} else if done {
			c.emit(Changed)
		}
	}
	c.follow(f.Text)
	return c.next()
}

// wants reports whether a key is for the list.
func (c *Combobox) wants(k key.Event) bool {
	switch {
	case plain(k, key.NameF4):
		return true
	case !c.sheet.open:
		return !c.inGrid && plain(k, key.NameDownArrow, key.NameUpArrow)
	case c.Create != "" && k.Name == "N" && k.Modifiers == key.ModCtrl:
		return true
	}
	return plain(k, key.NameDownArrow, key.NameUpArrow, key.NamePageDown, key.NamePageUp, key.NameReturn, key.NameEnter, key.NameTab, key.NameEscape)
}

// enter is Enter while the list is closed by Esc or was never open.
func (c *Combobox) enter(f *form.Field) {
	if f.Key == "" && c.Search != nil && strings.TrimSpace(f.Text) != "" {
		c.find(f)
		if c.found.Loading {
			c.later(f)
			return
		}
		if o, ok := exact(c.found.Options, strings.TrimSpace(f.Text)); ok {
			c.taken(f, o)
			return
		}
	}
	c.emit(Submitted)
}

// later goes on without the answer, which takes itself when it comes.
func (c *Combobox) later(f *form.Field) {
	f.Taking = c.query(f)
	c.sheet.open = false
	c.emit(Submitted)
}

// find asks for the options. With a record chosen the list shows all, not only that
// one.
func (c *Combobox) find(f *form.Field) {
	if c.Search != nil {
		c.found = c.Search(c.query(f))
	}
	c.active = min(c.active, max(c.last(f), 0))
}

func (c *Combobox) query(f *form.Field) string {
	if f.Key != "" {
		return ""
	}
	return strings.TrimSpace(f.Text)
}

// last is the last row, the one to create included; -1 for none.
func (c *Combobox) last(f *form.Field) int {
	n := len(c.found.Options)
	if c.Create == "" || c.query(f) == "" {
		n--
	}
	return n
}

func (c *Combobox) show() {
	c.sheet.open, c.active = true, 0
	c.list.ScrollTo(0)
}

func (c *Combobox) struck(f *form.Field, k key.Event) {
	switch k.Name {
	case key.NameF4:
		if c.sheet.open {
			c.sheet.open = false
		} else {
			c.show()
		}
	case key.NameEscape:
		c.sheet.open = false
	case key.NameDownArrow, key.NameUpArrow, key.NamePageDown, key.NamePageUp:
		if !c.sheet.open {
			c.show()
			return
		}
		c.find(f)
		step := map[key.Name]int{key.NameDownArrow: 1, key.NameUpArrow: -1, key.NamePageDown: 7, key.NamePageUp: -7}[k.Name]
		c.active = max(min(c.active+step, c.last(f)), 0)
		c.list.ScrollTo(max(0, c.active-maxRows/2))
	case "N":
		c.create(f)
	default:
		c.find(f)
		c.take(f)
	}
}

// take takes the row that is marked, or the record of the very code typed.
func (c *Combobox) take(f *form.Field) {
	moved := c.active > 0 // who moved the mark means the mark
	if o, ok := exact(c.found.Options, c.query(f)); ok && !moved {
		c.taken(f, o)
	} else if c.found.Loading && !moved && c.query(f) != "" {
		c.later(f) // the first row may be one of an older text
	} else if c.active < len(c.found.Options) {
		c.taken(f, c.found.Options[c.active])
	} else if c.Create != "" && c.query(f) != "" {
		c.create(f)
	} else {
		f.Leave() // says to choose one
		c.sheet.open = false
	}
}

func (c *Combobox) taken(f *form.Field, o Option) {
	c.events = append(c.events, Event{Kind: Taken, Option: c.choose(f, o)})
	c.emit(Submitted)
}

func (c *Combobox) choose(f *form.Field, o Option) Option {
	f.Choose(o.Key, o.Name, o.Aside)
	c.sheet.open = false
	return o
}

func (c *Combobox) create(f *form.Field) {
	c.sheet.open = false
	c.events = append(c.events, Event{Kind: Create, Text: c.query(f)})
}

func (c *Combobox) pointer(gtx layout.Context, f *form.Field) {
	if c.chevron == nil {
		c.chevron = newHit()
	}
	for _, ok := c.chevron.pressed(gtx); ok; _, ok = c.chevron.pressed(gtx) {
		c.Focus()
		if c.sheet.open {
			c.sheet.open = false
		} else {
			c.show()
		}
	}
	for i, h := range c.rows {
		for _, ok := h.pressed(gtx); ok; _, ok = h.pressed(gtx) {
			if i < len(c.found.Options) {
				c.taken(f, c.found.Options[i])
			} else {
				c.create(f)
			}
		}
	}
}

// Layout draws the field and, above everything that follows, the list.
func (c *Combobox) Layout(gtx layout.Context, th *theme.Theme, f *form.Field, l widget.FieldLook) layout.Dimensions {
	c.follow(f.Text)
	if f.Taking != "" && l.Hint == "" {
		l.Hint = taking(f)
	}
	l.Icon = theme.IconChevronDown
	d := c.field.Layout(gtx, th, l)
	r := box(gtx, l, d.Size.X)
	if !l.ReadOnly && !l.Disabled && c.chevron != nil && (!c.inGrid || c.Focused()) {
		c.chevron.area(gtx, image.Rect(r.Max.X-gtx.Dp(34), r.Min.Y, r.Max.X, r.Max.Y), "Open list, "+name(f, l), false)
	}
	width := max(gtx.Dp(c.ListWidth), r.Dx())
	if c.ListWidth == 0 {
		width = max(r.Dx(), gtx.Dp(420))
	}
	c.sheet.hang(gtx, th, r, c.Room, width, func(gtx layout.Context) layout.Dimensions { return c.options(gtx, th, f) })
	return d
}
