package recovery

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"masala/core/backup"
	backupscreen "masala/ui/screen/backup"
)

// Title is what happened, in the words of the audit.
func (m *Model) Title(zone *time.Location) string {
	if p := m.Working(); p != nil {
		if i := m.find(p.Path); i >= 0 && p.Task == backup.TaskRestore {
			return "Restoring " + backupscreen.Moment(m.Status.Points[i].TakenAt, zone)
		}
		return backupscreen.Task(*p)
	}
	return m.Status.Sentence
}

// Text is what the title leaves open.
func (m *Model) Text() string {
	if m.Working() != nil {
		return "Leave this PC switched on. If the power fails meanwhile, nothing is lost: it begins again. The other PCs wait."
	}
	return cmp.Or(m.Status.Detail, "The damaged file is kept aside. Nothing is deleted. Clients wait until the server is ready.")
}

// Note stands below the points.
func (m *Model) Note() string {
	n := len(m.Status.Points)
	switch {
	case n == 0:
		return ""
	case n == 1:
		return "1 restore point. Documents posted after its time have to be entered again."
	}
	return fmt.Sprintf("%d restore points. Documents posted after the chosen time have to be entered again.", n)
}

// Outcome is what the login says once the books are in service again.
func Outcome(r *backup.Result) string {
	switch {
	case r == nil, r.Task == backup.TaskEmpty: // the set-up says that by itself
		return ""
	case !r.OK:
		return r.Says
	}
	return "The data was restored from a backup. What was posted after it has to be entered again."
}

// folderOf is the folder of a path of the server, whichever system wrote it.
func folderOf(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i > 0 {
		return path[:i]
	}
	return path
}
