package report

import (
	"cmp"

	"masala/core"
	"masala/core/op"
	"masala/core/production"
)

// The wastage report: yield and loss of the mill, and what the packing line lost.
var (
	Wastage       = op.Define[WastageReq, WastageResp]("report.wastage", op.Read, op.Operator, "Loss and yield of a period by batch, product, operator, supplier and reason.")
	ValuedWastage = op.Define[WastageReq, ValuedWastageResp]("report.valued_wastage", op.Read, op.Admin, "The same with what the losses were worth.", op.Viewed())
)

// How much one wastage report covers.
const (
	WastageDays = 7   // by default, today the last
	MaxWastage  = 731 // days at once
	TopLosers   = 5
)

// WastageReq asks for a period of business days. Lists of batches page by After.
type WastageReq struct {
	From  core.Date   `json:"from,omitempty"` // default: WastageDays up to To
	To    core.Date   `json:"to,omitempty"`   // default: today
	Item  core.ItemID `json:"item,omitempty"` // only batches of this powder
	After string      `json:"after,omitempty"`
	Limit int         `json:"limit,omitempty"`

	RunsAfter string `json:"runs_after,omitempty"` // the same for the packing runs
}

// Validate checks the request.
func (r *WastageReq) Validate() error {
	var bad core.Faults
	bad.Check(r.From >= 0, "from", "Enter the first day.")
	bad.Check(r.To == 0 || r.To >= r.From, "to", "The last day lies before the first.")
	bad.Check(r.From == 0 || r.To == 0 || int(r.To-r.From) < MaxWastage, "from", "Choose at most %d days at once.", MaxWastage)
	return bad.Err()
}

// period fills the days left open.
func (r *WastageReq) period(today core.Date) error {
	if r.To == 0 {
		r.To = today
	}
	if r.From == 0 {
		r.From = r.To.AddDays(1 - WastageDays)
	}
	return r.Validate()
}

// Mill sums batches (R19). Loss counts what was lost, Gain what came out beyond the
// input. Recorded is the part of the loss that was weighed, Invisible the rest. Shares
// are of Input; Standard is the loss the recipes expect of it.
type Mill struct {
	Batches    int          `json:"batches"`
	Input      core.Qty     `json:"input"`
	Output     core.Qty     `json:"output"` // powder
	ByProducts core.Qty     `json:"by_products"`
	Loss       core.Qty     `json:"loss"`
	Gain       core.Qty     `json:"gain"`
	Recorded   core.Qty     `json:"recorded"`
	Invisible  core.Qty     `json:"invisible"`
	Standard   core.Percent `json:"standard"`
	LossShare  core.Percent `json:"loss_share"`
	Yield      core.Percent `json:"yield"`  // powder of the input
	Alerts     int          `json:"alerts"` // batches beyond standard and tolerance
}

// BatchLoss is a completed batch of the period.
type BatchLoss struct {
	ID       production.ID   `json:"id"`
	Number   string          `json:"number"`
	Document core.DocumentID `json:"document"` // its completion
	On       core.Date       `json:"on"`
	Item     core.ItemID     `json:"item"`
	SKU      string          `json:"sku"`
	Name     string          `json:"name"`
	NameHi   string          `json:"name_hi,omitempty"`
	RunBy    string          `json:"run_by"` // who completed it

	// Supplier is whose material most of the input was, empty where it was the factory's
	// own; Suppliers is how many there were.
	Supplier  string `json:"supplier,omitempty"`
	Suppliers int    `json:"suppliers"`
	Mill
	Limit core.Percent `json:"limit"` // standard loss and tolerance
}

// LossGroup sums the batches of one product, operator or supplier. A batch of several
// suppliers counts for each with the share of its input that came from him.
type LossGroup struct {
	ID     int64  `json:"id"` // of the item, user or supplier; 0 is the factory's own material
	Name   string `json:"name"`
	NameHi string `json:"name_hi,omitempty"`
	Mill
}

// ReasonLoss is what was lost for one reason; INVISIBLE is what nobody weighed,
// PACKING_MATERIAL has a value only.
type ReasonLoss struct {
	Reason  string   `json:"reason"`
	Qty     core.Qty `json:"qty"`
	Packing core.Qty `json:"packing"` // the part of it on the packing line
}

