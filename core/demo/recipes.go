package demo

import (
	"fmt"

	"masala/core"
	"masala/core/packing"
	"masala/core/recipe"
)

// share is an ingredient of a recipe in 0.01 %.
type share struct {
	sku string
	of  core.Percent
}

type recipeOf struct {
	sku   string       // of the powder; the code is its number
	loss  core.Percent // standard
	alert core.Percent // beyond this loss
	lines []share
}

func recipes() []recipeOf {
	return []recipeOf{
		{"BLK-001", 400, 550, []share{{"RAW-001", 10000}}},
		{"BLK-002", 500, 650, []share{{"RAW-002", 9800}, {"RAW-029", 200}}},
		{"BLK-003", 500, 650, []share{{"RAW-003", 10000}}},
		{"BLK-004", 350, 500, []share{{"RAW-004", 10000}}},
		{"BLK-005", 300, 400, []share{{"RAW-005", 10000}}},
		{"BLK-006", 400, 550, []share{{"RAW-005", 3500}, {"RAW-004", 3500}, {"RAW-008", 375}, {"RAW-007", 375}, {"RAW-009", 375}, {"RAW-010", 375}, {"RAW-012", 375}, {"RAW-006", 375}, {"RAW-011", 375}, {"RAW-013", 375}}},
		{"BLK-007", 400, 550, []share{{"RAW-005", 2500}, {"RAW-006", 1500}, {"RAW-010", 1250}, {"RAW-004", 1250}, {"RAW-009", 1000}, {"RAW-008", 1000}, {"RAW-007", 1000}, {"RAW-011", 375}, {"RAW-013", 125}}},
		{"BLK-008", 600, 800, []share{{"RAW-004", 3800}, {"RAW-002", 2200}, {"RAW-025", 800}, {"RAW-026", 800}, {"RAW-005", 600}, {"RAW-015", 500}, {"RAW-001", 400}, {"RAW-006", 300}, {"RAW-024", 300}, {"RAW-017", 150}, {"RAW-019", 150}}},
		{"BLK-009", 200, 300, []share{{"RAW-020", 4000}, {"RAW-021", 1500}, {"RAW-005", 1500}, {"RAW-004", 800}, {"RAW-022", 800}, {"RAW-006", 400}, {"RAW-014", 300}, {"RAW-002", 300}, {"RAW-023", 200}, {"RAW-018", 100}, {"RAW-019", 100}}},
		{"BLK-010", 400, 550, []share{{"RAW-004", 3000}, {"RAW-001", 2000}, {"RAW-005", 1200}, {"RAW-002", 1000}, {"RAW-015", 800}, {"RAW-016", 500}, {"RAW-006", 400}, {"RAW-017", 400}, {"RAW-014", 300}, {"RAW-010", 200}, {"RAW-009", 100}, {"RAW-024", 100}}},
		{"BLK-011", 400, 550, []share{{"RAW-004", 2800}, {"RAW-005", 1500}, {"RAW-002", 1200}, {"RAW-020", 1200}, {"RAW-028", 600}, {"RAW-006", 500}, {"RAW-008", 400}, {"RAW-010", 300}, {"RAW-014", 300}, {"RAW-027", 300}, {"RAW-001", 300}, {"RAW-022", 300}, {"RAW-009", 200}, {"RAW-013", 100}}},
		{"BLK-012", 300, 400, []share{{"RAW-014", 4000}, {"RAW-007", 2000}, {"RAW-006", 1500}, {"RAW-010", 1500}, {"RAW-009", 800}, {"RAW-011", 200}}},
	}
}

// part is a component of a profile: q base units for every n packs.
type part struct {
	sku  string
	q, n int64
}

type profileOf struct {
	code, name string
	grams      int64
	parts      []part
	packs      [][2]string // finished good and its powder
}

