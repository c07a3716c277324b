// Package paired is the list of the PCs that may connect, and the code with which a
// new one joins them. It is part of several pages.
package paired

import (
	"context"
	"slices"
	"time"

	"masala/core/account"
	"masala/core/health"
	"masala/core/system"
	"masala/ui/screen"
)

// Model is the list without its looks.
type Model struct {
	Devices   []account.Device // that may connect, newest first
	Connected []string         // names of those that are; set by the page
	Loaded    bool
	// Pairing is the code shown for a new PC, nil when none is.
	Pairing *account.OpenPairingResp

	// Ways are the checks of whether other PCs can reach the server, as it last told
	// them while a code is shown.
	Ways []health.Check

	env    *screen.Env
	asking bool
	read   time.Time // when Ways were asked for
}

// NewModel makes an empty list; Reload reads it.
func NewModel(env *screen.Env) *Model { return &Model{env: env} }

// Reload reads the list; said gets the sentence of a failure, or "".
func (m *Model) Reload(said func(fault string)) {
	m.env.Shell.Go(func(ctx context.Context) func() {
		d, err := account.ListDevices.Call(ctx, m.env.Caller, "", account.ListDevicesReq{})
		return func() {
			said(screen.Sentence(err))
			if err == nil {
				m.Devices, m.Loaded = trusted(d.Devices), true
			}
		}
	})
}

func trusted(all []account.Device) []account.Device {
	return slices.DeleteFunc(slices.Clone(all), func(d account.Device) bool { return d.RevokedAt != nil })
}

// Online reports whether a PC of that name is connected now.
func (m *Model) Online(d account.Device) bool { return slices.Contains(m.Connected, d.Name) }

// AskRevoke asks before it takes the trust back from a PC.
func (m *Model) AskRevoke(d account.Device) {
	m.env.Shell.Ask(screen.Question{Title: "Take the trust back from " + d.Name + "?", Text: "It is disconnected at once and needs a new pairing code to come back.",
		Answers: []screen.Answer{{Label: "Keep it"}, {Label: "Take trust back", Danger: true, Do: func() { m.Revoke(d) }}}})
}

// Revoke takes the trust back from a PC.
func (m *Model) Revoke(d account.Device) {
	key := m.env.NewKey()
	m.env.Shell.Go(func(ctx context.Context) func() {
		_, err := account.RevokeDevice.Call(ctx, m.env.Caller, key, account.RevokeDeviceReq{ID: d.ID})
		return func() {
			if err != nil {
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				return
			}
			m.env.Shell.Toast(screen.Toast{Text: d.Name + " can no longer connect"})
			m.Reload(func(string) {})
		}
	})
}

// Pair asks for a pairing code and shows it.
func (m *Model) Pair() {
	if m.asking {
		return
	}
	m.asking = true
	m.env.Shell.Go(func(ctx context.Context) func() {
		r, err := account.OpenPairing.Call(ctx, m.env.Caller, "", account.OpenPairingReq{})
		return func() {
			m.asking = false
			if err != nil {
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				return
			}
			m.Pairing, m.Ways, m.read = &r, nil, time.Time{}
			m.Look()
			m.env.Shell.Show(&code{m: m})
		}
	})
}

// lookEvery is how often the checks are read while a code is shown.
const lookEvery = 5 * time.Second

// Look reads whether other PCs can reach the server, unless it has just done so.
func (m *Model) Look() {
	if now := m.env.Clock.Now(); now.Sub(m.read) < lookEvery {
		return
	} else {
		m.read = now
	}
	m.env.Shell.Go(func(ctx context.Context) func() {
		h, err := system.GetHealth.Call(ctx, m.env.Caller, "", system.GetHealthReq{})
		return func() {
			if err == nil {
				m.Ways = slices.DeleteFunc(h.Checks, func(c health.Check) bool {
					return !slices.Contains([]string{"port", "addresses", "firewall", "others", "pairing"}, c.Code)
				})
			}
		}
	})
}

// Way finds a check by its code.
func (m *Model) Way(code string) (health.Check, bool) {
	i := slices.IndexFunc(m.Ways, func(c health.Check) bool { return c.Code == code })
	if i < 0 {
		return health.Check{}, false
	}
	return m.Ways[i], true
}

// Left is how long the pairing code still works; zero when it has run out.
func (m *Model) Left() time.Duration {
	if m.Pairing == nil {
		return 0
	}
	return max(m.Pairing.Expires.Sub(m.env.Clock.Now()), 0).Round(time.Second)
}
