package system

import (
	"time"

	"masala/core"
)

// LogFile is one file of the server's log.
type LogFile struct {
	Name string    `json:"name"` // without folder
	Size int64     `json:"size"` // bytes
	At   time.Time `json:"at"`   // last written
}

// Level is how grave a line of the log is.
type Level string

// The levels.
const (
	LevelInfo  Level = "INFO"
	LevelWarn  Level = "WARN"
	LevelError Level = "ERROR"
)

// AtLeast reports whether l is as grave as least; lines of no level are details of
// the line before and never left out.
func (l Level) AtLeast(least Level) bool {
	rank := map[Level]int{LevelInfo: 1, LevelWarn: 2, LevelError: 3}
	return l == "" || rank[l] >= rank[least]
}

// LogLine is one line of a log. One that is not of the logger's form, such as the
// trace of a crash, has only a Text.
type LogLine struct {
	At     time.Time `json:"at,omitzero"`
	Level  Level     `json:"level,omitempty"`
	Text   string    `json:"text"`
	Detail string    `json:"detail,omitempty"` // name=value of what belongs to it
}

// ReadLogReq asks for lines before a place in a file.
type ReadLogReq struct {
	File   string `json:"file"`
	Before int64  `json:"before,omitempty"` // Next of the page before; 0 = from the end
	Least  Level  `json:"least,omitempty"`  // "" = all
	Limit  int    `json:"limit,omitempty"`  // lines; 0 = 200
}

// MaxLogLines is the longest page.
const MaxLogLines = 500

// Validate checks the request.
func (q *ReadLogReq) Validate() error {
	var bad core.Faults
	bad.Check(q.File != "", "file", "Choose a log.")
	bad.Fit("file", q.File, core.MaxName)
	bad.Check(q.Before >= 0, "before", "The place in the log lies before its beginning.")
	bad.Check(q.Limit >= 0 && q.Limit <= MaxLogLines, "limit", "A page has up to 500 lines.")
	bad.Check(q.Least == "" || q.Least == LevelInfo || q.Least == LevelWarn || q.Least == LevelError, "least", "Choose INFO, WARN or ERROR.")
	return bad.Err()
}

// ReadLogResp is a page, newest line first. Next is 0 at the beginning of the file.
type ReadLogResp struct {
	Lines []LogLine `json:"lines"`
	Next  int64     `json:"next,omitempty"`
}
