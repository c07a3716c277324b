-- What the books remember for the licence: the first run of a server on each machine,
-- and the clock resets of the vendor that were used.

-- +goose Up

CREATE TABLE licence_trial (
  hardware   TEXT    PRIMARY KEY, -- Hardware ID, 7C41-E90B-2FD8-A356
  started_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE clock_reset (
  serial  TEXT    PRIMARY KEY,
  seq     INTEGER NOT NULL, -- ledger rows up to this one prove nothing about the time
  used_at INTEGER NOT NULL
) WITHOUT ROWID;
