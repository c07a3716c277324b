package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/party"
)

const partyColumns = `id, kind, name, contact, phone, email, address, state_code, gstin, lead_days, min_life, min_life_days, segment, active, version, updated_at, updated_by`

func partyInto(p *party.Party) []any {
	return []any{&p.ID, &p.Kind, &p.Name, &p.Contact, &p.Phone, &p.Email, &p.Address, &p.StateCode, &p.GSTIN, &p.LeadDays, &p.MinLife, &p.MinLifeDays,
		&p.Segment, &p.Active, &p.Version, clock{&p.UpdatedAt}, &p.UpdatedBy}
}

// Parties searches and pages through suppliers and customers by name.
func (t *Tx) Parties(q party.ListPartiesReq) (resp party.ListPartiesResp, err error) {
	var w where
	if q.Kind != "" {
		w.and("kind = ?", q.Kind)
	}
	if !q.Inactive {
		w.and("active")
	}
	if m := match(q.Query); m != "" {
		w.and("id IN (SELECT rowid FROM party_words WHERE party_words MATCH ?)", m)
	}
	if _, err := t.one(`SELECT count(*) FROM party WHERE `+w.String(), w.args, &resp.Total); err != nil {
		return resp, err
	}
	limit, offset := core.PageSize(q.Limit), core.Offset(q.After)
	rows, err := list(t, `SELECT `+partyColumns+` FROM party WHERE `+w.String()+` ORDER BY name COLLATE NOCASE, id LIMIT ? OFFSET ?`,
		append(w.args, limit+1, offset), func(r *sql.Rows) (p party.Party, err error) { return p, r.Scan(partyInto(&p)...) })
	resp.Parties, resp.Next = page(rows, limit, offset)
	return resp, err
}

// Party reads one party.
func (t *Tx) Party(id core.PartyID) (p party.Party, err error) {
	ok, err := t.one(`SELECT `+partyColumns+` FROM party WHERE id = ?`, []any{id}, partyInto(&p)...)
	if err == nil && !ok {
		err = core.NotFound("id", "This supplier or customer does not exist.")
	}
	return p, err
}

// PartyNamed finds the oldest other party than but that has the same name (core.NameKey).
func (t *Tx) PartyNamed(kind party.Kind, name string, but core.PartyID) (p party.Party, ok bool, err error) {
	var found core.PartyID
	key := core.NameKey(name)
	err = t.each(`SELECT id, name FROM party WHERE kind = ? AND id <> ? ORDER BY id DESC`, []any{kind, but}, func(r *sql.Rows) error {
		var id core.PartyID
		var other string
		err := r.Scan(&id, &other)
		if core.NameKey(other) == key {
			found = id
		}
		return err
	})
	if err != nil || found == 0 {
		return p, false, err
	}
	p, err = t.Party(found)
	return p, true, err
}

// InsertParty adds a party.
func (t *Tx) InsertParty(p party.Party) (core.PartyID, error) {
	id, err := t.insert(`INSERT INTO party (kind, name, contact, phone, email, address, state_code, gstin, lead_days, min_life, min_life_days, segment,
		active, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.Kind, p.Name, p.Contact, p.Phone, p.Email, p.Address, p.StateCode, p.GSTIN, p.LeadDays, p.MinLife, p.MinLifeDays, p.Segment,
		p.Active, p.Version, instant(p.UpdatedAt), p.UpdatedBy)
	if err != nil {
		return 0, err
	}
	p.ID = core.PartyID(id)
	return p.ID, t.putPartyWords(p)
}

// UpdateParty writes all fields of a party.
func (t *Tx) UpdateParty(p party.Party) error {
	_, err := t.exec(`UPDATE party SET name = ?, contact = ?, phone = ?, email = ?, address = ?, state_code = ?, gstin = ?, lead_days = ?, min_life = ?,
		min_life_days = ?, segment = ?, active = ?, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`,
		p.Name, p.Contact, p.Phone, p.Email, p.Address, p.StateCode, p.GSTIN, p.LeadDays, p.MinLife, p.MinLifeDays, p.Segment,
		p.Active, p.Version, instant(p.UpdatedAt), p.UpdatedBy, p.ID)
	if err != nil {
		return err
	}
	return t.putPartyWords(p)
}

func (t *Tx) putPartyWords(p party.Party) error {
	if _, err := t.exec(`DELETE FROM party_words WHERE rowid = ?`, p.ID); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO party_words (rowid, name, contact, phone, gstin) VALUES (?, ?, ?, ?, ?)`, p.ID, p.Name, p.Contact, p.Phone, p.GSTIN)
	return err
}
