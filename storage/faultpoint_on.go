//go:build faultpoints

package storage

import (
	"io/fs"
	"os"
	"testing/fstest"
)

// bigMigration writes about 100 MB before it commits.
const bigMigration = `-- +goose Up
CREATE TABLE fault AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i, randomblob(1000) AS filler FROM n;
UPDATE factory SET name = 'Migrated factory';
`

// withFaults adds a migration that needs much space if MASALA_FAULT_MIGRATION is set:
// the program is then a newer version that upgrades the books.
func withFaults(migrations fs.FS) fs.FS {
	if os.Getenv("MASALA_FAULT_MIGRATION") == "" {
		return migrations
	}
	files, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		panic(err)
	}
	all := fstest.MapFS{"90000_fault.sql": {Data: []byte(bigMigration)}}
	for _, f := range files {
		b, err := fs.ReadFile(migrations, f)
		if err != nil {
			panic(err)
		}
		all[f] = &fstest.MapFile{Data: b}
	}
	return all
}
