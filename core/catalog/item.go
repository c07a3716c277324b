// Package catalog keeps the items of the factory: raw material, bulk powder,
// packing material and finished goods, with their units (R2) and tax (R33).
package catalog

import (
	"fmt"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
)

// Topic moves with every change of an item.
const Topic op.Topic = "items"

// Type is one of the four kinds of item.
type Type string

// The types.
const (
	Raw      Type = "RAW"
	Bulk     Type = "BULK_POWDER"
	Packing  Type = "PACKING_MATERIAL"
	Finished Type = "FINISHED_GOOD"
)

// Types lists the types in the order material flows.
func Types() []Type { return []Type{Raw, Bulk, Packing, Finished} }

// SKUPrefix starts the suggested SKUs of a type: RAW-001.
func (t Type) SKUPrefix() string {
	return map[Type]string{Raw: "RAW", Bulk: "BLK", Packing: "PKG", Finished: "FIN"}[t]
}

// MeasuredBy is the dimension without which nothing can be done with an item of the type:
// recipes share powders and what goes into them out by mass (R17), and a packing run makes
// pieces (R3, R26). It is "" for packing material, which is measured in any.
func (t Type) MeasuredBy() core.Dimension {
	return map[Type]core.Dimension{Raw: core.Mass, Bulk: core.Mass, Finished: core.Count}[t]
}

// Subtypes of packing material.
var Subtypes = []string{"JAR_BODY", "JAR_LID", "CUP_STICKER", "POUCH", "FILM", "LABEL", "CARTON", "OUTER", "BAG", "CONSUMABLE"}

// How many of each an item may have.
const (
	MaxUnits     = 20
	MaxRates     = 50
	MaxAllergens = 30
)

// GSTRate is a tax rate from a day on, until the next one (R33).
type GSTRate struct {
	From core.Date    `json:"from"`
	Rate core.Percent `json:"rate"`
}

// ItemFields is what a user enters of an item.
type ItemFields struct {
	SKU             string         `json:"sku"`
	Name            string         `json:"name"`
	NameHi          string         `json:"name_hi,omitempty"`
	Type            Type           `json:"type"`
	Subtype         string         `json:"subtype,omitempty"`
	Dimension       core.Dimension `json:"dimension"`
	PurchaseUnit    string         `json:"purchase_unit"`
	IssueUnit       string         `json:"issue_unit"`
	MinStock        core.Qty       `json:"min_stock"` // re-order level, base units
	ShelfLifeMonths int            `json:"shelf_life_months,omitempty"`
	QCRequired      bool           `json:"qc_required,omitempty"`
	HSN             string         `json:"hsn,omitempty"`
	GST             []GSTRate      `json:"gst,omitempty"` // ascending by From
	Allergens       []string       `json:"allergens,omitempty"`
	NetWeight       core.Qty       `json:"net_weight,omitempty"` // mg in one piece; 0 unknown
	Units           []ItemUnit     `json:"units,omitempty"`      // the item's own conversions
	Active          bool           `json:"active"`
}

// Item is a catalogue record.
type Item struct {
	ID core.ItemID `json:"id"`
	ItemFields
	InUse Use `json:"in_use,omitempty"` // by it type and dimension are frozen (R38)
	core.Stamp
}

// Use is what builds on an item: its stock, or the first recipe, profile or order that
// names it, in any of their versions. Empty where nothing does.
type Use string

// InStock is the use of an item that has, or had, stock.
const InStock Use = "STOCK"

// Words is what follows the name of an item that is in use.
func (u Use) Words() string {
	if u == InStock {
		return "has stock movements"
	}
	return "is in " + string(u)
}

// GSTOn returns the rate in force on day; ok is false when none is known.
func (f *ItemFields) GSTOn(day core.Date) (rate core.Percent, ok bool) {
	for _, g := range f.GST {
		if g.From <= day {
			rate, ok = g.Rate, true
		}
	}
	return rate, ok
}

// NeedsExpiry reports whether every lot of the item must carry an expiry (R27).
func (f *ItemFields) NeedsExpiry() bool { return f.Type == Raw || f.Type == Finished }

