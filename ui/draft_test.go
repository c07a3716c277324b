package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/core/licence"
	"masala/ui/form"
	"masala/ui/screen"
)

// after is the same PC two minutes later: the window died, the server did not.
func (x *world) after(t *testing.T, role screen.Role) *world {
	t.Helper()
	y := newWorld(t, role, 1440, 900)
	for name, data := range x.files {
		y.files[name] = data
	}
	y.ui.Advance(x.clock.Now().Sub(start) + 2*time.Minute)
	return y
}

// holds reports how many drafts there are, and fails if one tells a secret.
func (x *world) drafts(t *testing.T, secrets ...string) int {
	t.Helper()
	for name, data := range x.files {
		for _, s := range secrets {
			if strings.Contains(string(data), s) {
				t.Errorf("the draft %s holds %q", name, s)
			}
		}
	}
	return len(x.files)
}

func TestFault_2_1_UserDraft(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press("8", ctrl)
	x.ui.Press("N", ctrl)
	x.ui.Type("Ravi Kale")
	x.ui.Press(key.NameReturn)
	x.ui.Type("ravi")
	x.ui.Press(key.NameReturn)
	x.ui.Type("chilli and cumin")
	x.ui.Advance(6 * time.Second)
	if n := x.drafts(t, "chilli"); n != 1 {
		t.Fatalf("%d drafts\n%s", n, x.ui.Dump())
	}
	if !x.ui.Sees("Draft saved 14:00:01") {
		t.Errorf("the header does not tell\n%s", x.ui.Dump())
	}
	y := x.after(t, screen.RoleClient).login("owner")
	if !y.ui.Sees("You have an unsaved user from 2 minutes ago. Resume?") {
		t.Fatalf("no offer at the next start\n%s", y.ui.Dump())
	}
	y.ui.Click("Resume user")
	form := y.w.session.env.Desk.Dirty()
	if form == nil || form.Field("name").Text != "Ravi Kale" || form.Field("login").Text != "ravi" || form.Field("password").Text != "" {
		t.Fatalf("came back as %+v\n%s", form, y.ui.Dump())
	}
	// Nobody else of this PC is offered it.
	if z := x.after(t, screen.RoleClient).login("store1"); z.ui.Sees("Resume?") {
		t.Errorf("another user is offered it\n%s", z.ui.Dump())
	}
}

// A form that was sent without an answer and holds a password goes on under a new key:
// the answer to the old one would hide that another password was typed.
func TestFault_2_1_ResumedPasswordIsNotAnsweredFromBefore(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	on(x.server, account.CreateUser, func(account.CreateUserReq) (account.User, error) {
		return account.User{}, core.Errorf(core.CodeUnavailable, "The server is not ready.")
	})
	x.ui.Press("8", ctrl)
	x.ui.Press("N", ctrl)
	for _, text := range []string{"Ravi Kale", "ravi", "chilli and cumin", "chilli and cumin"} {
		x.ui.Type(text)
		x.ui.Press(key.NameReturn)
	}
	first := x.w.session.env.Desk.Dirty().Key()
	y := x.after(t, screen.RoleClient).login("owner")
	if !y.ui.Sees("It was being sent when the connection ended. Sending it again has no second effect.") {
		t.Errorf("the effect is not told\n%s", y.ui.Dump())
	}
	y.ui.Click("Resume user")
	y.ui.Settle()
	if k := y.w.session.env.Desk.Dirty(); k == nil || k.Key() == first {
		t.Errorf("resumed as %+v", k)
	}
	if n := y.drafts(t, "chilli"); n != 1 {
		t.Errorf("%d drafts, want the one under its new key", n)
	}
}

func TestFault_2_1_LicenseDraft(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
	on(x.server, licence.Status, func(licence.StatusReq) (licence.StatusResp, error) { return licence.StatusResp{}, nil })
	x.w.Navigate(screen.Route{ID: screen.SystemLicense})
	x.ui.Settle()
	x.ui.Press("L", ctrl)
	x.ui.Type("MASALA LICENSE 1")
	x.ui.Advance(6 * time.Second)
	if n := x.drafts(t); n != 1 {
		t.Fatalf("%d drafts\n%s", n, x.ui.Dump())
	}
	x.ui.Click("Close")
	if !sees(x, closeQuestion) {
		t.Errorf("closing the dialog loses what was pasted without a question\n%s", x.ui.Dump())
	}
	y := x.after(t, screen.RoleServer).login("owner")
	on(y.server, licence.Status, func(licence.StatusReq) (licence.StatusResp, error) { return licence.StatusResp{}, nil })
	y.ui.Click("Resume license")
	if k := y.w.session.env.Desk.Dirty(); k == nil || k.Field("text").Text != "MASALA LICENSE 1" {
		t.Errorf("came back as %+v\n%s", k, y.ui.Dump())
	}
}

