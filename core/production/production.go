// Package production turns ingredients into bulk powder: a batch is planned from a
// recipe, started, given its material, and completed or cancelled (R17-R23).
package production

import (
	"fmt"
	"slices"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/recipe"
	"masala/core/stock"
)

// Topic moves with every change of a batch.
const Topic op.Topic = "batches"

// The operations on production batches.
var (
	PlanBatch      = op.Define[PlanBatchReq, Batch]("production.plan_batch", op.Business, op.Operator, "Plan a batch: a recipe scaled to a charge.", op.Changes(Topic))
	StartBatch     = op.Define[StartBatchReq, Batch]("production.start_batch", op.Business, op.Operator, "Start a planned batch, if all of its ingredients are there.", op.Changes(Topic))
	IssueMaterial  = op.Define[IssueReq, Batch]("production.issue_material", op.Business, op.Operator, "Issue weighed ingredients to a running batch.", op.Changes(Topic, stock.Topic, stock.TopicDocuments))
	CompleteBatch  = op.Define[CompleteReq, Batch]("production.complete_batch", op.Business, op.Operator, "Complete a batch with its output, by-products and waste.", op.Changes(Topic, stock.Topic, stock.TopicDocuments))
	CancelBatch    = op.Define[CancelReq, Batch]("production.cancel_batch", op.Business, op.Operator, "Cancel a batch and return its material.", op.Changes(Topic, stock.Topic, stock.TopicDocuments))
	ListBatches    = op.Define[ListBatchesReq, ListBatchesResp]("production.list_batches", op.Read, op.Operator, "Page through the batches, newest first.")
	GetBatch       = op.Define[GetBatchReq, Batch]("production.get_batch", op.Read, op.Operator, "Read a batch: its job card with stock lights, what was issued and what came out.")
	GetValuedBatch = op.Define[GetBatchReq, ValuedBatch]("production.get_valued_batch", op.Read, op.Admin, "The same with values.", op.Viewed())
)

// ID names a batch.
type ID int64

// State says how far a batch has come. It follows from the documents that stand: a
// batch whose completion was reversed is running again.
type State string

// The states of a batch.
const (
	Planned   State = "PLANNED"
	Running   State = "IN_PROGRESS"
	Completed State = "COMPLETED"
	Cancelled State = "CANCELLED"
)

func (s State) words() string {
	return map[State]string{Planned: "planned and not started", Running: "in progress", Completed: "completed", Cancelled: "cancelled"}[s]
}

// next is what can be done about a batch that is not in the state somebody wants.
func (s State) next() string {
	return map[State]string{Planned: "Start it first.", Running: "Complete or cancel it.", Completed: "An Admin can cancel its completion.", Cancelled: "Plan a new one."}[s]
}

// PlanBatchReq scales a recipe's current version to a charge.
type PlanBatchReq struct {
	Recipe recipe.ID `json:"recipe"`
	Charge core.Qty  `json:"charge"` // mg put in
	On     core.Date `json:"on,omitempty"`
	Note   string    `json:"note,omitempty"`
}

// Validate checks the request.
func (r *PlanBatchReq) Validate() error {
	var bad core.Faults
	r.Note = core.Text(r.Note)
	bad.Check(r.Recipe > 0, "recipe", "Choose the recipe.")
	bad.Check(r.Charge > 0, "charge", "Enter how much is to be charged.")
	bad.Bound("charge", r.Charge)
	bad.Fit("note", r.Note, core.MaxNote)
	return bad.Err()
}

// StartBatchReq starts a batch that is still at Version (R35). Of one that was started on an
// earlier day, when nobody could enter it, the ingredients are judged by that day.
type StartBatchReq struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
	Earlier
}

// Validate checks the request.
func (r *StartBatchReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the batch.")
	r.Earlier.check(&bad)
	return bad.Err()
}

// IssueReq issues weighed ingredients. Lines that are not named stay blank; a zero is
// typed like any weight (R22).
type IssueReq struct {
	ID      ID      `json:"id"`
	Version int64   `json:"version"`
	Lines   []Issue `json:"lines,omitempty"`
	Extras  []Extra `json:"extras,omitempty"`
	Earlier
}

// Earlier is how an Admin enters what happened on an earlier day, with the reason (R7).
// It is left empty for today.
type Earlier struct {
	EffectiveOn core.Date `json:"effective_on,omitempty"`
	Reason      string    `json:"reason,omitempty"`
}

