package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gioui.org/layout"
	"gioui.org/unit"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/production"
	"masala/core/report"
	"masala/core/stock"
	"masala/core/system"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/entry"
	"masala/ui/uitest"
	"masala/ui/widget"
)

// start is the moment every test begins: a Saturday morning in Pune.
var start = time.Date(2026, 2, 14, 8, 30, 0, 0, time.UTC)

// fakeServer answers operations from memory, by name.
type fakeServer struct {
	mu     sync.Mutex
	answer map[string]func(body []byte) (any, error)
	calls  []string
	status screen.Status
	state  op.State
	found  []screen.Server
	token  string
	change func()
	retry  int
	seek   int
	addr   string
	code   string
}

func newFakeServer() *fakeServer {
	return &fakeServer{answer: map[string]func([]byte) (any, error){},
		status: screen.Status{Phase: screen.Online, Server: "MASALA-SRV", Address: "192.168.1.10:8090", Latency: 2 * time.Millisecond, Since: start},
		state:  op.State{Boot: "b1", Factory: "Sahyadri Masala, Pune", Revisions: map[op.Topic]uint64{}, Mark: op.Mark{Books: "lineage-1", Lineage: "lineage-1"}}}
}

// on answers an operation; its request and answer are the operation's own types.
func on[Req, Resp any](f *fakeServer, o op.Op[Req, Resp], fn func(Req) (Resp, error)) {
	f.answer[o.Name] = func(body []byte) (any, error) {
		var req Req
		if err := json.Unmarshal(body, &req); err != nil {
			return nil, err
		}
		return fn(req)
	}
}

// Call answers as the wire would: errors have been through JSON.
func (f *fakeServer) Call(_ context.Context, operation, _ string, body []byte) ([]byte, error) {
	f.mu.Lock()
	f.calls = append(f.calls, operation)
	fn, up := f.answer[operation], f.status.Up()
	f.mu.Unlock()
	if !up {
		return nil, fmt.Errorf("not connected")
	}
	if fn == nil {
		return nil, core.Errorf(core.CodeNotFound, "The test server does not know %s.", operation)
	}
	v, err := fn(body)
	if err != nil {
		var e core.Error
		b, _ := json.Marshal(err)
		if json.Unmarshal(b, &e) == nil && e.Code != "" {
			return nil, &e
		}
		return nil, err
	}
	return json.Marshal(v)
}

func (f *fakeServer) SetToken(t string)       { f.token = t }
func (f *fakeServer) Status() screen.Status   { f.mu.Lock(); defer f.mu.Unlock(); return f.status }
func (f *fakeServer) State() op.State         { f.mu.Lock(); defer f.mu.Unlock(); return f.state }
func (f *fakeServer) Found() []screen.Server  { return f.found }
func (f *fakeServer) OnChange(fn func())      { f.change = fn }
func (f *fakeServer) RetryNow()               { f.retry++ }
func (f *fakeServer) Rediscover()             { f.seek++ }
func (f *fakeServer) SetAddress(a string)     { f.addr = a }
func (f *fakeServer) called(name string) bool { return slices.Contains(f.calls, name) }
func (f *fakeServer) Pair(_ context.Context, address, code string) error {
	f.addr, f.code = address, code
	if code == "AAAA-AAAA-AAAA-AAAA" {
		return core.Errorf(core.CodeForbidden, "This pairing code has run out. Ask for a new one.")
	}
	return nil
}

// set changes the status as the connection would.
func (f *fakeServer) set(change func(*fakeServer)) {
	f.mu.Lock()
	f.state.Revisions = maps.Clone(f.state.Revisions)
	change(f)
	f.mu.Unlock()
	if f.change != nil {
		f.change()
	}
}

// fakePC is a PC that remembers.
type fakePC struct {
	role  screen.Role
	conn  screen.Connection
	prefs []byte
	seen  []screen.Server
	auto  bool   // the program starts with it
	wall  string // what its firewall keeps out
}

func (p *fakePC) Name() string        { return "PC-STORE" }
func (p *fakePC) Addresses() []string { return []string{"192.168.1.21"} }
func (p *fakePC) PortFree() bool      { return true }
func (p *fakePC) FreeDisk() int64     { return 212 << 30 }
func (p *fakePC) Role() screen.Role   { return p.role }
func (p *fakePC) Version() string     { return "1.0.0" }

