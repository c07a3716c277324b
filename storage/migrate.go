package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"

	"github.com/pressly/goose/v3"

	"masala/core"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrMigration is an upgrade of the tables that failed and was rolled back, or one
// that another program part has left half done.
var ErrMigration = errors.New("the tables of the database could not be brought to this version")

// migrate brings the schema up to date. A migration that fails is rolled back and
// the file stays as it was; a schema newer than this program is refused. upgraded
// reports whether there was anything to do.
func migrate(ctx context.Context, db *sql.DB, tell func(doing string)) (upgraded bool, _ error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return false, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, withFaults(dir), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return upgraded, fmt.Errorf("migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return upgraded, fmt.Errorf("schema version: %w", err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return false, newer(have, newest)
	}
	for i, s := range sources {
		if s.Version <= have {
			continue
		}
		tell(fmt.Sprintf("migrating %d of %d", i+1, len(sources)))
		if _, err := p.UpByOne(ctx); err != nil {
			return upgraded, fmt.Errorf("%w: %w", ErrMigration, err)
		}
		upgraded = true
	}
	return upgraded, whole(ctx, db)
}

// whole refuses a database that has been through all migrations and yet lacks what
// they make: an upgrade that was cut short past the program, or a table that somebody
// dropped.
func whole(ctx context.Context, db *sql.DB) error {
	want, err := schema()
	if err != nil {
		return err
	}
	have, err := objects(ctx, db)
	if err != nil {
		return err
	}
	for _, o := range want {
		if !slices.Contains(have, o) {
			return fmt.Errorf("%w: there is no %s", ErrMigration, o)
		}
	}
	return nil
}

func newer(have, newest int64) error {
	return core.Errorf(core.CodeVersion, "This database was made by a newer version of the program. Install that version on this PC.").
		With("database", have).With("program", newest)
}

// ErrOlder is a file whose tables an earlier version of the program has made.
var ErrOlder error = core.Errorf(core.CodeConflict, "These books are of an earlier version of the program. Start the server once: it brings them up to date. Then verify them.")

// refuseNewer refuses a schema newer than this program and touches nothing.
func refuseNewer(ctx context.Context, c *conn) error {
	_, err := behind(ctx, c)
	return err
}

// behind reports whether a file has not been through all migrations. One that has been
// through more is refused.
func behind(ctx context.Context, c *conn) (bool, error) {
	newest, err := Schema()
	if err != nil {
		return false, err
	}
	var have int64
	var there int
	err = c.sql.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&there)
	if err == nil && there != 0 {
		err = c.sql.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&have)
	}
	switch {
	case err != nil:
		return false, err
	case have > newest:
		return false, newer(have, newest)
	}
	return have < newest, nil
}

// Schema is the version of the tables that this program makes: the number of its last
// migration.
func Schema() (int64, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, err
	}
	files, err := fs.Glob(withFaults(dir), "*.sql")
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(files[len(files)-1])
}

// IsOlder reports whether a database file that is not open in this process was made by
// an earlier version. It only reads. A file of a newer version is refused, and so is one of
// another program (ErrForeign).
func IsOlder(ctx context.Context, path string) (older bool, err error) {
	if _, err := os.Stat(path); err != nil {
		return false, err
	}
	k, done, err := alone(ctx, dsn(Options{Path: path}))
	if err != nil {
		return false, err
	}
	defer done()
	var id int
	if err := k.sql.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return false, explain(err)
	}
	if id != applicationID {
		return false, ErrForeign
	}
	older, err = behind(ctx, k)
	return older, explain(err)
}

// Upgrade brings a database file that is open nowhere to the tables of this version, as
// the next start of the server would. Killed or failed it leaves a file that can be
// upgraded again. Its log may become as large as the file. tell is that of Options.
func Upgrade(ctx context.Context, path string, tell func(doing string)) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	db, err := Open(ctx, Options{Path: path, Readers: 1, Tell: tell})
	if err != nil {
		return err
	}
	return errors.Join(db.Checkpoint(ctx), db.Close())
}

// schema is what all migrations together make.
var schema = sync.OnceValues(func() ([]string, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, err
	}
	if _, err := p.Up(context.Background()); err != nil {
		return nil, err
	}
	return objects(context.Background(), db)
})

// objects lists the tables, indexes and triggers, "table lot".
func objects(ctx context.Context, db *sql.DB) (out []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o string
		if err := rows.Scan(&o); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}
