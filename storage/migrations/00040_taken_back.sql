-- What an upgrade took back in open counts (migration 31) bears no longer the name of who
-- had opened the count.

-- +goose Up

CREATE TABLE void_by (
  entry_id INTEGER PRIMARY KEY REFERENCES stock_count_entry (id),
  user_id  INTEGER REFERENCES user (id), -- NULL: the upgrade
  reason   TEXT    NOT NULL
);
-- What a user takes back is in the audit log, whatever he gave as his reason.
INSERT INTO void_by SELECT v.entry_id, CASE WHEN v.reason = 'This stock has moved. Count it again.' AND NOT EXISTS (SELECT 1 FROM audit a
    WHERE a.operation = 'stock.void_entry' AND json_extract(CASE WHEN json_valid(a.new) THEN a.new ELSE '{}' END, '$.voided') = v.entry_id) THEN NULL ELSE v.user_id END, v.reason
  FROM stock_count_void v;
DROP TABLE stock_count_void;
ALTER TABLE void_by RENAME TO stock_count_void;
-- +goose StatementBegin
CREATE TRIGGER stock_count_void_kept BEFORE DELETE ON stock_count_void BEGIN SELECT RAISE (ABORT, 'counts are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stock_count_void_fixed BEFORE UPDATE ON stock_count_void BEGIN SELECT RAISE (ABORT, 'what was taken back does not change'); END;
-- +goose StatementEnd
-- The audit log is chained, so the program writes into it what the upgrade did, at its
-- first start.
CREATE INDEX stock_count_void_upgrade ON stock_count_void (entry_id) WHERE user_id IS NULL;
