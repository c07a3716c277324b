package demo

import (
	"masala/core"
	"masala/core/recipe"
)

// formula is a recipe of the demo: shares in 0.01 % of the charge, by SKU.
type formula struct {
	makes             string // SKU of the powder
	code, name        string
	stdLoss, alertsAt core.Percent
	lines             []ingredient
}

type ingredient struct {
	sku   string
	share core.Percent
}

// formulas lists one recipe for every powder.
func formulas() []formula {
	return []formula{
		{"BLK-001", "TURMERIC", "Turmeric powder", 400, 550, []ingredient{{"RAW-001", 10000}}},
		{"BLK-002", "CHILLI", "Red chilli powder", 500, 650, []ingredient{{"RAW-002", 9800}, {"RAW-029", 200}}},
		{"BLK-003", "KASHMIRI", "Kashmiri mirch powder", 500, 650, []ingredient{{"RAW-003", 10000}}},
		{"BLK-004", "CORIANDER", "Coriander powder", 350, 500, []ingredient{{"RAW-004", 10000}}},
		{"BLK-005", "CUMIN", "Cumin powder", 300, 400, []ingredient{{"RAW-005", 10000}}},
		{"BLK-006", "GM-REG", "Garam masala regular", 400, 550, []ingredient{{"RAW-005", 3500}, {"RAW-004", 3500}, {"RAW-008", 375}, {"RAW-007", 375},
			{"RAW-009", 375}, {"RAW-010", 375}, {"RAW-012", 375}, {"RAW-006", 375}, {"RAW-011", 375}, {"RAW-013", 375}}},
		{"BLK-007", "GM-PREM", "Garam masala premium", 400, 550, []ingredient{{"RAW-005", 2500}, {"RAW-006", 1500}, {"RAW-010", 1250}, {"RAW-004", 1250},
			{"RAW-009", 1000}, {"RAW-008", 1000}, {"RAW-007", 1000}, {"RAW-011", 375}, {"RAW-013", 125}}},
		{"BLK-008", "SAMBAR", "Sambar masala", 600, 800, []ingredient{{"RAW-004", 3800}, {"RAW-002", 2200}, {"RAW-025", 800}, {"RAW-026", 800}, {"RAW-005", 600},
			{"RAW-015", 500}, {"RAW-001", 400}, {"RAW-006", 300}, {"RAW-024", 300}, {"RAW-017", 150}, {"RAW-019", 150}}},
		{"BLK-009", "CHAAT", "Chaat masala", 200, 300, []ingredient{{"RAW-020", 4000}, {"RAW-021", 1500}, {"RAW-005", 1500}, {"RAW-004", 800}, {"RAW-022", 800},
			{"RAW-006", 400}, {"RAW-014", 300}, {"RAW-002", 300}, {"RAW-023", 200}, {"RAW-018", 100}, {"RAW-019", 100}}},
		{"BLK-010", "CURRY", "Curry powder (Madras)", 400, 550, []ingredient{{"RAW-004", 3000}, {"RAW-001", 2000}, {"RAW-005", 1200}, {"RAW-002", 1000}, {"RAW-015", 800},
			{"RAW-016", 500}, {"RAW-006", 400}, {"RAW-017", 400}, {"RAW-014", 300}, {"RAW-010", 200}, {"RAW-009", 100}, {"RAW-024", 100}}},
		{"BLK-011", "CHOLE", "Chole masala", 400, 550, []ingredient{{"RAW-004", 2800}, {"RAW-005", 1500}, {"RAW-002", 1200}, {"RAW-020", 1200}, {"RAW-028", 600},
			{"RAW-006", 500}, {"RAW-008", 400}, {"RAW-010", 300}, {"RAW-014", 300}, {"RAW-027", 300}, {"RAW-001", 300}, {"RAW-022", 300}, {"RAW-009", 200}, {"RAW-013", 100}}},
		{"BLK-012", "TEA", "Tea masala", 300, 400, []ingredient{{"RAW-014", 4000}, {"RAW-007", 2000}, {"RAW-006", 1500}, {"RAW-010", 1500}, {"RAW-009", 800}, {"RAW-011", 200}}},
	}
}

// addRecipes enters every formula.
func (f *filler) addRecipes() error {
	f.recipes = map[string]recipe.Recipe{}
	for _, x := range formulas() {
		fields := recipe.Fields{Code: x.code, Name: x.name, Item: f.items[x.makes].ID, StdLoss: x.stdLoss, Tolerance: x.alertsAt - x.stdLoss, Active: true}
		for _, l := range x.lines {
			fields.Lines = append(fields.Lines, recipe.Line{Item: f.items[l.sku].ID, Share: l.share})
		}
		r, err := do(f, "owner", recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: fields})
		if err != nil {
			return err
		}
		f.recipes[x.makes] = r
	}
	return nil
}
