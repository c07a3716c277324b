package form

import (
	"errors"
	"strings"
	"testing"
)

// office is a desk whose writings happen at once.
func office() (*disk, *clock, *Desk, *int) {
	files, c, d := bench()
	said := 0
	return files, c, NewDesk(d, c, func(write func() error, done func(error)) { done(write()) }, func() { said++ }), &said
}

func TestDeskKeepsEveryForm(t *testing.T) {
	files, c, desk, _ := office()
	g, h := newGRN(), newGRN()
	h.key = "other"
	kg, kh := desk.Keep(g.Form), desk.Keep(h.Form)
	g.supplier.Set("U")
	if next := desk.Tick(c.t); !next.Equal(c.t.Add(SaveAfter)) {
		t.Errorf("due %v", next)
	}
	c.t = c.t.Add(SaveAfter / 2)
	h.supplier.Set("V")
	desk.Tick(c.t)
	c.t = c.t.Add(SaveAfter / 2)
	if next := desk.Tick(c.t); len(files.files) != 1 || !next.Equal(c.t.Add(SaveAfter/2)) {
		t.Errorf("%d drafts, next %v", len(files.files), next)
	}
	if kg.Saved() != c.t || !kh.Saved().IsZero() || desk.Dirty() != kg {
		t.Error("who is saved is not told")
	}
	if err := desk.Flush(); err != nil || len(files.files) != 2 {
		t.Errorf("%d drafts, %v", len(files.files), err)
	}
	before := files.writes
	if err := desk.Flush(); err != nil || files.writes != before {
		t.Error("what is on disk was written again")
	}
}

// A disk that is full for a while costs nothing but that while, and is told once.
func TestDeskTriesAgain(t *testing.T) {
	files, c, desk, said := office()
	g := newGRN()
	k := desk.Keep(g.Form)
	g.supplier.Set("U")
	desk.Tick(c.t)
	files.err = errors.New("disk full")
	for range 3 {
		c.t = c.t.Add(SaveAfter)
		desk.Tick(c.t)
		desk.Tick(c.t)
	}
	if *said != 1 || !k.Saved().IsZero() {
		t.Errorf("told %d times, saved %v", *said, k.Saved())
	}
	files.err = nil
	c.t = c.t.Add(SaveAfter)
	desk.Tick(c.t)
	if len(files.files) != 1 || k.Saved() != c.t {
		t.Errorf("%d drafts once there is space, saved %v", len(files.files), k.Saved())
	}
}

// A disk that takes long holds up neither the window nor the writing after: it begins
// when the one under way is done, with all that was typed meanwhile.
func TestDeskWritesOneAfterTheOther(t *testing.T) {
	files, c, d := bench()
	var under []func()
	desk := NewDesk(d, c, func(write func() error, done func(error)) {
		under = append(under, func() { done(write()) })
	}, func() {})
	g := newGRN()
	desk.Keep(g.Form)
	for _, text := range []string{"U", "Un", "Unj"} {
		g.supplier.Set(text)
		desk.Tick(c.t)
		c.t = c.t.Add(SaveAfter)
		desk.Tick(c.t)
	}
	if len(under) != 1 || files.writes != 0 {
		t.Fatalf("%d writings under way, %d done", len(under), files.writes)
	}
	under[0]()
	desk.Tick(c.t) // what was typed meanwhile is due by now
	if len(under) != 2 {
		t.Fatalf("%d writings begun", len(under))
	}
	under[1]()
	if list, _, _ := d.List(); len(list) != 1 || list[0].Content.Fields["supplier"].Text != "Unj" {
		t.Errorf("%+v", list)
	}
}