// Firewall makes it a screen.Walled.
func (p *fakePC) Firewall() string { return p.wall }

// Autostart and SetAutostart make it a screen.Starter.
func (p *fakePC) Autostart() (bool, error)   { return p.auto, nil }
func (p *fakePC) SetAutostart(on bool) error { p.auto = on; return nil }
func (p *fakePC) Start(_ context.Context, r screen.Role) (screen.Connection, error) {
	p.role = r
	return p.conn, nil
}
func (p *fakePC) Look(_ context.Context, found func([]screen.Server)) { found(p.seen) }
func (p *fakePC) LoadPreferences() ([]byte, error)                    { return p.prefs, nil }
func (p *fakePC) SavePreferences(b []byte) error                      { p.prefs = b; return nil }

// files is a folder of drafts in memory.
type files map[string][]byte

func (f files) Write(name string, b []byte) error { f[name] = b; return nil }
func (f files) Read(name string) ([]byte, error)  { return f[name], nil }
func (f files) List() ([]string, error)           { return slices.Sorted(maps.Keys(f)), nil }
func (f files) Remove(name string) error          { delete(f, name); return nil }

// notes is a form of one line, to see what becomes of typed text.
type notes struct {
	screen.Base
	env   *screen.Env
	form  *form.Form
	field *form.Field
	kept  *form.Kept
	line  entry.Group
	posts int
}

func newNotes(env *screen.Env) *notes {
	n := &notes{env: env, form: form.New("purchase.post_grn", "GRN", env.NewKey)}
	n.field = n.form.Add(form.Field{Path: "invoice_no", Label: "Invoice no."})
	n.kept, n.line = env.Desk.Keep(n.form), entry.Lines(n.field)
	return n
}

func (n *notes) Crumbs() []string { return []string{"Goods received", "New GRN"} }
func (n *notes) Dirty() bool      { return n.form.Dirty() }

func (n *notes) Focus(layout.Context) { n.line.Focus(nil) }
func (n *notes) Actions() []screen.Action {
	return []screen.Action{{Name: "Post GRN", Key: screen.Shortcut{Mods: ctrl, Name: "⏎"}, Do: func() { n.posts++ }}}
}
func (n *notes) Layout(gtx layout.Context) layout.Dimensions {
	n.line.Update(gtx)
	return layout.UniformInset(unit.Dp(20)).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		gtx.Constraints.Max.X = gtx.Dp(400)
		return n.line[0].Layout(gtx, n.env.Theme, widget.FieldLook{})
	})
}

// world is a window with a server behind it.
type world struct {
	t      testing.TB
	server *fakeServer
	pc     *fakePC
	files  files
	w      *Window
	ui     *uitest.UI
	clock  *uitest.Clock
	form   *notes
}

func newWorld(t testing.TB, role screen.Role, width, height int) *world {
	t.Helper()
	x := &world{t: t, server: newFakeServer(), files: files{}, clock: uitest.NewClock(start)}
	x.pc = &fakePC{role: role, conn: x.server}
	x.fill()
	d := Deps{PC: x.pc, Clock: x.clock, Drafts: func(screen.Role) form.Files { return x.files }, NewKey: counter(), Spawn: func(f func()) { f() }, After: func(time.Duration, func()) func() bool { return func() bool { return true } }, // frames come in time
		Logins: []screen.Login{{Login: "owner", Password: "demo-owner", Role: core.Admin, Note: "sees values"}, {Login: "store1", Password: "demo-store", Role: core.Operator, Note: "store and goods in"}}}
	if role != "" {
		d.Connection = x.server
	}
	x.w = New(d, func() {})
	i := slices.IndexFunc(x.w.entries, func(e screen.Entry) bool { return e.ID == screen.GRN })
	x.w.entries[i] = screen.Entry{ID: screen.GRN, Module: screen.Procurement, Label: "Goods received", Short: "Receive",
		Icon: "package-open", Key: screen.Shortcut{Name: "F5"}, Rail: true, Tile: &screen.Tile{Title: "Receive goods", Note: "GRN, new lots"},
		Resumes: []string{"purchase.post_grn"},
		New: func(env *screen.Env, r screen.Route) screen.Screen {
			x.form = newNotes(env)
			if r.Draft != "" {
				x.form.field.Set("draft " + r.Draft)
			}
			return x.form
		}}
	x.ui = uitest.New(t, x.clock, width, height, x.w.Layout)
	return x
}

