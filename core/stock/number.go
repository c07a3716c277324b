package stock

import (
	"fmt"

	"masala/core"
)

// Series counts.
type Series interface {
	NextInSeries(series string) (int, error) // the first is 1
}

// DayNumber takes the next number of a series that starts anew every day:
// B-20260212-01. Numbers grow past their digits.
func DayNumber(tx Series, prefix string, day core.Date, digits int) (string, error) {
	series := prefix + "-" + day.Compact()
	n, err := tx.NextInSeries(series)
	return fmt.Sprintf("%s-%0*d", series, digits, n), err
}

// YearNumber takes the next number of a series that starts anew every financial
// year: INV/2627/00042. Taken within the commit, such a series has no gaps; with a
// prefix of three letters its numbers have at most 16 characters up to 99,999,999.
func YearNumber(tx Series, prefix string, day core.Date) (string, error) {
	series := prefix + "/" + day.FinancialYear()
	n, err := tx.NextInSeries(series)
	return fmt.Sprintf("%s/%05d", series, n), err
}

// NextNumber takes the next free number of a kind of document on its day (DOMAIN.md
// section 1). A challan's series is gapless, so nobody types its numbers; in the
// others a typed number may be in the way.
func NextNumber(tx Ledger, kind DocumentKind, day core.Date) (string, error) {
	if kind == KindDispatch {
		return YearNumber(tx, string(kind), day)
	}
	digits := 3
	if kind == KindPacking {
		digits = 2
	}
	for {
		number, err := DayNumber(tx, string(kind), day, digits)
		if err != nil {
			return "", err
		}
		if _, taken, err := tx.DocumentByNumber(number); err != nil || !taken {
			return number, err
		}
	}
}

func takeNumber(tx Ledger, d Document) (string, error) {
	if d.Number == "" {
		return NextNumber(tx, d.Kind, d.EffectiveOn)
	}
	_, taken, err := tx.DocumentByNumber(d.Number)
	if err == nil && taken {
		err = core.Invalid("number", "%s is already used. Leave the number empty to take the next free one.", d.Number)
	}
	return d.Number, err
}
