-- What other PCs are told of the newest ledger row is proved with a secret that only
-- the books hold: its hash alone would tell whoever knows the row's quantity its value
-- (R37). The secret goes into every restore point, so restored books keep it.

-- +goose Up

CREATE TABLE secret (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  body BLOB    NOT NULL CHECK (length(body) = 32)
);
INSERT INTO secret (id, body) VALUES (1, randomblob(32));