func TestFault_2_1_SetUpDraft(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	x.server.set(func(f *fakeServer) { f.state.NeedAdmin = true })
	x.ui.Settle()
	x.ui.Type("Sahyadri Masala, Pune")
	x.ui.Advance(6 * time.Second)
	if n := x.drafts(t); n != 1 {
		t.Fatalf("%d drafts\n%s", n, x.ui.Dump())
	}
	if x.w.MayClose() {
		t.Error("the window closes over a set-up that was begun")
	}
	y := newWorld(t, screen.RoleServer, 1440, 900)
	for name, data := range x.files {
		y.files[name] = data
	}
	y.ui.Advance(2 * time.Minute)
	y.server.set(func(f *fakeServer) { f.state.NeedAdmin = true })
	y.ui.Settle()
	if !y.ui.Sees("You have an unsaved set-up from a moment ago. Resume?") && !y.ui.Sees("You have an unsaved set-up from 1 minute ago. Resume?") {
		t.Fatalf("no offer\n%s", y.ui.Dump())
	}
	y.ui.Click("Resume")
	if got := y.w.setup.Name.Text; got != "Sahyadri Masala, Pune" {
		t.Errorf("came back as %q", got)
	}
}

// An address typed by hand is simply there again; the code is a secret.
func TestFault_2_1_AddressDraft(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.server.set(func(f *fakeServer) { f.status = screen.Status{Phase: screen.Searching, Since: start} })
	x.ui.Settle()
	x.w.connect.Code.Set("K7QM-4XRT-9WPB-2HVN")
	x.w.connect.Address.Set("192.168.1.77")
	x.ui.Advance(6 * time.Second)
	if n := x.drafts(t, "K7QM", "2HVN"); n != 1 {
		t.Fatalf("%d drafts\n%s", n, x.ui.Dump())
	}
	y := &world{files: x.files}
	z := y.reopened(t)
	if got := z.w.connect.Address.Text; got != "192.168.1.77" || z.w.connect.Code.Text != "" {
		t.Errorf("came back as %q, %q", got, z.w.connect.Code.Text)
	}
}

// reopened opens a window over drafts that are there from its first frame on.
func (x *world) reopened(t *testing.T) *world {
	t.Helper()
	y := &world{t: t, server: newFakeServer(), files: x.files}
	z := newWorld(t, screen.RoleClient, 1440, 900)
	z.server.set(func(f *fakeServer) { f.status = screen.Status{Phase: screen.Searching, Since: start} })
	d := z.w.deps
	d.Drafts = y.files
	z.w = New(d, func() {})
	z.w.inbox.run()
	return z
}

