-- Since an Admin may date production, sales and returns back, the verifier looks whether a
-- document is dated before one that it stands on (R7). What was posted before was dated by
-- the clock of its day, which may have been wrong.

-- +goose Up

INSERT INTO checked_since SELECT 'grounds', coalesce(max(id), 0) FROM document;
