package packing

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"masala/core"
	"masala/core/stock"
)

// MaxPacks bounds one run.
const MaxPacks = 10_000_000

// LossReasons are why powder is lost on a packing line (DEMO_DATA.md 5.3).
var LossReasons = []string{"SPILLAGE", "DUST", "MACHINE_PURGE", "METAL_DETECT_REJECT", "SAMPLE_QC", "SAMPLE_RETAIN", "OTHER"}

// LossLimit is the part of the powder it takes, in 0.01 %, that a run may lose before it
// raises the alert: the smallest limit that a recipe gives the mill (chaat masala, which is
// mixed, DEMO_DATA.md 5.2). Nothing dries or is sieved out on the line either, so purging
// the machine, samples and dust stay below it. Overfill is no part of it: that is sold.
const LossLimit core.Percent = 300

// Alarming reports whether a run lost more of its powder than LossLimit.
func Alarming(lost, powder core.Qty) bool {
	most, _, err := core.MulDivFloor(int64(powder), int64(LossLimit), int64(core.Whole))
	return err == nil && int64(lost) > most
}

// RunFields is what a run packs and from what. The powder used is Packs times the net
// weight, and what was declared as overfill and as lost (R26).
type RunFields struct {
	Profile    ID           `json:"profile"`
	Item       core.ItemID  `json:"item"` // the finished good
	Lot        core.LotID   `json:"lot"`  // of powder: this one and no other
	Segment    core.Segment `json:"segment"`
	Packs      core.Qty     `json:"packs"`
	Overfill   core.Qty     `json:"overfill,omitempty"` // mg in the packs beyond their net weight, of all together
	Lost       core.Qty     `json:"lost,omitempty"`     // mg of powder
	LostReason string       `json:"lost_reason,omitempty"`
	Components []Taken      `json:"components,omitempty"` // those that were lost, or taken from other lots than R25 suggests
}

// Taken is what is not as the profile says about one component.
type Taken struct {
	Item core.ItemID `json:"item"`
	Lost core.Qty    `json:"lost,omitempty"` // base units, beyond what the packs took
	stock.Override
}

// validate checks a run; a question may leave lot and packs open.
func (r *RunFields) validate(bad *core.Faults, open bool) {
	bad.Check(r.Profile > 0, "profile", "Choose the packaging profile.")
	bad.Check(r.Item > 0, "item", "Choose what is packed.")
	bad.Check(r.Lot > 0 || open && r.Lot == 0, "lot", "Choose the lot of powder.")
	bad.Check(r.Segment.Valid(), "segment", "Choose the segment: regular or online.")
	bad.Check(r.Packs > 0 || open && r.Packs == 0, "packs", "Enter how many packs.")
	bad.Check(r.Packs <= MaxPacks, "packs", "A run has at most %s packs.", core.Qty(MaxPacks).Number(core.Count))
	bad.Check(r.Overfill >= 0, "overfill", "The overfill cannot be negative.")
	bad.Bound("overfill", r.Overfill)
	bad.Check(r.Lost >= 0, "lost", "What was lost cannot be negative.")
	bad.Bound("lost", r.Lost)
	if r.Lost > 0 {
		bad.Check(open && r.LostReason == "" || slices.Contains(LossReasons, r.LostReason), "lost_reason", "Choose how the powder was lost.")
	} else {
		bad.Check(r.LostReason == "", "lost_reason", "No powder was lost, so there is no reason to give.")
	}
	bad.Check(len(r.Components) <= MaxComponents, "components", "A profile has at most %d packing materials.", MaxComponents)
	seen := map[core.ItemID]bool{}
	for i := range r.Components {
		x, at := &r.Components[i], fmt.Sprintf("components[%d].", i)
		x.Reason = core.Text(x.Reason)
		bad.Check(x.Item > 0, at+"item", "Choose the packing material.")
		bad.Check(x.Item == 0 || !seen[x.Item], at+"item", "This material is here already.")
		seen[x.Item] = true
		bad.Check(x.Lost >= 0, at+"lost", "What was lost cannot be negative.")
		bad.Bound(at+"lost", x.Lost)
		bad.Check(open || x.Lost <= 0 || x.Reason != "", at+"reason", "Say how it was lost.")
	}
}

