package node_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/core/purchase"
	"masala/platform/paths"
	"masala/storage"
	"masala/transport/node"
)

const password = "turmeric-42"

// books is a factory that can receive goods.
type books struct {
	supplier core.PartyID
	item     core.ItemID
	invoice  atomic.Int64
}

func (k *books) delivery() purchase.PostGRNReq {
	today := core.DateOf(time.Now(), time.UTC)
	req := purchase.PostGRNReq{Supplier: k.supplier, InvoiceNo: fmt.Sprint("INV-", k.invoice.Add(1)), InvoiceDate: today - 1, Freight: 350_00}
	for i := range 5 {
		req.Lines = append(req.Lines, purchase.GRNLine{Item: k.item, Qty: core.Qty(i+1) * core.Kilogram, Unit: "kg", Value: 225_00, SupplierBatch: "UJ-77", ExpiryOn: today.AddMonths(12)})
	}
	return req
}

func must[T any](b testing.TB) func(T, error) T {
	return func(v T, err error) T {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
}

// setUp makes the factory through first, which is on the server's own PC, and
// returns the session token of its Admin.
func setUp(b testing.TB, first op.Caller, login func(token string)) *books {
	ctx := context.Background()
	in := must[account.LoginResp](b)(account.CreateFirstAdmin.Call(ctx, first, "", account.CreateFirstAdminReq{Factory: "Bench", StateCode: "27", Login: "owner", Name: "Owner", Password: password}))
	login(in.Token)
	item := must[catalog.Item](b)(catalog.CreateItem.Call(ctx, first, uuid.NewString(), catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: "RAW-005", Name: "Cumin seed",
		Type: catalog.Raw, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg", Active: true}}))
	supplier := must[party.Party](b)(party.CreateParty.Call(ctx, first, uuid.NewString(), party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "Unjha Jeera House", StateCode: "24", Active: true}}))
	return &books{supplier: supplier.ID, item: item.ID}
}

// post has callers post b.N deliveries between them and reports documents a second
// and the latencies.
func post(b *testing.B, k *books, callers []op.Caller) {
	took := make([][]time.Duration, len(callers))
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var all sync.WaitGroup
	for i, c := range callers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				req, start := k.delivery(), time.Now()
				if _, err := purchase.PostGRN.Call(context.Background(), c, uuid.NewString(), req); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	sorted := slices.Concat(took...)
	slices.Sort(sorted)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
	for _, q := range []int{50, 99} {
		b.ReportMetric(float64(sorted[(len(sorted)-1)*q/100].Microseconds())/1000, fmt.Sprintf("ms-p%d", q))
	}
}

// inProcess calls the pipeline without a network.
type inProcess struct {
	app   *app.App
	token string
}

func (c *inProcess) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	return c.app.Serve(ctx, op.Request{Operation: operation, Key: key, Token: c.token, Body: body, Peer: op.Peer{Name: "BENCH", Local: true}})
}

// BenchmarkGRN posts GRNs of five lines: as bare SQL rows one commit each, through
// the pipeline in this process, and through the full client stack over TLS, yamux
// and HTTP on loopback.
func BenchmarkGRN(b *testing.B) {
	b.Run("bare", benchBare)
	for _, n := range []int{1, 8, 50} {
		b.Run(fmt.Sprintf("in-process/%d", n), func(b *testing.B) {
			db := must[*storage.DB](b)(storage.Open(context.Background(), storage.Options{Path: filepath.Join(b.TempDir(), "masala.db")}))
			defer db.Close()
			c := &inProcess{app: app.New(app.Options{Books: db, Hasher: account.NewTestHasher()})}
			k := setUp(b, c, func(t string) { c.token = t })
			post(b, k, slices.Repeat([]op.Caller{c}, n))
		})
	}
	for _, n := range []int{1, 8, 50} {
		b.Run(fmt.Sprintf("client/%d", n), func(b *testing.B) { benchClients(b, n) })
	}
}

