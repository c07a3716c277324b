package sim_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/storage"
	"masala/transport/client"
	"masala/transport/faultnet"
	"masala/transport/faultnet/bubble"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/ui/form"
)

const password = "turmeric-42"

// How big a run is.
const (
	clients = 4
	trouble = 90 * time.Second // of virtual time, with a fault every few seconds
)

// TestFactoryUnderFaults runs MASALA_SIM_ROUNDS factories, each of its own seed, or
// the one of MASALA_SIM_SEED.
func TestFactoryUnderFaults(t *testing.T) {
	seeds := []uint64{1, 2, 3}
	if s := os.Getenv("MASALA_SIM_ROUNDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		seeds = nil
		for range n {
			seeds = append(seeds, rand.Uint64())
		}
	}
	if s := os.Getenv("MASALA_SIM_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seeds = []uint64{n}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir, start := t.TempDir(), time.Now()
			var w *world
			bubble.Run(t, func(t *testing.T) {
				w = newWorld(t, seed, dir)
				w.run()
			})
			t.Logf("%d GRNs from %d PCs; %v; %v real for %v virtual", w.total, clients, w.faults, time.Since(start).Round(10*time.Millisecond), trouble)
			if t.Failed() {
				t.Logf("run it again with MASALA_SIM_SEED=%d", seed)
			}
		})
	}
}

// world is the whole factory.
type world struct {
	t      *testing.T
	rng    *rand.Rand
	random *random
	net    *faultnet.Net
	server *serverPC
	pcs    []*officePC
	owner  *here

	supplier core.PartyID
	item     core.ItemID
	today    core.Date
	faults   map[string]int
	total    int
}

func newWorld(t *testing.T, seed uint64, dir string) *world {
	w := &world{t: t, rng: rand.New(rand.NewPCG(seed, 1)), random: newRandom(seed), net: faultnet.New(seed), faults: map[string]int{}}
	id, err := identity.New(w.random)
	w.must(err)
	w.server = &serverPC{t: t, name: fmt.Sprintf("sim-%d", seed), rng: rand.New(rand.NewPCG(seed, 2)), random: w.random,
		host: w.net.Host("192.168.1.10"), identity: id, desk: pairing.NewDesk(w.random), folder: filepath.Join(dir, "disk")}
	w.must(os.Mkdir(w.server.folder, 0o700))
	w.server.start()
	w.setUp()
	for i := range clients {
		w.pcs = append(w.pcs, w.newPC(i, seed))
	}
	return w
}

// setUp makes the factory and what its GRNs need.
func (w *world) setUp() {
	w.owner = &here{pc: w.server}
	first, err := account.CreateFirstAdmin.Call(context.Background(), w.owner, "", account.CreateFirstAdminReq{
		Factory: "Simulated factory", StateCode: "27", Login: "owner", Name: "Owner", Password: password})
	w.must(err)
	w.owner.token = first.Token
	p := ask(w, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "Unjha Jeera House", StateCode: "24", Active: true}})
	it := ask(w, catalog.CreateItem, catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: "RAW-005", Name: "Cumin", Type: catalog.Raw, Dimension: core.Mass,
		PurchaseUnit: "kg", IssueUnit: "kg", Active: true}})
	zone, err := time.LoadLocation("Asia/Kolkata")
	w.must(err)
	w.supplier, w.item, w.today = p.ID, it.ID, core.DateOf(time.Now(), zone)
}

