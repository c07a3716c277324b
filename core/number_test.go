package core_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masala/core"
)

// TestR10_Vector1 is the arithmetic of DOMAIN.md's first vector.
func TestR10_Vector1(t *testing.T) {
	t.Parallel()
	for _, step := range []struct {
		name           string
		v              core.Paise
		issued, onHand core.Qty
		want           core.Paise
	}{
		{"100 kg of 195 kg worth ₹20,000.00", 20_000_00, 100 * core.Kilogram, 195 * core.Kilogram, 1_025_641},
		{"what stays on 95 kg", 20_000_00 - 1_025_641, 95 * core.Kilogram, 95 * core.Kilogram, 974_359},
		{"2,000 pouches at 60 p", 120_000, 2000, 2000, 120_000},
		{"1,999 of 2,000 packs", 1_025_641 + 120_000, 1999, 2000, 1_145_068},
		{"the last pack", 1_145_641 - 1_145_068, 1, 1, 573},
	} {
		if got, err := step.v.Share(step.issued, step.onHand); err != nil || got != step.want {
			t.Errorf("%s: %d paise, %v; want %d", step.name, got, err, step.want)
		}
	}
}

// TestR10_NoPaisaLost issues a lot in random pieces: what left is what was there.
func TestR10_NoPaisaLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := core.Qty(rapid.Int64Range(1, int64(core.MaxQty)).Draw(t, "qty"))
		v := core.Paise(rapid.Int64Range(0, int64(core.MaxPaise)).Draw(t, "value"))
		left := v
		for q > 0 {
			i := core.Qty(rapid.Int64Range(1, int64(q)).Draw(t, "issue"))
			s, err := left.Share(i, q)
			if err != nil || s < 0 || s > left {
				t.Fatalf("issuing %d of %d worth %d takes %d, %v", i, q, left, s, err)
			}
			left, q = left-s, q-i
			if q > 0 && rapid.Bool().Draw(t, "empty it") {
				s, _ := left.Share(q, q)
				left, q = left-s, 0
			}
		}
		if left != 0 {
			t.Fatalf("an empty cell is worth %d", left)
		}
	})
}

func TestR11_RateIsDerived(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		value core.Paise
		q     core.Qty
		d     core.Dimension
		want  string
	}{
		{20_000_00, 195 * core.Kilogram, core.Mass, "102.5641"}, // R20
		{45_000_00 + 1_109_16, 200 * core.Kilogram, core.Mass, "230.5458"},
		{120_000, 2000, core.Count, "0.6000"},
		{core.MaxPaise * 900_000, core.MaxQty, core.Mass, "90,00,00,000.0000"},
	} {
		n, ok := core.Rate(v.value, v.q, v.d)
		if got := core.FormatRate(n); !ok || got != v.want {
			t.Errorf("%v over %d: %s, want %s", v.value, v.q, got, v.want)
		}
	}
	if _, ok := core.Rate(1, 0, core.Mass); ok {
		t.Error("a rate without a quantity")
	}
	if _, ok := core.Rate(math.MaxInt64, 1, core.Mass); ok {
		t.Error("a rate beyond 64 bits")
	}
}

func TestR32_GSTRoundsHalfUp(t *testing.T) {
	t.Parallel()
	taxable := core.Paise(37 * 40 * 27_43)
	if taxable != 40_596_40 {
		t.Fatalf("37 cartons of 40 at ₹27.43 are %v", taxable)
	}
	for _, v := range []struct {
		pct  core.Percent
		of   core.Paise
		want core.Paise
	}{{250, taxable, 1_014_91}, {500, 10, 1}, {500, 9, 0}, {500, -10, -1}, {1800, 100, 18}, {0, taxable, 0}, {core.Whole, taxable, taxable}} {
		if got, err := v.pct.Of(v.of); err != nil || got != v.want {
			t.Errorf("%v of %d: %d, want %d", v.pct, v.of, got, v.want)
		}
	}
}

