package storage_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/demo"
	"masala/core/op"
	"masala/storage"
)

// TestPlans runs the whole flow of a factory and every read operation, and asks SQLite
// how it would find the rows of each statement that was prepared on the way. None may
// walk through a table that grows with the years.
func TestPlans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "masala.db")
	statements, stop := storage.Prepared()
	defer stop()
	db, err := storage.Open(t.Context(), storage.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	clock := &demo.Clock{}
	now := time.Date(2026, 2, 28, 12, 30, 0, 0, time.UTC)
	err = db.Bulk(t.Context(), 100, func(books *storage.Bulk) error {
		a := app.New(app.Options{Books: books, Clock: clock, Random: rand.NewChaCha8([32]byte{1}), Hasher: account.NewTestHasher()})
		return demo.FillHistory(t.Context(), demo.HistoryOptions{Days: 3, Seed: 1, Options: demo.Options{Service: a, Clock: clock, Now: now}})
	})
	if err != nil {
		t.Fatal(err)
	}
	callReads(t, app.New(app.Options{Books: db, Clock: clock, Hasher: account.NewTestHasher()}))
	for _, walk := range scans(t, path, statements()) {
		t.Error(walk)
	}
}

// growing are the tables that grow with the years.
var growing = []string{"ledger", "document", "document_on", "lot", "cell", "edge", "item_day", "audit", "request", "answer", "grn", "grn_line", "grn_order",
	"purchase_order", "purchase_order_line", "batch", "batch_typed", "batch_completion", "batch_output", "batch_waste",
	"packing_run", "packing_component", "sales_order", "sales_order_line", "dispatch", "dispatch_draft", "dispatch_line", "dispatch_lot", "invoice", "invoice_party", "sales_return", "parcel"}

var (
	named = regexp.MustCompile(`(?i)(?:FROM|JOIN|,|INTO|UPDATE)\s+([a-z_]+)(?:\s+AS)?(?:\s+([a-z_]+))?`)
	scan  = regexp.MustCompile(`^SCAN ([a-z_]+)`)
	// A range without an equality before it: from one end of the table, or of an index.
	reach = regexp.MustCompile(`^SEARCH ([a-z_]+) USING [A-Za-z0-9_ ]+ \([^=]*[<>]\?[^=]*\)$`)

	nothing = regexp.MustCompile(`^SEARCH ([a-z_]+) .*sqlite_autoindex_document_2 \(reverses=\?\)`)
)

// walked is the table a step of a plan walks through, with the name it has in the
// query; "" if it looks rows up.
func walked(step, query string) (table, alias string) {
	m := scan.FindStringSubmatch(step)
	if m == nil {
		m = reach.FindStringSubmatch(step)
	}
	if m == nil {
		// Nearly every document reverses nothing: that is no way to find one.
		m = nothing.FindStringSubmatch(step)
		if m == nil || !strings.Contains(strings.ReplaceAll(query, "+"+m[1]+".reverses", ""), m[1]+".reverses IS NULL") {
			return "", ""
		}
	}
	for _, n := range named.FindAllStringSubmatch(query, -1) {
		if n[2] == m[1] {
			return n[1], m[1]
		}
	}
	return m[1], m[1]
}

// scans lists the statements that walk through a growing table.
func scans(t *testing.T, path string, statements []string) (found []string) {
	t.Helper()
	raw, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	plans := 0
	for _, q := range statements {
		verb, _, _ := strings.Cut(strings.TrimSpace(q), " ")
		if !slices.Contains([]string{"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"}, verb) {
			continue
		}
		plan := planOf(t, raw, q)
		plans++
		for _, step := range walks(plan, q) {
			found = append(found, fmt.Sprintf("%s\n\tin %s", step, strings.Join(strings.Fields(q), " ")))
		}
	}
	if plans < 150 {
		t.Errorf("only %d plans were looked at", plans)
	}
	return found
}

// step is a line of a plan; sorted tells that what its select finds is sorted as a whole.
type step struct {
	detail string
	sorted bool
}

// walks are the steps of a plan that walk through a growing table and may not.
func walks(plan []step, query string) (found []string) {
	query = strings.Join(strings.Fields(query), " ")
	for _, s := range plan {
		if table, alias := walked(s.detail, query); slices.Contains(growing, table) && !mayWalk(s, alias, query) {
			found = append(found, s.detail+" ("+table+")")
		}
	}
	return found
}

