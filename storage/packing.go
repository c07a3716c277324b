package storage

import (
	"database/sql"
	"encoding/json"

	"masala/core"
	"masala/core/packing"
	"masala/core/stock"
)

// EarliestExpiry is the first expiry among a lot and all it was made of.
func (t *Tx) EarliestExpiry(id core.LotID) (day core.Date, err error) {
	_, err = t.one(`WITH RECURSIVE made (id) AS (SELECT ? UNION
			SELECT e.parent_id FROM made JOIN edge e ON e.child_id = made.id WHERE e.parent_id IS NOT NULL AND `+standing+`)
		SELECT coalesce(min(l.expiry_on), 0) FROM made JOIN lot l ON l.id = made.id WHERE l.expiry_on > 0`, []any{id}, &day)
	return day, err
}

// InsertRun writes the paper of a packing run.
func (t *Tx) InsertRun(r packing.ValuedRun) error {
	if _, err := t.exec(`INSERT INTO packing_run (document_id, profile_id, profile_version, item_id, lot_id, powder_lot_id, segment, status, packs, powder, overfill, lost, lost_reason, value)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.ID, r.Profile, r.ProfileVersion, r.Item, r.Lot, r.PowderLot, r.Segment, r.Status, r.Packs, r.Powder, r.Overfill, r.Lost, r.LostReason, r.Value); err != nil {
		return err
	}
	for i, c := range r.Components {
		suggested := []byte{}
		if c.Suggested != nil {
			var err error
			if suggested, err = json.Marshal(c.Suggested); err != nil {
				return err
			}
		}
		if _, err := t.exec(`INSERT INTO packing_component (document_id, line, item_id, qty, lost, reason, suggested) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			r.ID, i+1, c.Item, c.Qty, c.Lost, c.Reason, string(suggested)); err != nil {
			return err
		}
	}
	return nil
}

const runColumns = `d.id, d.number, d.effective_on, i.id, i.sku, i.name, i.name_hi, r.profile_id, v.code, r.segment, r.packs, l.id, l.number, l.expiry_on, s.id, s.number, r.powder,
	coalesce(u.login, ''), d.posted_at, coalesce((SELECT x.number FROM document x WHERE x.reverses = d.id), '')`

const fromRuns = ` FROM packing_run r JOIN document d ON d.id = r.document_id` + runJoins

const runJoins = ` JOIN item i ON i.id = r.item_id JOIN lot l ON l.id = r.lot_id JOIN lot s ON s.id = r.powder_lot_id
	JOIN profile_version v ON v.profile_id = r.profile_id AND v.version = r.profile_version LEFT JOIN user u ON u.id = d.user_id `

func runInto(r *packing.Row) []any {
	return []any{&r.ID, &r.Number, &r.On, &r.Item, &r.SKU, &r.Name, &r.NameHi, &r.Profile, &r.ProfileCode, &r.Segment, &r.Packs, &r.Lot, &r.LotNo, &r.ExpiryOn, &r.PowderLot, &r.PowderLotNo, &r.Powder,
		&r.User, clock{&r.PostedAt}, &r.CancelledBy}
}