// CheckReq asks whether a run is possible. Lot 0 asks which lots of powder there are,
// Packs 0 how many packs are possible.
type CheckReq struct{ RunFields }

// Validate checks the request.
func (r *CheckReq) Validate() error {
	var bad core.Faults
	r.validate(&bad, true)
	return bad.Err()
}

// PostRunReq packs. Version is the version of the profile the user has seen (R35).
type PostRunReq struct {
	Version  int64     `json:"version"`
	Number   string    `json:"number,omitempty"`    // default: the next free one
	PackedOn core.Date `json:"packed_on,omitempty"` // default today; an earlier day by R7
	Reason   string    `json:"reason,omitempty"`    // for an earlier day, and for a loss for OTHER or beyond the packs; else a note
	RunFields
}

var numberForm = regexp.MustCompile(`^PK-[0-9]{8}-[0-9]{2,9}$`)

// Validate checks the request.
func (r *PostRunReq) Validate() error {
	var bad core.Faults
	r.Number, r.Reason = core.Text(r.Number), core.Text(r.Reason)
	r.validate(&bad, false)
	bad.Check(r.LostReason != "OTHER" || r.Reason != "", "reason", "Say how the powder was lost.")
	bad.Check(r.Number == "" || numberForm.MatchString(r.Number), "number", "Write the number as PK-20260212-01, or leave it empty.")
	bad.Fit("reason", r.Reason, core.MaxNote)
	return bad.Err()
}

// Need is a component of a run beside what is in stock of it.
type Need struct {
	Item   core.ItemID   `json:"item"`
	Per    core.PerPacks `json:"per"`
	Qty    core.Qty      `json:"qty"` // what the packs take
	Lost   core.Qty      `json:"lost"`
	Usable core.Qty      `json:"usable"` // released, not expired, not frozen
	Short  core.Qty      `json:"short"`
	Most   core.Qty      `json:"most"` // packs that would be possible
	Lots   []stock.Share `json:"lots"` // as R25 suggests, or as chosen
	Part
}

// PowderLot is stock of the powder in the order of R25; Why says why it cannot be
// packed, or nothing.
type PowderLot struct {
	stock.CellKey
	Number   string    `json:"number"`
	Qty      core.Qty  `json:"qty"`
	ExpiryOn core.Date `json:"expiry_on"`
	Why      stock.Why `json:"why,omitempty"`
}

// Feasibility tells what a run would take and make.
type Feasibility struct {
	Profile    ID          `json:"profile"`
	Version    int64       `json:"version"` // of the profile
	NetWeight  core.Qty    `json:"net_weight"`
	PowderItem core.ItemID `json:"powder_item"`
	PowderSKU  string      `json:"powder_sku"`
	PowderName string      `json:"powder_name"`
	Powder     core.Qty    `json:"powder"` // mg the run takes
	Usable     core.Qty    `json:"usable"` // mg of the chosen lot
	Lots       []PowderLot `json:"lots"`
	Needs      []Need      `json:"needs"`      // in the order of the profile
	MaxPacks   core.Qty    `json:"max_packs"`  // of the chosen lot; without one, of the fullest usable lot
	LimitedBy  string      `json:"limited_by"` // what ends first
	ExpiryOn   core.Date   `json:"expiry_on"`  // of the finished goods; none before a lot is chosen

	// Faults are all that stands in the way; none: the run can be posted now.
	Faults []core.FieldError `json:"faults"`
}

