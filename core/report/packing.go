package report

import (
	"masala/core"
	"masala/core/catalog"
)

// LineLoss is what the packing line lost (R26): powder that was spilt or thrown away,
// powder that went out in the packs beyond their net weight, and packing material, torn
// pouches and the like, by how it is measured.
type LineLoss struct {
	Runs     int      `json:"runs"`
	Losing   int      `json:"losing"` // runs that lost anything
	Alerts   int      `json:"alerts"` // runs that lost more powder than packing.LossLimit
	Packs    core.Qty `json:"packs"`
	Powder   core.Qty `json:"powder"`   // mg
	Overfill core.Qty `json:"overfill"` // mg
	Pieces   core.Qty `json:"pieces"`
	Mass     core.Qty `json:"mass"`   // mg of film and the like
	Length   core.Qty `json:"length"` // mm
	Volume   core.Qty `json:"volume"` // microlitres
}

// LineGroup sums the runs of one finished good or of one user.
type LineGroup struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	NameHi string `json:"name_hi,omitempty"`
	LineLoss
}

// MaterialLoss is what the line lost of one item, powder or packing material.
type MaterialLoss struct {
	Item      core.ItemID    `json:"item"`
	SKU       string         `json:"sku"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	Type      catalog.Type   `json:"type"`
	Dimension core.Dimension `json:"dimension"`
	Runs      int            `json:"runs"`  // that lost some of it
	Taken     core.Qty       `json:"taken"` // by all runs, with what was lost
	Lost      core.Qty       `json:"lost"`
	Overfill  core.Qty       `json:"overfill"` // of powder; not in Lost
	Share     core.Percent   `json:"share"`    // Lost and Overfill of Taken
}

// RunLoss is a run that lost something.
type RunLoss struct {
	Document core.DocumentID `json:"document"`
	Number   string          `json:"number"`
	On       core.Date       `json:"on"`
	Item     core.ItemID     `json:"item"` // the finished good
	SKU      string          `json:"sku"`
	Name     string          `json:"name"`
	NameHi   string          `json:"name_hi,omitempty"`
	PackedBy string          `json:"packed_by"`
	Packs    core.Qty        `json:"packs"`
	Alert    bool            `json:"alert"` // lost more powder than packing.LossLimit
	Lost     []LostPart      `json:"lost"`  // powder, overfill, packing material
}

// LostPart is what a run lost of one item for one reason: Overfill, a reason of the
// packing line for powder, or the words that were typed for packing material.
type LostPart struct {
	Item      core.ItemID    `json:"item"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	Dimension core.Dimension `json:"dimension"`
	Qty       core.Qty       `json:"qty"`
	Reason    string         `json:"reason"`
}

// Overfill is the reason of powder that went out in the packs beyond their net weight;
// Material that of lost packing material, which has no weight in the list of reasons.
const (
	Overfill = "OVERFILL"
	Material = "PACKING_MATERIAL"
)

// PackingLine is the part of a wastage report about the packing line. Its groups sum to
// its total. Goods and Operators are those that packed; Materials, LosingRuns
// and Top have only what lost something.
type PackingLine struct {
	LineLoss
	Goods      []LineGroup    `json:"goods"`
	Operators  []LineGroup    `json:"operators"`
	Materials  []MaterialLoss `json:"materials"`
	Top        []RunLoss      `json:"top"`         // that lost most powder, at most TopLosers
	LosingRuns []RunLoss      `json:"losing_runs"` // newest first, a page
	Next       string         `json:"next,omitempty"`
}

// ValuedPackingLine adds what the losses were worth: the share of what the run took of
// the lot, at the value it took it. It is a cost of the packs that were made.
type ValuedPackingLine struct {
	LineLoss
	Value      core.Paise           `json:"value"` // Goods, Operators, Materials and all runs each sum to it
	Goods      []ValuedLineGroup    `json:"goods"`
	Operators  []ValuedLineGroup    `json:"operators"`
	Materials  []ValuedMaterialLoss `json:"materials"`
	Top        []ValuedRunLoss      `json:"top"` // that lost most money, at most TopLosers
	LosingRuns []ValuedRunLoss      `json:"losing_runs"`
	Next       string               `json:"next,omitempty"`
}

// ValuedLineGroup adds the value of what a group lost.
type ValuedLineGroup struct {
	LineGroup
	Value core.Paise `json:"value"`
}

// ValuedMaterialLoss adds the value of what was lost of an item.
type ValuedMaterialLoss struct {
	MaterialLoss
	Value core.Paise `json:"value"`
}

// ValuedRunLoss adds the value of what a run lost, part by part.
type ValuedRunLoss struct {
	RunLoss
	Values []core.Paise `json:"values"` // in the order of Lost
	Value  core.Paise   `json:"value"`
}

// PackedRun is a packing run of the period as the books tell it; its Lost is worked out
// here. Gone is the powder that was lost.
type PackedRun struct {
	RunLoss
	User                           core.UserID
	From                           Powder
	Powder, Packed, Overfill, Gone core.Qty
	Reason                         string     // of Gone
	Value                          core.Paise // of Powder
}

// Powder is what a run packed.
type Powder struct {
	Item              core.ItemID
	SKU, Name, NameHi string
}

// LostMaterial is what a run took of a lot of packing material of which it lost some.
type LostMaterial struct {
	Document   core.DocumentID
	Item       core.ItemID
	Lost, Took core.Qty
	Value      core.Paise // of Took
	Reason     string
}
