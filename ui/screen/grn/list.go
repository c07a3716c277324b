package grn

import (
	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
	"masala/ui/widget/table"
)

// list draws the goods received before, with the details of one of them.
type list struct {
	env   *screen.Env
	th    *theme.Theme
	model *Received

	search  widget.Field
	add     widget.Button
	retry   widget.Button
	table   *table.Table
	frame   panel.Frame
	reverse widget.Button
	reason  input.Text
	keep    widget.Button
	confirm widget.Button
	wants   bool // the table shall have the keyboard
	create  func()
}

func newList(env *screen.Env, create func()) *list {
	l := &list{env: env, th: env.Theme, model: NewReceived(env), create: create}
	l.table = table.New("Goods received",
		table.Column{Title: "GRN no.", Width: 176, Strong: true},
		table.Column{Title: "Received on", Width: 116},
		table.Column{Title: "Supplier", Min: 150},
		table.Column{Title: "Lines", Kind: table.Number, Width: 70},
		table.Column{Title: "Quantity", Kind: table.Number, Width: 150, Strong: true, Aside: 34},
		table.Column{Title: "By", Width: 104, Quiet: true, Drop: 2},
		table.Column{Title: "Posted", Width: 132, Quiet: true, Drop: 3},
		table.Column{Title: "Status", Kind: table.Pill, Width: 112},
	)
	return l
}

// Len, Cell and Label make the list the table's source.
func (l *list) Len() int { return len(l.model.List.Rows) }

// Cell writes one cell.
func (l *list) Cell(row, col int) table.Cell {
	if col == 0 {
		l.model.List.Shown(row)
	}
	d := &l.model.List.Rows[row]
	switch col {
	case 0:
		return table.Cell{Text: d.Number}
	case 1:
		return table.Cell{Text: d.EffectiveOn.String()}
	case 2:
		return table.Cell{Text: d.Party}
	case 3:
		return table.Cell{Text: core.Qty(d.Lines).Number(core.Count)}
	case 4:
		return quantity(d)
	case 5:
		return table.Cell{Text: d.User}
	case 6:
		return table.Cell{Text: d.PostedAt.In(l.env.Zone).Format("02-Jan, 15:04")}
	}
	if d.ReversedBy != "" {
		return table.Cell{Text: "Cancelled", Tone: table.Neutral}
	}
	return table.Cell{Text: "Posted", Tone: table.OK}
}

func quantity(d *stock.DocumentRow) table.Cell {
	if d.Mass == 0 && d.Pieces != 0 {
		return table.Cell{Text: d.Pieces.Number(core.Count), After: "pcs"}
	}
	return table.Cell{Text: d.Mass.Number(core.Mass), After: "kg"}
}

// Label is a row as it is read out.
func (l *list) Label(row int) string {
	d := &l.model.List.Rows[row]
	return d.Number + ", " + d.Party
}

func (l *list) focus() { l.wants = true }

func (l *list) escape() bool {
	switch {
	case l.model.Open == 0:
		return false
	case l.model.Reversal != nil:
		l.model.KeepIt()
		return true
	}
	l.model.Show(0)
	l.focus()
	return true
}

func (l *list) update(gtx layout.Context) {
	m := l.model
	for ev, ok := l.table.Update(gtx, l); ok; ev, ok = l.table.Update(gtx, l) {
		switch ev.Kind {
		case table.Opened, table.Peeked:
			if ev.Kind == table.Peeked && m.Open == m.List.Rows[ev.Row].ID {
				m.Show(0)
				continue
			}
			m.Show(m.List.Rows[ev.Row].ID)
		case table.Selected:
			if m.Open != 0 {
				m.Show(m.List.Rows[ev.Row].ID)
			}
		}
	}
	for ev, ok := l.search.Update(gtx); ok; ev, ok = l.search.Update(gtx) {
		switch ev {
		case widget.Changed:
			m.Search(l.search.Text())
		case widget.Submitted:
			l.focus()
		}
	}
	if l.add.Clicked(gtx) {
		l.create()
	}
	if l.retry.Clicked(gtx) {
		m.List.Retry()
	}
	if l.frame.Shut.Clicked(gtx) {
		l.escape()
	}
	if l.reverse.Clicked(gtx) {
		l.askReverse()
	}
	if m.Reversal != nil {
		for ev, ok := l.reason.Update(gtx, m.Reason); ok; ev, ok = l.reason.Update(gtx, m.Reason) {
			if ev.Kind == input.Submitted {
				l.confirm.Focus()
			}
		}
		if l.keep.Clicked(gtx) {
			m.KeepIt()
		}
		if l.confirm.Clicked(gtx) && m.ConfirmReverse() != nil {
			l.reason.Focus()
		}
	}
	l.follow()
}

// follow keeps the table's selection on the open GRN when rows came or went.
func (l *list) follow() {
	if l.model.Open == 0 {
		return
	}
	for i := range l.model.List.Rows {
		if l.model.List.Rows[i].ID == l.model.Open {
			if l.table.Selected != i {
				l.table.Selected = i
			}
			return
		}
	}
}

func (l *list) askReverse() {
	l.model.AskReverse()
	if l.model.Reversal != nil {
		l.reason.Focus()
	}
}

func (l *list) actions() []screen.Action {
	list := []screen.Action{
		{Name: "New GRN", Icon: theme.IconPlus, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "N"}, Do: l.create},
		{Name: "Find", Icon: theme.IconSearch, Key: screen.Shortcut{Name: key.NameF3}, Do: l.search.Focus},
	}
	if l.env.May(stock.ReverseDocument.Meta) {
		a := screen.Action{Name: "Cancel this GRN", Icon: theme.IconUndo2, Do: l.askReverse, Keyword: "reverse"}
		if !l.model.MayReverse() {
			a.Reason = "Open a GRN that is not cancelled first."
		}
		list = append(list, a)
	}
	return list
}
