package storage

// taken is what document d takes of a lot (?), out of stock and out of process.
func taken(of, lot string) string {
	return `(SELECT coalesce(-sum(g.` + of + `), 0) FROM ledger g WHERE g.document_id = e.document_id AND g.lot_id = ` + lot + ` AND g.account IN ('STOCK', 'WIP'))`
}

// verifyGenealogy holds every edge against the rows of its document (R29, R40), as
// stock.Voucher does when it posts them. Before these were checked, a by-product could
// take a paisa more of a lot than was left of it, which the powder gave back: signs are
// looked at from then on.
func verifyGenealogy(t *Tx, r *Report) error {
	return r.complaints(t, "edges against the ledger", `SELECT count(*) FROM edge`,
		[2]string{"genealogy: %s makes a lot of itself or of a younger one", `SELECT DISTINCT d.number FROM edge e JOIN document d ON d.id = e.document_id WHERE e.parent_id >= e.child_id`},
		[2]string{"genealogy: %s takes less than nothing of a lot", `SELECT DISTINCT d.number FROM edge e JOIN document d ON d.id = e.document_id
			WHERE (e.qty < 0 OR e.value < 0) AND d.kind NOT IN ('REV', 'PC') AND d.id > (SELECT document_id FROM checked_since WHERE what = 'edge signs')`},
		[2]string{"genealogy: %s comes from nowhere", `SELECT l.number FROM lot l WHERE NOT EXISTS (SELECT 1 FROM edge e WHERE e.child_id = l.id AND e.document_id = l.source_id)`},
		[2]string{"genealogy: %s gives a lot a second birth", `SELECT DISTINCT d.number FROM edge e JOIN document d ON d.id = e.document_id JOIN lot l ON l.id = e.child_id
			WHERE d.kind NOT IN ('REV', 'PC') AND l.source_id <> e.document_id`},
		[2]string{"genealogy: the origin of %s differs from the ledger", `SELECT l.number FROM lot l JOIN edge e ON e.child_id = l.id AND e.document_id = l.source_id
			GROUP BY l.id HAVING sum(e.value) <> -` + taken("value", "l.id") + ` OR sum(e.parent_id IS NULL) > 0 AND (count(*) > 1 OR sum(e.qty) <> -` + taken("qty", "l.id") + `)`},
		[2]string{"genealogy: what became of a lot in %s is not what it took of it", `SELECT DISTINCT d.number FROM (SELECT e.document_id, e.parent_id, sum(e.qty) AS qty, sum(e.value) AS value
				FROM edge e WHERE e.parent_id IS NOT NULL GROUP BY e.document_id, e.parent_id) e JOIN document d ON d.id = e.document_id
			WHERE d.kind NOT IN ('REV', 'PC') AND (e.qty <> ` + taken("qty", "e.parent_id") + ` OR e.value > ` + taken("value", "e.parent_id") + `)`},
		[2]string{"genealogy: %s hands on another difference than it brings", `SELECT DISTINCT d.number FROM document d
			JOIN (SELECT document_id AS id, lot_id AS lot FROM ledger UNION SELECT document_id, child_id FROM edge UNION SELECT document_id, parent_id FROM edge WHERE parent_id IS NOT NULL) x ON x.id = d.id
			WHERE d.kind = 'PC' AND (SELECT coalesce(sum(g.value), 0) FROM ledger g WHERE g.document_id = d.id AND g.lot_id = x.lot AND g.account <> 'SUPPLIER')
				<> (SELECT coalesce(sum(CASE WHEN e.child_id = x.lot THEN e.value ELSE -e.value END), 0) FROM edge e WHERE e.document_id = d.id AND (e.child_id = x.lot OR e.parent_id = x.lot))
			OR d.kind = 'PC' AND EXISTS (SELECT 1 FROM edge e WHERE e.document_id = d.id AND e.qty <> 0)`},
		[2]string{"genealogy: %s lacks an allergen of what it was made of", `SELECT DISTINCT l.number FROM lot p CROSS JOIN edge e ON e.parent_id = p.id JOIN lot l ON l.id = e.child_id AND l.source_id = e.document_id
			JOIN json_each(p.allergens) a WHERE p.allergens <> '[]' AND NOT EXISTS (SELECT 1 FROM json_each(l.allergens) x WHERE x.value = a.value)`},
		[2]string{"genealogy: %s is not the mirror of its document", `SELECT d.number FROM document d WHERE d.reverses IS NOT NULL AND (
			EXISTS (SELECT child_id, parent_id, qty, value FROM edge WHERE document_id = d.reverses EXCEPT SELECT child_id, parent_id, -qty, -value FROM edge WHERE document_id = d.id)
			OR (SELECT count(*) FROM edge WHERE document_id = d.reverses) <> (SELECT count(*) FROM edge WHERE document_id = d.id))`})
}
