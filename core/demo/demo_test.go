package demo_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/catalog"
	"masala/core/demo"
	"masala/core/op"
	"masala/core/party"
	"masala/core/report"
	"masala/core/stock"
	"masala/storage"
)

// now is 28-Feb-2026, 18:00 in the factory: the delivery of turmeric, cumin and
// coriander falls on 12-Feb.
var now = time.Date(2026, 2, 28, 12, 30, 0, 0, time.UTC)

type factory struct {
	t   *testing.T
	db  *storage.DB
	app *app.App
}

func fill(t *testing.T, now time.Time) *factory {
	t.Helper()
	db, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "masala.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	clock := &demo.Clock{}
	a := app.New(app.Options{Books: db, Clock: clock, Random: rand.NewChaCha8([32]byte{1}), Hasher: account.NewTestHasher()})
	start := time.Now()
	steps := 0
	err = demo.Fill(t.Context(), demo.Options{Service: a, Clock: clock, Now: now, Progress: func(_, total int, _ string) { steps = total }})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d steps in %v", steps, time.Since(start).Round(time.Millisecond))
	return &factory{t, db, a}
}

// Call logs the owner in for every call: the demo is all there is in these books.
func (f *factory) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	f.t.Helper()
	peer := op.Peer{Name: "PC-OFFICE", Local: true}
	login, err := account.Login.Call(ctx, login{f.app, peer}, "", account.LoginReq{Login: "owner", Password: demo.Password})
	if err != nil {
		f.t.Fatal(err)
	}
	return f.app.Serve(ctx, op.Request{Operation: operation, Key: key, Token: login.Token, Body: body, Peer: peer})
}

type login struct {
	app  *app.App
	peer op.Peer
}

func (l login) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	return l.app.Serve(ctx, op.Request{Operation: operation, Key: key, Body: body, Peer: l.peer})
}

func read[Req, Resp any](f *factory, o op.Op[Req, Resp], req Req) Resp {
	f.t.Helper()
	resp, err := o.Call(f.t.Context(), f, "", req)
	if err != nil {
		f.t.Fatal(err)
	}
	return resp
}

func (f *factory) verify() *storage.Report {
	f.t.Helper()
	r, err := f.db.Verify(f.t.Context(), nil)
	if err != nil || !r.OK() {
		f.t.Fatalf("the books are wrong: %v %q", err, r.Problems)
	}
	return r
}

// The same day gives the same books, row by row; another day gives others.
func TestSameDaySameBooks(t *testing.T) {
	one, two, later := fill(t, now).verify(), fill(t, now).verify(), fill(t, now.AddDate(0, 0, 1)).verify()
	if one.Head != two.Head || one.Seq != two.Seq {
		t.Errorf("two runs differ: %d rows %x, %d rows %x", one.Seq, one.Head, two.Seq, two.Head)
	}
	if one.Head == later.Head {
		t.Error("another day gave the same books")
	}
}

func TestStory(t *testing.T) {
	f := fill(t, now)
	f.verify()
	if n := read(f, catalog.ListItems, catalog.ListItemsReq{}).Total; n != 29+12+14+14 {
		t.Errorf("%d items", n)
	}
	hindi := read(f, catalog.ListItems, catalog.ListItemsReq{Query: "जीरा", Types: []catalog.Type{catalog.Raw}}).Items
	if len(hindi) != 1 || hindi[0].SKU != "RAW-005" {
		t.Errorf("जीरा finds %v", hindi)
	}
	parties := read(f, party.ListParties, party.ListPartiesReq{}).Parties
	if len(parties) != 18 {
		t.Errorf("%d parties", len(parties))
	}
	for _, p := range parties {
		if err := party.CheckGSTIN(p.GSTIN); err != nil || p.GSTIN[:2] != p.StateCode || p.Phone == "" {
			t.Errorf("%s: GSTIN %s, phone %s: %v", p.Name, p.GSTIN, p.Phone, err)
		}
	}
	if users := read(f, account.ListUsers, account.ListUsersReq{}).Users; len(users) != len(demo.Logins()) {
		t.Errorf("%d users", len(users))
	}

	// 500 kg at 143 with its share of 3,500 freight: vector 2 of the rules.
	lots := read(f, stock.ListValuedLots, stock.ListLotsReq{Query: "UJ-77"}).Lots
	if len(lots) != 1 {
		t.Fatalf("UJ-77 finds %d lots", len(lots))
	}
	cumin := read(f, stock.GetValuedLot, stock.GetLotReq{ID: lots[0].Lot})
	if cumin.Received != 200*core.Kilogram || cumin.Qty != 201_250*core.Gram || lots[0].Status != stock.Hold {
		t.Errorf("cumin: received %d, now %d, %s", cumin.Received, cumin.Qty, lots[0].Status)
	}
	// 45,000.00 goods + 1,109.16 freight, 200 kg; 1.25 kg more at the same rate.
	if want := core.Paise(46_109_16 + 288_18); cumin.Value != want {
		t.Errorf("cumin is worth %s, want %s", cumin.Value, want)
	}
	if cumin.BornOn != core.NewDate(2026, 2, 12) {
		t.Errorf("cumin came on %s", cumin.BornOn)
	}
	cartons := read(f, stock.ListLots, stock.ListLotsReq{Query: "PKG-004"}).Lots
	if len(cartons) != 1 || cartons[0].Qty != 760 {
		t.Errorf("cartons: %+v", cartons)
	}
}

