package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/production"
	"masala/core/report"
)

// completedIn selects the completions of a period (?1 to ?2) that stand, of one powder
// (?3) or of all (0).
const completedIn = ` FROM document d JOIN batch_completion c ON c.document_id = d.id JOIN batch b ON b.id = c.batch_id
	WHERE d.kind = 'PR' AND d.effective_on BETWEEN ?1 AND ?2 AND (?3 = 0 OR b.item_id = ?3) AND ` + live

// CompletedBatches lists the batches completed in a period, newest first, with their
// waste.
func (t *Tx) CompletedBatches(from, to core.Date, item core.ItemID) ([]report.Completed, error) {
	args := []any{from, to, item}
	at := map[core.DocumentID]int{}
	all, err := list(t, `SELECT b.id, b.number, n.id, n.on_, i.id, i.sku, i.name, i.name_hi, coalesce(u.id, 0), coalesce(u.login, ''), c.input, c.input_value, c.loss,
		v.std_loss, v.std_loss + v.tolerance, coalesce((SELECT o.qty FROM batch_output o WHERE o.document_id = n.id AND o.line = 0), 0)
		FROM (SELECT d.id, d.effective_on AS on_, d.user_id`+completedIn+`) n JOIN batch_completion c ON c.document_id = n.id JOIN batch b ON b.id = c.batch_id
		JOIN item i ON i.id = b.item_id JOIN recipe_version v ON v.recipe_id = b.recipe_id AND v.version = b.recipe_version LEFT JOIN user u ON u.id = n.user_id
		ORDER BY n.on_ DESC, n.id DESC`, args,
		func(r *sql.Rows) (c report.Completed, err error) {
			return c, r.Scan(&c.ID, &c.Number, &c.Document, &c.On, &c.Item, &c.SKU, &c.Name, &c.NameHi, &c.User, &c.RunBy, &c.Input, &c.InputValue, &c.Lost, &c.Std, &c.Limit, &c.Output)
		})
	if err != nil {
		return nil, err
	}
	for i, c := range all {
		at[c.Document] = i
	}
	err = t.each(`SELECT w.document_id, w.reason, w.qty FROM (SELECT d.id`+completedIn+`) n JOIN batch_waste w ON w.document_id = n.id ORDER BY w.document_id, w.line`, args, func(r *sql.Rows) error {
		var doc core.DocumentID
		var w production.Waste
		err := r.Scan(&doc, &w.Reason, &w.Qty)
		c := &all[at[doc]]
		c.Waste = append(c.Waste, w)
		return err
	})
	return all, err
}

// InputSources lists whose the input of completions was, most first.
func (t *Tx) InputSources(completions []core.DocumentID) (map[core.DocumentID][]report.Source, error) {
	sources := map[core.DocumentID][]report.Source{}
	err := t.each(`SELECT g.document_id, coalesce(l.supplier_id, 0), coalesce(p.name, ''), -sum(g.qty) FROM json_each(?) n CROSS JOIN ledger g ON g.document_id = n.value AND g.account = 'WIP'
		JOIN lot l ON l.id = g.lot_id LEFT JOIN party p ON p.id = l.supplier_id GROUP BY n.key, l.supplier_id ORDER BY n.key, 4 DESC, p.name`, []any{idList(completions)}, func(r *sql.Rows) error {
		var doc core.DocumentID
		var s report.Source
		err := r.Scan(&doc, &s.Supplier, &s.Name, &s.Qty)
		sources[doc] = append(sources[doc], s)
		return err
	})
	return sources, err
}

// packedIn selects the packing runs of a period (?1 to ?2) that stand, of one powder
// (?3) or of all (0).
const packedIn = ` FROM document d JOIN packing_run r ON r.document_id = d.id JOIN lot l ON l.id = r.powder_lot_id
	WHERE d.kind = 'PK' AND d.effective_on BETWEEN ?1 AND ?2 AND (?3 = 0 OR l.item_id = ?3) AND ` + live

