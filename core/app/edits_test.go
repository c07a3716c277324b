package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// edits are the operations on records that somebody else may change meanwhile: their
// requests name the version that was seen (R35).
func edits() (all []op.Meta) {
	for _, m := range op.All() {
		if _, ok := m.Req.FieldByName("Version"); ok && m.Kind != op.Read {
			all = append(all, m)
		}
	}
	return all
}

// elsewhere are the operations that name the version of another record, the one they
// stand on: what changes that.
var elsewhere = map[string]func(u *User, req any) error{
	"packing.post_run": func(u *User, req any) error {
		p := Do(u, packing.GetProfile, packing.GetProfileReq{ID: req.(packing.PostRunReq).Profile})
		p.Note = "Winner"
		_, err := Try(u, packing.UpdateProfile, packing.UpdateProfileReq{ID: p.ID, Version: p.Version, Fields: p.Fields})
		return err
	},
}

// second is another Admin at another PC.
func second(f *Factory) *User {
	f.T.Helper()
	Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "second", Name: "Second", Role: core.Admin, Password: Password})
	pc, err := f.App.Pair(f.T.Context(), "5702e002", "PC-OFFICE")
	if err != nil {
		f.T.Fatal(err)
	}
	return f.Login("second", pc)
}

// words are the fields of requests that hold free text, most telling first.
var words = []string{"name", "factory", "note", "reason", "vehicle", "address"}

// saying is a request with another text in it; ok is false where it holds none.
func saying(t *testing.T, body []byte, text string) (_ []byte, ok bool) {
	t.Helper()
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if _, there := v[w].(string); there {
			v[w] = text
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return b, true
		}
	}
	return body, false
}

// send sends a request under a key of its own.
func send(t *testing.T, u *User, m op.Meta, body []byte) ([]byte, error) {
	return u.Call(t.Context(), m.Name, keyOf(m), body)
}

// TestFault_4_1_TheLoserOfEveryEdit has two people change every kind of record from
// the same version. The second reads the sentence, who was first, when, and both
// values; the record is what the first made of it.
func TestFault_4_1_TheLoserOfEveryEdit(t *testing.T) {
	t.Parallel()
	all := edits()
	if len(all) < 20 {
		t.Fatalf("only %d operations name a version", len(all))
	}
	for _, m := range all {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			if writes[m.Name] == nil {
				t.Fatal("it has no good request in writes")
			}
			f := New(t)
			other := second(f)
			req := writes[m.Name](f)
			request := body(t, req)
			won, _ := saying(t, request, "Winner")
			lost, spoken := saying(t, request, "Loser")
			change := func() error { _, err := send(t, other, m, won); return err }
			if there := elsewhere[m.Name]; there != nil {
				change = func() error { return there(other, req) }
			}
			if err := change(); err != nil {
				t.Fatalf("the first: %v", err)
			}
			before := f.Tables()
			_, err := send(t, f.Owner, m, lost)
			var e *core.Error
			if !errors.As(err, &e) || e.Code != core.CodeConflict {
				t.Fatalf("the second is answered %v", err)
			}
			if e.Message != "This record was modified by another user. Please reload and try again." {
				t.Errorf("the second reads %q", e.Message)
			}
			wire, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{`"updated_by":"second"`, `"updated_at":"` + f.Clock.Now().UTC().Format("2006-01-02T15:04:05Z")} {
				if !strings.Contains(string(wire), want) {
					t.Errorf("%s is not in %s", want, wire)
				}
			}
			theirs, yours := e.Args["theirs"], e.Args["yours"]
			if empty(theirs) || empty(yours) {
				t.Errorf("theirs %v, yours %v", theirs, yours)
			}
			if b, _ := json.Marshal(yours); spoken && !strings.Contains(string(b), "Loser") {
				t.Errorf("what he typed is not in %s", b)
			}
			if b, _ := json.Marshal(theirs); strings.Contains(m.Name, ".update_") && spoken && !strings.Contains(string(b), "Winner") {
				t.Errorf("what the first wrote is not in %s", b)
			}
			f.Unchanged(before, m.Name+" that lost")
			f.Verify()
		})
	}
}

