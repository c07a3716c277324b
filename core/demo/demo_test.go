package demo_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/catalog"
	"masala/core/demo"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/report"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
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
	if n := read(f, catalog.ListItems, catalog.ListItemsReq{}).Total; n != 29+13+14+14 {
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
	if cumin.Received != 200*core.Kilogram || cumin.Qty != 126_250*core.Gram || lots[0].Status != stock.Hold {
		t.Errorf("cumin: received %d, now %d, %s", cumin.Received, cumin.Qty, lots[0].Status)
	}
	// 45,000.00 goods + 1,109.16 freight for 200 kg; 35 kg and 40 kg to the mill take
	// 8,069.10 and 9,221.83; 1.25 kg found at the rate of the rest are 288.18; and
	// 126.25/201.25 of the 500.00 debited later.
	if want := core.Paise(46_109_16 - 8_069_10 - 9_221_83 + 288_18 + 313_66); cumin.Value != want {
		t.Errorf("cumin is worth %s, want %s", cumin.Value, want)
	}
	if cumin.BornOn != core.NewDate(2026, 2, 12) {
		t.Errorf("cumin came on %s", cumin.BornOn)
	}
	if cartons := read(f, stock.ListLots, stock.ListLotsReq{Query: "PKG-004"}).Lots; len(cartons) != 0 {
		t.Errorf("cartons: %+v", cartons)
	}
}

// TestStoryOfTheCumin: two batches, three lots of packs, four challans, three customers.
func TestStoryOfTheCumin(t *testing.T) {
	f := fill(t, now)
	f.verify()
	made := map[string]production.Row{}
	for _, b := range read(f, production.ListBatches, production.ListBatchesReq{}).Batches {
		made[b.SKU+" "+string(b.State)] = b
	}
	garam, turmeric := made["BLK-006 COMPLETED"], made["BLK-001 COMPLETED"]
	if garam.Issued != 100_050*core.Gram || garam.Loss != 355 || garam.Alert || turmeric.Loss != 650 || !turmeric.Alert {
		t.Errorf("garam masala %+v, turmeric %+v", garam, turmeric)
	}
	if made["BLK-001 IN_PROGRESS"].Issued != 0 || made["BLK-002 PLANNED"].ID == 0 || len(made) != 8 {
		t.Errorf("%d kinds of batches: %v", len(made), made)
	}
	runs := read(f, packing.ListRuns, packing.ListRunsReq{}).Runs
	if len(runs) != 5 || runs[4].Packs != 760 || runs[4].SKU != "FIN-007" || runs[4].Powder != 38_490*core.Gram || runs[3].Segment != core.Online {
		t.Errorf("packed %+v", runs)
	}
	r := read(f, trace.GetRecall, trace.GetRecallReq{ID: 1})
	kinds, challans := map[catalog.Type]int{}, map[string]core.Qty{}
	for _, n := range r.Frozen {
		kinds[n.Type]++
		if b := read(f, trace.TraceLot, trace.LotReq{Lot: n.Lot}).Balance; b.In() != b.Out() || b.In() == 0 {
			t.Errorf("%s balances as %+v", n.Number, b)
		}
	}
	for _, c := range r.Customers {
		for _, p := range read(f, trace.ListParcels, trace.ListParcelsReq{Recall: 1, Customer: c.Party}).Parcels {
			challans[p.Number] += p.Qty
		}
	}
	if kinds[catalog.Raw] != 1 || kinds[catalog.Bulk] != 3 || kinds[catalog.Finished] != 3 || len(r.Customers) != 3 || len(challans) != 4 || r.Customers[0].Phone == "" {
		t.Errorf("frozen %v, with %d customers and challans %v", kinds, len(r.Customers), challans)
	}
	drafts, back := 0, read(f, sales.ListReturns, sales.ListReturnsReq{}).Returns
	for _, d := range read(f, sales.ListDispatches, sales.ListDispatchesReq{}).Dispatches {
		if d.State == sales.Draft {
			drafts++
		}
	}
	if drafts != 1 || len(back) != 2 || back[0].Qty+back[1].Qty != 24 {
		t.Errorf("%d drafts, returned %+v", drafts, back)
	}
	if p := read(f, stock.ListPeriods, stock.ListPeriodsReq{}).Periods; len(p) != 1 || p[0].Month != core.NewDate(2026, 1, 1) {
		t.Errorf("closed months: %+v", p)
	}
	if c := read(f, stock.ListCounts, stock.ListCountsReq{}).Counts; len(c) != 1 {
		t.Errorf("counts: %+v", c)
	}
	if n := read(f, recipe.ListRecipes, recipe.ListRecipesReq{}).Total; n != 12 {
		t.Errorf("%d recipes", n)
	}
	if n := read(f, packing.ListProfiles, packing.ListProfilesReq{}).Total; n != 8 {
		t.Errorf("%d profiles", n)
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
	if d.Mill.Batches < 3 || d.Work.OverLoss != 1 || d.OverValue <= 0 || len(d.YieldDays) < 3 {
		t.Errorf("mill %+v, %d batches over their limit, worth %s", d.Mill, d.Work.OverLoss, d.OverValue)
	}
	if len(d.Blocked) != 1 || d.Blocked[0].Name != "Sambar Masala" {
		t.Errorf("cannot be made: %+v", d.Blocked)
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
// past midnight. More of them: MASALA_DEMO_DAYS=100.
func TestAnyDay(t *testing.T) {
	n := 6
	if text := os.Getenv("MASALA_DEMO_DAYS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
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
