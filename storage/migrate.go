package storage

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"masala/core"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. A migration that fails is rolled back and
// the file stays as it was; a schema newer than this program is refused.
func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, withFaults(dir), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return newer(have, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

func newer(have, newest int64) error {
	return core.Errorf(core.CodeVersion, "This database was made by a newer version of the program. Install that version on this PC.").
		With("database", have).With("program", newest)
}

// refuseNewer refuses a schema newer than this program and touches nothing.
func refuseNewer(ctx context.Context, c *conn) error {
	var there int
	if err := c.sql.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&there); err != nil || there == 0 {
		return err
	}
	var have int64
	if err := c.sql.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&have); err != nil {
		return err
	}
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	newest, err := goose.NumericComponent(files[len(files)-1].Name())
	if err == nil && have > newest {
		return newer(have, newest)
	}
	return err
}
