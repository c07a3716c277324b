-- What each dispatch has sent of each lot and its customer still has: what the rows of the
-- ledger add up to, kept so that a recall of years reads one table in the order of its lots
-- (R29).

-- +goose Up

CREATE TABLE parcel (
  lot_id      INTEGER NOT NULL REFERENCES lot (id),
  dispatch_id INTEGER NOT NULL REFERENCES document (id), -- the challan
  customer_id INTEGER NOT NULL REFERENCES party (id),
  qty         INTEGER NOT NULL, -- 0 when all of it came back
  PRIMARY KEY (lot_id, dispatch_id)
) WITHOUT ROWID;
INSERT INTO parcel
  SELECT x.lot, x.dispatch, c.party_id, sum(x.qty) FROM (
    SELECT g.lot_id AS lot, coalesce((SELECT s.dispatch_id FROM sales_return s WHERE s.document_id = coalesce(d.reverses, d.id) LIMIT 1), d.reverses, d.id) AS dispatch, g.qty
      FROM ledger g JOIN document d ON d.id = g.document_id WHERE g.account = 'COGS' AND g.qty <> 0) x
  JOIN document c ON c.id = x.dispatch GROUP BY 1, 2;