// Normalize trims and composes the texts (R41) and orders the tax rates.
func (f *ItemFields) Normalize() {
	for _, s := range []*string{&f.SKU, &f.Name, &f.NameHi, &f.HSN} {
		*s = core.Visible(*s)
	}
	f.PurchaseUnit, f.IssueUnit = core.Text(f.PurchaseUnit), core.Text(f.IssueUnit)
	f.SKU, f.HSN = strings.ToUpper(f.SKU), plainHSN(f.HSN)
	for i := range f.Units {
		f.Units[i].Code = core.Text(f.Units[i].Code)
	}
	for i := range f.Allergens {
		f.Allergens[i] = core.Visible(f.Allergens[i])
	}
	slices.SortFunc(f.GST, func(a, b GSTRate) int { return int(a.From - b.From) })
}

// plainHSN is an HSN code without the blanks and dots that lists print in it: 0910.99.14.
func plainHSN(code string) string { return strings.NewReplacer(" ", "", ".", "").Replace(code) }

// Validate checks what can be judged without the books; it normalizes first.
func (f *ItemFields) Validate() error {
	f.Normalize()
	var bad core.Faults
	bad.Check(f.SKU != "", "sku", "Enter the SKU, for example RAW-001.")
	bad.Fit("sku", f.SKU, core.MaxCode)
	bad.Check(f.Name != "", "name", "Enter the name of the item.")
	bad.Fit("name", f.Name, core.MaxName)
	bad.Fit("name_hi", f.NameHi, core.MaxName)
	bad.Fit("hsn", f.HSN, core.MaxCode)
	bad.Check(slices.Contains(Types(), f.Type), "type", "Choose the type: raw material, bulk powder, packing material or finished good.")
	if f.Type == Packing {
		bad.Check(slices.Contains(Subtypes, f.Subtype), "subtype", "Choose what kind of packing material this is.")
	} else {
		bad.Check(f.Subtype == "", "subtype", "Only packing material has a subtype.")
	}
	bad.Check(f.Dimension.Valid(), "dimension", "Choose how it is measured: by mass, pieces, length or volume.")
	bad.Check(f.MinStock >= 0, "min_stock", "Minimum stock cannot be negative.")
	bad.Check(f.ShelfLifeMonths >= 0 && f.ShelfLifeMonths <= 240, "shelf_life_months", "Shelf life is 0 to 240 months.")
	bad.Check(f.NetWeight >= 0, "net_weight", "Net weight cannot be negative.")
	bad.Bound("min_stock", f.MinStock)
	bad.Bound("net_weight", f.NetWeight)
	bad.Check(len(f.Allergens) <= MaxAllergens, "allergens", "An item has at most %d allergens.", MaxAllergens)
	for i, a := range f.Allergens {
		bad.Check(a != "", fmt.Sprintf("allergens[%d]", i), "Enter the allergen or remove the line.")
		bad.Fit(fmt.Sprintf("allergens[%d]", i), a, core.MaxName)
	}
	bad.Check(len(f.GST) <= MaxRates, "gst", "An item has at most %d GST rates.", MaxRates)
	bad.Check(len(f.Units) <= MaxUnits, "units", "An item has at most %d units of its own.", MaxUnits)
	codes := map[string]bool{}
	for i, g := range f.GST {
		bad.Check(g.Rate >= 0 && g.Rate <= core.Whole, fmt.Sprintf("gst[%d].rate", i), "A GST rate is 0 to 100 %%.")
		bad.Check(i == 0 || g.From != f.GST[i-1].From, fmt.Sprintf("gst[%d].from", i), "Two GST rates start on the same day.")
	}
	for i, u := range f.Units {
		_ = bad.Merge(fmt.Sprintf("units[%d].", i), u.check())
		bad.Check(!codes[u.Code], fmt.Sprintf("units[%d].code", i), "The unit %s is there twice.", u.Code)
		codes[u.Code] = true
	}
	return bad.Err()
}
