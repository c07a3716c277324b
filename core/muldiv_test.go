package core_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"masala/core"
)

// anyInt64 draws numbers from everywhere, and often from the ends.
func anyInt64() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{0, 1, -1, 2, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1, 1 << 62, 1<<62 - 1, 1 << 32}))
}

// quotient computes a*b/c with big numbers; mode rounds the remainder of the
// magnitudes. ok is false where the result does not fit.
func quotient(a, b, c int64, up func(twiceRem *big.Int, d *big.Int, odd bool) bool) (int64, bool) {
	abs := func(x int64) *big.Int { return new(big.Int).Abs(big.NewInt(x)) }
	n, d := new(big.Int).Mul(abs(a), abs(b)), abs(c)
	q, r := new(big.Int).QuoRem(n, d, new(big.Int))
	if up(new(big.Int).Lsh(r, 1), d, q.Bit(0) == 1) {
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() {
		return 0, false
	}
	if (a < 0) != (b < 0) != (c < 0) {
		q.Neg(q)
	}
	return q.Int64(), true
}

func TestR04_MulDivAgreesWithBigNumbers(t *testing.T) {
	t.Parallel()
	even := func(two, d *big.Int, odd bool) bool { k := two.Cmp(d); return k > 0 || k == 0 && odd }
	halfUp := func(two, d *big.Int, _ bool) bool { return two.Sign() > 0 && two.Cmp(d) >= 0 }
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyInt64().Draw(t, "a"), anyInt64().Draw(t, "b"), anyInt64().Draw(t, "c")
		for _, f := range []struct {
			name string
			got  func(a, b, c int64) (int64, error)
			up   func(two, d *big.Int, odd bool) bool
		}{{"MulDiv", core.MulDiv, even}, {"MulDivHalfUp", core.MulDivHalfUp, halfUp}} {
			got, err := f.got(a, b, c)
			if c == 0 {
				if err == nil {
					t.Fatalf("%s divides by zero", f.name)
				}
				continue
			}
			want, ok := quotient(a, b, c, f.up)
			if ok != (err == nil) || ok && got != want {
				t.Fatalf("%s(%d, %d, %d) = %d, %v; want %d, %v", f.name, a, b, c, got, err, want, ok)
			}
		}
	})
}

func TestR04_MulDivCeilNeverWraps(t *testing.T) {
	t.Parallel()
	positive := rapid.Map(anyInt64(), func(n int64) int64 { return max(1, n&math.MaxInt64) })
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := positive.Draw(t, "a"), positive.Draw(t, "b"), positive.Draw(t, "c")
		got, err := core.MulDivCeil(a, b, c)
		want, ok := quotient(a, b, c, func(two, _ *big.Int, _ bool) bool { return two.Sign() > 0 })
		if ok != (err == nil) || ok && got != want {
			t.Fatalf("MulDivCeil(%d, %d, %d) = %d, %v; want %d, %v", a, b, c, got, err, want, ok)
		}
	})
}

// TestR04_RoundingAtTheEdge: the largest quotients must not wrap to zero as they are
// rounded up.
func TestR04_RoundingAtTheEdge(t *testing.T) {
	t.Parallel()
	const top = math.MaxInt64
	for _, f := range []func(a, b, c int64) (int64, error){core.MulDiv, core.MulDivHalfUp, core.MulDivCeil} {
		if n, err := f(top, 3, 2); err == nil {
			t.Errorf("gives %d for a result beyond 64 bits", n)
		}
		if n, err := f(top, top, top); err != nil || n != top {
			t.Errorf("gives %d, %v for the largest result", n, err)
		}
	}
	const a, b = 253_921, 145_295_143_558_111 // a*b/2 is 2^64 - 1 and a half
	if n, err := core.MulDiv(a, b, 2); err == nil {
		t.Errorf("MulDiv wraps to %d", n)
	}
	if n, err := core.MulDivHalfUp(a, b, 2); err == nil {
		t.Errorf("MulDivHalfUp wraps to %d", n)
	}
	if n, err := core.MulDivCeil(3, 6_148_914_691_236_517_205, 2); err == nil { // 2^63 - 1 and a half
		t.Errorf("MulDivCeil wraps to %d", n)
	}
}

func TestR04_AddRefusesToWrap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyInt64().Draw(t, "a"), anyInt64().Draw(t, "b")
		got, err := core.Add(a, b)
		want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		if want.IsInt64() != (err == nil) || err == nil && got != want.Int64() {
			t.Fatalf("Add(%d, %d) = %d, %v", a, b, got, err)
		}
	})
}

// TestR04_ThousandTonnesTimesAPrice is the product that overflows 64 bits.
func TestR04_ThousandTonnesTimesAPrice(t *testing.T) {
	t.Parallel()
	value := core.Paise(150_000_000_00) // ₹15,00,00,000.00 for 1,000 t
	got, err := value.Share(400_000*core.Kilogram, 1_000_000*core.Kilogram)
	if err != nil || got != 60_000_000_00 {
		t.Errorf("40 %% of it leave with %v, %v", got, err)
	}
}

func TestR13_SplitSumsExactly(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		total   core.Paise
		weights []int64
		want    []core.Paise
	}{
		{3_500_00, []int64{71_500_00, 25_500_00, 45_000_00}, []core.Paise{1_762_32, 628_52, 1_109_16}}, // vector 2
		{1_000_00, []int64{1, 1, 1}, []core.Paise{333_34, 333_33, 333_33}},                             // vector 3
		{0, []int64{5, 7}, []core.Paise{0, 0}},
		{1, []int64{0, 1, 1}, []core.Paise{0, 1, 0}},
	} {
		got, err := core.Split(v.total, v.weights)
		if err != nil {
			t.Error(err)
			continue
		}
		for i := range got {
			if got[i] != v.want[i] {
				t.Errorf("%v over %v: %v, want %v", v.total, v.weights, got, v.want)
				break
			}
		}
	}
	for _, bad := range [][]int64{nil, {}, {0}, {0, 0}, {1, -1}, {math.MaxInt64, 1}} {
		if got, err := core.Split(core.Paise(5), bad); err == nil {
			t.Errorf("5 over %v: %v", bad, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, math.MaxInt64).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/16), 1, 12).Draw(t, "weights")
		parts, err := core.Split(total, weights)
		sum, all := int64(0), int64(0)
		for _, w := range weights {
			all += w
		}
		if all == 0 {
			if err == nil {
				t.Fatal("splits over nothing")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range parts {
			exact, _ := quotient(total, weights[i], all, func(_, _ *big.Int, _ bool) bool { return false })
			if p < exact || p-exact > 1 {
				t.Fatalf("part %d is %d, its fair share %d", i, p, exact)
			}
			sum += p
		}
		if sum != total {
			t.Fatalf("parts sum to %d, not %d", sum, total)
		}
	})
}
