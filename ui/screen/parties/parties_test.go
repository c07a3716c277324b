package parties_test

import (
	"reflect"
	"strings"
	"testing"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/party"
	"masala/ui/screen"
	"masala/ui/screen/parties"
	"masala/ui/screen/screentest"
	"masala/ui/theme"
)

func keep(f *screentest.Factory, busy func()) {
	screentest.Answer(f.Server, party.CreateParty, func(q party.CreatePartyReq) (party.Party, error) {
		if q.Name == "Unjha Jeera House" {
			return party.Party{}, core.Invalid("name", "There is already a supplier named %s. Use that one, or add the town to the name.", q.Name)
		}
		p := party.Party{ID: core.PartyID(len(f.Parties) + 1), Fields: q.Fields, Stamp: core.Stamp{Version: 1}}
		f.Parties = append(f.Parties, p)
		return p, nil
	})
	screentest.Answer(f.Server, party.UpdateParty, func(q party.UpdatePartyReq) (party.Party, error) {
		if busy != nil {
			busy()
			busy = nil
		}
		old := &f.Parties[q.ID-1]
		if old.Version != q.Version {
			return party.Party{}, core.Errorf(core.CodeConflict, core.ConflictMessage).With("updated_by", old.UpdatedBy).With("updated_at", old.UpdatedAt).
				With("version", old.Version).With("theirs", old.Fields).With("yours", q.Fields)
		}
		old.Fields = q.Fields
		old.Version++
		return *old, nil
	})
}

func open(t *testing.T, f *screentest.Factory, o screentest.Options) *screentest.Window {
	t.Helper()
	o.Server = f.Server
	if o.Width == 0 {
		o.Width, o.Height = 1440-72, 900-70
	}
	return screentest.Open(t, o, func(env *screen.Env) screen.Screen { return parties.New(env, screen.Route{ID: screen.MastersParty}) })
}

func TestNewSupplier(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, nil)
	w := open(t, f, screentest.Options{})
	w.Press("N", key.ModCtrl)
	w.Type("Unjha Jeera House")
	w.Enter(1)
	w.Type("27aapfu0939f1zv")
	w.Enter(2) // the state follows from the GSTIN
	w.Type("R. Kale")
	w.Enter(1)
	w.Type("98220 54321")
	w.Fill("Lead time, days", "5")
	w.Press(key.NameReturn, key.ModCtrl)
	if got := w.Note("Name", "Error"); got != "There is already a supplier named Unjha Jeera House. Use that one, or add the town to the name." {
		t.Errorf("the server's fault is not at the name: %q\n%s", got, w.Dump())
	}
	w.Fill("Name", "Kale Traders")
	w.Press(key.NameReturn, key.ModCtrl)
	want := party.Fields{Kind: party.Supplier, Name: "Kale Traders", GSTIN: "27AAPFU0939F1ZV", StateCode: "27", Contact: "R. Kale", Phone: "98220 54321", LeadDays: 5, Active: true}
	got := screentest.Requests(f.Server, party.CreateParty)
	if len(got) != 2 || !reflect.DeepEqual(got[1].Fields, want) {
		t.Fatalf("sent %+v\n%s", got, w.Dump())
	}
}

func TestGSTIN(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, nil)
	w := open(t, f, screentest.Options{})
	w.Press("N", key.ModCtrl)
	w.Fill("GSTIN", "27AAPFU0939F1ZW")
	w.Enter(1)
	if got := w.Note("GSTIN", "Error"); got != "The last character of this GSTIN does not fit the others. Compare it with the invoice." {
		t.Errorf("a wrong check digit says %q", got)
	}
	w.Fill("State", "guj")
	w.Enter(1)
	w.Fill("GSTIN", "27AAPFU0939F1ZV")
	w.Enter(1)
	if got := w.Note("GSTIN", "Error"); got != "This GSTIN belongs to state 27, not 24." {
		t.Errorf("another state's GSTIN says %q\n%s", got, w.Dump())
	}
}

func TestFault_4_1_PartyChangedMeanwhile(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, func() { f.Parties[0].LeadDays, f.Parties[0].Version, f.Parties[0].UpdatedBy = 6, 2, "owner" })
	w := open(t, f, screentest.Options{})
	w.Press(key.NameDownArrow)
	w.Press(key.NameReturn)
	w.Fill("Lead time, days", "3")
	w.Press("S", key.ModCtrl)
	for _, says := range []string{core.ConflictMessage, "owner, ", "Lead time, days: theirs 6, yours 3."} {
		if !strings.Contains(w.Dump(), says) {
			t.Errorf("the conflict does not say %q\n%s", says, w.Dump())
		}
	}
	w.Click("Keep my input")
	w.Press("S", key.ModCtrl)
	if f.Parties[0].LeadDays != 3 || f.Parties[0].Version != 3 {
		t.Errorf("saved %+v", f.Parties[0])
	}
	w.Press(key.NameReturn)
	w.Fill("Lead time, days", "4")
	f.Parties[0].LeadDays, f.Parties[0].Version = 9, 4
	w.Press("S", key.ModCtrl)
	w.Click("Reload")
	if got := w.Text("Lead time, days"); got != "9" || f.Parties[0].LeadDays != 9 {
		t.Errorf("reloaded %q, the server has %d", got, f.Parties[0].LeadDays)
	}
}

func TestOperatorLooksOnly(t *testing.T) {
	w := open(t, screentest.NewFactory(), screentest.Options{Role: core.Operator})
	w.Press(key.NameDownArrow)
	w.Press(key.NameReturn)
	if w.Sees("New supplier or customer") || w.Sees("Save") {
		t.Errorf("an Operator may edit\n%s", w.Dump())
	}
}

func TestScreenshots(t *testing.T) {
	for _, x := range []struct {
		name string
		o    screentest.Options
		row  int
	}{
		{"parties", screentest.Options{}, 1},
		{"parties-customer", screentest.Options{}, 4},
		{"parties-dark", screentest.Options{Theme: theme.Options{Dark: true}}, 1},
		{"parties-1024", screentest.Options{Width: 1024 - 72, Height: 640 - 70}, 1},
	} {
		w := open(t, screentest.NewFactory(), x.o)
		for range x.row {
			w.Press(key.NameDownArrow)
		}
		w.Press(key.NameReturn)
		w.Picture(x.name)
	}
}
