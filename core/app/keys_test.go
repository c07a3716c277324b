package app_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR36_ExactlyOnce sends every keyed write and then sends it again in every way a
// retry can come: at once, after a restart, with the licence run out, with the gate
// closed, from a new login. The answer is the first one, the books stay as they are.
func TestR36_ExactlyOnce(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
		if m.Keyless {
			if _, err := f.Owner.Call(t.Context(), m.Name, "", body(t, req)); err != nil {
				t.Errorf("a Keyless operation asks for a key: %v", err)
			}
			return
		}
		key, sent := uuid.NewString(), body(t, req)
		for _, bad := range []string{"", "42", strings.ToUpper(key), "{" + key + "}", "urn:uuid:" + key, strings.ReplaceAll(key, "-", ""), uuid.Nil.String()} {
			if _, err := f.Owner.Call(t.Context(), m.Name, bad, sent); core.CodeOf(err) != core.CodeInvalid {
				t.Errorf("key %q is answered %v", bad, err)
			}
		}
		first, err := f.Owner.Call(t.Context(), m.Name, key, sent)
		if err != nil {
			t.Fatal(err)
		}
		before := f.Tables()
		again := func(when string) {
			t.Helper()
			got, err := f.Owner.Call(t.Context(), m.Name, key, sent)
			if err != nil || !bytes.Equal(got, first) {
				t.Errorf("%s: %s, %v; want %s", when, got, err, first)
			}
		}
		again("double click")
		f.Mode.Set(licence.ReadOnly)
		again("licence read-only")
		f.Mode.Set(licence.Locked)
		again("licence locked")
		f.Health.Set(health.Warning{Code: "disk.full", Blocks: core.Errorf(core.CodeDiskFull, "full")})
		again("gate closed")
		f.Reopen()
		again("server restarted")
		f.Unchanged(before, "a retry")
		if !m.Secret { // of a secret no trace is kept, so it cannot be compared
			other := append(bytes.TrimSuffix(bytes.Clone(sent), []byte("}")), ` }`...)
			if _, err := f.Owner.Call(t.Context(), m.Name, key, other); core.CodeOf(err) != core.CodeConflict {
				t.Errorf("another body is answered %v", err)
			}
		}
		if m.Name != account.ResetPassword.Name {
			if _, err := f.Store1.Call(t.Context(), m.Name, key, sent); core.CodeOf(err) != core.CodeConflict {
				t.Errorf("another user is answered %v", err)
			}
		}
		for _, o := range op.All() {
			if o.Name == m.Name || o.Kind == op.Read || o.Keyless {
				continue
			}
			if _, err := f.Owner.Call(t.Context(), o.Name, key, sent); core.CodeOf(err) != core.CodeConflict {
				t.Errorf("%s with the same key is answered %v", o.Name, err)
			}
		}
		f.Unchanged(before, "a conflict")
		f.Verify()
	})
}

// TestR36_ConflictOpensThePostedDocument: what the other body meets names the
// document.
func TestR36_ConflictOpensThePostedDocument(t *testing.T) {
	t.Parallel()
	f := New(t)
	key, req := uuid.NewString(), writes["purchase.post_grn"](f).(purchase.PostGRNReq)
	posted, err := purchase.PostGRN.Call(t.Context(), f.Store1, key, req)
	if err != nil {
		t.Fatal(err)
	}
	req.Lines[0].Qty++
	_, err = purchase.PostGRN.Call(t.Context(), f.Store1, key, req)
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeConflict || e.Args["document"] != posted.Document {
		t.Errorf("answer %v %+v", err, e)
	}
}

