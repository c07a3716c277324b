package form

import (
	"errors"
	"strings"
	"testing"
	"time"
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

// A disk that takes long holds up neither the window nor the writing after: it follows
// the one under way at once, without a frame, with all that was typed meanwhile.
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
	if list, _, _ := d.List(); len(list) != 1 || files.writes != 2 || list[0].Content.Fields["supplier"].Text != "Unj" {
		t.Errorf("%d writings, %+v", files.writes, list)
	}
	if next := desk.Tick(c.t.Add(time.Hour)); !next.IsZero() || len(under) != 1 {
		t.Errorf("%d writings begun, the next frame is asked for at %v", len(under), next)
	}
}

// alarms are those of a desk, which ring when the test says so.
type alarms struct {
	c   *clock
	set map[int]func()
	n   int
	at  time.Time // what the newest was set to
}

func (a *alarms) after(d time.Duration, ring func()) (stop func()) {
	if a.set == nil {
		a.set = map[int]func(){}
	}
	n := a.n
	a.n++
	a.set[n], a.at = ring, a.c.t.Add(d)
	return func() { delete(a.set, n) }
}

func (a *alarms) ring() {
	for n, ring := range a.set {
		delete(a.set, n)
		ring()
	}
}

// framed is a desk whose window hears in its next frame what was written.
func framed(d *Drafts, c *clock) (desk *Desk, frame func()) {
	var told []func()
	desk = NewDesk(d, c, func(write func() error, done func(error)) {
		err := write()
		told = append(told, func() { done(err) })
	}, func() {})
	return desk, func() {
		for _, f := range told {
			f()
		}
		told = nil
		desk.Tick(c.t)
	}
}

// A frame that does not come, because the window draws for long, is minimized or is
// frozen by its system, costs nothing of what it was given before.
func TestFault_2_1_SavedWithoutFrame(t *testing.T) {
	files, c, d := bench()
	desk, frame := framed(d, c)
	a := alarms{c: c}
	desk.Alarm(a.after)
	g := newGRN()
	k := desk.Keep(g.Form)
	onDisk := func() string {
		t.Helper()
		list, _, err := d.List()
		if err != nil || len(list) > 1 {
			t.Fatal(list, err)
		}
		if len(list) == 0 {
			return ""
		}
		return list[0].Content.Fields["supplier"].Text
	}
	for _, text := range []string{"U", "Un", "Unj"} { // one frame takes in each, and the next comes much too late
		g.supplier.Set(text)
		frame()
		if in := a.at.Sub(c.t); len(a.set) != 1 || in > SaveAfter+FrameLate {
			t.Fatalf("%s: %d alarms, the last in %v", text, len(a.set), in)
		}
		a.ring()
		if got := onDisk(); got != text {
			t.Fatalf("without a frame %q is on disk, the window was given %q", got, text)
		}
		c.t = c.t.Add(7 * time.Second)
	}
	frame()
	if n := files.writes; n != 3 || len(a.set) != 0 || k.Saved().IsZero() {
		t.Errorf("%d writings of 3, %d alarms are left, saved %v", n, len(a.set), k.Saved())
	}

	// In a window that draws, its frames do all of it.
	g.supplier.Set("Unjh")
	frame()
	c.t = c.t.Add(SaveAfter)
	frame()
	if got := onDisk(); got != "Unjh" || len(a.set) != 0 {
		t.Errorf("%q is on disk, %d alarms", got, len(a.set))
	}
	// Somebody who does not stop pushes the alarm no further than SaveWithin.
	began := c.t
	for range 20 {
		g.supplier.Set(g.supplier.Text + "x")
		frame()
		if late := a.at.Sub(began); len(a.set) == 1 && late > SaveWithin+FrameLate {
			t.Fatalf("%s: the alarm is set to %v after the first key", g.supplier.Text, late)
		}
		c.t = c.t.Add(SaveAfter / 10)
		if len(a.set) == 0 {
			began = c.t
		}
	}
	// A form that is left, emptied or closed rings no more.
	g.supplier.Set("V")
	frame()
	k.Leave()
	if len(a.set) != 0 || onDisk() != "V" {
		t.Errorf("%d alarms of a form that was left, %q on disk", len(a.set), onDisk())
	}
	h := newGRN()
	h.key = "other"
	desk.Keep(h.Form)
	h.supplier.Set("W")
	frame()
	if err := desk.Clear(); err != nil || len(a.set) != 0 {
		t.Errorf("%d alarms of a desk that was cleared, %v", len(a.set), err)
	}
}

// What was typed and taken back before the alarm is not brought back by it; what the
// alarm wrote and was taken back then is written over.
func TestAlarmBringsNothingBack(t *testing.T) {
	_, c, d := bench()
	desk, frame := framed(d, c)
	a := alarms{c: c}
	desk.Alarm(a.after)
	g := newGRN()
	k := desk.Keep(g.Form)
	g.supplier.Set("U")
	frame()
	g.supplier.Set("")
	frame()
	a.ring()
	if list, _, _ := d.List(); len(list) != 0 {
		t.Fatalf("a form that was emptied again has a draft: %+v", list)
	}
	g.supplier.Set("U")
	frame()
	a.ring()
	g.supplier.Set("")
	frame() // it hears that "U" is on disk
	c.t = c.t.Add(SaveAfter)
	frame()
	if list, _, _ := d.List(); len(list) != 0 {
		t.Fatalf("the draft stays of a form that was emptied: %+v", list)
	}
	// Sent and answered: the alarm of what was typed just before comes too late.
	g.supplier.Set("Unjha")
	frame()
	if err := k.Sending()(func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	a.ring()
	if list, _, _ := d.List(); len(list) != 0 {
		t.Errorf("a draft came back after success: %+v", list)
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

// A writing that was skipped because its draft is gone counts as no draft.
func TestSkippedWritingIsNotSaved(t *testing.T) {
	files, c, d := bench()
	desk := NewDesk(d, c, func(write func() error, done func(error)) { done(write()) }, func() { t.Error("complains of the disk") })
	f := New("x", "thing", func() string { return "always the same" })
	text := f.Add(Field{Path: "text"})
	k := desk.Keep(f)
	must(t, d.Forget(f.Key()))
	text.Set("typed")
	desk.Save()
	if err := desk.Flush(); err != nil || !k.Saved().IsZero() || len(files.files) != 0 {
		t.Errorf("%v, saved %v, %d files", err, k.Saved(), len(files.files))
	}
}
