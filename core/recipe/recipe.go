// Package recipe keeps the percent bills of material of the bulk powders, version by
// version, and scales them (R17, R18).
package recipe

import (
	"fmt"

	"masala/core"
	"masala/core/op"
)

// Topic moves with every change of a recipe.
const Topic op.Topic = "recipes"

// The operations on recipes.
var (
	ListRecipes  = op.Define[ListRecipesReq, ListRecipesResp]("recipe.list_recipes", op.Read, op.Operator, "Search and page through the recipes.")
	GetRecipe    = op.Define[GetRecipeReq, Recipe]("recipe.get_recipe", op.Read, op.Operator, "Read a recipe, in its current version or an earlier one.")
	CreateRecipe = op.Define[CreateRecipeReq, Recipe]("recipe.create_recipe", op.Business, op.Admin, "Add a recipe.", op.Changes(Topic))
	UpdateRecipe = op.Define[UpdateRecipeReq, Recipe]("recipe.update_recipe", op.Business, op.Admin, "Write a new version of a recipe, or take it out of use.", op.Changes(Topic))
	Preview      = op.Define[PreviewReq, PreviewResp]("recipe.preview", op.Read, op.Operator, "Scale a recipe to a charge, with what is in stock of every ingredient.")
)

// ID names a recipe.
type ID int64

// Fields is what a user enters of a recipe.
type Fields struct {
	Code      string       `json:"code"`
	Name      string       `json:"name"`
	Item      core.ItemID  `json:"item"`      // the bulk powder it makes
	StdLoss   core.Percent `json:"std_loss"`  // of the charge
	Tolerance core.Percent `json:"tolerance"` // loss beyond StdLoss + Tolerance raises the alert (R19)
	Note      string       `json:"note,omitempty"`
	Lines     []Line       `json:"lines"`
	Active    bool         `json:"active"`

	// ByProducts come out beside the powder. They say how the cost of a batch is shared,
	// and so are an Admin's (R20, R21).
	ByProducts []ByProduct `json:"by_products,omitempty"`
}

// ByProduct is one item beside the powder, with the share of the cost of a batch that it
// takes, 0 for none; a loss that is expensed is no part of that cost (R21).
type ByProduct struct {
	Item  core.ItemID  `json:"item"`
	Share core.Percent `json:"share"`
}

// Line is one ingredient: so much of the charge.
type Line struct {
	Item  core.ItemID  `json:"item"`
	Share core.Percent `json:"share"`
}

// How much a recipe and a batch of it may have.
const (
	MaxLines      = 60
	MaxByProducts = 20
)

// Validate checks what can be judged without the books; it normalizes first.
func (f *Fields) Validate() error {
	var bad core.Faults
	f.Code, f.Name, f.Note = core.Visible(f.Code), core.Visible(f.Name), core.Text(f.Note)
	bad.Check(f.Code != "", "code", "Enter a code, for example GM-REG.")
	bad.Fit("code", f.Code, core.MaxCode)
	bad.Check(f.Name != "", "name", "Enter the name of the recipe.")
	bad.Fit("name", f.Name, core.MaxName)
	bad.Check(f.Item > 0, "item", "Choose the bulk powder it makes.")
	bad.Check(f.StdLoss >= 0 && f.StdLoss < core.Whole, "std_loss", "The standard loss is 0 to 99.99 %%.")
	bad.Check(f.Tolerance >= 0 && f.Tolerance <= core.Whole, "tolerance", "The tolerance is 0 to 100 %%.")
	bad.Fit("note", f.Note, core.MaxNote)
	checkLines(&bad, f.Lines, f.Item)
	f.checkByProducts(&bad)
	return bad.Err()
}

