-- Price corrections know the note they were posted for, and are cancelled in order.

-- +goose Up

CREATE TABLE price_note (
  document_id INTEGER PRIMARY KEY REFERENCES document (id),
  lot_id      INTEGER NOT NULL REFERENCES lot (id), -- of the line
  number      TEXT    NOT NULL
);
CREATE INDEX price_note_lot ON price_note (lot_id);
-- Those of before follow from what was typed, which the audit log holds.
INSERT INTO price_note SELECT d.id, n.lot_id, json_extract(a.new, '$.note_no')
  FROM (SELECT document_id, CASE WHEN json_valid(new) THEN new ELSE '{}' END AS new FROM audit WHERE operation = 'purchase.correct_price') a
  CROSS JOIN document d ON d.id = a.document_id AND d.kind = 'PC'
  CROSS JOIN grn_line n ON n.document_id = json_extract(a.new, '$.grn') AND n.line = json_extract(a.new, '$.line');
-- +goose StatementBegin
CREATE TRIGGER price_note_kept BEFORE DELETE ON price_note BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER price_note_fixed BEFORE UPDATE ON price_note BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd

-- From here on a price correction and what moves its stock are cancelled newest first.
INSERT INTO checked_since SELECT 'price order', coalesce(max(id), 0) FROM document;

-- What the planner knows of it (see 00018_scale.sql).
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('price_note', 'price_note_lot', '1000 1');
ANALYZE sqlite_schema;
