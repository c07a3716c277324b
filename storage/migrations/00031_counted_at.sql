-- A stock count knows what the books held when each quantity was entered: goods move while
-- it goes on.

-- +goose Up

-- The newest ledger row when it was entered. Entries of before were compared with the
-- snapshot, so they have that one.
DROP TRIGGER stock_count_entry_fixed;
ALTER TABLE stock_count_entry ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE stock_count_entry AS e SET seq = (SELECT n.snapshot_seq FROM stock_count n WHERE n.id = e.count_id);
-- +goose StatementBegin
CREATE TRIGGER stock_count_entry_fixed BEFORE UPDATE ON stock_count_entry BEGIN SELECT RAISE (ABORT, 'what was counted does not change'); END;
-- +goose StatementEnd

-- In a count that is open, nobody knows it of stock that has moved since: it is counted again.
INSERT INTO stock_count_void SELECT e.id, n.opened_by, 'This stock has moved. Count it again.' FROM stock_count n JOIN stock_count_entry e ON e.count_id = n.id
  WHERE n.state = 'OPEN' AND NOT EXISTS (SELECT 1 FROM stock_count_void v WHERE v.entry_id = e.id)
  AND EXISTS (SELECT 1 FROM ledger g WHERE g.lot_id = e.lot_id AND g.seq > n.snapshot_seq AND g.account = 'STOCK' AND g.segment = e.segment AND g.status = e.status AND g.qty <> 0);

-- The newest ledger row when the count ended, before its own document. NULL: it is open.
ALTER TABLE stock_count ADD COLUMN closed_seq INTEGER;
UPDATE stock_count AS n SET closed_seq = coalesce((SELECT min(g.seq) - 1 FROM ledger g WHERE g.document_id = n.document_id), n.snapshot_seq) WHERE n.state <> 'OPEN';

-- From here on the difference is that to the books of the moment of counting.
INSERT INTO checked_since SELECT 'counts', coalesce(max(id), 0) FROM document;
