-- Lists that grow with the years are walked by their keys, and what is rare in them is
-- found by an index of its own.

-- +goose Up

-- Looked up by the start of a number, within a kind.
CREATE INDEX document_kind_number ON document (kind, number);
CREATE INDEX document_return ON document (party_id, id) WHERE kind = 'SR';
CREATE INDEX packing_run_segment ON packing_run (segment, document_id);
CREATE INDEX batch_cancelled ON batch (id) WHERE cancelled;
CREATE INDEX dispatch_discarded ON dispatch (id) WHERE discarded;
CREATE INDEX dispatch_waiting ON dispatch (id) WHERE left_at = 0 AND document_id IS NOT NULL;
CREATE INDEX recall_shown ON recall ((closed_at IS NOT NULL), id DESC);

-- settled: when it was last looked at, nothing of the order was to come or to go any
-- more. A reversal takes it back, so an order that is due is never settled; one that is
-- not settled may still be done.
ALTER TABLE sales_order ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE purchase_order ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;

UPDATE sales_order AS o SET settled = 1 WHERE NOT EXISTS (SELECT 1 FROM sales_order_line n WHERE n.order_id = o.id
  AND (SELECT coalesce(sum(x.qty), 0) FROM dispatch_line x WHERE x.order_id = n.order_id AND x.order_line = n.line
    AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = x.document_id)) < n.qty);
UPDATE purchase_order AS p SET settled = 1 WHERE NOT EXISTS (SELECT 1 FROM purchase_order_line n WHERE n.order_id = p.id
  AND (SELECT coalesce(sum(g.qty), 0) FROM grn_order o JOIN grn_line g ON g.document_id = o.document_id AND g.line = o.line
    WHERE o.order_id = n.order_id AND o.order_line = n.line AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = o.document_id)) < n.qty);

DROP INDEX sales_order_deliver;
DROP INDEX purchase_order_due;
CREATE INDEX sales_order_due ON sales_order (id) WHERE NOT closed AND NOT settled;
CREATE INDEX purchase_order_due ON purchase_order (id) WHERE NOT closed AND NOT settled;

-- What the planner knows of them (see 00018_scale.sql).
DELETE FROM sqlite_stat1 WHERE idx IN ('sales_order_deliver', 'purchase_order_due');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('document', 'document_kind_number', '350000 35000 1'),
  ('document', 'document_return', '6000 300 1'),
  ('packing_run', 'packing_run_segment', '100000 50000 1'),
  ('batch', 'batch_cancelled', '200 1'),
  ('dispatch', 'dispatch_discarded', '200 1'),
  ('dispatch', 'dispatch_waiting', '20 1'),
  ('recall', 'recall_shown', '50 25 1'),
  ('sales_order', 'sales_order_due', '20 1'),
  ('purchase_order', 'purchase_order_due', '20 1');
ANALYZE sqlite_schema;