func empty(v any) bool {
	b, err := json.Marshal(v)
	return err != nil || slices.Contains([]string{"null", `""`, "{}", "[]"}, string(b))
}

// TestFault_4_1_WhatEditsNamesAVersion: whoever adds an operation that replaces a
// record has its request say which version was seen.
func TestFault_4_1_WhatEditsNamesAVersion(t *testing.T) {
	t.Parallel()
	for _, m := range op.All() {
		_, verb, _ := strings.Cut(m.Name, ".")
		_, versioned := m.Req.FieldByName("Version")
		if strings.HasPrefix(verb, "update_") && !versioned {
			t.Errorf("%s changes a record and does not name the version it saw: give %s a Version and call CheckVersion", m.Name, m.Req)
		}
		if v, ok := m.Resp.FieldByName("Version"); strings.HasPrefix(verb, "update_") && (!ok || v.Type != reflect.TypeFor[int64]()) {
			t.Errorf("%s does not answer with the new version, so its window cannot go on", m.Name)
		}
	}
}

// TestFault_4_1_ManyAtOnce: eight people save the same record from the same version
// in the same moment, several times over. Every time exactly one of them wins, and
// nobody who won is overwritten by somebody who had not seen it.
func TestFault_4_1_ManyAtOnce(t *testing.T) {
	t.Parallel()
	const people = 8
	for _, m := range edits() {
		if elsewhere[m.Name] != nil {
			continue // two of them do not change one record
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			f := New(t)
			request := body(t, writes[m.Name](f))
			rounds := 1
			if strings.Contains(m.Name, ".update_") {
				rounds = 3
			}
			for round := range rounds {
				var wg sync.WaitGroup
				answers, errs := make([][]byte, people), make([]error, people)
				for i := range people {
					mine, _ := saying(t, request, fmt.Sprintf("Round %d, person %d", round, i))
					key := keyOf(m)
					wg.Go(func() { answers[i], errs[i] = f.Owner.Call(t.Context(), m.Name, key, mine) })
				}
				wg.Wait()
				winner := -1
				for i, err := range errs {
					switch {
					case err == nil && winner >= 0:
						t.Fatalf("round %d: both %d and %d won", round, winner, i)
					case err == nil:
						winner = i
					case core.CodeOf(err) != core.CodeConflict:
						t.Fatalf("round %d: %v", round, err)
					}
				}
				if winner < 0 {
					t.Fatalf("round %d: nobody won: %v", round, errs)
				}
				if round+1 < rounds {
					request = atVersion(t, request, answers[winner])
				}
			}
			f.Verify()
		})
	}
}

// atVersion is the request at the version of an answer.
func atVersion(t *testing.T, request, answer []byte) []byte {
	t.Helper()
	var now struct {
		Version json.Number `json:"version"`
	}
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(request))
	d.UseNumber()
	if err := errors.Join(json.Unmarshal(answer, &now), d.Decode(&v)); err != nil || now.Version == "" {
		t.Fatalf("no version in %s: %v", answer, err)
	}
	v["version"] = now.Version
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// record is one editable record as the test drives it.
type record struct {
	load func(u *User) (version int64, text string)
	save func(u *User, version int64, text string) error
}

