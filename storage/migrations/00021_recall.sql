-- A recall of thousands of lots, the stock of any day and the lots of an item are read
-- from indexes, without a visit to every row behind them.

-- +goose Up

DROP INDEX ledger_lot;
CREATE INDEX ledger_lot ON ledger (lot_id, account, seq, qty, document_id);
DROP INDEX edge_parent;
CREATE INDEX edge_parent ON edge (parent_id, child_id, document_id, qty);
DROP INDEX lot_item;
CREATE INDEX lot_item ON lot (item_id, (expiry_on = 0), expiry_on, born_on, number_sort);
CREATE INDEX cell_item ON cell (item_id);

-- item_day per calendar month; month is its first day. Compared by the verifier.
CREATE TABLE item_month (
  item_id INTEGER NOT NULL REFERENCES item (id),
  month   INTEGER NOT NULL,
  qty     INTEGER NOT NULL,
  value   INTEGER NOT NULL,
  PRIMARY KEY (item_id, month)
) WITHOUT ROWID;
INSERT INTO item_month SELECT item_id, unixepoch(effective_on * 86400, 'unixepoch', 'start of month') / 86400, sum(qty), sum(value) FROM item_day GROUP BY 1, 2;

-- What the planner knows of them (see 00018_scale.sql).
DELETE FROM sqlite_stat1 WHERE idx IN ('ledger_lot', 'edge_parent', 'lot_item');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('ledger', 'ledger_lot', '5000000 11 3 1 1 1'),
  ('edge', 'edge_parent', '1000000 5 1 1 1'),
  ('lot', 'lot_item', '450000 6500 6500 10 5 1'),
  ('cell', 'cell_item', '600000 6500 2 2 1'),
  ('item_month', 'item_month', '8000 120 1');
ANALYZE sqlite_schema;