func TestR03_ConsumptionPerPacks(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name  string
		per   core.PerPacks
		packs int64
		d     core.Dimension
		want  core.Qty
		ok    bool
	}{
		{"cartons", core.PerPacks{Q: 1, N: 40}, 2001, core.Count, 51, true},
		{"film", core.PerPacks{Q: 3200, N: 1}, 2001, core.Mass, 6_403_200, true},
		{"exactly full cartons", core.PerPacks{Q: 1, N: 40}, 2000, core.Count, 50, true},
		{"nothing packed", core.PerPacks{Q: 1, N: 40}, 0, core.Count, 0, true},
		{"mass that is not whole", core.PerPacks{Q: 1, N: 3}, 1, core.Mass, 0, false},
		{"per no packs", core.PerPacks{Q: 1}, 1, core.Count, 0, false},
		{"overflow", core.PerPacks{Q: math.MaxInt64, N: 1}, 2, core.Count, 0, false},
	} {
		got, err := v.per.For(v.packs, v.d)
		if got != v.want || (err == nil) != v.ok {
			t.Errorf("%s: %d, %v; want %d", v.name, got, err, v.want)
		}
	}
}

// TestR03_MostPacks holds Most and Step against For, pack by pack.
func TestR03_MostPacks(t *testing.T) {
	t.Parallel()
	for _, d := range []core.Dimension{core.Count, core.Mass} {
		for q := core.Qty(1); q <= 12; q++ {
			for n := int64(1); n <= 12; n++ {
				p := core.PerPacks{Q: q, N: n}
				step := p.Step(d)
				for have := core.Qty(0); have <= 30; have++ {
					most, want := p.Most(have), int64(0)
					most -= most % step
					for packs := int64(1); packs <= 400; packs++ {
						if need, err := p.For(packs, d); err == nil && need <= have {
							want = packs
						} else if (err == nil) != (packs%step == 0) {
							t.Fatalf("%v: %d packs of %s: %v, step %d", p, packs, d, err, step)
						}
					}
					if most != want {
						t.Fatalf("%v: %d are enough for %d packs of %s, want %d", p, have, most, d, want)
					}
				}
			}
		}
	}
	if got := (core.PerPacks{Q: 1, N: math.MaxInt64}).Most(3); got != math.MaxInt64 {
		t.Errorf("more than can be counted reads %d", got)
	}
}

func TestR41_IndianGrouping(t *testing.T) {
	t.Parallel()
	for p, want := range map[core.Paise]string{
		0: "₹ 0.00", 5: "₹ 0.05", 999_99: "₹ 999.99", 1_000_00: "₹ 1,000.00", 99_999_99: "₹ 99,999.99", 1_00_000_00: "₹ 1,00,000.00",
		1_23_45_678_90: "₹ 1,23,45,678.90", -7: "₹ −0.07", -1_23_45_678_90: "₹ −1,23,45,678.90",
		math.MaxInt64: "₹ 92,23,37,20,36,85,47,758.07", math.MinInt64: "₹ −92,23,37,20,36,85,47,758.08",
	} {
		if got := p.String(); got != want {
			t.Errorf("%d: %s, want %s", int64(p), got, want)
		}
	}
	for _, v := range []struct {
		q    core.Qty
		d    core.Dimension
		want string
	}{
		{1_23_456_500_000, core.Mass, "1,23,456.500 kg"}, {159_600_000, core.Mass, "159.600 kg"}, {999, core.Mass, "999 mg"}, {-1, core.Mass, "−1 mg"}, {1000, core.Mass, "0.001 kg"}, {0, core.Mass, "0.000 kg"}, {7, core.Volume, "7 µl"}, {-500_000, core.Mass, "−0.500 kg"},
		{1_00_000, core.Count, "1,00,000 pcs"}, {-760, core.Count, "−760 pcs"}, {1_500, core.Length, "1.500 m"}, {250_000, core.Volume, "0.250 l"},
		{math.MinInt64, core.Count, "−92,23,37,20,36,85,47,75,808 pcs"}, {math.MinInt64, core.Mass, "−92,23,37,20,36,854.775 kg"},
	} {
		if got := v.q.String(v.d); got != v.want {
			t.Errorf("%d: %s, want %s", v.q, got, v.want)
		}
	}
	for p, want := range map[core.Percent]string{500: "5 %", 375: "3.75 %", 1850: "18.5 %", 0: "0 %", 25: "0.25 %"} {
		if got := p.String(); got != want {
			t.Errorf("%d: %s, want %s", p, got, want)
		}
	}
}

