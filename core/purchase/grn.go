// Package purchase receives goods: the GRN, its landed costs and the lots it
// opens.
package purchase

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// The operations on goods received.
var (
	PostGRN      = op.Define[PostGRNReq, PostGRNResp]("purchase.post_grn", op.Business, op.Operator, "Post a goods received note and open one lot per line.", op.Changes(stock.Topic, stock.TopicDocuments, TopicOrders))
	GetGRN       = op.Define[GetGRNReq, GRN]("purchase.get_grn", op.Read, op.Operator, "Read a goods received note without its rates.")
	GetCostedGRN = op.Define[GetGRNReq, CostedGRN]("purchase.get_costed_grn", op.Read, op.Admin, "Read a goods received note with rates and landed cost.", op.Viewed())
)

// MaxLines bounds one GRN.
const MaxLines = 200

// PostGRNReq is a delivery. Money is in paise without GST; the GST of the items
// is creditable and no part of any value (R13).
type PostGRNReq struct {
	Supplier    core.PartyID `json:"supplier"`
	Order       OrderID      `json:"order,omitempty"` // the purchase order it comes from
	InvoiceNo   string       `json:"invoice_no"`
	InvoiceDate core.Date    `json:"invoice_date"`
	ReceivedOn  core.Date    `json:"received_on,omitempty"` // default today; earlier: Admin, with a reason (R7)
	Reason      string       `json:"reason,omitempty"`      // why it is backdated, or why more came than Overweight beyond the order
	Number      string       `json:"number,omitempty"`      // a free one of the day of receipt; default: the next
	Lines       []GRNLine    `json:"lines"`
	Freight     core.Paise   `json:"freight,omitempty"`
	Hamali      core.Paise   `json:"hamali,omitempty"`
}

// GRNLine is one item of a delivery; it becomes one lot.
type GRNLine struct {
	Item          core.ItemID `json:"item"`
	Qty           core.Qty    `json:"qty"`   // base units
	Unit          string      `json:"unit"`  // the unit it was typed in, for print
	Value         core.Paise  `json:"value"` // taxable value of the whole line
	SupplierBatch string      `json:"supplier_batch,omitempty"`
	MfgOn         core.Date   `json:"mfg_on,omitempty"`
	ExpiryOn      core.Date   `json:"expiry_on,omitempty"`   // needed for raw material and finished goods (R27)
	OrderLine     int         `json:"order_line,omitempty"`  // of the purchase order, from 1; 0 was not ordered
	Hold          bool        `json:"hold,omitempty"`        // set aside for QC instead of released
	HoldReason    string      `json:"hold_reason,omitempty"` // needed where the item does not need QC anyway
}

var numberForm = regexp.MustCompile(`^GRN-[0-9]{8}-[0-9]{3,9}$`)

// Validate checks what can be judged without the books; it normalizes first.
func (r *PostGRNReq) Validate() error {
	var bad core.Faults
	r.InvoiceNo, r.Reason, r.Number = core.Text(r.InvoiceNo), core.Text(r.Reason), core.Text(r.Number)
	bad.Check(r.Supplier > 0, "supplier", "Choose the supplier.")
	bad.Check(r.InvoiceNo != "", "invoice_no", "Enter the invoice number.")
	bad.Fit("invoice_no", r.InvoiceNo, 40)
	bad.Fit("reason", r.Reason, core.MaxNote)
	bad.Check(r.InvoiceDate != 0, "invoice_date", "Enter the invoice date.")
	bad.Check(r.Number == "" || numberForm.MatchString(r.Number), "number", "Write the GRN number as GRN-20260212-001, or leave it empty.")
	bad.Check(len(r.Lines) > 0, "lines", "Enter at least one item.")
	bad.Check(len(r.Lines) <= MaxLines, "lines", "A GRN has at most %d lines. Post the rest as a second one.", MaxLines)
	for i := range r.Lines {
		_ = bad.Merge(fmt.Sprintf("lines[%d].", i), r.Lines[i].Validate())
	}
	bad.Check(r.Freight >= 0, "freight", "Freight cannot be negative.")
	bad.Check(r.Hamali >= 0, "hamali", "Hamali cannot be negative.")
	bad.BoundMoney("freight", r.Freight)
	bad.BoundMoney("hamali", r.Hamali)
	if goods, err := r.Goods(); err != nil || goods > core.MaxPaise {
		bad.Add("lines", "The values of this GRN are too large.")
	}
	return bad.Err()
}