func planOf(t *testing.T, raw *sql.DB, query string) (steps []step) {
	t.Helper()
	rows, err := raw.Query("EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	defer rows.Close()
	var parents []int
	sorts := map[int]bool{}
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps, parents = append(steps, step{detail: detail}), append(parents, parent)
		if detail == "USE TEMP B-TREE FOR ORDER BY" {
			sorts[parent] = true
		}
	}
	for i := range steps {
		steps[i].sorted = sorts[parents[i]]
	}
	return steps
}

// open are the indexes of what is not finished yet, or rare: however old the books,
// there is little of it.
var open = []string{"batch_open", "batch_cancel", "batch_cancelled", "cell_open", "dispatch_open", "dispatch_waiting", "dispatch_discarded",
	"purchase_order_due", "sales_order_due", "stock_count_open"}

// bounded is a select that looks whether there are few.
var bounded = regexp.MustCompile(`FROM audit x WHERE x\.(entity >= \? COLLATE NOCASE AND x\.entity < \? COLLATE NOCASE|user_id = \?|operation = \?) LIMIT 5000\) few`)

// mayWalk tells the steps that look like a walk and are none: the newest row of a
// chain, what is open, and a page of a list that begins behind a key and takes every
// row it meets.
func mayWalk(s step, alias, query string) bool {
	if strings.HasSuffix(query, "ORDER BY seq DESC LIMIT 1") {
		return true
	}
	if slices.ContainsFunc(open, func(index string) bool { return strings.Contains(s.detail+" ", "INDEX "+index+" ") }) {
		return true
	}
	if alias == "x" && bounded.MatchString(query) {
		return true
	}
	if strings.HasSuffix(s.detail, "sqlite_autoindex_document_2 (reverses>?)") { // all reversals there are
		return true
	}
	if alias == "ledger" || alias == "g" || s.sorted {
		return false
	}
	for _, p := range pagesOf(query) {
		if p.from(alias) && p.takesAll() {
			return true
		}
	}
	return false
}

// pageSelect is a select that ends with ORDER BY keys LIMIT ?, taken apart.
type pageSelect struct{ tables, where, keys string }

// pagesOf finds the selects of a query that read a page.
func pagesOf(query string) (found []pageSelect) {
	const order, limit = " ORDER BY ", " LIMIT ?"
	for end := range len(query) {
		if !strings.HasPrefix(query[end:], limit) {
			continue
		}
		head := query[:end]
		at := strings.LastIndex(head, order)
		if at < 0 {
			continue
		}
		p := pageSelect{keys: head[at+len(order):]}
		// Back to the WHERE and the FROM of the same select.
		depth, where := 0, at
		for i := at; i > 0 && depth >= 0; i-- {
			switch {
			case query[i] == ')':
				depth++
			case query[i] == '(':
				depth--
			case depth == 0 && p.where == "" && strings.HasPrefix(query[i:], " WHERE "):
				p.where, where = query[i+len(" WHERE "):at], i
			case depth == 0 && strings.HasPrefix(query[i:], " FROM "):
				p.tables = query[i+len(" FROM ") : where]
				depth = -1
			}
		}
		found = append(found, p)
	}
	return found
}

func (p pageSelect) from(alias string) bool {
	return regexp.MustCompile(`(^|[ (])` + alias + `( |$)`).MatchString(p.tables)
}

var operators = regexp.MustCompile(`\b(AND|OR|COLLATE NOCASE|1)\b|[<>=?() ]`)

// takesAll holds where nothing is filtered but by the keys of the order: then every
// row that the walk meets is one of the page. Nearly every cell is used up.
func (p pageSelect) takesAll() bool {
	rest := strings.ReplaceAll(" "+p.where, "c.qty = 0", "1")
	for k := range strings.SplitSeq(p.keys, ", ") {
		k = strings.TrimSuffix(k, " DESC")
		rest = regexp.MustCompile(`\b`+regexp.QuoteMeta(k)+`\b`).ReplaceAllString(rest, "")
	}
	return operators.ReplaceAllString(rest, "") == ""
}

// callReads calls every read operation with an empty request, and with those that say
// more.
func callReads(t *testing.T, a *app.App) {
	t.Helper()
	peer := op.Peer{Name: "PC-OFFICE", Local: true}
	in, err := account.Login.Call(context.Background(), caller{a, peer, ""}, "", account.LoginReq{Login: "owner", Password: demo.Password})
	if err != nil {
		t.Fatal(err)
	}
	c := caller{a, peer, in.Token}
	for _, m := range op.All() {
		if m.Kind != op.Read {
			continue
		}
		bodies := append([]string{"{}"}, reads[m.Name]...)
		for _, body := range bodies {
			if !json.Valid([]byte(body)) {
				t.Fatalf("%s: %s", m.Name, body)
			}
			if _, err := c.Call(context.Background(), m.Name, "", []byte(body)); err != nil && body != "{}" {
				t.Errorf("%s %s: %v", m.Name, body, err)
			}
			c.turnPages(t, m.Name, body)
		}
	}
}

