// Package backup says what a restore point is, when one is due and how long it is
// kept, and defines the operations of backup and recovery. The work itself is done
// by a Host, which has the files.
package backup

import (
	"time"

	"masala/core"
	"masala/core/op"
)

// TopicBackup moves when backups, their settings or their progress change, and in
// recovery mode with every step of it.
const TopicBackup op.Topic = "backup"

// The operations on the backups of a server in service.
var (
	GetStatus      = op.Define[StatusReq, StatusResp]("backup.get_status", op.Read, op.Admin, "Every restore point with age, size and verified state; the last and the next backup, what runs now, and the folder.", op.Unlocked())
	UpdateSettings = op.Define[UpdateSettingsReq, Settings]("backup.update_settings", op.Control, op.Admin, "Choose the folder of the backups and the times of day.", op.Changes(TopicBackup))
	Start          = op.Define[StartReq, StartResp]("backup.start", op.Control, op.Admin, "Back up now, into the folder or onto a chosen drive; it goes on in the background.", op.Unlocked(), op.Keyless(), op.Changes(TopicBackup))
	Check          = op.Define[CheckReq, CheckResp]("backup.check", op.Control, op.Admin, "Open a restore point again, check every page and re-add its ledger; it goes on in the background.", op.Unlocked(), op.Keyless(), op.Changes(TopicBackup))
	MakeCode       = op.Define[MakeCodeReq, MakeCodeResp]("backup.make_code", op.Control, op.Admin, "Make a new recovery code, shown this once; it seals the server's key in every backup from now on.", op.Secret(), op.Keyless(), op.Changes(TopicBackup))
	Restore        = op.Define[RestoreReq, RestoreResp]("backup.restore", op.Control, op.Admin, "Restore a point over the present books, on the server PC; the service starts anew and keeps the present files aside.", op.Secret(), op.Unlocked(), op.Keyless(), op.Changes(TopicBackup))
	ConfirmRestore = op.Define[ConfirmRestoreReq, ConfirmRestoreResp]("backup.confirm_restore", op.Control, op.Admin, "Confirm on the server PC that work goes on with restored books, though newer ones had been seen.", op.Changes(TopicBackup))
)

// The operations of recovery mode. They need no login: the users are in the books
// that cannot be opened. Only the server's own PC may call them. In service the
// status says so and the others are refused.
var (
	RecoveryStatus  = op.Define[RecoveryStatusReq, RecoveryResp]("recovery.get_status", op.Read, op.ThisPC, "Why the books cannot be opened, the restore points, and what runs now.", op.Unlocked())
	RecoveryRestore = op.Define[RestoreReq, RecoveryResp]("recovery.restore", op.Control, op.ThisPC, "Restore a point in place of books that cannot be opened; the damaged files are kept aside.", op.Secret(), op.Unlocked(), op.Keyless(), op.Changes(TopicBackup))
	RecoveryEmpty   = op.Define[StartEmptyReq, RecoveryResp]("recovery.start_empty", op.Control, op.ThisPC, "Begin with a new empty database; what is there is kept aside.", op.Unlocked(), op.Keyless(), op.Changes(TopicBackup))
	RecoveryKey     = op.Define[ReplaceKeyReq, RecoveryResp]("recovery.replace_key", op.Control, op.ThisPC, "Bring the damaged or missing key of the server back with the recovery code, or make a new one; the books stay as they are.", op.Secret(), op.Unlocked(), op.Keyless(), op.Changes(TopicBackup))
	RecoveryRetry   = op.Define[RetryReq, RecoveryResp]("recovery.retry", op.Control, op.ThisPC, "Try to open the books again, after the cause was put right.", op.Unlocked(), op.Keyless(), op.Changes(TopicBackup))
)

// Kind is why a restore point is kept.
type Kind string

// The kinds. The newest of each day for seven days are daily, the newest of each of
// the four weeks before are weekly; what somebody asked for is manual.
const (
	Daily  Kind = "daily"
	Weekly Kind = "weekly"
	Manual Kind = "manual"
)

