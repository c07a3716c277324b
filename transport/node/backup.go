package node

import (
	"masala/core"
	"masala/core/backup"
)

// noBackups refuses what the service cannot do yet.
type noBackups struct{ backup.NoHost }

var errNoBackups = core.Errorf(core.CodeUnavailable, "This server makes no backups yet.")

func (noBackups) Start(backup.StartReq) (backup.Progress, error) {
	return backup.Progress{}, errNoBackups
}
func (noBackups) Check(string) (backup.Progress, error) { return backup.Progress{}, errNoBackups }
func (noBackups) Key() ([]byte, string, error)          { return nil, "", errNoBackups }
func (noBackups) Restorable(backup.RestoreReq) error    { return errNoBackups }
func (noBackups) Recover(backup.RestoreReq) error       { return errInService }
func (noBackups) Empty() error                          { return errInService }
func (noBackups) Retry() error                          { return errInService }

var errInService = core.Errorf(core.CodeConflict, "The books are in service; there is nothing to recover.")