// A dashboard that shows nothing shows nobody anything.
func TestDashboardShowsLife(t *testing.T) {
	f := fill(t, now)
	d := read(f, report.ValuedDashboard, report.DashboardReq{})
	if len(d.Reorder) < 5 || len(d.Expiring) < 3 || len(d.Recent) != 12 || d.Receipts < 20 {
		t.Errorf("below minimum %d, expiring %d, recent %d, receipts %d", len(d.Reorder), len(d.Expiring), len(d.Recent), d.Receipts)
	}
	if !(d.Expiring[0].ExpiryOn < d.Day && d.Expiring[1].ExpiryOn >= d.Day) {
		t.Errorf("want one expired lot, first %s, second %s", d.Expiring[0].ExpiryOn, d.Expiring[1].ExpiryOn)
	}
	bought := 0
	for _, day := range d.PurchaseDays {
		if day.Value > 0 {
			bought++
		}
	}
	if bought < 9 || d.PurchaseDays[len(d.PurchaseDays)-1].Value <= 0 {
		t.Errorf("goods came on %d of 14 days: %v", bought, d.PurchaseDays)
	}
	if d.Total < 20_00_000_00 || d.Total > 90_00_000_00 || d.WeekAgo >= d.Total {
		t.Errorf("total %s, a week ago %s", d.Total, d.WeekAgo)
	}
	holds := 0
	for _, s := range d.Stages {
		holds += s.OnHold
	}
	if holds < 3 {
		t.Errorf("%d lots on hold", holds)
	}
	kinds := map[stock.DocumentKind]int{}
	for after := ""; ; {
		page := read(f, stock.ListDocuments, stock.ListDocumentsReq{After: after})
		for _, doc := range page.Documents {
			kinds[doc.Kind]++
			if doc.PostedAt.After(now) {
				t.Errorf("%s was posted at %s, after now", doc.Number, doc.PostedAt)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	t.Logf("%v; %s in stock, %d items below minimum, %d lots expiring, %d on hold", kinds, d.Total, len(d.Reorder), len(d.Expiring), holds)
	if kinds[stock.KindGRN] < 45 || kinds[stock.KindReversal] != 1 || kinds[stock.KindAdjustment] < 5 || kinds[stock.KindStatus] < 15 {
		t.Errorf("documents: %v", kinds)
	}
}

// Every day of two years, at any hour, must do: Sundays, the first of a month, half
// past midnight.
func TestAnyDay(t *testing.T) {
	n := 24
	if testing.Short() {
		n = 4
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		at := time.Date(2026, 1, 1, 0, r.IntN(60), 0, 0, time.UTC).Add(time.Duration(r.IntN(2*365*24)) * time.Hour)
		t.Run(at.Format("Mon 2006-01-02 15:04"), func(t *testing.T) {
			f := fill(t, at)
			f.verify()
			for _, d := range read(f, stock.ListDocuments, stock.ListDocumentsReq{Limit: 20}).Documents {
				if d.PostedAt.After(at) {
					t.Errorf("%s was posted at %s, after now", d.Number, d.PostedAt)
				}
			}
		})
	}
}

// A factory that is in use is left alone.
func TestOnlyIntoAnEmptyFactory(t *testing.T) {
	f := fill(t, now)
	before := f.verify()
	err := demo.Fill(t.Context(), demo.Options{Service: f.app, Clock: &demo.Clock{}, Now: now})
	if core.CodeOf(err) != core.CodeConflict || !strings.Contains(err.Error(), "already set up") {
		t.Errorf("second fill: %v", err)
	}
	if after := f.verify(); after.Head != before.Head {
		t.Error("the second fill changed the ledger")
	}
}