// State is what is known of a restore point.
type State string

// The states.
const (
	Good      State = "good"      // opened, every page checked, ledger re-added, chain head compared
	Unchecked State = "unchecked" // nobody looked: made elsewhere, or its check did not finish
	Damaged   State = "damaged"
)

// Point is one backup that can be restored.
type Point struct {
	ID        string    `json:"id"`   // name without folder and ending: "masala-20260214-073000"
	Path      string    `json:"path"` // of the file on the server; names the point in requests
	TakenAt   time.Time `json:"taken_at"`
	Kind      Kind      `json:"kind"`
	Size      int64     `json:"size"`     // bytes on the drive
	Database  int64     `json:"database"` // bytes once restored, 0 unknown
	State     State     `json:"state"`
	Offered   bool      `json:"offered,omitempty"`   // the good one that holds the newest books: the one to restore
	CheckedAt time.Time `json:"checked_at,omitzero"` // when it was last opened and checked
	Says      string    `json:"says"`                // what the check found, as users read it
	Seq       core.Seq  `json:"seq"`                 // newest ledger row in it
	Documents int       `json:"documents"`           // posted up to then
	Since     int       `json:"since"`               // documents posted since, which a restore loses; -1 unknown
	Version   string    `json:"version,omitempty"`   // of the program that made it
	Factory   string    `json:"factory,omitempty"`
	Books     string    `json:"books,omitempty"` // which books; those of another factory have other ones
	Ahead     bool      `json:"ahead,omitempty"` // TakenAt lies in the future: it was taken, or is looked at, under a wrong clock
	Lineage   string    `json:"-"`               // of the books in it, "" unknown
	Past      []string  `json:"-"`               // the lineages before that
}

// Task is the work of a Progress.
type Task string

// The tasks.
const (
	TaskBackup  Task = "backup"
	TaskCheck   Task = "check"
	TaskRestore Task = "restore"
	TaskEmpty   Task = "empty"
)

// Progress is work under way.
type Progress struct {
	Task    Task      `json:"task"`
	Path    string    `json:"path,omitempty"` // of the point
	Step    string    `json:"step"`           // as users read it: "Checking every page"
	Percent int       `json:"percent"`        // of the whole task
	Since   time.Time `json:"since"`
}

// Result is how the last work ended.
type Result struct {
	Task Task      `json:"task"`
	Path string    `json:"path,omitempty"`
	At   time.Time `json:"at"`
	OK   bool      `json:"ok"`
	Says string    `json:"says"` // as users read it
}

// StatusReq may name another folder, a USB drive, to list its points too.
type StatusReq struct {
	Folder string `json:"folder,omitempty"`
}

// StatusResp is what the backup page shows.
type StatusResp struct {
	Now        time.Time  `json:"now"`
	Headline   string     `json:"headline"` // "Last Backup: 3 hours ago", or "⚠️ No backup in 48 hours!"
	Late       bool       `json:"late,omitempty"`
	Last       *time.Time `json:"last,omitempty"` // newest good one
	Next       time.Time  `json:"next"`
	Running    *Progress  `json:"running,omitempty"`
	Result     *Result    `json:"result,omitempty"` // of the last work since the service started
	Points     []Point    `json:"points"`           // newest first
	Settings   Settings   `json:"settings"`
	Folder     string     `json:"folder"`               // where backups go now
	Problem    string     `json:"problem,omitempty"`    // why that folder cannot be used now
	SameDrive  string     `json:"same_drive,omitempty"` // the warning, when it shares the drive of the data
	Free       int64      `json:"free"`                 // bytes free there, -1 unknown
	Total      int64      `json:"total"`
	DataFolder string     `json:"data_folder"`
	DataFree   int64      `json:"data_free"`
	DataTotal  int64      `json:"data_total"`
	CodeMade   *time.Time `json:"code_made,omitempty"` // when the recovery code was made; nil: none yet
	Aside      []Aside    `json:"aside"`               // files that restores have kept
	Restored   *Restored  `json:"restored,omitempty"`  // waits for an Admin's confirmation
	// Withheld is what a restore of the last days has not given back to users, and which
	// users the restored books lack.
	Withheld []Withheld `json:"withheld,omitempty"`
}

