package storage

import (
	"database/sql"
	"time"

	"masala/core"
	"masala/core/sales"
	"masala/core/stock"
)

// verifySales holds the papers of sales against the ledger and its series.
func verifySales(t *Tx, r *Report) error {
	if err := verifyInvoices(t, r); err != nil {
		return err
	}
	if err := verifyChallanDays(t, r); err != nil {
		return err
	}
	return r.complaints(t, "dispatches and returns against the ledger", `SELECT count(*) FROM invoice`,
		[2]string{"dispatch: lines of %s differ from the ledger", `SELECT DISTINCT d.number FROM invoice v JOIN document d ON d.id = v.document_id
			WHERE EXISTS (SELECT 1 FROM dispatch_line n WHERE n.document_id = d.id AND n.qty <> (SELECT coalesce(sum(x.qty), 0) FROM dispatch_lot x WHERE x.document_id = d.id AND x.line = n.line))
			OR EXISTS (SELECT 1 FROM (SELECT lot_id, sum(qty) AS qty FROM dispatch_lot WHERE document_id = d.id GROUP BY lot_id) x
				WHERE x.qty <> (SELECT coalesce(sum(g.qty), 0) FROM ledger g WHERE g.document_id = d.id AND g.account = 'COGS' AND g.lot_id = x.lot_id))
			OR (SELECT sum(qty) FROM dispatch_lot WHERE document_id = d.id) <> (SELECT sum(g.qty) FROM ledger g WHERE g.document_id = d.id AND g.account = 'COGS')`},
		[2]string{"dispatch: more came back of %s than went with it", `SELECT DISTINCT d.number FROM sales_return s JOIN document d ON d.id = s.dispatch_id
			WHERE NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = s.document_id) GROUP BY d.id, s.lot_id
			HAVING sum(s.qty) > (SELECT coalesce(sum(x.qty), 0) FROM dispatch_lot x WHERE x.document_id = d.id AND x.lot_id = s.lot_id)`},
		[2]string{"return: lines of %s differ from the ledger", `SELECT d.number FROM sales_return s JOIN document d ON d.id = s.document_id GROUP BY d.id
			HAVING sum(s.qty) <> (SELECT -sum(g.qty) FROM ledger g WHERE g.document_id = d.id AND g.account = 'COGS')`},
		[2]string{"return: what %s says was damaged is not what was written off", `SELECT DISTINCT d.number FROM (SELECT document_id, lot_id, sum(CASE condition WHEN 'DAMAGED' THEN qty ELSE 0 END) AS damaged FROM sales_return GROUP BY 1, 2) s
			JOIN document d ON d.id = s.document_id WHERE s.damaged <> (SELECT coalesce(sum(g.qty), 0) FROM ledger g WHERE g.document_id = s.document_id AND g.lot_id = s.lot_id AND g.account = 'LOSS')`},
		[2]string{"dispatch: %s has a document but no invoice", `SELECT d.number FROM document d WHERE d.kind = 'DC' AND NOT EXISTS (SELECT 1 FROM invoice v WHERE v.document_id = d.id)
			OR d.kind = 'SR' AND NOT EXISTS (SELECT 1 FROM sales_return s WHERE s.document_id = d.id)`},
		[2]string{"dispatch: %s does not name its parties", `SELECT d.number FROM invoice v JOIN document d ON d.id = v.document_id WHERE (SELECT count(*) FROM invoice_party p WHERE p.document_id = v.document_id) <> 2`},
		// Of older papers the parties are those of the day this began.
		[2]string{"dispatch: the tax of %s is not that of its place of supply", `SELECT d.number FROM invoice v JOIN document d ON d.id = v.document_id
			JOIN invoice_party a ON a.document_id = v.document_id AND a.role = 'CONSIGNER' JOIN invoice_party b ON b.document_id = v.document_id AND b.role = 'CONSIGNEE'
			WHERE v.document_id > ` + markParties.since() + `
			AND EXISTS (SELECT 1 FROM dispatch_line l WHERE l.document_id = v.document_id AND CASE a.state_code WHEN b.state_code THEN l.igst ELSE l.cgst + l.sgst END <> 0)`},
		[2]string{"order: %s is called settled and is not", `SELECT o.number FROM sales_order o WHERE o.settled AND EXISTS (SELECT 1 FROM sales_order_line n WHERE n.order_id = o.id AND ` + dispatchedQty + ` < n.qty)
			UNION ALL SELECT p.number FROM purchase_order p WHERE p.settled AND EXISTS (SELECT 1 FROM purchase_order_line n WHERE n.order_id = p.id AND ` + receivedQty + ` < n.qty)`},
		[2]string{"series: %s has a gap", `SELECT s.name FROM (SELECT name, last, (SELECT coalesce(sum(k.last - k.first + 1), 0) FROM series_skip k WHERE k.name = x.name) AS skipped FROM series x) s WHERE s.name LIKE 'DC/%' AND s.last <> skipped + (SELECT count(*) FROM document d WHERE d.number LIKE s.name || '/%')
			OR s.name LIKE 'INV/%' AND s.last <> skipped + (SELECT count(*) FROM invoice v WHERE v.number LIKE s.name || '/%')`})
}

