package storage

// verifyRuns holds the papers of packing against profiles, ledger and genealogy.
func verifyRuns(t *Tx, r *Report) error {
	return r.complaints(t, "packing runs against profiles, ledger and genealogy", `SELECT count(*) FROM packing_run`,
		[2]string{"packing: the finished goods of %s differ from the ledger", `SELECT d.number FROM packing_run r JOIN document d ON d.id = r.document_id JOIN lot l ON l.id = r.lot_id
			LEFT JOIN ledger g ON g.document_id = r.document_id AND g.lot_id = r.lot_id AND g.account = 'STOCK'
			WHERE g.seq IS NULL OR g.qty <> r.packs OR g.value <> r.value OR g.item_id <> r.item_id OR g.segment <> r.segment OR g.status <> r.status OR l.source_id <> r.document_id`},
		[2]string{"packing: %s did not take the powder its packs hold", `SELECT d.number FROM packing_run r JOIN document d ON d.id = r.document_id
			JOIN profile_version v ON v.profile_id = r.profile_id AND v.version = r.profile_version
			WHERE r.powder <> r.packs * v.net_weight + r.overfill + r.lost
			OR r.powder <> (SELECT coalesce(-sum(g.qty), 0) FROM ledger g WHERE g.document_id = r.document_id AND g.account = 'STOCK' AND g.lot_id = r.powder_lot_id)
			OR r.lost <> (SELECT coalesce(sum(g.qty), 0) FROM ledger g WHERE g.document_id = r.document_id AND g.account = 'LOSS' AND g.lot_id = r.powder_lot_id)`},
		[2]string{"packing: %s did not pack this good from this powder", `SELECT d.number FROM packing_run r JOIN document d ON d.id = r.document_id JOIN lot s ON s.id = r.powder_lot_id
			WHERE NOT EXISTS (SELECT 1 FROM profile_product p WHERE p.profile_id = r.profile_id AND p.version = r.profile_version AND p.item_id = r.item_id AND p.powder_id = s.item_id)`},
		[2]string{"packing: components of %s differ from the ledger", `SELECT DISTINCT d.number FROM packing_component c JOIN document d ON d.id = c.document_id
			WHERE c.qty + c.lost <> (SELECT coalesce(-sum(g.qty), 0) FROM ledger g WHERE g.document_id = c.document_id AND g.account = 'STOCK' AND g.item_id = c.item_id)
			OR c.lost <> (SELECT coalesce(sum(g.qty), 0) FROM ledger g WHERE g.document_id = c.document_id AND g.account = 'LOSS' AND g.item_id = c.item_id)`},
		// 900,000,000,000 x 10,000,000 packs still fits in 64 bits.
		[2]string{"packing: components of %s are not what its profile says", `SELECT DISTINCT d.number FROM packing_run r JOIN document d ON d.id = r.document_id
			JOIN profile_component p ON p.profile_id = r.profile_id AND p.version = r.profile_version AND p.q <= 900000000000 JOIN item i ON i.id = p.item_id
			LEFT JOIN packing_component c ON c.document_id = r.document_id AND c.line = p.line
			WHERE c.line IS NULL OR c.item_id <> p.item_id OR c.qty <> (p.q * r.packs + CASE i.dimension WHEN 'count' THEN p.n - 1 ELSE 0 END) / p.n`},
		[2]string{"packing: %s took something that is no component", `SELECT DISTINCT d.number FROM packing_run r JOIN document d ON d.id = r.document_id JOIN ledger g ON g.document_id = r.document_id
			WHERE g.account = 'STOCK' AND g.lot_id NOT IN (r.lot_id, r.powder_lot_id) AND NOT EXISTS (SELECT 1 FROM packing_component c WHERE c.document_id = r.document_id AND c.item_id = g.item_id)`},
		[2]string{"genealogy: the origin of %s differs from the ledger", `SELECT l.number FROM packing_run r JOIN lot l ON l.id = r.lot_id
			WHERE r.value <> (SELECT coalesce(sum(e.value), 0) FROM edge e WHERE e.document_id = r.document_id AND e.child_id = r.lot_id)
			OR EXISTS (SELECT 1 FROM ledger g WHERE g.document_id = r.document_id AND g.account = 'STOCK' AND g.lot_id <> r.lot_id
				AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.document_id = r.document_id AND e.child_id = r.lot_id AND e.parent_id = g.lot_id AND e.qty = -g.qty AND e.value = -g.value))`},
		[2]string{"lot: %s expires after the powder in it", `SELECT l.number FROM packing_run r JOIN lot l ON l.id = r.lot_id JOIN lot s ON s.id = r.powder_lot_id
			WHERE s.expiry_on > 0 AND (l.expiry_on = 0 OR l.expiry_on > s.expiry_on)`},
		[2]string{"packing: %s has a document but no run", `SELECT d.number FROM document d WHERE d.kind = 'PK' AND NOT EXISTS (SELECT 1 FROM packing_run r WHERE r.document_id = d.id)`})
}
