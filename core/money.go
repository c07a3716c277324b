package core

import "fmt"

// Paise is money in hundredths of a rupee (R4).
type Paise int64

// Number writes p as rupees with Indian grouping and both paise: 1,23,45,678.90.
func (p Paise) Number() string {
	return fmt.Sprintf("%s%s.%02d", minus(p), groupIndian(magnitude(int64(p))/100), magnitude(int64(p))%100)
}

// String writes p as the user reads it: ₹ 1,23,45,678.90 (R41).
func (p Paise) String() string { return "₹ " + p.Number() }

// Share returns the value that leaves with issued out of onHand when onHand is
// worth p: all of it with the last of the quantity, else p*issued/onHand
// rounded half to even, so that no paisa is lost or invented (R10).
func (p Paise) Share(issued, onHand Qty) (Paise, error) {
	if issued == onHand {
		return p, nil
	}
	n, err := MulDiv(int64(p), int64(issued), int64(onHand))
	return Paise(n), err
}

// Rate is a derived price for display: paise for one display unit of d with two
// more decimals (1/10,000 rupee), rounded half to even (R11). ok is false where
// there is no quantity to divide by.
func Rate(value Paise, q Qty, d Dimension) (tenThousandths int64, ok bool) {
	if q <= 0 {
		return 0, false
	}
	n, err := MulDiv(int64(value), 100*int64(d.PerUnit()), int64(q))
	return n, err == nil
}

// FormatRate writes a Rate with four decimals: 230.5458.
func FormatRate(tenThousandths int64) string {
	n := magnitude(tenThousandths)
	return fmt.Sprintf("%s%s.%04d", minus(tenThousandths), groupIndian(n/10000), n%10000)
}

// Percent is a percentage in hundredths: 1850 is 18.50 % (R4).
type Percent int32

// Whole is 100.00 %.
const Whole Percent = 10_000

// Of returns pct of p rounded half up to the paisa, as GST asks (R32).
func (pct Percent) Of(p Paise) (Paise, error) {
	n, err := MulDivHalfUp(int64(p), int64(pct), int64(Whole))
	return Paise(n), err
}

// HalfOf returns half of pct of p rounded half up: CGST or SGST within one state,
// each rounded by itself (R32).
func (pct Percent) HalfOf(p Paise) (Paise, error) {
	n, err := MulDivHalfUp(int64(p), int64(pct), 2*int64(Whole))
	return Paise(n), err
}

// String writes the percentage without trailing zeros: "5 %", "3.75 %".
func (pct Percent) String() string {
	switch {
	case pct%100 == 0:
		return fmt.Sprintf("%d %%", pct/100)
	case pct%10 == 0:
		return fmt.Sprintf("%d.%d %%", pct/100, abs(pct%100)/10)
	}
	return fmt.Sprintf("%d.%02d %%", pct/100, abs(pct%100))
}

func abs(p Percent) Percent {
	if p < 0 {
		return -p
	}
	return p
}