func benchClients(b *testing.B, n int) {
	ctx, cancel := context.WithCancel(context.Background())
	var tasks sync.WaitGroup
	defer tasks.Wait()
	defer cancel()
	quiet := slog.New(slog.DiscardHandler)
	folder, ready := paths.Folder(b.TempDir()), make(chan node.Runtime, 1)
	tasks.Go(func() {
		if err := node.Serve(ctx, node.ServiceOptions{Folder: folder, Listen: "127.0.0.1:0", Log: quiet, Hasher: account.NewTestHasher(), Ready: func(r node.Runtime) { ready <- r }}); err != nil {
			b.Error(err)
		}
	})
	lan := (<-ready).LAN
	own := must[*node.Line](b)(node.Dial(ctx, node.LineOptions{Setup: &node.SetupFile{Folder: folder}, Log: quiet}, 10*time.Second))
	k := setUp(b, own, own.SetToken)
	callers := make([]op.Caller, n)
	for i := range n {
		setup := &node.SetupFile{Folder: paths.Folder(b.TempDir())}
		code := must[account.OpenPairingResp](b)(account.OpenPairing.Call(ctx, own, "", account.OpenPairingReq{})).Code
		pair := must[*node.Line](b)(node.NewLine(node.LineOptions{Setup: setup, Log: quiet}))
		if err := pair.Pair(ctx, lan, code); err != nil {
			b.Fatal(err)
		}
		l := must[*node.Line](b)(node.Dial(ctx, node.LineOptions{Setup: setup, Log: quiet}, 10*time.Second))
		l.SetToken(must[account.LoginResp](b)(account.Login.Call(ctx, l, "", account.LoginReq{Login: "owner", Password: password})).Token)
		callers[i] = l
	}
	post(b, k, callers)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse+m.StackInuse)/(1<<20), "MB-in-use")
}

// benchBare writes the rows of such a GRN with database/sql alone: one transaction
// and one fsync a document, no rule, no hash, no answer.
func benchBare(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bare.db")
	db := must[*storage.DB](b)(storage.Open(context.Background(), storage.Options{Path: path}))
	c := &inProcess{app: app.New(app.Options{Books: db, Hasher: account.NewTestHasher()})}
	k := setUp(b, c, func(t string) { c.token = t })
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	raw := must[*sql.DB](b)(sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"))
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	hash := make([]byte, 32)
	lot, seq := 0, 0
	b.ResetTimer()
	for i := 1; i <= b.N; i++ {
		tx := must[*sql.Tx](b)(raw.Begin())
		exec := func(q string, args ...any) {
			if _, err := tx.Exec(q, args...); err != nil {
				b.Fatal(err)
			}
		}
		exec(`INSERT INTO document (id, kind, number, effective_on, posted_at, user_id, device, party_id) VALUES (?, 'GRN', ?, 1, 1, 1, '', ?)`, i, fmt.Sprint("B-", i), k.supplier)
		exec(`INSERT INTO grn (document_id, supplier_id, invoice_no, invoice_on, freight, hamali) VALUES (?, ?, ?, 1, 0, 0)`, i, k.supplier, fmt.Sprint(i))
		for line := 1; line <= 5; line++ {
			lot++
			exec(`INSERT INTO lot (id, number, number_sort, item_id, born_on, source_id, supplier_id) VALUES (?, ?, ?, ?, 1, ?, ?)`, lot, fmt.Sprint("L-", lot), fmt.Sprint("L-", lot), k.item, i, k.supplier)
			exec(`INSERT INTO lot_words (rowid, number, supplier_batch) VALUES (?, ?, 'UJ-77')`, lot, fmt.Sprint("L-", lot))
			exec(`INSERT INTO grn_line (document_id, line, item_id, lot_id, qty, unit, value, landed, gst_rate, gst, status) VALUES (?, ?, ?, ?, 1, 'kg', 1, 0, 0, 0, 'RELEASED')`, i, line, k.item, lot)
			for range 3 {
				seq++
				exec(`INSERT INTO ledger (seq, posted_at, effective_on, document_id, line, account, item_id, lot_id, segment, status, qty, value, reason, user_id, hash) VALUES (?, 1, 1, ?, ?, 'STOCK', ?, ?, '', '', 1, 1, '', 1, ?)`, seq, i, line, k.item, lot, hash)
			}
			exec(`INSERT INTO cell (lot_id, segment, status, item_id, qty, value, newest_in) VALUES (?, 'REGULAR', 'RELEASED', ?, 1, 1, 1)`, lot, k.item)
			exec(`INSERT INTO item_stock (item_id, qty, value, cells) VALUES (?, 1, 1, 1) ON CONFLICT (item_id) DO UPDATE SET qty = qty + 1`, k.item)
			exec(`INSERT INTO edge (document_id, child_id, qty, value) VALUES (?, ?, 1, 1)`, i, lot)
		}
		exec(`INSERT INTO request (key, user_id, operation, body, document_id, at) VALUES (?, 1, '', ?, ?, 1)`, fmt.Sprint(i), hash, i)
		exec(`INSERT INTO answer (key, body, at) VALUES (?, '{}', 1)`, fmt.Sprint(i))
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}
