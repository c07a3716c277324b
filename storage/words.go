package storage

import (
	"database/sql/driver"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
	"modernc.org/sqlite"

	"masala/core"
)

// has_words(query, text, ...) tells whether every word of a query begins a word of the
// texts, as the index of words finds them. It serves where few rows are to be looked at.
var registerWords = sync.OnceFunc(func() {
	sqlite.MustRegisterDeterministicScalarFunction("has_words", -1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		var text strings.Builder
		for _, a := range args[1:] {
			s, _ := a.(string)
			text.WriteString(s + " ")
		}
		query, _ := args[0].(string)
		return hasWords(core.SearchWords(folded(query)), core.SearchWords(folded(text.String()))), nil
	})
})

func hasWords(wanted, words []string) bool {
	if len(wanted) == 0 {
		return false
	}
	for _, w := range wanted[:min(len(wanted), maxWords)] {
		found := false
		for _, word := range words {
			found = found || strings.HasPrefix(word, w)
		}
		if !found {
			return false
		}
	}
	return true
}

// folded leaves out case and Latin accents; the vowel signs of Hindi stay.
func folded(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if !ascii {
		s = strings.Map(func(r rune) rune {
			if r >= 0x300 && r <= 0x36f {
				return -1
			}
			return r
		}, norm.NFD.String(s))
	}
	return strings.ToLower(s)
}
