package packing

import (
	"fmt"

	"masala/core"
)

// ID names a packaging profile.
type ID int64

// Fields is what a user enters of a profile.
type Fields struct {
	Code       string      `json:"code"`
	Name       string      `json:"name"`
	NetWeight  core.Qty    `json:"net_weight"` // mg of powder in one pack
	Note       string      `json:"note,omitempty"`
	Components []Component `json:"components"` // what the packs consume beside powder
	Products   []Product   `json:"products"`   // what may be packed so
	Active     bool        `json:"active"`
}

// Component is packing material: Q base units of it for every N packs (R3).
type Component struct {
	Item core.ItemID `json:"item"`
	core.PerPacks
}

// Product is a finished good that is packed by a profile, and the powder that belongs
// into it: no other one gets in.
type Product struct {
	Item   core.ItemID `json:"item"`
	Powder core.ItemID `json:"powder"`
}

// What a profile may hold.
const (
	MaxComponents = 30
	MaxProducts   = 200
	MaxNetWeight  = 1_000 * core.Kilogram
)

// Validate checks what can be judged without the books; it normalizes first.
func (f *Fields) Validate() error {
	var bad core.Faults
	f.Code, f.Name, f.Note = core.Visible(f.Code), core.Visible(f.Name), core.Text(f.Note)
	bad.Check(f.Code != "", "code", "Enter a code, for example JAR_PACK_STD.")
	bad.Fit("code", f.Code, core.MaxCode)
	bad.Check(f.Name != "", "name", "Enter the name of the profile.")
	bad.Fit("name", f.Name, core.MaxName)
	bad.Check(f.NetWeight > 0, "net_weight", "Enter how much powder is in one pack.")
	bad.Check(f.NetWeight <= MaxNetWeight, "net_weight", "A pack holds at most %s.", MaxNetWeight.String(core.Mass))
	bad.Fit("note", f.Note, core.MaxNote)
	bad.Check(len(f.Components) > 0, "components", "Enter at least one packing material.")
	bad.Check(len(f.Components) <= MaxComponents, "components", "A profile has at most %d packing materials.", MaxComponents)
	seen := map[core.ItemID]bool{}
	for i, x := range f.Components {
		at := fmt.Sprintf("components[%d].", i)
		bad.Check(x.Item > 0, at+"item", "Choose the packing material.")
		bad.Check(x.Item == 0 || !seen[x.Item], at+"item", "This material is in the profile already.")
		seen[x.Item] = true
		bad.Check(x.Q > 0, at+"q", "Enter a quantity above zero.")
		bad.Bound(at+"q", x.Q)
		bad.Check(x.N > 0, at+"n", "Enter for how many packs it is.")
		bad.Check(x.N <= MaxPacks, at+"n", "This is more than one run packs.")
	}
	bad.Check(len(f.Products) > 0, "products", "Enter at least one finished good.")
	bad.Check(len(f.Products) <= MaxProducts, "products", "A profile has at most %d finished goods.", MaxProducts)
	seen = map[core.ItemID]bool{}
	for i, p := range f.Products {
		at := fmt.Sprintf("products[%d].", i)
		bad.Check(p.Item > 0, at+"item", "Choose the finished good.")
		bad.Check(p.Item == 0 || !seen[p.Item], at+"item", "This finished good is in the profile already.")
		seen[p.Item] = true
		bad.Check(p.Powder > 0, at+"powder", "Choose the powder that belongs into it.")
	}
	return bad.Err()
}

// Profile is a packaging profile in one of its versions.
type Profile struct {
	ID ID `json:"id"`
	Fields
	Parts   []Part `json:"parts"`   // in the order of Components
	Goods   []Good `json:"goods"`   // in the order of Products
	Current bool   `json:"current"` // this is the newest version
	core.Stamp
}

// Part describes a component.
type Part struct {
	SKU       string         `json:"sku"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	Subtype   string         `json:"subtype"`
	Dimension core.Dimension `json:"dimension"`
}

// Good describes a product.
type Good struct {
	SKU          string `json:"sku"`
	Name         string `json:"name"`
	NameHi       string `json:"name_hi,omitempty"`
	PowderSKU    string `json:"powder_sku"`
	PowderName   string `json:"powder_name"`
	PowderNameHi string `json:"powder_name_hi,omitempty"`
}

// ListProfilesReq asks for a page of profiles.
type ListProfilesReq struct {
	Query    string      `json:"query,omitempty"` // part of code or name, or words of a finished good
	Item     core.ItemID `json:"item,omitempty"`  // a finished good
	Inactive bool        `json:"inactive,omitempty"`
	After    string      `json:"after,omitempty"`
	Limit    int         `json:"limit,omitempty"`
}

// ProfileRow is a profile in a list.
type ProfileRow struct {
	ID         ID       `json:"id"`
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	NetWeight  core.Qty `json:"net_weight"`
	Components int      `json:"components"`
	Products   int      `json:"products"`
	Active     bool     `json:"active"`
	Version    int64    `json:"version"`
}

// ListProfilesResp is a page of profiles by code.
type ListProfilesResp struct {
	Profiles []ProfileRow `json:"profiles"`
	Next     string       `json:"next,omitempty"`
	Total    int          `json:"total"`
}

// GetProfileReq names a profile; Version 0 is the current one.
type GetProfileReq struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version,omitempty"`
}

// CreateProfileReq is a new profile.
type CreateProfileReq struct{ Fields }

// UpdateProfileReq replaces a profile that is still at Version (R35). Runs keep the
// version they were packed by.
type UpdateProfileReq struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
	Fields
}