// Invisible is the reason of losses that nobody weighed.
const Invisible = "INVISIBLE"

// PackingLoss sums the powder of the packing runs of the period.
type PackingLoss struct {
	Runs     int          `json:"runs"`
	Powder   core.Qty     `json:"powder"` // taken
	Packed   core.Qty     `json:"packed"` // of it, as net weight
	Overfill core.Qty     `json:"overfill"`
	Lost     core.Qty     `json:"lost"`
	Yield    core.Percent `json:"yield"` // packed of taken
}

// WastageResp is the report without values. Groups are sorted by what they lost.
type WastageResp struct {
	From      core.Date    `json:"from"`
	To        core.Date    `json:"to"`
	Mill      Mill         `json:"mill"`
	Packing   PackingLoss  `json:"packing"`
	Line      PackingLine  `json:"line"`
	Products  []LossGroup  `json:"products"`
	Operators []LossGroup  `json:"operators"`
	Suppliers []LossGroup  `json:"suppliers"`
	Reasons   []ReasonLoss `json:"reasons"`
	Top       []BatchLoss  `json:"top"`     // that lost most beyond their standard, at most TopLosers
	Batches   []BatchLoss  `json:"batches"` // newest first, a page
	Next      string       `json:"next,omitempty"`
}

// ValuedWastageResp adds what the losses were worth: of each batch the share of its
// input's value that the loss was, whether the powder bears it or it was expensed.
type ValuedWastageResp struct {
	From         core.Date          `json:"from"`
	To           core.Date          `json:"to"`
	Mill         Mill               `json:"mill"`
	Packing      PackingLoss        `json:"packing"`
	Value        core.Paise         `json:"value"`         // of the mill's losses; products, operators, suppliers and batches each sum to it
	PackingValue core.Paise         `json:"packing_value"` // of what the packing line lost; the reasons sum to both
	Line         ValuedPackingLine  `json:"line"`
	Products     []ValuedLossGroup  `json:"products"`
	Operators    []ValuedLossGroup  `json:"operators"`
	Suppliers    []ValuedLossGroup  `json:"suppliers"`
	Reasons      []ValuedReasonLoss `json:"reasons"`
	Top          []ValuedBatchLoss  `json:"top"` // that lost most money, at most TopLosers
	Batches      []ValuedBatchLoss  `json:"batches"`
	Next         string             `json:"next,omitempty"`
}

// ValuedBatchLoss adds the value of a batch's loss.
type ValuedBatchLoss struct {
	BatchLoss
	Value core.Paise `json:"value"`
}

// ValuedLossGroup adds the value of a group's loss.
type ValuedLossGroup struct {
	LossGroup
	Value core.Paise `json:"value"`
}

// ValuedReasonLoss adds the value of what was lost for a reason.
type ValuedReasonLoss struct {
	ReasonLoss
	Value core.Paise `json:"value"`
}

// Completed is a batch of the period as the books tell it; the sums of its Mill are
// worked out here.
type Completed struct {
	BatchLoss
	User       core.UserID
	InputValue core.Paise
	Lost       core.Qty // input less outputs; negative is a gain
	Std        core.Percent
	Waste      []production.Waste
}

// Source is the input of a batch that came from one supplier; 0 is the factory itself.
type Source struct {
	Supplier core.PartyID
	Name     string
	Qty      core.Qty
}

