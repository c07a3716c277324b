-- Backups, and what a restore must leave behind in the books.

-- +goose Up

CREATE TABLE backup_settings (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  folder     TEXT    NOT NULL, -- '' = beside the data
  times      TEXT    NOT NULL, -- JSON, ["13:00"], in the factory's zone
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
);

-- The server's key under the recovery code: so it is in every backup.
CREATE TABLE identity_seal (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT    NOT NULL, -- of the key
  seal        BLOB    NOT NULL,
  made_at     INTEGER NOT NULL,
  made_by     TEXT    NOT NULL
);

-- The histories of these books, oldest first. A restore starts a new one.
CREATE TABLE lineage (
  n            INTEGER PRIMARY KEY,
  id           TEXT    NOT NULL UNIQUE,
  books        TEXT    NOT NULL, -- id of the first one
  origin       TEXT    NOT NULL CHECK (origin IN ('new', 'restore', 'empty', 'older')),
  at           INTEGER NOT NULL,
  seq          INTEGER NOT NULL, -- newest ledger row when it began
  seen         INTEGER NOT NULL, -- newest row that had been seen of the one before
  point        TEXT    NOT NULL DEFAULT '',
  confirmed_at INTEGER,          -- NULL: an Admin has to confirm it
  confirmed_by TEXT    NOT NULL DEFAULT ''
);

-- Numbers that were given out in a lineage that a restore has ended, and that no
-- document of these books has: never given out again.
CREATE TABLE series_skip (
  name       TEXT    NOT NULL,
  lineage_id TEXT    NOT NULL REFERENCES lineage (id),
  first      INTEGER NOT NULL,
  last       INTEGER NOT NULL CHECK (last >= first),
  PRIMARY KEY (name, lineage_id)
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER lineage_kept BEFORE DELETE ON lineage BEGIN SELECT RAISE (ABORT, 'lineages are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER lineage_fixed BEFORE UPDATE OF n, id, books, origin, at, seq, seen, point ON lineage BEGIN SELECT RAISE (ABORT, 'a lineage is only confirmed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER series_skip_kept BEFORE DELETE ON series_skip BEGIN SELECT RAISE (ABORT, 'skipped numbers are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER series_skip_fixed BEFORE UPDATE ON series_skip BEGIN SELECT RAISE (ABORT, 'skipped numbers are kept'); END;
-- +goose StatementEnd
