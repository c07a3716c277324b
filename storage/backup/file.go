// Package backup writes the books into compressed restore points that have been
// opened and proved before they count, reads them back, and exchanges the database
// file for a restored one so that a crash at any moment loses neither.
//
// A restore point is two files: ID.db.zst, the database under zstd, and ID.json, its
// manifest. The manifest is written last: without one a point is not finished.
package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/platform/atomicfile"
	"masala/storage"
)

// Ending is how the name of a restore point ends.
const Ending = ".db.zst"

const (
	ending         = Ending
	manifestEnding = ".json"
	prefix         = "masala-"
	stampForm      = "20060102-150405" // UTC, in the ID
	maxManifest    = 1 << 20
)

// Manifest is what is known of a restore point. Without SHA256 it is a note: the manifest
// was lost, and a check found the file damaged that had this size and time. It says nothing
// of a file that was copied there since.
type Manifest struct {
	Format   int             `json:"format"` // 1
	ID       string          `json:"id"`
	TakenAt  time.Time       `json:"taken_at"`
	Kind     backup.Kind     `json:"kind"`
	Program  string          `json:"program"` // version that made it
	Size     int64           `json:"size"`    // of the compressed file
	SHA256   string          `json:"sha256"`
	Database Digest          `json:"database"` // once decompressed
	Contents backup.Contents `json:"contents"`
	License  string          `json:"license,omitempty"` // license.key as it was
	Check    Check           `json:"check"`
	Changed  time.Time       `json:"changed,omitzero"` // of the file, in a note
	Sum      string          `json:"sum"`              // SHA-256 of this manifest with an empty sum
}

// Digest is a length and a hash.
type Digest struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Check is the last proof of a point.
type Check struct {
	At    time.Time    `json:"at"`
	State backup.State `json:"state"`
	Says  string       `json:"says"`
}

func (m Manifest) sum() string {
	m.Sum = ""
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // a Manifest always encodes
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func writeManifest(path string, m Manifest) error {
	m.Sum = m.sum()
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(manifestOf(path), b, 0o600)
}

// manifestOf is the manifest beside the point at path.
func manifestOf(path string) string { return strings.TrimSuffix(path, ending) + manifestEnding }

var errManifest = errors.New("the manifest is damaged")

// readManifest reads the manifest of a point. It is errManifest for one that was
// changed, fs.ErrNotExist for none and for a note.
func readManifest(path string) (Manifest, error) {
	m, err := readSheet(path)
	if err == nil && m.SHA256 == "" {
		return Manifest{}, fs.ErrNotExist
	}
	return m, err
}

// readSheet reads a manifest or a note.
func readSheet(path string) (m Manifest, err error) {
	b, err := atomicfile.Read(manifestOf(path), maxManifest)
	switch {
	case errors.Is(err, atomicfile.ErrTooLarge):
		return m, errManifest
	case err != nil:
		return m, err
	}
	if json.Unmarshal(b, &m) != nil || m.Format != 1 || m.Sum != m.sum() {
		return Manifest{}, errManifest
	}
	return m, nil
}

// lost reports whether readManifest found that there is none to be read, now or later.
func lost(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errManifest) }

// noted is what a note says of a file, if it speaks of that file.
func noted(path string, file fs.FileInfo) (Check, bool) {
	m, err := readSheet(path)
	return m.Check, err == nil && m.SHA256 == "" && m.Size == file.Size() && m.Changed.Equal(file.ModTime())
}

// noteDamage remembers of a file without manifest what a check found in it.
func noteDamage(p backup.Point, file fs.FileInfo, found Check) Manifest {
	return Manifest{Format: 1, ID: p.ID, TakenAt: p.TakenAt, Kind: backup.Manual, Size: file.Size(), Check: found, Changed: file.ModTime().UTC()}
}

