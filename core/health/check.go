package health

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Check is the last run of something the service looks after by itself.
type Check struct {
	Code string    `json:"code"` // stable: "disk"
	Name string    `json:"name"` // as users read it: "Free disk space"
	At   time.Time `json:"at"`
	OK   bool      `json:"ok"`
	Busy bool      `json:"busy,omitempty"` // it runs now, since At
	Says string    `json:"says"`           // what was found
	Fix  []string  `json:"fix,omitempty"`  // commands that mend it, for an administrator of the PC
}

// Checked notes the last run of a check. Unlike a warning it wakes nobody: checks
// come every few seconds.
func (r *Registry) Checked(c Check) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.checks == nil {
		r.checks = map[string]Check{}
	}
	r.checks[c.Code] = c
}

// Checks lists the last run of every check, by name.
func (r *Registry) Checks() []Check {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.SortedFunc(maps.Values(r.checks), func(a, b Check) int { return strings.Compare(a.Name, b.Name) })
}
