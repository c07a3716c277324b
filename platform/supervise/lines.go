package supervise

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
)

// lines passes on what a child prints, one whole line per Write.
type lines struct {
	to   io.Writer // nil: log
	log  *slog.Logger
	rest []byte
}

// Write never fails: a full disk under the log must not stop the child.
func (l *lines) Write(b []byte) (int, error) {
	l.rest = append(l.rest, b...)
	for {
		n := bytes.IndexByte(l.rest, '\n') + 1
		if n == 0 && len(l.rest) < maxLine {
			return len(b), nil
		}
		if n == 0 {
			n = len(l.rest)
		}
		l.pass(l.rest[:n])
		l.rest = l.rest[n:]
	}
}

// flush passes on a last line without an end.
func (l *lines) flush() {
	if len(l.rest) > 0 {
		l.pass(l.rest)
		l.rest = nil
	}
}

func (l *lines) pass(line []byte) {
	text := bytes.TrimRight(line, "\r\n")
	if l.to == nil {
		l.log.Info("child says", "line", string(text))
		return
	}
	if _, err := l.to.Write(append(bytes.Clone(text), '\n')); err != nil {
		l.log.Error("output of the child could not be kept", "err", err)
	}
}

func isClosed(err error) bool { return errors.Is(err, os.ErrClosed) }
