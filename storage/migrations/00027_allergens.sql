-- Every lot knows its allergens. Those of the time before they were kept follow once from
-- the masters of today and from what they were made of; what came from outside has what
-- its recipes bring (R22).

-- +goose Up

CREATE TABLE brings_before (
  item_id  INTEGER NOT NULL,
  allergen TEXT    NOT NULL,
  PRIMARY KEY (item_id, allergen)
) WITHOUT ROWID;
INSERT INTO brings_before WITH RECURSIVE b (item, allergen) AS (
  SELECT i.id, a.value FROM item i JOIN json_each(i.allergens) a
  UNION
  SELECT r.item_id, b.allergen FROM b JOIN recipe_line l ON l.item_id = b.item JOIN recipe r ON r.id = l.recipe_id AND r.version = l.version AND r.active)
SELECT item, allergen FROM b;

CREATE TABLE born_before (
  lot_id   INTEGER NOT NULL,
  allergen TEXT    NOT NULL,
  PRIMARY KEY (lot_id, allergen)
) WITHOUT ROWID;
INSERT INTO born_before WITH RECURSIVE b (lot, allergen) AS (
  SELECT l.id, a.value FROM item i JOIN json_each(i.allergens) a JOIN lot l ON l.item_id = i.id WHERE l.allergens IS NULL
  UNION
  SELECT l.id, x.allergen FROM brings_before x JOIN lot l ON l.item_id = x.item_id
    WHERE l.allergens IS NULL AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.child_id = l.id AND e.document_id = l.source_id AND e.parent_id IS NOT NULL)
  UNION
  SELECT l.id, b.allergen FROM b JOIN edge e ON e.parent_id = b.lot JOIN lot l ON l.id = e.child_id AND l.source_id = e.document_id WHERE l.allergens IS NULL)
SELECT lot, allergen FROM b;

DROP TRIGGER IF EXISTS lot_fixed;
UPDATE lot AS l SET allergens = (SELECT json_group_array(b.allergen ORDER BY b.allergen) FROM born_before b WHERE b.lot_id = l.id) WHERE l.allergens IS NULL;
-- +goose StatementBegin
CREATE TRIGGER lot_fixed BEFORE UPDATE ON lot BEGIN SELECT RAISE (ABORT, 'a lot does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER lot_allergens BEFORE INSERT ON lot WHEN NEW.allergens IS NULL BEGIN SELECT RAISE (ABORT, 'a lot knows its allergens'); END;
-- +goose StatementEnd

DROP TABLE born_before;
DROP TABLE brings_before;