// wastage is the whole report: the mill with the suppliers of its input, and the packing
// line with what it lost of each material.
func wastage(c *op.Call, tx Store, q WastageReq) (*losses, error) {
	if err := q.period(c.Today()); err != nil {
		return nil, err
	}
	l, err := milled(tx, q)
	if err != nil {
		return nil, err
	}
	for _, part := range []func(Store) error{l.supplied, l.ran, l.packed} {
		if err := part(tx); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// milled adds up the batches of a period. It names no suppliers: to find them takes
// longer than all the rest.
func milled(tx Store, q WastageReq) (*losses, error) {
	batches, err := tx.CompletedBatches(q.From, q.To, q.Item)
	if err != nil {
		return nil, err
	}
	l := newLosses(q)
	for i := range batches {
		if err := l.batch(&batches[i]); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// supplied splits every batch over the suppliers of its input.
func (l *losses) supplied(tx Store) error {
	sources, err := sourcesOf(tx, l.batches)
	if err != nil {
		return err
	}
	for _, x := range l.batches {
		if err := l.share(x, sources[x.Document]); err != nil {
			return err
		}
	}
	return nil
}

// sourcesOf reads whose the input of batches was and names the first in each.
func sourcesOf(tx Store, batches []*lost) (map[core.DocumentID][]Source, error) {
	completions := make([]core.DocumentID, len(batches))
	for i, x := range batches {
		completions[i] = x.Document
	}
	sources, err := tx.InputSources(completions)
	for _, x := range batches {
		x.from(sources[x.Document])
	}
	return sources, err
}

// ran reads the packing runs of the period and sums their powder.
func (l *losses) ran(tx Store) (err error) {
	if l.runs, err = tx.PackedRuns(l.q.From, l.q.To, l.q.Item); err != nil {
		return err
	}
	p := &l.packing
	for _, r := range l.runs {
		p.Runs++
		p.Powder += r.Powder
		p.Packed += r.Packed
		p.Overfill += r.Overfill
		p.Lost += r.Gone
	}
	if p.Powder > 0 {
		p.Yield = production.Share(p.Packed, p.Powder)
	}
	return nil
}

// open is the report for an Operator: the same sums, sorted by weight.
func (l *losses) open() WastageResp {
	r := WastageResp{From: l.q.From, To: l.q.To, Mill: l.mill.shares(), Packing: l.packing, Line: l.line.open(l.q), Reasons: []ReasonLoss{}, Top: []BatchLoss{}, Batches: []BatchLoss{}}
	groups := func(m map[int64]*group) []LossGroup {
		out := []LossGroup{}
		for _, g := range sorted(m, func(a, b *group) int { return cmp.Compare(b.Loss, a.Loss) }) {
			out = append(out, g.LossGroup)
		}
		return out
	}
	r.Products, r.Operators, r.Suppliers = groups(l.products), groups(l.operators), groups(l.suppliers)
	for _, x := range l.byReason(func(a, b ValuedReasonLoss) int { return cmp.Compare(b.Qty, a.Qty) }) {
		r.Reasons = append(r.Reasons, x.ReasonLoss)
	}
	for _, b := range l.top(func(a, b *lost) int { return cmp.Compare(b.Loss-b.standard, a.Loss-a.standard) }) {
		r.Top = append(r.Top, b.BatchLoss)
	}
	page, next := pageOf(l.batches, l.q.After, l.q.Limit)
	for _, b := range page {
		r.Batches = append(r.Batches, b.BatchLoss)
	}
	r.Next = next
	return r
}

// valued is the report for an Admin, sorted by money.
func (l *losses) valued() ValuedWastageResp {
	r := ValuedWastageResp{From: l.q.From, To: l.q.To, Mill: l.mill.shares(), Packing: l.packing, Value: l.mill.value, PackingValue: l.line.total.Value, Line: l.line.valued(l.q),
		Reasons: l.byReason(func(a, b ValuedReasonLoss) int { return cmp.Compare(b.Value, a.Value) }), Top: []ValuedBatchLoss{}, Batches: []ValuedBatchLoss{}}
	groups := func(m map[int64]*group) []ValuedLossGroup {
		out := []ValuedLossGroup{}
		for _, g := range sorted(m, func(a, b *group) int { return cmp.Compare(b.value, a.value) }) {
			out = append(out, ValuedLossGroup{g.LossGroup, g.value})
		}
		return out
	}
	r.Products, r.Operators, r.Suppliers = groups(l.products), groups(l.operators), groups(l.suppliers)
	for _, b := range l.top(func(a, b *lost) int { return cmp.Compare(b.value, a.value) }) {
		r.Top = append(r.Top, ValuedBatchLoss{b.BatchLoss, b.value})
	}
	page, next := pageOf(l.batches, l.q.After, l.q.Limit)
	for _, b := range page {
		r.Batches = append(r.Batches, ValuedBatchLoss{b.BatchLoss, b.value})
	}
	r.Next = next
	return r
}