func TestR41_DaysAndFinancialYears(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		d              core.Date
		want, compact  string
		financial      string
		plusMonths     int
		sameDayOfMonth core.Date
	}{
		{core.NewDate(2026, 3, 31), "31-Mar-2026", "20260331", "2526", 1, core.NewDate(2026, 4, 30)},
		{core.NewDate(2026, 4, 1), "01-Apr-2026", "20260401", "2627", 12, core.NewDate(2027, 4, 1)},
		{core.NewDate(2024, 2, 29), "29-Feb-2024", "20240229", "2324", 12, core.NewDate(2025, 2, 28)},
		{core.NewDate(2026, 1, 31), "31-Jan-2026", "20260131", "2526", 1, core.NewDate(2026, 2, 28)},
		{core.NewDate(2027, 1, 31), "31-Jan-2027", "20270131", "2627", 13, core.NewDate(2028, 2, 29)}, // R27
		{core.NewDate(1999, 12, 31), "31-Dec-1999", "19991231", "9900", 2, core.NewDate(2000, 2, 29)},
		{core.NewDate(1969, 12, 31), "31-Dec-1969", "19691231", "6970", -1, core.NewDate(1969, 11, 30)},
	} {
		if v.d.String() != v.want || v.d.Compact() != v.compact || v.d.FinancialYear() != v.financial {
			t.Errorf("%s: %s, %s, year %s", v.want, v.d, v.d.Compact(), v.d.FinancialYear())
		}
		if got := v.d.AddMonths(v.plusMonths); got != v.sameDayOfMonth {
			t.Errorf("%s plus %d months is %s, want %s", v.d, v.plusMonths, got, v.sameDayOfMonth)
		}
		back, err := core.ParseDate(v.d.ISO())
		if err != nil || back != v.d {
			t.Errorf("%s reads back as %s, %v", v.d.ISO(), back, err)
		}
	}
}

// TestR41_BusinessDayAtNight: at 03:00 in India it is still yesterday in UTC.
func TestR41_BusinessDayAtNight(t *testing.T) {
	t.Parallel()
	india, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		utc  time.Time
		want core.Date
	}{
		{time.Date(2026, 3, 31, 21, 30, 0, 0, time.UTC), core.NewDate(2026, 4, 1)},   // 03:00
		{time.Date(2026, 3, 31, 18, 29, 59, 0, time.UTC), core.NewDate(2026, 3, 31)}, // 23:59:59
		{time.Date(2026, 3, 31, 18, 30, 0, 0, time.UTC), core.NewDate(2026, 4, 1)},   // 00:00
	} {
		if got := core.DateOf(v.utc, india); got != v.want {
			t.Errorf("%s is %s, want %s", v.utc.In(india), got, v.want)
		}
	}
}

func TestR41_DatesOnTheWire(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]core.Date{`"2026-02-12"`: core.NewDate(2026, 2, 12), `""`: 0, `null`: 0} {
		var d core.Date
		if err := json.Unmarshal([]byte(in), &d); err != nil || d != want {
			t.Errorf("%s: %s, %v", in, d, err)
		}
	}
	for _, in := range []string{`5`, `"2026-02-30"`, `"12-Feb-2026"`, `"99999-01-01"`, `true`, `{}`} {
		var d core.Date
		if err := json.Unmarshal([]byte(in), &d); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("%s: %s, %v", in, d, err)
		}
	}
}

// TestR41_OneNameOnTwoKeyboards: composed and decomposed text, Latin and Hindi, is
// the same text, and control characters are no text.
func TestR41_OneNameOnTwoKeyboards(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  Haldi \t\n powder ": "Haldi powder", "Cafe\u0301": "Caf\u00e9", "\u0921\u093c": "\u0921\u093c", "\u095c": "\u0921\u093c", // ड़
		"a\x00b\x07c\x7f": "a b c", "\u0085x\u009f": "x", "": "",
	} {
		if got := core.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := core.SearchWords("हल्दी-पाउडर  (RAW-001)"); !reflect.DeepEqual(got, []string{"हल्दी", "पाउडर", "RAW", "001"}) {
		t.Errorf("words %q", got)
	}
}

