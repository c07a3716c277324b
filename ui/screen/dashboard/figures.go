package dashboard

import (
	"fmt"

	"masala/core"
	"masala/core/report"
)

// Figure is a KPI with its curve.
type Figure struct {
	Label, Value, Note string
	Trend              Trend
	Line               []float32
	Spoken             string
	Kind               FigureKind
}

// FigureKind chooses the colour of a figure.
type FigureKind int

// The figures.
const (
	Purchases FigureKind = iota
	MillYield
	Dispatched
	Expiring
)

// Trend is how a figure moved; its direction is 0 where it only says how much.
type Trend struct {
	Text      string // "8 %", "0.6", "3 lots"
	Direction int    // 1 up, -1 down
}

// growth is the change from before to now, of which people speak in percent.
func growth(now, before core.Paise) Trend {
	if before <= 0 || now == before {
		return Trend{}
	}
	pct, err := core.MulDivHalfUp(int64(max(now-before, before-now)), int64(core.Whole), int64(before))
	if err != nil || core.Percent(pct) > 10*core.Whole {
		return Trend{} // more than tenfold says nothing
	}
	return moved(core.Percent(pct), now > before, " %")
}

func moved(by core.Percent, up bool, unit string) Trend {
	text := Tenths(by)
	if text == "0.0" {
		return Trend{}
	}
	if up {
		return Trend{text + unit, 1}
	}
	return Trend{text + unit, -1}
}

func figures(v report.ValuedDashboardResp) []Figure {
	month := v.Day.Time().Format("January")
	return []Figure{
		{Kind: Purchases, Label: "Purchases, " + month, Value: Rupees(v.Purchases), Note: Count(v.Receipts, "receipt") + ", less returns",
			Trend: growth(v.Purchases, v.PurchasesBefore), Line: curve(v.PurchaseDays), Spoken: "Purchases of the last 14 days"},
		millYield(v),
		{Kind: Dispatched, Label: "Dispatched, " + month, Value: Rupees(v.Dispatched), Note: Count(v.Challans, "challan") + ", less returns",
			Trend: growth(v.Dispatched, v.DispatchedBefore), Line: curve(v.DispatchDays), Spoken: "Dispatches of the last 14 days"},
		expiring(v),
	}
}

func millYield(v report.ValuedDashboardResp) Figure {
	f := Figure{Kind: MillYield, Label: fmt.Sprintf("Mill yield, %d days", report.WastageDays), Value: "–", Note: "no batch completed", Spoken: "Yield of the last 14 days"}
	if v.Mill.Batches == 0 {
		return f
	}
	f.Value, f.Note = Tenths(v.Mill.Yield)+" %", "standard loss "+Tenths(v.Mill.Standard)+" %"
	if v.MillBefore.Batches > 0 {
		d := v.Mill.Yield - v.MillBefore.Yield
		f.Trend = moved(max(d, -d), d > 0, "")
	}
	for _, d := range v.YieldDays {
		f.Line = append(f.Line, float32(d.Yield))
	}
	return f
}

func expiring(v report.ValuedDashboardResp) Figure {
	f := Figure{Kind: Expiring, Label: fmt.Sprintf("Expiring in %d days", report.ExpiringDays), Value: Rupees(v.ExpiringValue), Note: "nothing near its date",
		Trend: Trend{Text: Count(v.ExpiringCells, "lot")}}
	past := 0
	for past < len(v.Expiring) && v.Expiring[past].ExpiryOn < v.Day {
		past++
	}
	switch {
	case past > 0:
		f.Note = Count(past, "lot") + " past the last day"
	case len(v.Expiring) > 0:
		f.Note = "nearest " + v.Expiring[0].ExpiryOn.String()
	}
	return f
}

func curve(days []report.DayValue) (line []float32) {
	for _, d := range days {
		line = append(line, float32(d.Value))
	}
	return line
}
