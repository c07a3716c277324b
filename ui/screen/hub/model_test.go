package hub

import (
	"testing"
	"time"

	"masala/core"
	"masala/core/report"
	"masala/ui/screen"
)

// What cannot start comes first and says what it lacks (R23); what a release would mend
// says so.
func TestBlockedBatches(t *testing.T) {
	m := Model{env: &screen.Env{Zone: time.UTC}}
	leaf := report.Lack{Item: 2, Name: "Curry leaf", Need: 1 * core.Kilogram, Have: 400_000}
	b := m.board(report.DashboardResp{
		Blocked: []report.Blocked{
			{Name: "Curry Powder", Lacks: []report.Lack{leaf, {Name: "Bay leaf"}}},
			{Name: "Tea Masala", Lacks: []report.Lack{{Name: "Green cardamom", Need: 21 * core.Kilogram, Have: 4 * core.Kilogram, Held: 20 * core.Kilogram}}},
			{Name: "Sambar", Lacks: []report.Lack{{Name: "Green cardamom", Need: 30 * core.Kilogram, Have: 4 * core.Kilogram, Held: 20 * core.Kilogram}}}},
		Reorder: []report.Reorder{{Name: "Bay leaf", Dimension: core.Mass, OnHand: 6 * core.Kilogram, MinStock: 15 * core.Kilogram}}})
	if b.Blocked != 3 || len(b.Watch) != 5 || !b.Watch[3].Head || b.Watch[3].Name != "Runs out or expires" {
		t.Fatalf("%+v", b)
	}
	for i, want := range []string{"Curry leaf: need 1.000 kg, have 0.400 kg, and 1 more", "Green cardamom: 20.000 kg on hold", "Green cardamom: need 30.000 kg, have 4.000 kg"} {
		if got := b.Watch[i].Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// Nothing below: no title of nothing.
	if b := m.board(report.DashboardResp{Blocked: []report.Blocked{{Name: "x", Lacks: []report.Lack{leaf}}}}); len(b.Watch) != 1 {
		t.Errorf("%+v", b.Watch)
	}
}