// TestR36_SessionMustStillBeValid: the key proves an intention, not a person. A
// retry behind an ended session is asked to log in, and after that the same user,
// from any PC, hears the first answer.
func TestR36_SessionMustStillBeValid(t *testing.T) {
	t.Parallel()
	f := New(t)
	key, sent := uuid.NewString(), body(t, writes["purchase.post_grn"](f))
	call := func() ([]byte, error) { return f.Store1.Call(t.Context(), purchase.PostGRN.Name, key, sent) }
	first, err := call()
	if err != nil {
		t.Fatal(err)
	}
	f.Clock.Advance(8 * 24 * time.Hour) // the session has run out, the date is another
	if _, err := call(); core.CodeOf(err) != core.CodeUnauthenticated {
		t.Errorf("an ended session is answered %v", err)
	}
	f.Store1 = f.Login("store1", op.Peer{Device: 2, Name: "PC-MILL"})
	if got, err := call(); err != nil || !bytes.Equal(got, first) {
		t.Errorf("after a new login: %s, %v", got, err)
	}
	stolen := f.Store1.Request(purchase.PostGRN.Name, key, sent)
	stolen.Peer = op.Peer{Device: 3, Name: "PC-OTHER"}
	if _, err := f.App.Serve(t.Context(), stolen); core.CodeOf(err) != core.CodeUnauthenticated {
		t.Errorf("a token on another PC is answered %v", err)
	}
	*f.Owner = *f.Login("owner", op.Peer{Name: "SERVER", Local: true})
	Do(f.Owner, account.UpdateUser, account.UpdateUserReq{ID: f.Store1.ID, Version: 1, Name: "Store 1", Role: core.Operator})
	if _, err := call(); core.CodeOf(err) != core.CodeUnauthenticated {
		t.Errorf("a user out of use is answered %v", err)
	}
}

// TestR36_AnAdminNoMoreReadsNoValue: who repeats what he did as an Admin, and is one no
// more, is told that it was done and reads nothing of its answer (R37).
func TestR36_AnAdminNoMoreReadsNoValue(t *testing.T) {
	t.Parallel()
	f := New(t)
	Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "boss2", Name: "Boss", Role: core.Admin, Password: Password})
	boss := f.Login("boss2", op.Peer{Device: 2, Name: "PC-MILL"})
	key, sent := uuid.NewString(), body(t, writes["purchase.correct_price"](f))
	call := func() ([]byte, error) { return boss.Call(t.Context(), purchase.CorrectPrice.Name, key, sent) }
	first, err := call()
	if err != nil || !bytes.Contains(first, []byte(`"delta":-50000`)) {
		t.Fatalf("%s, %v", first, err)
	}
	Do(f.Owner, account.UpdateUser, account.UpdateUserReq{ID: boss.ID, Version: 1, Name: "Boss", Role: core.Operator, Active: true})
	boss = f.Login("boss2", op.Peer{Device: 2, Name: "PC-MILL"})
	before := f.Tables()
	got, err := call()
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeConflict || got != nil || e.Message != "This entry was already posted, when you were an Admin. Open the posted document." || len(e.Args) != 1 || e.Args["document"] == nil {
		t.Errorf("as an Operator he is answered %s, %v", got, err)
	}
	f.Unchanged(before, "a retry")
	Do(f.Owner, account.UpdateUser, account.UpdateUserReq{ID: boss.ID, Version: 2, Name: "Boss", Role: core.Admin, Active: true})
	boss = f.Login("boss2", op.Peer{Device: 2, Name: "PC-MILL"})
	if got, err := call(); err != nil || !bytes.Equal(got, first) {
		t.Errorf("an Admin again, he is answered %s, %v", got, err)
	}
}

