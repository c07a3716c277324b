-- What a lot was made of is read from an index, too, as what was made of it is: a page of a
-- recall looks at every step into each of its lots.

-- +goose Up

DROP INDEX edge_child;
CREATE INDEX edge_child ON edge (child_id, parent_id, document_id, qty);
