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
	walked := scans(t, path, statements())
	for _, w := range walked {
		t.Error(w)
	}
}

// growing are the tables that grow with the years.
var growing = []string{"ledger", "document", "document_on", "lot", "cell", "edge", "item_day", "audit", "request", "answer", "grn", "grn_line", "grn_order",
	"purchase_order", "purchase_order_line", "batch", "batch_typed", "batch_completion", "batch_output", "batch_waste",
	"sales_order", "sales_order_line", "dispatch", "dispatch_draft", "dispatch_line", "dispatch_lot", "invoice", "sales_return"}

var (
	named = regexp.MustCompile(`(?i)(?:FROM|JOIN|,|INTO|UPDATE)\s+([a-z_]+)(?:\s+AS)?(?:\s+([a-z_]+))?`)
	scan  = regexp.MustCompile(`^SCAN ([a-z_]+)`)
)

// walked is the table a line of a plan walks through, "" if it looks rows up.
func walked(detail, query string) string {
	m := scan.FindStringSubmatch(detail)
	if m == nil {
		return ""
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
		if verb != "SELECT" && verb != "WITH" && verb != "INSERT" && verb != "UPDATE" && verb != "DELETE" {
			continue
		}
		args := make([]any, strings.Count(q, "?"))
		rows, err := raw.Query("EXPLAIN QUERY PLAN "+q, args...)
		if err != nil {
			t.Fatalf("%v in %s", err, q)
		}
		plans++
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if table := walked(detail, q); slices.Contains(growing, table) {
				found = append(found, fmt.Sprintf("%s (%s)\n\tin %s", detail, table, strings.Join(strings.Fields(q), " ")))
			}
		}
		rows.Close()
	}
	t.Logf("%d plans", plans)
	return found
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
var reads = map[string][]string{}