func TestFault_2_2_EveryWayOut(t *testing.T) {
	begin := func() *world {
		x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
		x.ui.Press(key.NameF5)
		x.ui.Type("UJH/1182")
		return x
	}
	for way, go_ := range map[string]func(*world){
		"another screen": func(x *world) { x.ui.Press("1", ctrl) },
		"back":           func(x *world) { x.ui.Press(key.NameEscape) },
		"signing out":    func(x *world) { x.w.leaving(x.w.logout); x.ui.Settle() },
	} {
		x := begin()
		go_(x)
		if !sees(x, leaveQuestion) || !x.ui.Sees("This GRN stays on this PC as a draft, saved 14:00:00.") {
			t.Fatalf("%s: not asked\n%s", way, x.ui.Dump())
		}
		x.ui.Press(key.NameReturn) // Stay has the keyboard
		if x.w.session == nil || x.form.field.Text != "UJH/1182" || x.w.dialogs.open() {
			t.Errorf("%s: Stay is not the default", way)
		}
		x.ui.Advance(time.Second)
		go_(x)
		x.ui.Click("Leave")
		if x.w.session != nil && x.w.session.nav.now().route.ID == screen.GRN {
			t.Errorf("%s: Leave does not leave", way)
		}
		if x.drafts(t) != 1 {
			t.Errorf("%s: %d drafts after leaving", way, x.drafts(t))
		}
	}
	x := begin()
	if x.w.MayClose() {
		t.Error("the window closes over what was typed")
	}
	x.ui.Settle()
	if !sees(x, closeQuestion) {
		t.Errorf("not asked\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameReturn)
	if x.w.closing.Load() || x.form.field.Text != "UJH/1182" {
		t.Error("Stay is not the default of the X")
	}
}

// The end of the system asks nobody: what was typed a moment ago is on disk when the
// window has gone.
func TestFault_2_2_SystemShutsDown(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	if x.drafts(t) != 0 {
		t.Fatal("there is a draft already")
	}
	x.w.closing.Store(true)
	if !x.w.MayClose() {
		t.Error("the system was kept waiting")
	}
	x.w.Close()
	list, _, err := x.w.session.env.Drafts.List()
	if err != nil || len(list) != 1 || list[0].Title != "GRN" {
		t.Errorf("%+v, %v", list, err)
	}
}

// A login that ends in the middle of a form costs nothing.
func TestFault_2_1_LoginEnds(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	x.w.loginEnded(x.w.session)
	x.ui.Settle()
	if x.w.session != nil || x.drafts(t) != 1 {
		t.Errorf("%d drafts after the login ended", x.drafts(t))
	}
}

// TestEveryFormIsKept finds forms that would be lost in a crash.
func TestEveryFormIsKept(t *testing.T) {
	secrets := map[string]bool{"password.go": true, "screen/login/model.go": true, "screen/recovery/model.go": true} // nothing but a name, passwords and a recovery code
	made := regexp.MustCompile(`\bform\.New\(`)
	kept := regexp.MustCompile(`Desk\.Keep\(`)
	folders := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || secrets[filepath.ToSlash(path)] {
			return err
		}
		b, err := os.ReadFile(path)
		folders[filepath.Dir(path)] += string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	forms := 0
	for folder, text := range folders {
		m, k := len(made.FindAllString(text, -1)), len(kept.FindAllString(text, -1))
		forms += m
		if m > 0 && k == 0 {
			t.Errorf("ui/%s makes %d forms and keeps the draft of none: hand them to Env.Desk.Keep", folder, m)
		}
	}
	if forms < 8 {
		t.Errorf("found %d forms only", forms)
	}
}

// lockedFiles may be written by any goroutine.
type lockedFiles struct {
	mu sync.Mutex
	files
}

func (l *lockedFiles) Write(name string, data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.files.Write(name, data)
}

func (l *lockedFiles) List() ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.files.List()
}
func (l *lockedFiles) Read(name string) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.files.Read(name)
}

// A machine so slow that the frame after the last key does not end costs nothing of what
// the frames before took in: it is on disk within a second, and closing waits for that.
func TestFault_2_1_SavedWhileAFrameDoesNotEnd(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	files := &lockedFiles{files: x.files}
	x.w.deps.Drafts = files
	x.w.deps.After = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	x.login("owner")
	x.w.deps.Spawn = func(f func()) { go f() }
	x.w.workers.spawn = x.w.deps.Spawn
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	typed := time.Now()
	saved := func() string {
		t.Helper()
		list, _, err := form.NewDrafts(files, x.clock, "owner").List()
		if err != nil || len(list) > 1 {
			t.Fatal(list, err)
		}
		if len(list) == 0 {
			return ""
		}
		return list[0].Content.Fields["invoice_no"].Text
	}
	x.w.inTurn(func() { // this frame does not end
		for saved() != "UJH/1182" {
			if time.Since(typed) > form.MayLose {
				t.Fatalf("after %v %q is on disk", form.MayLose, saved())
			}
			time.Sleep(time.Millisecond)
		}
	})
	t.Logf("on disk %v after the last key", time.Since(typed))
	x.ui.Frame()
	if k := x.w.session.env.Desk.Dirty(); k == nil || k.Saved().IsZero() {
		t.Error("the window does not hear that the draft is saved")
	}
	x.ui.Type("/A")
	x.w.Close()
	if saved() != "UJH/1182/A" {
		t.Errorf("%q is on disk after the end", saved())
	}
}
