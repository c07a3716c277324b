package form

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masala/core"
)

var (
	kg      = Unit{"kg", "kilogram", 1_000_000, 1}
	gram    = Unit{"g", "gram", 1_000, 1}
	quintal = Unit{"q", "quintal", 100_000_000, 1}
	bag     = Unit{"bag", "bag", 40_000_000, 1}
	third   = Unit{"pot", "third of a kg", 1_000_000, 3}
	mass    = Measure{Dimension: core.Mass, Units: []Unit{kg, gram, quintal, bag, third}}
	pieces  = Measure{Dimension: core.Count, Units: []Unit{{"pcs", "piece", 1, 1}, {"doz", "dozen", 12, 1}}}
)

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		m           Measure
		in, want, e string
	}{
		{mass, "500", "500.000 kg", ""},
		{mass, "12.5 bag", "12.500 bag", ""},
		{mass, "12.5 Bags", "12.500 bag", ""},
		{mass, "5q", "5.000 q", ""},
		{mass, "5 quint", "5.000 q", ""},
		{mass, "40*12+15", "495.000 kg", ""},
		{mass, "40 * 12 + 15 kg", "495.000 kg", ""},
		{mass, "1,00,000.5", "1,00,000.500 kg", ""},
		{mass, "२५ kg", "25.000 kg", ""},
		{mass, ".25", "0.250 kg", ""},
		{mass, "0.000001", "0.000001 kg", ""},
		{mass, "0.0000001", "", "0.0000001 kg is finer than 1 mg. Give fewer decimals."},
		{mass, "1 pot", "", "1 pot is finer than 1 mg. Give fewer decimals."},
		{mass, "3 pot", "3.000 pot", ""},
		{mass, "-4", "", "A quantity cannot be below zero."},
		{mass, "4 crates", "", `There is no unit "crates" here. Use kg, g, q, bag or pot.`},
		{mass, "kg", "", "Type a number, like 12.5 or 40*12+15."},
		{mass, "1/0", "", "A number cannot be divided by zero."},
		{mass, "99999999999999999999", "", "This number is too large. Check the digits."},
		{mass, strings.Repeat("9", 61), "", "This is too long for a number. Type at most 60 characters."},
		{pieces, "12", "12 pcs", ""},
		{pieces, "2.5 doz", "2.5 doz", ""},
		{pieces, "2.5", "", "2.5 pcs is not a whole number of pieces. Give whole pieces."},
		{Measure{Dimension: core.Mass}, "1", "", "This item has no unit. Set one in the item's units."},
		{Measure{Dimension: core.Mass, Units: []Unit{{Code: "kg"}}}, "1", "", "This unit has no conversion. Set one in the item's units."},
	} {
		q, err := c.m.Parse(c.in)
		if errText(err) != c.e {
			t.Errorf("%q: error %q, want %q", c.in, errText(err), c.e)
		} else if err == nil && c.m.Format(q) != c.want {
			t.Errorf("%q: %q, want %q", c.in, c.m.Format(q), c.want)
		}
	}
	q, _ := mass.Parse("12.5 bag")
	if got := mass.Below(q); got != "= 500.000 kg" {
		t.Errorf("below: %q", got)
	}
	if q, _ := mass.Parse("5"); mass.Below(q) != "" {
		t.Error("kg needs no note below")
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestMoneyAndRate(t *testing.T) {
	for in, want := range map[string]string{
		"3500": "3,500.00", "₹ 12,34,567.5": "12,34,567.50", "4*120+35.25": "515.25", "−3": "−3.00", "10/4": "2.50",
		"1.005": "!Give rupees with at most 2 decimals, like 143.50.", "abc": "!Type a number, like 12.5 or 40*12+15.", "5 kg": "!Type a number, like 12.5 or 40*12+15.",
	} {
		got, err := Money(in)
		if err != nil {
			got = "!" + err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	r, err := ParseRate("230.5458")
	if err != nil || FormatRate(r) != "230.5458" {
		t.Fatal(r, err)
	}
	if p, err := r.Times(200*core.Kilogram, kg); err != nil || p != 46_109_16 {
		t.Errorf("200 kg at 230.5458: %d %v", p, err)
	}
	if p, err := Rate(1430000).Times(1000_000*core.Kilogram, kg); err != nil || p != 143_000_000_00 { // R4: 1,000 t
		t.Errorf("1,000 t: %d %v", p, err)
	}
	if p, err := Rate(30000).Times(core.Kilogram, third); err != nil || p != 9_00 {
		t.Errorf("3 pots at 3.00: %d %v", p, err)
	}
	if _, err := Rate(1<<60).Times(1<<60, Unit{"x", "", 1, 7}); err == nil {
		t.Error("overflow unseen")
	}
	if p, err := ParsePercent("3.75 %"); err != nil || p != 375 {
		t.Error(p, err)
	}
	if got, err := Above(Money)("0"); err == nil {
		t.Errorf("zero taken as %q", got)
	}
	if got, err := Above(Price)("0.0001"); err != nil || got != "0.0001" {
		t.Error(got, err)
	}
}

func TestDate(t *testing.T) {
	c := Calendar{Today: core.NewDate(2026, 2, 12)}
	for in, want := range map[string]string{
		"12": "12-Feb-2026", "5": "05-Feb-2026", "12-2": "12-Feb-2026", "12.3": "12-Mar-2026", "1/4/27": "01-Apr-2027",
		"120226": "12-Feb-2026", "1202": "12-Feb-2026", "12022026": "12-Feb-2026", "t": "12-Feb-2026", "Y": "11-Feb-2026",
		"+90": "13-May-2026", "-7": "05-Feb-2026", "12-Feb-2026": "12-Feb-2026", "12 feb": "12-Feb-2026", "2026-02-12": "12-Feb-2026",
		"29-2-28":  "29-Feb-2028",
		"30":       "!February 2026 has 28 days. Give a day from 1 to 28.",
		"1-13":     "!There is no month 13. Months go from 1 to 12.",
		"1-1-1970": "!Give a year from 2000 to 2199.",
		"":         "!" + errNoDate.Error(), "soon": "!" + errNoDate.Error(), "1-2-3-4": "!" + errNoDate.Error(), "+": "!" + errNoDate.Error(),
	} {
		d, err := c.Parse(in)
		got := d.String()
		if err != nil {
			got = "!" + err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	c.NoFuture = true
	if _, err := c.Parse("13"); errText(err) != "13-Feb-2026 is in the future. Today is 12-Feb-2026." {
		t.Error(err)
	}
	if d, err := c.Parse("t"); err != nil || d != c.Today {
		t.Error(d, err)
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 2, 12, 14, 32, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		-time.Second: "a moment ago", 0: "a moment ago", time.Minute: "1 minute ago", 2*time.Minute + 30*time.Second: "2 minutes ago",
		time.Hour: "1 hour ago", 23 * time.Hour: "23 hours ago", 24 * time.Hour: "11-Feb-2026, 14:32", -time.Hour: "12-Feb-2026, 15:32",
	} {
		if got := Ago(now.Add(-d), now, time.UTC); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestFormatThenParseIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.Int64Range(0, 1<<53).Draw(t, "base")
		m := rapid.SampledFrom([]Measure{mass, pieces}).Draw(t, "measure")
		q := Quantity{core.Qty(base), rapid.SampledFrom(m.Units).Draw(t, "unit")}
		if got, err := m.Parse(m.Format(q)); err != nil || got != q {
			t.Fatalf("%q reads as %v, %v; want %v", m.Format(q), got, err, q)
		}
		v := rapid.Int64Range(-1<<53, 1<<53).Draw(t, "number")
		if p, err := ParseMoney(FormatMoney(core.Paise(v))); err != nil || p != core.Paise(v) {
			t.Fatal(v, p, err)
		}
		if r, err := ParseRate(FormatRate(Rate(v))); err != nil || r != Rate(v) {
			t.Fatal(v, r, err)
		}
		if n, err := ParseInt(FormatInt(v)); err != nil || n != v {
			t.Fatal(v, n, err)
		}
		pc := core.Percent(rapid.Int32Range(-1<<30, 1<<30).Draw(t, "percent"))
		if got, err := ParsePercent(FormatPercent(pc)); err != nil || got != pc {
			t.Fatal(pc, got, err)
		}
		d := core.Date(rapid.Int32Range(int32(core.NewDate(2000, 1, 1)), int32(core.NewDate(2199, 12, 31))).Draw(t, "date"))
		for _, s := range []string{d.String(), d.ISO(), d.Time().Format("02012006"), d.Time().Format("2.1.2006")} {
			if got, err := (Calendar{}).Parse(s); err != nil || got != d {
				t.Fatal(s, got, err)
			}
		}
	})
}

// What any text is read as must be written so that it is read as the same again,
// and money and books must agree on how it is written.
func FuzzRules(f *testing.F) {
	for _, s := range []string{"12.5 bag", "5q", "40*12+15", "₹ 1,00,000.00", "12-2", "+90", "1/3", "--2", "t", "-.5", "१२", "1e9", "0/0", "7/3 bag"} {
		f.Add(s)
	}
	today := func() Calendar { return Calendar{Today: core.NewDate(2026, 2, 12)} }
	rules := map[string]Rule{"money": Money, "price": Price, "percent": Percentage, "whole": Whole, "day": Day(today),
		"mass": Amount(func() Measure { return mass }), "pieces": Amount(func() Measure { return pieces }), "above": Above(Money)}
	f.Fuzz(func(t *testing.T, s string) {
		for name, rule := range rules {
			once, err := rule(s)
			if err != nil {
				if !strings.HasSuffix(err.Error(), ".") {
					t.Errorf("%s %q: %q is no sentence", name, s, err)
				}
				continue
			}
			twice, err := rule(once)
			if err != nil || twice != once {
				t.Errorf("%s %q: written %q, read again %q, %v", name, s, once, twice, err)
			}
		}
		if p, err := ParseMoney(s); err == nil && FormatMoney(p) != p.Number() {
			t.Errorf("%q: %q here, %q in the books", s, FormatMoney(p), p.Number())
		}
	})
}
