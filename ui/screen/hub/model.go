// Package hub is the first screen of the floor: big targets for what is done there,
// what runs out, and what was posted. No figure of it is money (R37).
package hub

import (
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
	"masala/ui/screen/dashboard"
	"masala/ui/screen/resume"
)

// Model reads what the hub shows.
type Model struct {
	env    *screen.Env
	value  async.Value[report.DashboardResp]
	Resume *resume.Model
	Tiles  []screen.Entry
	shown  Board
	of     time.Time
}

// Board is the hub in words.
type Board struct {
	Day     string
	Watch   []Watch // batches that cannot start; then what runs out or expires, worst first
	Blocked int     // how many of them are batches
	Recent  []Recent
	Urgent  int // items at or below a third of their minimum, and lots past their day
}

// Watch is a line of the list of what needs care.
type Watch struct {
	Name, NameHi string
	Text         string // "Have 0.400 kg, minimum 6.000 kg"
	Head         bool   // Name is the title of the lines below
	Bad          bool
	Item         core.ItemID
	Lot          core.LotID
}

// Recent is a posted document.
type Recent struct {
	ID     core.DocumentID
	Kind   stock.DocumentKind
	Number string
	Text   string // party or reason
	Qty    string
	At     string
	Void   bool
}

// NewModel makes the model.
func NewModel(env *screen.Env) *Model {
	m := &Model{env: env, Resume: resume.NewModel(env)}
	for _, e := range env.Shell.Menu() {
		if e.Tile != nil {
			m.Tiles = append(m.Tiles, e)
		}
	}
	return m
}

// Topics are what the hub shows.
func Topics() []op.Topic {
	return []op.Topic{stock.Topic, stock.TopicDocuments, catalog.Topic, production.Topic}
}

// Read returns the board and how the reading stands.
func (m *Model) Read() (*Board, async.State) {
	v, st := m.value.Want(m.env.Host, m.env.Today(), m.env.Shell.Revision(Topics()...), func(ctx context.Context) (report.DashboardResp, error) {
		return report.Dashboard.Call(ctx, m.env.Caller, "", report.DashboardReq{})
	})
	if st.Have && !st.At.Equal(m.of) {
		m.of, m.shown = st.At, m.board(v)
	}
	return &m.shown, st
}

// Retry reads again after a failure.
func (m *Model) Retry() { m.value.Retry(m.env.Host) }

// Go opens the screen of a tile.
func (m *Model) Go(e screen.Entry) {
	r := e.Start
	r.ID = e.ID
	m.env.Shell.Navigate(r)
}

// open shows an item or lot in the stock list.
func (m *Model) open(w Watch) {
	m.env.Shell.Navigate(screen.Route{ID: screen.Lots, Item: w.Item, Lot: w.Lot})
}

func (m *Model) board(v report.DashboardResp) Board {
	b := Board{Day: dashboard.Weekday(v.Day)}
	for _, x := range v.Blocked {
		b.Watch = append(b.Watch, blocked(x))
	}
	b.Blocked = len(b.Watch)
	if b.Blocked > 0 && len(v.Reorder)+len(v.Expiring) > 0 {
		b.Watch = append(b.Watch, Watch{Name: outOrOld, Head: true})
	}
	add := func(w Watch) {
		if w.Bad {
			b.Urgent++
		}
		b.Watch = append(b.Watch, w)
	}
	for _, bad := range []bool{true, false} {
		for _, r := range v.Reorder {
			if n := dashboard.NeedOf(r); n.Urgent == bad {
				add(Watch{Name: n.Name, NameHi: n.NameHi, Bad: bad, Item: r.Item,
					Text: "Have " + r.OnHand.String(r.Dimension) + ", minimum " + r.MinStock.String(r.Dimension)})
			}
		}
		for _, l := range v.Expiring {
			if e := dashboard.ExpiryOf(l, v.Day); (e.Days < 0) == bad {
				add(Watch{Name: e.Name, NameHi: e.NameHi, Bad: bad, Lot: l.Lot, Item: l.Item, Text: e.Number + ", " + e.Qty + ", " + e.Left})
			}
		}
	}
	for _, d := range v.Recent {
		r := Recent{ID: d.ID, Kind: d.Kind, Number: d.Number, Text: d.Party, Qty: dashboard.Amounts(d.Mass, d.Pieces, ""),
			At: dashboard.When(d.PostedAt, v.Day, m.env.Zone), Void: d.ReversedBy != ""}
		if r.Text == "" {
			r.Text = d.Reason
		}
		if r.Text == "" {
			r.Text = dashboard.KindName(d.Kind)
		}
		b.Recent = append(b.Recent, r)
	}
	return b
}

const outOrOld = "Runs out or expires"

// blocked says what a batch planned for today lacks (R23).
func blocked(x report.Blocked) Watch {
	l := x.Lacks[0]
	w := Watch{Name: x.Name, NameHi: x.NameHi, Bad: true, Item: l.Item}
	if l.Held > 0 && l.Have+l.Held >= l.Need {
		w.Text = l.Name + ": " + l.Held.String(core.Mass) + " on hold" // a release is all it takes
	} else {
		w.Text = l.Name + ": need " + l.Need.String(core.Mass) + ", have " + l.Have.String(core.Mass)
	}
	if n := len(x.Lacks) - 1; n > 0 {
		w.Text += fmt.Sprintf(", and %d more", n)
	}
	return w
}