// Aside is a database that a restore has put aside. The program never deletes it.
type Aside struct {
	Folder string    `json:"folder"`
	At     time.Time `json:"at"`
	Size   int64     `json:"size"`
}

// Restored says that the books are older than what has been seen of them.
type Restored struct {
	At   time.Time `json:"at"`
	Seq  core.Seq  `json:"seq"`  // newest ledger row in the books when they were taken up
	Seen core.Seq  `json:"seen"` // newest ledger row that had been seen; 0 unknown
	Says string    `json:"says"`
}

// Fields is what an Admin sets for the backups.
type Fields struct {
	Folder string   `json:"folder,omitempty"` // on the server; "" = beside the data
	Times  []string `json:"times"`            // of day in the factory's zone, "13:00", in order
}

// MaxTimes is how many backups a day may be asked for.
const MaxTimes = 6

// Defaults are the fields of a server that changed none.
func Defaults() Fields { return Fields{Times: []string{"13:00", "20:00"}} }

// Validate checks the fields; it normalizes first.
func (f *Fields) Validate() error {
	var bad core.Faults
	f.Folder = core.Text(f.Folder)
	bad.Fit("folder", f.Folder, core.MaxNote)
	times, ok := readTimes(f.Times)
	bad.Check(ok, "times", "Enter times of day such as 13:00.")
	bad.Check(!ok || len(times) > 0 && len(times) <= MaxTimes, "times", "Enter 1 to %d times of day.", MaxTimes)
	if err := bad.Err(); err != nil {
		return err
	}
	f.Times = writeTimes(times)
	return nil
}

// Settings is the one record of these settings.
type Settings struct {
	Fields
	core.Stamp
}

// UpdateSettingsReq replaces the settings that are still at Version (R35).
type UpdateSettingsReq struct {
	Version int64 `json:"version"`
	Fields
}

// StartReq may name another folder, such as a USB drive.
type StartReq struct {
	Folder string `json:"folder,omitempty"`
}

// Validate checks the request; it normalizes first.
func (q *StartReq) Validate() error {
	var bad core.Faults
	q.Folder = core.Text(q.Folder)
	bad.Fit("folder", q.Folder, core.MaxNote)
	return bad.Err()
}

// StartResp tells that it has begun; backup.get_status follows it.
type StartResp struct {
	Running Progress `json:"running"`
}

// CheckReq names a restore point.
type CheckReq struct {
	Path string `json:"path"`
}

// Validate checks the request.
func (q *CheckReq) Validate() error {
	var bad core.Faults
	bad.Check(q.Path != "", "path", "Choose a restore point.")
	bad.Fit("path", q.Path, core.MaxNote)
	return bad.Err()
}

// CheckResp tells that it has begun.
type CheckResp struct {
	Running Progress `json:"running"`
}

// MakeCodeReq has no fields.
type MakeCodeReq struct{}

// MakeCodeResp shows the code this once: it is kept nowhere.
type MakeCodeResp struct {
	Code string    `json:"code"` // "K7QM-2F8D-XT3W-9HBV-E4RA"
	Made time.Time `json:"made"`
}

// RestoreReq names a restore point, any file of one on the server's drives.
type RestoreReq struct {
	Path string `json:"path"`
	// Code is the recovery code. Without it the data is restored and this PC keeps
	// the key it has: on other hardware the PCs pair again.
	Code string `json:"code,omitempty"`
}

