package sales

import (
	"cmp"
	"slices"

	"masala/core"
	"masala/core/catalog"
)

// Tax is the GST of a line: CGST and SGST within the own state, IGST to another one,
// each rounded half-up to the paisa (R32).
type Tax struct {
	Taxable core.Paise   `json:"taxable"`
	GSTRate core.Percent `json:"gst_rate"`
	CGST    core.Paise   `json:"cgst"`
	SGST    core.Paise   `json:"sgst"`
	IGST    core.Paise   `json:"igst"`
}

// TaxOf works the GST of a taxable value out.
func TaxOf(taxable core.Paise, rate core.Percent, ownState bool) (t Tax, err error) {
	t = Tax{Taxable: taxable, GSTRate: rate}
	if ownState {
		t.CGST, err = rate.HalfOf(taxable)
		t.SGST = t.CGST
		return t, err
	}
	t.IGST, err = rate.Of(taxable)
	return t, err
}

// rateOf is the GST rate of an item on a day. No invoice goes out without it, nor
// without HSN code: both are on it by law (R33).
func rateOf(item *catalog.ItemFields, day core.Date, bad *core.Faults, field string) core.Percent {
	rate, known := item.GSTOn(day)
	switch {
	case item.HSN == "" && !known:
		bad.Add(field, "Enter HSN code and GST rate of %s among the items, then it can be sold. Exempt goods have a rate of 0 %%.", item.Name)
	case item.HSN == "":
		bad.Add(field, "Enter the HSN code of %s among the items, then it can be sold.", item.Name)
	case !known:
		bad.Add(field, "Enter the GST rate of %s among the items, then it can be sold. Exempt goods have a rate of 0 %%.", item.Name)
	}
	return rate
}

// TaxRow sums the lines of one rate and HSN.
type TaxRow struct {
	HSN string `json:"hsn,omitempty"`
	Tax
}

// Totals are those of an invoice: the sum rounded to the rupee with the round-off
// shown.
type Totals struct {
	Taxable  core.Paise `json:"taxable"`
	CGST     core.Paise `json:"cgst"`
	SGST     core.Paise `json:"sgst"`
	IGST     core.Paise `json:"igst"`
	RoundOff core.Paise `json:"round_off"`
	Total    core.Paise `json:"total"`
}

// Sum adds the lines up per rate and HSN, and in all.
func Sum(lines []Line) (rows []TaxRow, t Totals) {
	rows = []TaxRow{}
	for _, l := range lines {
		i := slices.IndexFunc(rows, func(r TaxRow) bool { return r.HSN == l.HSN && r.GSTRate == l.GSTRate })
		if i < 0 {
			rows = append(rows, TaxRow{HSN: l.HSN, Tax: Tax{GSTRate: l.GSTRate}})
			i = len(rows) - 1
		}
		r := &rows[i]
		r.Taxable, r.CGST, r.SGST, r.IGST = r.Taxable+l.Taxable, r.CGST+l.CGST, r.SGST+l.SGST, r.IGST+l.IGST
		t.Taxable, t.CGST, t.SGST, t.IGST = t.Taxable+l.Taxable, t.CGST+l.CGST, t.SGST+l.SGST, t.IGST+l.IGST
	}
	slices.SortFunc(rows, func(a, b TaxRow) int {
		return cmp.Or(cmp.Compare(a.GSTRate, b.GSTRate), cmp.Compare(a.HSN, b.HSN))
	})
	exact := t.Taxable + t.CGST + t.SGST + t.IGST
	t.Total = (exact + 50) / 100 * 100
	t.RoundOff = t.Total - exact
	return rows, t
}