// turnPages reads a list page by page and at once: both ways it is the same list, and
// its last page is the end of it.
func (c caller) turnPages(t *testing.T, operation, body string) {
	t.Helper()
	if _, next := c.page(t, operation, body, 1, ""); next == "" {
		return // no list, or one of a single row
	}
	all, paged := c.walk(t, operation, body, 500), c.walk(t, operation, body, 7)
	if !slices.Equal(all, paged) {
		t.Errorf("%s %s: %d rows at once, %d in pages, or in another order", operation, body, len(all), len(paged))
	}
	if slices.Contains(short, operation) || len(all) == mostRows {
		return
	}
	if last, _ := c.page(t, operation, body, 3, core.LastPage); !slices.Equal(last, all[max(0, len(all)-3):]) {
		t.Errorf("%s %s: the last page is not the end of the list: %q", operation, body, last)
	}
}

// short are the lists that count rows or walk the ledger: they know no last page.
var short = []string{"catalog.list_items", "party.list_parties", "recipe.list_recipes", "packing.list_profiles", "purchase.list_reorder", "stock.list_ledger",
	"stock.list_valued_ledger", "report.wastage", "report.valued_wastage"}

// mostRows is how far a test reads into a list.
const mostRows = 400

// walk reads up to mostRows of a list in pages.
func (c caller) walk(t *testing.T, operation, body string, limit int) (rows []string) {
	t.Helper()
	for after := ""; len(rows) < mostRows; {
		page, next := c.page(t, operation, body, limit, after)
		rows = append(rows, page...)
		if after = next; after == "" || len(page) == 0 {
			break
		}
	}
	return rows[:min(len(rows), mostRows)]
}

// page reads the rows of one page as text; none of what is no list.
func (c caller) page(t *testing.T, operation, body string, limit int, after string) (rows []string, next string) {
	t.Helper()
	req := map[string]any{}
	if err := json.Unmarshal([]byte(body), &req); err != nil {
		t.Fatal(err)
	}
	maps.Copy(req, map[string]any{"limit": limit, "after": after})
	b, err := json.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Call(context.Background(), operation, "", b)
	if err != nil {
		return nil, "" // it takes no pages, or this request is no list
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(answer, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"rows", "lots", "documents", "batches", "runs", "orders", "dispatches", "returns", "recalls", "counts", "items", "parties", "recipes", "profiles"} {
		var list []json.RawMessage
		if json.Unmarshal(fields[name], &list) == nil && list != nil {
			for _, r := range list {
				rows = append(rows, string(r))
			}
			break
		}
	}
	if fields["next"] != nil {
		if err := json.Unmarshal(fields["next"], &next); err != nil {
			t.Fatal(err)
		}
	}
	return rows, next
}

type caller struct {
	app   *app.App
	peer  op.Peer
	token string
}

func (c caller) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	return c.app.Serve(ctx, op.Request{Operation: operation, Key: key, Token: c.token, Body: body, Peer: c.peer})
}

