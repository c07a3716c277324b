package party_test

import (
	"errors"
	"fmt"
	"testing"

	"masala/core"
	"masala/core/party"
	. "masala/storage/storagetest"
)

// TestOneNameOneParty: who differs from another supplier, or another customer, only in case,
// in spaces, in full stops and in what nobody sees is the same one. Books that hold such a
// pair go on with it.
func TestOneNameOneParty(t *testing.T) {
	t.Parallel()
	f := New(t)
	create := func(kind party.Kind, name string) (party.Party, error) {
		x := party.Fields{Kind: kind, Name: name, StateCode: "24", Active: true}
		if kind == party.Customer {
			x.Segment = core.Regular
		}
		return Try(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: x})
	}
	update := func(p *party.Party) error {
		got, err := Try(f.Owner, party.UpdateParty, party.UpdatePartyReq{ID: p.ID, Version: p.Version, Fields: p.Fields})
		if err == nil {
			*p = got
		}
		return err
	}
	is := func(what string, err error, want string) {
		t.Helper()
		var e *core.Error
		if !errors.As(err, &e) || e.Code != core.CodeInvalid || len(e.Fields) != 1 || e.Field != "name" || e.Message != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	haldi := f.Supplier("Sangli Haldi Traders")
	const taken = "There is already a supplier named Sangli Haldi Traders. Use that one, or add the town to the name."
	before := f.Tables()
	for _, name := range []string{"Sangli Haldi Traders", "sangli haldi traders", "SANGLI HALDI  TRADERS", " Sangli\tHaldi Traders ", "Sangli HaldiTraders",
		"Sangli Haldi Traders.", "Sangli Haldi\u200b Traders", "Sangli\u200d Haldi Traders", "\u202aSangli Haldi Traders\u202c"} {
		_, err := create(party.Supplier, name)
		is(name, err, taken)
	}
	f.Unchanged(before, "a second record of a supplier")
	if _, err := create(party.Customer, "Sangli Haldi Traders"); err != nil {
		t.Errorf("who buys may sell too: %v", err)
	}
	if _, err := create(party.Supplier, "Café Épice"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"CAFÉ ÉPICE", "Cafe\u0301 E\u0301pice", "CAFE\u0301 E\u0301PICE."} {
		_, err := create(party.Supplier, name)
		is(name, err, "There is already a supplier named Café Épice. Use that one, or add the town to the name.")
	}
	turned, err := create(party.Supplier, "Ram \u202esredarT\u202c\u200b Nashik")
	if err != nil || turned.Name != "Ram sredarT Nashik" {
		t.Errorf("what turns text around is kept: %q, %v", turned.Name, err)
	}
	joined, err := create(party.Supplier, "लक्\u200dष्मी ट्रेडर्स")
	if err != nil || joined.Name != "लक्\u200dष्मी ट्रेडर्स" {
		t.Errorf("a joiner of a Hindi name is not kept: %q, %v", joined.Name, err)
	}
	hindi, err := create(party.Supplier, "सांगली हल्दी")
	if err != nil {
		t.Fatal(err)
	}
	_, err = create(party.Supplier, "सांगली  हल्दी")
	is("in Hindi", err, "There is already a supplier named सांगली हल्दी. Use that one, or add the town to the name.")
	hindi.Name = "sangli haldi traders"
	is("renamed to it", update(&hindi), taken)

	haldi.Name = "SANGLI Haldi Traders" // its own name, written otherwise
	if err := update(&haldi); err != nil {
		t.Error(err)
	}
	haldi.Active = false
	if err := update(&haldi); err != nil {
		t.Error(err)
	}
	_, err = create(party.Supplier, "Sangli Haldi Traders")
	is("out of use", err, "There is already a supplier named SANGLI Haldi Traders, out of use. Take that one into use again, or add the town to the name.")

	pair := f.Supplier("Another") // as books have it from before
	f.SQL(`UPDATE party SET name = 'sangli haldi traders' WHERE id = ` + fmt.Sprint(pair.ID))
	pair.Name, pair.LeadDays = "sangli haldi traders", 9
	if err := update(&pair); err != nil {
		t.Errorf("one of a pair was not changed: %v", err)
	}
	pair.Name = "Sangli\u200bHaldi Traders." // as the program before took it
	f.SQL(`UPDATE party SET name = '` + pair.Name + `' WHERE id = ` + fmt.Sprint(pair.ID))
	pair.LeadDays = 10
	if err := update(&pair); err != nil || pair.Name != "SangliHaldi Traders." {
		t.Errorf("one of a pair that nobody sees was not changed: %q, %v", pair.Name, err)
	}
	haldi.Active = true
	if err := update(&haldi); err != nil {
		t.Errorf("the other of a pair was not taken into use again: %v", err)
	}
	pair.Name = "Sangli Haldi TRADERS"
	is("renamed within a pair", update(&pair), "There is already a supplier named SANGLI Haldi Traders. Use that one, or add the town to the name.")
	f.Verify()
}