// Runs pages through the packing runs, newest first.
func (t *Tx) Runs(q packing.ListRunsReq) (resp packing.ListRunsResp, err error) {
	w := &where{}
	if q.Item != 0 {
		w.and("r.item_id = ?", q.Item)
	}
	if q.Segment != "" {
		w.and("r.segment = ?", q.Segment)
	}
	if q.From != 0 {
		w.and("d.effective_on >= ?", q.From)
	}
	if q.To != 0 {
		w.and("d.effective_on <= ?", q.To)
	}
	by := []key[packing.Row]{{"r.document_id", true, func(r *packing.Row) any { return int64(r.ID) }}}
	from, fromArgs := "packing_run r CROSS JOIN document d ON d.id = r.document_id", []any(nil)
	const papers = "document d CROSS JOIN packing_run r ON r.document_id = d.id"
	switch {
	case q.Query != "": // by number, as they are looked up
		from, by = papers, []key[packing.Row]{{"d.number", true, func(r *packing.Row) any { return r.Number }}}
		w.and("d.kind = 'PK'")
		starts(w, "d.number", q.Query)
		if q.Lot != 0 {
			w.and("(r.lot_id = ? OR r.powder_lot_id = ?)", q.Lot, q.Lot)
		}
	case q.Lot != 0:
		from, fromArgs = "(SELECT document_id AS id FROM packing_run WHERE lot_id = ? UNION SELECT document_id FROM packing_run WHERE powder_lot_id = ?) few CROSS JOIN packing_run r ON r.document_id = few.id CROSS JOIN document d ON d.id = r.document_id", []any{q.Lot, q.Lot}
	case q.Item == 0 && (q.From != 0 || q.To != 0): // by day, so that old ones are found as soon
		from, by = papers, []key[packing.Row]{{"d.effective_on", true, func(r *packing.Row) any { return int64(r.On) }}, {"d.id", true, func(r *packing.Row) any { return int64(r.ID) }}}
		w.and("d.kind = 'PK'")
	}
	p, err := walkOf(by, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("d.id", from, w, fromArgs...)
	rows, err := list(t, `SELECT `+runColumns+` FROM `+chosen+` k CROSS JOIN packing_run r ON r.document_id = k.id CROSS JOIN document d ON d.id = k.id`+runJoins+`ORDER BY `+p.order(), args,
		func(r *sql.Rows) (x packing.Row, err error) { return x, r.Scan(runInto(&x)...) })
	resp.Runs, resp.Next = p.cut(rows)
	return resp, err
}

// Run reads a packing run; what it took is in its ledger rows.
func (t *Tx) Run(id core.DocumentID) (x packing.ValuedRun, err error) {
	ok, err := t.one(`SELECT `+runColumns+`, r.profile_version, v.net_weight, p.id, p.sku, p.name, r.overfill, r.lost, r.lost_reason, r.status, d.reason, r.value`+fromRuns+`JOIN item p ON p.id = s.item_id WHERE r.document_id = ?`,
		[]any{id}, append(runInto(&x.Row), &x.ProfileVersion, &x.NetWeight, &x.PowderItem, &x.PowderSKU, &x.PowderName, &x.Overfill, &x.Lost, &x.LostReason, &x.Status, &x.Reason, &x.Value)...)
	if err != nil {
		return x, err
	}
	if !ok {
		return x, core.NotFound("id", "There is no such packing run.")
	}
	x.Alert = packing.Alarming(x.Lost, x.Powder)
	if x.Allergens, err = t.LotAllergens(x.Lot); err != nil {
		return x, err
	}
	x.Components, err = list(t, `SELECT i.id, i.sku, i.name, i.name_hi, i.subtype, i.dimension, p.q, p.n, c.qty, c.lost, c.reason, c.suggested FROM packing_component c JOIN item i ON i.id = c.item_id
		JOIN profile_component p ON p.profile_id = ? AND p.version = ? AND p.line = c.line WHERE c.document_id = ? ORDER BY c.line`, []any{x.Profile, x.ProfileVersion, id},
		func(r *sql.Rows) (u packing.Used, err error) {
			var suggested string
			if err := r.Scan(&u.Item, &u.SKU, &u.Name, &u.NameHi, &u.Subtype, &u.Dimension, &u.Per.Q, &u.Per.N, &u.Qty, &u.Lost, &u.Reason, &suggested); err != nil || suggested == "" {
				return u, err
			}
			return u, json.Unmarshal([]byte(suggested), &u.Suggested)
		})
	if err != nil {
		return x, err
	}
	return x, t.readTaken(&x)
}

// readTaken fills in the lots of a run and what they were worth.
func (t *Tx) readTaken(x *packing.ValuedRun) error {
	line := map[core.ItemID]int{}
	x.ComponentValues = make([]core.Paise, len(x.Components))
	for i := range x.Components {
		line[x.Components[i].Item] = i
		x.Components[i].Lots = []packing.UsedLot{}
	}
	rows, err := list(t, `SELECT g.item_id, g.lot_id, l.number, -g.qty, -g.value FROM ledger g JOIN lot l ON l.id = g.lot_id WHERE g.document_id = ? AND g.account = 'STOCK' AND g.qty < 0 ORDER BY g.seq`, []any{x.ID},
		func(r *sql.Rows) (c struct {
			stock.Cell
			number string
		}, err error) {
			return c, r.Scan(&c.Item, &c.Lot, &c.number, &c.Qty, &c.Value)
		})
	for _, c := range rows {
		i, component := line[c.Item]
		if !component {
			x.PowderValue += c.Value
			continue
		}
		x.ComponentValues[i] += c.Value
		x.Components[i].Lots = append(x.Components[i].Lots, packing.UsedLot{Lot: c.Lot, Number: c.number, Qty: c.Qty})
	}
	return err
}
