package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestR35_TheLoserSeesWhoAndBothValues edits every editable record twice from the
// same version.
func TestR35_TheLoserSeesWhoAndBothValues(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name string
		edit func(f *Factory, second *User) (first, lost error)
	}{
		{"item", func(f *Factory, second *User) (error, error) {
			it := f.Item("RAW-001", "Turmeric")
			edit := func(u *User, name string) error {
				fields := it.ItemFields
				fields.Name = name
				_, err := Try(u, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: it.Version, ItemFields: fields})
				return err
			}
			return edit(second, "Winner"), edit(f.Owner, "Loser")
		}},
		{"party", func(f *Factory, second *User) (error, error) {
			p := f.Supplier("Sangli Haldi Traders")
			edit := func(u *User, name string) error {
				fields := p.Fields
				fields.Name = name
				_, err := Try(u, party.UpdateParty, party.UpdatePartyReq{ID: p.ID, Version: p.Version, Fields: fields})
				return err
			}
			return edit(second, "Winner"), edit(f.Owner, "Loser")
		}},
		{"user", func(f *Factory, second *User) (error, error) {
			edit := func(u *User, name string) error {
				_, err := Try(u, account.UpdateUser, account.UpdateUserReq{ID: f.Store1.ID, Version: 1, Name: name, Role: core.Operator, Active: true})
				return err
			}
			return edit(second, "Winner"), edit(f.Owner, "Loser")
		}},
		{"settings", func(f *Factory, second *User) (error, error) {
			s := Do(f.Owner, system.GetSettings, system.GetSettingsReq{})
			edit := func(u *User, name string) error {
				fields := s.SettingsFields
				fields.Factory = name
				_, err := Try(u, system.UpdateSettings, system.UpdateSettingsReq{Version: s.Version, SettingsFields: fields})
				return err
			}
			return edit(second, "Winner"), edit(f.Owner, "Loser")
		}},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			f := New(t)
			Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "second", Name: "Second", Role: core.Admin, Password: Password})
			second := f.Login("second", f.Owner.Request("", "", nil).Peer)
			f.Clock.Set(Start.Add(-time.Hour)) // a clock that steps back decides nothing
			first, lost := v.edit(f, second)
			if first != nil {
				t.Fatal(first)
			}
			var e *core.Error
			if !errors.As(lost, &e) || e.Code != core.CodeConflict {
				t.Fatalf("the loser is answered %v", lost)
			}
			if e.Message != "This record was modified by another user. Please reload and try again." {
				t.Errorf("the loser reads %q", e.Message)
			}
			wire, _ := json.Marshal(e)
			for _, want := range []string{`"updated_by":"second"`, `"updated_at":"2026-02-12T03:30:00Z"`, `"version":2`} {
				if !strings.Contains(string(wire), want) {
					t.Errorf("%s is not in %s", want, wire)
				}
			}
			for arg, want := range map[string]string{"theirs": "Winner", "yours": "Loser"} {
				b, _ := json.Marshal(e.Args[arg])
				if !strings.Contains(string(b), want) {
					t.Errorf("%s is %s, want %q in it", arg, b, want)
				}
			}
			f.Verify()
		})
	}
}

// TestR35_NoLostUpdate: many editors each add one to the same field, trying again as
// long as they lose. Every edit that was acknowledged counts.
func TestR35_NoLostUpdate(t *testing.T) {
	t.Parallel()
	f := New(t)
	p := f.Supplier("Sangli Haldi Traders")
	const editors, edits = 8, 5
	var wg sync.WaitGroup
	for range editors {
		wg.Go(func() {
			for done := 0; done < edits; {
				now, err := Try(f.Owner, party.GetParty, party.GetPartyReq{ID: p.ID})
				if err != nil {
					t.Error(err)
					return
				}
				now.LeadDays++
				switch _, err := Try(f.Owner, party.UpdateParty, party.UpdatePartyReq{ID: p.ID, Version: now.Version, Fields: now.Fields}); core.CodeOf(err) {
				case "":
					done++
				case core.CodeConflict:
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	got := Do(f.Owner, party.GetParty, party.GetPartyReq{ID: p.ID})
	if want := p.LeadDays + editors*edits; got.LeadDays != want || got.Version != 1+editors*edits {
		t.Errorf("after %d edits the field is %d at version %d, want %d", editors*edits, got.LeadDays, got.Version, want)
	}
}

// TestR38_DeactivatedNeverDeleted: no operation deletes, and what is out of use
// stays readable.
func TestR38_DeactivatedNeverDeleted(t *testing.T) {
	t.Parallel()
	f := New(t)
	it, p := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	Do(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: 1, ItemFields: func() catalog.ItemFields { x := it.ItemFields; x.Active = false; return x }()})
	Do(f.Owner, party.UpdateParty, party.UpdatePartyReq{ID: p.ID, Version: 1, Fields: func() party.Fields { x := p.Fields; x.Active = false; return x }()})
	for _, inactive := range []bool{false, true} {
		want := map[bool]int{false: 0, true: 1}[inactive]
		if n := len(Do(f.Store1, catalog.ListItems, catalog.ListItemsReq{Inactive: inactive}).Items); n != want {
			t.Errorf("inactive=%v lists %d items", inactive, n)
		}
		if n := len(Do(f.Store1, party.ListParties, party.ListPartiesReq{Inactive: inactive}).Parties); n != want {
			t.Errorf("inactive=%v lists %d parties", inactive, n)
		}
	}
	if got := Do(f.Store1, catalog.GetItem, catalog.GetItemReq{ID: it.ID}); got.Active || got.Name != "Turmeric" {
		t.Errorf("the item reads %+v", got)
	}
}

// TestTheLastAdminStays: nobody locks the owner out, not even two Admins who
// demote each other at the same moment.
func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	f := New(t)
	demote := func(u *User, id core.UserID, version int64) error {
		_, err := Try(u, account.UpdateUser, account.UpdateUserReq{ID: id, Version: version, Name: "x", Role: core.Operator, Active: true})
		return err
	}
	if err := demote(f.Owner, f.Owner.ID, 1); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("the only Admin may go: %v", err)
	}
	for round := range 5 {
		login := fmt.Sprintf("admin%d", round)
		Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: login, Name: "Second", Role: core.Admin, Password: Password})
		second := f.Login(login, f.Owner.Request("", "", nil).Peer)
		var wg sync.WaitGroup
		wg.Go(func() { _ = demote(f.Owner, second.ID, 1) })
		wg.Go(func() { _ = demote(second, f.Owner.ID, 1) })
		wg.Wait()
		if n := f.Int(`SELECT count(*) FROM user WHERE role = 'ADMIN' AND active`); n != 1 {
			t.Fatalf("%d Admins are left", n)
		}
		if f.Int(`SELECT role = 'ADMIN' FROM user WHERE id = 1`) == 0 {
			return // the owner lost; the other one is Admin now
		}
	}
}
