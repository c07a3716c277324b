// Package autostart starts the program when its user logs in: a Run key of the
// registry on Windows, a desktop entry on Linux.
package autostart

// Entry is one program to start at login.
type Entry struct {
	ID   string   // name of the registry value or file: "masala"
	Name string   // what the user reads: "Masala Inventory"
	Exe  string   // absolute path
	Args []string // without the exe
}

// Enabled reports whether the entry is there and nobody has switched it off in the
// system's own settings. The entry may name an exe that has moved since: Enable
// again at every start while it is on.
func (e Entry) Enabled() (bool, error) { return e.enabled() }

// Enable makes the entry or brings it up to date.
func (e Entry) Enable() error { return e.enable() }

// Disable removes the entry; it need not be there.
func (e Entry) Disable() error { return e.disable() }
