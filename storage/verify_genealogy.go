package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/stock"
)

// sum of rows of the ledger, or of edges.
type sum struct {
	qty   core.Qty
	value core.Paise
}

func (s sum) plus(o sum) sum { return sum{s.qty + o.qty, s.value + o.value} }

// birth is what the edges of a document say of a lot that it made.
type birth struct {
	sum
	lot     string
	edges   int
	outside bool // came from a supplier, or was found
}

// follower compares one document after the other: what it took of a lot, out of stock and
// out of process, is what its edges hand on, to the milligram; of the paise a part may have
// been lost. What a lot was born with is all that was put there.
type follower struct {
	tx       *Tx
	document core.DocumentID
	put      map[core.LotID]sum // by the ledger, into stock and process
	births   map[core.LotID]birth
	uses     map[core.LotID]sum
	edges    int64
	problems stock.Problems
}

// verifyTaken holds the edges against the ledger.
func verifyTaken(t *Tx, r *Report) error {
	f := &follower{tx: t, put: map[core.LotID]sum{}, births: map[core.LotID]birth{}, uses: map[core.LotID]sum{}}
	err := t.each(`SELECT document_id, lot_id, qty, value FROM ledger WHERE account IN ('STOCK', 'WIP') ORDER BY document_id`, nil, func(rows *sql.Rows) error {
		var d core.DocumentID
		var lot core.LotID
		var s sum
		if err := rows.Scan(&d, &lot, &s.qty, &s.value); err != nil {
			return err
		}
		if d != f.document {
			if err := f.compare(); err != nil {
				return err
			}
			f.document = d
		}
		f.put[lot] = f.put[lot].plus(s)
		return nil
	})
	if err == nil {
		err = f.compare()
	}
	r.add("edges against the ledger", f.edges, f.problems)
	return err
}

// compare ends a document. Corrections and reversals have rules of their own.
func (f *follower) compare() error {
	var number string
	err := f.tx.each(`SELECT d.number, l.id, l.number, coalesce(e.parent_id, 0), e.qty, e.value FROM edge e JOIN document d ON d.id = e.document_id JOIN lot l ON l.id = e.child_id
		WHERE e.document_id = ? AND d.kind NOT IN ('REV', 'PC')`, []any{f.document}, func(rows *sql.Rows) error {
		var child, parent core.LotID
		var name string
		var s sum
		err := rows.Scan(&number, &child, &name, &parent, &s.qty, &s.value)
		b := f.births[child]
		f.births[child] = birth{b.plus(s), name, b.edges + 1, b.outside || parent == 0}
		if parent != 0 {
			f.uses[parent] = f.uses[parent].plus(s)
		}
		f.edges++
		return err
	})
	for lot, b := range f.births {
		if is := f.put[lot]; b.value != is.value || b.outside && (b.edges > 1 || b.qty != is.qty) {
			f.problems.Add("genealogy: the origin of %s differs from the ledger", b.lot)
		}
	}
	for lot, u := range f.uses {
		if is := f.put[lot]; u.qty != -is.qty || u.value > -is.value {
			f.problems.Add("genealogy: what became of a lot in %s is not what it took of it", number)
			break
		}
	}
	clear(f.put)
	clear(f.births)
	clear(f.uses)
	return err
}

// verifyGenealogy holds every edge against the rows of its document (R29, R40), as
// stock.Voucher does when it posts them. Before these were checked, a by-product could
// take a paisa more of a lot than was left of it, which the powder gave back: signs are
// looked at from then on.
func verifyGenealogy(t *Tx, r *Report) error {
	if err := verifyTaken(t, r); err != nil {
		return err
	}
	return r.complaints(t, "edges among themselves", `SELECT count(*) FROM edge`,
		[2]string{"genealogy: %s makes a lot of itself or of a younger one", `SELECT DISTINCT d.number FROM edge e JOIN document d ON d.id = e.document_id WHERE e.parent_id >= e.child_id`},
		[2]string{"genealogy: %s takes less than nothing of a lot", `SELECT DISTINCT d.number FROM edge e JOIN document d ON d.id = e.document_id
			WHERE (e.qty < 0 OR e.value < 0) AND d.kind NOT IN ('REV', 'PC') AND d.id > ` + markEdgeSigns.since()},
		[2]string{"genealogy: %s comes from nowhere", `SELECT l.number FROM lot l WHERE NOT EXISTS (SELECT 1 FROM edge e WHERE e.child_id = l.id AND e.document_id = l.source_id)`},
		[2]string{"genealogy: %s gives a lot a second birth", `SELECT DISTINCT d.number FROM edge e JOIN document d ON d.id = e.document_id JOIN lot l ON l.id = e.child_id
			WHERE d.kind NOT IN ('REV', 'PC') AND l.source_id <> e.document_id`},
		[2]string{"genealogy: %s hands on another difference than it brings", `WITH corrections AS MATERIALIZED (SELECT id AS document_id FROM document WHERE kind = 'PC') SELECT DISTINCT d.number FROM document d
			JOIN (SELECT g.document_id AS id, g.lot_id AS lot FROM corrections JOIN ledger g USING (document_id) UNION SELECT document_id, child_id FROM corrections JOIN edge USING (document_id)
				UNION SELECT document_id, parent_id FROM corrections JOIN edge USING (document_id) WHERE parent_id IS NOT NULL) x ON x.id = d.id
			WHERE d.kind = 'PC' AND (SELECT coalesce(sum(g.value), 0) FROM ledger g WHERE g.document_id = d.id AND g.lot_id = x.lot AND g.account <> 'SUPPLIER')
				<> (SELECT coalesce(sum(CASE WHEN e.child_id = x.lot THEN e.value ELSE -e.value END), 0) FROM edge e WHERE e.document_id = d.id AND (e.child_id = x.lot OR e.parent_id = x.lot))
			OR d.kind = 'PC' AND EXISTS (SELECT 1 FROM edge e WHERE e.document_id = d.id AND e.qty <> 0)`},
		[2]string{"genealogy: %s lacks an allergen of what it was made of", `SELECT DISTINCT l.number FROM lot p CROSS JOIN edge e ON e.parent_id = p.id JOIN lot l ON l.id = e.child_id AND l.source_id = e.document_id
			JOIN json_each(p.allergens) a WHERE p.allergens <> '[]' AND NOT EXISTS (SELECT 1 FROM json_each(l.allergens) x WHERE x.value = a.value)`},
		[2]string{"genealogy: %s is not the mirror of its document", `SELECT d.number FROM document d WHERE d.reverses IS NOT NULL AND (
			EXISTS (SELECT child_id, parent_id, qty, value FROM edge WHERE document_id = d.reverses EXCEPT SELECT child_id, parent_id, -qty, -value FROM edge WHERE document_id = d.id)
			OR (SELECT count(*) FROM edge WHERE document_id = d.reverses) <> (SELECT count(*) FROM edge WHERE document_id = d.id))`})
}
