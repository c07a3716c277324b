package storage

// verifyCounts holds stock counts against the ledger: what they began with, and that what
// they posted is what was counted less what the books held at that moment (R34).
func verifyCounts(t *Tx, r *Report) error {
	const (
		rows   = `FROM ledger g WHERE g.lot_id = l.lot_id AND g.account = 'STOCK' AND g.segment = l.segment AND g.status = l.status AND g.qty <> 0`
		lines  = ` FROM stock_count n JOIN stock_count_line l ON l.count_id = n.id `
		entry  = `SELECT count_id, lot_id, segment, status, sum(qty) AS qty, min(seq) AS first, max(seq) AS last FROM stock_count_entry e WHERE ` + notVoided + ` GROUP BY 1, 2, 3, 4`
		counts = lines + `JOIN (` + entry + `) e ON e.count_id = n.id AND e.lot_id = l.lot_id AND e.segment = l.segment AND e.status = l.status `
	)
	// Before, a difference was that to the beginning of the count, so that what had moved
	// until it was counted was posted again.
	if err := r.remark(t, "%s was posted before it was kept when stock was counted, and some had moved meanwhile: look at its differences",
		`SELECT DISTINCT n.number`+counts+`WHERE n.document_id <= `+markCounts.since()+`
			AND EXISTS (SELECT 1 `+rows+` AND g.seq > n.snapshot_seq AND g.seq <= n.closed_seq)`); err != nil {
		return err
	}
	return r.complaints(t, "stock counts against the ledger", `SELECT count(*) FROM stock_count`,
		[2]string{"count: what %s began with differs from the ledger", `SELECT DISTINCT n.number` + lines + `WHERE l.booked <> (SELECT coalesce(sum(g.qty), 0) ` + rows + ` AND g.seq <= n.snapshot_seq)`},
		[2]string{"count: %s adds up what was counted before and after stock moved", `SELECT DISTINCT n.number` + counts + `WHERE EXISTS (SELECT 1 ` + rows + ` AND g.seq > e.first AND g.seq <= e.last)`},
		[2]string{"count: %s posted another difference than it found", `SELECT DISTINCT n.number` + counts + `WHERE n.state IN ('POSTED', 'AGREED')
				AND e.qty - (SELECT coalesce(sum(g.qty), 0) ` + rows + ` AND g.seq <= e.first) <> (SELECT coalesce(sum(g.qty), 0) ` + rows + ` AND g.document_id = n.document_id)
			UNION SELECT d.number FROM document d JOIN ledger g ON g.document_id = d.id AND g.account = 'STOCK' LEFT JOIN stock_count n ON n.document_id = d.id LEFT JOIN (` + entry + `) e
				ON e.count_id = n.id AND e.lot_id = g.lot_id AND e.segment = g.segment AND e.status = g.status WHERE d.kind = 'SC' AND e.qty IS NULL`})
}