// counter makes request keys; like UUIDs they are new in every window.
func counter() func() string {
	return func() string { return fmt.Sprintf("key-%d", keys.Add(1)) }
}

var keys atomic.Int64

// login logs a user in by keyboard.
func (x *world) login(name string) *world {
	x.t.Helper()
	x.ui.Fill("User name", name)
	x.ui.Press("⏎")
	x.ui.Type("right password")
	x.ui.Press("⏎")
	return x
}

var people = map[string]account.User{
	"owner":  {ID: 1, Login: "owner", Name: "Meera Joshi", Role: core.Admin, Active: true, Stamp: core.Stamp{Version: 3, UpdatedAt: start.Add(-48 * time.Hour), UpdatedBy: "owner"}},
	"store1": {ID: 2, Login: "store1", Name: "Store one", Role: core.Operator, Active: true, Stamp: core.Stamp{Version: 5, UpdatedAt: start.Add(-2 * time.Hour), UpdatedBy: "owner"}},
	"mill1":  {ID: 3, Login: "mill1", Name: "Mill one", Role: core.Operator, Active: false, Stamp: core.Stamp{Version: 1, UpdatedAt: start.Add(-30 * 24 * time.Hour), UpdatedBy: "owner"}},
}

// fill gives the server a factory in the middle of February.
func (x *world) fill() {
	f := x.server
	on(f, account.Login, func(r account.LoginReq) (account.LoginResp, error) {
		u, ok := people[r.Login]
		if !ok || r.Password != "right password" && r.Password != "demo-"+r.Login && r.Password != "demo-store" {
			return account.LoginResp{}, core.Errorf(core.CodeUnauthenticated, "User name or password is wrong.")
		}
		return account.LoginResp{Token: "token-" + r.Login, Expires: start.Add(12 * time.Hour), User: u}, nil
	})
	on(f, account.Logout, func(account.LogoutReq) (account.Done, error) { return account.Done{}, nil })
	on(f, account.ListUsers, func(account.ListUsersReq) (account.ListUsersResp, error) {
		return account.ListUsersResp{Users: []account.User{people["mill1"], people["owner"], people["store1"]}}, nil
	})
	on(f, account.ListDevices, func(account.ListDevicesReq) (account.ListDevicesResp, error) {
		return account.ListDevicesResp{Devices: []account.Device{
			{ID: 1, Name: "PC-STORE", Fingerprint: "9f3ac04477b2", PairedAt: start.Add(-40 * 24 * time.Hour)},
			{ID: 2, Name: "PC-MILL", Fingerprint: "1c77d90e55aa", PairedAt: start.Add(-39 * 24 * time.Hour)}}}, nil
	})
	on(f, account.OpenPairing, func(account.OpenPairingReq) (account.OpenPairingResp, error) {
		return account.OpenPairingResp{Code: "K7QM-4XRT-9WPB-2HVN", Expires: x.clock.Now().Add(10 * time.Minute)}, nil
	})
	on(f, system.GetSettings, func(system.GetSettingsReq) (system.Settings, error) {
		d := system.Defaults()
		d.Factory = "Sahyadri Masala, Pune"
		return system.Settings{SettingsFields: d}, nil
	})
	on(f, system.ServerStatus, func(system.ServerStatusReq) (system.ServerStatusResp, error) {
		at := start.Add(-time.Hour)
		return system.ServerStatusResp{Name: "MASALA-SRV", Version: "1.0.0", StartedAt: start.Add(-90 * time.Hour),
			Addresses: []string{"192.168.1.10"}, Connected: []string{"PC-STORE", "PC-MILL", "PC-PACK", "PC-OFFICE"}, Paired: 5, FreeDisk: 212 << 30, Database: 30 << 20, Backup: &at}, nil
	})
	fillSystem(x)
	fillBackup(x)
	on(f, report.Dashboard, func(report.DashboardReq) (report.DashboardResp, error) { return floor(), nil })
	on(f, report.ValuedDashboard, func(report.DashboardReq) (report.ValuedDashboardResp, error) { return valued(), nil })
	on(f, catalog.ListItems, func(r catalog.ListItemsReq) (catalog.ListItemsResp, error) {
		return catalog.ListItemsResp{Items: []catalog.ItemRow{
			{Item: catalog.Item{ID: 5, ItemFields: catalog.ItemFields{SKU: "RAW-005", Name: "Cumin seed (Unjha 99%)", NameHi: "जीरा", Type: catalog.Raw, Dimension: core.Mass}}, OnHand: 284_600_000},
		}, Total: 1}, nil
	})
	on(f, stock.ListLots, func(stock.ListLotsReq) (stock.ListLotsResp, error) {
		return stock.ListLotsResp{Lots: []stock.LotRow{{CellKey: stock.CellKey{Lot: 7}, Number: "LOT-20260212-002", Name: "Cumin seed (Unjha 99%)", Type: catalog.Raw, Dimension: core.Mass, Qty: 159_600_000, SupplierBatch: "UJ-77"}}}, nil
	})
	on(f, stock.ListDocuments, func(stock.ListDocumentsReq) (stock.ListDocumentsResp, error) {
		return stock.ListDocumentsResp{Documents: floor().Recent[:1]}, nil
	})
}

