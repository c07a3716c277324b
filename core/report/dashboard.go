// Package report reads the books for people: the dashboards.
package report

import (
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/production"
	"masala/core/stock"
)

// The dashboards, one call each.
var (
	Dashboard       = op.Define[DashboardReq, DashboardResp]("report.dashboard", op.Read, op.Operator, "Everything the floor's home screen shows.")
	ValuedDashboard = op.Define[DashboardReq, ValuedDashboardResp]("report.valued_dashboard", op.Read, op.Admin, "Everything the owner's dashboard shows, with values.", op.Viewed())
)

// DashboardReq has no fields.
type DashboardReq struct{}

// Stage is one of the four steps material passes through.
type Stage struct {
	Type   catalog.Type `json:"type"`
	Lots   int          `json:"lots"`
	Mass   core.Qty     `json:"mass"` // mg
	Pieces core.Qty     `json:"pieces"`
	OnHold int          `json:"on_hold"` // lots on HOLD
}

// Reorder is an item at or below its minimum stock, of which only what was neither rejected
// nor has expired counts.
type Reorder struct {
	Item      core.ItemID    `json:"item"`
	SKU       string         `json:"sku"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	Dimension core.Dimension `json:"dimension"`
	OnHand    core.Qty       `json:"on_hand"`
	MinStock  core.Qty       `json:"min_stock"`
}

// DashboardResp is the floor's home screen.
type DashboardResp struct {
	Day           core.Date           `json:"day"`
	Stages        []Stage             `json:"stages"`
	Reorder       []Reorder           `json:"reorder"`        // most urgent first, at most 20
	ReorderItems  int                 `json:"reorder_items"`  // in all
	Expiring      []stock.LotRow      `json:"expiring"`       // within ExpiringDays or past, soonest first, at most 20
	ExpiringCells int                 `json:"expiring_cells"` // in all
	Held          []stock.LotRow      `json:"held"`           // on hold, longest first, at most 20
	Recent        []stock.DocumentRow `json:"recent"`         // newest first, at most 12
	Receipts      int                 `json:"receipts"`       // GRNs of this month
	Challans      int                 `json:"challans"`       // confirmed this month
	Work          Work                `json:"work"`
	Batches       []production.Row    `json:"batches"` // planned and running, oldest first, at most 12
	Blocked       []Blocked           `json:"blocked"` // of those planned up to today
	Mill          Mill                `json:"mill"`    // of the last WastageDays
	MillBefore    Mill                `json:"mill_before"`
	YieldDays     []DayYield          `json:"yield_days"` // the last CurveDays; a day without a batch is left out
	Losses        []BatchLoss         `json:"losses"`     // of the last WastageDays, the furthest above its limit first, at most 6
	Packing       PackingLoss         `json:"packing"`    // of the last WastageDays
	At            time.Time           `json:"at"`
}

// Work counts what waits to be done.
type Work struct {
	Planned  int `json:"planned"`   // batches
	Running  int `json:"running"`   // batches
	Orders   int `json:"orders"`    // sales orders to be delivered by now, from DueDays ago on, of which something is still to go
	Drafts   int `json:"drafts"`    // dispatches prepared and not confirmed
	Counts   int `json:"counts"`    // stock counts not posted
	Recalls  int `json:"recalls"`   // open
	OnHold   int `json:"on_hold"`   // cells
	OverLoss int `json:"over_loss"` // batches of the last WastageDays above their limit
	OverRuns int `json:"over_runs"` // packing runs of the last WastageDays above theirs
}

// Blocked is a planned batch that cannot start, with everything it lacks.
type Blocked struct {
	Batch  production.ID `json:"batch"`
	Number string        `json:"number"`
	Name   string        `json:"name"` // of the powder
	NameHi string        `json:"name_hi,omitempty"`
	Lacks  []Lack        `json:"lacks"`
}

// Lack is an ingredient of which too little is usable; Held is what lies on hold.
type Lack struct {
	Item   core.ItemID `json:"item"`
	Name   string      `json:"name"`
	NameHi string      `json:"name_hi,omitempty"`
	Need   core.Qty    `json:"need"`
	Have   core.Qty    `json:"have"`
	Held   core.Qty    `json:"held"`
}

// DayYield is the yield of the batches completed on a day.
type DayYield struct {
	Day   core.Date    `json:"day"`
	Yield core.Percent `json:"yield"`
}

// StageValue is the worth of a stage and of its most valuable items.
type StageValue struct {
	Type  catalog.Type `json:"type"`
	Value core.Paise   `json:"value"`
	Top   []core.Paise `json:"top"`      // the five most valuable items, then the rest
	Items []TopItem    `json:"items"`    // the five
	Ago   core.Paise   `json:"week_ago"` // Value at the close of the day seven days ago
}

// TopItem is one of the most valuable items of a stage.
type TopItem struct {
	Item   core.ItemID `json:"item"`
	SKU    string      `json:"sku"`
	Name   string      `json:"name"`
	NameHi string      `json:"name_hi,omitempty"`
	Value  core.Paise  `json:"value"`
}

// DayValue is a day on a curve.
type DayValue struct {
	Day   core.Date  `json:"day"`
	Value core.Paise `json:"value"`
}

// ValuedDashboardResp is the owner's dashboard. What running batches hold is on hand
// too and stands beside the stock, in InProcess: on every day the two are the accounts
// STOCK and WIP of the trial balance. Today they are what is there now, whatever day a
// clock that was ahead has given it.
type ValuedDashboardResp struct {
	DashboardResp
	Values        []StageValue `json:"values"` // in the order of Stages
	Total         core.Paise   `json:"total"`
	WeekAgo       core.Paise   `json:"week_ago"`       // total at the close of the day seven days ago
	ValueDays     []DayValue   `json:"value_days"`     // total at the end of the last CurveDays
	ExpiringValue core.Paise   `json:"expiring_value"` // of lots within ExpiringDays
	HeldValue     core.Paise   `json:"held_value"`     // of everything on hold

	InProcess        core.Paise `json:"in_process"`          // not in Total
	InProcessWeekAgo core.Paise `json:"in_process_week_ago"` // at the close of the day seven days ago
	InProcessDays    []DayValue `json:"in_process_days"`     // at the end of the last CurveDays

	// Purchases is what suppliers and carriers charged this month, less what went back to
	// suppliers and what notes took off: the accounts SUPPLIER and LANDED of those days.
	Purchases    core.Paise `json:"purchases"`
	PurchaseDays []DayValue `json:"purchase_days"` // the last CurveDays; a day of returns is negative

	// Dispatched is the taxable value of this month's challans, less that of the goods that
	// came back this month and of the challans that were cancelled in it, whenever they had gone.
	Dispatched   core.Paise `json:"dispatched"`
	DispatchDays []DayValue `json:"dispatch_days"` // the last CurveDays; a day of returns is negative

	// The same days of the month before, to compare with.
	PurchasesBefore  core.Paise `json:"purchases_before"`
	DispatchedBefore core.Paise `json:"dispatched_before"`

	LossValues []core.Paise `json:"loss_values"` // in the order of Losses
	OverValue  core.Paise   `json:"over_value"`  // lost by the batches and packing runs above their limit
}