// records are one record of each kind that people keep open while others edit.
func records(f *Factory) map[string]record {
	name := uuid.NewString()[:8]
	it, p := f.Item("RAW-"+name, "Item "+name), f.Supplier("Supplier "+name)
	Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "u" + name, Name: "User", Role: core.Operator, Password: Password})
	var user account.User
	for _, u := range Do(f.Owner, account.ListUsers, account.ListUsersReq{}).Users {
		if u.Login == "u"+name {
			user = u
		}
	}
	fields := orderFields(f)
	order := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: fields})
	return map[string]record{
		"item": {func(u *User) (int64, string) {
			x := Do(u, catalog.GetItem, catalog.GetItemReq{ID: it.ID})
			return x.Version, x.Name
		}, func(u *User, v int64, s string) error {
			x := it.ItemFields
			x.Name = s
			_, err := Try(u, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: v, ItemFields: x})
			return err
		}},
		"party": {func(u *User) (int64, string) {
			x := Do(u, party.GetParty, party.GetPartyReq{ID: p.ID})
			return x.Version, x.Name
		}, func(u *User, v int64, s string) error {
			x := p.Fields
			x.Name = s
			_, err := Try(u, party.UpdateParty, party.UpdatePartyReq{ID: p.ID, Version: v, Fields: x})
			return err
		}},
		"user": {func(u *User) (int64, string) {
			for _, x := range Do(u, account.ListUsers, account.ListUsersReq{}).Users {
				if x.ID == user.ID {
					return x.Version, x.Name
				}
			}
			return 0, ""
		}, func(u *User, v int64, s string) error {
			_, err := Try(u, account.UpdateUser, account.UpdateUserReq{ID: user.ID, Version: v, Name: s, Role: core.Operator, Active: true})
			return err
		}},
		"settings": {func(u *User) (int64, string) {
			x := Do(u, system.GetSettings, system.GetSettingsReq{})
			return x.Version, x.Address
		}, func(u *User, v int64, s string) error {
			x := Do(u, system.GetSettings, system.GetSettingsReq{}).SettingsFields
			x.Address = s
			_, err := Try(u, system.UpdateSettings, system.UpdateSettingsReq{Version: v, SettingsFields: x})
			return err
		}},
		"order": {func(u *User) (int64, string) {
			x := Do(u, purchase.GetOrder, purchase.GetOrderReq{ID: order.ID})
			return x.Version, x.Note
		}, func(u *User, v int64, s string) error {
			x := fields
			x.Note = s
			_, err := Try(u, purchase.UpdateOrder, purchase.UpdateOrderReq{ID: order.ID, Version: v, OrderFields: x})
			return err
		}},
	}
}

// TestFault_4_1_RandomInterleavings: three people open and save records in any order.
// A save counts if and only if nobody saved since its author looked, and the record
// always reads as the last save that counted.
func TestFault_4_1_RandomInterleavings(t *testing.T) {
	t.Parallel()
	f := New(t)
	people := []*User{f.Owner, second(f), f.Owner}
	kinds := []string{"item", "order", "party", "settings", "user"}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		type seen struct {
			version int64
			open    bool
		}
		type truth struct {
			version int64
			text    string
		}
		list, book, desks := records(f), map[string]truth{}, map[string]*seen{}
		for _, k := range kinds {
			v, text := list[k].load(f.Owner)
			book[k] = truth{v, text}
		}
		for range rapid.IntRange(4, 16).Draw(r, "steps") {
			k, i := rapid.SampledFrom(kinds).Draw(r, "record"), rapid.IntRange(0, 2).Draw(r, "person")
			desk := desks[fmt.Sprint(k, i)]
			if desk == nil {
				desk = &seen{}
				desks[fmt.Sprint(k, i)] = desk
			}
			if !desk.open || rapid.Bool().Draw(r, "look again") {
				v, text := list[k].load(people[i])
				if (truth{v, text}) != book[k] {
					r.Fatalf("%s reads %q at version %d, want %+v", k, text, v, book[k])
				}
				desk.version, desk.open = v, true
				continue
			}
			n++
			text := fmt.Sprintf("Edit %d", n)
			err := list[k].save(people[i], desk.version, text)
			switch {
			case desk.version != book[k].version && core.CodeOf(err) == core.CodeConflict:
				var e *core.Error
				if errors.As(err, &e); e.Message != core.ConflictMessage || !strings.Contains(fmt.Sprintf("%+v", e.Args["theirs"]), book[k].text) {
					r.Fatalf("%s: the loser is told %v, theirs %+v", k, e, e.Args["theirs"])
				}
			case desk.version == book[k].version && err == nil:
				book[k] = truth{desk.version + 1, text}
				desk.version++
			default:
				r.Fatalf("%s saved from version %d of %d: %v", k, desk.version, book[k].version, err)
			}
		}
	})
	f.Verify()
}
