package form

import (
	"strings"
	"unicode/utf8"
)

// Money is the rule of a field in rupees.
func Money(text string) (string, error) {
	p, err := ParseMoney(text)
	return FormatMoney(p), err
}

// Price is the rule of a field in rupees for one unit.
func Price(text string) (string, error) {
	r, err := ParseRate(text)
	return FormatRate(r), err
}

// Percentage is the rule of a percentage.
func Percentage(text string) (string, error) {
	p, err := ParsePercent(text)
	return FormatPercent(p), err
}

// Whole is the rule of a count.
func Whole(text string) (string, error) {
	n, err := ParseInt(text)
	return FormatInt(n), err
}

// Day is the rule of a date; cal is asked each time, so midnight may pass.
func Day(cal func() Calendar) Rule {
	return func(text string) (string, error) {
		d, err := cal().Parse(text)
		return d.String(), err
	}
}

// Amount is the rule of a quantity; how is asked each time, so the row's item may
// change.
func Amount(how func() Measure) Rule {
	return func(text string) (string, error) {
		m := how()
		q, err := m.Parse(text)
		if err != nil {
			return "", err
		}
		return m.Format(q), nil
	}
}

// AtMost is the rule of a text of at most n letters.
func AtMost(n int) Rule {
	return func(text string) (string, error) {
		if k := utf8.RuneCountInString(text); k > n {
			return "", wrong("This is %d letters long. Shorten it to %d.", k, n)
		}
		return text, nil
	}
}

// Above adds to rule that the number may not be zero or less.
func Above(rule Rule) Rule {
	return func(text string) (string, error) {
		written, err := rule(text)
		if err != nil {
			return "", err
		}
		if strings.HasPrefix(written, "−") || strings.Trim(number(written), "0.") == "" {
			return "", wrong("Give more than zero.")
		}
		return written, nil
	}
}

// number is the part of s before its unit.
func number(s string) string {
	n, _, _ := strings.Cut(s, " ")
	return n
}
