package node_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/catalog"
	"masala/core/demo"
	"masala/core/op"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	"masala/platform/paths"
	"masala/storage"
	"masala/transport/node"
)

// made is when the histories of the tests end.
var made = time.Date(2026, 2, 28, 12, 30, 0, 0, time.UTC)

// history is a copy of the books of a large factory: those in the folder that
// MASALA_HISTORY names ("masala demo --years 10 --data FOLDER"), or a few days.
type history struct {
	inProcess
	clock *demo.Clock
	db    *storage.DB
	raw   core.LotID // with the most descendants
	below string     // cursor in the middle of them
	used  string     // cursor behind the first of the used-up lots
	has   core.PartyID
	busy  core.ItemID
	first core.Date
	last  core.Date
	order sales.Order // of which everything is still to go
}

func openHistory(b testing.TB) *history {
	b.Helper()
	path := filepath.Join(b.TempDir(), "masala.db")
	if from := os.Getenv("MASALA_HISTORY"); from != "" {
		copyFile(b, paths.Folder(from).Database(), path)
	} else {
		folder := paths.Folder(b.TempDir())
		if err := node.FillHistory(context.Background(), folder, made, 12, 1, nil); err != nil {
			b.Fatal(err)
		}
		path = folder.Database()
	}
	h := &history{clock: &demo.Clock{}}
	h.db = must[*storage.DB](b)(storage.Open(context.Background(), storage.Options{Path: path}))
	b.Cleanup(func() { h.db.Close() })
	h.app = app.New(app.Options{Books: h.db, Clock: h.clock, Hasher: account.NewTestHasher()})
	h.clock.Set(time.Now())
	h.login(b)
	newest := ask(b, h, stock.ListDocuments, stock.ListDocumentsReq{Limit: 1}).Documents[0]
	h.last = newest.EffectiveOn
	h.clock.Set(newest.PostedAt.Add(time.Minute))
	h.login(b)
	h.look(b)
	return h
}

func copyFile(b testing.TB, from, to string) {
	b.Helper()
	in := must[*os.File](b)(os.Open(from))
	defer in.Close()
	out := must[*os.File](b)(os.Create(to))
	must[int64](b)(io.Copy(out, in))
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
}

func (h *history) login(b testing.TB) {
	b.Helper()
	h.token = must[account.LoginResp](b)(account.Login.Call(context.Background(), h, "", account.LoginReq{Login: "owner", Password: demo.Password})).Token
}

func ask[Req, Resp any](b testing.TB, c op.Caller, o op.Op[Req, Resp], req Req) Resp {
	b.Helper()
	key := ""
	if o.Kind != op.Read && !o.Keyless {
		key = uuid.NewString()
	}
	return must[Resp](b)(o.Call(context.Background(), c, key, req))
}

// look finds the records that the questions are about.
func (h *history) look(b testing.TB) {
	b.Helper()
	for _, i := range ask(b, h, catalog.ListItems, catalog.ListItemsReq{Limit: 200}).Items {
		switch i.SKU {
		case "RAW-005":
			h.busy = i.ID
		case "RAW-019":
			page := ask(b, h, stock.ListLedger, stock.LedgerReq{Item: i.ID, Limit: 200})
			for page.Next != "" {
				page = ask(b, h, stock.ListLedger, stock.LedgerReq{Item: i.ID, Limit: 200, After: page.Next})
			}
			h.raw = page.Rows[len(page.Rows)-1].Lot
			h.first = page.Rows[len(page.Rows)-1].EffectiveOn
			t := ask(b, h, trace.TraceLot, trace.LotReq{Lot: h.raw, Limit: 1})
			h.has = t.Customers[0].Party
			for n := 0; n < t.Descendants/2; n += 500 {
				h.below, t = t.Next, ask(b, h, trace.TraceLot, trace.LotReq{Lot: h.raw, Limit: 500, After: t.Next})
			}
		}
	}
	for page := ask(b, h, stock.ListLots, stock.ListLotsReq{Empty: true, Limit: 500}); page.Next != "" && (h.used == "" || page.Lots[0].Qty > 0); {
		h.used = page.Next
		page = ask(b, h, stock.ListLots, stock.ListLotsReq{Empty: true, Limit: 500, After: page.Next})
	}
	req := sales.CreateOrderReq{}
	for _, p := range ask(b, h, party.ListParties, party.ListPartiesReq{Query: "distributor"}).Parties {
		req.Customer = p.ID
	}
	for _, i := range ask(b, h, catalog.ListItems, catalog.ListItemsReq{Types: []catalog.Type{catalog.Finished}}).Items {
		req.Lines = append(req.Lines, sales.OrderLine{Item: i.ID, Qty: 100, Unit: "pcs", Price: 4500})
	}
	h.order = ask(b, h, sales.CreateOrder, req)
}

