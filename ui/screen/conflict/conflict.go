// Package conflict is what the loser of two edits of one record sees: who was first
// and when, both values, and the choice between them (R35).
package conflict

import (
	"encoding/json"
	"errors"
	"time"

	"masala/core"
)

// Conflict is an edit that somebody else overtook.
type Conflict struct {
	By      string
	At      time.Time
	Version int64 // of the record as it is now
	Lines   []Line

	theirs json.RawMessage
}

// Line is one field that differs.
type Line struct{ What, Theirs, Yours string }

// Of reads the server's refusal; ok is false for any other error.
func Of(err error) (c Conflict, ok bool) {
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeConflict || e.Args["version"] == nil {
		return c, false
	}
	// The facts have crossed the wire as JSON or come from this process as values.
	facts := struct {
		By      string          `json:"updated_by"`
		At      time.Time       `json:"updated_at"`
		Version int64           `json:"version"`
		Theirs  json.RawMessage `json:"theirs"`
	}{}
	b, err := json.Marshal(e.Args)
	if err != nil || json.Unmarshal(b, &facts) != nil || facts.Version == 0 {
		return c, false
	}
	return Conflict{By: facts.By, At: facts.At, Version: facts.Version, theirs: facts.Theirs}, true
}

// Theirs reads the record as it is now into fields.
func (c *Conflict) Theirs(fields any) error { return json.Unmarshal(c.theirs, fields) }

// Compare notes a field if it differs.
func (c *Conflict) Compare(what, theirs, yours string) {
	if theirs != yours {
		c.Lines = append(c.Lines, Line{what, shown(theirs), shown(yours)})
	}
}

func shown(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// Sentences says who, when and what: "manager, 14-Feb-2026 16:02. Minimum stock:
// theirs 15.000 kg, yours 20.000 kg."
func (c *Conflict) Sentences(zone *time.Location) []string {
	by := c.By
	if by == "" {
		by = "Another user"
	}
	list := []string{by + ", " + c.At.In(zone).Format("02-Jan-2006 15:04") + "."}
	for _, l := range c.Lines {
		list = append(list, l.What+": theirs "+l.Theirs+", yours "+l.Yours+".")
	}
	return list
}
