-- A recipe says what comes out beside its powder, and the share of the cost that each
-- takes (R20). Versions of before have none.

-- +goose Up

CREATE TABLE recipe_by_product (
  recipe_id INTEGER NOT NULL,
  version   INTEGER NOT NULL,
  line      INTEGER NOT NULL,
  item_id   INTEGER NOT NULL REFERENCES item (id),
  share     INTEGER NOT NULL CHECK (share >= 0),
  PRIMARY KEY (recipe_id, version, line),
  FOREIGN KEY (recipe_id, version) REFERENCES recipe_version (recipe_id, version)
) WITHOUT ROWID;
CREATE INDEX recipe_by_product_item ON recipe_by_product (item_id);

-- +goose StatementBegin
CREATE TRIGGER recipe_by_product_fixed BEFORE UPDATE ON recipe_by_product BEGIN SELECT RAISE (ABORT, 'a version of a recipe does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recipe_by_product_kept BEFORE DELETE ON recipe_by_product BEGIN SELECT RAISE (ABORT, 'a version of a recipe does not change'); END;
-- +goose StatementEnd
