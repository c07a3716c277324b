package storage

import (
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"masala/core"
	"masala/core/app"
	"masala/core/stock"
	"masala/core/system"
)

// Settings reads the settings, the defaults before the factory is set up.
func (t *Tx) Settings() (s system.Settings, err error) {
	if t.settings != nil {
		return *t.settings, nil
	}
	ok, err := t.one(`SELECT name, address, state_code, gstin, time_zone, backdate_days, version, updated_at, updated_by FROM factory WHERE id = 1`, nil,
		&s.Factory, &s.Address, &s.StateCode, &s.GSTIN, &s.TimeZone, &s.BackdateDays, &s.Version, clock{&s.UpdatedAt}, &s.UpdatedBy)
	if err == nil && !ok {
		s.SettingsFields = system.Defaults()
	}
	if err == nil {
		kept := s
		t.settings = &kept
	}
	return s, err
}

// PutSettings replaces the settings.
func (t *Tx) PutSettings(s system.Settings) error {
	t.settings = nil
	_, err := t.exec(`INSERT OR REPLACE INTO factory (id, name, address, state_code, gstin, time_zone, backdate_days, version, updated_at, updated_by)
		VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Factory, s.Address, s.StateCode, s.GSTIN, s.TimeZone, s.BackdateDays, s.Version, instant(s.UpdatedAt), s.UpdatedBy)
	return err
}

// Server reads what is set for the server, the defaults before an Admin changed any.
func (t *Tx) Server() (s system.ServerRecord, err error) {
	ok, err := t.one(`SELECT name, port, low_disk, version, updated_at, updated_by FROM server WHERE id = 1`, nil,
		&s.Name, &s.Port, &s.LowDisk, &s.Version, clock{&s.UpdatedAt}, &s.UpdatedBy)
	if err == nil && !ok {
		s.ServerFields = system.ServerDefaults()
	}
	return s, err
}

// PutServer replaces what is set for the server.
func (t *Tx) PutServer(s system.ServerRecord) error {
	_, err := t.exec(`INSERT OR REPLACE INTO server (id, name, port, low_disk, version, updated_at, updated_by) VALUES (1, ?, ?, ?, ?, ?, ?)`,
		s.Name, s.Port, s.LowDisk, s.Version, instant(s.UpdatedAt), s.UpdatedBy)
	return err
}

// BackdateDays reads how far an Admin may date back.
func (t *Tx) BackdateDays() (int, error) {
	s, err := t.Settings()
	return s.BackdateDays, err
}

// FactoryState is the GST state code of the factory.
func (t *Tx) FactoryState() (string, error) {
	s, err := t.Settings()
	return s.StateCode, err
}

// AuditHead is the newest audit row.
func (t *Tx) AuditHead() (seq core.Seq, hash [32]byte, err error) {
	var raw []byte
	if _, err = t.one(`SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`, nil, &seq, &raw); err == nil {
		copy(hash[:], raw)
	}
	return seq, hash, err
}

// AppendAudit adds an audit row.
func (t *Tx) AppendAudit(r system.AuditRow, hash [32]byte) error {
	_, err := t.exec(`INSERT INTO audit (seq, at, user_id, name, device, operation, document_id, entity, old, new, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Seq, instant(r.At), r.User, r.Name, r.Device, r.Operation, r.Document, r.Entity, string(r.Old), string(r.New), hash[:])
	return err
}

// fewRows is how many rows a named entity may have to be gathered before they are ordered.
const fewRows = 5000

// Audit pages through the audit log, newest first.
func (t *Tx) Audit(q system.ListAuditReq, since, until time.Time) (resp system.ListAuditResp, err error) {
	var w where
	keys := []key[system.AuditRow]{{"a.seq", true, func(r *system.AuditRow) any { return int64(r.Seq) }}}
	inPeriod := !since.IsZero() || !until.IsZero()
	if inPeriod {
		// By the time they were written: a clock that was set back puts it in another order.
		keys = append([]key[system.AuditRow]{{"a.at", true, func(r *system.AuditRow) any { return instant(r.At) }}}, keys...)
	}
	if !since.IsZero() {
		w.and("a.at >= ?", instant(since))
	}
	if !until.IsZero() {
		w.and("a.at < ?", instant(until))
	}
	from, fromArgs, err := t.auditAbout(q, inPeriod, &w)
	if err != nil {
		return resp, err
	}
	p, err := walkOf(keys, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("a.seq", from, &w, fromArgs...)
	rows, err := list(t, `SELECT `+auditColumns+` FROM `+chosen+` k CROSS JOIN audit a ON a.seq = k.seq ORDER BY `+p.order(), args,
		func(r *sql.Rows) (system.AuditRow, error) { row, _, err := scanAudit(r); return row, err })
	resp.Rows, resp.Next = p.cut(rows)
	return resp, err
}

// auditAbout says from which rows of the log a page is chosen. What is rare is gathered
// and then sorted; what is common is met soon by a walk from the newest.
func (t *Tx) auditAbout(q system.ListAuditReq, inPeriod bool, w *where) (from string, args []any, err error) {
	var few string
	switch {
	case q.Document != 0:
		few, args = `SELECT x.seq FROM (SELECT ?1 AS id UNION ALL SELECT id FROM document WHERE reverses = ?1) d CROSS JOIN audit x ON x.document_id = d.id`, []any{q.Document}
	case core.IsNumber(q.Entity):
		kinds, err := json.Marshal(entityKinds)
		if err != nil {
			return "", nil, err
		}
		few, args = `SELECT x.seq FROM json_each(?1) k CROSS JOIN audit x ON x.entity = (k.value || ' ' || ?2) COLLATE NOCASE
			UNION SELECT x.seq FROM document d CROSS JOIN audit x ON x.document_id = d.id WHERE d.number = ?2
			UNION SELECT x.seq FROM invoice v CROSS JOIN document d ON d.id = v.document_id OR d.reverses = v.document_id CROSS JOIN audit x ON x.document_id = d.id WHERE v.number = ?2
			UNION SELECT x.seq FROM sales_order o CROSS JOIN dispatch h ON h.order_id = o.id CROSS JOIN audit x ON x.entity = ('dispatch draft ' || h.id || ' of ' || ?2) COLLATE NOCASE WHERE o.number = ?2
			UNION SELECT x.seq FROM lot l CROSS JOIN ledger g ON g.lot_id = l.id CROSS JOIN audit x ON x.document_id = g.document_id WHERE l.number = ?2`, []any{string(kinds), strings.ToUpper(q.Entity)}
	}
	for _, f := range []struct {
		on, indexed bool // in the order of the walk
		what        string
		args        []any
	}{
		{q.Entity != "" && few == "", false, `x.entity >= ? COLLATE NOCASE AND x.entity < ? COLLATE NOCASE`, []any{q.Entity, q.Entity + "\U0010FFFF"}},
		{q.User != 0, !inPeriod, `x.user_id = ?`, []any{q.User}},
		{q.Operation != "", !inPeriod, `x.operation = ?`, []any{q.Operation}},
	} {
		if !f.on {
			continue
		}
		if few == "" && !f.indexed {
			var n int
			if _, err := t.one(`SELECT count(*) FROM (SELECT x.seq FROM audit x WHERE `+f.what+` LIMIT 5000) few`, f.args, &n); err != nil {
				return "", nil, err
			}
			if n < fewRows {
				few, args = `SELECT x.seq FROM audit x WHERE `+f.what+` LIMIT 5000`, f.args
				continue
			}
		}
		alias := "a."
		if !f.indexed {
			alias = "+a." // by no index of its own
		}
		w.and(strings.ReplaceAll(f.what, "x.", alias), f.args...)
	}
	if few == "" {
		return "audit a", nil, nil
	}
	return "(" + few + ") few CROSS JOIN audit a ON a.seq = few.seq", args, nil
}

// entityKinds stand before a number in the entity of an audit row.
var entityKinds = append([]string{"lot", "batch", "dispatch", "packing run", "count", "recall", "purchase order", "sales order", "opening", "item", "recipe", "packaging profile", "license"},
	documentKindWords()...)

func documentKindWords() (words []string) {
	for _, k := range stock.DocumentKinds() {
		words = append(words, string(k))
	}
	return words
}

const auditColumns = `a.seq, at, user_id, name, device, operation, document_id, entity, old, new, hash`

func scanAudit(r *sql.Rows) (row system.AuditRow, hash []byte, err error) {
	var old, new string
	err = r.Scan(&row.Seq, clock{&row.At}, &row.User, &row.Name, &row.Device, &row.Operation, &row.Document, &row.Entity, &old, &new, &hash)
	row.Old, row.New = optional(old), optional(new)
	return row, hash, err
}

func optional(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}

// Kept finds a request that has committed.
func (t *Tx) Kept(key string) (k app.Kept, ok bool, err error) {
	var body []byte
	var document sql.NullInt64
	k.Key = key
	ok, err = t.one(`SELECT r.user_id, r.operation, r.body, r.document_id, r.at, a.body FROM request r LEFT JOIN answer a ON a.key = r.key WHERE r.key = ?`,
		[]any{key}, &k.User, &k.Operation, &body, &document, clock{&k.At}, &k.Answer)
	copy(k.Body[:], body)
	k.Document = core.DocumentID(document.Int64)
	return k, ok, err
}

// forgetAnswers drops the answers of requests older than before; their keys stay.
func (t *Tx) forgetAnswers(before time.Time) (int64, error) {
	r, err := t.exec(`DELETE FROM answer WHERE at < ?`, instant(before))
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Keep remembers a request with its answer.
func (t *Tx) Keep(k app.Kept) error {
	if _, err := t.exec(`INSERT INTO request (key, user_id, operation, body, document_id, at) VALUES (?, ?, ?, ?, ?, ?)`,
		k.Key, k.User, k.Operation, k.Body[:], nullID(k.Document), instant(k.At)); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO answer (key, body, at) VALUES (?, ?, ?)`, k.Key, k.Answer, instant(k.At))
	return err
}
