package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
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

// A set-up begun anew after the former was discarded is kept as any other form.
func TestFault_2_1_SetUpAfterDiscard(t *testing.T) {
	begin := func() *world {
		x := newWorld(t, screen.RoleServer, 1440, 900)
		x.server.set(func(f *fakeServer) { f.state.NeedAdmin = true })
		return x
	}
	x := begin()
	x.ui.Settle()
	x.ui.Type("Sahyadri Masala, Pune")
	x.ui.Advance(6 * time.Second)
	y := begin()
	maps.Copy(y.files, x.files)
	y.ui.Settle()
	y.ui.Click("Discard")
	y.ui.Settle()
	if n := len(y.files); n != 0 {
		t.Fatalf("%d drafts after Discard", n)
	}
	y.ui.Fill("Name of the factory", "Konkan Masala")
	y.ui.Advance(6 * time.Second)
	if n := len(y.files); n != 1 {
		t.Errorf("%d drafts", n)
	}
	if y.w.MayClose() {
		t.Error("closes over what was typed")
	}
	z := begin()
	maps.Copy(z.files, y.files)
	z.ui.Settle()
	z.ui.Click("Resume")
	if got := z.w.setup.Name.Text; got != "Konkan Masala" {
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
	d.Drafts = func(screen.Role) form.Files { return y.files }
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

// The X asks again whatever took its question away: the end of a login, the overlay, the
// recovery of the books.
func TestFault_2_2_TheXNeverGoesDead(t *testing.T) {
	for name, meanwhile := range map[string]func(*world){
		"login ended": func(x *world) {
			x.w.loginEnded(x.w.session)
			x.ui.Settle()
			if sees(x, closeQuestion) || !x.w.MayClose() {
				t.Errorf("asks about a form that is gone\n%s", x.ui.Dump())
			}
			x.login("owner")
			x.ui.Press(key.NameF5)
			x.ui.Type("UJH/1183")
		},
		"cable out": func(x *world) {
			x.server.set(func(f *fakeServer) { f.status.Phase, f.status.Since = screen.Lost, x.clock.Now() })
			x.ui.Advance(time.Minute)
			x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
		},
		"recovered": func(x *world) {
			r := damaged()
			x.broken(&r)
			x.ui.Settle()
			x.server.set(func(f *fakeServer) { f.state.Recovery = "" })
			x.ui.Settle()
		},
	} {
		x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
		x.ui.Press(key.NameF5)
		x.ui.Type("UJH/1182")
		if x.w.MayClose() {
			t.Fatal("closes over what was typed")
		}
		x.ui.Settle()
		meanwhile(x)
		x.ui.Settle()
		for range 2 {
			if x.w.MayClose() {
				t.Errorf("%s: closes over what was typed", name)
			}
		}
		x.ui.Settle()
		if !sees(x, closeQuestion) {
			t.Fatalf("%s: the X is dead\n%s", name, x.ui.Dump())
		}
		x.ui.Press(key.NameReturn)
		if n := len(x.w.own.stack); n != 0 || x.w.closing.Load() {
			t.Errorf("%s: %d questions are left", name, n)
		}
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

// A restore under an open form ends the login, whatever the server thinks of it: what the
// form names may be something else now. It is a draft of the books it was typed in.
func TestFault_2_1_BooksRestoredUnderAForm(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	x.server.set(func(f *fakeServer) { f.state.Boot, f.state.Mark.Lineage = "b2", "lineage-2" })
	x.ui.Settle()
	if x.w.session != nil || x.drafts(t) != 1 {
		t.Fatalf("%d drafts, still logged in: %v", x.drafts(t), x.w.session != nil)
	}
	x.login("owner")
	list, _, err := x.w.session.env.Drafts.List()
	if err != nil || len(list) != 1 || !list[0].Strange || list[0].Lineage != "lineage-1" {
		t.Errorf("%+v, %v", list, err)
	}
}

// What is typed in the demo factory is no draft of the real one.
func TestFault_2_1_DemoHasItsOwnDrafts(t *testing.T) {
	folders := map[screen.Role]files{screen.RoleDemo: {}, screen.RoleServer: {}}
	for _, role := range []screen.Role{screen.RoleDemo, screen.RoleServer} {
		x := newWorld(t, "", 1440, 900)
		x.w.deps.Drafts = func(r screen.Role) form.Files { return folders[r] }
		x.w.connected(role, x.server)
		x.ui.Settle()
		x.login("owner")
		if x.ui.Sees("Resume GRN") {
			t.Errorf("the draft of the demo is offered on a %s", role)
		}
		x.ui.Press(key.NameF5)
		x.ui.Type("UJH/1182")
		x.ui.Advance(2 * time.Second)
		if len(folders[role]) != 1 {
			t.Errorf("%d drafts on a %s", len(folders[role]), role)
		}
	}
}

// TestEveryFormIsKept finds forms that would be lost in a crash: what form.New makes must
// be handed to Desk.Keep in its package, under one of the names it was given.
func TestEveryFormIsKept(t *testing.T) {
	exceptions := map[string]string{
		"password.go":              "nothing but passwords",
		"screen/login/model.go":    "nothing but a name and a password",
		"screen/recovery/model.go": "nothing but a recovery code, and nobody is logged in",
		"screen/backup/restore.go": "a word that is a signature, and a recovery code; closing asks about the code",
	}
	made, kept := map[string][][]string{}, map[string][]string{} // by folder
	at := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		path = filepath.ToSlash(path)
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		folder := filepath.Dir(path)
		forms, drafts := formsIn(file)
		kept[folder] = append(kept[folder], drafts...)
		if exceptions[path] != "" {
			if len(forms) == 0 {
				t.Errorf("%s is an exception and makes no form", path)
			}
			return nil
		}
		for _, names := range forms {
			made[folder], at[folder] = append(made[folder], names), append(at[folder], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	forms := 0
	for folder, list := range made {
		for i, names := range list {
			forms++
			if !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(kept[folder], n) }) {
				t.Errorf("ui/%s makes the form %v and keeps no draft of it: hand it to Env.Desk.Keep", at[folder][i], names)
			}
		}
	}
	if forms < 12 {
		t.Errorf("found %d forms only", forms)
	}
}

// formsIn lists the names each form of a file is given, followed through assignments of
// its function, and the names that are handed to Keep.
func formsIn(file *ast.File) (made [][]string, kept []string) {
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		var names []string
		note := func(to, from ast.Expr) {
			if isCall(from, "form", "New") || slices.Contains(names, lastName(from)) {
				names = append(names, lastName(to))
			}
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i := range min(len(n.Lhs), len(n.Rhs)) {
					note(n.Lhs[i], n.Rhs[i])
				}
			case *ast.KeyValueExpr:
				note(n.Key, n.Value)
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Keep" && lastName(s.X) == "Desk" && len(n.Args) == 1 {
					kept = append(kept, lastName(n.Args[0]))
				}
			}
			return true
		})
		if len(names) > 0 {
			made = append(made, names)
		}
	}
	return made, kept
}

func isCall(e ast.Expr, pkg, name string) bool {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	s, ok := c.Fun.(*ast.SelectorExpr)
	return ok && s.Sel.Name == name && lastName(s.X) == pkg
}

// lastName is "Form" of m.Form, and of Form.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
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
	x.w.deps.Drafts = func(screen.Role) form.Files { return files }
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