func floor() report.DashboardResp {
	day := core.NewDate(2026, 2, 14)
	lot := func(n int, name, hi string, qty core.Qty, days int) stock.LotRow {
		return stock.LotRow{CellKey: stock.CellKey{Lot: core.LotID(n)}, Number: fmt.Sprintf("LOT-20260112-%03d", n), Name: name, NameHi: hi,
			Type: catalog.Raw, Dimension: core.Mass, Qty: qty, ExpiryOn: day.AddDays(days)}
	}
	doc := func(id int, kind stock.DocumentKind, number, party string, mass core.Qty, ago time.Duration) stock.DocumentRow {
		return stock.DocumentRow{ID: core.DocumentID(id), Kind: kind, Number: number, EffectiveOn: day, PostedAt: start.Add(-ago), User: "store1", Device: "PC-STORE", Party: party, Lines: 3, Mass: mass}
	}
	batch := func(id int, number, name string, loss, standard, limit core.Percent, alerts int) report.BatchLoss {
		return report.BatchLoss{ID: production.ID(id), Number: number, Document: core.DocumentID(100 + id), On: day, Name: name,
			Mill: report.Mill{Batches: 1, LossShare: loss, Standard: standard, Alerts: alerts}, Limit: limit}
	}
	return report.DashboardResp{Day: day, At: start, Receipts: 11, Challans: 19,
		Work: report.Work{Planned: 2, OverLoss: 2},
		Mill: report.Mill{Batches: 9, Yield: 9540, LossShare: 460, Standard: 400}, MillBefore: report.Mill{Batches: 11, Yield: 9600},
		Packing: report.PackingLoss{Runs: 14, Yield: 9940},
		Losses: []report.BatchLoss{batch(1, "B-20260213-02", "Turmeric Powder", 650, 400, 550, 1), batch(2, "B-20260211-01", "Red Chilli Powder", 670, 500, 650, 1),
			batch(3, "B-20260212-01", "Coriander Powder", 390, 400, 500, 0), batch(4, "B-20260213-01", "Garam Masala Regular", 350, 300, 550, 0)},
		Blocked: []report.Blocked{
			{Batch: 8, Number: "B-20260214-02", Name: "Curry Powder (Madras)", Lacks: []report.Lack{{Item: 2, Name: "Curry leaf", Need: 1_000_000, Have: 400_000}, {Item: 3, Name: "Bay leaf", Need: 8_000_000, Have: 6_250_000}}},
			{Batch: 9, Number: "B-20260214-03", Name: "Tea Masala", NameHi: "चाय मसाला", Lacks: []report.Lack{{Item: 4, Name: "Green cardamom", Need: 21_000_000, Have: 4_200_000, Held: 20_000_000}}}},
		Stages: []report.Stage{{Type: catalog.Raw, Lots: 46, Mass: 9_418_500_000, OnHold: 2}, {Type: catalog.Bulk, Lots: 12, Mass: 2_306_400_000},
			{Type: catalog.Packing, Lots: 18, Pieces: 162_300}, {Type: catalog.Finished, Lots: 31, Pieces: 38_914}},
		Reorder: []report.Reorder{
			{Item: 1, SKU: "PKG-021", Name: "Mono carton 100 g", Dimension: core.Count, OnHand: 760, MinStock: 5000},
			{Item: 2, SKU: "RAW-024", Name: "Curry leaf, dried", NameHi: "कड़ी पत्ता", Dimension: core.Mass, OnHand: 400_000, MinStock: 6_000_000},
			{Item: 3, SKU: "RAW-013", Name: "Bay leaf", NameHi: "तेज पत्ता", Dimension: core.Mass, OnHand: 6_250_000, MinStock: 15_000_000},
			{Item: 4, SKU: "RAW-007", Name: "Green cardamom (7 mm)", NameHi: "छोटी इलायची", Dimension: core.Mass, OnHand: 4_200_000, MinStock: 10_000_000},
			{Item: 5, SKU: "RAW-019", Name: "Asafoetida, compounded", NameHi: "हींग", Dimension: core.Mass, OnHand: 3_150_000, MinStock: 6_000_000}},
		ExpiringCells: 3,
		Expiring:      []stock.LotRow{lot(3, "Dry mint leaf", "पुदीना", 12_500_000, -1), lot(9, "Chana dal", "चना दाल", 180_000_000, 16), lot(11, "Kasuri methi", "कसूरी मेथी", 22_400_000, 33)},
		Recent: []stock.DocumentRow{
			doc(41, stock.KindGRN, "GRN-20260214-001", "Ramganj Dhaniya Mandi Agency", 25_000_000, 20*time.Minute),
			doc(40, stock.KindStatus, "QC-20260214-003", "", 0, 70*time.Minute),
			doc(39, stock.KindGRN, "GRN-20260213-004", "Unjha Jeera House", 1_000_000_000, 21*time.Hour),
			doc(38, stock.KindAdjustment, "ADJ-20260213-001", "", -5_000_000, 22*time.Hour),
			doc(37, stock.KindCount, "SC-20260213-001", "", 0, 23*time.Hour)},
	}
}