// checkByProducts leaves the powder a part of the cost.
func (f *Fields) checkByProducts(bad *core.Faults) {
	bad.Check(len(f.ByProducts) <= MaxByProducts, "by_products", "A recipe has at most %d by-products.", MaxByProducts)
	sum, seen := core.Percent(0), map[core.ItemID]bool{}
	for i, b := range f.ByProducts {
		at := fmt.Sprintf("by_products[%d].", i)
		bad.Check(b.Item > 0, at+"item", "Choose the by-product.")
		bad.Check(b.Item == 0 || b.Item != f.Item, at+"item", "This is the powder itself. Choose what comes out beside it.")
		bad.Check(b.Item == 0 || !seen[b.Item], at+"item", "This by-product is in the recipe already.")
		seen[b.Item] = true
		ok := b.Share >= 0 && b.Share < core.Whole
		bad.Check(ok, at+"share", "A share is 0 to 99.99 %%.")
		if ok {
			sum += b.Share
		}
	}
	bad.Check(sum < core.Whole, "by_products", "The by-products take %s %% of the cost, and nothing is left for the powder.", hundredths(sum))
}

// checkLines is R17: integer shares of 0.01 % that sum to 10,000 exactly.
func checkLines(bad *core.Faults, lines []Line, makes core.ItemID) {
	bad.Check(len(lines) > 0, "lines", "Enter at least one ingredient.")
	bad.Check(len(lines) <= MaxLines, "lines", "A recipe has at most %d ingredients.", MaxLines)
	sum, seen := core.Percent(0), map[core.ItemID]bool{}
	for i, l := range lines {
		at := fmt.Sprintf("lines[%d].", i)
		bad.Check(l.Item > 0, at+"item", "Choose the ingredient.")
		bad.Check(l.Item == 0 || l.Item != makes, at+"item", "A powder cannot be its own ingredient.")
		bad.Check(l.Item == 0 || !seen[l.Item], at+"item", "This ingredient is in the recipe already.")
		seen[l.Item] = true
		ok := l.Share > 0 && l.Share <= core.Whole
		bad.Check(ok, at+"share", "Enter a share from 0.01 to 100 %%.")
		if ok {
			sum += l.Share
		}
	}
	bad.Check(len(lines) == 0 || sum == core.Whole, "lines", "The shares sum to %s %%. They must sum to 100.00 %%.", hundredths(sum))
}

func hundredths(p core.Percent) string { return fmt.Sprintf("%d.%02d", p/100, p%100) }

// Scale shares a charge out over the lines: each is floored and the left-over mg go
// out by largest remainder, so that the lines sum to the charge (R17).
func Scale(charge core.Qty, lines []Line) ([]core.Qty, error) {
	weights := make([]int64, len(lines))
	for i, l := range lines {
		weights[i] = int64(l.Share)
	}
	return core.Split(charge, weights)
}

// Output is what is expected of a charge after the standard loss (R18).
func Output(charge core.Qty, stdLoss core.Percent) (core.Qty, error) {
	n, err := core.MulDiv(int64(charge), int64(core.Whole-stdLoss), int64(core.Whole))
	return core.Qty(n), err
}

// GrossUp is the charge needed to get out a target after the standard loss, offered
// beside the target and never taken silently (R18).
func GrossUp(target core.Qty, stdLoss core.Percent) (core.Qty, error) {
	n, err := core.MulDivCeil(int64(target), int64(core.Whole), int64(core.Whole-stdLoss))
	return core.Qty(n), err
}

// Recipe is a recipe in one of its versions.
type Recipe struct {
	ID ID `json:"id"`
	Fields
	SKU         string       `json:"sku"` // of the powder
	ItemName    string       `json:"item_name"`
	ItemNameHi  string       `json:"item_name_hi,omitempty"`
	Ingredients []Ingredient `json:"ingredients"` // in the order of Lines
	Beside      []Ingredient `json:"beside"`      // in the order of ByProducts
	Allergens   []string     `json:"allergens"`   // of all ingredients, through powders they are
	Current     bool         `json:"current"`     // this is the newest version
	core.Stamp
}

