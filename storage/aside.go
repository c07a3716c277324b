package storage

import (
	"database/sql"

	"masala/core/stock"
)

// asideDays reads what is held outside the stores, day by day (stock.Aside), of the
// holders (id) that a query before it has named. Reversals come with what they reverse.
var asideDays = map[stock.Account]string{
	// A batch has its issues, its completions and the returns of its material: all of them,
	// also those of before it was taken up again. A price correction that stands on
	// several batches has its parts in batch_price.
	stock.WIP: `, own AS (SELECT h.id AS holder, t.document_id AS id FROM holders h CROSS JOIN batch_typed t ON t.batch_id = h.id WHERE t.document_id IS NOT NULL
		UNION SELECT h.id, c.document_id FROM holders h CROSS JOIN batch_completion c ON c.batch_id = h.id
		UNION SELECT h.id, o.document_id FROM holders h CROSS JOIN batch_typed t ON t.batch_id = h.id CROSS JOIN document_on o ON o.on_id = t.document_id
			CROSS JOIN document d ON d.id = o.document_id AND d.kind = 'MR'),
	docs AS (SELECT holder, id FROM own UNION ALL SELECT own.holder, r.id FROM own CROSS JOIN document r ON r.reverses = own.id)
	SELECT holder, lot, day, sum(qty), sum(value), max(taken) FROM (
		SELECT docs.holder, g.lot_id AS lot, g.effective_on AS day, g.qty, g.value, CASE WHEN g.qty <= 0 THEN docs.id ELSE 0 END AS taken
			FROM docs CROSS JOIN ledger g ON g.document_id = docs.id WHERE g.account = 'WIP'
		UNION ALL SELECT x.batch_id, x.lot_id, d.effective_on, 0, x.value, d.id FROM holders h CROSS JOIN batch_price x ON x.batch_id = h.id CROSS JOIN document d ON d.id = x.document_id
		UNION ALL SELECT x.batch_id, x.lot_id, r.effective_on, 0, -x.value, r.id FROM holders h CROSS JOIN batch_price x ON x.batch_id = h.id CROSS JOIN document r ON r.reverses = x.document_id)
	GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
	stock.COGS: `, own AS (SELECT id AS holder, id FROM holders UNION ALL SELECT DISTINCT h.id, s.document_id FROM holders h CROSS JOIN sales_return s ON s.dispatch_id = h.id),
	docs AS (SELECT holder, id FROM own UNION ALL SELECT own.holder, r.id FROM own CROSS JOIN document r ON r.reverses = own.id)
	SELECT docs.holder, g.lot_id, g.effective_on, sum(g.qty), 0, max(CASE WHEN g.qty < 0 THEN docs.id ELSE 0 END)
		FROM docs CROSS JOIN ledger g ON g.document_id = docs.id WHERE g.account = 'COGS' AND g.qty <> 0
	GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
}

// holdersOf names the batches, or the dispatch, of a document (?1) or of the one that it
// reverses (?2). What is issued is of a batch by itself, all else stands on an issue.
var holdersOf = map[stock.Account]string{
	stock.WIP: `WITH holders AS (SELECT DISTINCT t.batch_id AS id FROM (SELECT ?1 AS id UNION SELECT ?2 UNION SELECT on_id FROM document_on WHERE document_id IN (?1, ?2)) x
		CROSS JOIN batch_typed t ON t.document_id = x.id)`,
	stock.COGS: `WITH holders AS (SELECT id FROM document WHERE id = ?2 AND kind = 'DC' UNION SELECT dispatch_id FROM sales_return WHERE document_id IN (?1, ?2))`,
}

// Aside lists, day by day, what is held of the lots of the batches or of the dispatch that a
// posted document takes from, its own rows included.
func (t *Tx) Aside(account stock.Account, d stock.Document) ([]stock.Aside, error) {
	return list(t, holdersOf[account]+asideDays[account], []any{d.ID, d.Reverses}, scanAside)
}

func scanAside(r *sql.Rows) (a stock.Aside, err error) {
	return a, r.Scan(&a.Holder, &a.Lot, &a.On, &a.Qty, &a.Value, &a.Taken)
}
