package grn

import (
	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core"
	"masala/core/catalog"
	coreop "masala/core/op"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	"masala/ui/screen"
	"masala/ui/theme"
)

// Entries make goods receipt known to menu, palette and keys.
func Entries() []screen.Entry {
	return []screen.Entry{{
		ID: screen.GRN, Module: screen.Procurement, Label: "Goods received", Short: "Receive", Icon: theme.IconPackageOpen,
		Needs: purchase.PostGRN.Meta, Start: screen.Route{New: true}, Key: screen.Shortcut{Name: key.NameF5}, Rail: true,
		Tile:    &screen.Tile{Title: "Receive goods", Note: "GRN, new lots", Stage: screen.StageRaw},
		Resumes: []string{purchase.PostGRN.Name, reversalKind},
		New:     func(env *screen.Env, r screen.Route) screen.Screen { return New(env, r) },
	}}
}

// Screen is the page: the entry of a delivery, or the list of what was received.
type Screen struct {
	env   *screen.Env
	entry *entry
	list  *list
	shown bool // the list, not the entry
}

// New makes the page as the route asks for it.
func New(env *screen.Env, r screen.Route) *Screen {
	s := &Screen{env: env}
	s.entry = newEntry(env, s.showList, s.showGRN)
	s.list = newList(env, s.showEntry)
	s.Open(r)
	return s
}

// Open shows another route: a GRN, a draft, a new entry or the list.
func (s *Screen) Open(r screen.Route) bool {
	switch {
	case r.Document != 0:
		s.showGRN(r.Document)
	case r.Draft != "" || r.New:
		s.shown = false
		s.entry.model.Look(r.Draft)
		if r.Draft != "" {
			s.list.model.Find(r.Draft, s.showList)
		}
		s.entry.start()
	default:
		s.showList()
	}
	return true
}

func (s *Screen) showEntry() {
	s.shown = false
	s.entry.start()
	s.env.Shell.Invalidate()
}

func (s *Screen) showList() {
	s.shown = true
	s.list.model.Reload()
	s.env.Shell.Invalidate()
}

func (s *Screen) showGRN(id core.DocumentID) {
	s.list.model.Show(id)
	s.showList()
}

// Crumbs is the way here.
func (s *Screen) Crumbs() []string {
	if s.shown {
		return []string{"Procurement", "Goods received"}
	}
	return []string{"Goods received", "New GRN"}
}

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	inset := layout.Inset{Left: theme.PagePadX, Right: theme.PagePadX, Top: theme.PagePadY, Bottom: theme.S20}
	if s.shown {
		inset = layout.Inset{Left: theme.S16, Right: theme.S16, Top: theme.S12, Bottom: theme.S16}
	} else if gtx.Constraints.Max.X < gtx.Dp(1000) {
		inset = layout.Inset{Left: theme.S16, Right: theme.S16, Top: theme.S12, Bottom: theme.S12}
	}
	return inset.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		if s.shown {
			return s.list.layout(gtx)
		}
		return s.entry.layout(gtx)
	})
}

// Topics are what the page shows.
func (s *Screen) Topics() []coreop.Topic {
	return []coreop.Topic{catalog.Topic, party.Topic, stock.Topic, stock.TopicDocuments, system.TopicSettings}
}

// Reload reads what is shown again; what is typed stays.
func (s *Screen) Reload() {
	s.entry.model.Reload()
	if s.shown {
		s.list.model.Reload()
	}
}

// Dirty reports an entry that was begun.
func (s *Screen) Dirty() bool {
	r := s.list.model.Reversal
	return s.entry.model.Form.Dirty() || s.entry.model.Busy || r != nil && r.Dirty()
}

// Focus gives the keyboard to where the user was.
func (s *Screen) Focus(gtx layout.Context) {
	if s.shown {
		s.list.focus()
	} else {
		s.entry.refocus()
	}
}

// Escape closes the panel of the list, or an entry that was not begun.
func (s *Screen) Escape() bool {
	if s.shown {
		return s.list.escape()
	}
	if s.Dirty() {
		return false
	}
	s.showList()
	return true
}

// Close keeps the draft and ends what is being read.
func (s *Screen) Close() {
	s.entry.model.Close()
}

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	if s.shown {
		return s.list.actions()
	}
	return s.entry.actions()
}

// The page wants the keyboard and has something to close.
var (
	_ screen.Focuser = (*Screen)(nil)
	_ screen.Escaper = (*Screen)(nil)
)
