package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/party"
	"masala/core/purchase"
	. "masala/storage/storagetest"
)

// TestAllFaultsAtOnce: what is wrong with a request in itself and what the books have
// against it are told in one answer, each field once, and nothing is changed.
func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	good := Line(item.ID, 10, 100_00)
	none, old, strange := good, good, good
	none.Qty = 0
	old.ExpiryOn, old.MfgOn = 0, 0
	strange.Item, strange.Qty = 99, -1
	req := GRN(supplier.ID, "S/1", none, old, strange)
	req.InvoiceDate = core.NewDate(2026, 3, 1)
	before := f.Tables()
	_, err := Try(f.Store1, purchase.PostGRN, req)
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeInvalid {
		t.Fatal(err)
	}
	var fields []string
	for _, x := range e.Fields {
		fields = append(fields, x.Field)
	}
	slices.Sort(fields)
	want := "invoice_date lines[0].qty lines[1].expiry_on lines[2].item lines[2].qty"
	if got := strings.Join(fields, " "); got != want {
		t.Errorf("told %q, want %q: %v", got, want, e.Fields)
	}
	f.Unchanged(before, "a refused GRN")
}

// breaking are books whose records of parties make a handler panic.
type breaking struct{ app.Books }

type brokenStore struct{ app.Store }

func (brokenStore) Party(core.PartyID) (party.Party, error) { panic("the index is out of range") }

func (b breaking) Read(ctx context.Context, fn func(app.Store) error) error {
	return b.Books.Read(ctx, func(tx app.Store) error { return fn(brokenStore{tx}) })
}

func (b breaking) Write(ctx context.Context, fn func(app.Store) error) error {
	return b.Books.Write(ctx, func(tx app.Store) error { return fn(brokenStore{tx}) })
}

// TestPanicsAreLogged: a handler that panics is heard of in the log, under its operation,
// also where it was only asked what else is wrong with a request that is refused anyway.
func TestPanicsAreLogged(t *testing.T) {
	t.Parallel()
	f := New(t)
	good := GRN(f.Supplier("Sangli Haldi Traders").ID, "S/1", Line(f.Item("RAW-001", "Turmeric").ID, 10, 100_00))
	wrong := good
	wrong.InvoiceNo = ""
	before := f.Tables()
	for name, x := range map[string]struct {
		req  purchase.PostGRNReq
		code core.Code
	}{"wrong in itself": {wrong, core.CodeInvalid}, "right in itself": {good, core.CodeInternal}} {
		var log bytes.Buffer
		a := app.New(app.Options{Books: breaking{f.DB}, Clock: f.Clock, Hasher: account.NewTestHasher(), Log: slog.New(slog.NewJSONHandler(&log, nil))})
		body, err := json.Marshal(x.req)
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Serve(t.Context(), f.Store1.Request(purchase.PostGRN.Name, uuid.NewString(), body))
		var e *core.Error
		if !errors.As(err, &e) || e.Code != x.code || x.code == core.CodeInvalid && !e.Names("invoice_no") {
			t.Errorf("%s: answered %v", name, err)
		}
		var line struct{ Level, Msg, Ref, Operation, Peer, Err string }
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v in %q", name, err, log.String())
		}
		if line.Level != "ERROR" || line.Msg != "operation failed" || line.Ref == "" || line.Operation != "purchase.post_grn" || line.Peer != "PC-STORE" ||
			!strings.HasPrefix(line.Err, "panic: the index is out of range\n") || !strings.Contains(line.Err, "brokenStore.Party") {
			t.Errorf("%s: logged %+v", name, line)
		}
	}
	f.Unchanged(before, "handlers that panicked")
}
