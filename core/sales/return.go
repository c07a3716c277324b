package sales

import (
	"fmt"
	"strings"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// The operations on goods that come back.
var (
	PostReturn  = op.Define[PostReturnReq, PostReturnResp]("sales.post_return", op.Business, op.Operator, "Take goods of a dispatch back, good or damaged.", op.Changes(TopicDispatches, stock.Topic, stock.TopicDocuments))
	ListReturns = op.Define[ListReturnsReq, ListReturnsResp]("sales.list_returns", op.Read, op.Operator, "Page through the sales returns, newest first.")
)

// Condition of goods that came back.
type Condition string

// The conditions (R15).
const (
	Good    Condition = "GOOD"    // into the HOLD cell of its lot
	Damaged Condition = "DAMAGED" // received and written off in one document
)

// PostReturnReq takes goods of one dispatch back.
type PostReturnReq struct {
	Dispatch    DispatchID   `json:"dispatch"`
	Reason      string       `json:"reason"`
	Lines       []ReturnLine `json:"lines"`
	EffectiveOn core.Date    `json:"effective_on,omitempty"` // default today; an earlier day by R7
}

// ReturnLine is a part of one lot.
type ReturnLine struct {
	Lot       core.LotID `json:"lot"`
	Qty       core.Qty   `json:"qty"`
	Condition Condition  `json:"condition"`
}

// PostReturnResp names the document.
type PostReturnResp struct {
	stock.Posted
	Dispatch Dispatch `json:"dispatch"`
}

// Validate checks the request.
func (r *PostReturnReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Dispatch > 0, "dispatch", "Choose the dispatch.")
	bad.NeedReason(&r.Reason)
	bad.Check(len(r.Lines) > 0, "lines", "Enter at least one lot.")
	bad.Check(len(r.Lines) <= MaxLines, "lines", "A return has at most %d lines.", MaxLines)
	for i, l := range r.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		bad.Check(l.Lot > 0, at+"lot", "Choose the lot.")
		bad.Check(l.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Bound(at+"qty", l.Qty)
		bad.Check(l.Condition == Good || l.Condition == Damaged, at+"condition", "Choose whether it is good or damaged.")
	}
	return bad.Err()
}

// Return is a part of a lot that came back.
type Return struct {
	Document  core.DocumentID `json:"document"`
	Number    string          `json:"number"`
	On        core.Date       `json:"on"`
	Lot       core.LotID      `json:"lot"`
	LotNo     string          `json:"lot_number"`
	Name      string          `json:"name"`
	Qty       core.Qty        `json:"qty"`
	Condition Condition       `json:"condition"`
	Reason    string          `json:"reason"`
}

// ListReturnsReq asks for a page of returns.
type ListReturnsReq struct {
	Customer core.PartyID `json:"customer,omitempty"`
	After    string       `json:"after,omitempty"`
	Limit    int          `json:"limit,omitempty"`
}

// ReturnRow is a part of a return in a list.
type ReturnRow struct {
	Return
	PostedAt     time.Time `json:"posted_at"`
	Challan      string    `json:"challan"`
	CustomerName string    `json:"customer_name"`
	Cancelled    bool      `json:"cancelled"`
}

// ListReturnsResp is a page of returns.
type ListReturnsResp struct {
	Returns []ReturnRow `json:"returns"`
	Next    string      `json:"next,omitempty"`
}

// Sent is what a dispatch holds of one lot: what went out less what came back.
type Sent struct {
	Lot     core.LotID
	Segment core.Segment
	Qty     core.Qty
	Value   core.Paise
}

// Parcel is what a customer has of a lot by one challan.
type Parcel struct {
	Challan   string
	Qty       core.Qty
	Dimension core.Dimension
}

// elsewhere says by which other challans the customer of a dispatch has goods of a lot, ""
// if by none: a return is of one.
func elsewhere(tx Store, d Dispatch, lot core.LotID) (string, error) {
	parcels, err := tx.ParcelsBeside(d.Document, lot, d.Customer)
	if err != nil || len(parcels) == 0 {
		return "", err
	}
	var has []string
	for _, p := range parcels {
		has = append(has, p.Qty.String(p.Dimension)+" of "+p.Challan)
	}
	return " The customer has " + strings.Join(has, ", ") + ". Each challan has a return of its own.", nil
}

// postReturn is R15: goods come back at the value share of their dispatch, so that a
// dispatch that comes back whole brings back its whole value.
func postReturn(c *op.Call, tx Store, q PostReturnReq) (PostReturnResp, error) {
	d, err := tx.Dispatch(q.Dispatch)
	if err != nil {
		if core.CodeOf(err) == core.CodeNotFound {
			err = core.NotFound("dispatch", "There is no such dispatch.")
		}
		return PostReturnResp{}, err
	}
	if d.State != Confirmed && d.State != Dispatched {
		return PostReturnResp{}, core.Errorf(core.CodeConflict, "Nothing can come back of this dispatch: it is %s.", d.State.words())
	}
	sent, err := tx.SentWith(d.Document)
	if err != nil {
		return PostReturnResp{}, err
	}
	left := map[core.LotID]*Sent{}
	for i := range sent {
		left[sent[i].Lot] = &sent[i]
	}
	var bad core.Faults
	day, err := stock.DayOf(c, tx, q.EffectiveOn, q.Reason, &bad)
	if err != nil {
		return PostReturnResp{}, err
	}
	v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindSalesReturn, EffectiveOn: day, Reason: d.Challan + ": " + q.Reason, Party: d.Customer, On: []core.DocumentID{d.Document}})
	if err != nil {
		return PostReturnResp{}, err
	}
	for i, l := range q.Lines {
		s := left[l.Lot]
		at := fmt.Sprintf("lines[%d].", i)
		if s == nil {
			also, err := elsewhere(tx, d, l.Lot)
			if err != nil {
				return PostReturnResp{}, err
			}
			bad.Add(at+"lot", "This lot did not go with %s.%s", d.Challan, also)
			continue
		}
		lot, err := tx.Lot(l.Lot)
		if err != nil {
			return PostReturnResp{}, err
		}
		if l.Qty > s.Qty {
			item, err := tx.ItemRef(lot.Item)
			if err != nil {
				return PostReturnResp{}, err
			}
			also, err := elsewhere(tx, d, l.Lot)
			if err != nil {
				return PostReturnResp{}, err
			}
			bad.Add(at+"qty", "Of %s only %s of %s are still with the customer.%s", lot.Number, s.Qty.String(item.Dimension), d.Challan, also)
			continue
		}
		value, err := s.Value.Share(l.Qty, s.Qty)
		if err != nil {
			return PostReturnResp{}, err
		}
		s.Qty, s.Value = s.Qty-l.Qty, s.Value-value
		key := stock.CellKey{Lot: l.Lot, Segment: s.Segment, Status: stock.Hold}
		v.Put(lot.Item, key, l.Qty, value, stock.COGS)
		if l.Condition == Damaged {
			v.Put(lot.Item, key, -l.Qty, -value, stock.Loss)
		}
		if err := tx.InsertReturn(v.Posted().Document, i+1, d.Document, l); err != nil {
			return PostReturnResp{}, err
		}
	}
	if err := bad.Err(); err != nil {
		return PostReturnResp{}, err
	}
	c.Note("dispatch "+d.Challan, nil, q)
	if err := v.Post(); err != nil {
		return PostReturnResp{}, err
	}
	d, err = tx.Dispatch(q.Dispatch)
	return PostReturnResp{v.Posted(), d}, err
}