// TestR36_RefusalsAreNotStored: the same key posts once the reason is gone.
func TestR36_RefusalsAreNotStored(t *testing.T) {
	t.Parallel()
	f := New(t)
	req := writes["purchase.post_grn"](f).(purchase.PostGRNReq)
	key := uuid.NewString()
	for _, v := range []struct {
		name    string
		arrange func()
		change  func(r purchase.PostGRNReq) purchase.PostGRNReq
		want    core.Code
	}{
		{"invalid", func() {}, func(r purchase.PostGRNReq) purchase.PostGRNReq { r.Lines = nil; return r }, core.CodeInvalid},
		{"refused by the books", func() {}, func(r purchase.PostGRNReq) purchase.PostGRNReq { r.Supplier = 999; return r }, core.CodeInvalid},
		{"read-only", func() { f.Mode.Set(licence.ReadOnly) }, nil, core.CodeReadOnly},
		{"locked", func() { f.Mode.Set(licence.Locked) }, nil, core.CodeLocked},
		{"gate", func() {
			f.Mode.Set(licence.Active)
			f.Health.Set(health.Warning{Code: "disk.full", Blocks: core.Errorf(core.CodeDiskFull, "full")})
		}, nil, core.CodeDiskFull},
	} {
		v.arrange()
		before, r := f.Tables(), req
		if v.change != nil {
			r = v.change(req)
		}
		if _, err := purchase.PostGRN.Call(t.Context(), f.Store1, key, r); core.CodeOf(err) != v.want {
			t.Errorf("%s: %v", v.name, err)
		}
		f.Unchanged(before, v.name)
	}
	f.Health.Clear("disk.full")
	if _, err := purchase.PostGRN.Call(t.Context(), f.Store1, key, req); err != nil {
		t.Errorf("after refusals the key is answered %v", err)
	}
	f.Verify()
}

// TestHoldPassesEveryGate: unsafe goods are stopped whatever the licence or the disk
// say; nothing else that changes stock is.
func TestHoldPassesEveryGate(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := lotCell(f, stock.Released).Lot
	f.Mode.Set(licence.Locked)
	f.Health.Set(health.Warning{Code: "disk.full", Blocks: core.Errorf(core.CodeDiskFull, "full")})
	Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Reason: "weevils"})
	if _, err := Try(f.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: lot, Reason: "clean"}); core.CodeOf(err) != core.CodeLocked {
		t.Errorf("release is answered %v", err)
	}
	f.Mode.Set(licence.ReadOnly)
	if _, err := Try(f.Store1, stock.ListLots, stock.ListLotsReq{}); err != nil {
		t.Errorf("reading in read-only mode: %v", err)
	}
	f.Verify()
}

// TestR36_ManyCallersOneKey: many goroutines send the same requests in random order,
// lose answers on the way and meet restarts between; everything happens once.
func TestR36_ManyCallersOneKey(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	type intent struct {
		key  string
		body []byte
	}
	var intents []intent
	for i := range 12 {
		r := GRN(supplier.ID, "INV/"+string(rune('A'+i)), Line(item.ID, int64(1+i), core.Paise(1_000_00+i)))
		intents = append(intents, intent{uuid.NewString(), body(t, r)})
	}
	answers := make([]map[string]bool, len(intents))
	for i := range answers {
		answers[i] = map[string]bool{}
	}
	for round := range 3 {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for g := range 16 {
			random := rand.New(rand.NewPCG(uint64(round), uint64(g)))
			wg.Go(func() {
				for _, i := range random.Perm(len(intents)) {
					ctx, cancel := context.WithCancel(context.Background())
					if random.IntN(3) == 0 {
						cancel() // the caller is gone before, or the answer is lost on the way
					}
					got, err := f.Store1.Call(ctx, purchase.PostGRN.Name, intents[i].key, intents[i].body)
					cancel()
					switch {
					case err == nil:
						mu.Lock()
						answers[i][string(got)] = true
						mu.Unlock()
					case core.CodeOf(err) != core.CodeUnavailable:
						t.Errorf("request %d: %v", i, err)
					}
				}
			})
		}
		wg.Wait()
		f.Reopen()
	}
	for i, a := range answers {
		if len(a) != 1 {
			t.Errorf("request %d had %d different answers", i, len(a))
		}
	}
	if n := f.Int(`SELECT count(*) FROM document`); n != int64(len(intents)) {
		t.Errorf("%d documents for %d requests", n, len(intents))
	}
	if n := f.Int(`SELECT last FROM series WHERE name LIKE 'GRN-%'`); n != int64(len(intents)) {
		t.Errorf("the series is at %d", n)
	}
	f.Verify()
}
