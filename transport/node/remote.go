package node

import (
	"context"
	"time"

	"masala/core"
	"masala/platform/paths"
	"masala/transport/client"
	"masala/ui/screen"
)

// Dial opens a line for a command: to the service of this folder if one runs, else
// to the server this PC is paired with, and waits until it is up. Close it by ending
// the context given to Run.
func Dial(ctx context.Context, o LineOptions, patience time.Duration) (*Line, error) {
	setup, err := o.Setup.Read()
	if err != nil {
		return nil, err
	}
	o.Local = runningHere(o.Setup.Folder, setup.Role)
	if o.Local == "" && setup.Server == (client.Known{}) {
		return nil, core.Errorf(core.CodeUnavailable, "No server runs on this PC, and it is paired with none. Start one with \"masala serve\", or pair this PC with \"masala pair ADDRESS CODE\".")
	}
	l, err := NewLine(o)
	if err != nil {
		return nil, err
	}
	go l.Run(ctx)
	return l, l.wait(ctx, patience)
}

func runningHere(f paths.Folder, role screen.Role) paths.Folder {
	for _, folder := range []paths.Folder{DataFolder(f, role), f} {
		if _, err := ReadRuntime(folder); err == nil {
			return folder
		}
	}
	return ""
}

// wait returns nil once the line is up, the refusal if the server refuses, and an
// error after patience.
func (l *Line) wait(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var refused error
	l.Client.Watch(ctx, func(s client.Status) {
		switch {
		case s.Up():
			cancel()
		case s.State == client.Refused:
			refused = core.Errorf(core.CodeForbidden, "%s", s.Message)
			cancel()
		}
	})
	if refused != nil || l.Client.Status().Up() {
		return refused
	}
	return core.Errorf(core.CodeUnavailable, client.SearchText)
}