// ListRunsReq asks for a page of runs.
type ListRunsReq struct {
	Query   string       `json:"query,omitempty"` // start of the number
	Item    core.ItemID  `json:"item,omitempty"`
	Lot     core.LotID   `json:"lot,omitempty"` // of the powder or of the finished goods
	Segment core.Segment `json:"segment,omitempty"`
	From    core.Date    `json:"from,omitempty"`
	To      core.Date    `json:"to,omitempty"`
	After   string       `json:"after,omitempty"`
	Limit   int          `json:"limit,omitempty"`
}

// Validate checks the request.
func (r *ListRunsReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Segment == "" || r.Segment.Valid(), "segment", "Choose the segment: regular or online.")
	bad.Check(r.To == 0 || r.To >= r.From, "to", "This day lies before the first one.")
	return bad.Err()
}

// Row is a run in a list.
type Row struct {
	ID          core.DocumentID `json:"id"`
	Number      string          `json:"number"`
	On          core.Date       `json:"on"`
	Item        core.ItemID     `json:"item"`
	SKU         string          `json:"sku"`
	Name        string          `json:"name"`
	NameHi      string          `json:"name_hi,omitempty"`
	Profile     ID              `json:"profile"`
	ProfileCode string          `json:"profile_code"` // as it was then
	Segment     core.Segment    `json:"segment"`
	Packs       core.Qty        `json:"packs"`
	Lot         core.LotID      `json:"lot"` // of the finished goods
	LotNo       string          `json:"lot_number"`
	ExpiryOn    core.Date       `json:"expiry_on"`
	PowderLot   core.LotID      `json:"powder_lot"`
	PowderLotNo string          `json:"powder_lot_number"`
	Powder      core.Qty        `json:"powder"` // mg used, with overfill and loss
	User        string          `json:"user"`
	PostedAt    time.Time       `json:"posted_at"`
	CancelledBy string          `json:"cancelled_by,omitempty"` // number of the reversal
}

// ListRunsResp is a page of runs.
type ListRunsResp struct {
	Runs []Row  `json:"runs"`
	Next string `json:"next,omitempty"`
}

// GetRunReq names a run.
type GetRunReq struct {
	ID core.DocumentID `json:"id"`
}

// Run is everything a packing line sees of a run.
type Run struct {
	Row
	ProfileVersion int64        `json:"profile_version"`
	NetWeight      core.Qty     `json:"net_weight"`
	PowderItem     core.ItemID  `json:"powder_item"`
	PowderSKU      string       `json:"powder_sku"`
	PowderName     string       `json:"powder_name"`
	Overfill       core.Qty     `json:"overfill"`
	Lost           core.Qty     `json:"lost"`
	LostReason     string       `json:"lost_reason,omitempty"`
	Alert          bool         `json:"alert"`  // lost beyond LossLimit
	Status         stock.Status `json:"status"` // the finished goods were born with
	Reason         string       `json:"reason,omitempty"`
	Allergens      []string     `json:"allergens"` // of the finished goods
	Components     []Used       `json:"components"`
}

// Used is what a run took of one component. Suggested is what R25 suggested where
// other lots were chosen.
type Used struct {
	Item      core.ItemID   `json:"item"`
	Per       core.PerPacks `json:"per"`
	Qty       core.Qty      `json:"qty"` // what the packs took
	Lost      core.Qty      `json:"lost"`
	Reason    string        `json:"reason,omitempty"` // of the loss, or of the choice
	Lots      []UsedLot     `json:"lots"`
	Suggested []stock.Share `json:"suggested,omitempty"`
	Part
}

// UsedLot is what a run took of one lot.
type UsedLot struct {
	Lot    core.LotID `json:"lot"`
	Number string     `json:"number"`
	Qty    core.Qty   `json:"qty"`
}

// ValuedRun adds what the packs cost.
type ValuedRun struct {
	Run
	PowderValue     core.Paise   `json:"powder_value"`
	ComponentValues []core.Paise `json:"component_values"` // in the order of Components
	Value           core.Paise   `json:"value"`            // of the finished goods
	Rate            int64        `json:"rate"`             // 1/10,000 rupee per pack
}