// question is one call of a screen.
type question struct {
	name, operation string
	req             any
	most            time.Duration // p99 that is aimed at
}

func (h *history) questions() []question {
	const aim, recall = 50 * time.Millisecond, 100 * time.Millisecond
	var lines []sales.DraftLine
	for i := range h.order.Items {
		lines = append(lines, sales.DraftLine{OrderLine: i + 1, Qty: 100})
	}
	middle := h.first + (h.last-h.first)/2
	old := h.first + 90
	lot := fmt.Sprintf("LOT-%s-00", h.last.AddDays(-30).Compact())
	last := core.LastPage
	type list map[string]any
	return []question{
		{"dashboard of the owner", "report.valued_dashboard", struct{}{}, aim},
		{"dashboard of the floor", "report.dashboard", struct{}{}, aim},
		{"valuation", "stock.valuation", struct{}{}, aim},
		{"stock summary of a day in the middle", "stock.valued_stock_on", stock.StockOnReq{On: middle}, aim},
		{"trial balance", "stock.trial_balance", struct{}{}, aim},
		{"stock list, first page", "stock.list_valued_lots", stock.ListLotsReq{}, aim},
		{"stock list, last page", "stock.list_valued_lots", stock.ListLotsReq{After: last}, aim},
		{"stock list, by value", "stock.list_valued_lots", stock.ListLotsReq{Sort: stock.ByValue, Desc: true}, aim},
		{"stock list, on hold", "stock.list_valued_lots", stock.ListLotsReq{Statuses: []stock.Status{stock.Hold}}, aim},
		{"stock list, expired", "stock.list_valued_lots", stock.ListLotsReq{Expired: true}, aim},
		{"stock list, with used-up lots", "stock.list_valued_lots", stock.ListLotsReq{Empty: true}, aim},
		{"stock list, with used-up lots, last page", "stock.list_valued_lots", stock.ListLotsReq{Empty: true, After: last}, aim},
		{"stock list, used-up lots, a later page", "stock.list_valued_lots", stock.ListLotsReq{Empty: true, After: h.used}, aim},
		{"stock list by quantity, with used-up lots", "stock.list_valued_lots", stock.ListLotsReq{Empty: true, Sort: stock.ByQty, Desc: true}, aim},
		{"used-up packing material, last page", "stock.list_valued_lots", stock.ListLotsReq{Empty: true, Types: []catalog.Type{catalog.Packing}, After: last}, aim},
		{"lots of one item, with used-up ones", "stock.list_valued_lots", stock.ListLotsReq{Item: h.busy, Empty: true}, aim},
		{"lots of one item by quantity, with used-up ones", "stock.list_valued_lots", stock.ListLotsReq{Item: h.busy, Empty: true, Sort: stock.ByQty, Desc: true}, aim},
		{"search a lot by its number", "stock.list_lots", stock.ListLotsReq{Query: lot}, aim},
		{"search a lot by its number, used-up ones too", "stock.list_lots", stock.ListLotsReq{Query: lot, Empty: true}, aim},
		{"search lots by a supplier's letters", "stock.list_lots", stock.ListLotsReq{Query: "UJ"}, aim},
		{"search lots by an item's name", "stock.list_lots", stock.ListLotsReq{Query: "cumin"}, aim},
		{"search an item", "catalog.list_items", catalog.ListItemsReq{Query: "जीरा"}, aim},
		{"ledger of an item, first page", "stock.list_valued_ledger", stock.LedgerReq{Item: h.busy}, aim},
		{"ledger of an item, middle", "stock.list_valued_ledger", stock.LedgerReq{Item: h.busy, To: middle}, aim},
		{"ledger of an item, last page", "stock.list_valued_ledger", stock.LedgerReq{Item: h.busy, To: h.first + 1}, aim},
		{"ledger of the oldest raw lot", "stock.list_valued_ledger", stock.LedgerReq{Lot: h.raw}, aim},
		{"allocation of 14 lines", "sales.preview_dispatch", sales.PreviewReq{Order: h.order.ID, Lines: lines}, aim},
		{"documents, first page", "stock.list_documents", stock.ListDocumentsReq{}, aim},
		{"documents, last page", "stock.list_documents", stock.ListDocumentsReq{After: last}, aim},
		{"documents of a rare kind", "stock.list_documents", stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindOpening, stock.KindReversal}}, aim},
		{"documents by number", "stock.list_documents", stock.ListDocumentsReq{Query: "GRN-" + middle.Compact()}, aim},
		{"goods received whose number starts with P", "stock.list_documents", stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindGRN}, Query: "P"}, aim},
		{"batches, first page", "production.list_batches", struct{}{}, aim},
		{"batches, last page", "production.list_batches", list{"after": last}, aim},
		{"batches that are planned", "production.list_batches", list{"states": []string{"PLANNED"}}, aim},
		{"batches that were cancelled", "production.list_batches", list{"states": []string{"CANCELLED"}}, aim},
		{"packing runs, first page", "packing.list_runs", struct{}{}, aim},
		{"packing runs, last page", "packing.list_runs", list{"after": last}, aim},
		{"packing runs of an old month", "packing.list_runs", list{"from": old, "to": old + 30}, aim},
		{"packing runs of a segment", "packing.list_runs", list{"segment": "ONLINE"}, aim},
		{"sales orders, last page", "sales.list_orders", list{"after": last}, aim},
		{"sales orders that are due", "sales.list_orders", list{"due": true}, aim},
		{"dispatches, first page", "sales.list_dispatches", struct{}{}, aim},
		{"dispatches, last page", "sales.list_dispatches", list{"after": last}, aim},
		{"dispatch drafts", "sales.list_dispatches", list{"states": []string{"DRAFT"}}, aim},
		{"dispatches that were cancelled", "sales.list_dispatches", list{"states": []string{"CANCELLED"}}, aim},
		{"dispatches of a customer", "sales.list_dispatches", list{"customer": h.order.Customer}, aim},
		{"sales returns, last page", "sales.list_returns", list{"after": last}, aim},
		{"recalls", "trace.list_recalls", struct{}{}, aim},
		{"audit log, last page", "system.list_audit", list{"after": last}, aim},
		{"audit log of an operation", "system.list_audit", list{"operation": "purchase.post_grn"}, aim},
		{"audit log of an entity", "system.list_audit", list{"entity": "item RAW-005"}, aim},
		{"audit log of every packing run", "system.list_audit", list{"entity": "packing run"}, aim},
		{"re-order list", "purchase.list_reorder", struct{}{}, aim},
		{"recall of a raw lot with all its descendants", "trace.trace_lot", trace.LotReq{Lot: h.raw}, recall},
		{"its descendants, a page from the middle", "trace.trace_lot", trace.LotReq{Lot: h.raw, After: h.below}, recall},
		{"what one customer has of it", "trace.list_parcels", trace.ListParcelsReq{Lot: h.raw, Customer: h.has}, recall},
	}
}

