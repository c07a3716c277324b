package backup

import (
	"cmp"
	"slices"
	"time"
)

// AheadAfter is how far in the future a time may lie and still be believed: the clocks
// of two PCs, or of one before and after its time server, differ by so much.
const AheadAfter = 5 * time.Minute

func (p *Point) isAhead(now time.Time) bool { return p.TakenAt.After(now.Add(AheadAfter)) }

// Last is when the newest good point was taken; zero for none. What a wrong clock has
// dated in the future says nothing about the age of a backup.
func Last(points []Point, now time.Time) (last time.Time) {
	for _, p := range points {
		if p.State == Good && !p.isAhead(now) && p.TakenAt.After(last) {
			last = p.TakenAt
		}
	}
	return last
}

// order sorts by how new the books are, newest first, and marks what is dated in the
// future. Dates count as far as the ledger bears them out: a point is no older than one
// whose books it goes on from, and one dated in the future no newer than one that goes on
// from it. Where none does, that date stands: the wrong clock may be the present one.
func order(points []Point, now time.Time) {
	type dated struct {
		Point
		at time.Time
	}
	all := make([]dated, len(points))
	for i, p := range points {
		p.Ahead = p.isAhead(now)
		all[i] = dated{p, p.TakenAt}
	}
	for i := range all {
		for _, q := range all {
			if p := &all[i]; q.State == Good && !q.Ahead && !p.Ahead && p.goesOnFrom(&q.Point) && p.at.Before(q.TakenAt) {
				p.at = q.TakenAt
			}
		}
	}
	for i := range all {
		for _, q := range all {
			if p := &all[i]; q.State == Good && !q.Ahead && p.Ahead && q.goesOnFrom(&p.Point) && p.at.After(q.at) {
				p.at = q.at
			}
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int {
		return cmp.Or(b.at.Compare(a.at), number(a.Ahead)-number(b.Ahead), len(b.Past)-len(a.Past), cmp.Compare(b.Seq, a.Seq), b.TakenAt.Compare(a.TakenAt))
	})
	for i := range all {
		points[i] = all[i].Point
	}
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// goesOnFrom reports whether the books in p hold those in q. No clock has a part in it.
func (p *Point) goesOnFrom(q *Point) bool {
	return q.Lineage != "" && (p.Lineage == q.Lineage && p.Seq >= q.Seq || slices.Contains(p.Past, q.Lineage))
}