// verifyInvoices works every line of every invoice out again: taxable value from price
// and quantity, tax from rate and place of supply, the price as it was ordered (R32).
func verifyInvoices(t *Tx, r *Report) error {
	var p stock.Problems
	var n int64
	err := t.each(`SELECT d.number, l.line, l.qty, i.dimension, l.price, l.taxable, l.gst_rate, l.cgst, l.sgst, l.igst, n.price = l.price AND n.item_id = l.item_id AND n.unit = l.unit
		FROM dispatch_line l JOIN document d ON d.id = l.document_id JOIN item i ON i.id = l.item_id
		JOIN sales_order_line n ON n.order_id = l.order_id AND n.line = l.order_line ORDER BY l.document_id, l.line`, nil, func(rows *sql.Rows) error {
		var l sales.Line
		var number string
		var ordered bool
		n++
		if err := rows.Scan(&number, &l.Line, &l.Qty, &l.Dimension, &l.Price, &l.Taxable, &l.GSTRate, &l.CGST, &l.SGST, &l.IGST, &ordered); err != nil {
			return err
		}
		if !ordered {
			p.Add("invoice: line %d of %s is not what was ordered", l.Line, number)
		}
		if !taxed(l) {
			p.Add("invoice: the amounts of line %d of %s do not follow from its price, quantity and rate", l.Line, number)
		}
		return nil
	})
	r.add("lines of invoices, worked out again", n, p)
	return err
}

func taxed(l sales.Line) bool {
	taxable, err := sales.Taxable(l.Price, l.Qty, l.Dimension)
	if err != nil || taxable != l.Taxable {
		return false
	}
	for _, ownState := range []bool{true, false} {
		if tax, err := sales.TaxOf(taxable, l.GSTRate, ownState); err == nil && tax == l.Tax {
			return true
		}
	}
	return false
}

// verifyChallanDays follows the days of challans up their numbers. Where they fall because a
// clock was put right between two, nothing is wrong that anybody could mend.
func verifyChallanDays(t *Tx, r *Report) error {
	var p, looks stock.Problems
	var n int64
	rises := map[string]*sales.Rise{}
	err := t.each(`SELECT rtrim(number, '0123456789'), number, effective_on, posted_at, id > `+markDays.since()+` FROM document WHERE kind = 'DC' ORDER BY id`, nil, func(rows *sql.Rows) error {
		var series, number string
		var day core.Date
		var posted time.Time
		var judged bool
		if err := rows.Scan(&series, &number, &day, clock{&posted}, &judged); err != nil {
			return err
		}
		n++
		if rises[series] == nil {
			rises[series] = &sales.Rise{}
		}
		switch fell := rises[series].Next(day, posted); {
		case !judged:
		case fell == sales.Fell:
			p.Add("dispatch: %s is dated before a challan of a lower number", number)
		case fell == sales.FellWithClock:
			looks.Add("%s is dated before a challan of a lower number, made while the clock was ahead: look at the day of that one", number)
		}
		return nil
	})
	r.add("days of challans, up their numbers", n, p)
	r.Remarks = append(r.Remarks, looks.Found...)
	return err
}
