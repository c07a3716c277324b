package resume

import (
	"masala/core"
	"masala/ui/form"
	"masala/ui/screen"
)

// Elsewhere says that what a strange draft changes is not in these books. Its number may
// be another record's by now, so nothing is opened.
func Elsewhere(env *screen.Env, d form.Draft) {
	what := d.About
	if what == "" {
		what = "What it changes"
	}
	env.Shell.Toast(screen.Toast{Error: true, Text: what + " is not in these books: they were restored or are others since this " + d.Title +
		" was typed. The draft stays on this PC."})
}

// Stamp is the stamp under which a strange draft is saved: its own while the record is as
// it was, else one that no record has, so that saving shows both values (R35).
func Stamp(was, now core.Stamp) core.Stamp {
	if was.Version != now.Version || was.UpdatedBy != now.UpdatedBy || !was.UpdatedAt.Equal(now.UpdatedAt) {
		was.Version = -1
	}
	return was
}
