package form

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// disk is the folder of drafts in memory, with faults.
type disk struct {
	files  map[string][]byte
	err    error
	writes int
}

func (d *disk) Write(name string, data []byte) error {
	if d.err == nil {
		d.files[name] = slices.Clone(data)
		d.writes++
	}
	return d.err
}
func (d *disk) Read(name string) ([]byte, error) { return d.files[name], d.err }
func (d *disk) List() ([]string, error)          { return slices.Sorted(maps.Keys(d.files)), d.err }
func (d *disk) Remove(name string) error {
	if _, ok := d.files[name]; !ok {
		return errors.New("no such file")
	}
	delete(d.files, name)
	return nil
}

type clock struct{ t time.Time }

func (c *clock) Now() time.Time { return c.t }

func bench() (*disk, *clock, *Drafts) {
	files := &disk{files: map[string][]byte{}}
	c := &clock{time.Date(2026, 2, 12, 14, 32, 5, 0, time.UTC)}
	return files, c, NewDrafts(files, c, "manager/../x").Of("books")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDraftComesBackWholeWithItsKey(t *testing.T) {
	files, c, d := bench()
	g := newGRN()
	g.supplier.Choose("3", "Unjha Jeera House", "GJ 24")
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	g.lines.At(1).Field("quantity").Set("half ty")
	must(t, d.Keep(g.Form, true)())
	c.t = c.t.Add(2 * time.Minute)

	list, damaged, err := NewDrafts(files, c, "manager/../x").Of("books").List()
	if err != nil || damaged != 0 || len(list) != 1 || !list[0].Submitted {
		t.Fatal(list, damaged, err)
	}
	if got := list[0].Offer(c.t, time.UTC); got != "You have an unsaved GRN from 2 minutes ago. Resume?" {
		t.Error(got)
	}
	h := newGRN()
	h.key = "of a new form"
	h.Resume(list[0])
	if h.fingerprint(true) != g.fingerprint(true) || h.Key() != g.Key() || h.supplier.Aside != "GJ 24" || !h.Dirty() || h.lines.Len() != 3 {
		t.Errorf("%v", h.content())
	}
	for _, lineage := range []string{"restored", ""} { // other books: what was chosen has another number there, perhaps
		strange, _, err := NewDrafts(files, c, "manager/../x").Of(lineage).List()
		if err != nil || len(strange) != 1 || !strange[0].Strange || list[0].Strange {
			t.Fatalf("%+v, %v", strange, err)
		}
		o := newGRN()
		o.Resume(strange[0])
		if o.supplier.Key != "" || o.supplier.Was != "3" || o.supplier.Text != "Unjha Jeera House" || o.Key() != g.Key() {
			t.Errorf("in other books %+v", o.supplier)
		}
		o.supplier.Leave()
		if o.supplier.Error == "" {
			t.Error("the supplier need not be chosen again")
		}
	}
	for name := range files.files {
		if strings.ContainsAny(name, `/\.`) && strings.Count(name, ".") != 1 {
			t.Errorf("file name %q", name)
		}
	}
	operator := NewDrafts(files, c, "operator")
	if other, damaged, _ := operator.List(); len(other) != 0 || damaged != 0 {
		t.Errorf("another user sees %d drafts and %d damaged ones", len(other), damaged)
	}
	files.files[operator.name(g.Key())] = files.files[d.name(g.Key())] // a file under the name of another
	if other, damaged, _ := operator.List(); len(other) != 0 || damaged != 1 {
		t.Errorf("under his name another user sees %d drafts and %d damaged ones", len(other), damaged)
	}
	if own, _, _ := d.List(); len(own) != 1 {
		t.Error("the draft is gone after another user has looked")
	}
}

func TestDamagedDraftsAreSetAside(t *testing.T) {
	files, _, d := bench()
	g := newGRN()
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	must(t, d.Keep(g.Form, false)())
	name := d.name(g.Key())
	good := files.files[name]
	for what, data := range map[string][]byte{"empty": {}, "cut": good[:len(good)/2], "flipped": []byte(strings.Replace(string(good), "500", "900", 1)),
		"zeros": make([]byte, 300), "other key": []byte(strings.Replace(string(good), "k1", "k9", 1))} {
		files.files = map[string][]byte{name: data, d.name("k2"): nil}
		h := newGRN()
		h.key = "k3"
		must(t, d.Keep(h.Form, false)())
		list, damaged, err := d.List()
		if err != nil || len(list) != 1 || damaged != 2 || files.files[name] != nil || files.files[name+damagedEnd] == nil && len(data) > 0 {
			t.Errorf("%s: %d good, %d damaged, %v, %v", what, len(list), damaged, err, slices.Collect(maps.Keys(files.files)))
		}
	}
}

func FuzzDraftFile(f *testing.F) {
	_, _, d := bench()
	g := newGRN()
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	files := d.files.(*disk)
	_ = d.Keep(g.Form, false)()
	f.Add(files.files[d.name("k1")])
	f.Add([]byte(`{"sha256":"","draft":{"content":{"rows":{"lines":[{"item":null},null]}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		files.files = map[string][]byte{d.name("k1"): data}
		list, _, err := d.List()
		must(t, err)
		for _, x := range list {
			newGRN().Resume(x)
		}
	})
}

func TestWritesInAnyOrder(t *testing.T) {
	files, _, d := bench()
	g := newGRN()
	g.fill(0, "Old", "1", "1", "1-2-28")
	old := d.Keep(g.Form, false)
	g.fill(0, "New", "1", "1", "1-2-28")
	must(t, d.Keep(g.Form, false)())
	must(t, old())
	list, _, _ := d.List()
	if list[0].Content.Rows["lines"][0]["item"].Text != "New" {
		t.Error("an older writing replaced a newer")
	}
	late := d.Keep(g.Form, false)
	must(t, d.Forget(g.Key()))
	if err := late(); !errors.Is(err, errForgotten) {
		t.Errorf("the writing of a forgotten draft: %v", err)
	}
	if len(files.files) != 0 {
		t.Error("a forgotten draft came back")
	}
	must(t, d.Forget(g.Key()))
}

func TestAutosave(t *testing.T) {
	files, c, d := bench()
	g := newGRN()
	a := NewAutosave(d, g.Form, false)
	tick := func(after time.Duration) bool {
		t.Helper()
		c.t = c.t.Add(after)
		w, _ := a.Tick(c.t)
		if w != nil {
			must(t, w())
		}
		return w != nil
	}
	if tick(time.Hour) {
		t.Error("saved an untouched form")
	}
	g.supplier.Set("U")
	if tick(0) || tick(SaveAfter-1) || !tick(1) || tick(time.Hour) {
		t.Error("must save once, a moment after the last change")
	}
	g.supplier.Set("")
	tick(0)
	tick(SaveAfter)
	if len(files.files) != 0 {
		t.Error("a form that was emptied again needs no draft")
	}
	g.fill(0, "Turmeric", "500", "143", "1-2-28")
	must(t, a.Submitting()())
	if list, _, _ := d.List(); len(list) != 1 || !list[0].Submitted {
		t.Fatal(list)
	}
	g.supplier.Set("Un")
	tick(0)
	tick(SaveAfter)
	if list, _, _ := d.List(); !list[0].Submitted {
		t.Error("a later save forgot that the form was sent")
	}
	must(t, d.Forget(g.Key()))
	g.Reset()
	if tick(0) || tick(SaveAfter) || len(files.files) != 0 {
		t.Error("the next blank form is no draft")
	}
	g.supplier.Set("V")
	tick(0)
	tick(SaveAfter)
	if list, _, _ := d.List(); len(list) != 1 || list[0].Submitted {
		t.Error(list)
	}
	if a.Now() != nil {
		t.Error("what is on disk is written again")
	}
	files.err = errors.New("disk full")
	g.supplier.Set("W")
	if err := a.Now()(); err == nil {
		t.Error("a failed save must say so")
	}
}

// Somebody who never stops typing is saved all the same, well within what a crash may
// cost.
func TestAutosaveOfOneWhoDoesNotStop(t *testing.T) {
	_, c, d := bench()
	g := newGRN()
	a := NewAutosave(d, g.Form, false)
	const letter = 150 * time.Millisecond
	saved, worst, saves := c.t, time.Duration(0), 0
	for range 200 {
		g.supplier.Set(g.supplier.Text + "x")
		if write, next := a.Tick(c.t); write != nil {
			must(t, write())
			saved, saves = c.t, saves+1
		} else if next.Sub(c.t) > SaveAfter {
			t.Fatalf("asks to be called again after %v", next.Sub(c.t))
		}
		worst = max(worst, c.t.Sub(saved))
		c.t = c.t.Add(letter)
	}
	if worst > SaveWithin+letter || SaveWithin+letter > MayLose/2 || saves < 10 {
		t.Errorf("%d saves, %v between two", saves, worst)
	}
}

// What nobody comes back to goes at last: after MaxDraftAge, or when it is older than
// MaxDrafts others.
func TestOldDraftsGo(t *testing.T) {
	files, c, d := bench()
	keep := func(text string) *Form {
		f := New("x", "thing", func() string { return text })
		f.Add(Field{Path: "text"}).Set(text)
		must(t, d.Keep(f, false)())
		return f
	}
	old := keep("old")
	c.t = c.t.Add(MaxDraftAge)
	if list, _, err := d.List(); err != nil || len(list) != 1 {
		t.Fatalf("%d drafts, %v", len(list), err)
	}
	c.t = c.t.Add(time.Minute)
	if list, damaged, err := d.List(); err != nil || len(list) != 0 || damaged != 0 || len(files.files) != 0 {
		t.Fatalf("%d drafts, %d damaged, %d files, %v", len(list), damaged, len(files.files), err)
	}
	old.Field("text").Set("it was open all the time")
	must(t, d.Keep(old, false)())
	for i := range MaxDrafts {
		c.t = c.t.Add(time.Minute)
		keep(strings.Repeat("n", i+1))
	}
	list, _, err := d.List()
	if err != nil || len(list) != MaxDrafts || len(files.files) != MaxDrafts || list[MaxDrafts-1].Key != "n" {
		t.Errorf("%d drafts in %d files, the last %q, %v", len(list), len(files.files), list[len(list)-1].Key, err)
	}
}

// slowDisk waits before each reading.
type slowDisk struct {
	*disk
	read func()
}

func (d slowDisk) Read(name string) ([]byte, error) { d.read(); return d.disk.Read(name) }

// Reading many drafts holds up no writing, and a draft that goes meanwhile is not damaged.
func TestListHoldsUpNoWriting(t *testing.T) {
	files, c, d := bench()
	f, g := New("x", "thing", func() string { return "one" }), New("x", "thing", func() string { return "two" })
	for _, x := range []*Form{f, g} {
		x.Add(Field{Path: "text"}).Set("typed")
		must(t, d.Keep(x, false)())
	}
	first := true
	d = NewDrafts(slowDisk{files, func() {
		if first {
			first = false
			f.Field("text").Set("typed on")
			must(t, d.Keep(f, false)())
			must(t, d.Forget("two"))
		}
	}}, c, "manager/../x")
	list, damaged, err := d.List()
	if err != nil || damaged != 0 || len(list) != 1 || list[0].Content.Fields["text"].Text != "typed on" {
		t.Errorf("%+v, %d damaged, %v", list, damaged, err)
	}
}
