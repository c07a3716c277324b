package stock

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// PostOpening enters stock that was there before the books began.
var PostOpening = op.Define[PostOpeningReq, PostOpeningResp]("stock.post_opening", op.Business, op.Admin, "Enter stock that was there before the books began, one lot per line.", op.Changes(Topic, TopicDocuments))

// MaxOpeningLines bounds one opening document.
const MaxOpeningLines = 200

// PostOpeningReq is stock taken over from older books. It answers to ADJUSTMENT, as
// every quantity does that came from nowhere else in these books.
type PostOpeningReq struct {
	Reason string        `json:"reason"` // where the figures come from
	Lines  []OpeningLine `json:"lines"`

	EffectiveOn core.Date `json:"effective_on,omitempty"` // default today; an earlier day by R7
}

// OpeningLine is one lot.
type OpeningLine struct {
	Item          core.ItemID  `json:"item"`
	Qty           core.Qty     `json:"qty"`               // base units
	Value         core.Paise   `json:"value"`             // of the whole lot
	Segment       core.Segment `json:"segment,omitempty"` // default REGULAR; others for finished goods only (R28)
	SupplierBatch string       `json:"supplier_batch,omitempty"`
	MfgOn         core.Date    `json:"mfg_on,omitempty"`
	ExpiryOn      core.Date    `json:"expiry_on,omitempty"` // needed for raw material and finished goods (R27)
	Hold          bool         `json:"hold,omitempty"`
}

// PostOpeningResp names the document and its lots.
type PostOpeningResp struct {
	Posted
	Lots []OpenedLot `json:"lots"`
}

// OpenedLot is a lot opened by a line.
type OpenedLot struct {
	Lot    core.LotID `json:"lot"`
	Number string     `json:"number"`
}

// Validate checks the request.
func (r *PostOpeningReq) Validate() error {
	var bad core.Faults
	r.Reason = core.Text(r.Reason)
	bad.Check(r.Reason != "", "reason", "Say where these figures come from.")
	bad.Fit("reason", r.Reason, core.MaxNote)
	bad.Check(len(r.Lines) > 0, "lines", "Enter at least one item.")
	bad.Check(len(r.Lines) <= MaxOpeningLines, "lines", "An opening has at most %d lines. Post the rest as a second one.", MaxOpeningLines)
	for i := range r.Lines {
		_ = bad.Merge(fmt.Sprintf("lines[%d].", i), r.Lines[i].Validate())
	}
	return bad.Err()
}

// Validate checks one line.
func (l *OpeningLine) Validate() error {
	var bad core.Faults
	l.SupplierBatch = core.Text(l.SupplierBatch)
	if l.Segment == "" {
		l.Segment = core.Regular
	}
	bad.Check(l.Item > 0, "item", "Choose the item.")
	bad.Check(l.Qty > 0, "qty", "Enter a quantity above zero.")
	bad.Check(l.Value >= 0, "value", "The value cannot be negative.")
	bad.Check(l.Segment.Valid(), "segment", "Choose the segment: regular or online.")
	bad.Bound("qty", l.Qty)
	bad.BoundMoney("value", l.Value)
	bad.Fit("supplier_batch", l.SupplierBatch, 60)
	bad.Check(l.MfgOn == 0 || l.ExpiryOn == 0 || l.ExpiryOn >= l.MfgOn, "expiry_on", "The expiry lies before the manufacturing date.")
	return bad.Err()
}

func postOpening(c *op.Call, tx Store, q PostOpeningReq) (PostOpeningResp, error) {
	var bad core.Faults
	day, err := DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return PostOpeningResp{}, err
	}
	if err := bad.Merge("", checkOpening(tx, q, day)); err != nil {
		return PostOpeningResp{}, err
	}
	if err := bad.Err(); err != nil {
		return PostOpeningResp{}, err
	}
	v, err := Begin(c, tx, Document{Kind: KindOpening, EffectiveOn: day, Reason: q.Reason})
	if err != nil {
		return PostOpeningResp{}, err
	}
	resp := PostOpeningResp{Posted: v.Posted()}
	for _, l := range q.Lines {
		lot, err := v.NewLot(Lot{Item: l.Item, MfgOn: l.MfgOn, ExpiryOn: l.ExpiryOn, SupplierBatch: l.SupplierBatch})
		if err != nil {
			return PostOpeningResp{}, err
		}
		status := Released
		if l.Hold {
			status = Hold
		}
		v.Put(l.Item, CellKey{lot.ID, l.Segment, status}, l.Qty, l.Value, Adjustment)
		v.From(Edge{Child: lot.ID, Qty: l.Qty, Value: l.Value})
		resp.Lots = append(resp.Lots, OpenedLot{lot.ID, lot.Number})
	}
	c.Note("opening "+v.Number(), nil, q)
	return resp, v.Post()
}

// checkOpening judges the lines against the books and names every fault at once.
func checkOpening(tx Store, q PostOpeningReq, day core.Date) error {
	var bad core.Faults
	for i, l := range q.Lines {
		item, err := tx.Item(l.Item)
		at := fmt.Sprintf("lines[%d].", i)
		if core.CodeOf(err) == core.CodeNotFound {
			bad.Add(at+"item", "Choose an item from the list.")
			continue
		}
		if err != nil {
			return err
		}
		bad.Check(item.Active, at+"item", "%s is no longer in use. Choose another item.", item.Name)
		bad.Check(l.Segment == core.Regular || item.Type == catalog.Finished, at+"segment", "%s is no finished good. Only finished goods belong to a segment.", item.Name)
		bad.Check(!item.NeedsExpiry() || l.ExpiryOn != 0, at+"expiry_on", "Enter the expiry date of %s.", item.Name)
		bad.Check(l.MfgOn <= day, at+"mfg_on", "It cannot be made after %s, the day of this entry.", day)
	}
	return bad.Err()
}
