-- What a posted paper says is kept with it: parties, names, totals of closed months. What
-- is kept from now on cannot be known of older papers, so their own entry in checked_from
-- tells the verifier where a check begins.

-- +goose Up

CREATE TABLE checked_from (
  what        TEXT    PRIMARY KEY,
  document_id INTEGER NOT NULL -- the newest document before
) WITHOUT ROWID;
INSERT INTO checked_from SELECT 'invoice_party', coalesce(max(id), 0) FROM document;
INSERT INTO checked_from SELECT 'credit', coalesce(max(id), 0) FROM document;

-- Both parties as the challan names them. Older papers keep what they say today.
CREATE TABLE invoice_party (
  document_id INTEGER NOT NULL REFERENCES invoice (document_id),
  role        TEXT    NOT NULL CHECK (role IN ('CONSIGNER', 'CONSIGNEE')),
  name        TEXT    NOT NULL,
  address     TEXT    NOT NULL,
  state_code  TEXT    NOT NULL,
  gstin       TEXT    NOT NULL,
  phone       TEXT    NOT NULL,
  PRIMARY KEY (document_id, role)
) WITHOUT ROWID;
INSERT INTO invoice_party SELECT v.document_id, 'CONSIGNER', f.name, f.address, f.state_code, f.gstin, '' FROM invoice v JOIN factory f;
INSERT INTO invoice_party SELECT x.document_id, 'CONSIGNEE', p.name, p.address, p.state_code, p.gstin, p.phone
  FROM dispatch x JOIN sales_order o ON o.id = x.order_id JOIN party p ON p.id = o.customer_id WHERE x.document_id IS NOT NULL;

DROP TRIGGER dispatch_line_fixed;
ALTER TABLE dispatch_line ADD COLUMN sku TEXT NOT NULL DEFAULT '';
ALTER TABLE dispatch_line ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE dispatch_line ADD COLUMN name_hi TEXT NOT NULL DEFAULT '';
UPDATE dispatch_line AS l SET (sku, name, name_hi) = (SELECT sku, name, name_hi FROM item i WHERE i.id = l.item_id);

-- Whose order and whose draft it is (0: nobody's who is known); the audit log knows it of
-- the older ones.
ALTER TABLE sales_order ADD COLUMN owner_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN owner_id INTEGER NOT NULL DEFAULT 0;
UPDATE sales_order AS o SET owner_id = coalesce((SELECT a.user_id FROM audit a
  WHERE a.entity = 'sales order ' || o.number COLLATE NOCASE AND a.operation = 'sales.create_order' ORDER BY a.seq LIMIT 1), 0);
UPDATE dispatch AS x SET owner_id = coalesce((SELECT a.user_id FROM audit a
  WHERE a.entity = 'dispatch draft ' || x.id || ' of ' || (SELECT number FROM sales_order o WHERE o.id = x.order_id) COLLATE NOCASE
    AND a.operation = 'sales.draft_dispatch' ORDER BY a.seq LIMIT 1), 0);

-- A draft wants items: the lines of its order may change once it is discarded.
ALTER TABLE dispatch_draft ADD COLUMN item_id INTEGER NOT NULL DEFAULT 0;
UPDATE dispatch_draft AS l SET item_id = coalesce((SELECT n.item_id FROM dispatch x JOIN sales_order_line n ON n.order_id = x.order_id AND n.line = l.order_line WHERE x.id = l.dispatch_id), 0);

-- Why a line of a GRN was set aside.
ALTER TABLE grn_line ADD COLUMN hold_reason TEXT NOT NULL DEFAULT '';

-- What a price correction put on material that is in process (R14).
CREATE TABLE batch_price (
  document_id INTEGER NOT NULL REFERENCES document (id),
  batch_id    INTEGER NOT NULL REFERENCES batch (id),
  lot_id      INTEGER NOT NULL REFERENCES lot (id),
  value       INTEGER NOT NULL,
  PRIMARY KEY (batch_id, lot_id, document_id)
) WITHOUT ROWID;
CREATE INDEX batch_price_document ON batch_price (document_id);

-- The trial balance of a closed month (R8): no row dated into it comes later, so the days
-- know it of the older ones.
CREATE TABLE period_account (
  month   INTEGER NOT NULL REFERENCES period (month),
  account TEXT    NOT NULL,
  value   INTEGER NOT NULL,
  PRIMARY KEY (month, account)
) WITHOUT ROWID;
INSERT INTO period_account SELECT p.month, a.account, sum(a.value) FROM period p JOIN account_day a
  ON a.effective_on < unixepoch(p.month * 86400, 'unixepoch', 'start of month', '+1 month') / 86400 GROUP BY 1, 2 HAVING sum(a.value) <> 0;

-- +goose StatementBegin
CREATE TRIGGER dispatch_line_fixed BEFORE UPDATE ON dispatch_line BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checked_from_fixed BEFORE UPDATE ON checked_from BEGIN SELECT RAISE (ABORT, 'where a check begins does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checked_from_kept BEFORE DELETE ON checked_from BEGIN SELECT RAISE (ABORT, 'where a check begins does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER invoice_party_fixed BEFORE UPDATE ON invoice_party BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER invoice_party_kept BEFORE DELETE ON invoice_party BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_waste_fixed BEFORE UPDATE ON batch_waste BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_price_fixed BEFORE UPDATE ON batch_price BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_price_kept BEFORE DELETE ON batch_price BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER period_account_fixed BEFORE UPDATE ON period_account BEGIN SELECT RAISE (ABORT, 'a closed period stays closed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER period_account_kept BEFORE DELETE ON period_account BEGIN SELECT RAISE (ABORT, 'a closed period stays closed'); END;
-- +goose StatementEnd

-- What the planner knows of them (see 00018_scale.sql).
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('checked_from', 'checked_from', '2 1'),
  ('invoice_party', 'invoice_party', '62000 2 1'),
  ('batch_price', 'batch_price', '500 2 2 1'),
  ('batch_price', 'batch_price_document', '500 2 1'),
  ('period_account', 'period_account', '1000 8 1');
ANALYZE sqlite_schema;
