-- Who typed a wrong quantity into a stock count takes it back; both stay to be seen.

-- +goose Up

CREATE TABLE stock_count_void (
  entry_id INTEGER PRIMARY KEY REFERENCES stock_count_entry (id),
  user_id  INTEGER NOT NULL REFERENCES user (id),
  reason   TEXT    NOT NULL
);
CREATE INDEX stock_count_running ON stock_count (id) WHERE state = 'OPEN';

-- +goose StatementBegin
CREATE TRIGGER stock_count_void_kept BEFORE DELETE ON stock_count_void BEGIN SELECT RAISE (ABORT, 'counts are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stock_count_void_fixed BEFORE UPDATE ON stock_count_void BEGIN SELECT RAISE (ABORT, 'what was taken back does not change'); END;
-- +goose StatementEnd
