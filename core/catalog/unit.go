package catalog

import (
	"math/big"
	"slices"
	"strings"

	"masala/core"
)

// Unit is a unit of measure: one of it is Num/Den base units of its dimension,
// exactly (R2).
type Unit struct {
	Code      string         `json:"code"`
	Name      string         `json:"name"`
	Dimension core.Dimension `json:"dimension"`
	Num       int64          `json:"num"`
	Den       int64          `json:"den"`
}

// ItemUnit is a conversion that holds for one item only and beats the global one:
// 1 bag = 40 kg of this item.
type ItemUnit struct {
	Code string `json:"code"`
	Num  int64  `json:"num"`
	Den  int64  `json:"den"`
}

func (u ItemUnit) check() error {
	var bad core.Faults
	bad.Check(u.Code != "", "code", "Enter the unit.")
	bad.Fit("code", u.Code, core.MaxCode)
	bad.Check(u.Num > 0 && u.Den > 0, "num", "One %s must be more than nothing.", u.Code)
	bad.Bound("num", core.Qty(u.Num))
	bad.Bound("den", core.Qty(u.Den))
	return bad.Err()
}

// equals reports whether u and v say the same, if in another fraction.
func (u ItemUnit) equals(v ItemUnit) bool {
	a, b := new(big.Int).Mul(big.NewInt(u.Num), big.NewInt(v.Den)), new(big.Int).Mul(big.NewInt(v.Num), big.NewInt(u.Den))
	return u.Code == v.Code && a.Cmp(b) == 0
}

// redefines reports whether u would change what a global unit of the item's dimension is,
// called by its code or by its name. Only units of trade differ from item to item; a kg
// never does (R2).
func (u ItemUnit) redefines(d core.Dimension) bool {
	return slices.ContainsFunc(GlobalUnits(), func(g Unit) bool {
		return g.Dimension == d && (sameUnit(g.Code, u.Code) || sameUnit(g.Name, u.Code)) && !u.equals(ItemUnit{u.Code, g.Num, g.Den})
	})
}

// sameUnit reports whether two codes say one unit to who reads them, of one or of many.
func sameUnit(a, b string) bool {
	a, b = core.NameKey(a), core.NameKey(b)
	return strings.TrimSuffix(a, "s") == strings.TrimSuffix(b, "s")
}

// GlobalUnits are the units every factory has.
func GlobalUnits() []Unit {
	return []Unit{
		{"kg", "kilogram", core.Mass, 1_000_000, 1},
		{"g", "gram", core.Mass, 1_000, 1},
		{"mg", "milligram", core.Mass, 1, 1},
		{"q", "quintal", core.Mass, 100_000_000, 1},
		{"t", "tonne", core.Mass, 1_000_000_000, 1},
		{"pcs", "pieces", core.Count, 1, 1},
		{"dozen", "dozen", core.Count, 12, 1},
		{"gross", "gross", core.Count, 144, 1},
		{"m", "metre", core.Length, 1_000, 1},
		{"mm", "millimetre", core.Length, 1, 1},
		{"l", "litre", core.Volume, 1_000_000, 1},
		{"ml", "millilitre", core.Volume, 1_000, 1},
	}
}

// UnitsOf lists the units that quantities of the item may be given in: its own
// first, then the global ones of its dimension, and kg for pieces of known weight.
func UnitsOf(f *ItemFields) []Unit {
	var units []Unit
	own := map[string]bool{}
	for _, u := range f.Units {
		units = append(units, Unit{u.Code, u.Code, f.Dimension, u.Num, u.Den})
		own[u.Code] = true
	}
	for _, g := range GlobalUnits() {
		if own[g.Code] {
			continue
		}
		switch {
		case g.Dimension == f.Dimension:
			units = append(units, g)
		case f.Dimension == core.Count && g.Dimension == core.Mass && f.NetWeight > 0:
			g.Dimension, g.Den = core.Count, g.Den*int64(f.NetWeight)
			units = append(units, g)
		}
	}
	return units
}

// FindUnit returns the unit called code for the item. A missing factor is an
// error, never 1 (R2).
func FindUnit(f *ItemFields, code string) (Unit, error) {
	for _, u := range UnitsOf(f) {
		if u.Code == code {
			return u, nil
		}
	}
	if f.Dimension == core.Count {
		for _, g := range GlobalUnits() {
			if g.Code == code && g.Dimension == core.Mass {
				return Unit{}, core.Invalid("unit", "%s is counted in pieces. Enter its net weight before using %s.", f.Name, code)
			}
		}
	}
	return Unit{}, core.Invalid("unit", "%s has no unit %q.", f.Name, code)
}

// Convert returns n/d units of u in base units; a result that is not whole is
// refused (R2).
func (u Unit) Convert(n, d int64) (core.Qty, error) {
	num, err := mul(n, u.Num)
	if err != nil {
		return 0, err
	}
	den, err := mul(d, u.Den)
	if err != nil {
		return 0, err
	}
	if den <= 0 || num%den != 0 {
		return 0, core.Invalid("qty", "This is not a whole number of %s.", baseName(u.Dimension))
	}
	return core.Qty(num / den), nil
}

func mul(a, b int64) (int64, error) { return core.MulDiv(a, b, 1) }

func baseName(d core.Dimension) string {
	switch d {
	case core.Mass:
		return "milligrams"
	case core.Length:
		return "millimetres"
	case core.Volume:
		return "microlitres"
	}
	return "pieces"
}
