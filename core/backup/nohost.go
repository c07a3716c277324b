package backup

import "time"

// NoHost stands for the server where there is none: in tests, and while the demo
// factory is filled.
type NoHost struct{}

var (
	_ Host         = NoHost{}
	_ RecoveryHost = NoHost{}
)

// Status knows nothing beside the books.
func (NoHost) Status(_ StatusReq, s StatusResp, _ *time.Location) StatusResp {
	s.Headline, s.Free, s.Total, s.DataFree, s.DataTotal = Headline(s.Now, time.Time{}), -1, -1, -1, -1
	return s
}

// Fits refuses nothing.
func (NoHost) Fits(Fields) error { return nil }

// Reaches refuses nothing.
func (NoHost) Reaches(string) error { return nil }

// Become does nothing.
func (NoHost) Become(Fields) {}

// Start does nothing.
func (NoHost) Start(StartReq) (Progress, error) { return Progress{Task: TaskBackup}, nil }

// Check does nothing.
func (NoHost) Check(string) (Progress, error) { return Progress{Task: TaskCheck}, nil }

// Key is no key.
func (NoHost) Key() ([]byte, string, error) { return []byte("no key"), "none", nil }

// Restorable refuses nothing.
func (NoHost) Restorable(RestoreReq) error { return nil }

// Restore does nothing.
func (NoHost) Restore(RestoreReq) {}

// Recovery says that the books are in service.
func (NoHost) Recovery(RecoveryStatusReq) RecoveryResp {
	return RecoveryResp{Folders: []string{}, Points: []Point{}}
}

// Recover does nothing.
func (NoHost) Recover(RestoreReq) error { return nil }

// Empty does nothing.
func (NoHost) Empty() error { return nil }

// ReplaceKey does nothing.
func (NoHost) ReplaceKey(ReplaceKeyReq) error { return nil }

// Retry does nothing.
func (NoHost) Retry() error { return nil }
