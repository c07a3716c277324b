package users

import (
	"fmt"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/ui/screen"
	"masala/ui/screen/dashboard"
	"masala/ui/screen/paired"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

// Screen draws the users and the paired PCs.
type Screen struct {
	*Model
	th    *theme.Theme
	table *table.Table
	add   widget.Button
	pair  widget.Button
	pcs   *paired.View
	panel panel
}

// Entries makes the screen known.
func Entries() []screen.Entry {
	return []screen.Entry{{ID: screen.SystemUsers, Module: screen.System, Label: "Users and PCs", Icon: theme.IconUsers,
		Needs: account.ListUsers.Meta, Resumes: resumes, New: func(env *screen.Env, r screen.Route) screen.Screen {
			s := New(env)
			s.Open(r)
			return s
		}}}
}

// New makes the screen.
func New(env *screen.Env) *Screen {
	s := &Screen{Model: NewModel(env), th: env.Theme}
	s.table = table.New("Users",
		table.Column{Title: "Name", Strong: true, Min: 140},
		table.Column{Title: "User name", Width: 150},
		table.Column{Title: "Role", Kind: table.Tag, Width: 110},
		table.Column{Title: "Changed", Quiet: true, Width: 190, Drop: 1},
		table.Column{Title: "State", Kind: table.Pill, Width: 110})
	s.pcs = paired.NewView(s.PCs)
	s.panel.s = s
	s.panel.page.Axis = layout.Vertical
	return s
}

// Crumbs names the page.
func (s *Screen) Crumbs() []string {
	switch s.Panel {
	case NewUser:
		return []string{"Users and PCs", "New user"}
	case EditUser, NewPassword:
		return []string{"Users and PCs", s.Subject.Name}
	}
	return []string{"System", "Users and PCs"}
}

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return []op.Topic{account.TopicUsers, account.TopicDevices} }

// Open shows the same page.
func (s *Screen) Open(r screen.Route) bool {
	if r.Draft != "" {
		s.Find(r.Draft, s.panel.opened)
	}
	return true
}

// Close has nothing to end.
func (s *Screen) Close() {}

// Focus gives the keyboard to the table.
func (s *Screen) Focus(layout.Context) { s.table.Focus() }

// PanelOpen reports whether the side panel is open.
func (s *Screen) PanelOpen() bool { return s.Panel != NoPanel }

// Escape closes the side panel, after asking if it holds something.
func (s *Screen) Escape() bool {
	if s.Panel == NoPanel {
		return false
	}
	s.leave(s.shut)
	return true
}

func (s *Screen) shut() { s.Shut(); s.table.Focus() }

// stays says what becomes of the panel's input: passwords are in no draft.
func (s *Screen) stays() string {
	if s.Panel == EditUser {
		return screen.StaysAsDraft
	}
	return "What you typed stays on this PC as a draft, without the password."
}

// leave does what drops the panel's input, after asking.
func (s *Screen) leave(do func()) {
	if !s.Dirty() {
		do()
		return
	}
	s.env.Shell.Ask(screen.Question{Title: "You have unsaved changes. Leave anyway?", Text: s.stays(),
		Answers: []screen.Answer{{Label: "Stay"}, {Label: "Leave", Danger: true, Do: do}}})
}

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	list := []screen.Action{
		{Name: "Add user", Icon: theme.IconPlus, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "N"}, Do: s.openNew},
		s.pcs.Action(),
	}
	if s.Panel != NoPanel {
		list = append(list, screen.Action{Name: "Save", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: key.NameReturn}, Do: s.panel.save})
	}
	return list
}

func (s *Screen) openNew() { s.leave(func() { s.Add(); s.panel.opened() }) }

func (s *Screen) openUser(u account.User) { s.leave(func() { s.Change(u); s.panel.opened() }) }

// Len, Cell and Label are the table's rows.
func (s *Screen) Len() int { return len(s.Users) }

// Cell returns one place of the table.
func (s *Screen) Cell(row, col int) table.Cell {
	u := s.Users[row]
	switch col {
	case 0:
		return table.Cell{Text: u.Name}
	case 1:
		return table.Cell{Text: u.Login}
	case 2:
		if u.Role == core.Admin {
			return table.Cell{Text: roleAdmin, Tone: table.Info}
		}
		return table.Cell{Text: roleOperator, Tone: table.Neutral}
	case 3:
		return table.Cell{Text: dashboard.When(u.UpdatedAt, s.env.Today(), s.env.Zone) + " by " + u.UpdatedBy}
	}
	if u.Active {
		return table.Cell{Text: isActive, Tone: table.OK}
	}
	return table.Cell{Text: isInactive, Tone: table.Neutral}
}

// Label is a row in words.
func (s *Screen) Label(row int) string {
	u := s.Users[row]
	return fmt.Sprintf("%s, %s, %s, %s", u.Name, u.Login, roleText(u.Role), activeText(u.Active))
}

// panelWidth is the side panel's; below besideFrom it lies over the lists.
const (
	panelWidth unit.Dp = 360
	besideFrom unit.Dp = 860
)

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	if s.add.Clicked(gtx) {
		s.openNew()
	}
	if s.pair.Clicked(gtx) {
		s.PCs.Pair()
	}
	padX, padY := gtx.Dp(theme.PagePadX), gtx.Dp(theme.PagePadY)
	right := size.X
	beside := size.X >= gtx.Dp(besideFrom)
	panelW := min(gtx.Dp(panelWidth), size.X)
	if s.Panel != NoPanel && beside {
		right -= panelW
	}
	lists := gtx
	if s.Panel != NoPanel && !beside {
		lists = gtx.Disabled()
	}
	width := right - 2*padX
	widget.At(lists, padX, padY, width, gtx.Dp(36), s.layoutTop)
	top := padY + gtx.Dp(50)
	lower := min(gtx.Dp(260), (size.Y-top-padY)*2/5)
	widget.At(lists, padX, top, width, size.Y-top-padY-lower-gtx.Dp(14), s.layoutUsers)
	widget.At(lists, padX, size.Y-padY-lower, width, lower, func(gtx layout.Context) layout.Dimensions { return s.pcs.Layout(gtx, false) })
	if s.Panel != NoPanel {
		widget.At(gtx, size.X-panelW, 0, panelW, size.Y, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return s.panel.layout(gtx)
		})
	}
	return layout.Dimensions{Size: size}
}

func (s *Screen) layoutTop(gtx layout.Context) layout.Dimensions {
	th := s.th
	text := "People who may log in"
	if s.Fault != "" {
		text = s.Fault
	}
	pairKey := "Ctrl Shift P"
	if gtx.Constraints.Max.X < gtx.Dp(620) {
		pairKey = ""
	}
	return widget.Row(gtx, 8,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.T16, th.T1, text) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return s.pair.Layout(gtx, th, widget.ButtonLook{Text: "Pair a new PC", Icon: theme.IconMonitorSmartphone, Key: pairKey})
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return s.add.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Add user", Icon: theme.IconPlus, Key: "Ctrl N"})
		}))
}

func (s *Screen) layoutUsers(gtx layout.Context) layout.Dimensions {
	for {
		e, ok := s.table.Update(gtx, s)
		if !ok {
			break
		}
		if e.Kind == table.Opened || e.Kind == table.Peeked {
			s.openUser(s.Users[e.Row])
		}
	}
	gtx.Constraints.Min = gtx.Constraints.Max
	s.table.Stale = !s.env.Shell.Online()
	return s.table.Layout(gtx, s.th, s, table.Foot{Count: dashboard.Count(len(s.Users), "user"), Note: "Enter edits"})
}
