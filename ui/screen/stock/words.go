package stock

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
)

// TypeWord is the tag of an item type.
func TypeWord(t catalog.Type) string {
	switch t {
	case catalog.Raw:
		return "Raw"
	case catalog.Bulk:
		return "Bulk"
	case catalog.Packing:
		return "Packing"
	case catalog.Finished:
		return "Finished"
	}
	return string(t)
}

// FilterWord is a filter as the menu writes it.
func FilterWord(f Filter) string {
	switch f {
	case Released:
		return "Released"
	case OnHold:
		return "On hold"
	case Rejected:
		return "Rejected"
	case Expired:
		return "Expired"
	}
	return "Open"
}

// Days at which an expiry turns amber and red (UX.md section 3).
const (
	soonDays   = 45
	urgentDays = 20
)

// Urgency is how near an expiry is.
type Urgency int

// The urgencies.
const (
	Later Urgency = iota
	Soon
	Urgent
)

// Expiry tells how many days are left; past days are negative. ok is false for a lot
// without expiry.
func Expiry(on, today core.Date) (days int, u Urgency, ok bool) {
	if on == 0 {
		return 0, Later, false
	}
	days = int(on - today)
	switch {
	case days <= urgentDays:
		u = Urgent
	case days <= soonDays:
		u = Soon
	}
	return days, u, true
}

// DaysShort stands beside a date in the list: "16 d", "−4 d".
func DaysShort(n int) string {
	if n < 0 {
		return fmt.Sprintf("−%d d", -n)
	}
	return fmt.Sprintf("%d d", n)
}

// DaysLong stands in the details: "in 528 days", "4 days ago", "today".
func DaysLong(n int) string {
	switch {
	case n == 0:
		return "today is the last day"
	case n == 1:
		return "in 1 day"
	case n == -1:
		return "1 day ago"
	case n < 0:
		return fmt.Sprintf("%d days ago", -n)
	}
	return fmt.Sprintf("in %d days", n)
}

// StatusWord is the pill of a cell: EXPIRED is derived, the expiry day is the last
// usable one (R24).
func StatusWord(s stock.Status, expiry, today core.Date) string {
	switch {
	case s == stock.Rejected:
		return "Rejected"
	case expiry != 0 && expiry < today:
		return "Expired"
	case s == stock.Hold:
		return "Hold"
	}
	return "Released"
}

// KindWord names what a document did to a lot.
func KindWord(k stock.DocumentKind) string {
	switch k {
	case stock.KindGRN:
		return "Received"
	case stock.KindAdjustment:
		return "Adjusted"
	case stock.KindStatus:
		return "Status"
	case stock.KindCount:
		return "Counted"
	case stock.KindReversal:
		return "Cancelled"
	case stock.KindOpening:
		return "Opening stock"
	case stock.KindTransfer:
		return "Moved to the other segment"
	case stock.KindIssue:
		return "Issued"
	case stock.KindMaterialReturn:
		return "Returned from production"
	case stock.KindProduction:
		return "Produced"
	case stock.KindPacking:
		return "Packed"
	case stock.KindDispatch:
		return "Dispatched"
	case stock.KindSalesReturn:
		return "Returned by customer"
	case stock.KindPurchaseReturn:
		return "Returned to supplier"
	case stock.KindPriceCorrection:
		return "Price corrected"
	}
	return string(k)
}
