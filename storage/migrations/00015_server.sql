-- What an Admin sets for the server itself.

-- +goose Up

CREATE TABLE server (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  name       TEXT    NOT NULL, -- '' = the name of the PC
  port       INTEGER NOT NULL, -- 0 = as the program was started
  low_disk   INTEGER NOT NULL, -- bytes
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
);