func (h *history) put(q question) ([]byte, error) {
	body, err := json.Marshal(q.req)
	if err != nil {
		return nil, err
	}
	return h.Call(context.Background(), q.operation, "", body)
}

// TestHistoryQuestions puts every question of the benchmark to a few days of books.
func TestHistoryQuestions(t *testing.T) {
	t.Parallel()
	h := openHistory(t)
	for _, q := range h.questions() {
		if answer, err := h.put(q); err != nil || len(answer) < 3 {
			t.Errorf("%s: %v, %d bytes", q.name, err, len(answer))
		}
	}
	r := ask(t, h, trace.TraceLot, trace.LotReq{Lot: h.raw})
	if r.Descendants < 20 || len(r.Customers) < 3 {
		t.Errorf("the raw lot has %d descendants and went to %d customers", r.Descendants, len(r.Customers))
	}
}

// answered is how long a question took.
type answered struct {
	name     string
	p50, p99 time.Duration
	most     time.Duration
	bytes    int
}

// BenchmarkHistory measures the questions of the screens inside the service, and what
// posting costs beside what it costs in young books, and prints one table of both.
// "masala demo --years 10 --data FOLDER" makes the books; MASALA_HISTORY names the
// folder, which is only read.
func BenchmarkHistory(b *testing.B) {
	h := openHistory(b)
	var all []answered
	for _, q := range h.questions() {
		b.Run(strings.ReplaceAll(q.name, " ", "_"), func(b *testing.B) {
			took := make([]time.Duration, 0, b.N)
			size := 0
			for b.Loop() {
				start := time.Now()
				answer, err := h.put(q)
				took = append(took, time.Since(start))
				if err != nil {
					b.Fatal(err)
				}
				size = len(answer)
			}
			slices.Sort(took)
			at := func(percent int) time.Duration { return took[(len(took)-1)*percent/100] }
			all = append(all, answered{q.name, at(50), at(99), q.most, size})
			b.ReportMetric(millis(at(50)), "ms-p50")
			b.ReportMetric(millis(at(99)), "ms-p99")
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
	resident := residentMB(b)
	var posting [2]time.Duration
	b.Run("posting", func(b *testing.B) { posting = benchPosting(b, h) })
	h.print(b, all, posting, resident)
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// print shows the results as docs/benchmarks.md has them.
func (h *history) print(b *testing.B, all []answered, posting [2]time.Duration, resident int) {
	mark := func(good bool) string {
		if good {
			return "PASS"
		}
		return "**over the bar**"
	}
	trace := ask(b, h, trace.TraceLot, trace.LotReq{Lot: h.raw})
	fmt.Printf("\n| question | p50 ms | p99 ms | kB | p99 at most | |\n|---|---|---|---|---|---|\n")
	for _, a := range all {
		fmt.Printf("| %s | %.1f | %.1f | %.0f | %.0f | %s |\n", a.name, millis(a.p50), millis(a.p99), float64(a.bytes)/1000, millis(a.most), mark(a.p99 <= a.most))
	}
	fmt.Printf("\nThe raw lot that was recalled has %d descendants and is out with %d customers.\n", trace.Descendants, len(trace.Customers))
	fmt.Printf("Resident memory after the questions: %d MB (at most 150: %s).\n", resident, mark(resident < 150))
	if posting[1] > 0 {
		ratio := float64(posting[0]) / float64(posting[1])
		fmt.Printf("Posting a GRN of 5 lines, p50: %.2f ms in these books, %.2f ms in young ones: ratio %.2f (at most 1.3: %s).\n\n", millis(posting[0]), millis(posting[1]), ratio, mark(ratio <= 1.3))
	}
}

// residentMB is the memory of this process.
func residentMB(b *testing.B) int {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Log(err)
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	var kB int
	if _, err := fmt.Sscan(after, &kB); err != nil {
		b.Fatal(err)
	}
	return kB / 1024
}

// benchPosting posts GRNs in turn to the history and to books of some 10,000 rows, so
// that both meet the same machine.
func benchPosting(b *testing.B, old *history) (p50 [2]time.Duration) {
	folder := paths.Folder(b.TempDir())
	if err := node.FillHistory(context.Background(), folder, made, 8, 1, nil); err != nil {
		b.Fatal(err)
	}
	young := &history{clock: old.clock}
	young.db = must[*storage.DB](b)(storage.Open(context.Background(), storage.Options{Path: folder.Database()}))
	defer young.db.Close()
	young.app = app.New(app.Options{Books: young.db, Clock: old.clock, Hasher: account.NewTestHasher()})
	if made.After(old.clock.Now()) {
		old.clock.Set(made.Add(time.Hour))
		old.login(b)
	}
	young.login(b)
	var took [2][]time.Duration
	bill := 0
	for b.Loop() {
		for i, h := range []*history{old, young} {
			bill++
			req := purchase.PostGRNReq{InvoiceNo: fmt.Sprint("BENCH-", bill), InvoiceDate: h.clockDay(), Freight: 350_00}
			for _, p := range ask(b, h, party.ListParties, party.ListPartiesReq{Query: "unjha"}).Parties {
				req.Supplier = p.ID
			}
			for n := range 5 {
				req.Lines = append(req.Lines, purchase.GRNLine{Item: core.ItemID(5 + n), Qty: core.Qty(n+1) * core.Kilogram, Unit: "kg", Value: 225_00, SupplierBatch: "UJ-77", ExpiryOn: h.clockDay().AddMonths(12)})
			}
			start := time.Now()
			ask(b, h, purchase.PostGRN, req)
			took[i] = append(took[i], time.Since(start))
		}
	}
	for i := range took {
		slices.Sort(took[i])
		p50[i] = took[i][len(took[i])/2]
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(millis(p50[0]), "ms-p50-old")
	b.ReportMetric(millis(p50[1]), "ms-p50-young")
	b.ReportMetric(float64(p50[0])/float64(p50[1]), "ratio")
	return p50
}

func (h *history) clockDay() core.Date { return core.DateOf(h.clock.Now(), time.UTC) }
