package core

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Text trims s, folds runs of white space and composes it (NFC), so that the same
// name typed on two keyboards is the same name (R41). Control characters, which no
// keyboard means and no printer can print, count as white space.
func Text(s string) string {
	return strings.Join(strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// Visible is Text without what nobody sees: what turns text around, zero-width spaces, marks
// and joiners. They come with what is copied from a page or a chat, and made a second record
// of one name. A joiner after an Indic letter or sign stays, because it says how they are
// joined: क्‍ष is not क्ष.
func Visible(s string) string {
	var last rune
	return Text(strings.Map(func(r rune) rune {
		if invisible(r) && !(isJoiner(r) && unicode.In(last, indic...)) {
			return -1
		}
		last = r
		return r
	}, s))
}

var indic = []*unicode.RangeTable{unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala}

func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// NameKey is what two names have in common that are one to who reads them: it knows no
// case, no spaces, no full stops and no joiners.
func NameKey(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' || isJoiner(r) {
			return -1
		}
		return r
	}, strings.ToLower(Visible(name)))
}

// SortKey pads every run of digits in a document number to ten places, so that
// GRN-20260212-1000 sorts after GRN-20260212-999.
func SortKey(number string) string {
	var b strings.Builder
	for i := 0; i < len(number); {
		j := i
		for j < len(number) && number[j] >= '0' && number[j] <= '9' {
			j++
		}
		if j == i {
			b.WriteByte(number[i])
			i++
			continue
		}
		b.WriteString(strings.Repeat("0", max(0, 10-(j-i))))
		b.WriteString(number[i:j])
		i = j
	}
	return b.String()
}

// SearchWords splits what a user types to search for into the words the index
// knows: runs of letters, digits and marks.
func SearchWords(query string) []string {
	return strings.FieldsFunc(norm.NFC.String(query), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.Co)
	})
}

// PageSize bounds a requested page length: 100 when none is given, at most 500.
func PageSize(limit int) int {
	if limit <= 0 {
		return 100
	}
	return min(limit, 500)
}

// LastPage is the cursor of the last page of a list that grows with the years.
const LastPage = "last"

// Offset reads a cursor that counts rows, of a list that stays short; a cursor it did not write starts over.
func Offset(cursor string) int {
	n, err := strconv.Atoi(cursor)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// IsNumber reports whether s is a number of a paper or record standing alone: it has a digit
// and no space, "LOT-20260212-001", "DC/2526/00001", "RAW-001".
func IsNumber(s string) bool {
	return strings.ContainsAny(s, "0123456789") && !strings.ContainsFunc(s, unicode.IsSpace)
}