// Validate checks one line.
func (l *GRNLine) Validate() error {
	var bad core.Faults
	l.SupplierBatch, l.HoldReason = core.Text(l.SupplierBatch), core.Text(l.HoldReason)
	bad.Check(l.Item > 0, "item", "Choose the item.")
	bad.Check(l.Qty > 0, "qty", "Enter a quantity above zero.")
	bad.Check(l.Unit != "", "unit", "Choose the unit.")
	bad.Check(l.Value >= 0, "value", "The value cannot be negative.")
	bad.Bound("qty", l.Qty)
	bad.BoundMoney("value", l.Value)
	bad.Fit("unit", l.Unit, core.MaxCode)
	bad.Fit("supplier_batch", l.SupplierBatch, 60)
	bad.Fit("hold_reason", l.HoldReason, core.MaxNote)
	bad.Check(l.MfgOn == 0 || l.ExpiryOn == 0 || l.ExpiryOn >= l.MfgOn, "expiry_on", "The expiry lies before the manufacturing date.")
	return bad.Err()
}

// Goods is the taxable value of all lines.
func (r *PostGRNReq) Goods() (core.Paise, error) {
	sum := core.Paise(0)
	for _, l := range r.Lines {
		var err error
		if sum, err = core.Add(sum, l.Value); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// Landed spreads freight and hamali over the lines by value, largest remainder
// first, so that the shares sum exactly (R13). Lines that are all free of charge
// share by quantity, and alike where their items are not measured alike: a milligram
// weighs nothing against a piece. The dimensions are those of the lines, in their order.
func (r *PostGRNReq) Landed(measured []core.Dimension) ([]core.Paise, error) {
	total, err := core.Add(r.Freight, r.Hamali)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return make([]core.Paise, len(r.Lines)), nil
	}
	goods, err := r.Goods()
	if err != nil {
		return nil, err
	}
	weights := make([]int64, len(r.Lines))
	alike := len(slices.Compact(slices.Clone(measured))) <= 1
	for i, l := range r.Lines {
		switch {
		case goods > 0:
			weights[i] = int64(l.Value)
		case alike:
			weights[i] = int64(l.Qty)
		default:
			weights[i] = 1
		}
	}
	return core.Split(total, weights)
}

// PostGRNResp names the document and its lots; nothing in it is a cost (R37).
type PostGRNResp struct {
	Document core.DocumentID `json:"document"`
	Number   string          `json:"number"`
	Lots     []NewLot        `json:"lots"`
}

// NewLot is a lot opened by a line.
type NewLot struct {
	Lot    core.LotID   `json:"lot"`
	Number string       `json:"number"`
	Item   core.ItemID  `json:"item"`
	Name   string       `json:"name"`
	Qty    core.Qty     `json:"qty"`
	Status stock.Status `json:"status"`
}

// GetGRNReq names a GRN.
type GetGRNReq struct {
	ID core.DocumentID `json:"id"`
}

// GRN is a posted goods received note without costs.
type GRN struct {
	ID           core.DocumentID `json:"id"`
	Number       string          `json:"number"`
	Supplier     core.PartyID    `json:"supplier"`
	SupplierName string          `json:"supplier_name"`
	InvoiceNo    string          `json:"invoice_no"`
	InvoiceDate  core.Date       `json:"invoice_date"`
	ReceivedOn   core.Date       `json:"received_on"`
	Reason       string          `json:"reason,omitempty"` // for an earlier day, or for more than was ordered
	PostedAt     time.Time       `json:"posted_at"`
	User         string          `json:"user"`
	Device       string          `json:"device"`
	ReversedBy   string          `json:"reversed_by,omitempty"`
	Lines        []PostedLine    `json:"lines"`
}

// PostedLine is a line of a posted GRN.
type PostedLine struct {
	Line          int            `json:"line"`
	Item          core.ItemID    `json:"item"`
	SKU           string         `json:"sku"`
	Name          string         `json:"name"`
	NameHi        string         `json:"name_hi,omitempty"`
	Dimension     core.Dimension `json:"dimension"`
	Qty           core.Qty       `json:"qty"`
	Unit          string         `json:"unit"`
	Lot           core.LotID     `json:"lot"`
	LotNumber     string         `json:"lot_number"`
	SupplierBatch string         `json:"supplier_batch,omitempty"`
	MfgOn         core.Date      `json:"mfg_on"`
	ExpiryOn      core.Date      `json:"expiry_on"`
	Status        stock.Status   `json:"status"` // at receipt
	HoldReason    string         `json:"hold_reason,omitempty"`
}

// CostedGRN adds what the goods cost.
type CostedGRN struct {
	GRN
	Costs   []LineCost `json:"costs"` // in the order of Lines
	Freight core.Paise `json:"freight"`
	Hamali  core.Paise `json:"hamali"`
	Goods   core.Paise `json:"goods"`
	GST     core.Paise `json:"gst"`   // creditable
	Total   core.Paise `json:"total"` // of the invoice
}

// LineCost is what one line cost.
type LineCost struct {
	Value   core.Paise   `json:"value"`    // taxable
	Landed  core.Paise   `json:"landed"`   // share of freight and hamali
	GSTRate core.Percent `json:"gst_rate"` // on the invoice date
	GST     core.Paise   `json:"gst"`      // half-up per line (R32)
}
