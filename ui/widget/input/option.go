package input

import (
	"image/color"
	"slices"
	"strings"
)

type colour = color.NRGBA

// Option is one record a combobox offers.
type Option struct {
	Key   string // id
	Code  string // SKU, lot number: what a scanner reads
	Name  string
	Aside string // Hindi name
	Note  string // at the right: the stock
	Also  string // more text that finds it, not shown: supplier lot
}

// Found is the answer to a search.
type Found struct {
	Options []Option
	Loading bool // better ones are on the way
}

// Search finds options for what is typed; "" asks for all. It is called in every
// frame while the list is open, so one that asks the server keeps the answer
// (async.Value.Want).
type Search func(text string) Found

// Among searches a list on this PC: by code, name, Hindi name and Also, whatever the
// case. Best first: the code itself, a code that begins so, a word of the name that
// begins so, the rest in the order of the list.
func Among(list []Option) Search {
	var last string
	var found []Option
	fresh := true
	return func(text string) Found {
		if text = strings.TrimSpace(text); text != last || fresh {
			last, fresh = text, false
			found = rank(list, text)
		}
		return Found{Options: found}
	}
}

func rank(list []Option, text string) []Option {
	if text == "" {
		return list
	}
	type ranked struct {
		o Option
		n int
	}
	var hits []ranked
	for _, o := range list {
		if n := o.rank(text); n > 0 {
			hits = append(hits, ranked{o, n})
		}
	}
	slices.SortStableFunc(hits, func(a, b ranked) int { return a.n - b.n })
	out := make([]Option, len(hits))
	for i, h := range hits {
		out[i] = h.o
	}
	return out
}

// rank is 1 for the best match, 0 for none.
func (o Option) rank(text string) int {
	at := fold(o.Name, text)
	switch {
	case strings.EqualFold(o.Code, text):
		return 1
	case fold(o.Code, text) == 0:
		return 2
	case at == 0 || at > 0 && strings.ContainsRune(" (/-", rune(o.Name[at-1])):
		return 3
	case at > 0 || fold(o.Code, text) > 0 || fold(o.Aside, text) >= 0 || fold(o.Also, text) >= 0:
		return 4
	}
	return 0
}

// fold returns where text stands in s, whatever the case, or -1.
func fold(s, text string) int {
	for i := range s {
		if len(s)-i >= len(text) && strings.EqualFold(s[i:i+len(text)], text) {
			return i
		}
	}
	return -1
}

// exact returns the option whose code is text.
func exact(list []Option, text string) (Option, bool) {
	i := slices.IndexFunc(list, func(o Option) bool { return o.Code != "" && strings.EqualFold(o.Code, text) })
	if i < 0 {
		return Option{}, false
	}
	return list[i], true
}
