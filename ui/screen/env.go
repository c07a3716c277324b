package screen

import (
	"context"
	"errors"
	"time"

	"gioui.org/layout"
	"gioui.org/unit"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/ui/async"
	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Env is what the shell hands to a screen. It lives as long as the login.
type Env struct {
	Caller op.Caller // carries the login; a lost login leads to the login screen by itself
	Clock  core.Clock
	Zone   *time.Location // of the factory (R41)
	User   account.User
	Theme  *theme.Theme
	Drafts *form.Drafts  // of this user on this PC
	Desk   *form.Desk    // every form that is shown is handed to its Keep
	Host   *async.Host   // for async.Value and async.Action; ends with the login
	NewKey func() string // makes request keys (R36)
	Shell  Shell
	PC     PC // the one this window is on
	// ReadFile reads a file of this PC that the user named; nil where there are none.
	ReadFile func(path string) ([]byte, error)
}

// Shell is what a screen may ask of the window around it. Its methods are called on
// the window's goroutine, except Go's work.
type Shell interface {
	// Go runs work away from the window; the function work returns, if any, runs on
	// the window's goroutine afterwards. ctx ends when the user logs out.
	Go(work func(ctx context.Context) (done func()))
	// Invalidate asks for a new frame; it may be called from anywhere.
	Invalidate()
	// Navigate opens another screen, after asking if this one is dirty.
	Navigate(Route)
	// Back returns to the screen before.
	Back()
	// Toast says something short for four seconds; an error stays until Esc.
	Toast(Toast)
	// Ask puts a question over the window.
	Ask(Question)
	// Show puts a dialog over the window until its close is called.
	Show(Dialog)
	// State is what the server last told.
	State() op.State
	// Online reports whether calls can be answered now.
	Online() bool
	// Revision is one number for async.Value: it moves when one of the topics does,
	// when the service was started anew, and when the connection came back.
	Revision(topics ...op.Topic) uint64
	// Menu lists what this user may open.
	Menu() []Entry
	// Floor reports whether the operators' shell is shown: bigger targets.
	Floor() bool
}

// IsAdmin reports whether an Admin works here.
func (e *Env) IsAdmin() bool { return e.User.Role == core.Admin }

// May reports whether the user may call the operation (courtesy only: the server
// decides).
func (e *Env) May(m op.Meta) bool { return May(e.User, m) }

// May reports whether u may call the operation.
func May(u account.User, m op.Meta) bool { return m.Perm != op.Admin || u.Role == core.Admin }

// Today is the business day of the factory (R41).
func (e *Env) Today() core.Date { return core.DateOf(e.Clock.Now(), e.Zone) }

// Toast is a short message at the bottom of the window.
type Toast struct {
	Text   string
	Error  bool
	Action *Action // "Undo" with its key, offered beside the text
}

// Answer is one button of a question.
type Answer struct {
	Label  string
	Danger bool // the step that cannot be taken back
	Do     func()
}

// Question is a modal with a sentence and buttons. The safe answer comes first: it
// has the focus and is what Esc means.
type Question struct {
	Title   string
	Text    string
	Answers []Answer
}

// Dialog is free content in a modal, above a button that closes it. One that is a
// Focuser gets the keyboard when it opens.
type Dialog interface {
	Title() string
	Width() unit.Dp
	// Layout draws what stands below the title. close takes the dialog away.
	Layout(gtx layout.Context, close func()) layout.Dimensions
}

// Decider is a Dialog whose buttons stand at its foot, in place of the one that closes
// it. The first choice is the safe one: it has the focus, unless the dialog is a Focuser,
// and is what Esc means.
type Decider interface {
	Choices() []widget.Choice
	// Choose is called with the choice that was made; close takes the dialog away.
	Choose(i int, close func())
}

// Unsaved is a Dialog with input: closing it, or the window, asks first (RESILIENCE
// 2.2).
type Unsaved interface {
	Dirty() bool
	Left() // it has been closed
}

// StaysAsDraft is what becomes of a form that is closed with changes.
const StaysAsDraft = "What you typed stays on this PC as a draft and is offered when you come back."

// Sentence is what the user reads of err: the server's own words, or that it could
// not be reached.
func Sentence(err error) string {
	var e *core.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e) && e.Ref != "":
		return e.Message + " Reference " + e.Ref + "."
	case errors.As(err, &e):
		return e.Message
	case errors.Is(err, context.Canceled):
		return ""
	}
	return "The server could not be reached. What you typed is kept. Try again in a moment."
}
