-- Registers by item and day, and stock counts that end without a document.

-- +goose Up

CREATE INDEX ledger_item ON ledger (item_id, effective_on, seq) WHERE account = 'STOCK';

ALTER TABLE stock_count ADD COLUMN state TEXT NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'POSTED', 'AGREED', 'CANCELLED'));
UPDATE stock_count SET state = 'POSTED' WHERE document_id IS NOT NULL;
