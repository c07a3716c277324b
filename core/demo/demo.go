// Package demo fills the books of a new factory with seven weeks of a small spice
// factory at work, through the same operations everybody else uses. The same seed
// and the same day give the same books, row by row. Parties and prices are invented.
package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/sales"
	"masala/core/stock"
)

// Password of every user of the demo factory. It is no secret: the login screen of
// the demo shows it.
const Password = "masala-demo"

// FactoryName is what the demo factory is called.
const FactoryName = "Demo factory, Pune"

// Days is how far back the books of the demo begin, at most one day more.
const Days = 45

// Login is a user of the demo factory.
type Login struct {
	Login string
	Name  string
	Role  core.Role
	PC    string
	Note  string // what he does, in a few words
}

// Logins lists the users of the demo factory; the first one is the owner.
func Logins() []Login {
	return []Login{
		{"owner", "Asha Kulkarni", core.Admin, "PC-OFFICE", "owner, sees values"},
		{"manager", "Ravi Deshmukh", core.Admin, "PC-OFFICE", "manager, quality"},
		{"store1", "Sunita Pawar", core.Operator, "PC-STORE", "store and goods in"},
		{"store2", "Imran Shaikh", core.Operator, "PC-STORE-2", "store, packing material"},
		{"mill1", "Ganesh Jadhav", core.Operator, "PC-MILL", "grinding and blending"},
		{"pack1", "Lata More", core.Operator, "PC-PACKING", "packing lines"},
		{"dispatch1", "Vijay Gaikwad", core.Operator, "PC-DISPATCH", "dispatch and returns"},
	}
}

// Clock is a core.Clock that stands where Fill has put it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time that was set.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Set moves the clock.
func (c *Clock) Set(t time.Time) { c.mu.Lock(); c.now = t; c.mu.Unlock() }

// Options of Fill.
type Options struct {
	Service op.Service // of a factory that is not set up yet, running on Clock
	Clock   *Clock     // Fill moves it from Days ago up to Now
	Now     time.Time  // where the demo ends

	// Progress, which may be nil, is told each step before it is done.
	Progress func(done, total int, what string)
}

// Fill sets the factory up and works in it until Now. It returns core.CodeConflict
// when the factory has a user already. Each document is posted on its day, so that
// nothing is backdated.
func Fill(ctx context.Context, o Options) error {
	f, err := newFiller(ctx, o)
	if err != nil {
		return err
	}
	f.plan()
	slices.SortStableFunc(f.steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.minute, b.minute)) })
	for i, s := range f.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(i, len(f.steps), s.what)
		}
		o.Clock.Set(f.instant(s))
		if err := s.do(); err != nil {
			return fmt.Errorf("demo: %s on %s: %w", s.what, s.day, err)
		}
	}
	o.Clock.Set(o.Now)
	if o.Progress != nil {
		o.Progress(len(f.steps), len(f.steps), "")
	}
	return f.leave()
}

func newFiller(ctx context.Context, o Options) (*filler, error) {
	if o.Service == nil || o.Clock == nil || o.Now.IsZero() {
		return nil, errors.New("demo: Service, Clock and Now are needed")
	}
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		return nil, err
	}
	return &filler{ctx: ctx, options: o, zone: zone, today: core.DateOf(o.Now, zone), seats: map[string]*seat{},
		items: map[string]catalog.Item{}, parties: map[string]core.PartyID{}, posted: map[string]purchase.PostGRNResp{},
		recipes: map[string]recipe.ID{}, profiles: map[string]packing.Profile{}, batches: map[string]production.Batch{}, runs: map[string]packing.Run{}, sent: map[string]sales.Dispatch{}}, nil
}

// filler is one run of Fill.
type filler struct {
	ctx     context.Context
	options Options
	zone    *time.Location
	today   core.Date
	steps   []step
	keys    int
	seats   map[string]*seat
	items   map[string]catalog.Item // by SKU
	parties map[string]core.PartyID // by name
	posted  map[string]purchase.PostGRNResp

	// What was made, by the names the story gives it.
	recipes  map[string]recipe.ID       // by SKU of the powder
	profiles map[string]packing.Profile // by code
	batches  map[string]production.Batch
	runs     map[string]packing.Run
	sent     map[string]sales.Dispatch
	before   []stock.OpenedLot // packs from before these books
}

