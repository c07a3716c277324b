package storage

// verifyBatches holds the papers of production against the ledger.
func verifyBatches(t *Tx, r *Report) error {
	return r.complaints(t, "batches against ledger and genealogy", `SELECT count(*) FROM batch`,
		[2]string{"recipe: the shares of %s do not sum to 100.00 %%", `SELECT v.code FROM recipe_version v JOIN recipe_line l ON l.recipe_id = v.recipe_id AND l.version = v.version
			GROUP BY v.recipe_id, v.version HAVING sum(l.share) <> 10000`},
		[2]string{"recipe: the by-products of %s leave the powder no share of the cost", `SELECT v.code FROM recipe_by_product b JOIN recipe_version v ON v.recipe_id = b.recipe_id AND v.version = b.version
			GROUP BY b.recipe_id, b.version HAVING sum(b.share) >= 10000`},
		[2]string{"batch: the weights typed for %s differ from what its issues took", `SELECT b.number FROM batch b JOIN batch_typed t ON t.batch_id = b.id
			WHERE t.document_id IS NOT NULL GROUP BY b.id, t.document_id
			HAVING sum(t.qty) <> (SELECT coalesce(-sum(g.qty), 0) FROM ledger g WHERE g.document_id = t.document_id AND g.account = 'STOCK')`},
		[2]string{"batch: outputs of %s differ from the ledger", `SELECT DISTINCT d.number FROM batch_output o JOIN document d ON d.id = o.document_id
			LEFT JOIN ledger g ON g.document_id = o.document_id AND g.lot_id = o.lot_id AND g.account = 'STOCK'
			WHERE g.seq IS NULL OR g.qty <> o.qty OR g.value <> o.value OR g.item_id <> o.item_id OR g.status <> o.status`},
		[2]string{"batch: what %s took out of process is not what came out of it", `SELECT d.number FROM batch_completion c JOIN document d ON d.id = c.document_id
			WHERE c.input <> (SELECT -sum(g.qty) FROM ledger g WHERE g.document_id = c.document_id AND g.account = 'WIP')
			OR c.input_value <> (SELECT -sum(g.value) FROM ledger g WHERE g.document_id = c.document_id AND g.account = 'WIP')
			OR c.input - c.loss <> (SELECT coalesce(sum(o.qty), 0) FROM batch_output o WHERE o.document_id = c.document_id)
			OR c.input_value - c.expense <> (SELECT coalesce(sum(o.value), 0) FROM batch_output o WHERE o.document_id = c.document_id)`},
		[2]string{"batch: the loss of %s differs from the ledger", `SELECT d.number FROM batch_completion c JOIN document d ON d.id = c.document_id
			WHERE c.loss <> (SELECT coalesce(sum(g.qty), 0) FROM ledger g WHERE g.document_id = c.document_id AND g.account = 'LOSS')
			OR c.expense <> (SELECT coalesce(sum(g.value), 0) FROM ledger g WHERE g.document_id = c.document_id AND g.account = 'LOSS')`},
		[2]string{"price: what %s put on material in process differs from the ledger", `SELECT DISTINCT d.number FROM (SELECT document_id, lot_id, sum(value) AS value FROM batch_price GROUP BY 1, 2) x
				JOIN document d ON d.id = x.document_id WHERE d.kind <> 'PC' OR x.value <> (SELECT coalesce(sum(g.value), 0) FROM ledger g WHERE g.document_id = x.document_id AND g.account = 'WIP' AND g.lot_id = x.lot_id)
			UNION SELECT d.number FROM document d JOIN ledger g ON g.document_id = d.id AND g.account = 'WIP'
				WHERE d.kind = 'PC' AND NOT EXISTS (SELECT 1 FROM batch_price x WHERE x.document_id = d.id AND x.lot_id = g.lot_id)`},
		[2]string{"batch: %s is over and still holds material", `SELECT b.number FROM batch_price x JOIN batch b ON b.id = x.batch_id WHERE ` + stands("x.document_id") + `
			AND ` + batchState + ` IN ('COMPLETED', 'CANCELLED') AND NOT EXISTS (SELECT 1 FROM document_on o JOIN document d ON d.id = o.document_id WHERE o.on_id = x.document_id AND ` + live + `)`},
		[2]string{"batch: %s has a document but no batch", `SELECT d.number FROM document d WHERE d.kind = 'PR' AND NOT EXISTS (SELECT 1 FROM batch_completion c WHERE c.document_id = d.id)
			OR d.kind = 'MI' AND NOT EXISTS (SELECT 1 FROM batch_typed t WHERE t.document_id = d.id)
			OR d.kind = 'MR' AND NOT EXISTS (SELECT 1 FROM document_on o JOIN batch_typed t ON t.document_id = o.on_id WHERE o.document_id = d.id)
			OR d.kind = 'MR' AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.cancel_document = d.id) AND ` + live + ` -- cancelled again, a batch names its newest return`})
}