// newPC pairs a PC with the server.
func (w *world) newPC(i int, seed uint64) *officePC {
	id, err := identity.New(w.random)
	w.must(err)
	p := &officePC{name: fmt.Sprintf("PC-%d", i+1), login: fmt.Sprintf("store%d", i+1), host: w.net.Host(fmt.Sprintf("192.168.1.%d", 20+i)), identity: id,
		rng: rand.New(rand.NewPCG(seed, 100+uint64(i))), drafts: &folder{files: map[string][]byte{}}, world: w, acked: map[string]string{}, begun: map[string]string{}}
	ask(w, account.CreateUser, account.CreateUserReq{Login: p.login, Name: p.name, Role: core.Operator, Password: password})
	code := ask(w, account.OpenPairing, account.OpenPairingReq{})
	c := client.New(client.Config{Identity: id, Name: p.name, Version: "sim", Dial: p.host.Dial, Remember: func(k client.Known) { p.known = k }})
	w.must(c.Pair(context.Background(), "192.168.1.10", code.Code))
	return p
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fail(format string, args ...any) { w.t.Errorf(format, args...) }

// ask performs an operation as the owner, on the server's PC.
func ask[Req, Resp any](w *world, o op.Op[Req, Resp], req Req) Resp {
	w.t.Helper()
	key := ""
	if o.Kind != op.Read && !o.Keyless {
		key = uuid.Must(uuid.NewRandomFromReader(w.random)).String()
	}
	resp, err := o.Call(context.Background(), w.owner, key, req)
	w.must(err)
	return resp
}

// request is what a form says; the same form always says the same.
func (w *world) request(f *form.Form) purchase.PostGRNReq {
	return purchase.PostGRNReq{Supplier: w.supplier, InvoiceNo: f.Field("invoice_no").Text, InvoiceDate: w.today, Lines: []purchase.GRNLine{{
		Item: w.item, Unit: "kg", Qty: core.Qty(f.Field("kg").Int()) * core.Kilogram, Value: core.Paise(f.Field("value").Int()), ExpiryOn: w.today.AddMonths(12)}}}
}

// run lets everybody work through the trouble, then lets them finish, then counts.
func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	posting := make(chan struct{})
	var people sync.WaitGroup
	for _, p := range w.pcs {
		people.Go(func() { p.live(ctx, posting) })
	}
	w.makeTrouble()
	w.draftsHoldTheRest()
	close(posting)
	finished := make(chan struct{})
	go func() { people.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-time.After(5 * time.Minute):
		w.fail("five minutes after the last fault somebody is still not done")
		cancel()
		<-finished
	}
	w.count()
	w.server.stop(false)
}

// draftsHoldTheRest checks in the middle of things: what was begun and not yet
// acknowledged lies in a draft.
func (w *world) draftsHoldTheRest() {
	for _, p := range w.pcs {
		p.mu.Lock()
		list, damaged, err := form.NewDrafts(p.drafts, core.SystemClock{}, p.login).List()
		if err != nil || damaged > 0 {
			w.fail("%s: drafts: %d damaged, %v", p.name, damaged, err)
		}
		kept := map[string]bool{}
		for _, d := range list {
			kept[d.Key] = true
		}
		for key, invoice := range p.begun {
			if _, done := p.acked[key]; !done && !kept[key] {
				w.fail("%s is neither acknowledged nor in a draft", invoice)
			}
		}
		p.mu.Unlock()
	}
}

// count checks the books against what everybody was told.
func (w *world) count() {
	db := w.server.now().db
	report, err := db.Verify(context.Background(), nil)
	w.must(err)
	if !report.OK() {
		w.fail("the books are wrong: %d problems: %q", report.Found, report.Problems)
	}
	booked := w.booked(db)
	for _, p := range w.pcs {
		if names, _ := p.drafts.List(); len(names) > 0 {
			w.fail("%s still has %d drafts", p.name, len(names))
		}
		for key, invoice := range p.begun {
			number, done := p.acked[key]
			if !done {
				w.fail("%s was never acknowledged", invoice)
			} else if booked[invoice] != number {
				w.fail("%s was acknowledged as %s and is booked as %q", invoice, number, booked[invoice])
			}
			delete(booked, invoice)
			w.total++
		}
	}
	if len(booked) > 0 {
		w.fail("booked, but nobody posted them: %v", booked)
	}
}

// booked finds the number of every GRN in the books by its invoice.
func (w *world) booked(*storage.DB) map[string]string {
	found := map[string]string{}
	for after := ""; ; {
		page := ask(w, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindGRN}, After: after, Limit: 500})
		for _, d := range page.Documents {
			g := ask(w, purchase.GetGRN, purchase.GetGRNReq{ID: d.ID})
			if other, twice := found[g.InvoiceNo]; twice {
				w.fail("%s is booked as %s and as %s", g.InvoiceNo, other, d.Number)
			}
			found[g.InvoiceNo] = d.Number
		}
		if after = page.Next; after == "" {
			return found
		}
	}
}