// PackedRuns lists the packing runs of a period, newest first, without their values.
func (t *Tx) PackedRuns(from, to core.Date, item core.ItemID) ([]report.PackedRun, error) {
	return list(t, `SELECT n.id, n.number, n.on_, i.id, i.sku, i.name, i.name_hi, coalesce(u.id, 0), coalesce(u.login, ''), r.packs, p.id, p.sku, p.name, p.name_hi,
		r.powder, r.powder - r.overfill - r.lost, r.overfill, r.lost, r.lost_reason
		FROM (SELECT d.id, d.number, d.effective_on AS on_, d.user_id`+packedIn+`) n JOIN packing_run r ON r.document_id = n.id JOIN item i ON i.id = r.item_id
		JOIN lot l ON l.id = r.powder_lot_id JOIN item p ON p.id = l.item_id LEFT JOIN user u ON u.id = n.user_id ORDER BY n.on_ DESC, n.id DESC`, []any{from, to, item},
		func(r *sql.Rows) (p report.PackedRun, err error) {
			return p, r.Scan(&p.Document, &p.Number, &p.On, &p.Item, &p.SKU, &p.Name, &p.NameHi, &p.User, &p.PackedBy, &p.Packs, &p.From.Item, &p.From.SKU, &p.From.Name, &p.From.NameHi,
				&p.Powder, &p.Packed, &p.Overfill, &p.Gone, &p.Reason)
		})
}

// PowderValues is what packing runs took their powder at.
func (t *Tx) PowderValues(runs []core.DocumentID) (map[core.DocumentID]core.Paise, error) {
	values := map[core.DocumentID]core.Paise{}
	err := t.each(`SELECT r.document_id, -sum(g.value) FROM json_each(?) n CROSS JOIN packing_run r ON r.document_id = n.value
		CROSS JOIN ledger g ON g.document_id = r.document_id AND g.account = 'STOCK' AND g.lot_id = r.powder_lot_id GROUP BY r.document_id`, []any{idList(runs)}, func(r *sql.Rows) error {
		var doc core.DocumentID
		var v core.Paise
		err := r.Scan(&doc, &v)
		values[doc] = v
		return err
	})
	return values, err
}

// PackingMaterials lists what the packing runs of a period took of packing material, and
// what they lost of it.
func (t *Tx) PackingMaterials(from, to core.Date, item core.ItemID) (taken []report.MaterialLoss, lost []report.LostMaterial, err error) {
	args := []any{from, to, item}
	taken, err = list(t, `SELECT i.id, i.sku, i.name, i.name_hi, i.type, i.dimension, x.taken FROM (SELECT c.item_id, sum(c.qty + c.lost) AS taken
		FROM (SELECT d.id`+packedIn+`) n JOIN packing_component c ON c.document_id = n.id GROUP BY c.item_id) x JOIN item i ON i.id = x.item_id`, args,
		func(r *sql.Rows) (m report.MaterialLoss, err error) {
			return m, r.Scan(&m.Item, &m.SKU, &m.Name, &m.NameHi, &m.Type, &m.Dimension, &m.Taken)
		})
	if err != nil {
		return nil, nil, err
	}
	lost, err = list(t, `SELECT n.id, c.item_id, c.reason, sum(CASE g.account WHEN 'LOSS' THEN g.qty ELSE 0 END) AS lost,
		-sum(CASE g.account WHEN 'STOCK' THEN g.qty ELSE 0 END), -sum(CASE g.account WHEN 'STOCK' THEN g.value ELSE 0 END)
		FROM (SELECT d.id`+packedIn+`) n JOIN packing_component c ON c.document_id = n.id AND c.lost > 0
		JOIN ledger g ON g.document_id = n.id AND g.item_id = c.item_id AND g.account IN ('LOSS', 'STOCK')
		GROUP BY n.id, c.line, g.lot_id HAVING lost > 0 ORDER BY n.id, c.line, g.lot_id`, args,
		func(r *sql.Rows) (m report.LostMaterial, err error) {
			return m, r.Scan(&m.Document, &m.Item, &m.Reason, &m.Lost, &m.Took, &m.Value)
		})
	return taken, lost, err
}
