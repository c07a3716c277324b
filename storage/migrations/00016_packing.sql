-- Packaging profiles with their versions, and packing runs.

-- +goose Up

CREATE TABLE profile (
  id         INTEGER PRIMARY KEY,
  code       TEXT    NOT NULL UNIQUE COLLATE NOCASE,
  code_sort  TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  active     INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
);

-- Every version stays as it was, because runs were packed by it.
CREATE TABLE profile_version (
  profile_id INTEGER NOT NULL REFERENCES profile (id),
  version    INTEGER NOT NULL,
  code       TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  net_weight INTEGER NOT NULL CHECK (net_weight > 0), -- mg of powder in one pack
  note       TEXT    NOT NULL,
  active     INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL,
  PRIMARY KEY (profile_id, version)
) WITHOUT ROWID;

CREATE TABLE profile_component (
  profile_id INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  item_id    INTEGER NOT NULL REFERENCES item (id),
  q          INTEGER NOT NULL CHECK (q > 0), -- base units for every n packs
  n          INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (profile_id, version, line),
  FOREIGN KEY (profile_id, version) REFERENCES profile_version (profile_id, version)
) WITHOUT ROWID;

CREATE TABLE profile_product (
  profile_id INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  item_id    INTEGER NOT NULL REFERENCES item (id), -- finished good
  powder_id  INTEGER NOT NULL REFERENCES item (id),
  PRIMARY KEY (profile_id, version, line),
  FOREIGN KEY (profile_id, version) REFERENCES profile_version (profile_id, version)
) WITHOUT ROWID;
CREATE INDEX profile_product_item ON profile_product (item_id);

CREATE TABLE packing_run (
  document_id     INTEGER PRIMARY KEY REFERENCES document (id),
  profile_id      INTEGER NOT NULL,
  profile_version INTEGER NOT NULL,
  item_id         INTEGER NOT NULL REFERENCES item (id),
  lot_id          INTEGER NOT NULL UNIQUE REFERENCES lot (id), -- of the finished goods
  powder_lot_id   INTEGER NOT NULL REFERENCES lot (id),
  segment         TEXT    NOT NULL,
  status          TEXT    NOT NULL, -- it was born with
  packs           INTEGER NOT NULL CHECK (packs > 0),
  powder          INTEGER NOT NULL CHECK (powder > 0), -- mg used in all
  overfill        INTEGER NOT NULL CHECK (overfill >= 0),
  lost            INTEGER NOT NULL CHECK (lost >= 0),
  lost_reason     TEXT    NOT NULL,
  value           INTEGER NOT NULL CHECK (value >= 0),
  FOREIGN KEY (profile_id, profile_version) REFERENCES profile_version (profile_id, version)
);
CREATE INDEX packing_run_item ON packing_run (item_id, document_id);
CREATE INDEX packing_run_powder ON packing_run (powder_lot_id);

CREATE TABLE packing_component (
  document_id INTEGER NOT NULL REFERENCES packing_run (document_id),
  line        INTEGER NOT NULL, -- of the profile
  item_id     INTEGER NOT NULL REFERENCES item (id),
  qty         INTEGER NOT NULL CHECK (qty > 0), -- what the packs took
  lost        INTEGER NOT NULL CHECK (lost >= 0), -- beyond it
  reason      TEXT    NOT NULL,
  suggested   TEXT    NOT NULL, -- JSON: the lots R25 suggested where others were chosen
  PRIMARY KEY (document_id, line)
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER profile_kept BEFORE DELETE ON profile BEGIN SELECT RAISE (ABORT, 'profiles are taken out of use, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_version_fixed BEFORE UPDATE ON profile_version BEGIN SELECT RAISE (ABORT, 'a version of a profile does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_version_kept BEFORE DELETE ON profile_version BEGIN SELECT RAISE (ABORT, 'a version of a profile does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_component_fixed BEFORE UPDATE ON profile_component BEGIN SELECT RAISE (ABORT, 'a version of a profile does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_component_kept BEFORE DELETE ON profile_component BEGIN SELECT RAISE (ABORT, 'a version of a profile does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_product_fixed BEFORE UPDATE ON profile_product BEGIN SELECT RAISE (ABORT, 'a version of a profile does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_product_kept BEFORE DELETE ON profile_product BEGIN SELECT RAISE (ABORT, 'a version of a profile does not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER packing_run_fixed BEFORE UPDATE ON packing_run BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER packing_run_kept BEFORE DELETE ON packing_run BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER packing_component_fixed BEFORE UPDATE ON packing_component BEGIN SELECT RAISE (ABORT, 'posted documents do not change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER packing_component_kept BEFORE DELETE ON packing_component BEGIN SELECT RAISE (ABORT, 'posted documents are kept'); END;
-- +goose StatementEnd
