// Package storagetest starts a whole server for tests: the real pipeline over a
// real database in a temporary folder, with a clock that the test sets.
package storagetest

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/catalog"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/storage"
)

// Password of every user a Factory makes.
const Password = "turmeric-42"

// Factory is a server without sockets.
type Factory struct {
	T      testing.TB
	App    *app.App
	DB     *storage.DB
	Path   string
	Clock  *Clock
	Health *health.Registry
	Mode   *Licence
	Vendor *Vendor // nil: the licence is what Mode says
	Owner  *User   // Admin
	Store1 *User   // Operator
	tally  *Tally  // nil: nobody counts
}

// Clock is a core.Clock that stands still until it is set.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time that was set.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Set moves the clock, backwards too.
func (c *Clock) Set(t time.Time) { c.mu.Lock(); c.now = t; c.mu.Unlock() }

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) { c.mu.Lock(); c.now = c.now.Add(d); c.mu.Unlock() }

// Licence is a licence whose mode the test sets.
type Licence struct {
	mu   sync.Mutex
	mode licence.Mode
}

// Check returns the mode that was set, at first Active.
func (l *Licence) Check(time.Time, *time.Location) licence.Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mode == "" {
		return licence.Verdict{Mode: licence.Active}
	}
	return licence.Verdict{Mode: l.mode}
}

// Set changes the mode.
func (l *Licence) Set(m licence.Mode) { l.mu.Lock(); l.mode = m; l.mu.Unlock() }

// Start is 12-Feb-2026, 10:00 in the factory, the first day of the demo story.
var Start = time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)

// New starts a factory with an Admin named owner and an Operator named store1.
func New(t testing.TB) *Factory {
	t.Helper()
	f := &Factory{T: t, Path: filepath.Join(t.TempDir(), "masala.db"), Clock: &Clock{now: Start}, Health: &health.Registry{}, Mode: &Licence{}}
	f.Open("")
	t.Cleanup(func() { f.DB.Close() })
	f.Owner = &User{f: f, peer: op.Peer{Name: "SERVER", Local: true}}
	resp, err := account.CreateFirstAdmin.Call(context.Background(), f.Owner, "", account.CreateFirstAdminReq{
		Factory: "Demo factory, Pune", StateCode: "27", Login: "owner", Name: "Asha Kulkarni", Password: Password})
	f.must(err)
	f.Owner.token, f.Owner.ID = resp.Token, resp.User.ID
	Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "store1", Name: "Store 1", Role: core.Operator, Password: Password})
	pc, err := f.App.Pair(context.Background(), "5702e001", "PC-STORE")
	f.must(err)
	f.Store1 = f.Login("store1", pc)
	return f
}

// Open opens, or opens again, the database of the factory on the given VFS.
func (f *Factory) Open(vfs string) {
	f.T.Helper()
	db, err := storage.Open(context.Background(), storage.Options{Path: f.Path, VFS: vfs})
	f.must(err)
	f.DB = db
	f.serve()
}

// serve starts the application on the open database.
func (f *Factory) serve() { f.T.Helper(); f.ServeFrom(f.DB) }

// ServeFrom starts the application on other books of the same database.
func (f *Factory) ServeFrom(books app.Books) {
	f.T.Helper()
	var law licence.Licence = f.Mode
	if f.Vendor != nil {
		law = f.Vendor.guard()
	}
	f.App = app.New(app.Options{Books: books, Clock: f.Clock, Health: f.Health, Licence: law, Restart: func() {}, Hasher: account.NewTestHasher(), Desk: desk{}})
	f.must(f.App.StartLicence(context.Background()))
}

// desk gives out one pairing code for ever.
type desk struct{}

func (desk) Open(now time.Time) (string, time.Time, error) {
	return "ABCD-EFGH-JKLM-NPQR", now.Add(10 * time.Minute), nil
}

func (f *Factory) must(err error) {
	f.T.Helper()
	if err != nil {
		f.T.Fatal(err)
	}
}

// User is a logged-in user; it implements op.Caller.
type User struct {
	f     *Factory
	ID    core.UserID
	token string
	peer  op.Peer
}

// Login logs in from a PC.
func (f *Factory) Login(login string, peer op.Peer) *User {
	f.T.Helper()
	u := &User{f: f, peer: peer}
	resp, err := account.Login.Call(context.Background(), u, "", account.LoginReq{Login: login, Password: Password})
	f.must(err)
	u.token, u.ID = resp.Token, resp.User.ID
	return u
}

// Request is what a call of this user looks like to the server.
func (u *User) Request(operation, key string, body []byte) op.Request {
	return op.Request{Operation: operation, Key: key, Token: u.token, Body: body, Peer: u.peer}
}

// inForm is how a form calls its fields: lines[0].qty, never by a number of the books.
var inForm = regexp.MustCompile(`^[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*$`)

