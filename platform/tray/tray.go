// Package tray shows the server's icon beside the clock, so that closing the
// window does not leave the user without a way back (RESILIENCE.md 1.1).
package tray

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"fyne.io/systray"
)

// The menu (RESILIENCE.md 1.1).
const (
	OpenDashboard = "Open Dashboard"
	ExitServer    = "Exit Server"
)

// ErrNoTray means that this session has no tray. The program goes on without: a
// second start brings the window back.
var ErrNoTray = errors.New("no tray in this session")

// patience is how long the system may take to show or remove the icon.
const patience = 5 * time.Second

// Config is what the tray shows and does.
type Config struct {
	Icon    []byte // PNG, 32x32 or 64x64
	Title   string
	Tooltip string

	// Open and Exit are called one at a time each, on their own goroutine; further
	// clicks meanwhile are dropped.
	Open func()
	Exit func()
}

// Tray is the icon. The library behind it is one per process, for its whole life:
// Start works once.
type Tray struct {
	log  *slog.Logger
	host host
	over chan struct{} // closed when the icon is gone
}

// host is what the system's tray needs besides the library.
type host interface {
	visible() bool
	started() error // the library's icon is there
	notify(title, text string) error
	close() error
}

var used atomic.Bool // guards the library's own globals

// Start shows the icon. The error wraps ErrNoTray where there is no tray.
func Start(c Config, log *slog.Logger) (*Tray, error) {
	picture, err := png.Decode(bytes.NewReader(c.Icon))
	if err != nil {
		return nil, fmt.Errorf("tray icon: %w", err)
	}
	h, err := openHost()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTray, err)
	}
	if used.Swap(true) {
		return nil, errors.Join(errors.New("the tray was started before in this process"), h.close())
	}
	t := &Tray{log: log, host: h, over: make(chan struct{})}
	ready := make(chan struct{})
	go t.run(func() {
		systray.SetIcon(icon(c.Icon, picture))
		systray.SetTitle(c.Title)
		systray.SetTooltip(c.Tooltip)
		open := systray.AddMenuItem(OpenDashboard, "")
		systray.AddSeparator()
		exit := systray.AddMenuItem(ExitServer, "")
		tapped := make(chan struct{}, 1)
		systray.SetOnTapped(func() { // on the message loop: must not wait
			select {
			case tapped <- struct{}{}:
			default:
			}
		})
		go t.onClick(c.Open, open.ClickedCh, tapped)
		go t.onClick(c.Exit, exit.ClickedCh, nil)
		close(ready)
	})
	select {
	case <-ready:
		if err := h.started(); err != nil {
			log.Warn("tray and the end of the session", "err", err)
		}
		return t, nil
	case <-t.over:
	case <-time.After(patience):
	}
	return nil, errors.Join(fmt.Errorf("%w: the system did not take the icon", ErrNoTray), h.close())
}

// run stays on one thread: the window behind the icon and its messages belong to
// it. The library panics when the session bus dies under it; the supervisor must
// not die of that.
func (t *Tray) run(ready func()) {
	defer close(t.over)
	defer func() {
		if p := recover(); p != nil {
			t.log.Error("tray failed", "panic", p)
		}
	}()
	runtime.LockOSThread()
	systray.Run(ready, nil)
}

func (t *Tray) onClick(do func(), clicked, tapped <-chan struct{}) {
	for {
		select {
		case <-clicked:
		case <-tapped:
		case <-t.over:
			return
		}
		do()
	}
}

// SetTooltip changes what is read when the mouse rests on the icon.
func (t *Tray) SetTooltip(text string) { systray.SetTooltip(text) }

// Visible reports whether there is a tray to show the icon now. On Linux the
// desktop's tray may come later than the program, or never.
func (t *Tray) Visible() bool { return t.host.visible() }

// Notify shows a short message near the icon.
func (t *Tray) Notify(title, text string) error { return t.host.notify(title, text) }

// Close removes the icon.
func (t *Tray) Close() error {
	systray.Quit()
	select {
	case <-t.over:
	case <-time.After(patience):
		t.log.Warn("tray icon did not go away")
	}
	return t.host.close()
}
