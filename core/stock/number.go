package stock

import (
	"fmt"
	"strconv"
	"strings"

	"masala/core"
	"masala/core/op"
)

// Series counts.
type Series interface {
	NextInSeries(series string) (int, error) // the first is 1
	LastInSeries(series string) (int, error) // given out; 0 before the first
}

// Numbering is how one kind of paper is numbered: every day, or every financial year,
// has a series of its own. Numbers grow past their digits (DOMAIN.md section 1).
type Numbering struct {
	Prefix string
	Digits int
	Yearly bool // DC/2627/00042 instead of B-20260212-01
}

// The numberings of what is no document of the ledger; those are in Numbering of their
// kind. An invoice, as a challan, is numbered without a gap: its number is taken within
// the commit and nobody types it. With a prefix of three letters such numbers have at
// most 16 characters up to 99,999,999.
var (
	LotNumbers           = Numbering{"LOT", 3, false}
	BatchNumbers         = Numbering{"B", 2, false}
	PurchaseOrderNumbers = Numbering{"PO", 3, false}
	SalesOrderNumbers    = Numbering{"SO", 3, false}
	InvoiceNumbers       = Numbering{"INV", 5, true}
	CountNumbers         = Numbering{"COUNT", 2, false}
	RecallNumbers        = Numbering{"RC", 2, false}
)

// Numbering of the documents of a kind.
func (k DocumentKind) Numbering() Numbering {
	switch k {
	case KindDispatch:
		return Numbering{string(k), 5, true}
	case KindPacking:
		return Numbering{string(k), 2, false}
	}
	return Numbering{string(k), 3, false}
}

func (n Numbering) series(day core.Date) string {
	if n.Yearly {
		return n.Prefix + "/" + day.FinancialYear()
	}
	return n.Prefix + "-" + day.Compact()
}

// head is what all numbers of the series of a day begin with.
func (n Numbering) head(day core.Date) string {
	if n.Yearly {
		return n.series(day) + "/"
	}
	return n.series(day) + "-"
}

func (n Numbering) number(day core.Date, i int) string {
	return fmt.Sprintf("%s%0*d", n.head(day), n.Digits, i)
}

// Take takes the next number of the series of a day.
func (n Numbering) Take(tx Series, day core.Date) (string, error) {
	i, err := tx.NextInSeries(n.series(day))
	return n.number(day, i), err
}

// belongs reports whether a typed number is one of the series of a day, written as it
// would be given: no number may stand for two.
func (n Numbering) belongs(number string, day core.Date) bool {
	i, err := strconv.Atoi(strings.TrimPrefix(number, n.head(day)))
	return err == nil && i > 0 && number == n.number(day, i)
}

// Later is the number that comes by places after one of the numbering, "" after none.
func (n Numbering) Later(number string, by int) string {
	at := strings.LastIndexAny(number, "-/") + 1
	i, err := strconv.Atoi(number[at:])
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s%0*d", number[:at], n.Digits, i+by)
}

// next tells the number that would be taken next, and takes none. As NextNumber it goes
// by what was typed; no document has the number of a lot or an order.
func (n Numbering) next(tx Ledger, day core.Date) (string, error) {
	i, err := tx.LastInSeries(n.series(day))
	for err == nil {
		i++
		number, taken := n.number(day, i), false
		if _, taken, err = tx.DocumentByNumber(number); err == nil && !taken {
			return number, nil
		}
	}
	return "", err
}

// NextNumber takes the next free number of a kind of document on its day. A typed
// number may be in the way.
func NextNumber(tx Ledger, kind DocumentKind, day core.Date) (string, error) {
	for {
		number, err := kind.Numbering().Take(tx, day)
		if err != nil {
			return "", err
		}
		if _, taken, err := tx.DocumentByNumber(number); err != nil || !taken {
			return number, err
		}
	}
}

// CheckTyped adds to bad what is wrong with a typed number of a document dated day: it
// must be one of that day's series, for it tells the day for ever. None is right.
func CheckTyped(tx Ledger, kind DocumentKind, number string, day core.Date, bad *core.Faults) error {
	n := kind.Numbering()
	if number == "" || n.belongs(number, day) {
		return nil
	}
	free, err := n.next(tx, day)
	bad.Add("number", "%s is no number of %s, the day of this entry. Leave it empty, or write it like %s.", number, day, free)
	return err
}

func takeNumber(tx Ledger, d Document) (string, error) {
	if d.Number == "" {
		return NextNumber(tx, d.Kind, d.EffectiveOn)
	}
	_, taken, err := tx.DocumentByNumber(d.Number)
	if err == nil && taken {
		err = core.Invalid("number", "%s is already used. Leave the number empty to take the next free one.", d.Number)
	}
	return d.Number, err
}

// SuggestNumbers is asked by a form once, when it opens.
var SuggestNumbers = op.Define[SuggestNumbersReq, SuggestNumbersResp]("stock.suggest_numbers", op.Read, op.Operator,
	"Tell the numbers that would come next, of documents, lots, batches, orders, challans and invoices. None is taken.")

// SuggestNumbersReq names the series by their prefixes: GRN, LOT, B, PK, PO, SO, DC, INV,
// COUNT, RC and the other kinds of document.
type SuggestNumbersReq struct {
	Of []string  `json:"of,omitempty"` // none = all
	On core.Date `json:"on,omitempty"` // default today, and not later
}

// SuggestNumbersResp has the next free number of each series by its prefix. Somebody else
// may be shown the same, and whoever posts first has it; so a form shows it and does not
// send it. Of lots it is that of the first line; see Later.
type SuggestNumbersResp struct {
	On      core.Date         `json:"on"`
	Numbers map[string]string `json:"numbers"`
}

// numberings has every series that a form may ask for.
func numberings() (list []Numbering) {
	for _, k := range DocumentKinds() {
		list = append(list, k.Numbering())
	}
	return append(list, LotNumbers, BatchNumbers, PurchaseOrderNumbers, SalesOrderNumbers, InvoiceNumbers, CountNumbers, RecallNumbers)
}

func suggestNumbers(c *op.Call, tx Ledger, q SuggestNumbersReq) (SuggestNumbersResp, error) {
	all, known := map[string]Numbering{}, []string{}
	for _, n := range numberings() {
		all[n.Prefix], known = n, append(known, n.Prefix)
	}
	if len(q.Of) == 0 {
		q.Of = known
	}
	if q.On == 0 {
		q.On = c.Today()
	}
	var bad core.Faults
	bad.Check(q.On <= c.Today(), "on", "%s lies in the future. Today is %s.", q.On, c.Today())
	for i, prefix := range q.Of {
		_, ok := all[prefix]
		bad.Check(ok, fmt.Sprintf("of[%d]", i), "There are no numbers %q. There are: %s.", prefix, strings.Join(known, ", "))
	}
	if err := bad.Err(); err != nil {
		return SuggestNumbersResp{}, err
	}
	resp := SuggestNumbersResp{On: q.On, Numbers: map[string]string{}}
	for _, prefix := range q.Of {
		number, err := all[prefix].next(tx, q.On)
		if err != nil {
			return SuggestNumbersResp{}, err
		}
		resp.Numbers[prefix] = number
	}
	return resp, nil
}
