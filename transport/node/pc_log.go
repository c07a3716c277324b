package node

import (
	"path/filepath"

	"masala/core/system"
	"masala/ui/screen"
)

var _ screen.Logger = (*PC)(nil)

// LogTail reads the newest lines of the log of the service on this PC: the window can
// show them while the service has no books to ask for a login.
func (p *PC) LogTail() (path string, lines []system.LogLine, err error) {
	const file = "service.log"
	l := logs{DataFolder(p.Setup.Folder, p.Role()).Logs()}
	r, err := l.read(system.ReadLogReq{File: file})
	return filepath.Join(l.folder, file), r.Lines, err
}
