-- Recipes with their versions, and production batches.

-- +goose Up

CREATE TABLE recipe (
  id         INTEGER PRIMARY KEY,
  code       TEXT    NOT NULL UNIQUE COLLATE NOCASE,
  code_sort  TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  item_id    INTEGER NOT NULL REFERENCES item (id),
  active     INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
);
CREATE INDEX recipe_item ON recipe (item_id);

-- Every version stays as it was, because batches were made by it.
CREATE TABLE recipe_version (
  recipe_id  INTEGER NOT NULL REFERENCES recipe (id),
  version    INTEGER NOT NULL,
  code       TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  std_loss   INTEGER NOT NULL,
  tolerance  INTEGER NOT NULL,
  note       TEXT    NOT NULL,
  active     INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL,
  PRIMARY KEY (recipe_id, version)
) WITHOUT ROWID;

CREATE TABLE recipe_line (
  recipe_id INTEGER NOT NULL,
  version   INTEGER NOT NULL,
  line      INTEGER NOT NULL,
  item_id   INTEGER NOT NULL REFERENCES item (id),
  share     INTEGER NOT NULL CHECK (share > 0),
  PRIMARY KEY (recipe_id, version, line),
  FOREIGN KEY (recipe_id, version) REFERENCES recipe_version (recipe_id, version)
) WITHOUT ROWID;

CREATE TABLE batch (
  id              INTEGER PRIMARY KEY,
  number          TEXT    NOT NULL UNIQUE,
  recipe_id       INTEGER NOT NULL,
  recipe_version  INTEGER NOT NULL,
  item_id         INTEGER NOT NULL REFERENCES item (id),
  charge          INTEGER NOT NULL CHECK (charge > 0),
  planned_on      INTEGER NOT NULL,
  note            TEXT    NOT NULL,
  started_at      INTEGER NOT NULL DEFAULT 0,
  started_by      TEXT    NOT NULL DEFAULT '',
  cancelled       INTEGER NOT NULL DEFAULT 0,
  cancel_document INTEGER REFERENCES document (id), -- return of the material
  cancel_reason   TEXT    NOT NULL DEFAULT '',
  document_id     INTEGER REFERENCES document (id), -- newest completion
  version         INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  updated_by      TEXT    NOT NULL,
  FOREIGN KEY (recipe_id, recipe_version) REFERENCES recipe_version (recipe_id, version)
);
CREATE INDEX batch_item ON batch (item_id, id);
CREATE INDEX batch_open ON batch (id) WHERE document_id IS NULL AND NOT cancelled;

-- A weight that was typed; without document nothing but zeros was typed with it.
CREATE TABLE batch_typed (
  id          INTEGER PRIMARY KEY,
  batch_id    INTEGER NOT NULL REFERENCES batch (id),
  line        INTEGER NOT NULL, -- of the job card; 0 is an extra ingredient
  item_id     INTEGER NOT NULL REFERENCES item (id),
  qty         INTEGER NOT NULL CHECK (qty >= 0),
  reason      TEXT    NOT NULL,
  suggested   TEXT    NOT NULL, -- JSON: the lots R25 suggested
  override    INTEGER NOT NULL, -- others were chosen
  document_id INTEGER REFERENCES document (id)
);
CREATE INDEX batch_typed_batch ON batch_typed (batch_id);
CREATE INDEX batch_typed_document ON batch_typed (document_id);

CREATE TABLE batch_completion (
  document_id INTEGER PRIMARY KEY REFERENCES document (id),
  batch_id    INTEGER NOT NULL REFERENCES batch (id),
  input       INTEGER NOT NULL CHECK (input > 0),
  input_value INTEGER NOT NULL,
  loss        INTEGER NOT NULL,
  gain_reason TEXT    NOT NULL,
  expensed    INTEGER NOT NULL,
  expense     INTEGER NOT NULL
);
CREATE INDEX batch_completion_batch ON batch_completion (batch_id);

CREATE TABLE batch_output (
  document_id INTEGER NOT NULL REFERENCES batch_completion (document_id),
  line        INTEGER NOT NULL, -- 0 is the powder
  item_id     INTEGER NOT NULL REFERENCES item (id),
  lot_id      INTEGER NOT NULL UNIQUE REFERENCES lot (id),
  qty         INTEGER NOT NULL CHECK (qty > 0),
  value       INTEGER NOT NULL CHECK (value >= 0),
  status      TEXT    NOT NULL,
  PRIMARY KEY (document_id, line)
) WITHOUT ROWID;

CREATE TABLE batch_waste (
  document_id INTEGER NOT NULL REFERENCES batch_completion (document_id),
  line        INTEGER NOT NULL,
  reason      TEXT    NOT NULL,
  qty         INTEGER NOT NULL CHECK (qty > 0),
  PRIMARY KEY (document_id, line)
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER recipe_kept BEFORE DELETE ON recipe BEGIN SELECT RAISE (ABORT, 'recipes are taken out of use, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recipe_version_fixed BEFORE UPDATE ON recipe_version BEGIN SELECT RAISE (ABORT, 'a version of a recipe does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recipe_line_fixed BEFORE UPDATE ON recipe_line BEGIN SELECT RAISE (ABORT, 'a version of a recipe does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recipe_line_kept BEFORE DELETE ON recipe_line BEGIN SELECT RAISE (ABORT, 'a version of a recipe does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_kept BEFORE DELETE ON batch BEGIN SELECT RAISE (ABORT, 'batches are cancelled, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_typed_fixed BEFORE UPDATE ON batch_typed BEGIN SELECT RAISE (ABORT, 'what was weighed does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_typed_kept BEFORE DELETE ON batch_typed BEGIN SELECT RAISE (ABORT, 'what was weighed is kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_completion_fixed BEFORE UPDATE ON batch_completion BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_completion_kept BEFORE DELETE ON batch_completion BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_output_fixed BEFORE UPDATE ON batch_output BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_output_kept BEFORE DELETE ON batch_output BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batch_waste_kept BEFORE DELETE ON batch_waste BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
