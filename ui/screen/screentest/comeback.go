package screentest

import (
	"strings"
	"testing"
	"time"
)

// Comeback plays RESILIENCE 2.1 with one form: the window dies while it is typed, and
// two minutes later the form is opened again.
type Comeback struct {
	Open  func(Options) *Window // the screen
	Begin func(*Window)         // opens the form in it
	Type  func(*Window)
	Title string            // what the offer calls it: "item"
	Holds map[string]string // fields by name, and what must stand in them again
	Never []string          // what no draft may hold: passwords
	Send  func(*Window)     // sends it, with success; nil to leave that out
}

// Run plays it: resumed, discarded, and sent without an answer before the window dies.
func (c Comeback) Run(t *testing.T) {
	files := &Files{Data: map[string][]byte{}}
	w := c.Open(Options{Files: files})
	c.Begin(w)
	c.Type(w)
	w.Advance(6 * time.Second)
	if len(files.Data) != 1 {
		t.Fatalf("%d drafts after 6 s of typing\n%s", len(files.Data), w.Dump())
	}
	for name, data := range files.Data {
		for _, secret := range c.Never {
			if strings.Contains(string(data), secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	later := Options{Files: files, Now: w.Env.Clock.Now().Add(2 * time.Minute)}
	again := func() *Window {
		t.Helper()
		w := c.Open(later)
		c.Begin(w)
		if want := "You have an unsaved " + c.Title + " from 2 minutes ago. Resume?"; !w.Sees(want) {
			t.Fatalf("no offer %q\n%s", want, w.Dump())
		}
		return w
	}
	w = again()
	w.Picture("resume-" + strings.ReplaceAll(c.Title, " ", "-"))
	w.Click("Resume")
	for name, want := range c.Holds {
		if got := w.Text(name); got != want {
			t.Errorf("%s came back as %q, want %q\n%s", name, got, want, w.Dump())
		}
	}
	if !w.Screen.Dirty() {
		t.Error("what was resumed is not unsaved")
	}
	if c.Send != nil {
		c.lost(t, later, again)
		return
	}
	again().Click("Discard")
	c.gone(t, files)
}

// lost sends the resumed form while answers get lost, lets the window die and sends it
// from the next one: under the same key.
func (c Comeback) lost(t *testing.T, o Options, again func() *Window) {
	w := again()
	w.Click("Resume")
	w.Server.Sent = nil
	w.Server.Lost = true
	c.Send(w)
	w.Server.Lost = false
	w = c.Open(Options{Files: o.Files, Now: o.Now})
	c.Begin(w)
	w.Click("Resume")
	c.Send(w)
	var keys []string
	for _, x := range w.Server.Sent {
		if x.Key != "" {
			keys = append(keys, x.Key)
		}
	}
	if len(keys) != 2 || keys[0] != keys[1] {
		t.Errorf("sent under the keys %v, want the same twice\n%s", keys, w.Dump())
	}
	c.gone(t, o.Files)
}

func (c Comeback) gone(t *testing.T, files *Files) {
	t.Helper()
	if len(files.Data) != 0 {
		t.Errorf("%d drafts are left", len(files.Data))
	}
}