func valued() report.ValuedDashboardResp {
	v := report.ValuedDashboardResp{DashboardResp: floor(), Total: 367_231_315, WeekAgo: 355_983_315, InProcess: 21_430_000, InProcessWeekAgo: 21_430_000, Purchases: 86_425_000, PurchasesBefore: 80_023_000, ExpiringValue: 4_821_500,
		Dispatched: 113_897_000, DispatchedBefore: 101_694_000, OverValue: 506_495, LossValues: []core.Paise{185_900, 320_595, 98_000, 41_200}}
	for _, x := range []struct {
		t      catalog.Type
		v, ago core.Paise
	}{{catalog.Raw, 184_265_000, 178_724_000}, {catalog.Bulk, 61_820_450, 62_698_000}, {catalog.Packing, 23_511_840, 23_464_910}, {catalog.Finished, 97_634_025, 91_417_600}} {
		v.Values = append(v.Values, report.StageValue{Type: x.t, Value: x.v, Ago: x.ago, Top: []core.Paise{x.v / 3, x.v / 6, x.v / 7, x.v / 9, x.v / 11, x.v / 12}})
	}
	for i := range 14 {
		d := v.Day.AddDays(i - 13)
		v.PurchaseDays = append(v.PurchaseDays, report.DayValue{Day: d, Value: core.Paise(i*i%7) * 900_000})
		v.DispatchDays = append(v.DispatchDays, report.DayValue{Day: d, Value: core.Paise(i*i*3+i%4*40) * 90_000})
		if i%3 != 1 {
			v.YieldDays = append(v.YieldDays, report.DayYield{Day: d, Yield: 9680 - core.Percent(i*8+i%3*20)})
		}
		v.ValueDays = append(v.ValueDays, report.DayValue{Day: d, Value: 340_000_000 + core.Paise(i*2_000_000+i%3*900_000)})
	}
	return v
}

// signIn logs in unless somebody is.
func signIn(x *world, name string) {
	if x.w.session == nil {
		x.login(name)
	}
}
