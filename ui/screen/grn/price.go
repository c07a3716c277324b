package grn

import (
	"math/big"

	"masala/core"
	"masala/ui/form"
)

// reckon keeps rate × quantity = value: the one of rate and value that was typed
// rules the other. left is the field just left, which wins when both were typed.
func (m *Model) reckon(r *form.Row, left *form.Field) {
	rate, value := r.Field(fRate), r.Field(fValue)
	byRate := rate.Text != "" && rate.Aside != reckoned && rate.Error == ""
	byValue := value.Text != "" && value.Aside != reckoned && value.Error == ""
	if byRate && byValue {
		byRate, byValue = left != value, left == value
	}
	q, ok := m.Quantity(r)
	switch {
	case byRate:
		follow(value, ok, func() (string, error) {
			p, err := rate.Rate().Times(q.Base, q.Unit)
			return form.FormatMoney(p), err
		})
	case byValue:
		follow(rate, ok, func() (string, error) {
			n, err := rateOf(value.Money(), q)
			return form.FormatRate(n), err
		})
	case rate.Aside == reckoned && value.Text == "":
		rate.Choose("", "", "")
	case value.Aside == reckoned && rate.Text == "":
		value.Choose("", "", "")
	}
}

// follow writes the reckoned text into f; while there is no quantity nothing is
// reckoned and nothing that was typed is lost.
func follow(f *form.Field, ok bool, text func() (string, error)) {
	if !ok {
		if f.Aside == reckoned {
			f.Choose("", "", "")
		}
		return
	}
	s, err := text()
	if err != nil {
		f.Choose("", "", "")
		f.Error = "This number is too large. Check quantity and rate."
		return
	}
	f.Choose("", s, reckoned)
}

// rateOf is the rate for one unit that makes q worth p, to four decimals, half to
// even: for display beside a typed value only (R11).
func rateOf(p core.Paise, q form.Quantity) (form.Rate, error) {
	n := new(big.Int).Mul(big.NewInt(int64(p)), big.NewInt(100*q.Unit.Num)) // Num is at most a tonne, 1e9
	d := new(big.Int).Mul(big.NewInt(int64(q.Base)), big.NewInt(q.Unit.Den))
	if d.Sign() <= 0 {
		return 0, core.ErrOverflow
	}
	if g := new(big.Int).GCD(nil, nil, new(big.Int).Abs(n), d); g.Sign() > 0 {
		n.Quo(n, g)
		d.Quo(d, g)
	}
	if !n.IsInt64() || !d.IsInt64() {
		return 0, core.ErrOverflow
	}
	r, err := core.MulDiv(n.Int64(), 1, d.Int64())
	return form.Rate(r), err
}