func profiles() []profileOf {
	jar := []part{{"PKG-005", 1, 1}, {"PKG-006", 1, 1}, {"PKG-007", 1, 1}, {"PKG-008", 1, 1}, {"PKG-010", 1, 24}}
	return []profileOf{
		{"POUCH_100", "Film pouch 100 g", 100, []part{{"PKG-001", 3200, 1}, {"PKG-010", 1, 40}}, [][2]string{{"FIN-001", "BLK-001"}, {"FIN-003", "BLK-002"}}},
		{"POUCH_200", "Zip pouch 200 g", 200, []part{{"PKG-003", 1, 1}, {"PKG-010", 1, 25}}, [][2]string{{"FIN-005", "BLK-004"}}},
		{"POUCH_500", "Film pouch 500 g", 500, []part{{"PKG-001", 7900, 1}, {"PKG-010", 1, 12}}, [][2]string{{"FIN-002", "BLK-001"}, {"FIN-012", "BLK-010"}}},
		{"CARTON_50", "Mono carton 50 g", 50, []part{{"PKG-002", 2100, 1}, {"PKG-004", 1, 1}, {"PKG-010", 1, 80}}, [][2]string{{"FIN-007", "BLK-006"}, {"FIN-013", "BLK-011"}}},
		{"CARTON_100", "Mono carton 100 g", 100, []part{{"PKG-001", 3200, 1}, {"PKG-004", 1, 1}, {"PKG-010", 1, 40}}, [][2]string{{"FIN-004", "BLK-003"}, {"FIN-010", "BLK-008"}, {"FIN-011", "BLK-009"}}},
		{"JAR_PACK_STD", "PET jar 100 g", 100, jar, [][2]string{{"FIN-006", "BLK-005"}, {"FIN-008", "BLK-006"}}},
		{"JAR_50", "PET jar 50 g", 50, []part{{"PKG-014", 1, 1}, {"PKG-006", 1, 1}, {"PKG-007", 1, 1}, {"PKG-008", 1, 1}, {"PKG-010", 1, 36}}, [][2]string{{"FIN-014", "BLK-012"}}},
		{"GLASS_100", "Glass jar 100 g", 100, []part{{"PKG-009", 1, 1}, {"PKG-006", 1, 1}, {"PKG-007", 1, 1}, {"PKG-008", 1, 1}, {"PKG-010", 1, 12}}, [][2]string{{"FIN-009", "BLK-007"}}},
	}
}

// addRecipes enters all recipes and profiles.
func (f *filler) addRecipes() error {
	for _, r := range recipes() {
		powder := f.items[r.sku]
		q := recipe.Fields{Code: "R-" + r.sku[4:], Name: powder.Name, Item: powder.ID, StdLoss: r.loss, Tolerance: r.alert - r.loss, Active: true}
		for _, l := range r.lines {
			q.Lines = append(q.Lines, recipe.Line{Item: f.items[l.sku].ID, Share: l.of})
		}
		made, err := do(f, "owner", recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: q})
		if err != nil {
			return fmt.Errorf("recipe of %s: %w", r.sku, err)
		}
		f.recipes[r.sku] = made.ID
	}
	for _, p := range profiles() {
		q := packing.Fields{Code: p.code, Name: p.name, NetWeight: core.Qty(p.grams) * core.Gram, Active: true}
		for _, x := range p.parts {
			q.Components = append(q.Components, packing.Component{Item: f.items[x.sku].ID, PerPacks: core.PerPacks{Q: core.Qty(x.q), N: x.n}})
		}
		for _, g := range p.packs {
			q.Products = append(q.Products, packing.Product{Item: f.items[g[0]].ID, Powder: f.items[g[1]].ID})
		}
		made, err := do(f, "owner", packing.CreateProfile, packing.CreateProfileReq{Fields: q})
		if err != nil {
			return fmt.Errorf("profile %s: %w", p.code, err)
		}
		f.profiles[p.code] = made
	}
	return nil
}