// TestR41_ANameIsWhatCanBeSeen: what turns text around, or takes no room, is not in a name,
// but for the joiners of Indic words. What is one name to who reads it has one key.
func TestR41_ANameIsWhatCanBeSeen(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Shree Ram\u200bTraders": "Shree RamTraders", "\ufeffShree\u200d Ram\u2060": "Shree Ram", "Ra\u00adm": "Ram", "\u200b \u200d": "",
		"\u202eredart mar\u202c": "redart mar", "\u2066Ram\u2069 \u200e\u200fTraders": "Ram Traders", "\u202a+91 98220 12345\u202c": "+91 98220 12345",
		"Ram\ufe0f\u034f\u3164": "Ram", "Cafe\u200d\u0301": "Café", "  A \n B ": "A B",
		"क्\u200dष": "क्\u200dष", "अवन्\u200d മ്\u200c": "अवन्\u200d മ്\u200c", "क्\u200d\u200dष \u200dराम": "क्\u200dष राम", "क्\u200b\u200dष\u202e": "क्\u200dष", "a\u200cb": "ab",
	} {
		got := core.Visible(in)
		if got != want || core.Visible(got) != got || core.Text(got) != got {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for _, one := range [][]string{
		{"Shree Ram Traders", "SHREE RAM TRADERS.", "Shree\u00a0RamTraders", "shree ram\u200b traders", "Shree Ram\u202e Traders"},
		{"Café Épice", "CAFÉ ÉPICE", "Cafe\u0301 E\u0301pice", "CAFE\u0301 E\u0301PICE"},
		{"M.G. Masala Pvt. Ltd.", "MG Masala Pvt Ltd"},
		{"क्\u200dष मंडी", "क्ष मंडी"}, {"\u095bीरा", "ज\u093cीरा"},
	} {
		for _, name := range one[1:] {
			if core.NameKey(name) != core.NameKey(one[0]) {
				t.Errorf("%q has the key %q, %q has %q", name, core.NameKey(name), one[0], core.NameKey(one[0]))
			}
		}
	}
	for _, two := range [][2]string{{"Cafe", "Café"}, {"Ram Traders", "Ram Trader"}, {"जीरा", "ज़ीरा"}, {"Ram-1", "Ram 1"}} {
		if core.NameKey(two[0]) == core.NameKey(two[1]) {
			t.Errorf("%q and %q have one key", two[0], two[1])
		}
	}
}

func TestSortKeyOrdersNumbersPastTheirPadding(t *testing.T) {
	t.Parallel()
	rising := []string{"GRN-20260212-002", "GRN-20260212-999", "GRN-20260212-1000", "GRN-20260213-001"}
	for i := 1; i < len(rising); i++ {
		if core.SortKey(rising[i-1]) >= core.SortKey(rising[i]) {
			t.Errorf("%s sorts behind %s", rising[i-1], rising[i])
		}
	}
}

func TestFaultsNameAllAtOnce(t *testing.T) {
	t.Parallel()
	var inner, all core.Faults
	inner.Add("qty", "Enter a quantity.")
	inner.Add("unit", "Choose the unit.")
	if err := all.Merge("lines[2].", inner.Err()); err != nil {
		t.Fatal(err)
	}
	all.Check(false, "supplier", "Choose the supplier.")
	all.Check(true, "never", "Never.")
	err := all.Err().(*core.Error)
	want := []core.FieldError{{Field: "lines[2].qty", Message: "Enter a quantity."}, {Field: "lines[2].unit", Message: "Choose the unit."}, {Field: "supplier", Message: "Choose the supplier."}}
	if !reflect.DeepEqual(err.Fields, want) || err.Field != "lines[2].qty" || err.Message != "Enter a quantity. And 2 more to correct." || err.Code != core.CodeInvalid {
		t.Errorf("%+v", err)
	}
	other := core.Errorf(core.CodeUnavailable, "no")
	if all.Merge("x.", other) != error(other) {
		t.Error("an error without fields is swallowed")
	}
}
