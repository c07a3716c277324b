package storage

// crossed names the reversals that did not go newest first around a price correction: they
// took away what was moved before it, or the correction itself under later movements
// (R14). The costs of what is left beside them are wrong; their sum is right.
const crossed = `WITH priced AS MATERIALIZED (SELECT c.id, g.lot_id AS lot FROM document c CROSS JOIN ledger g ON g.document_id = c.id WHERE c.kind = 'PC'
		UNION SELECT c.id, e.child_id FROM document c CROSS JOIN edge e ON e.document_id = c.id WHERE c.kind = 'PC'
		UNION SELECT c.id, e.parent_id FROM document c CROSS JOIN edge e ON e.document_id = c.id WHERE c.kind = 'PC' AND e.parent_id IS NOT NULL)
	SELECT r.id, r.number, c.number AS correction FROM priced p CROSS JOIN ledger m ON m.lot_id = p.lot AND m.document_id < p.id AND m.qty <> 0
		CROSS JOIN document r ON r.reverses = m.document_id AND r.id > p.id CROSS JOIN document c ON c.id = p.id
		WHERE NOT EXISTS (SELECT 1 FROM document k WHERE k.reverses = p.id AND k.id < r.id)
	UNION SELECT r.id, r.number, c.number FROM priced p CROSS JOIN document c ON c.id = p.id CROSS JOIN document r ON r.reverses = p.id
		CROSS JOIN ledger m ON m.lot_id = p.lot AND m.document_id > p.id AND m.document_id < r.id AND m.qty <> 0 CROSS JOIN document d ON d.id = m.document_id
		WHERE d.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM document k WHERE k.reverses = d.id AND k.id < r.id)`

// verifyPrices looks at the order in which price corrections were cancelled. Before that
// was kept it could be any: such books are told of, and not called wrong, for nobody can
// mend them.
func verifyPrices(t *Tx, r *Report) error {
	since := markPriceOrder.since()
	if err := r.remark(t, "%s was cancelled across a price correction before that was refused: look at the costs of its lots",
		`SELECT DISTINCT number FROM (`+crossed+`) WHERE id <= `+since+` ORDER BY id`); err != nil {
		return err
	}
	return r.complaints(t, "price corrections, cancelled newest first", `SELECT count(*) FROM document WHERE kind = 'PC'`,
		[2]string{"price: %s was cancelled across a price correction, so that the costs of its lots are wrong", `SELECT DISTINCT number FROM (` + crossed + `) WHERE id > ` + since + ` ORDER BY id`},
		[2]string{"price: %s does not keep its note", `SELECT d.number FROM document d LEFT JOIN price_note n ON n.document_id = d.id
			WHERE d.kind = 'PC' AND d.id > ` + since + ` AND NOT EXISTS (SELECT 1 FROM ledger g WHERE g.document_id = d.id AND g.account = 'SUPPLIER' AND g.lot_id = n.lot_id)`})
}
