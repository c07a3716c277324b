-- What the flow of materials needs of the ledger: documents that stand on others,
-- recall marks, and sums per day, so that a trial balance and the stock of any day
-- cost the same however long the ledger has grown.

-- +goose Up

-- A document that stands on others (a sales return on its dispatch) must be
-- reversed before them.
CREATE TABLE document_on (
  document_id INTEGER NOT NULL REFERENCES document (id),
  on_id       INTEGER NOT NULL REFERENCES document (id),
  PRIMARY KEY (document_id, on_id)
) WITHOUT ROWID;
CREATE INDEX document_on_on ON document_on (on_id);

-- Recalls freeze lots (R30); a mark stands while its recall is open.
CREATE TABLE recall (
  id           INTEGER PRIMARY KEY,
  number       TEXT    NOT NULL UNIQUE,
  lot_id       INTEGER NOT NULL REFERENCES lot (id),
  reason       TEXT    NOT NULL,
  opened_at    INTEGER NOT NULL,
  opened_by    TEXT    NOT NULL,
  closed_at    INTEGER,
  closed_by    TEXT    NOT NULL DEFAULT '',
  close_reason TEXT    NOT NULL DEFAULT '',
  version      INTEGER NOT NULL
);
CREATE INDEX recall_open ON recall (id) WHERE closed_at IS NULL;

CREATE TABLE recall_lot (
  lot_id    INTEGER NOT NULL REFERENCES lot (id),
  recall_id INTEGER NOT NULL REFERENCES recall (id),
  PRIMARY KEY (lot_id, recall_id)
) WITHOUT ROWID;
CREATE INDEX recall_lot_recall ON recall_lot (recall_id);

-- What the ledger adds up to per business day; compared by the verifier.
CREATE TABLE account_day (
  account      TEXT    NOT NULL,
  effective_on INTEGER NOT NULL,
  value        INTEGER NOT NULL,
  PRIMARY KEY (account, effective_on)
) WITHOUT ROWID;
INSERT INTO account_day SELECT account, effective_on, sum(value) FROM ledger GROUP BY account, effective_on;

CREATE TABLE item_day (
  item_id      INTEGER NOT NULL REFERENCES item (id),
  effective_on INTEGER NOT NULL,
  qty          INTEGER NOT NULL,
  value        INTEGER NOT NULL,
  PRIMARY KEY (item_id, effective_on)
) WITHOUT ROWID;
INSERT INTO item_day SELECT item_id, effective_on, sum(qty), sum(value) FROM ledger WHERE account = 'STOCK' GROUP BY item_id, effective_on;

DROP INDEX ledger_day;
DROP INDEX grn_invoice;
CREATE INDEX grn_invoice ON grn (supplier_id, invoice_no COLLATE NOCASE);

-- +goose StatementBegin
CREATE TRIGGER document_on_kept BEFORE DELETE ON document_on BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER document_on_fixed BEFORE UPDATE ON document_on BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recall_kept BEFORE DELETE ON recall BEGIN SELECT RAISE (ABORT, 'recalls are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recall_lot_kept BEFORE DELETE ON recall_lot BEGIN SELECT RAISE (ABORT, 'recalls are kept'); END;
-- +goose StatementEnd
