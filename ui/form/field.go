package form

import (
	"strings"

	"masala/core"
)

// Field is one thing a form asks for. Text is what the user sees and types; a
// field chosen from a list keeps the chosen record's Key beside it.
type Field struct {
	Path     string // as in the request JSON: "supplier", "lines[2].expiry_on"
	Label    string
	Required bool
	ReadOnly bool
	Hint     string
	Rule     Rule   // reads the text; nil takes any
	Initial  string // text of a blank form
	Missing  string // sentence when required and empty; "" makes one of the label
	Pick     bool   // only a record of the list will do
	Secret   bool   // a password or code: it is in no draft
	Coded    bool   // Key is a code that means the same in all books, not the number of a record

	Text    string
	Key     string // id of the chosen record, "" for free text
	Was     string // number the record had where a Strange draft was typed, until one is chosen
	Aside   string // shown after the text, never sent: the Hindi name
	Error   string
	Warning string
	Touched bool   // left once, so its error may be shown
	Taking  string // code typed whose record the list has not brought yet; no fault until it has

	name string // within its row
}

// A Rule reads what was typed and returns how it is written once understood:
// "5q" becomes "5.000 q", "12-2" becomes "12-Feb-2026". Reading its own writing
// gives the same again.
type Rule func(text string) (string, error)

// Set replaces the text as the user does: what was chosen before no longer holds.
func (f *Field) Set(text string) {
	if text == f.Text {
		return
	}
	f.Text, f.Key, f.Was, f.Aside, f.Error, f.Taking = text, "", "", "", "", ""
}

// Choose takes a record of the list.
func (f *Field) Choose(key, text, aside string) {
	f.Text, f.Key, f.Was, f.Aside, f.Error, f.Taking = text, key, "", aside, "", ""
}

// Leave reads the field as it is left: the text is rewritten when it was
// understood, else Error says what to do.
func (f *Field) Leave() {
	f.Touched = true
	if f.Taking == "" {
		f.check()
	}
}

// Clear gives the field back as a blank form has it.
func (f *Field) Clear() {
	f.Text, f.Key, f.Was, f.Aside = f.Initial, "", "", ""
	f.Error, f.Warning, f.Taking, f.Touched = "", "", "", false
}

// Blank reports whether the user has put nothing in.
func (f *Field) Blank() bool { return f.Text == f.Initial && f.Key == "" }

func (f *Field) check() bool {
	f.Error = ""
	if f.ReadOnly {
		return true
	}
	text := strings.TrimSpace(f.Text)
	switch {
	case text == "" && f.Required:
		f.Error = f.missing()
	case text == "":
		f.Text = ""
	case f.Pick && f.Key == "":
		f.Error = f.Label + ": choose one of the list."
	case f.Rule == nil:
		f.Text = text
	default:
		written, err := f.Rule(text)
		if err != nil {
			f.Error = sentence(err)
		} else {
			f.Text = written
		}
	}
	return f.Error == ""
}

func (f *Field) missing() string {
	if f.Missing != "" {
		return f.Missing
	}
	return f.Label + " is required."
}

// Date is the date in the field, 0 while it holds none.
func (f *Field) Date() core.Date {
	d, err := Calendar{}.Parse(f.Text)
	if err != nil {
		return 0
	}
	return d
}

// Money is the amount in the field, 0 while it holds none.
func (f *Field) Money() core.Paise {
	p, err := ParseMoney(f.Text)
	if err != nil {
		return 0
	}
	return p
}

// Rate is the rate in the field, 0 while it holds none.
func (f *Field) Rate() Rate {
	r, err := ParseRate(f.Text)
	if err != nil {
		return 0
	}
	return r
}

// Percent is the percentage in the field, 0 while it holds none.
func (f *Field) Percent() core.Percent {
	p, err := ParsePercent(f.Text)
	if err != nil {
		return 0
	}
	return p
}

// Int is the whole number in the field, 0 while it holds none.
func (f *Field) Int() int64 {
	n, err := ParseInt(f.Text)
	if err != nil {
		return 0
	}
	return n
}

// Quantity is the quantity in the field as m counts it; ok is false while it holds
// none.
func (f *Field) Quantity(m Measure) (q Quantity, ok bool) {
	q, err := m.Parse(f.Text)
	return q, err == nil
}
