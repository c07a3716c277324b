package node

import (
	"os"
	"path/filepath"

	"masala/platform/autostart"
)

// AutostartEntry is how this PC starts the program when its user logs in: args are
// the common arguments, --data among them, and a server opens no window.
func AutostartEntry(args []string) (autostart.Entry, error) {
	exe, err := os.Executable()
	if err == nil {
		exe, err = filepath.EvalSymlinks(exe)
	}
	return autostart.Entry{ID: "masala", Name: "Masala Inventory", Exe: exe, Args: append([]string{"--autostart"}, args...)}, err
}

// Autostart reports whether the program starts with this PC.
func (p *PC) Autostart() (bool, error) {
	e, err := AutostartEntry(p.Args)
	if err != nil {
		return false, err
	}
	return e.Enabled()
}

// SetAutostart makes the program start with this PC, or ends that.
func (p *PC) SetAutostart(on bool) error {
	e, err := AutostartEntry(p.Args)
	if err != nil {
		return err
	}
	if on {
		return e.Enable()
	}
	return e.Disable()
}

// refreshAutostart brings the entry up to date while it is on: an update may have
// moved the program.
func (s *Supervisor) refreshAutostart() {
	e, err := AutostartEntry(s.Args)
	if err == nil {
		var on bool
		if on, err = e.Enabled(); err == nil && on {
			err = e.Enable()
		}
	}
	if err != nil {
		s.Log.Warn("autostart", "err", err)
	}
}
