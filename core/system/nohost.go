package system

import (
	"masala/core"
	"masala/core/health"
)

// NoHost stands for the server where there is none: in tests, and while the demo
// factory is filled.
type NoHost struct{}

var _ Host = NoHost{}

// Status knows nothing.
func (NoHost) Status() ServerStatusResp {
	return ServerStatusResp{Addresses: []string{}, Connected: []string{}, FreeDisk: -1}
}

// Server is the record.
func (NoHost) Server(s ServerRecord) Server { return Server{ServerRecord: s} }

// Fits refuses nothing.
func (NoHost) Fits(ServerFields) error { return nil }

// Become does nothing.
func (NoHost) Become(ServerFields) {}

// Health knows nothing.
func (h NoHost) Health() Health {
	return Health{Server: h.Status(), Warnings: []Warning{}, Checks: []health.Check{}, Clients: []Connected{}, Disk: -1, Logs: []LogFile{}}
}

// CheckBooks does nothing.
func (NoHost) CheckBooks() error { return nil }

// ReadLog has no log.
func (NoHost) ReadLog(ReadLogReq) (ReadLogResp, error) {
	return ReadLogResp{}, core.Errorf(core.CodeNotFound, "There is no such log.")
}
