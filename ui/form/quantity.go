package form

import (
	"math/big"
	"strings"
	"unicode"

	"masala/core"
)

// Unit is a unit an item is counted in: Num/Den base units each, exactly (R2).
type Unit struct {
	Code string
	Name string
	Num  int64
	Den  int64
}

// Measure is how one item is counted.
type Measure struct {
	Dimension core.Dimension
	Units     []Unit
	Unit      string // code of the unit a bare number is in; "" takes the first
	Signed    bool   // a correction may be negative
}

// Quantity is a typed quantity: what it is in base units, and the unit it was
// given in.
type Quantity struct {
	Base core.Qty
	Unit Unit
}

// Count is the number of units, exactly.
func (q Quantity) Count() *big.Rat {
	return new(big.Rat).Mul(new(big.Rat).SetInt64(int64(q.Base)), big.NewRat(q.Unit.Den, q.Unit.Num))
}

// Default is the unit a bare number is in; ok is false for an item without units.
func (m Measure) Default() (u Unit, ok bool) {
	for _, u := range m.Units {
		if u.Code == m.Unit {
			return u, true
		}
	}
	if len(m.Units) == 0 {
		return Unit{}, false
	}
	return m.Units[0], true
}

// Find returns the unit called name: its code or name, a plural, or any beginning
// that only one unit has. Case does not matter.
func (m Measure) Find(name string) (Unit, error) {
	want := strings.ToLower(strings.TrimSpace(name))
	for _, same := range []func(have string) bool{
		func(have string) bool { return have == want },
		func(have string) bool { return have+"s" == want },
	} {
		for _, u := range m.Units {
			if same(strings.ToLower(u.Code)) || same(strings.ToLower(u.Name)) {
				return u, nil
			}
		}
	}
	var found []Unit
	for _, u := range m.Units {
		if strings.HasPrefix(strings.ToLower(u.Code), want) || strings.HasPrefix(strings.ToLower(u.Name), want) {
			found = append(found, u)
		}
	}
	if len(found) == 1 && want != "" {
		return found[0], nil
	}
	return Unit{}, wrong("There is no unit %q here. Use %s.", strings.TrimSpace(name), m.names())
}

func (m Measure) names() string {
	var names []string
	for _, u := range m.Units {
		names = append(names, u.Code)
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}

// Parse reads "500" in the default unit, "12.5 bag", "5q", "40*12+15 kg". The
// result is whole in base units or refused (R2).
func (m Measure) Parse(text string) (Quantity, error) {
	n, rest, err := evaluate(text)
	if err != nil {
		return Quantity{}, err
	}
	u, ok := m.Default()
	if !ok {
		return Quantity{}, wrong("This item has no unit. Set one in the item's units.")
	}
	if rest != "" {
		if u, err = m.Find(rest); err != nil {
			return Quantity{}, err
		}
	}
	if err := u.check(); err != nil {
		return Quantity{}, err
	}
	if n.Sign() < 0 && !m.Signed {
		return Quantity{}, wrong("A quantity cannot be below zero.")
	}
	base, whole, err := scaled(n, big.NewRat(u.Num, u.Den))
	if err != nil {
		return Quantity{}, err
	}
	if !whole {
		return Quantity{}, m.notWhole(n, u)
	}
	return Quantity{core.Qty(base), u}, nil
}

func (m Measure) notWhole(n *big.Rat, u Unit) error {
	typed := decimal(n, 0) + " " + u.Code
	switch m.Dimension {
	case core.Count:
		return wrong("%s is not a whole number of pieces. Give whole pieces.", typed)
	case core.Length:
		return wrong("%s is finer than 1 mm. Give fewer decimals.", typed)
	case core.Volume:
		return wrong("%s is finer than 1 µl. Give fewer decimals.", typed)
	}
	return wrong("%s is finer than 1 mg. Give fewer decimals.", typed)
}

// Number writes the count of q as a cell shows it: three decimals unless pieces or
// packs of pieces are counted, more where it takes more to be exact.
func (m Measure) Number(q Quantity) string {
	least := 3
	if m.Dimension == core.Count {
		least = 0
	}
	return decimal(q.Count(), least)
}

// Format writes what Parse reads, exactly: "12.500 bag".
func (m Measure) Format(q Quantity) string { return m.Number(q) + " " + q.Unit.Code }

// Below is the note under a quantity that was given in another unit than the
// dimension's own: "= 500.000 kg"; "" where it would repeat the field.
func (m Measure) Below(q Quantity) string {
	if int64(m.Dimension.PerUnit()) == q.Unit.Num && q.Unit.Den == 1 {
		return ""
	}
	return "= " + q.Base.String(m.Dimension)
}

// Split parts a quantity into number and unit as they stand in the text: "12.5" and
// "bag".
func Split(text string) (number, unit string) {
	i := strings.IndexFunc(text, unicode.IsLetter)
	if i < 0 {
		return strings.TrimSpace(text), ""
	}
	return strings.TrimSpace(text[:i]), strings.TrimSpace(text[i:])
}
