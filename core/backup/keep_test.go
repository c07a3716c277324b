package backup

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
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
		for _, p := range Surplus(folder, india) {
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
	Sort(folder, india)
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
	if gone := Surplus(folder, india); len(gone) != 0 {
		t.Errorf("%v go", gone)
	}
	Sort(folder, india)
	for _, p := range folder {
		if p.Offered != (p.Path == "good") {
			t.Errorf("offered: %+v", p)
		}
	}
	if gone := Surplus(folder[:0:0], india); len(gone) != 0 {
		t.Error("nothing goes from an empty folder")
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
	if got := SayMissing(2*time.Hour + time.Minute); got != "No database found. Restore from latest backup (2 hours ago)?" {
		t.Error(got)
	}
}
