package storage

import "masala/core/stock"

// mark is where a check of the verifier begins in these books: behind the newest document
// of the time before it. What was posted until then need not fulfil it.
type mark struct{ table, what string }

var (
	markParties    = mark{"checked_from", "invoice_party"} // the tax of a challan is that of the parties it names
	markCredit     = mark{"checked_from", "credit"}        // no more is credited than was paid
	markEdgeSigns  = mark{"checked_since", "edge signs"}   // nothing takes less than nothing of a lot
	markPriceOrder = mark{"checked_since", "price order"}  // price corrections are cancelled newest first, and keep their notes
	markCounts     = mark{"checked_since", "counts"}       // differences are those to the books of the moment of counting
	markGrounds    = mark{"checked_since", "grounds"}      // nothing is dated before what it stands on
	markDays       = mark{"checked_since", "days"}         // batches and customers give no more than they have on any day

	marks = []mark{markParties, markCredit, markEdgeSigns, markPriceOrder, markCounts, markGrounds, markDays}
)

// since is, in SQL, the newest document that the check leaves out: none, where the mark is
// missing, so that it looks at everything.
func (m mark) since() string {
	return `coalesce((SELECT document_id FROM ` + m.table + ` WHERE what = '` + m.what + `'), 0)`
}

// verifyMarks looks for every mark: an upgrade writes it and nothing takes it away. One
// behind the newest document would hide that document, too.
func verifyMarks(t *Tx, r *Report) error {
	var p stock.Problems
	for _, m := range marks {
		if err := complain(t, &p, "marks: since when %s is looked at is missing, so everything is", `SELECT '`+m.what+`' WHERE NOT EXISTS (SELECT 1 FROM `+m.table+` WHERE what = '`+m.what+`')`); err != nil {
			return err
		}
		if err := complain(t, &p, "marks: %s is looked at since a document that was not posted yet", `SELECT what FROM `+m.table+` WHERE what = '`+m.what+`' AND document_id > (SELECT coalesce(max(id), 0) FROM document)`); err != nil {
			return err
		}
	}
	r.add("marks of where a check begins", int64(len(marks)), p)
	return nil
}