// The window may go while a writing is under way.
func TestFlushWaitsForNobody(t *testing.T) {
	files, c, d := bench()
	var under []func()
	desk := NewDesk(d, c, func(write func() error, done func(error)) {
		under = append(under, func() { done(write()) })
	}, func() {})
	g := newGRN()
	k := desk.Keep(g.Form)
	g.supplier.Set("U")
	desk.Tick(c.t)
	c.t = c.t.Add(SaveAfter)
	desk.Tick(c.t)
	if len(under) != 1 {
		t.Fatalf("%d writings under way", len(under))
	}
	c.t = c.t.Add(SaveAfter)
	if err := desk.Flush(); err != nil || len(files.files) != 1 || k.Saved() != c.t {
		t.Errorf("%d drafts, saved %v, %v", len(files.files), k.Saved(), err)
	}
	under[0]()
	if k.Saved() != c.t {
		t.Errorf("the older writing says that it is saved %v", k.Saved())
	}
}

func TestNothingIsSentWithoutDraft(t *testing.T) {
	files, _, desk, _ := office()
	g := newGRN()
	k := desk.Keep(g.Form)
	g.supplier.Set("U")
	calls := 0
	call := func() error { calls++; return nil }
	files.err = errors.New("disk full")
	if err := k.Sending()(call); err == nil || err.Error() != NotSent || calls != 0 {
		t.Errorf("%d calls, %v", calls, err)
	}
	files.err = nil
	on := 0
	if err := k.Sending()(func() error { on = len(files.files); return call() }); err != nil || calls != 1 || on != 1 || len(files.files) != 0 {
		t.Errorf("%d calls with %d drafts on disk, %d after, %v", calls, on, len(files.files), err)
	}
	// Success used the key up: a writing that comes late brings nothing back.
	k.Leave()
	if len(files.files) != 0 {
		t.Error("the draft came back")
	}
}

func TestSecretsAreInNoDraft(t *testing.T) {
	files, c, desk, _ := office()
	f := New("account.create_user", "user", keys())
	name := f.Add(Field{Path: "name"})
	password := f.Add(Field{Path: "password", Secret: true})
	k := desk.Keep(f)
	password.Set("chilli and cumin")
	desk.Tick(c.t)
	c.t = c.t.Add(SaveAfter)
	desk.Tick(c.t)
	if !f.Dirty() || f.Keepable() || len(files.files) != 0 {
		t.Fatal("a password alone makes a form dirty, but no draft")
	}
	name.Set("Ravi")
	if err := k.Sending()(func() error { return errors.New("no answer") }); err == nil {
		t.Fatal(err)
	}
	for _, data := range files.files {
		if strings.Contains(string(data), "chilli") {
			t.Fatalf("the draft holds the password: %s", data)
		}
	}
	list, _, _ := desk.drafts.List()
	g := New("account.create_user", "user", func() string { return "fresh" })
	g.Add(Field{Path: "name"})
	g.Add(Field{Path: "password", Secret: true})
	desk.Keep(g).Resume(list[0])
	if g.Key() != "fresh" || g.Field("name").Text != "Ravi" || g.Field("password").Text != "" {
		t.Errorf("resumed under %s as %q, %q", g.Key(), g.Field("name").Text, g.Field("password").Text)
	}
	if list, _, _ = desk.drafts.List(); len(list) != 1 || list[0].Key != "fresh" {
		t.Errorf("drafts %+v", list)
	}
}

func TestDraftKnowsItsRecord(t *testing.T) {
	_, _, desk, _ := office()
	type record struct{ ID, Version int }
	f := New("catalog.update_item", "item", keys())
	f.Base, f.About = record{7, 3}, "Cumin seed"
	f.Add(Field{Path: "name", Initial: "Cumin"}).Set("Cumin bold")
	k := desk.Keep(f)
	f.Field("name").Set("Cumin fine")
	k.Leave()
	list, _, err := desk.drafts.List()
	var r record
	if err != nil || len(list) != 1 || !list[0].Of(&r) || r != (record{7, 3}) || list[0].About != "Cumin seed" {
		t.Errorf("%+v, %+v, %v", list, r, err)
	}
}