// List reads the restore points of a folder, newest first, without opening them. The
// error says that the folder cannot be read.
func List(folder string, now time.Time, zone *time.Location) ([]backup.Point, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return []backup.Point{}, unreachable(folder, err)
	}
	points := []backup.Point{}
	for _, f := range files {
		if p, ok := read(filepath.Join(folder, f.Name())); ok {
			points = append(points, p)
		}
	}
	backup.Sort(points, now, zone)
	return points, nil
}

// unreachable says in words for users that a folder cannot be used.
func unreachable(folder string, err error) error {
	return core.Errorf(core.CodeUnavailable, "The backup folder %s cannot be reached. Plug its drive in, or choose another folder.", folder).Because(err)
}

// read tells of the point at path; false for a file that is none.
func read(path string) (p backup.Point, ok bool) {
	id, ok := strings.CutSuffix(filepath.Base(path), ending)
	if !ok || !strings.HasPrefix(id, prefix) {
		return p, false
	}
	file, err := os.Stat(path)
	if err != nil || !file.Mode().IsRegular() {
		return p, false
	}
	p = backup.Point{ID: id, Path: path, Size: file.Size(), Since: -1, Kind: backup.Manual, TakenAt: file.ModTime().UTC()}
	if t, err := time.Parse(stampForm, strings.TrimPrefix(id, prefix)[:min(len(stampForm), len(id)-len(prefix))]); err == nil {
		p.TakenAt = t
	}
	m, err := readManifest(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if found, ok := noted(path, file); ok {
			p.State, p.CheckedAt, p.Says = found.State, found.At, found.Says
			return p, true
		}
		p.State, p.Says = backup.Unchecked, "Not finished, or copied without its manifest. Check it before use."
		return p, true
	case err != nil:
		p.State, p.Says = backup.Unchecked, "Its manifest is damaged. Check it before use."
		return p, true
	}
	p.TakenAt, p.Kind, p.Database, p.Version = m.TakenAt, m.Kind, m.Database.Size, m.Program
	p.Seq, p.Documents, p.Factory, p.Books = m.Contents.Seq, m.Contents.Documents, m.Contents.Factory, m.Contents.Books
	p.Lineage, p.Past = m.Contents.Lineage, m.Contents.Past
	p.State, p.CheckedAt, p.Says = m.Check.State, m.Check.At, m.Check.Says
	if p.State == backup.Damaged && strings.Contains(p.Says, earlierFault) {
		p.State, p.Says = backup.Unchecked, "An earlier version could not check it. Check it before use."
	}
	if file.Size() != m.Size {
		p.State, p.Says = backup.Damaged, fmt.Sprintf("The file has %d bytes, %d were written.", file.Size(), m.Size)
	}
	return p, true
}

// earlierFault is in the manifests of points in which a former version looked for tables
// that came later, and took their absence for damage.
const earlierFault = "SQL logic error"

// Opened is how many bytes the database in a point takes at most while it is opened, 0
// where no manifest tells it: that of an earlier version is upgraded then, and the log of
// that may become as large.
func Opened(path string) int64 {
	m, err := readManifest(path)
	if err != nil {
		return 0
	}
	if now, err := storage.Schema(); err == nil && m.Contents.Schema < now {
		return 2 * m.Database.Size
	}
	return m.Database.Size
}

// Contents tells from the manifest what is in a point; zero without one.
func Contents(path string) backup.Contents {
	m, err := readManifest(path)
	if err != nil {
		return backup.Contents{}
	}
	return m.Contents
}

// Remove deletes a point, its manifest last: one whose file could not be deleted stays
// what it was, and none is left that nobody knows any more.
func Remove(path string) error {
	if err := atomicfile.Remove(path); err != nil {
		return err
	}
	return atomicfile.Remove(manifestOf(path))
}

// License is the text of license.key as it was when the point was made, "" for none.
func License(path string) string {
	m, err := readManifest(path)
	if err != nil {
		return ""
	}
	return m.License
}
