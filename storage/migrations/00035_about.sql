-- The audit log is asked for a document, and for days.

-- +goose Up

CREATE INDEX audit_document ON audit (document_id, seq);
CREATE INDEX audit_at ON audit (at, seq);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('audit', 'audit_document', '450000 4 1'),
  ('audit', 'audit_at', '450000 2 1');
