package storage_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

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
	"packing_run", "packing_component", "sales_order", "sales_order_line", "dispatch", "dispatch_draft", "dispatch_line", "dispatch_lot", "invoice", "sales_return"}

var (
	named = regexp.MustCompile(`(?i)(?:FROM|JOIN|,|INTO|UPDATE)\s+([a-z_]+)(?:\s+AS)?(?:\s+([a-z_]+))?`)
	scan  = regexp.MustCompile(`^SCAN ([a-z_]+)`)

	nothing = regexp.MustCompile(`^SEARCH ([a-z_]+) .*sqlite_autoindex_document_2 \(reverses=\?\)`)
)

// walked is the table a line of a plan walks through, "" if it looks rows up.
func walked(detail, query string) string {
	m := scan.FindStringSubmatch(detail)
	if m == nil {
		// Nearly every document reverses nothing: that is no way to find one.
		m = nothing.FindStringSubmatch(detail)
		if m == nil || !strings.Contains(strings.ReplaceAll(query, "+"+m[1]+".reverses", ""), m[1]+".reverses IS NULL") {
			return ""
		}
	}
	for _, n := range named.FindAllStringSubmatch(query, -1) {
		if n[2] == m[1] {
			return n[1]
		}
	}
	return m[1]
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
		for _, step := range plan {
			if table := walked(step, q); slices.Contains(growing, table) && !mayWalk(step, plan, q) {
				found = append(found, fmt.Sprintf("%s (%s)\n\tin %s", step, table, strings.Join(strings.Fields(q), " ")))
			}
		}
	}
	if plans < 150 {
		t.Errorf("only %d plans were looked at", plans)
	}
	return found
}

func planOf(t *testing.T, raw *sql.DB, query string) (steps []string) {
	t.Helper()
	rows, err := raw.Query("EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	return steps
}

// open are the indexes of what is not finished yet: however old the books, there is
// little of it.
var open = []string{"batch_open", "purchase_order_due", "cell_open", "dispatch_open", "stock_count_open", "batch_cancel"}

var newestFirst = regexp.MustCompile(`ORDER BY [a-z]*\.?(id|seq|document_id) DESC(, s\.line)? LIMIT \? OFFSET \?$`)

// mayWalk tells the steps that look like a walk and are none: the newest row of a
// chain, what is open, and a page of a list that is read from its newest end.
func mayWalk(step string, plan []string, query string) bool {
	query = strings.Join(strings.Fields(query), " ")
	switch {
	case strings.HasSuffix(query, "ORDER BY seq DESC LIMIT 1"):
		return true
	case slices.ContainsFunc(open, func(index string) bool { return strings.HasSuffix(step, "INDEX "+index) }):
		return true
	}
	sorted := slices.ContainsFunc(plan, func(s string) bool { return s == "USE TEMP B-TREE FOR ORDER BY" })
	return newestFirst.MatchString(query) && !sorted && !strings.HasPrefix(step, "SCAN ledger") && !strings.HasPrefix(step, "SCAN g")
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
		}
	}
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
	"stock.list_lots":             {`{"query":"LOT-2026"}`, `{"query":"LOT-2026","empty":true}`, `{"item":5}`, `{"expired":true}`, `{"within":30}`, `{"statuses":["HOLD"]}`, `{"types":["RAW"],"sort":"lot","desc":true}`, `{"sort":"qty"}`, `{"sort":"item"}`},
	"stock.list_valued_lots":      {`{"sort":"value"}`},
	"stock.get_lot":               {`{"id":1}`},
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
	"system.list_audit":           {`{"operation":"purchase.post_grn"}`, `{"user":1}`, `{"entity":"item RAW"}`},
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
	for query, walks := range map[string]bool{
		`SELECT seq FROM ledger WHERE reason = ?`:                                                                       true,
		`SELECT g.seq FROM ledger g WHERE g.user_id = ? ORDER BY g.seq DESC LIMIT ? OFFSET ?`:                           true,
		`SELECT g.seq FROM ledger g JOIN document d ON d.id = g.document_id WHERE g.lot_id = ? AND d.reverses IS NULL`:  true,
		`SELECT g.seq FROM ledger g JOIN document d ON d.id = g.document_id WHERE g.lot_id = ? AND +d.reverses IS NULL`: false,
		`SELECT sum(value) FROM ledger`:                                                         true,
		`SELECT d.id FROM document d ORDER BY d.number DESC LIMIT ? OFFSET ?`:                   true,
		`SELECT l.id FROM lot AS l WHERE substr(l.number, 1, 3) = ?`:                            true,
		`SELECT g.seq FROM ledger g JOIN document d ON d.id = g.document_id WHERE d.number = ?`: false,
		`SELECT d.id FROM document d ORDER BY d.id DESC LIMIT ? OFFSET ?`:                       false,
		`SELECT seq FROM ledger WHERE item_id = ? AND account = 'STOCK' ORDER BY effective_on`:  false,
		`SELECT sum(c.qty) FROM item i JOIN cell c ON c.item_id = i.id WHERE c.qty > 0`:         false,
	} {
		found := false
		plan := planOf(t, raw, query)
		for _, step := range plan {
			found = found || slices.Contains(growing, walked(step, query)) && !mayWalk(step, plan, query)
		}
		if found != walks {
			t.Errorf("%s: walks %v, want %v: %q", query, found, walks, plan)
		}
	}
}
