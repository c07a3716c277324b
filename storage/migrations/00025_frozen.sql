-- What was decided of an item or a lot stays so: what builds on an item freezes its type
-- and dimension, and a lot keeps the allergens it was born with.

-- +goose Up

CREATE INDEX recipe_line_item ON recipe_line (item_id);
CREATE INDEX profile_component_item ON profile_component (item_id);
CREATE INDEX profile_product_powder ON profile_product (powder_id);
CREATE INDEX sales_order_line_item ON sales_order_line (item_id);
CREATE INDEX purchase_order_line_item ON purchase_order_line (item_id);

-- JSON, sorted: its own and those of all it was made of. NULL: born before they were
-- kept, so they follow from the masters and the genealogy.
ALTER TABLE lot ADD COLUMN allergens TEXT;

-- The newest document of the time before the verifier looked at something: what lies
-- before it need not fulfil it.
CREATE TABLE checked_since (
  what        TEXT    PRIMARY KEY,
  document_id INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO checked_since SELECT 'edge signs', coalesce(max(id), 0) FROM document;

-- +goose StatementBegin
CREATE TRIGGER checked_since_kept BEFORE DELETE ON checked_since BEGIN SELECT RAISE (ABORT, 'what was checked since stays so'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checked_since_fixed BEFORE UPDATE ON checked_since BEGIN SELECT RAISE (ABORT, 'what was checked since stays so'); END;
-- +goose StatementEnd

-- What the planner knows of them (see 00018_scale.sql).
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('sales_order_line', 'sales_order_line_item', '280000 7000'),
  ('purchase_order_line', 'purchase_order_line_item', '100000 1500');
ANALYZE sqlite_schema;