// reads are requests that take other ways than an empty one.
var reads = map[string][]string{
	"catalog.list_items":          {`{"query":"cumin"}`, `{"types":["RAW"]}`},
	"catalog.get_item":            {`{"id":1}`},
	"party.list_parties":          {`{"query":"erode"}`},
	"stock.list_lots":             {`{"query":"LOT-2026"}`, `{"query":"LOT-2026","empty":true}`, `{"empty":true}`, `{"empty":true,"sort":"qty","desc":true}`, `{"empty":true,"types":["RAW","FINISHED_GOOD"]}`, `{"empty":true,"item":5}`, `{"empty":true,"statuses":["HOLD"]}`, `{"item":5}`, `{"expired":true}`, `{"within":30}`, `{"statuses":["HOLD"]}`, `{"types":["RAW"],"sort":"lot","desc":true}`, `{"sort":"qty"}`, `{"sort":"item"}`},
	"stock.list_valued_lots":      {`{"sort":"value"}`},
	"stock.get_lot":               {`{"id":1}`},
	"stock.get_document":          {`{"id":1}`},
	"stock.list_documents":        {`{"kinds":["GRN"]}`, `{"query":"GRN-2026"}`},
	"stock.list_ledger":           {`{"item":5}`, `{"lot":1}`, `{"item":5,"from":"2026-01-01","to":"2026-02-27"}`},
	"stock.list_valued_ledger":    {`{"item":5}`},
	"stock.stock_on":              {`{"on":"2026-02-27"}`},
	"production.list_batches":     {`{"item":30}`, `{"query":"B-2026"}`},
	"production.get_batch":        {`{"id":1}`},
	"production.get_valued_batch": {`{"id":1}`},
	"packing.list_runs":           {`{"lot":1}`, `{"item":60}`},
	"sales.list_orders":           {`{"customer":12}`, `{"due":true}`},
	"sales.get_order":             {`{"id":1}`},
	"sales.list_dispatches":       {`{"customer":12}`, `{"order":1}`},
	"sales.get_dispatch":          {`{"id":1}`},
	"sales.get_valued_dispatch":   {`{"id":1}`},
	"sales.list_returns":          {`{"customer":12}`},
	"trace.trace_lot":             {`{"lot":1}`},
	"system.list_audit":           {`{"operation":"purchase.post_grn"}`, `{"user":1}`, `{"entity":"item RAW"}`, `{"entity":"LOT-20260212-001"}`, `{"document":1}`, `{"from":"2026-01-01","to":"2026-02-27"}`, `{"from":"2026-01-01","operation":"purchase.post_grn","user":1}`, `{"to":"2026-02-27","entity":"item RAW"}`},
}

// TestWalksAreFound is what TestPlans must not let through.
func TestWalksAreFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masala.db")
	db, err := storage.Open(t.Context(), storage.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for query, want := range map[string]bool{
		`SELECT seq FROM ledger WHERE reason = ?`:                                                                       true,
		`SELECT g.seq FROM ledger g WHERE g.user_id = ? ORDER BY g.seq DESC LIMIT ?`:                                    true,
		`SELECT g.seq FROM ledger g JOIN document d ON d.id = g.document_id WHERE g.lot_id = ? AND d.reverses IS NULL`:  true,
		`SELECT g.seq FROM ledger g JOIN document d ON d.id = g.document_id WHERE g.lot_id = ? AND +d.reverses IS NULL`: false,
		`SELECT sum(value) FROM ledger`:                                                         true,
		`SELECT l.id FROM lot AS l WHERE substr(l.number, 1, 3) = ?`:                            true,
		`SELECT g.seq FROM ledger g JOIN document d ON d.id = g.document_id WHERE d.number = ?`: false,
		`SELECT seq FROM ledger WHERE item_id = ? AND account = 'STOCK' ORDER BY effective_on`:  false,
		`SELECT sum(c.qty) FROM item i JOIN cell c ON c.item_id = i.id WHERE c.qty > 0`:         false,

		// Pages: what is met must be wanted.
		`SELECT d.id FROM document d WHERE 1 ORDER BY d.id DESC LIMIT ?`:                                                                               false,
		`SELECT d.id FROM document d WHERE d.id < ? ORDER BY d.id DESC LIMIT ?`:                                                                        false,
		`SELECT d.id FROM document d WHERE d.reason = ? ORDER BY d.id DESC LIMIT ?`:                                                                    true,
		`SELECT d.id FROM document d WHERE d.reason = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?`:                                                       true,
		`SELECT d.id FROM document d WHERE d.kind = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?`:                                                         false,
		`SELECT d.id FROM document d WHERE 1 ORDER BY d.posted_at DESC LIMIT ?`:                                                                        true,
		`SELECT d.id FROM document d WHERE d.number >= ? AND d.number < ? ORDER BY d.number DESC LIMIT ?`:                                              false,
		`SELECT d.id FROM document d WHERE d.number >= ? AND d.user_id = ? ORDER BY d.number DESC LIMIT ?`:                                             true,
		`SELECT d.id FROM document d WHERE d.number >= ? ORDER BY d.id DESC LIMIT ?`:                                                                   true,
		`SELECT b.number FROM (SELECT x.id FROM batch x WHERE NOT x.cancelled ORDER BY x.id DESC LIMIT ?) k JOIN batch b ON b.id = k.id ORDER BY b.id`: true,
		`SELECT b.number FROM (SELECT x.id FROM batch x WHERE 1 ORDER BY x.id DESC LIMIT ?) k CROSS JOIN batch b ON b.id = k.id ORDER BY b.id`:         false,
	} {
		plan := planOf(t, raw, query)
		if found := walks(plan, query); (len(found) > 0) != want {
			t.Errorf("%s: walks %q, want %v: %v", query, found, want, plan)
		}
	}
}
