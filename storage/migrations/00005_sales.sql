-- Sales orders, dispatches with challan and invoice, and returns.

-- +goose Up

CREATE TABLE sales_order (
  id          INTEGER PRIMARY KEY,
  number      TEXT    NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES party (id),
  segment     TEXT    NOT NULL,
  reference   TEXT    NOT NULL,
  ordered_on  INTEGER NOT NULL,
  deliver_on  INTEGER NOT NULL,
  note        TEXT    NOT NULL,
  closed      INTEGER NOT NULL DEFAULT 0,
  version     INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  TEXT    NOT NULL
);
CREATE INDEX sales_order_customer ON sales_order (customer_id, id);

CREATE TABLE sales_order_line (
  order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line     INTEGER NOT NULL,
  item_id  INTEGER NOT NULL REFERENCES item (id),
  qty      INTEGER NOT NULL CHECK (qty > 0),
  unit     TEXT    NOT NULL,
  price    INTEGER NOT NULL CHECK (price >= 0),
  PRIMARY KEY (order_id, line)
) WITHOUT ROWID;

CREATE TABLE dispatch (
  id          INTEGER PRIMARY KEY,
  order_id    INTEGER NOT NULL REFERENCES sales_order (id),
  note        TEXT    NOT NULL,
  discarded   INTEGER NOT NULL DEFAULT 0,
  document_id INTEGER UNIQUE REFERENCES document (id), -- the challan, once confirmed
  vehicle     TEXT    NOT NULL DEFAULT '',
  transporter TEXT    NOT NULL DEFAULT '',
  left_at     INTEGER NOT NULL DEFAULT 0,
  version     INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  TEXT    NOT NULL
);
CREATE INDEX dispatch_order ON dispatch (order_id, id);

-- What a draft wants; it stays as it was when the draft is confirmed.
CREATE TABLE dispatch_draft (
  dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
  line        INTEGER NOT NULL,
  order_line  INTEGER NOT NULL,
  qty         INTEGER NOT NULL CHECK (qty > 0),
  chosen      TEXT    NOT NULL, -- JSON: lots chosen by hand with the reason
  PRIMARY KEY (dispatch_id, line)
) WITHOUT ROWID;

CREATE TABLE invoice (
  document_id INTEGER PRIMARY KEY REFERENCES document (id),
  number      TEXT    NOT NULL UNIQUE
);

CREATE TABLE dispatch_line (
  document_id INTEGER NOT NULL REFERENCES invoice (document_id),
  line        INTEGER NOT NULL,
  order_id    INTEGER NOT NULL,
  order_line  INTEGER NOT NULL,
  item_id     INTEGER NOT NULL REFERENCES item (id),
  hsn         TEXT    NOT NULL,
  qty         INTEGER NOT NULL CHECK (qty > 0),
  unit        TEXT    NOT NULL,
  price       INTEGER NOT NULL,
  taxable     INTEGER NOT NULL,
  gst_rate    INTEGER NOT NULL,
  cgst        INTEGER NOT NULL,
  sgst        INTEGER NOT NULL,
  igst        INTEGER NOT NULL,
  override    TEXT    NOT NULL,
  suggested   TEXT    NOT NULL, -- JSON
  PRIMARY KEY (document_id, line),
  FOREIGN KEY (order_id, order_line) REFERENCES sales_order_line (order_id, line)
) WITHOUT ROWID;
CREATE INDEX dispatch_line_order ON dispatch_line (order_id, order_line);

CREATE TABLE dispatch_lot (
  document_id INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  lot_id      INTEGER NOT NULL REFERENCES lot (id),
  segment     TEXT    NOT NULL,
  status      TEXT    NOT NULL,
  qty         INTEGER NOT NULL CHECK (qty > 0),
  PRIMARY KEY (document_id, line, lot_id),
  FOREIGN KEY (document_id, line) REFERENCES dispatch_line (document_id, line)
) WITHOUT ROWID;

CREATE TABLE sales_return (
  document_id INTEGER NOT NULL REFERENCES document (id),
  line        INTEGER NOT NULL,
  dispatch_id INTEGER NOT NULL REFERENCES document (id), -- the challan
  lot_id      INTEGER NOT NULL REFERENCES lot (id),
  qty         INTEGER NOT NULL CHECK (qty > 0),
  condition   TEXT    NOT NULL CHECK (condition IN ('GOOD', 'DAMAGED')),
  PRIMARY KEY (document_id, line)
) WITHOUT ROWID;
CREATE INDEX sales_return_dispatch ON sales_return (dispatch_id);

-- +goose StatementBegin
CREATE TRIGGER sales_order_kept BEFORE DELETE ON sales_order BEGIN SELECT RAISE (ABORT, 'orders are closed, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dispatch_kept BEFORE DELETE ON dispatch BEGIN SELECT RAISE (ABORT, 'drafts are discarded, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER invoice_fixed BEFORE UPDATE ON invoice BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER invoice_kept BEFORE DELETE ON invoice BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dispatch_line_fixed BEFORE UPDATE ON dispatch_line BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dispatch_line_kept BEFORE DELETE ON dispatch_line BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dispatch_lot_fixed BEFORE UPDATE ON dispatch_lot BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dispatch_lot_kept BEFORE DELETE ON dispatch_lot BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sales_return_fixed BEFORE UPDATE ON sales_return BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sales_return_kept BEFORE DELETE ON sales_return BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
