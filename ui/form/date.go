package form

import (
	"strconv"
	"strings"
	"time"

	"masala/core"
)

// Calendar says which days a date field takes.
type Calendar struct {
	Today    core.Date
	NoFuture bool      // a day after Today is refused
	NotPast  bool      // a day before Today is refused
	From     core.Date // first day allowed; 0 for any
}

// Years a date may lie in: outside them somebody mistyped.
const (
	firstYear = 2000
	lastYear  = 2199
)

var errNoDate = wrong("Type a date like 12-2-2026, 12-2, 12, t for today or +90.")

// Parse reads a date as people type it: 12 (of this month), 12-2, 12-2-26,
// 12-Feb-2026, 1202, 120226, 12022026, 2026-02-12, t, y, +90 and -7 days from
// today. Blank, dot and slash part as well as the dash.
func (c Calendar) Parse(text string) (core.Date, error) {
	d, err := c.read(strings.ToLower(normal(text)))
	switch {
	case err != nil:
		return 0, err
	case d.Time().Year() < firstYear || d.Time().Year() > lastYear:
		return 0, wrong("Give a year from %d to %d.", firstYear, lastYear)
	case c.NoFuture && d > c.Today:
		return 0, wrong("%s is in the future. Today is %s.", d, c.Today)
	case c.NotPast && d < c.Today:
		return 0, wrong("%s is past. Today is %s.", d, c.Today)
	case c.From != 0 && d < c.From:
		return 0, wrong("The first day allowed here is %s.", c.From)
	}
	return d, nil
}

func (c Calendar) read(s string) (core.Date, error) {
	switch s {
	case "":
		return 0, errNoDate
	case "t", "today":
		return c.Today, nil
	case "y", "yesterday":
		return c.Today.AddDays(-1), nil
	}
	if s[0] == '+' || s[0] == '-' {
		n, err := strconv.Atoi(strings.TrimSpace(s[1:]))
		if err != nil || n > 366*200 || n < 0 {
			return 0, errNoDate
		}
		if s[0] == '-' {
			n = -n
		}
		return c.Today.AddDays(n), nil
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-./ ", r) })
	if len(parts) == 1 && len(parts[0]) > 2 {
		parts = digits(parts[0])
	}
	today := c.Today.Time()
	year, month := today.Year(), today.Month()
	var err error
	switch len(parts) {
	case 3:
		if len(parts[0]) == 4 { // 2026-02-12
			parts[0], parts[2] = parts[2], parts[0]
		}
		if year, err = readYear(parts[2]); err != nil {
			return 0, err
		}
		fallthrough
	case 2:
		if month, err = readMonth(parts[1]); err != nil {
			return 0, err
		}
		fallthrough
	case 1:
		return day(year, month, parts[0])
	}
	return 0, errNoDate
}

// digits cuts ddmm, ddmmyy and ddmmyyyy.
func digits(s string) []string {
	if strings.Trim(s, "0123456789") != "" {
		return nil
	}
	switch len(s) {
	case 4:
		return []string{s[:2], s[2:]}
	case 6, 8:
		return []string{s[:2], s[2:4], s[4:]}
	}
	return nil
}

func readYear(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	switch {
	case err != nil || len(s) != 2 && len(s) != 4:
		return 0, errNoDate
	case len(s) == 2:
		n += 2000
	}
	return int(n), nil
}

func readMonth(s string) (time.Month, error) {
	if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		if n < 1 || n > 12 {
			return 0, wrong("There is no month %d. Months go from 1 to 12.", n)
		}
		return time.Month(n), nil
	}
	for m := time.January; m <= time.December; m++ {
		if len(s) >= 3 && strings.HasPrefix(strings.ToLower(m.String()), s) {
			return m, nil
		}
	}
	return 0, errNoDate
}

func day(year int, month time.Month, s string) (core.Date, error) {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil {
		return 0, errNoDate
	}
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if n < 1 || int(n) > last {
		return 0, wrong("%s %d has %d days. Give a day from 1 to %d.", month, year, last, last)
	}
	return core.NewDate(year, month, int(n)), nil
}
