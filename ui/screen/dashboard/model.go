// Package dashboard is the owner's first screen: what the stock is worth, where it
// stands, what runs out and what has happened.
package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/production"
	"masala/core/report"
	"masala/core/stock"
	"masala/ui/async"
	"masala/ui/screen"
	"masala/ui/screen/resume"
)

// Model reads the dashboard and writes its figures as people read them.
type Model struct {
	env    *screen.Env
	value  async.Value[report.ValuedDashboardResp]
	Resume *resume.Model
	shown  Board
	of     time.Time // At of the answer shown was made of
}

// Board is the dashboard in words.
type Board struct {
	Day       string // "Saturday, 14-Feb-2026"
	Total     string
	Mill      string // "and ₹ 2,14,300.00 in the mill"; "" where nothing is in it
	Change    string // of stock and mill together, "₹ 1,12,480.00 this week"; "" where nothing is known
	Direction int    // of Change
	Stages    []Stage
	Ground    string // "95.4 %" of what was ground became powder; "" where nothing was
	Packed    string // "99.4 %" of the powder taken went into packs
	Figures   []Figure
	Wastage   []Bleed
	Bleeding  string // "₹ 5,064.95 in 2 batches, 1 run" of the packing line beyond their limit; "" where none is
	Batches   string // "Last 7 days, 9 batches"
	Reorder   []Need
	Expiring  []Expiry
	Activity  []Event
}

// Stage is one of the four steps.
type Stage struct {
	Type  catalog.Type
	Name  string
	Lots  string
	Value string
	Qty   string
	Hold  string // "2 on hold"
	Trend Trend  // of the value in a week
	Parts []float32
}

// Need is an item at or below its minimum.
type Need struct {
	Item         core.ItemID
	Name, NameHi string
	Text         string // "760 of 5,000 pcs"
	Part         float32
	Urgent       bool // a third of the minimum or less
}

// Expiry is a lot that must be used soon.
type Expiry struct {
	Lot          core.LotID
	Name, NameHi string
	Number       string
	Qty          string
	Date         string
	Left         string // "in 12 days", "expired 3 days ago"
	Days         int
}

// Event is a document that was posted.
type Event struct {
	ID    core.DocumentID
	Kind  stock.DocumentKind
	Title string
	Note  string
	At    string
	Void  bool // reversed
}

// NewModel makes the model.
func NewModel(env *screen.Env) *Model {
	return &Model{env: env, Resume: resume.NewModel(env)}
}

// Topics are what the dashboard shows.
func Topics() []op.Topic {
	return []op.Topic{stock.Topic, stock.TopicDocuments, catalog.Topic, production.Topic}
}

// Read returns the board, and how the reading stands. It is called in every frame.
func (m *Model) Read() (*Board, async.State) {
	v, st := m.value.Want(m.env.Host, m.env.Today(), m.env.Shell.Revision(Topics()...), func(ctx context.Context) (report.ValuedDashboardResp, error) {
		return report.ValuedDashboard.Call(ctx, m.env.Caller, "", report.DashboardReq{})
	})
	if st.Have && !st.At.Equal(m.of) {
		m.of, m.shown = st.At, m.board(v)
	}
	return &m.shown, st
}

// Retry reads again after a failure.
func (m *Model) Retry() { m.value.Retry(m.env.Host) }

func (m *Model) board(v report.ValuedDashboardResp) Board {
	b := Board{Day: Weekday(v.Day), Total: v.Total.String()}
	if v.InProcess != 0 {
		b.Mill = "and " + v.InProcess.String() + " in the mill"
	}
	// Material that went into the mill is not lost.
	if ago := v.WeekAgo + v.InProcessWeekAgo; ago > 0 && v.Total+v.InProcess != ago {
		d := v.Total + v.InProcess - ago
		b.Direction = cmp.Compare(d, 0)
		b.Change = max(d, -d).String() + " this week"
	}
	for i, s := range v.Stages {
		st := Stage{Type: s.Type, Name: StageName(s.Type), Lots: Count(s.Lots, "lot"), Qty: Amounts(s.Mass, s.Pieces, s.Type)}
		if s.OnHold > 0 {
			st.Hold = fmt.Sprintf("%d on hold", s.OnHold)
		}
		if i < len(v.Values) {
			st.Value = v.Values[i].Value.String()
			st.Trend = growth(v.Values[i].Value, v.Values[i].Ago)
			for _, p := range v.Values[i].Top {
				st.Parts = append(st.Parts, float32(p))
			}
		}
		b.Stages = append(b.Stages, st)
	}
	b.Figures = figures(v)
	if v.Mill.Batches > 0 {
		b.Ground = Tenths(v.Mill.Yield) + " %"
	}
	if v.Packing.Runs > 0 {
		b.Packed = Tenths(v.Packing.Yield) + " %"
	}
	b.bleed(v)
	for _, r := range v.Reorder {
		b.Reorder = append(b.Reorder, NeedOf(r))
	}
	for _, l := range v.Expiring {
		b.Expiring = append(b.Expiring, ExpiryOf(l, v.Day))
	}
	for _, d := range v.Recent {
		b.Activity = append(b.Activity, m.event(d, v.Day))
	}
	return b
}

// NeedOf writes a re-order row.
func NeedOf(r report.Reorder) Need {
	n := Need{Item: r.Item, Name: r.Name, NameHi: r.NameHi, Text: r.OnHand.Number(r.Dimension) + " of " + r.MinStock.String(r.Dimension)}
	if r.MinStock > 0 {
		n.Part = float32(r.OnHand) / float32(r.MinStock)
	}
	n.Urgent = n.Part <= 1.0/3
	return n
}

// ExpiryOf writes a lot with its date; day is the business day.
func ExpiryOf(l stock.LotRow, day core.Date) Expiry {
	e := Expiry{Lot: l.Lot, Name: l.Name, NameHi: l.NameHi, Number: l.Number, Qty: l.Qty.String(l.Dimension),
		Date: l.ExpiryOn.String(), Days: int(l.ExpiryOn - day)}
	switch {
	case e.Days < -1:
		e.Left = fmt.Sprintf("expired %d days ago", -e.Days)
	case e.Days == -1:
		e.Left = "expired yesterday"
	case e.Days == 0:
		e.Left = "last day today"
	case e.Days == 1:
		e.Left = "1 day left"
	default:
		e.Left = fmt.Sprintf("%d days left", e.Days)
	}
	return e
}

func (m *Model) event(d stock.DocumentRow, day core.Date) Event {
	e := Event{ID: d.ID, Kind: d.Kind, Title: d.Number, Void: d.ReversedBy != "", At: When(d.PostedAt, day, m.env.Zone)}
	what := Amounts(d.Mass, d.Pieces, "")
	if d.Party != "" {
		e.Title += ", " + d.Party
	} else if d.Reason != "" {
		e.Title += ", " + d.Reason
	}
	e.Note = d.User
	if d.Device != "" {
		e.Note += " on " + d.Device
	}
	if what != "" {
		e.Note += ", " + what
	}
	if e.Void {
		e.Note += ", reversed by " + d.ReversedBy
	}
	return e
}
