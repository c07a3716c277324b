package node

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"masala/core"
	"masala/core/system"
)

// logs is the folder of the server's logs.
type logs struct{ folder string }

// list names the logs, newest first.
func (l logs) list() []system.LogFile {
	list := []system.LogFile{}
	entries, err := os.ReadDir(l.folder)
	if err != nil {
		return list
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && strings.HasSuffix(e.Name(), ".log") {
			list = append(list, system.LogFile{Name: e.Name(), Size: info.Size(), At: info.ModTime()})
		}
	}
	slices.SortFunc(list, func(a, b system.LogFile) int { return b.At.Compare(a.At) })
	return list
}

// Reading a log: in pieces from its end, and not for ever when few lines are wanted
// of many.
const (
	logPiece = 64 << 10
	logScan  = 4 << 20
)

// read pages through a log, newest line first. A file that is written to grows at
// its end only, so that the place in it stays right.
func (l logs) read(q system.ReadLogReq) (resp system.ReadLogResp, err error) {
	resp.Lines = []system.LogLine{}
	if !slices.ContainsFunc(l.list(), func(f system.LogFile) bool { return f.Name == q.File }) {
		return resp, core.Errorf(core.CodeNotFound, "There is no log %s.", q.File)
	}
	f, err := os.Open(filepath.Join(l.folder, q.File))
	if err != nil {
		return resp, err
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return resp, err
	}
	if q.Before > 0 {
		end = min(end, q.Before)
	}
	limit := q.Limit
	if limit == 0 {
		limit = 200
	}
	for stop := max(end-logScan, 0); end > stop; {
		piece := make([]byte, min(end, logPiece))
		if _, err := f.ReadAt(piece, end-int64(len(piece))); err != nil && !errors.Is(err, io.EOF) {
			return resp, err
		}
		begun := end == int64(len(piece))
		for len(piece) > 0 {
			cut := strings.LastIndexByte(strings.TrimSuffix(string(piece), "\n"), '\n') + 1
			if cut == 0 && !begun && len(piece) < logPiece {
				break // its beginning is in the piece before
			}
			text := strings.TrimRight(string(piece[cut:]), "\r\n")
			end -= int64(len(piece) - cut)
			piece = piece[:cut]
			if line := parseLog(text); text != "" && line.Level.AtLeast(q.Least) {
				resp.Lines = append(resp.Lines, line)
			}
			if len(resp.Lines) == limit {
				resp.Next = end
				return resp, nil
			}
		}
	}
	resp.Next = end
	return resp, nil
}

// parseLog reads a line of slog's text form.
func parseLog(text string) (line system.LogLine) {
	rest := text
	for {
		name, value, after, ok := logField(rest)
		if !ok {
			break
		}
		switch name {
		case "time":
			at, err := time.Parse(time.RFC3339Nano, value)
			if err != nil {
				return system.LogLine{Text: text}
			}
			line.At = at
		case "level":
			line.Level = system.Level(value)
		case "msg":
			line.Text, line.Detail = value, strings.TrimSpace(after)
			if line.At.IsZero() || line.Level == "" {
				return system.LogLine{Text: text}
			}
			return line
		default:
			return system.LogLine{Text: text}
		}
		rest = after
	}
	return system.LogLine{Text: text}
}

// logField cuts name=value off the front; the value may be quoted.
func logField(s string) (name, value, rest string, ok bool) {
	name, s, ok = strings.Cut(s, "=")
	if !ok {
		return "", "", "", false
	}
	if quoted, err := strconv.QuotedPrefix(s); err == nil {
		value, err = strconv.Unquote(quoted)
		return name, value, strings.TrimPrefix(s[len(quoted):], " "), err == nil
	}
	value, rest, _ = strings.Cut(s, " ")
	return name, value, rest, true
}
