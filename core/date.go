package core

import (
	"encoding/json"
	"time"
	_ "time/tzdata" // the factory's zone must be known on any PC (R41)
)

// Date is a calendar day of the factory, counted from 1970-01-01. The zero Date
// means "no date". On the wire it is "2026-02-12".
type Date int32

const isoDate = "2006-01-02"

// NewDate returns the given day; out-of-range days and months carry over.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DateOf returns the day t falls on in zone.
func DateOf(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return NewDate(y, m, d)
}

// ParseDate reads "2026-02-12".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(isoDate, s)
	if err != nil {
		return 0, err
	}
	return Date(t.Unix() / 86400), nil
}

// Time is midnight UTC of d, for calendar arithmetic and formatting only.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes d as users read it: 12-Feb-2026; empty for no date (R41).
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format("02-Jan-2006")
}

// ISO writes d as 2026-02-12.
func (d Date) ISO() string { return d.Time().Format(isoDate) }

// Compact writes d as 20260212, the form inside document numbers.
func (d Date) Compact() string { return d.Time().Format("20060102") }

// In is the instant a day begins in a zone.
func (d Date) In(zone *time.Location) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths returns the same day n months later, or the last day of that month
// where it has no such day (R27).
func (d Date) AddMonths(n int) Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return NewDate(first.Year(), first.Month(), min(t.Day(), last))
}

// Month returns the first day of d's month, the name of a period (R8).
func (d Date) Month() Date { t := d.Time(); return NewDate(t.Year(), t.Month(), 1) }

// YearStart returns the first day of the financial year d lies in, a 1 April (R41).
func (d Date) YearStart() Date {
	t := d.Time()
	y := t.Year()
	if t.Month() < time.April {
		y--
	}
	return NewDate(y, time.April, 1)
}

// FinancialYear returns the Indian financial year d lies in, written 2627 for
// 1 April 2026 to 31 March 2027 (R41).
func (d Date) FinancialYear() string {
	y := d.YearStart().Time().Year()
	two := func(n int) string { return time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC).Format("06") }
	return two(y) + two(y+1)
}

// MarshalJSON writes "2026-02-12", or "" for no date.
func (d Date) MarshalJSON() ([]byte, error) {
	if d == 0 {
		return []byte(`""`), nil
	}
	return json.Marshal(d.ISO())
}

// UnmarshalJSON reads what MarshalJSON writes; null and "" are no date.
func (d *Date) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return Errorf(CodeInvalid, "A day cannot be written as %s. Write it like 2026-02-12.", b).Because(err)
	}
	if s == "" {
		*d = 0
		return nil
	}
	v, err := ParseDate(s)
	if err != nil {
		return Errorf(CodeInvalid, "There is no day %q. Write it like 2026-02-12.", s).Because(err)
	}
	*d = v
	return nil
}
