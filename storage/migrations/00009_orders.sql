-- Purchase orders, and what was received of them.

-- +goose Up

CREATE TABLE purchase_order (
  id          INTEGER PRIMARY KEY,
  number      TEXT    NOT NULL UNIQUE,
  supplier_id INTEGER NOT NULL REFERENCES party (id),
  ordered_on  INTEGER NOT NULL,
  expected_on INTEGER NOT NULL,
  note        TEXT    NOT NULL DEFAULT '',
  closed      INTEGER NOT NULL DEFAULT 0,
  version     INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  TEXT    NOT NULL
);
CREATE INDEX purchase_order_supplier ON purchase_order (supplier_id);
CREATE INDEX purchase_order_due ON purchase_order (id) WHERE NOT closed;

CREATE TABLE purchase_order_line (
  order_id INTEGER NOT NULL REFERENCES purchase_order (id),
  line     INTEGER NOT NULL,
  item_id  INTEGER NOT NULL REFERENCES item (id),
  qty      INTEGER NOT NULL CHECK (qty > 0),
  unit     TEXT    NOT NULL,
  value    INTEGER NOT NULL CHECK (value >= 0),
  PRIMARY KEY (order_id, line)
) WITHOUT ROWID;

-- A line of a GRN that was ordered.
CREATE TABLE grn_order (
  document_id INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  order_id    INTEGER NOT NULL,
  order_line  INTEGER NOT NULL,
  PRIMARY KEY (document_id, line),
  FOREIGN KEY (document_id, line) REFERENCES grn_line (document_id, line),
  FOREIGN KEY (order_id, order_line) REFERENCES purchase_order_line (order_id, line)
) WITHOUT ROWID;
CREATE INDEX grn_order_line ON grn_order (order_id, order_line);

CREATE INDEX grn_line_item ON grn_line (item_id, document_id);

-- +goose StatementBegin
CREATE TRIGGER purchase_order_kept BEFORE DELETE ON purchase_order BEGIN SELECT RAISE (ABORT, 'orders are closed, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grn_order_kept BEFORE DELETE ON grn_order BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grn_order_fixed BEFORE UPDATE ON grn_order BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
