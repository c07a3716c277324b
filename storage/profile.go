package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/packing"
)

// Profiles pages through the packaging profiles by code.
func (t *Tx) Profiles(q packing.ListProfilesReq) (resp packing.ListProfilesResp, err error) {
	w := &where{}
	if !q.Inactive {
		w.and("p.active")
	}
	if q.Item != 0 {
		w.and("EXISTS (SELECT 1 FROM profile_product g WHERE g.profile_id = p.id AND g.version = p.version AND g.item_id = ?)", q.Item)
	}
	if m := match(q.Query); m != "" {
		w.and(`(EXISTS (SELECT 1 FROM profile_product g WHERE g.profile_id = p.id AND g.version = p.version AND g.item_id IN (SELECT rowid FROM item_words WHERE item_words MATCH ?))
			OR instr(lower(p.code), lower(?)) > 0 OR instr(lower(p.name), lower(?)) > 0)`, m, q.Query, q.Query)
	}
	if _, err := t.one(`SELECT count(*) FROM profile p WHERE `+w.String(), w.args, &resp.Total); err != nil {
		return resp, err
	}
	limit, offset := core.PageSize(q.Limit), core.Offset(q.After)
	rows, err := list(t, `SELECT p.id, p.code, p.name, v.net_weight,
		(SELECT count(*) FROM profile_component c WHERE c.profile_id = p.id AND c.version = p.version),
		(SELECT count(*) FROM profile_product g WHERE g.profile_id = p.id AND g.version = p.version), p.active, p.version
		FROM profile p JOIN profile_version v ON v.profile_id = p.id AND v.version = p.version
		WHERE `+w.String()+` ORDER BY p.code_sort LIMIT ? OFFSET ?`, append(w.args, limit+1, offset),
		func(r *sql.Rows) (x packing.ProfileRow, err error) {
			return x, r.Scan(&x.ID, &x.Code, &x.Name, &x.NetWeight, &x.Components, &x.Products, &x.Active, &x.Version)
		})
	resp.Profiles, resp.Next = page(rows, limit, offset)
	return resp, err
}

// Profile reads a version of a packaging profile, 0 the current one.
func (t *Tx) Profile(id packing.ID, version int64) (x packing.Profile, err error) {
	ok, err := t.one(`SELECT p.id, v.code, v.name, v.net_weight, v.note, v.active, v.version = p.version, v.version, v.updated_at, v.updated_by
		FROM profile p JOIN profile_version v ON v.profile_id = p.id AND v.version = CASE WHEN ?2 = 0 THEN p.version ELSE ?2 END
		WHERE p.id = ?1`, []any{id, version}, &x.ID, &x.Code, &x.Name, &x.NetWeight, &x.Note, &x.Active, &x.Current, &x.Version, clock{&x.UpdatedAt}, &x.UpdatedBy)
	if err != nil {
		return x, err
	}
	if !ok {
		return x, core.NotFound("id", "There is no such packaging profile.")
	}
	x.Components, err = list(t, `SELECT item_id, q, n FROM profile_component WHERE profile_id = ? AND version = ? ORDER BY line`, []any{id, x.Version},
		func(r *sql.Rows) (c packing.Component, err error) { return c, r.Scan(&c.Item, &c.Q, &c.N) })
	if err != nil {
		return x, err
	}
	x.Products, err = list(t, `SELECT item_id, powder_id FROM profile_product WHERE profile_id = ? AND version = ? ORDER BY line`, []any{id, x.Version},
		func(r *sql.Rows) (p packing.Product, err error) { return p, r.Scan(&p.Item, &p.Powder) })
	return x, err
}

// ProfileByCode finds a packaging profile.
func (t *Tx) ProfileByCode(code string) (id packing.ID, ok bool, err error) {
	ok, err = t.one(`SELECT id FROM profile WHERE code = ?`, []any{code}, &id)
	return id, ok, err
}

// InsertProfile writes a new packaging profile in its first version.
func (t *Tx) InsertProfile(x packing.Profile) (packing.ID, error) {
	id, err := t.insert(`INSERT INTO profile (code, code_sort, name, active, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		x.Code, core.SortKey(x.Code), x.Name, x.Active, x.Version, instant(x.UpdatedAt), x.UpdatedBy)
	if err != nil {
		return 0, err
	}
	x.ID = packing.ID(id)
	return x.ID, t.insertProfileVersion(x)
}

// UpdateProfile writes the next version of a packaging profile.
func (t *Tx) UpdateProfile(x packing.Profile) error {
	if _, err := t.exec(`UPDATE profile SET code = ?, code_sort = ?, name = ?, active = ?, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`,
		x.Code, core.SortKey(x.Code), x.Name, x.Active, x.Version, instant(x.UpdatedAt), x.UpdatedBy, x.ID); err != nil {
		return err
	}
	return t.insertProfileVersion(x)
}

func (t *Tx) insertProfileVersion(x packing.Profile) error {
	if _, err := t.exec(`INSERT INTO profile_version (profile_id, version, code, name, net_weight, note, active, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		x.ID, x.Version, x.Code, x.Name, x.NetWeight, x.Note, x.Active, instant(x.UpdatedAt), x.UpdatedBy); err != nil {
		return err
	}
	for i, c := range x.Components {
		if _, err := t.exec(`INSERT INTO profile_component (profile_id, version, line, item_id, q, n) VALUES (?, ?, ?, ?, ?, ?)`, x.ID, x.Version, i+1, c.Item, c.Q, c.N); err != nil {
			return err
		}
	}
	for i, p := range x.Products {
		if _, err := t.exec(`INSERT INTO profile_product (profile_id, version, line, item_id, powder_id) VALUES (?, ?, ?, ?, ?)`, x.ID, x.Version, i+1, p.Item, p.Powder); err != nil {
			return err
		}
	}
	return nil
}
