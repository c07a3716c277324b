// Package health keeps the warnings of the running service: every banner a user
// sees is one of them, and the worst ones close the gate for writes.
package health

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"masala/core"
)

// Severity orders warnings; the worst is shown first.
type Severity int

// The severities.
const (
	Info Severity = iota
	Warn
	Error
	Fatal
)

// Warning is one condition as users read it.
type Warning struct {
	Code     string   `json:"code"` // stable: "disk.low"
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
	Admin    bool     `json:"admin,omitempty"` // only Admins can do something about it
	// Blocks is the refusal that Business writes get while the warning stands;
	// nil for a warning that stops nothing.
	Blocks *core.Error `json:"blocks,omitempty"`
}

// Registry holds the warnings that stand. Its zero value is ready.
type Registry struct {
	mu       sync.Mutex
	standing map[string]Warning
	checks   map[string]Check
	onChange func()
}

// OnChange sets the function called after every change, outside the lock.
func (r *Registry) OnChange(fn func()) { r.mu.Lock(); r.onChange = fn; r.mu.Unlock() }

// Set raises w or replaces the one with its code.
func (r *Registry) Set(w Warning) {
	r.change(func(m map[string]Warning) bool {
		old, ok := m[w.Code]
		m[w.Code] = w
		return !ok || old != w
	})
}

// Clear takes the warning with that code back.
func (r *Registry) Clear(code string) {
	r.change(func(m map[string]Warning) bool {
		_, ok := m[code]
		delete(m, code)
		return ok
	})
}

func (r *Registry) change(fn func(map[string]Warning) bool) {
	r.mu.Lock()
	if r.standing == nil {
		r.standing = map[string]Warning{}
	}
	changed, notify := fn(r.standing), r.onChange
	r.mu.Unlock()
	if changed && notify != nil {
		notify()
	}
}

// Warnings lists what stands, worst first, then by code.
func (r *Registry) Warnings() []Warning {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.SortedFunc(maps.Values(r.standing), func(a, b Warning) int {
		if a.Severity != b.Severity {
			return int(b.Severity - a.Severity)
		}
		return strings.Compare(a.Code, b.Code)
	})
}

// Gate returns the refusal of the worst warning that blocks writes, or nil.
func (r *Registry) Gate() error {
	for _, w := range r.Warnings() {
		if w.Blocks != nil {
			return w.Blocks
		}
	}
	return nil
}