func (e *Earlier) check(bad *core.Faults) {
	e.Reason = core.Text(e.Reason)
	bad.Fit("reason", e.Reason, core.MaxNote)
}

// about is the reason of a document of batch number.
func (e Earlier) about(number string) string {
	if e.Reason == "" {
		return number
	}
	return number + ": " + e.Reason
}

// Issue is the weighed quantity of one line of the job card.
type Issue struct {
	Line int       `json:"line"` // from 1
	Qty  *core.Qty `json:"qty"`  // mg; null is blank and refused
	stock.Override
}

// Extra is an ingredient that is not on the job card.
type Extra struct {
	Item   core.ItemID  `json:"item"`
	Qty    core.Qty     `json:"qty"`
	Reason string       `json:"reason"` // why it was added
	Lots   []stock.Pick `json:"lots,omitempty"`
}

// MaxExtras bounds one issue.
const MaxExtras = 20

// Validate checks the request.
func (r *IssueReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the batch.")
	bad.Check(len(r.Lines)+len(r.Extras) > 0, "lines", "Type at least one weight.")
	bad.Check(len(r.Lines) <= recipe.MaxLines, "lines", "A batch has at most %d ingredients.", recipe.MaxLines)
	bad.Check(len(r.Extras) <= MaxExtras, "extras", "Add at most %d ingredients at once.", MaxExtras)
	r.Earlier.check(&bad)
	seen := map[int]bool{}
	for i := range r.Lines {
		l, at := &r.Lines[i], fmt.Sprintf("lines[%d].", i)
		bad.Check(l.Line > 0, at+"line", "Choose the ingredient.")
		bad.Check(!seen[l.Line], at+"line", "This ingredient is typed twice.")
		seen[l.Line] = true
		if l.Qty == nil {
			bad.Add(at+"qty", "Type the weight. Type 0 if nothing was used.")
			continue
		}
		bad.Check(*l.Qty >= 0, at+"qty", "A weight cannot be negative.")
		bad.Bound(at+"qty", *l.Qty)
		_ = bad.Merge(at, l.Override.Validate(*l.Qty))
	}
	for i := range r.Extras {
		e, at := &r.Extras[i], fmt.Sprintf("extras[%d].", i)
		bad.Check(e.Item > 0, at+"item", "Choose the ingredient.")
		bad.Check(e.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Bound(at+"qty", e.Qty)
		e.Reason = core.Text(e.Reason)
		bad.Check(e.Reason != "", at+"reason", "Say why this ingredient was added.")
		o := stock.Override{Lots: e.Lots, Reason: e.Reason}
		if len(e.Lots) > 0 && e.Reason != "" {
			_ = bad.Merge(at, o.Validate(e.Qty))
		}
		bad.Fit(at+"reason", e.Reason, core.MaxNote)
	}
	return bad.Err()
}

// WasteReasons are why material was lost (DEMO_DATA.md 5.3).
var WasteReasons = []string{"SPILLAGE", "DUST", "MOISTURE", "CLEANING_REJECT", "STEM_SEED", "METAL_DETECT_REJECT", "SIEVE_OVERSIZE", "BURNT_ROAST",
	"MACHINE_PURGE", "SAMPLE_QC", "SAMPLE_RETAIN", "OTHER"}

// CompleteReq completes a batch. Output is the powder; Expiry is worked out from the
// shelf life where it is left empty. Of a batch that was wholly lost an Admin enters an
// Output of 0 and expenses it; then there are no by-products.
type CompleteReq struct {
	ID         ID          `json:"id"`
	Version    int64       `json:"version"`
	Output     core.Qty    `json:"output"` // mg of the powder
	ExpiryOn   core.Date   `json:"expiry_on,omitempty"`
	ByProducts []ByProduct `json:"by_products,omitempty"`
	Waste      []Waste     `json:"waste,omitempty"`
	GainReason string      `json:"gain_reason,omitempty"` // Admin: why more came out than went in (R19)
	Expense    bool        `json:"expense,omitempty"`     // Admin: abnormal loss is an expense, not a cost of what came out (R21)
	Earlier
}

// ByProduct is what came out beside the powder. It takes the share of the cost which the
// recipe gives it, none where the recipe does not name it. An Admin may give another share,
// or its net realisable value (R20). The cost is the value that went in, less that of a loss
// which is expensed (R21).
type ByProduct struct {
	Item     core.ItemID   `json:"item"`
	Qty      core.Qty      `json:"qty"`
	Share    *core.Percent `json:"share,omitempty"` // default: as the recipe says
	NRV      core.Paise    `json:"nrv,omitempty"`
	ExpiryOn core.Date     `json:"expiry_on,omitempty"`
}

// Waste is a part of the loss that was weighed.
type Waste struct {
	Reason string   `json:"reason"`
	Qty    core.Qty `json:"qty"`
}

// MaxWaste bounds the waste of one completion.
const MaxWaste = 30

// Validate checks the request.
func (r *CompleteReq) Validate() error {
	var bad core.Faults
	r.GainReason = core.Text(r.GainReason)
	r.Earlier.check(&bad)
	bad.Check(r.ID > 0, "id", "Choose the batch.")
	switch {
	case r.Output < 0 || r.Output == 0 && !r.Expense:
		bad.Add("output", "Enter how much powder came out. Where all of it was lost, an Admin enters 0 and expenses the loss.")
	case r.Output == 0:
		bad.Check(len(r.ByProducts) == 0, "by_products", "Of a batch that was wholly lost nothing comes out. Enter the powder, or no by-products.")
		bad.Check(len(r.Waste) > 0, "waste", "Say what became of it all: enter the waste.")
	}
	bad.Bound("output", r.Output)
	bad.Fit("gain_reason", r.GainReason, core.MaxNote)
	bad.Check(len(r.ByProducts) <= recipe.MaxByProducts, "by_products", "A batch has at most %d by-products.", recipe.MaxByProducts)
	bad.Check(len(r.Waste) <= MaxWaste, "waste", "Enter at most %d kinds of waste.", MaxWaste)
	shares := core.Percent(0)
	for i, b := range r.ByProducts {
		at := fmt.Sprintf("by_products[%d].", i)
		bad.Check(b.Item > 0, at+"item", "Choose the by-product.")
		bad.Check(b.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Bound(at+"qty", b.Qty)
		if b.Share != nil {
			ok := *b.Share >= 0 && *b.Share <= core.Whole
			bad.Check(ok, at+"share", "A share is 0 to 100 %%.")
			if ok {
				shares += *b.Share
			}
		}
		bad.Check(b.NRV >= 0, at+"nrv", "A value cannot be negative.")
		bad.BoundMoney(at+"nrv", b.NRV)
		bad.Check(b.Share == nil || *b.Share == 0 || b.NRV == 0, at+"share", "Give a share or a value, not both.")
	}
	bad.Check(shares <= core.Whole, "by_products", "The shares of the by-products are more than 100 %%.")
	for i, w := range r.Waste {
		at := fmt.Sprintf("waste[%d].", i)
		bad.Check(slices.Contains(WasteReasons, w.Reason), at+"reason", "Choose what kind of waste this is.")
		bad.Check(w.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Bound(at+"qty", w.Qty)
	}
	return bad.Err()
}

// CancelReq cancels a batch that is still at Version.
type CancelReq struct {
	ID          ID        `json:"id"`
	Version     int64     `json:"version"`
	Reason      string    `json:"reason"`
	EffectiveOn core.Date `json:"effective_on,omitempty"` // default today; an earlier day by R7
}

// Validate checks the request.
func (r *CancelReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the batch.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// ListBatchesReq asks for a page of batches.
type ListBatchesReq struct {
	States []State     `json:"states,omitempty"`
	Item   core.ItemID `json:"item,omitempty"`
	Query  string      `json:"query,omitempty"` // start of the number
	After  string      `json:"after,omitempty"`
	Limit  int         `json:"limit,omitempty"`
}

// Row is a batch in a list. Loss is a share of the input; 0 until it is completed.
type Row struct {
	ID         ID           `json:"id"`
	Number     string       `json:"number"`
	Recipe     recipe.ID    `json:"recipe"`
	RecipeCode string       `json:"recipe_code"`
	Item       core.ItemID  `json:"item"`
	SKU        string       `json:"sku"`
	Name       string       `json:"name"`
	NameHi     string       `json:"name_hi,omitempty"`
	Charge     core.Qty     `json:"charge"` // planned, mg
	On         core.Date    `json:"on"`     // planned for
	State      State        `json:"state"`
	Issued     core.Qty     `json:"issued"`
	Output     core.Qty     `json:"output"`
	Loss       core.Percent `json:"loss"`
	Alert      bool         `json:"alert"` // loss beyond standard and tolerance
}

// ListBatchesResp is a page of batches.
type ListBatchesResp struct {
	Batches []Row  `json:"batches"`
	Next    string `json:"next,omitempty"`
}

// GetBatchReq names a batch.
type GetBatchReq struct {
	ID ID `json:"id"`
}

// Batch is everything a mill sees of a batch.
type Batch struct {
	Row
	RecipeVersion int64        `json:"recipe_version"`
	StdLoss       core.Percent `json:"std_loss"`
	Tolerance     core.Percent `json:"tolerance"`
	Note          string       `json:"note,omitempty"`
	Expected      core.Qty     `json:"expected"` // of the charge, after standard loss
	Card          []CardLine   `json:"card"`
	Beside        []BesideLine `json:"beside"` // what the recipe expects beside the powder
	Extras        []ExtraLine  `json:"extras"`
	Allergens     []string     `json:"allergens"`
	Issues        []IssuedLot  `json:"issues"` // by documents that stand
	Result        *Result      `json:"result,omitempty"`
	StartedAt     time.Time    `json:"started_at,omitzero"`
	StartedBy     string       `json:"started_by,omitempty"`
	CancelReason  string       `json:"cancel_reason,omitempty"`
	core.Stamp
}

// CardLine is an ingredient on the job card. Actual is nil until its weight was
// typed. The stock fields tell of today and are zero once the batch runs no more.
type CardLine struct {
	Line int `json:"line"`
	recipe.Need
	Actual    *core.Qty     `json:"actual"`
	Override  string        `json:"override,omitempty"`  // why others than suggested
	Suggested []stock.Share `json:"suggested,omitempty"` // where others were chosen
}

// BesideLine is a by-product of the recipe and the share of the cost that it takes.
type BesideLine struct {
	recipe.ByProduct
	recipe.Ingredient
}

// ExtraLine is an ingredient that was added.
type ExtraLine struct {
	Item      core.ItemID     `json:"item"`
	SKU       string          `json:"sku"`
	Name      string          `json:"name"`
	Qty       core.Qty        `json:"qty"`
	Reason    string          `json:"reason"`
	Document  core.DocumentID `json:"document"`
	Allergens []string        `json:"allergens"`
	Suggested []stock.Share   `json:"suggested,omitempty"` // where others were chosen, for the same reason
}

// IssuedLot is what one document took of one lot for a line; line 0 is an extra.
type IssuedLot struct {
	Document core.DocumentID `json:"document"`
	Number   string          `json:"number"`
	Line     int             `json:"line"`
	Item     core.ItemID     `json:"item"`
	Lot      core.LotID      `json:"lot"`
	LotNo    string          `json:"lot_number"`
	Qty      core.Qty        `json:"qty"`
}

// Result is how a batch ended.
type Result struct {
	Document   core.DocumentID `json:"document"`
	Number     string          `json:"number"`
	On         core.Date       `json:"on"`
	Input      core.Qty        `json:"input"`
	Outputs    []Output        `json:"outputs"` // the powder first; none where all was lost
	Loss       core.Qty        `json:"loss"`    // input less outputs; negative where more came out
	Gain       core.Qty        `json:"gain"`    // what came out beyond the input
	Waste      []Waste         `json:"waste"`
	Invisible  core.Qty        `json:"invisible"` // loss that nobody weighed
	LossShare  core.Percent    `json:"loss_share"`
	Yield      core.Percent    `json:"yield"` // powder of the input
	Limit      core.Percent    `json:"limit"` // standard loss and tolerance
	Alert      bool            `json:"alert"`
	GainReason string          `json:"gain_reason,omitempty"`
	Expensed   core.Qty        `json:"expensed"` // abnormal loss that was expensed
}

// Output is a lot that came out.
type Output struct {
	Item     core.ItemID  `json:"item"`
	SKU      string       `json:"sku"`
	Name     string       `json:"name"`
	Lot      core.LotID   `json:"lot"`
	LotNo    string       `json:"lot_number"`
	Qty      core.Qty     `json:"qty"`
	ExpiryOn core.Date    `json:"expiry_on"`
	Status   stock.Status `json:"status"`
}

// ValuedBatch adds what the batch cost.
type ValuedBatch struct {
	Batch
	InputValue   core.Paise   `json:"input_value"`             // issued and not returned
	OutputValues []core.Paise `json:"output_values,omitempty"` // in the order of Outputs
	ExpensedCost core.Paise   `json:"expensed_cost"`
	LossCost     core.Paise   `json:"loss_cost"` // the share of the input's value that the loss was, wherever it went
	Rate         int64        `json:"rate"`      // of the powder, 1/10,000 rupee per kg
}
