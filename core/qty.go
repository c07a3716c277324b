package core

import (
	"fmt"
	"math"
	"strings"
)

// Qty is a quantity in the base unit of its item's dimension: milligrams,
// pieces, millimetres or microlitres (R1).
type Qty int64

// Dimension says what a Qty counts.
type Dimension string

// The dimensions, with their base units.
const (
	Mass   Dimension = "mass"   // milligram
	Count  Dimension = "count"  // piece
	Length Dimension = "length" // millimetre
	Volume Dimension = "volume" // microlitre
)

// Base units per display unit.
const (
	Kilogram Qty = 1_000_000
	Gram     Qty = 1_000
	Metre    Qty = 1_000
	Litre    Qty = 1_000_000
)

// Valid reports whether d is one of the four dimensions.
func (d Dimension) Valid() bool {
	switch d {
	case Mass, Count, Length, Volume:
		return true
	}
	return false
}

// Unit is the unit a quantity of d is shown in.
func (d Dimension) Unit() string {
	switch d {
	case Mass:
		return "kg"
	case Length:
		return "m"
	case Volume:
		return "l"
	}
	return "pcs"
}

// PerUnit is the number of base units in one Unit.
func (d Dimension) PerUnit() Qty {
	switch d {
	case Mass:
		return Kilogram
	case Length:
		return Metre
	case Volume:
		return Litre
	}
	return 1
}

// Number writes q in the display unit of d without the unit: three decimals,
// Indian grouping, none for pieces: 1,23,456.500.
func (q Qty) Number(d Dimension) string {
	per, n := uint64(d.PerUnit()), magnitude(int64(q))
	if per == 1 {
		return minus(q) + groupIndian(n)
	}
	frac := n % per * 1000 / per // mg and µl below a gram are cut, never rounded up
	return fmt.Sprintf("%s%s.%03d", minus(q), groupIndian(n/per), frac)
}

// String of q in d: "159.600 kg", "760 pcs". What would be cut to nothing is written in
// base units, "999 mg", or a sentence would need 0.000 kg and find them.
func (q Qty) String(d Dimension) string {
	small := map[Dimension]string{Mass: "mg", Volume: "µl"}[d]
	if n := magnitude(int64(q)); small != "" && n > 0 && n < uint64(d.PerUnit())/1000 {
		return fmt.Sprintf("%s%d %s", minus(q), n, small)
	}
	return q.Number(d) + " " + d.Unit()
}

// minus is the sign in front of n as users read it.
func minus[T ~int64](n T) string {
	if n < 0 {
		return "−"
	}
	return ""
}

// groupIndian writes n with commas at thousand, lakh and crore: 12,34,567 (R41).
func groupIndian(n uint64) string {
	s := fmt.Sprint(n)
	if len(s) <= 3 {
		return s
	}
	head, tail := s[:len(s)-3], s[len(s)-3:]
	var b strings.Builder
	for i, r := range head {
		if i > 0 && (len(head)-i)%2 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String() + "," + tail
}

// PerPacks is a consumption of Q base units for every N packs (R3).
type PerPacks struct {
	Q Qty   `json:"q"`
	N int64 `json:"n"`
}

// For returns what packs consume: pieces are rounded up once per run, mass and
// the rest must come out whole (R3).
func (p PerPacks) For(packs int64, d Dimension) (Qty, error) {
	if p.N <= 0 || p.Q < 0 || packs < 0 {
		return 0, Invalid("packs", "Give a consumption per one or more packs.")
	}
	if d == Count {
		n, err := MulDivCeil(int64(p.Q), packs, p.N)
		return Qty(n), err
	}
	n, exact, err := MulDivExact(int64(p.Q), packs, p.N)
	if err == nil && !exact {
		return 0, Invalid("packs", "This run does not consume a whole number of base units.")
	}
	return Qty(n), err
}

// Most is the greatest number of packs that have is enough for, whether or not they
// take a whole quantity; q must be above zero.
func (p PerPacks) Most(have Qty) int64 {
	packs, _, err := MulDivFloor(int64(have), p.N, int64(p.Q))
	if err != nil {
		return math.MaxInt64 // enough for more than can be counted
	}
	return packs
}

// Step is the least number of packs that take a whole quantity; so do its multiples
// and nothing else. Pieces are rounded, so it is 1 for them.
func (p PerPacks) Step(d Dimension) int64 {
	if d == Count {
		return 1
	}
	a, b := int64(p.Q), p.N
	for b != 0 {
		a, b = b, a%b
	}
	return p.N / a
}
