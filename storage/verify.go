package storage

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"slices"

	"masala/core"
	"masala/core/stock"
)

// Check is one thing the verifier looked at, and how many of them.
type Check struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Report is the result of Verify. The books are good when Problems is empty.
type Report struct {
	Checks   []Check    `json:"checks"`
	Problems []string   `json:"problems"`
	Remarks  []string   `json:"remarks,omitempty"` // what is worth a look and not wrong
	Found    int        `json:"found"`             // all problems, also those not written out
	Damage   int        `json:"damage"`            // those of the file itself: pages that SQLite finds broken
	Seq      core.Seq   `json:"seq"`
	Head     stock.Hash `json:"head"`
	Damaged  bool       `json:"damaged"` // pages of the file are; what lies on them could not be checked
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool { return r.Found == 0 }

func (r *Report) add(name string, count int64, p stock.Problems) {
	r.Checks = append(r.Checks, Check{name, count})
	r.Problems = append(r.Problems, p.Found...)
	r.Found += p.Count
}

// Verify proves the books on one snapshot: it replays the ledger and both hash
// chains and compares every cache with them (R40, R43). progress, which may be nil,
// is told each check as it begins. An error means that the books could not be read.
func (db *DB) Verify(ctx context.Context, progress func(string)) (*Report, error) {
	select {
	case db.proof <- struct{}{}: // one at a time: it costs memory
		defer func() { <-db.proof }()
	case <-db.closing:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return verify(ctx, db.options, progress)
}

// VerifyFile is Verify for a database file that is not open in this process, a
// running server's too: it only reads. The checks are of the tables of this version, so a
// file of an earlier one is refused (ErrOlder), as is one of a newer one.
func VerifyFile(ctx context.Context, path string, progress func(string)) (*Report, error) {
	older, err := IsOlder(ctx, path)
	switch {
	case isDamage(err): // the report names the pages
	case err != nil:
		return nil, err
	case older:
		return nil, ErrOlder
	}
	return verify(ctx, Options{Path: path}, progress)
}

// verify works on a connection of its own that remembers nothing: FTS5 keeps the
// structure of its index per connection, and a check that trusts an old one reports
// damage where there is none.
func verify(ctx context.Context, o Options, progress func(string)) (*Report, error) {
	pool, err := sql.Open("sqlite", dsn(o))
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	c, err := pool.Conn(ctx)
	if isDamage(err) {
		return unopenable(ctx, o, err)
	}
	if err != nil {
		return nil, explain(err)
	}
	k := &conn{sql: c, stmts: map[string]*sql.Stmt{}}
	defer k.close()
	for _, pragma := range []string{fmt.Sprintf("cache_size = -%d", passingCache), "query_only = 1"} {
		if err := k.run(ctx, "PRAGMA "+pragma); err != nil {
			return nil, explain(err)
		}
	}
	if progress == nil {
		progress = func(string) {}
	}
	r := &Report{Problems: []string{}}
	err = k.snapshot(ctx, func(t *Tx) error {
		for _, step := range []struct {
			name string
			run  func(*Tx, *Report) error
		}{
			{"checksums of database pages", func(t *Tx, r *Report) error { return verifySums(t, r, o) }},
			{"database pages", verifyPages},
			{"references between records", verifyReferences},
			{"marks of where checks begin", verifyMarks},
			{"ledger, hash chain and balances", verifyLedger},
			{"documents", verifyDocuments},
			{"genealogy", verifyGenealogy},
			{"goods received", verifyGRNs},
			{"price corrections", verifyPrices},
			{"production", verifyBatches},
			{"packing", verifyRuns},
			{"sales", verifySales},
			{"parcels with customers", verifyParcels},
			{"material in process and goods with customers, day by day", verifyAside},
			{"stock counts", verifyCounts},
			{"closed months", verifyPeriods},
			{"number series", verifySeries},
			{"search index", verifyWords},
			{"audit log", verifyAudit},
		} {
			progress(step.name)
			if r.Damaged {
				t = t.afresh()
			}
			if err := step.run(t, r); r.Damaged && isDamage(err) {
				var p stock.Problems
				p.Add("%s: %s", step.name, unreadable(err.Error()))
				r.add(step.name, 0, p)
			} else if err != nil {
				return fmt.Errorf("verify %s: %w", step.name, err)
			}
		}
		if r.Damaged {
			t.afresh() // for snapshot to end
		}
		return nil
	})
	return r, err
}

func verifyPages(t *Tx, r *Report) error {
	var p stock.Problems
	err := t.each(`PRAGMA integrity_check`, nil, func(rows *sql.Rows) error {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			p.Add("database: %s", line)
		}
		return nil
	})
	var n int64
	if _, e := t.one(`PRAGMA page_count`, nil, &n); e != nil {
		return e
	}
	r.add("database pages", n, p)
	r.Damage = p.Count
	return err
}

func verifyReferences(t *Tx, r *Report) error {
	var p stock.Problems
	var n int64
	if _, err := t.one(`SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_list(s.name) WHERE s.type = 'table'`, nil, &n); err != nil {
		return err
	}
	err := t.each(`PRAGMA foreign_key_check`, nil, func(rows *sql.Rows) error {
		var table, parent string
		var id, k sql.NullInt64
		if err := rows.Scan(&table, &id, &parent, &k); err != nil {
			return err
		}
		p.Add("%s: row %d names a %s that does not exist", table, id.Int64, parent)
		return nil
	})
	r.add("kinds of reference between records", n, p)
	return err
}

func verifyLedger(t *Tx, r *Report) error {
	replay := stock.NewReplay()
	closed, err := closedMonths(t)
	if err != nil {
		return err
	}
	err = t.each(`SELECT `+rowColumns+` FROM ledger ORDER BY seq`, nil, func(rows *sql.Rows) error {
		row, err := scanRow(rows)
		replay.Row(row)
		closed.row(row)
		return err
	})
	if err != nil {
		return err
	}
	var cells, items int64
	err = t.each(`SELECT lot_id, segment, status, item_id, qty, value, newest_in FROM cell`, nil, func(rows *sql.Rows) error {
		var c stock.Cell
		var newest core.Date
		cells++
		err := rows.Scan(&c.Lot, &c.Segment, &c.Status, &c.Item, &c.Qty, &c.Value, &newest)
		replay.CompareCell(c, newest)
		return err
	})
	if err != nil {
		return err
	}
	err = t.each(`SELECT item_id, qty, value, cells FROM item_stock`, nil, func(rows *sql.Rows) error {
		var item core.ItemID
		var q core.Qty
		var v core.Paise
		var n int
		items++
		err := rows.Scan(&item, &q, &v, &n)
		replay.CompareItem(item, q, v, n)
		return err
	})
	if err != nil {
		return err
	}
	var days int64
	err = t.each(`SELECT account, effective_on, value FROM account_day`, nil, func(rows *sql.Rows) error {
		var account stock.Account
		var day core.Date
		var v core.Paise
		days++
		err := rows.Scan(&account, &day, &v)
		replay.CompareAccountDay(account, day, v)
		return err
	})
	if err != nil {
		return err
	}
	err = t.each(`SELECT item_id, effective_on, qty, value FROM item_day`, nil, func(rows *sql.Rows) error {
		var item core.ItemID
		var day core.Date
		var q core.Qty
		var v core.Paise
		days++
		err := rows.Scan(&item, &day, &q, &v)
		replay.CompareItemDay(item, day, q, v)
		return err
	})
	r.Seq, r.Head = replay.Seq, replay.Head
	r.add("ledger rows, hash by hash", replay.Rows, closed.problems)
	r.add("stock cells against the ledger", cells, stock.Problems{})
	r.add("daily sums against the ledger", days, stock.Problems{})
	r.add("item balances against the ledger", items, replay.Finish())
	if err != nil {
		return err
	}
	const byDay = `SELECT item_id, unixepoch(effective_on * 86400, 'unixepoch', 'start of month') / 86400, sum(qty), sum(value) FROM item_day GROUP BY 1, 2`
	return r.complaints(t, "monthly sums against the daily ones", `SELECT count(*) FROM item_month`,
		[2]string{"sums: the months of %s differ from its days", `SELECT DISTINCT i.sku FROM (SELECT * FROM (SELECT * FROM item_month EXCEPT ` + byDay + `)
			UNION ALL SELECT * FROM (` + byDay + ` EXCEPT SELECT * FROM item_month)) x JOIN item i ON i.id = x.item_id`})
}

// complain runs a query whose every row is a problem; format takes its one text.
func complain(t *Tx, p *stock.Problems, format, query string) error {
	return t.each(query, nil, func(rows *sql.Rows) error {
		var what string
		if err := rows.Scan(&what); err != nil {
			return err
		}
		p.Add(format, what)
		return nil
	})
}

// remark is complain for what is not wrong.
func (r *Report) remark(t *Tx, format, query string) error {
	var p stock.Problems
	err := complain(t, &p, format, query)
	r.Remarks = append(r.Remarks, p.Found...)
	return err
}

func (r *Report) complaints(t *Tx, name, count string, queries ...[2]string) error {
	var p stock.Problems
	var n int64
	if _, err := t.one(count, nil, &n); err != nil {
		return err
	}
	for _, q := range queries {
		if err := complain(t, &p, q[0], q[1]); err != nil {
			return err
		}
	}
	r.add(name, n, p)
	return nil
}

func verifyDocuments(t *Tx, r *Report) error {
	return r.complaints(t, "documents with their rows and requests", `SELECT count(*) FROM document`,
		[2]string{"document: %s has no ledger rows", `SELECT number FROM document d WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE document_id = d.id)`},
		[2]string{"document: %s was not posted by exactly one request", `SELECT number FROM document d LEFT JOIN request r ON r.document_id = d.id GROUP BY d.id HAVING count(r.key) <> 1`},
		[2]string{"document: %s is not in the audit log", `SELECT number FROM document WHERE id NOT IN (SELECT document_id FROM audit)`},
		[2]string{"document: %s is dated before a document that it stands on", `SELECT DISTINCT d.number FROM document_on o JOIN document d ON d.id = o.document_id JOIN document x ON x.id = o.on_id
			WHERE d.effective_on < x.effective_on AND d.id > ` + markGrounds.since()},
		[2]string{"document: %s has ledger rows of another date, user, time or reason", `SELECT DISTINCT d.number FROM document d JOIN ledger g ON g.document_id = d.id
			WHERE g.effective_on <> d.effective_on OR g.user_id <> d.user_id OR g.posted_at <> d.posted_at OR g.reason <> d.reason`})
}

func verifyGRNs(t *Tx, r *Report) error {
	return r.complaints(t, "goods received against ledger and genealogy", `SELECT count(*) FROM grn_line`,
		[2]string{"GRN: lines of %s differ from the ledger", `SELECT DISTINCT d.number FROM grn_line n JOIN document d ON d.id = n.document_id
			LEFT JOIN ledger g ON g.document_id = n.document_id AND g.lot_id = n.lot_id AND g.account = 'STOCK'
			WHERE g.seq IS NULL OR g.qty <> n.qty OR g.value <> n.value + n.landed OR g.item_id <> n.item_id OR g.status <> n.status`},
		[2]string{"GRN: landed costs of %s do not add up", `SELECT d.number FROM grn g JOIN document d ON d.id = g.document_id JOIN grn_line n ON n.document_id = g.document_id
			GROUP BY g.document_id HAVING sum(n.landed) <> g.freight + g.hamali`},
		[2]string{"genealogy: the origin of %s differs from the ledger", `SELECT DISTINCT d.number FROM grn_line n JOIN document d ON d.id = n.document_id
			LEFT JOIN edge e ON e.document_id = n.document_id AND e.child_id = n.lot_id AND e.parent_id IS NULL
			WHERE e.id IS NULL OR e.qty <> n.qty OR e.value <> n.value + n.landed`},
		// The audit log holds what was typed, hash by hash.
		[2]string{"lot: %s does not expire on the day that was entered", `SELECT l.number FROM audit a CROSS JOIN json_each(CASE WHEN json_valid(a.new) THEN a.new ELSE '{}' END, '$.lines') j CROSS JOIN grn_line n ON n.document_id = a.document_id AND n.line = j.key + 1
			JOIN lot l ON l.id = n.lot_id WHERE a.operation = 'purchase.post_grn'
			AND coalesce(json_extract(j.value, '$.expiry_on'), '') <> CASE l.expiry_on WHEN 0 THEN '' ELSE date(l.expiry_on * 86400, 'unixepoch') END`},
		[2]string{"GRN: %s does not say why it was put on hold as it was entered", `SELECT DISTINCT d.number FROM audit a CROSS JOIN json_each(CASE WHEN json_valid(a.new) THEN a.new ELSE '{}' END, '$.lines') j CROSS JOIN grn_line n ON n.document_id = a.document_id AND n.line = j.key + 1
			JOIN document d ON d.id = n.document_id WHERE a.operation = 'purchase.post_grn' AND n.hold_reason <> '' AND coalesce(json_extract(j.value, '$.hold_reason'), '') <> n.hold_reason`},
		[2]string{"price: more was credited for %s than it cost", `SELECT DISTINCT d.number FROM document c JOIN ledger k ON k.document_id = c.id AND k.account = 'SUPPLIER' AND k.value > 0
			JOIN grn_line n ON n.lot_id = k.lot_id JOIN document d ON d.id = n.document_id
			WHERE c.kind = 'PC' AND c.id > ` + markCredit.since() + ` AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = c.id)
			AND n.value < (SELECT sum(g.value) FROM ledger g JOIN document d ON d.id = g.document_id WHERE g.lot_id = n.lot_id AND g.account = 'SUPPLIER' AND d.kind = 'PC' AND ` + live + `)`},
		[2]string{"GRN: %s has a document but no lines", `SELECT d.number FROM document d WHERE d.kind = 'GRN' AND NOT EXISTS (SELECT 1 FROM grn_line n WHERE n.document_id = d.id)`})
}

func verifyPeriods(t *Tx, r *Report) error {
	const balance = `SELECT p.month, a.account, sum(a.value) AS value FROM period p JOIN account_day a
		ON a.effective_on < unixepoch(p.month * 86400, 'unixepoch', 'start of month', '+1 month') / 86400 GROUP BY 1, 2 HAVING sum(a.value) <> 0`
	return r.complaints(t, "closed months against the ledger", `SELECT count(*) FROM period`,
		[2]string{"period: the totals of %s differ from the ledger", `SELECT DISTINCT date(month * 86400, 'unixepoch') FROM (SELECT * FROM (SELECT * FROM period_account EXCEPT ` + balance + `)
			UNION ALL SELECT * FROM (` + balance + ` EXCEPT SELECT * FROM period_account)
			UNION ALL SELECT month, '', value FROM period p WHERE value <> coalesce((SELECT x.value FROM period_account x WHERE x.month = p.month AND x.account = 'STOCK'), 0))`},
		[2]string{"period: the ledger before the close of %s was changed", `SELECT date(p.month * 86400, 'unixepoch') FROM period p
			LEFT JOIN ledger g ON g.seq = p.seq WHERE p.seq > 0 AND (g.seq IS NULL OR lower(hex(g.hash)) <> p.head)`})
}

// closing follows the closed months through the ledger in the order of its rows.
type closing struct {
	periods  []stock.Period // by the row they were closed at
	problems stock.Problems
}

func closedMonths(t *Tx) (*closing, error) {
	p, err := list(t, `SELECT month, seq FROM period ORDER BY seq DESC, month DESC`, nil,
		func(r *sql.Rows) (p stock.Period, err error) { return p, r.Scan(&p.Month, &p.Seq) })
	return &closing{periods: p}, err
}

// row takes the next row. A month is named once.
func (c *closing) row(row stock.Row) {
	for i := len(c.periods) - 1; i >= 0 && c.periods[i].Seq < row.Seq; i-- {
		if p := c.periods[i]; row.EffectiveOn < p.Month.AddMonths(1) {
			c.problems.Add("period: rows were dated into %s after it was closed", p.Month.ISO())
			c.periods = slices.Delete(c.periods, i, i+1)
		}
	}
}

// verifySeries compares each series with the numbers in use: a series that fell
// behind would give a number twice.
func verifySeries(t *Tx, r *Report) error {
	return r.complaints(t, "number series", `SELECT count(*) FROM series`,
		[2]string{"series: %s is already used", `SELECT l.number FROM series s CROSS JOIN lot l ON l.number >= s.name || '-' AND l.number < s.name || '.'
			WHERE s.name >= 'LOT-' AND s.name < 'LOT.' AND CAST(substr(l.number, length(s.name) + 2) AS INTEGER) > s.last`})
}

func verifyWords(t *Tx, r *Report) error {
	return r.complaints(t, "search index entries", `SELECT (SELECT count(*) FROM item_words) + (SELECT count(*) FROM party_words) + (SELECT count(*) FROM lot_words)`,
		[2]string{"search: %s cannot be found", `SELECT i.sku FROM item i LEFT JOIN item_words w ON w.rowid = i.id WHERE w.rowid IS NULL OR w.sku <> i.sku OR w.name <> i.name OR w.name_hi <> i.name_hi`},
		[2]string{"search: %s cannot be found", `SELECT p.name FROM party p LEFT JOIN party_words w ON w.rowid = p.id WHERE w.rowid IS NULL OR w.name <> p.name`},
		[2]string{"search: %s cannot be found", `SELECT l.number FROM lot l LEFT JOIN lot_words w ON w.rowid = l.id WHERE w.rowid IS NULL OR w.number <> l.number`})
}

func verifyAudit(t *Tx, r *Report) error {
	var p stock.Problems
	var n int64
	var seq core.Seq
	var head [32]byte
	var done []uint64
	err := t.each(`SELECT `+auditColumns+` FROM audit a ORDER BY a.seq`, nil, func(rows *sql.Rows) error {
		row, hash, err := scanAudit(rows)
		if err != nil {
			return err
		}
		n++
		done = append(done, deed(row.Operation, row.User, row.At.UnixMilli()))
		if row.Seq != seq+1 {
			p.Add("audit: row %d follows row %d", row.Seq, seq)
		}
		if want := row.Chain(head); string(want[:]) != string(hash) {
			p.Add("audit: row %d was changed after it was written (its hash does not follow)", row.Seq)
		}
		seq = row.Seq
		copy(head[:], hash)
		return nil
	})
	if err != nil {
		return err
	}
	// The end of a chain can be cut off without a trace in it; the requests tell.
	slices.Sort(done)
	err = t.each(`SELECT key, operation, user_id, at FROM request`, nil, func(rows *sql.Rows) error {
		var key, operation string
		var user core.UserID
		var at int64
		if err := rows.Scan(&key, &operation, &user, &at); err != nil {
			return err
		}
		if _, found := slices.BinarySearch(done, deed(operation, user, at)); !found {
			p.Add("audit: the row of request %s is missing", key)
		}
		return nil
	})
	r.add("audit rows, hash by hash", n, p)
	return err
}

// deed is a short name of what somebody did at a moment, so that a million of them
// fit in a few MB.
func deed(operation string, user core.UserID, at int64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d %d", operation, user, at)
	return h.Sum64()
}