// Ingredient describes a line.
type Ingredient struct {
	SKU       string   `json:"sku"`
	Name      string   `json:"name"`
	NameHi    string   `json:"name_hi,omitempty"`
	Allergens []string `json:"allergens"`
}

// ListRecipesReq asks for a page of recipes.
type ListRecipesReq struct {
	Query    string      `json:"query,omitempty"` // start of code or name, or words of the powder
	Item     core.ItemID `json:"item,omitempty"`
	Inactive bool        `json:"inactive,omitempty"`
	After    string      `json:"after,omitempty"`
	Limit    int         `json:"limit,omitempty"`
}

// Row is a recipe in a list.
type Row struct {
	ID         ID           `json:"id"`
	Code       string       `json:"code"`
	Name       string       `json:"name"`
	Item       core.ItemID  `json:"item"`
	SKU        string       `json:"sku"`
	ItemName   string       `json:"item_name"`
	ItemNameHi string       `json:"item_name_hi,omitempty"`
	StdLoss    core.Percent `json:"std_loss"`
	Tolerance  core.Percent `json:"tolerance"`
	Lines      int          `json:"lines"`
	Active     bool         `json:"active"`
	Version    int64        `json:"version"`
}

// ListRecipesResp is a page of recipes by code.
type ListRecipesResp struct {
	Recipes []Row  `json:"recipes"`
	Next    string `json:"next,omitempty"`
	Total   int    `json:"total"`
}

// GetRecipeReq names a recipe; Version 0 is the current one.
type GetRecipeReq struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version,omitempty"`
}

// CreateRecipeReq is a new recipe.
type CreateRecipeReq struct{ Fields }

// UpdateRecipeReq replaces a recipe that is still at Version (R35). Batches keep the
// version they were planned with.
type UpdateRecipeReq struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
	Fields
}

// PreviewReq is a recipe as it stands on the screen, saved or not, and a charge.
type PreviewReq struct {
	Item    core.ItemID  `json:"item,omitempty"`
	StdLoss core.Percent `json:"std_loss"`
	Lines   []Line       `json:"lines"`
	Charge  core.Qty     `json:"charge"` // mg put in
}

// Validate checks the request.
func (r *PreviewReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Charge > 0, "charge", "Enter how much is to be charged.")
	bad.Bound("charge", r.Charge)
	bad.Check(r.StdLoss >= 0 && r.StdLoss < core.Whole, "std_loss", "The standard loss is 0 to 99.99 %%.")
	checkLines(&bad, r.Lines, r.Item)
	return bad.Err()
}

// Light says whether an ingredient is there.
type Light string

// The lights.
const (
	Green Light = "GREEN" // enough, also for what else is planned
	Amber Light = "AMBER" // enough, but other planned batches count on it
	Red   Light = "RED"   // short
)

// LightOf judges an ingredient.
func LightOf(need, usable, reserved core.Qty) Light {
	switch {
	case usable < need:
		return Red
	case usable-reserved < need:
		return Amber
	}
	return Green
}

// Need is an ingredient of a scaled recipe beside what is in stock of it.
type Need struct {
	Item core.ItemID `json:"item"`
	Ingredient
	Qty      core.Qty `json:"qty"`
	Usable   core.Qty `json:"usable"`   // released, not expired, not frozen
	Reserved core.Qty `json:"reserved"` // planned by batches that have not taken it yet
	Light    Light    `json:"light"`
}

// PreviewResp is a scaled recipe. Expected is the output after the standard loss;
// GrossUp the charge that would bring Charge out instead (R18).
type PreviewResp struct {
	Charge    core.Qty `json:"charge"`
	Expected  core.Qty `json:"expected"`
	GrossUp   core.Qty `json:"gross_up"`
	Needs     []Need   `json:"needs"` // in the order of the lines
	Allergens []string `json:"allergens"`
}
