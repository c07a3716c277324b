package backup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"masala/core"
)

var india = time.FixedZone("IST", 5*3600+1800)

// TestFault_4_3_SevenDaysAndFourWeeks runs a year of a factory that backs up twice a
// day, with days off, and looks at the folder every evening.
func TestFault_4_3_SevenDaysAndFourWeeks(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var folder []Point
	now := time.Date(2026, 1, 5, 0, 0, 0, 0, india)
	for day := range 365 {
		for _, hour := range []int{13, 20} {
			if random.IntN(12) == 0 { // the PC was off
				continue
			}
			at := now.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour)
			state := Good
			if random.IntN(20) == 0 {
				state = Damaged
			}
			folder = append(folder, Point{Path: at.String(), TakenAt: at, Kind: Daily, State: state})
			if random.IntN(10) == 0 {
				folder = append(folder, Point{Path: "manual " + at.String(), TakenAt: at.Add(time.Minute), Kind: Manual, State: Good})
			}
		}
		gone := map[string]bool{}
		for _, p := range Surplus(folder, now.AddDate(0, 0, day+1), india) {
			gone[p.Path] = true
		}
		var left []Point
		for _, p := range folder {
			if !gone[p.Path] {
				left = append(left, p)
			}
		}
		folder = left
	}
	Sort(folder, now.AddDate(0, 0, 365), india)
	days, weeks, manual := map[string]bool{}, 0, 0
	var oldest time.Time
	for _, p := range folder {
		if p.State != Good {
			continue
		}
		oldest = p.TakenAt
		switch p.Kind {
		case Daily:
			days[p.TakenAt.In(india).Format(time.DateOnly)] = true
		case Weekly:
			weeks++
		case Manual:
			manual++
		}
	}
	if len(days) != KeepDays || weeks != KeepWeeks || manual != KeepManual {
		t.Errorf("after a year: %d days, %d weeks, %d by hand\n%v", len(days), weeks, manual, folder)
	}
	age := now.AddDate(0, 0, 364).Sub(oldest)
	if age < 21*24*time.Hour || age > 45*24*time.Hour {
		t.Errorf("the oldest is %v old", age)
	}
	if !folder[0].Offered && folder[0].State == Good {
		t.Error("the newest good one is not offered")
	}
}

// TestFault_4_3_DamagedPointsPushNoGoodOneOut: however many bad ones come after them,
// the good ones stay.
func TestFault_4_3_DamagedPointsPushNoGoodOneOut(t *testing.T) {
	at := time.Date(2026, 2, 1, 20, 0, 0, 0, india)
	folder := []Point{{Path: "good", TakenAt: at, Kind: Daily, State: Good}}
	for i := range 60 {
		folder = append(folder, Point{Path: fmt.Sprint("bad ", i), TakenAt: at.AddDate(0, 0, i+1), Kind: Daily, State: Damaged})
	}
	if gone := Surplus(folder, at.AddDate(0, 0, 61), india); len(gone) != 0 {
		t.Errorf("%v go", gone)
	}
	Sort(folder, at.AddDate(0, 0, 61), india)
	for _, p := range folder {
		if p.Offered != (p.Path == "good") {
			t.Errorf("offered: %+v", p)
		}
	}
	if gone := Surplus(folder[:0:0], at, india); len(gone) != 0 {
		t.Error("nothing goes from an empty folder")
	}
}

// TestFault_4_3_NobodyLookedAtIt: whatever else is in a folder, a point that nobody has
// looked at never goes, and what goes of the others does not depend on it. Once it was
// proved, it is one of them.
func TestFault_4_3_NobodyLookedAtIt(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 3))
	now := time.Date(2026, 2, 20, 9, 0, 0, 0, india)
	wentDamaged := 0
	for range 500 {
		var folder, seen []Point
		for i := range 40 {
			p := Point{Path: fmt.Sprint(i), TakenAt: now.Add(-time.Duration(random.IntN(90*24)) * time.Hour), Kind: []Kind{Daily, Weekly, Manual}[random.IntN(3)],
				State: []State{Good, Good, Unchecked, Damaged}[random.IntN(4)], Seq: core.Seq(random.IntN(500)), Lineage: []string{"", "a"}[random.IntN(2)]}
			if folder = append(folder, p); p.State != Unchecked {
				seen = append(seen, p)
			}
		}
		gone := Surplus(folder, now, india)
		if want := Surplus(seen, now, india); !slices.EqualFunc(gone, want, func(a, b Point) bool { return a.Path == b.Path }) {
			t.Fatalf("%v go, without the unchecked ones %v", gone, want)
		}
		for _, p := range gone {
			if p.State == Unchecked {
				t.Fatalf("nobody has looked at %+v, and it goes", p)
			}
			if p.State == Damaged {
				wentDamaged++
			}
		}
	}
	if wentDamaged == 0 {
		t.Error("no damaged point ever goes")
	}

	old := Point{Path: "old", TakenAt: now.AddDate(0, 0, -10), Kind: Manual, State: Unchecked}
	young := Point{Path: "young", TakenAt: now, Kind: Daily, State: Good}
	for state, goes := range map[State]int{Unchecked: 0, Good: 0, Damaged: 1} {
		old.State = state
		if gone := Surplus([]Point{young, old}, now, india); len(gone) != goes {
			t.Errorf("%s: %v go", state, gone)
		}
	}
}

