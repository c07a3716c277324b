-- The books of the factory. Quantities are base units, money is paise, days count
-- from 1970-01-01, instants are milliseconds UTC.

-- +goose Up

CREATE TABLE factory (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  name          TEXT    NOT NULL,
  address       TEXT    NOT NULL DEFAULT '',
  state_code    TEXT    NOT NULL,
  gstin         TEXT    NOT NULL DEFAULT '',
  time_zone     TEXT    NOT NULL,
  backdate_days INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    TEXT    NOT NULL
);

-- People and PCs.

CREATE TABLE user (
  id         INTEGER PRIMARY KEY,
  login      TEXT    NOT NULL UNIQUE,
  name       TEXT    NOT NULL,
  role       TEXT    NOT NULL CHECK (role IN ('ADMIN', 'OPERATOR')),
  active     INTEGER NOT NULL,
  digest     TEXT    NOT NULL, -- Argon2id with its parameters
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
);

CREATE TABLE session (
  hash       BLOB    PRIMARY KEY, -- SHA-256 of the token
  user_id    INTEGER NOT NULL REFERENCES user (id),
  device_id  INTEGER NOT NULL,    -- 0 = the server's own PC
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_user ON session (user_id);

CREATE TABLE device (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  paired_at   INTEGER NOT NULL,
  revoked_at  INTEGER
);
CREATE INDEX device_fingerprint ON device (fingerprint, id);

-- Master data.

CREATE TABLE item (
  id                INTEGER PRIMARY KEY,
  sku               TEXT    NOT NULL UNIQUE,
  sku_sort          TEXT    NOT NULL, -- numbers padded: sorts by number
  name              TEXT    NOT NULL,
  name_hi           TEXT    NOT NULL DEFAULT '',
  type              TEXT    NOT NULL CHECK (type IN ('RAW', 'BULK_POWDER', 'PACKING_MATERIAL', 'FINISHED_GOOD')),
  subtype           TEXT    NOT NULL DEFAULT '',
  dimension         TEXT    NOT NULL CHECK (dimension IN ('mass', 'count', 'length', 'volume')),
  purchase_unit     TEXT    NOT NULL,
  issue_unit        TEXT    NOT NULL,
  min_stock         INTEGER NOT NULL DEFAULT 0,
  shelf_life_months INTEGER NOT NULL DEFAULT 0,
  qc_required       INTEGER NOT NULL DEFAULT 0,
  hsn               TEXT    NOT NULL DEFAULT '',
  allergens         TEXT    NOT NULL DEFAULT '[]', -- JSON
  net_weight        INTEGER NOT NULL DEFAULT 0,
  active            INTEGER NOT NULL,
  version           INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL,
  updated_by        TEXT    NOT NULL
);
CREATE INDEX item_type ON item (type, sku_sort);

CREATE TABLE item_unit (
  item_id INTEGER NOT NULL REFERENCES item (id),
  code    TEXT    NOT NULL,
  num     INTEGER NOT NULL CHECK (num > 0),
  den     INTEGER NOT NULL CHECK (den > 0),
  PRIMARY KEY (item_id, code)
) WITHOUT ROWID;

CREATE TABLE item_gst (
  item_id INTEGER NOT NULL REFERENCES item (id),
  from_on INTEGER NOT NULL,
  rate    INTEGER NOT NULL,
  PRIMARY KEY (item_id, from_on)
) WITHOUT ROWID;

CREATE TABLE party (
  id            INTEGER PRIMARY KEY,
  kind          TEXT    NOT NULL CHECK (kind IN ('SUPPLIER', 'CUSTOMER')),
  name          TEXT    NOT NULL,
  contact       TEXT    NOT NULL DEFAULT '',
  phone         TEXT    NOT NULL DEFAULT '',
  email         TEXT    NOT NULL DEFAULT '',
  address       TEXT    NOT NULL DEFAULT '',
  state_code    TEXT    NOT NULL,
  gstin         TEXT    NOT NULL DEFAULT '',
  lead_days     INTEGER NOT NULL DEFAULT 0,
  min_life      INTEGER NOT NULL DEFAULT 0,
  min_life_days INTEGER NOT NULL DEFAULT 0,
  segment       TEXT    NOT NULL DEFAULT '',
  active        INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    TEXT    NOT NULL,
  UNIQUE (kind, name)
);

CREATE VIRTUAL TABLE item_words USING fts5 (sku, name, name_hi, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
CREATE VIRTUAL TABLE party_words USING fts5 (name, contact, phone, gstin, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
CREATE VIRTUAL TABLE lot_words USING fts5 (number, supplier_batch, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");

-- Documents and the ledger.

CREATE TABLE series (
  name TEXT    PRIMARY KEY,
  last INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE document (
  id           INTEGER PRIMARY KEY,
  kind         TEXT    NOT NULL,
  number       TEXT    NOT NULL UNIQUE,
  effective_on INTEGER NOT NULL,
  posted_at    INTEGER NOT NULL,
  user_id      INTEGER NOT NULL,
  device       TEXT    NOT NULL,
  reason       TEXT    NOT NULL DEFAULT '',
  party_id     INTEGER REFERENCES party (id),
  reverses     INTEGER UNIQUE REFERENCES document (id)
);
CREATE INDEX document_kind ON document (kind, id);
CREATE INDEX document_day ON document (kind, effective_on);

CREATE TABLE lot (
  id             INTEGER PRIMARY KEY,
  number         TEXT    NOT NULL UNIQUE,
  number_sort    TEXT    NOT NULL,
  item_id        INTEGER NOT NULL REFERENCES item (id),
  born_on        INTEGER NOT NULL,
  mfg_on         INTEGER NOT NULL DEFAULT 0,
  expiry_on      INTEGER NOT NULL DEFAULT 0,
  source_id      INTEGER NOT NULL REFERENCES document (id),
  supplier_id    INTEGER REFERENCES party (id),
  supplier_batch TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX lot_item ON lot (item_id);

CREATE TABLE ledger (
  seq          INTEGER PRIMARY KEY,
  posted_at    INTEGER NOT NULL,
  effective_on INTEGER NOT NULL,
  document_id  INTEGER NOT NULL REFERENCES document (id),
  line         INTEGER NOT NULL,
  account      TEXT    NOT NULL,
  item_id      INTEGER NOT NULL REFERENCES item (id),
  lot_id       INTEGER NOT NULL REFERENCES lot (id),
  segment      TEXT    NOT NULL,
  status       TEXT    NOT NULL,
  qty          INTEGER NOT NULL,
  value        INTEGER NOT NULL,
  reason       TEXT    NOT NULL,
  user_id      INTEGER NOT NULL,
  hash         BLOB    NOT NULL
);
CREATE INDEX ledger_document ON ledger (document_id, seq);
CREATE INDEX ledger_lot ON ledger (lot_id, seq);
CREATE INDEX ledger_day ON ledger (effective_on, account, value);

CREATE TABLE edge (
  id          INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES document (id),
  child_id    INTEGER NOT NULL REFERENCES lot (id),
  parent_id   INTEGER REFERENCES lot (id), -- NULL: came from outside
  qty         INTEGER NOT NULL,
  value       INTEGER NOT NULL
);
CREATE INDEX edge_document ON edge (document_id);
CREATE INDEX edge_child ON edge (child_id);
CREATE INDEX edge_parent ON edge (parent_id);

-- What the ledger adds up to; rebuilt and compared by the verifier.

CREATE TABLE cell (
  lot_id    INTEGER NOT NULL REFERENCES lot (id),
  segment   TEXT    NOT NULL,
  status    TEXT    NOT NULL CHECK (status IN ('HOLD', 'RELEASED', 'REJECTED')),
  item_id   INTEGER NOT NULL REFERENCES item (id),
  qty       INTEGER NOT NULL CHECK (qty >= 0),
  value     INTEGER NOT NULL CHECK (value >= 0 AND (qty > 0 OR value = 0)),
  newest_in INTEGER NOT NULL, -- business day of its newest inbound or value-only row
  PRIMARY KEY (lot_id, segment, status)
) WITHOUT ROWID;
CREATE INDEX cell_open ON cell (item_id, qty) WHERE qty > 0;

CREATE TABLE item_stock (
  item_id INTEGER PRIMARY KEY REFERENCES item (id),
  qty     INTEGER NOT NULL,
  value   INTEGER NOT NULL,
  cells   INTEGER NOT NULL -- with stock
);

CREATE TABLE grn (
  document_id  INTEGER PRIMARY KEY REFERENCES document (id),
  supplier_id  INTEGER NOT NULL REFERENCES party (id),
  invoice_no   TEXT    NOT NULL,
  invoice_on   INTEGER NOT NULL,
  freight      INTEGER NOT NULL,
  hamali       INTEGER NOT NULL
);
CREATE INDEX grn_invoice ON grn (supplier_id, invoice_no);

CREATE TABLE grn_line (
  document_id INTEGER NOT NULL REFERENCES grn (document_id),
  line        INTEGER NOT NULL,
  item_id     INTEGER NOT NULL REFERENCES item (id),
  lot_id      INTEGER NOT NULL UNIQUE REFERENCES lot (id),
  qty         INTEGER NOT NULL CHECK (qty > 0),
  unit        TEXT    NOT NULL,
  value       INTEGER NOT NULL CHECK (value >= 0),
  landed      INTEGER NOT NULL CHECK (landed >= 0),
  gst_rate    INTEGER NOT NULL,
  gst         INTEGER NOT NULL,
  status      TEXT    NOT NULL,
  PRIMARY KEY (document_id, line)
) WITHOUT ROWID;

CREATE TABLE stock_count (
  id           INTEGER PRIMARY KEY,
  number       TEXT    NOT NULL UNIQUE,
  snapshot_seq INTEGER NOT NULL,
  opened_at    INTEGER NOT NULL,
  opened_by    INTEGER NOT NULL,
  document_id  INTEGER REFERENCES document (id)
);

CREATE TABLE stock_count_line (
  count_id INTEGER NOT NULL REFERENCES stock_count (id),
  lot_id   INTEGER NOT NULL REFERENCES lot (id),
  segment  TEXT    NOT NULL,
  status   TEXT    NOT NULL,
  booked   INTEGER NOT NULL,
  PRIMARY KEY (count_id, lot_id, segment, status)
) WITHOUT ROWID;

CREATE TABLE stock_count_entry (
  id       INTEGER PRIMARY KEY,
  count_id INTEGER NOT NULL REFERENCES stock_count (id),
  lot_id   INTEGER NOT NULL,
  segment  TEXT    NOT NULL,
  status   TEXT    NOT NULL,
  qty      INTEGER NOT NULL CHECK (qty >= 0),
  user_id  INTEGER NOT NULL
);
CREATE INDEX stock_count_entry_count ON stock_count_entry (count_id);

CREATE TABLE period (
  month     INTEGER PRIMARY KEY, -- its first day
  seq       INTEGER NOT NULL,
  head      TEXT    NOT NULL,
  value     INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  closed_by TEXT    NOT NULL
);

-- Requests and the audit log.

CREATE TABLE request (
  key         TEXT    PRIMARY KEY,
  user_id     INTEGER NOT NULL,
  operation   TEXT    NOT NULL,
  body        BLOB    NOT NULL, -- SHA-256
  document_id INTEGER,
  at          INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE answer ( -- kept 90 days
  key  TEXT PRIMARY KEY REFERENCES request (key),
  body BLOB NOT NULL,
  at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX answer_at ON answer (at);

CREATE TABLE audit (
  seq         INTEGER PRIMARY KEY,
  at          INTEGER NOT NULL,
  user_id     INTEGER NOT NULL,
  name        TEXT    NOT NULL,
  device      TEXT    NOT NULL,
  operation   TEXT    NOT NULL,
  document_id INTEGER NOT NULL DEFAULT 0,
  entity      TEXT    NOT NULL DEFAULT '',
  old         TEXT    NOT NULL DEFAULT '',
  new         TEXT    NOT NULL DEFAULT '',
  hash        BLOB    NOT NULL
);
CREATE INDEX audit_user ON audit (user_id, seq);
CREATE INDEX audit_operation ON audit (operation, seq);
CREATE INDEX audit_entity ON audit (entity, seq);

-- Nothing posted is ever edited or deleted (R5, R9, R43).

-- +goose StatementBegin
CREATE TRIGGER ledger_fixed BEFORE UPDATE ON ledger BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_kept BEFORE DELETE ON ledger BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edge_fixed BEFORE UPDATE ON edge BEGIN SELECT RAISE (ABORT, 'genealogy is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edge_kept BEFORE DELETE ON edge BEGIN SELECT RAISE (ABORT, 'genealogy is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER document_fixed BEFORE UPDATE ON document BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER document_kept BEFORE DELETE ON document BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grn_line_fixed BEFORE UPDATE ON grn_line BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grn_line_kept BEFORE DELETE ON grn_line BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER lot_fixed BEFORE UPDATE ON lot BEGIN SELECT RAISE (ABORT, 'a lot does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER lot_kept BEFORE DELETE ON lot BEGIN SELECT RAISE (ABORT, 'lots are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER period_fixed BEFORE UPDATE ON period BEGIN SELECT RAISE (ABORT, 'a closed period stays closed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER period_kept BEFORE DELETE ON period BEGIN SELECT RAISE (ABORT, 'a closed period stays closed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER request_kept BEFORE DELETE ON request BEGIN SELECT RAISE (ABORT, 'request keys are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER request_fixed BEFORE UPDATE ON request BEGIN SELECT RAISE (ABORT, 'request keys do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grn_kept BEFORE DELETE ON grn BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER item_kept BEFORE DELETE ON item BEGIN SELECT RAISE (ABORT, 'items are taken out of use, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER party_kept BEFORE DELETE ON party BEGIN SELECT RAISE (ABORT, 'parties are taken out of use, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_kept BEFORE DELETE ON user BEGIN SELECT RAISE (ABORT, 'users are taken out of use, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER device_kept BEFORE DELETE ON device BEGIN SELECT RAISE (ABORT, 'PCs are revoked, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stock_count_kept BEFORE DELETE ON stock_count BEGIN SELECT RAISE (ABORT, 'counts are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stock_count_line_kept BEFORE DELETE ON stock_count_line BEGIN SELECT RAISE (ABORT, 'counts are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stock_count_entry_kept BEFORE DELETE ON stock_count_entry BEGIN SELECT RAISE (ABORT, 'counts are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grn_fixed BEFORE UPDATE ON grn BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stock_count_line_fixed BEFORE UPDATE ON stock_count_line BEGIN SELECT RAISE (ABORT, 'a snapshot does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER stock_count_entry_fixed BEFORE UPDATE ON stock_count_entry BEGIN SELECT RAISE (ABORT, 'what was counted does not change'); END;
-- +goose StatementEnd

-- Rows come in order, without gaps. This also stops INSERT OR REPLACE, which deletes
-- without asking the triggers above.
-- +goose StatementBegin
CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
BEGIN SELECT RAISE (ABORT, 'rows are numbered without gaps'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE (ABORT, 'rows are numbered without gaps'); END;
-- +goose StatementEnd
