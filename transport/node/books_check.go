package node

import (
	"context"
	"errors"
	"fmt"

	"masala/core"
	"masala/core/backup"
	"masala/core/health"
	"masala/storage"
)

const warnBooks = "books.differ"

// checkBooks replays the ledger in the background and tells the health page. Books
// that differ stop Business writes until they are right again.
func (s *service) checkBooks(ctx context.Context, db *storage.DB, done func()) {
	s.work.Go(func() {
		defer done()
		begun := s.options.Clock.Now()
		note := func(c health.Check) {
			c.Code, c.Name = "books", "Books, replayed"
			s.health.Checked(c)
			s.app.ServerChanged()
		}
		note(health.Check{At: begun, OK: true, Busy: true, Says: "Replaying the ledger"})
		report, err := db.Verify(ctx, nil)
		now := s.options.Clock.Now()
		switch {
		case ctx.Err() != nil:
		case core.CodeOf(err) == core.CodeCorrupt:
			note(health.Check{At: now, Says: backup.SayDamaged})
			s.damaged(err)
		case err == nil && report.Damage > 0:
			note(health.Check{At: now, Says: report.Problems[0]})
			s.damaged(core.Errorf(core.CodeCorrupt, "%s", backup.SayDamaged).Because(errors.New(report.Problems[0])))
		case err != nil:
			s.options.Log.Error("check of the books", "err", err)
			note(health.Check{At: now, Says: "Could not be read to the end. The log says why."})
		case !report.OK():
			s.options.Log.Error("the books differ", "differences", report.Found)
			s.health.Set(health.Warning{Code: warnBooks, Severity: health.Fatal, Text: "The books differ. Do not go on working with them; restore a backup or call support.",
				Blocks: core.Errorf(core.CodeCorrupt, "The books differ. Nothing was changed; tell an Admin.")})
			note(health.Check{At: now, Says: fmt.Sprintf("%d differences", report.Found)})
		default:
			s.health.Clear(warnBooks)
			s.options.Log.Info("the books are right", "ledger_row", int64(report.Seq), "took", now.Sub(begun))
			note(health.Check{At: now, OK: true, Says: fmt.Sprintf("The books are right, ledger row %d", report.Seq)})
		}
	})
}
