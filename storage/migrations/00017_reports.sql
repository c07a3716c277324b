-- What the dashboards count is found by index: what is open is little, whatever has
-- been done in ten years.

-- +goose Up

CREATE INDEX dispatch_open ON dispatch (id) WHERE document_id IS NULL AND NOT discarded;
CREATE INDEX sales_order_deliver ON sales_order (deliver_on) WHERE NOT closed;
CREATE INDEX stock_count_open ON stock_count (id) WHERE state = 'OPEN';
CREATE INDEX batch_cancel ON batch (cancel_document) WHERE cancel_document IS NOT NULL;
