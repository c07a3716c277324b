package dashboard

import (
	"fmt"
	"strings"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
)

// Weekday writes a day with its name: Saturday, 14-Feb-2026.
func Weekday(d core.Date) string {
	if d == 0 {
		return ""
	}
	return d.Time().Format("Monday, ") + d.String()
}

// Rupees writes money without paise, for notes that round: ₹ 8,64,250.
func Rupees(p core.Paise) string {
	half := core.Paise(50)
	if p < 0 {
		half = -half
	}
	return strings.TrimSuffix(((p + half) / 100 * 100).String(), ".00")
}

// Tenths writes a share with one decimal, without its sign: 95.4.
func Tenths(p core.Percent) string {
	n, sign := (max(p, -p)+5)/10, ""
	if p < 0 && n > 0 {
		sign = "−"
	}
	return fmt.Sprintf("%s%d.%d", sign, n/10, n%10)
}

// Count writes a number with its noun: 1 lot, 12 lots, 2 batches.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "ch") {
		noun += "e"
	}
	return core.Qty(n).Number(core.Count) + " " + noun + "s"
}

// Amounts writes what is there by mass and by pieces, leaving out what is not.
func Amounts(mass, pieces core.Qty, t catalog.Type) string {
	var parts []string
	if mass != 0 {
		parts = append(parts, mass.String(core.Mass))
	}
	if pieces != 0 {
		unit := "pcs"
		if t == catalog.Finished {
			unit = "packs"
		}
		parts = append(parts, pieces.Number(core.Count)+" "+unit)
	}
	if len(parts) == 0 && t != "" {
		return "nothing in stock"
	}
	return strings.Join(parts, ", ")
}

// StageName is what people call a type of item as a step of the work.
func StageName(t catalog.Type) string {
	switch t {
	case catalog.Raw:
		return "Raw"
	case catalog.Bulk:
		return "Bulk powder"
	case catalog.Packing:
		return "Packing"
	case catalog.Finished:
		return "Finished"
	}
	return string(t)
}

// KindName is what people call a kind of document.
func KindName(k stock.DocumentKind) string {
	switch k {
	case stock.KindGRN:
		return "Goods received"
	case stock.KindAdjustment:
		return "Adjustment"
	case stock.KindStatus:
		return "Status change"
	case stock.KindCount:
		return "Stock count"
	case stock.KindReversal:
		return "Reversal"
	case stock.KindOpening:
		return "Opening stock"
	case stock.KindTransfer:
		return "Segment transfer"
	case stock.KindIssue:
		return "Material issue"
	case stock.KindMaterialReturn:
		return "Material return"
	case stock.KindProduction:
		return "Production"
	case stock.KindPacking:
		return "Packing run"
	case stock.KindDispatch:
		return "Dispatch"
	case stock.KindSalesReturn:
		return "Sales return"
	case stock.KindPurchaseReturn:
		return "Purchase return"
	case stock.KindPriceCorrection:
		return "Price correction"
	}
	return string(k)
}

// When writes the time of today, or the day before that.
func When(t time.Time, today core.Date, zone *time.Location) string {
	if core.DateOf(t, zone) == today {
		return t.In(zone).Format("15:04")
	}
	if core.DateOf(t, zone).Time().Year() == today.Time().Year() {
		return t.In(zone).Format("02-Jan")
	}
	return fmt.Sprint(core.DateOf(t, zone))
}
