package form

import (
	"errors"
	"math/big"
	"math/bits"

	"masala/core"
)

// ParseMoney reads rupees with at most two decimals, with arithmetic: "3,500",
// "₹ 12.50", "4*120+35".
func ParseMoney(text string) (core.Paise, error) {
	v, err := parseScaled(text, 100, "")
	if errors.Is(err, errFine) {
		return 0, wrong("Give rupees with at most 2 decimals, like 143.50.")
	}
	return core.Paise(v), err
}

// FormatMoney writes what ParseMoney reads: 12,34,567.00.
func FormatMoney(p core.Paise) string { return decimal(big.NewRat(int64(p), 100), 2) }

// Rate is a price for one unit in 1/10,000 rupee, as an invoice line gives it.
type Rate int64

// ParseRate reads rupees for one unit with at most four decimals.
func ParseRate(text string) (Rate, error) {
	v, err := parseScaled(text, 10_000, "")
	if errors.Is(err, errFine) {
		return 0, wrong("Give a rate with at most 4 decimals, like 230.5458.")
	}
	return Rate(v), err
}

// FormatRate writes what ParseRate reads, with two to four decimals: 143.00,
// 230.5458.
func FormatRate(r Rate) string { return decimal(big.NewRat(int64(r), 10_000), 2) }

// Times is the price of q base units at r for one u, rounded half to even to the
// paisa through 128 bits (R4).
func (r Rate) Times(q core.Qty, u Unit) (core.Paise, error) {
	if err := u.check(); err != nil {
		return 0, err
	}
	// r is in 1/100 paisa for u: paise = r * q*Den / (Num*100).
	b, c := big.NewInt(int64(q)), big.NewInt(u.Num)
	b.Mul(b, big.NewInt(u.Den))
	c.Mul(c, big.NewInt(100))
	if g := new(big.Int).GCD(nil, nil, new(big.Int).Abs(b), c); g.Sign() > 0 {
		b.Quo(b, g)
		c.Quo(c, g)
	}
	if !b.IsInt64() || !c.IsInt64() {
		return 0, errTooLarge
	}
	n, err := core.MulDiv(int64(r), b.Int64(), c.Int64())
	if err != nil {
		return 0, errTooLarge
	}
	return core.Paise(n), nil
}

// ParsePercent reads a percentage with at most two decimals; the sign % may follow.
func ParsePercent(text string) (core.Percent, error) {
	v, err := parseScaled(text, 100, "%")
	switch {
	case errors.Is(err, errFine):
		return 0, wrong("Give a percentage with at most 2 decimals, like 3.75.")
	case err != nil:
		return 0, err
	case v > 1<<31-1 || v < -(1<<31-1):
		return 0, errTooLarge
	}
	return core.Percent(v), nil
}

// FormatPercent writes what ParsePercent reads, without the sign: 3.75.
func FormatPercent(p core.Percent) string { return decimal(big.NewRat(int64(p), 100), 0) }

func (u Unit) check() error {
	if u.Num <= 0 || u.Den <= 0 || bits.Len64(uint64(u.Num)) > 62 {
		return wrong("This unit has no conversion. Set one in the item's units.")
	}
	return nil
}
