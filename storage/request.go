package storage

import (
	"context"
	"time"
)

// ForgetAnswers drops the answers given before a time; their keys and documents are
// kept for ever (R36).
func (db *DB) ForgetAnswers(ctx context.Context, before time.Time) error {
	return db.writer.do(ctx, func(t *Tx) error {
		_, err := t.exec(`DELETE FROM answer WHERE at < ?`, instant(before))
		return err
	})
}
