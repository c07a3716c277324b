package screen

import (
	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core/op"
	"masala/ui/theme"
)

// Screen is one page of the window, between the header and the status line. All its
// methods run on the window's goroutine.
type Screen interface {
	// Crumbs is the breadcrumb: "Goods received", "New GRN". The last is the page.
	Crumbs() []string
	// Layout draws the screen into exactly gtx.Constraints.Max. The page's padding
	// is the screen's own affair.
	Layout(gtx layout.Context) layout.Dimensions
	// Topics are what the screen shows; when one of them moves Reload is called.
	Topics() []op.Topic
	// Reload reads what is shown again: once when the screen opens, then whenever a
	// topic moved or the connection came back. It must not touch what is typed.
	Reload()
	// Open shows another route of the same screen. It returns false to be made anew.
	Open(Route) bool
	// Dirty reports unsaved changes: leaving then asks first.
	Dirty() bool
	// Actions are what can be done here, for the palette, F1 and the keys.
	Actions() []Action
	// Close is called once when the screen is left for good.
	Close()
}

// Action is something the user can do. A disabled one is listed with its reason.
type Action struct {
	Name    string // verb + thing: "Post GRN"
	Icon    theme.Icon
	Key     Shortcut // zero: no key; the shell listens for it
	Reason  string   // why it is disabled now; "" = it can be done
	Do      func()
	Keyword string // more words the palette finds it by
}

// Shortcut is a key with its modifiers.
type Shortcut struct {
	Mods key.Modifiers
	Name key.Name
}

// String writes the shortcut as the user reads it: "Ctrl Enter".
func (s Shortcut) String() string {
	out := ""
	for _, m := range []struct {
		mod  key.Modifiers
		text string
	}{{key.ModCtrl, "Ctrl "}, {key.ModAlt, "Alt "}, {key.ModShift, "Shift "}} {
		if s.Mods.Contain(m.mod) {
			out += m.text
		}
	}
	name := string(s.Name)
	switch s.Name {
	case key.NameReturn, key.NameEnter:
		name = "Enter"
	case key.NameEscape:
		name = "Esc"
	case key.NameDeleteForward:
		name = "Del"
	case key.NameUpArrow:
		name = "↑"
	case key.NameDownArrow:
		name = "↓"
	case key.NameSpace:
		name = "Space"
	}
	return out + name
}

// Focuser is a Screen that wants the keyboard when it opens or comes back from
// under a dialog.
type Focuser interface{ Focus(gtx layout.Context) }

// Escaper is a Screen that has something of its own to close on Esc, such as a
// side panel. Escape returns false when there was nothing.
type Escaper interface{ Escape() bool }

// Aside is a Screen that may show a panel at its side. The sidebar folds while it
// does, so that the table beside it keeps its columns.
type Aside interface{ PanelOpen() bool }

// Base gives a screen the answers of one that has nothing to say.
type Base struct{}

// Topics names none.
func (Base) Topics() []op.Topic { return nil }

// Reload does nothing.
func (Base) Reload() {}

// Open asks for a new screen.
func (Base) Open(Route) bool { return false }

// Dirty is false.
func (Base) Dirty() bool { return false }

// Actions are none.
func (Base) Actions() []Action { return nil }

// Close does nothing.
func (Base) Close() {}

// Entry makes a screen known to menu, palette and keys.
type Entry struct {
	ID     ID
	Module Module
	Label  string // in the menu
	Short  string // below the icon in the operators' rail: "Receive"
	Icon   theme.Icon
	Needs  op.Meta  // least operation the user must be allowed to call
	Start  Route    // where the menu leads; its ID is filled in
	Key    Shortcut // F5, shown in menu and palette; zero for none
	Rail   bool     // in the operators' rail
	Tile   *Tile    // on the operators' home screen
	// Resumes are the kinds of draft (form.Form.Kind) that open here: the screen is
	// made with a Route whose Draft is the draft's key.
	Resumes []string
	New     func(*Env, Route) Screen
}

// Tile is a big target on the operators' home screen.
type Tile struct {
	Title string // "Receive goods"
	Note  string // "GRN, new lots"
	Stage Stage
}

// Stage chooses the colour of a tile.
type Stage int

// The stages in the order material flows.
const (
	StageRaw Stage = iota
	StageBulk
	StagePacking
	StageFinished
)