// TestFault_4_3_WrongClockDatesABackup: while the clock was wrong for a week, backups
// were dated four years ahead. They are marked, never offered before one that holds
// newer books, and take no day from the others.
func TestFault_4_3_WrongClockDatesABackup(t *testing.T) {
	now := time.Date(2026, 2, 20, 9, 0, 0, 0, india)
	at := func(day, hour int) time.Time { return time.Date(2026, 2, day, hour, 0, 0, 0, india) }
	wrong := func(p time.Time) time.Time { return p.AddDate(4, 0, 0) }
	point := func(name string, taken time.Time, seq core.Seq, lineage string, past ...string) Point {
		return Point{Path: name, TakenAt: taken, Kind: Daily, State: Good, Seq: seq, Lineage: lineage, Past: past}
	}
	before, wrong1, wrong2, after := point("before", at(17, 13), 100, "a"), point("wrong 1", wrong(at(18, 13)), 120, "a"), point("wrong 2", wrong(at(18, 20)), 120, "a"), point("after", at(19, 13), 150, "a")
	restored := point("restored", at(19, 20), 90, "b", "a")
	for name, v := range map[string]struct {
		now    time.Time
		points []Point
		want   string
	}{
		"the newest books":               {now, []Point{before, wrong1, after}, "after, wrong 1!, before"},
		"nothing holds as much":          {now, []Point{before, wrong1}, "wrong 1!, before"},
		"nothing was posted after it":    {now, []Point{wrong1, point("same", at(18, 21), 120, "a"), before}, "same, wrong 1!, before"},
		"two of them":                    {now, []Point{before, wrong2, wrong1, after}, "after, wrong 2!, wrong 1!, before"},
		"another history went on":        {now, []Point{wrong1, before, restored}, "restored, wrong 1!, before"},
		"other books":                    {now, []Point{before, point("other", at(18, 13), 500, "x")}, "other, before"},
		"now is what is wrong":           {at(1, 9).AddDate(-4, 0, 0), []Point{before, after, restored}, "restored!, after!, before!"},
		"now is wrong by a few days":     {at(18, 9), []Point{before, after, restored}, "restored!, after!, before"},
		"a minute is no wrong clock":     {at(19, 13).Add(-time.Minute), []Point{before, after}, "after, before"},
		"dated long ago, of newer books": {now, []Point{before, point("2015", at(18, 13).AddDate(-11, 0, 0), 120, "a")}, "2015, before"},
	} {
		Sort(v.points, v.now, india)
		var got []string
		for i, p := range v.points {
			if p.Offered != (i == 0) {
				t.Errorf("%s: offered: %+v", name, p)
			}
			got = append(got, p.Path+map[bool]string{true: "!"}[p.Ahead])
		}
		if order := strings.Join(got, ", "); order != v.want {
			t.Errorf("%s: %s; want %s", name, order, v.want)
		}
	}
	if last := Last([]Point{wrong2, before, wrong1}, now); !last.Equal(before.TakenAt) {
		t.Errorf("the last one was taken at %v", last)
	}
	folder := []Point{}
	for i := range 7 {
		folder = append(folder, point(fmt.Sprint("right ", i), at(10+i, 20), core.Seq(i), "a"))
		folder = append(folder, point(fmt.Sprint("wrong ", i), wrong(at(10+i, 21)), core.Seq(i), "a"))
	}
	gone := Surplus(folder, now, india)
	for _, p := range gone {
		if !strings.HasPrefix(p.Path, "wrong") {
			t.Errorf("%s goes", p.Path)
		}
	}
	if len(gone) != 7-KeepAhead {
		t.Errorf("%d go", len(gone))
	}
}

func TestDueAndNext(t *testing.T) {
	f := Fields{Times: []string{"20:00", "13:00"}}
	if err := f.Validate(); err != nil || f.Times[0] != "13:00" {
		t.Fatal(f, err)
	}
	day := func(h, m int) time.Time { return time.Date(2026, 2, 14, h, m, 0, 0, india) }
	for _, v := range []struct{ now, due, next time.Time }{
		{day(0, 30), day(20, 0).AddDate(0, 0, -1), day(13, 0)},
		{day(12, 59), day(20, 0).AddDate(0, 0, -1), day(13, 0)},
		{day(13, 0), day(13, 0), day(20, 0)},
		{day(23, 59), day(20, 0), day(13, 0).AddDate(0, 0, 1)},
	} {
		due, next := f.Due(v.now.UTC(), india)
		if !due.Equal(v.due) || !next.Equal(v.next) {
			t.Errorf("at %v: due %v, next %v", v.now, due.In(india), next.In(india))
		}
	}
	for _, bad := range [][]string{nil, {"25:00"}, {"noon"}, {"1:00", "2:00", "3:00", "4:00", "5:00", "6:00", "7:00"}} {
		if err := (&Fields{Times: bad}).Validate(); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}

func TestHeadline(t *testing.T) {
	now := time.Date(2026, 2, 14, 10, 0, 0, 0, india)
	for want, ago := range map[string]time.Duration{
		"Last Backup: just now": 59 * time.Second, "Last Backup: 1 minute ago": time.Minute, "Last Backup: 3 hours ago": 3*time.Hour + 50*time.Minute,
		"Last Backup: 47 hours ago": 48*time.Hour - time.Second, "⚠️ No backup in 48 hours!": 48 * time.Hour,
	} {
		if got := Headline(now, now.Add(-ago)); got != want {
			t.Errorf("%v: %q, want %q", ago, got, want)
		}
	}
	if got := SayMissing(Ago(2*time.Hour + time.Minute)); got != "No database found. Restore from latest backup (2 hours ago)?" {
		t.Error(got)
	}
}
