package dashboard

import (
	"fmt"
	"strings"

	"masala/core"
	"masala/core/report"
)

// Bleed is what a completed batch lost, beside what it may lose (R20).
type Bleed struct {
	Document     core.DocumentID
	Name, NameHi string
	Number       string
	Share        string // "6.5 %"
	Value        string // what the loss was worth; "in limits"
	Note         string // "alert line 5.5 %, over by 1.0 points"
	Over         bool
	Part, Limit  float32 // of the bar
}

// bar is the loss that fills a bar, unless a batch lost more.
const bar = 10 * core.Whole / 100

func (b *Board) bleed(v report.ValuedDashboardResp) {
	if v.Mill.Batches > 0 {
		b.Batches = fmt.Sprintf("Last %d days, %s", report.WastageDays, Count(v.Mill.Batches, "batch"))
	}
	var over []string
	if n := v.Work.OverLoss; n > 0 {
		over = append(over, Count(n, "batch"))
	}
	if n := v.Work.OverRuns; n > 0 {
		over = append(over, Count(n, "run"))
	}
	if len(over) > 0 {
		b.Bleeding = v.OverValue.String() + " in " + strings.Join(over, ", ")
	}
	full := bar
	for _, l := range v.Losses {
		full = max(full, l.LossShare, l.Limit)
	}
	for i, l := range v.Losses {
		w := Bleed{Document: l.Document, Name: l.Name, NameHi: l.NameHi, Number: l.Number, Share: Tenths(l.LossShare) + " %", Value: "in limits",
			Part: float32(l.LossShare) / float32(full), Limit: float32(l.Limit) / float32(full)}
		w.Note = "alert line " + Tenths(l.Limit) + " %, "
		switch {
		case l.Alerts > 0:
			w.Over, w.Note = true, w.Note+"over by "+Tenths(l.LossShare-l.Limit)+" points"
			if i < len(v.LossValues) {
				w.Value = v.LossValues[i].String()
			}
		case l.Gain > 0:
			w.Note += "more came out than went in"
		case l.LossShare > l.Standard:
			w.Note += "within the tolerance"
		default:
			w.Note += "inside standard"
		}
		b.Wastage = append(b.Wastage, w)
	}
}