// Validate checks the request.
func (q *RestoreReq) Validate() error {
	var bad core.Faults
	bad.Check(q.Path != "", "path", "Choose a restore point.")
	bad.Fit("path", q.Path, core.MaxNote)
	if q.Code != "" {
		_, err := ReadCode(q.Code)
		bad.Check(err == nil, "code", "This is no recovery code: it has %d letters and digits.", codeLength)
	}
	return bad.Err()
}

// RestoreResp has no fields: the service starts anew, and recovery.get_status tells
// how far it is.
type RestoreResp struct{}

// ConfirmRestoreReq has no fields.
type ConfirmRestoreReq struct{}

// ConfirmRestoreResp has no fields.
type ConfirmRestoreResp struct{}

// Reason is why the service is in recovery mode.
type Reason string

// The reasons.
const (
	InService  Reason = ""           // it is not
	Missing    Reason = "missing"    // there was a database here
	Corrupt    Reason = "damaged"    // found at start or while running
	Newer      Reason = "newer"      // made by a newer version of the program
	Foreign    Reason = "foreign"    // a file of another program
	Unmigrated Reason = "unmigrated" // an upgrade of it has not come to its end
	Unwritable Reason = "unwritable" // folder or file cannot be written
	Full       Reason = "full"       // the books are whole, the disk has no room to open or upgrade them
	Restoring  Reason = "restoring"  // an Admin asked for it, or it was interrupted
	BadKey     Reason = "key"        // the books are whole, the key of the server is damaged or missing
)

// RecoveryStatusReq may name another folder, a USB drive, to list its points too.
type RecoveryStatusReq struct {
	Folder string `json:"folder,omitempty"`
}

// RecoveryResp is what the recovery screen shows.
type RecoveryResp struct {
	Now       time.Time `json:"now"`
	Reason    Reason    `json:"reason"`             // "" in service
	Sentence  string    `json:"sentence,omitempty"` // the headline: "No database found. Restore from latest backup (2 hours ago)?"
	Detail    string    `json:"detail,omitempty"`   // what to do or what was found, in plain words
	Cause     string    `json:"cause,omitempty"`    // what the database said, for support
	Database  string    `json:"database"`           // path of the file
	Folders   []string  `json:"folders"`            // looked into for restore points
	Problem   string    `json:"problem,omitempty"`  // why one of them cannot be read: "D:\MasalaBackups cannot be reached. Plug the drive in and try again."
	Points    []Point   `json:"points"`             // newest first
	Offer     string    `json:"offer,omitempty"`    // path of the newest good one
	Running   *Progress `json:"running,omitempty"`
	Result    *Result   `json:"result,omitempty"`
	MayEmpty  bool      `json:"may_empty"`         // start empty is offered
	MayTry    bool      `json:"may_try,omitempty"` // trying again can help
	HasCode   bool      `json:"has_code"`          // the offered point, or the books when only the key is lost, have the server's key sealed in them
	KeyIsHere bool      `json:"key_is_here"`       // this PC has the key its clients trust; no code is needed
}

// StartEmptyReq must say that it is meant.
type StartEmptyReq struct {
	Confirm bool `json:"confirm"`
}

// Validate checks the request.
func (q *StartEmptyReq) Validate() error {
	var bad core.Faults
	bad.Check(q.Confirm, "confirm", "Confirm that the program shall begin with a new empty database.")
	return bad.Err()
}

// ReplaceKeyReq says where the key of the server comes from.
type ReplaceKeyReq struct {
	Code string `json:"code,omitempty"` // recovery code: the key lies sealed in the books
	New  bool   `json:"new,omitempty"`  // make a new one: every PC is paired again
}

// Validate checks the request.
func (q *ReplaceKeyReq) Validate() error {
	var bad core.Faults
	switch {
	case q.New:
		bad.Check(q.Code == "", "code", "Leave the recovery code empty to make a new key.")
	default:
		_, err := ReadCode(q.Code)
		bad.Check(err == nil, "code", "Enter the recovery code: it has %d letters and digits.", codeLength)
	}
	return bad.Err()
}

// RetryReq has no fields.
type RetryReq struct{}