// step is one thing done on a day, minute minutes after midnight.
type step struct {
	day    core.Date
	minute int
	what   string
	do     func() error
}

func (f *filler) at(day core.Date, minute int, what string, do func() error) {
	f.steps = append(f.steps, step{day, minute, what, do})
}

// instant is when a step happens. Those of today that lie ahead of Now share what
// there is of today, so that nothing is posted in the future.
func (f *filler) instant(s step) time.Time {
	midnight := func(d core.Date) time.Time {
		t := d.Time()
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, f.zone)
	}
	start := midnight(s.day)
	at := start.Add(time.Duration(s.minute) * time.Minute)
	if s.day < f.today {
		return at
	}
	const closing = 20 * 60
	if gone := f.options.Now.Sub(start); gone < closing*time.Minute {
		at = start.Add(gone * time.Duration(s.minute) / closing)
	}
	return at
}

// workday is the day that lies ago days back, or the Saturday before a Sunday.
// Today is always worked, so that the demo is never empty.
func (f *filler) workday(ago int) core.Date {
	day := f.today.AddDays(-ago)
	if ago > 0 && day.Time().Weekday() == time.Sunday {
		day--
	}
	return day
}

// plan writes down everything that will happen.
func (f *filler) plan() {
	start := f.workday(Days) // the first delivery comes the day after
	f.at(start, 9*60, "Setting up the factory", f.setUp)
	for i, it := range items() {
		f.at(start, 9*60+20+i, "Adding items", func() error { return f.addItem(it) })
	}
	for i, p := range parties() {
		f.at(start, 11*60+i, "Adding suppliers and customers", func() error { return f.addParty(p) })
	}
	f.at(start, 11*60+40, "Adding recipes and packaging", f.addRecipes)
	f.planRoutine()
	f.planStory()
}

func (f *filler) addItem(it catalog.ItemFields) error {
	item, err := do(f, "owner", catalog.CreateItem, catalog.CreateItemReq{ItemFields: it})
	f.items[it.SKU] = item
	return err
}

func (f *filler) addParty(p party.Fields) error {
	got, err := do(f, "owner", party.CreateParty, party.CreatePartyReq{Fields: p})
	f.parties[p.Name] = got.ID
	return err
}

// seat is a user at his PC; it implements op.Caller.
type seat struct {
	service op.Service
	peer    op.Peer
	login   string
	token   string
	expires time.Time
}

// Call implements op.Caller.
func (s *seat) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	return s.service.Serve(ctx, op.Request{Operation: operation, Key: key, Token: s.token, Body: body, Peer: s.peer})
}

// seat returns the user at his PC, logged in for today.
func (f *filler) seat(login string) (*seat, error) {
	s := f.seats[login]
	if s == nil {
		s = &seat{service: f.options.Service, login: login, peer: op.Peer{Local: true}}
		for _, l := range Logins() {
			if l.Login == login {
				s.peer.Name = l.PC
			}
		}
		f.seats[login] = s
	}
	if s.expires.After(f.options.Clock.Now()) {
		return s, nil
	}
	resp, err := account.Login.Call(f.ctx, s, "", account.LoginReq{Login: login, Password: Password})
	s.token, s.expires = resp.Token, resp.Expires
	return s, err
}

// leave logs everybody out.
func (f *filler) leave() error {
	for _, l := range Logins() {
		s := f.seats[l.Login]
		if s == nil || !s.expires.After(f.options.Now) {
			continue
		}
		if _, err := account.Logout.Call(f.ctx, s, "", account.LogoutReq{}); err != nil {
			return fmt.Errorf("demo: log %s out: %w", l.Login, err)
		}
	}
	return nil
}

// keySpace names the request keys of the demo, which are the same on every run.
var keySpace = uuid.MustParse("7a1c2f5e-5f0e-4a53-9a5b-6d6173616c61")

// do performs an operation as a user.
func do[Req, Resp any](f *filler, login string, o op.Op[Req, Resp], req Req) (resp Resp, err error) {
	s, err := f.seat(login)
	if err != nil {
		return resp, err
	}
	key := ""
	if o.Kind != op.Read && !o.Keyless {
		f.keys++
		key = uuid.NewSHA1(keySpace, fmt.Append(nil, f.keys)).String()
	}
	return o.Call(f.ctx, s, key, req)
}