// Call implements op.Caller. Faults are of fields that a form can have.
func (u *User) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	answer, err := u.f.App.Serve(ctx, u.Request(operation, key, body))
	u.f.tally.answered(operation, err)
	var e *core.Error
	if errors.As(err, &e) {
		for _, x := range e.Fields {
			if !inForm.MatchString(x.Field) {
				u.f.T.Errorf("%s: no form has a field %q: %s", operation, x.Field, x.Message)
			}
		}
	}
	return answer, err
}

// Try performs an operation with a fresh request key.
func Try[Req, Resp any](u *User, o op.Op[Req, Resp], req Req) (Resp, error) {
	key := ""
	if o.Kind != op.Read && !o.Keyless {
		key = uuid.NewString()
	}
	return o.Call(context.Background(), u, key, req)
}

// Do is Try for operations that must succeed.
func Do[Req, Resp any](u *User, o op.Op[Req, Resp], req Req) Resp {
	u.f.T.Helper()
	resp, err := Try(u, o, req)
	if err != nil {
		var e *core.Error
		if errors.As(err, &e) {
			u.f.T.Fatalf("%s: %s: %v %v (%v)", o.Name, e.Code, err, e.Fields, e.Unwrap())
		}
		u.f.T.Fatalf("%s: %v", o.Name, err)
	}
	return resp
}

// Verify fails the test unless the books are good.
func (f *Factory) Verify() *storage.Report {
	f.T.Helper()
	r, err := f.DB.Verify(context.Background(), nil)
	f.must(err)
	if !r.OK() {
		f.T.Fatalf("the books are wrong: %d problems: %q", r.Found, r.Problems)
	}
	return r
}

// Item adds a raw material measured in kg, with a bag of 40 kg.
func (f *Factory) Item(sku, name string, change ...func(*catalog.ItemFields)) catalog.Item {
	f.T.Helper()
	fields := catalog.ItemFields{SKU: sku, Name: name, Type: catalog.Raw, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg", ShelfLifeMonths: 12,
		HSN: "09109914", GST: []catalog.GSTRate{{From: core.NewDate(2025, 9, 22), Rate: 500}}, Units: []catalog.ItemUnit{{Code: "bag", Num: 40_000_000, Den: 1}}, Active: true}
	for _, c := range change {
		c(&fields)
	}
	return Do(f.Owner, catalog.CreateItem, catalog.CreateItemReq{ItemFields: fields})
}

// Supplier adds a supplier in Gujarat.
func (f *Factory) Supplier(name string) party.Party {
	f.T.Helper()
	return Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: name, StateCode: "24", LeadDays: 4, Active: true}})
}

// FinishedGood adds a finished good counted in pieces.
func (f *Factory) FinishedGood(sku, name string, change ...func(*catalog.ItemFields)) catalog.Item {
	f.T.Helper()
	return f.Item(sku, name, append([]func(*catalog.ItemFields){func(i *catalog.ItemFields) {
		i.Type, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units, i.NetWeight = catalog.Finished, core.Count, "pcs", "pcs", nil, 50*core.Gram
	}}, change...)...)
}

// Opening enters a released lot that was there before the books, expiring in July
// 2027, and returns its cell.
func (f *Factory) Opening(item core.ItemID, qty core.Qty, value core.Paise, change ...func(*stock.OpeningLine)) stock.CellKey {
	f.T.Helper()
	l := stock.OpeningLine{Item: item, Qty: qty, Value: value, Segment: core.Regular, ExpiryOn: core.NewDate(2027, 7, 27)}
	for _, c := range change {
		c(&l)
	}
	resp := Do(f.Owner, stock.PostOpening, stock.PostOpeningReq{Reason: "Excel of 31-Jan-2026", Lines: []stock.OpeningLine{l}})
	key := stock.CellKey{Lot: resp.Lots[0].Lot, Segment: l.Segment, Status: stock.Released}
	if l.Hold {
		key.Status = stock.Hold
	}
	return key
}

// GRN is a delivery of one kg-priced line per item, ready to be posted.
func GRN(supplier core.PartyID, invoice string, lines ...purchase.GRNLine) purchase.PostGRNReq {
	return purchase.PostGRNReq{Supplier: supplier, InvoiceNo: invoice, InvoiceDate: core.NewDate(2026, 2, 10), Lines: lines}
}

// Line is a line of a GRN: so many kg for so much.
func Line(item core.ItemID, kg int64, value core.Paise) purchase.GRNLine {
	return purchase.GRNLine{Item: item, Qty: core.Qty(kg) * core.Kilogram, Unit: "kg", Value: value, SupplierBatch: "UJ-77",
		MfgOn: core.NewDate(2026, 1, 28), ExpiryOn: core.NewDate(2027, 7, 27)}
}
