// Package report reads the books for people: the dashboards.
package report

import (
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
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

// Reorder is an item at or below its minimum stock.
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
	Day      core.Date           `json:"day"`
	Stages   []Stage             `json:"stages"`
	Reorder  []Reorder           `json:"reorder"`  // most urgent first, at most 20
	Expiring []stock.LotRow      `json:"expiring"` // within 45 days or past, soonest first, at most 20
	Recent   []stock.DocumentRow `json:"recent"`   // newest first, at most 12
	Receipts int                 `json:"receipts"` // GRNs of this month
	At       time.Time           `json:"at"`
}

// StageValue is the worth of a stage and of its most valuable items.
type StageValue struct {
	Type  catalog.Type `json:"type"`
	Value core.Paise   `json:"value"`
	Top   []core.Paise `json:"top"` // the five most valuable items, then the rest
}

// DayValue is a day on a curve.
type DayValue struct {
	Day   core.Date  `json:"day"`
	Value core.Paise `json:"value"`
}

// ValuedDashboardResp is the owner's dashboard.
type ValuedDashboardResp struct {
	DashboardResp
	Values        []StageValue `json:"values"` // in the order of Stages
	Total         core.Paise   `json:"total"`
	WeekAgo       core.Paise   `json:"week_ago"`       // total at the close of the day seven days ago
	Purchases     core.Paise   `json:"purchases"`      // received this month, landed
	PurchaseDays  []DayValue   `json:"purchase_days"`  // the last 14 days
	ValueDays     []DayValue   `json:"value_days"`     // total at the end of the last 14 days
	ExpiringValue core.Paise   `json:"expiring_value"` // of lots within 45 days
}
