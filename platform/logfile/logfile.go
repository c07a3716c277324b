// Package logfile keeps the log in files of limited size in the data folder.
package logfile

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

// Limits of the log: about 60 MB in all.
const (
	MaxMegabytes = 10 // of one file
	MaxBackups   = 5  // older files
	MaxDays      = 90
)

// File is a log that is open. Only one process may write to a name: Windows cannot
// rename a file that another has open.
type File struct {
	*slog.Logger
	out  io.Writer
	file *lumberjack.Logger
}

// Open starts the log dir/name.log; dir must be there. With also (usually
// os.Stderr) each line goes there too; nil: only to the file.
func Open(dir, name string, level slog.Leveler, also io.Writer) (*File, error) {
	path := filepath.Join(dir, name+".log")
	// The library opens the file with the first line; a folder that refuses should be known now.
	probe, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := probe.Close(); err != nil {
		return nil, err
	}
	f := &File{file: &lumberjack.Logger{
		Filename: path, MaxSize: MaxMegabytes, MaxBackups: MaxBackups, MaxAge: MaxDays, LocalTime: true,
	}}
	f.out = f.file
	if also != nil {
		f.out = both{f.file, also}
	}
	f.Logger = slog.New(slog.NewTextHandler(f.out, &slog.HandlerOptions{Level: level}))
	return f, nil
}

// Write adds what a child process printed, whole lines only. It may be called from
// several goroutines.
func (f *File) Write(b []byte) (int, error) { return f.out.Write(b) }

// Path returns where the newest lines are.
func (f *File) Path() string { return f.file.Filename }

// Close ends the log.
func (f *File) Close() error { return f.file.Close() }

// both writes to each, so that a closed stderr or a full disk silences only one.
type both struct{ a, b io.Writer }

func (w both) Write(p []byte) (int, error) {
	_, errA := w.a.Write(p)
	_, errB := w.b.Write(p)
	if errA != nil && errB != nil {
		return 0, errors.Join(errA, errB)
	}
	return len(p), nil
}
