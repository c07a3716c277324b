package backup

import (
	"slices"
	"time"

	"masala/core"
)

// How many restore points are kept (RESILIENCE.md 4.3).
const (
	KeepDays   = 7 // days that had a backup, the newest of each
	KeepWeeks  = 4 // weeks before those, the newest of each
	KeepManual = 5 // newest of those somebody asked for
	KeepAhead  = 2 // newest of those dated in the future: they take no day from the others
)

// Sort orders points by how new the books in them are, newest first, marks those dated
// in the future, marks each daily one that is kept for its week as weekly, and offers
// the first good one.
func Sort(points []Point, now time.Time, zone *time.Location) {
	order(points, now)
	keep := kept(points, zone)
	offered := false
	for i := range points {
		p := &points[i]
		if p.Kind != Manual {
			p.Kind = keep[i]
			if p.Kind == "" {
				p.Kind = Daily // it goes with the next backup, unless nobody has looked at it
			}
		}
		p.Offered = p.State == Good && !offered
		offered = offered || p.Offered
	}
}

// Surplus lists the points that the rule lets go at now: good ones beyond the numbers
// above, and damaged ones older than every good one that is kept. A point nobody has looked
// at neither counts nor goes; it is proved first.
func Surplus(points []Point, now time.Time, zone *time.Location) (out []Point) {
	points = slices.Clone(points)
	order(points, now)
	keep := kept(points, zone)
	oldest := time.Time{} // of the good ones that are kept
	for i, p := range points {
		if keep[i] != "" && p.State == Good && !p.Ahead {
			oldest = p.TakenAt
		}
	}
	for i, p := range points {
		switch {
		case keep[i] != "":
		case p.State == Good:
			out = append(out, p)
		case p.State == Damaged && !oldest.IsZero() && p.TakenAt.Before(oldest):
			out = append(out, p)
		}
	}
	return out
}

// kept says for each point, newest first, as what it is kept; "" for none. Only good
// points count; a day or week whose newest point is damaged keeps the next one.
func kept(points []Point, zone *time.Location) []Kind {
	out := make([]Kind, len(points))
	days, weeks := map[core.Date]bool{}, map[core.Date]bool{}
	manual, ahead := 0, 0
	for i, p := range points {
		if p.State != Good {
			continue
		}
		day := core.DateOf(p.TakenAt, zone)
		if p.Kind == Manual {
			if manual++; manual <= KeepManual {
				out[i] = Manual
			}
			continue
		}
		week := weekOf(day)
		switch {
		case p.Ahead:
			if ahead++; ahead <= KeepAhead {
				out[i] = Daily
			}
		case days[day]:
			if len(days) == 1 { // all points of the newest day stay
				out[i] = Daily
			}
		case len(days) < KeepDays:
			days[day] = true
			out[i] = Daily
		case !weeks[week] && len(weeks) < KeepWeeks:
			weeks[week] = true
			out[i] = Weekly
		}
	}
	return out
}

// weekOf is the Monday of a day's week: the newest point of a week is its Sunday's.
func weekOf(d core.Date) core.Date {
	return d - core.Date((int(d.Time().Weekday())+6)%7)
}
