package node

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/platform/disk"
	"masala/platform/paths"
	"masala/storage"
	store "masala/storage/backup"
)

// illness is why the books cannot be opened.
type illness struct {
	reason backup.Reason
	detail string // what to do, in plain words
	cause  error
}

func (i *illness) Error() string {
	return "recovery mode: " + string(i.reason) + ": " + i.cause.Error()
}
func (i *illness) Unwrap() error { return i.cause }

// diagnose tells an illness of the books from any other reason not to start; nil for
// those.
func diagnose(err error) *illness {
	var ill *illness
	var unusable *paths.UnusableError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return nil
	case errors.As(err, &ill):
		return ill
	case core.CodeOf(err) == core.CodeDiskFull, disk.Full(err):
		return &illness{backup.Full, "Your data is whole. Delete or move files that are not needed from the disk of the data folder. The server goes on by itself once there is space; the other PCs wait.", err}
	case errors.As(err, &unusable):
		return &illness{backup.Unwritable, unusable.Error(), err}
	case errors.Is(err, storage.ErrForeign):
		return &illness{backup.Foreign, "It is kept as it is. Restore a backup, or begin with a new empty database.", err}
	case core.CodeOf(err) == core.CodeVersion:
		return &illness{backup.Newer, "Install the newer version of the program on this PC and start it. A backup of this version can be restored instead; the newer database is then kept aside.", err}
	case core.CodeOf(err) == core.CodeCorrupt:
		return &illness{backup.Corrupt, "The damaged files are kept aside. Nothing is deleted. Clients wait until the server is ready.", err}
	case errors.Is(err, storage.ErrMigration):
		return &illness{backup.Unmigrated, "An upgrade of the database has not come to its end. What is there is kept aside when a backup is restored.", err}
	case core.CodeOf(err) == core.CodeUnavailable:
		return &illness{backup.Unwritable, "The database cannot be written. Check the disk, and that this user may write the folder; then try again.", err}
	}
	return nil
}

// sentence is the headline of the recovery screen.
func (i *illness) sentence(now time.Time, offered *backup.Point) string {
	var own *core.Error
	switch {
	case i.reason == backup.Missing && offered != nil:
		return backup.SayMissing(offered.Age(now))
	case i.reason == backup.Missing:
		return "No database found."
	case i.reason == backup.Corrupt || i.reason == backup.Unmigrated:
		return backup.SayDamaged
	case i.reason == backup.BadKey && errors.Is(i.cause, errNoKey):
		return "The key of this server is missing."
	case i.reason == backup.BadKey:
		return "The key of this server is damaged."
	case i.reason == backup.Unwritable:
		return "The data folder cannot be written."
	case i.reason == backup.Full:
		return sayFull
	case i.reason == backup.Restoring:
		return "The database is being restored."
	case errors.As(i.cause, &own):
		return own.Message
	}
	return backup.SayDamaged
}

// sayFull is what the books themselves say of a full disk.
const sayFull = "The disk of the server is full. Nothing was changed; free some space on it and try again."

// whole reports whether the books are as they should be, so that there is nothing to
// restore.
func (i *illness) whole() bool { return i.reason == backup.BadKey || i.reason == backup.Full }

// errNoDatabase is the cause of an illness Missing.
var errNoDatabase = errors.New("there is no database file")

// lost looks for books that should be there: the database is gone, but an anchor or a
// restore point remembers it. An empty file is no database. fresh tells that there
// were books, no restore point of them exists and every place was looked into: then
// new empty ones are made at once.
func lost(f paths.Folder, now time.Time, log *slog.Logger) (ill *illness, fresh *backup.Takeover) {
	info, err := os.Stat(f.Database())
	if err == nil && info.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	anchors := readAnchors(f, log)
	backup.Newest(anchors)
	points, problem := survey(pointFolders(f, anchors), nil, now)
	switch {
	case len(points) > 0:
		return &illness{backup.Missing, "The database file is gone. Restore the latest backup, or begin with a new empty database.", errNoDatabase}, nil
	case len(anchors) == 0: // the first start on this PC
		return nil, nil
	case problem != "":
		return &illness{backup.Missing, problem, errNoDatabase}, nil
	}
	return nil, &backup.Takeover{Origin: backup.OriginEmpty, Books: anchors[0].Books}
}

// keyDetail is what to do without the key: other PCs know the server by nothing else.
const keyDetail = "Your data is whole. The other PCs know this server by its key and wait. The recovery code brings the key back, and they go on by themselves; with a new key every PC is paired again."

// noCodeDetail is the same where no recovery code was ever made.
const noCodeDetail = "Your data is whole. The other PCs know this server by its key, and no recovery code was made that brings it back. With a new key the server works again; then every PC is paired again."

// errNoKey is the cause of an illness BadKey when the file is gone.
var errNoKey = errors.New("there is no key file")

// lostKey looks for the key that should be there: its file is gone, but an anchor
// remembers it. A new one made in silence would shut every PC out.
func lostKey(f paths.Folder, anchors []backup.Anchor) *illness {
	_, err := os.Stat(f.Identity())
	if !errors.Is(err, fs.ErrNotExist) || !slices.ContainsFunc(anchors, func(a backup.Anchor) bool { return a.Key != "" }) {
		return nil
	}
	return &illness{backup.BadKey, keyDetail, errNoKey}
}

// pointFolders are the folders that may hold restore points of a data folder.
func pointFolders(f paths.Folder, anchors []backup.Anchor) (out []string) {
	for _, a := range anchors {
		out = append(out, backupFolder(f, a.Folder))
	}
	out = append(out, f.Backups())
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(dir string) bool {
		dir = filepath.Clean(dir)
		was := seen[dir]
		seen[dir] = true
		return was
	})
}

// survey lists the points of folders, newest first, and says why one of them cannot
// be read. bad are points known to be damaged beyond what their manifests say.
func survey(folders []string, bad map[string]string, now time.Time) (points []backup.Point, problem string) {
	points = []backup.Point{}
	for _, dir := range folders {
		list, err := store.List(dir, now, factoryZone)
		if err != nil {
			problem = err.Error()
		}
		points = append(points, list...)
	}
	for i := range points {
		if says, ok := bad[points[i].Path]; ok {
			points[i].State, points[i].Says = backup.Damaged, says
		}
	}
	backup.Sort(points, now, factoryZone)
	return points, problem
}

// factoryZone sorts restore points into days while the zone of the factory cannot be
// read.
var factoryZone = time.FixedZone("IST", 5*3600+1800)

func offered(points []backup.Point) *backup.Point {
	if i := slices.IndexFunc(points, func(p backup.Point) bool { return p.Offered }); i >= 0 {
		return &points[i]
	}
	return nil
}
