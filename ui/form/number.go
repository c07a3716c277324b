package form

import (
	"errors"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"masala/core"
)

// maxTyped bounds what one number field reads; exact arithmetic on a pasted page
// would freeze the window.
const maxTyped = 60

var (
	errNoNumber = wrong("Type a number, like 12.5 or 40*12+15.")
	errTooLarge = wrong("This number is too large. Check the digits.")
	errTooLong  = wrong("This is too long for a number. Type at most 60 characters.")
	errByZero   = wrong("A number cannot be divided by zero.")
)

// normal drops commas and blanks between digits and turns what keyboards and our
// own formats write (₹, −, ×, Devanagari digits) into plain arithmetic.
func normal(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == ',' || r == '₹':
			return -1
		case r == '−' || r == '–':
			return '-'
		case r == '×':
			return '*'
		case r >= '०' && r <= '९':
			return '0' + r - '०'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s))
}

// evaluate reads the arithmetic at the head of s exactly and returns what follows
// it: "12.5 bag" is 25/2 and "bag". + and - bind weaker than * and /.
func evaluate(s string) (n *big.Rat, rest string, err error) {
	if utf8.RuneCountInString(s) > maxTyped {
		return nil, "", errTooLong
	}
	c := calc{s: normal(s)}
	n, err = c.sum()
	if err != nil {
		return nil, "", err
	}
	return n, strings.TrimSpace(c.s), nil
}

// calc is a recursive descent over s, which it shortens as it reads.
type calc struct{ s string }

func (c *calc) sum() (*big.Rat, error) {
	total, err := c.product()
	for err == nil {
		var term *big.Rat
		switch op := c.operator("+-"); op {
		case 0:
			return total, nil
		default:
			if term, err = c.product(); err == nil {
				if op == '-' {
					term.Neg(term)
				}
				total.Add(total, term)
			}
		}
	}
	return nil, err
}

func (c *calc) product() (*big.Rat, error) {
	total, err := c.number()
	for err == nil {
		op := c.operator("*/")
		if op == 0 {
			return total, nil
		}
		var factor *big.Rat
		if factor, err = c.number(); err != nil {
			break
		}
		if op == '*' {
			total.Mul(total, factor)
		} else if factor.Sign() == 0 {
			err = errByZero
		} else {
			total.Quo(total, factor)
		}
	}
	return nil, err
}

func (c *calc) operator(set string) byte {
	s := strings.TrimLeft(c.s, " ")
	if s == "" || strings.IndexByte(set, s[0]) < 0 {
		return 0
	}
	c.s = s[1:]
	return s[0]
}

func (c *calc) number() (*big.Rat, error) {
	c.s = strings.TrimLeft(c.s, " ")
	neg := false
	for c.s != "" && (c.s[0] == '-' || c.s[0] == '+') {
		neg = neg != (c.s[0] == '-')
		c.s = strings.TrimLeft(c.s[1:], " ")
	}
	end, digits, dot := 0, 0, false
	for end < len(c.s) && (c.s[end] == '.' && !dot || c.s[end] >= '0' && c.s[end] <= '9') {
		if c.s[end] == '.' {
			dot = true
		} else {
			digits++
		}
		end++
	}
	if digits == 0 {
		return nil, errNoNumber
	}
	text := "0" + c.s[:end] + "0" // ".5" and "5." are numbers too
	if !dot {
		text = c.s[:end]
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, errNoNumber
	}
	c.s = c.s[end:]
	if neg {
		n.Neg(n)
	}
	return n, nil
}

// scaled returns n*per when it is whole and fits 64 bits.
func scaled(n *big.Rat, per *big.Rat) (v int64, whole bool, err error) {
	r := new(big.Rat).Mul(n, per)
	if !r.IsInt() {
		return 0, false, nil
	}
	if !r.Num().IsInt64() || r.Num().Int64() == -1<<63 {
		return 0, true, errTooLarge
	}
	return r.Num().Int64(), true, nil
}

// decimal writes n with at least least decimals and Indian grouping, and with as
// many more as it takes to be exact; a number that has no end in decimals is
// written as a fraction, 7/3, which evaluate reads back.
func decimal(n *big.Rat, least int) string {
	places, exact := n.FloatPrec()
	if !exact {
		return strings.Replace(n.RatString(), "-", "−", 1)
	}
	s := n.FloatString(max(places, least))
	sign := ""
	if s[0] == '-' {
		sign, s = "−", s[1:]
	}
	whole, frac, dot := strings.Cut(s, ".")
	if dot {
		frac = "." + frac
	}
	return sign + group(whole) + frac
}

// group sets Indian commas in a run of digits: 1234567 is 12,34,567.
func group(digits string) string {
	n := len(digits)
	if n <= 3 {
		return digits
	}
	var b strings.Builder
	for i := range n {
		if left := n - i; i > 0 && left >= 3 && (left == 3 || left%2 == 1) {
			b.WriteByte(',')
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// ParseInt reads a whole number, with arithmetic.
func ParseInt(text string) (int64, error) {
	v, err := parseScaled(text, 1, "")
	if errors.Is(err, errFine) {
		return 0, wrong("Type a whole number.")
	}
	return v, err
}

// FormatInt writes what ParseInt reads: 12,34,567.
func FormatInt(n int64) string { return decimal(new(big.Rat).SetInt64(n), 0) }

var errFine = errors.New("too many decimals")

// parseScaled reads a number of units of per parts each; suffix may follow it.
func parseScaled(text string, per int64, suffix string) (int64, error) {
	n, rest, err := evaluate(text)
	if err != nil {
		return 0, err
	}
	if rest != "" && rest != suffix {
		return 0, errNoNumber
	}
	v, whole, err := scaled(n, new(big.Rat).SetInt64(per))
	if err == nil && !whole {
		err = errFine
	}
	return v, err
}

// sentence makes err the fault of a field as users read it.
func sentence(err error) string {
	var e *core.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// wrong is the sentence of a field that cannot be read.
func wrong(format string, args ...any) error {
	return core.Errorf(core.CodeInvalid, format, args...)
}
