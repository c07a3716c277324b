package core

import "unicode/utf8"

// What one entry may hold at most: far above any factory, and so far below 64 bits
// that the sums of a lifetime of entries stay exact (R4).
const (
	MaxQty   Qty   = 100_000_000_000_000 // 100,000 tonnes in mg
	MaxPaise Paise = 10_000_000_000_000  // ₹10,000 crore
)

// What one text may hold at most, in characters.
const (
	MaxName = 100
	MaxCode = 20
	MaxNote = 500
)

// Fit notes a fault when s has more than limit characters.
func (f *Faults) Fit(field, s string, limit int) {
	f.Check(utf8.RuneCountInString(s) <= limit, field, "At most %d characters fit here.", limit)
}

// NeedReason normalizes the reason of a request and asks for one that is not too long.
func (f *Faults) NeedReason(reason *string) {
	*reason = Text(*reason)
	f.Check(*reason != "", "reason", "Give the reason.")
	f.Fit("reason", *reason, MaxNote)
}

// Bound notes a fault when q is beyond what one entry may hold, on either side of
// zero.
func (f *Faults) Bound(field string, q Qty) {
	f.Check(q <= MaxQty && q >= -MaxQty, field, "This quantity is too large.")
}

// BoundMoney notes a fault when p is beyond what one entry may hold.
func (f *Faults) BoundMoney(field string, p Paise) {
	f.Check(p <= MaxPaise && p >= -MaxPaise, field, "This amount is too large.")
}
