//go:build linux

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"masala/core/backup"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/storage/storagetest"
	"masala/transport/node"
	"masala/ui/form"
)

const envWine = "MASALA_TEST_WINE" // where the Windows program and its Wine lie

// windowsPC is a PC with Windows (which is Wine) and the program on it. Wine draws
// slowly, so everything is waited for patiently. Only use it where alone reports true.
type windowsPC struct {
	*pc
	lab     string
	display string
}

// forWindows builds the Windows program and a Wine to run it, see .ci/wine.
func forWindows(t *testing.T) {
	t.Helper()
	if os.Getenv(envWine) != "" {
		return
	}
	lab := t.TempDir()
	for _, args := range [][]string{{"setup", lab}, {"build", lab, lab + "/masala.exe"}, {"build", lab, lab + "/poke.exe", "./transport/node/e2e/poke"}} {
		if out, err := exec.Command("../../../.ci/wine", args...).CombinedOutput(); err != nil {
			t.Fatalf(".ci/wine %s: %v (\"make deps\" installs Wine)\n%s", args[0], err, out)
		}
	}
	for _, pkg := range windowsParts {
		cmd := exec.Command("go", "test", "-c", "-o", filepath.Join(lab, pkg+".test.exe"), "masala/platform/"+pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=windows", "GOARCH=amd64")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("the tests of %s: %v\n%s", pkg, err, out)
		}
	}
	t.Setenv(envWine, lab)
}

// windowsParts are the packages of platform whose own tests ask Windows itself.
var windowsParts = []string{"autostart", "firewall", "logoff"}

func newWindowsPC(t *testing.T) *windowsPC {
	t.Helper()
	w := &windowsPC{pc: &pc{t: t}, lab: os.Getenv(envWine), display: screenFor(t)}
	w.command = func(ctx context.Context, args ...string) *exec.Cmd { return w.wine(ctx, "masala.exe", args...) }
	users, err := filepath.Glob(w.lab + "/prefix/drive_c/users/*/AppData/Roaming")
	if err != nil || len(users) != 1 {
		t.Fatal("no %AppData% in ", w.lab, users, err)
	}
	w.dir = filepath.Join(users[0], "Masala")
	t.Cleanup(func() {
		w.powerCut()
		if t.Failed() {
			for _, log := range []string{"supervisor", "service", "window"} {
				t.Logf("%s.log:\n%s", log, w.log(log))
			}
		}
	})
	return w
}

func (w *windowsPC) wine(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "wine", append([]string{filepath.Join(w.lab, program)}, args...)...)
	cmd.Env = append(os.Environ(), "WINEPREFIX="+w.lab+"/prefix", "WINEDEBUG=-all", "DISPLAY="+w.display, "LIBGL_ALWAYS_SOFTWARE=1")
	return cmd
}

// start double-clicks the program.
func (w *windowsPC) start() {
	w.t.Helper()
	cmd := w.wine(context.Background(), "masala.exe", "--quiet")
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() { _ = cmd.Wait() }()
}

// process finds the process of the program with that command, "" for the supervisor;
// 0 while there is none.
func (w *windowsPC) process(command string) int {
	for pid, args := range w.processes() {
		if is := ""; len(args) > 1 {
			if is = args[1]; strings.HasPrefix(is, "-") {
				is = ""
			}
			if is == command {
				return pid
			}
		}
	}
	return 0
}

func (w *windowsPC) processes() map[int][]string {
	list, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	found := map[int][]string{}
	for _, file := range list {
		b, _ := os.ReadFile(file)
		args := strings.Split(strings.TrimRight(string(b), "\x00 "), "\x00")
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err == nil && strings.HasSuffix(strings.ReplaceAll(args[0], `\`, "/"), w.lab+"/masala.exe") && alive(pid) {
			found[pid] = args
		}
	}
	return found
}

// powerCut ends everything at once, Wine with it.
func (w *windowsPC) powerCut() {
	for pid := range w.processes() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	server := exec.Command("wineserver", "-k")
	server.Env = append(os.Environ(), "WINEPREFIX="+w.lab+"/prefix")
	_ = server.Run() // fails when there is none
	waitFor(w.t, 10*time.Second, "the end of all processes", func() bool { return len(w.processes()) == 0 })
}

func (w *windowsPC) log(name string) string {
	b, _ := os.ReadFile(filepath.Join(w.dir, "logs", name+".log"))
	return string(b)
}

// said counts the lines of the window's log that hold text.
func (w *windowsPC) said(text string) int { return strings.Count(w.log("window"), text) }

// window drives what is on the screen.
func (w *windowsPC) window() *window { return &window{t: w.t, dir: w.dir, display: w.display} }

// focus gives the window the keyboard, as a window manager would.
func (w *windowsPC) focus() {
	w.t.Helper()
	onDisplay(w.t, w.display, "xdotool", "search", "--sync", "--onlyvisible", "--name", "^"+title+"$", "windowfocus", "--sync")
}

// poke sends a message as a click would.
func (w *windowsPC) poke(class, title string, message, wparam, lparam int) {
	w.t.Helper()
	w.poked(class, title, fmt.Sprint(message), fmt.Sprint(wparam), fmt.Sprint(lparam))
}

// ask sends a message and returns what the window answers, within the five seconds that
// Windows waits.
func (w *windowsPC) ask(class, title string, message, wparam, lparam int) string {
	w.t.Helper()
	return w.poked("ask", class, title, fmt.Sprint(message), fmt.Sprint(wparam), fmt.Sprint(lparam))
}

// poked runs the program that sends messages. It says why it has failed; where it says
// nothing, Wine on a busy machine has not run it, and no message was sent.
func (w *windowsPC) poked(args ...string) string {
	w.t.Helper()
	var out []byte
	var err error
	for range 3 {
		if out, err = w.wine(w.t.Context(), "poke.exe", args...).CombinedOutput(); err == nil || len(out) > 0 {
			break
		}
		w.t.Logf("Wine did not run poke.exe: %v", err)
	}
	if err != nil {
		w.t.Fatalf("%v %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// What Windows sends when somebody clicks X, "Open Dashboard" in the tray's menu, and at
// the end of a session.
const (
	wmClose           = 0x0010
	wmQueryEndSession = 0x0011
	wmEndSession      = 0x0016
	wmCommand         = 0x0111
	openDashboard     = 1
)

// shutsDown types a delivery and ends the user's session: Windows is asked to wait, somebody
// cancels, and then shuts down all the same.
func (w *windowsPC) shutsDown(ui *window) {
	w.t.Helper()
	w.focus()
	ui.typed("Unjha") // into the form that is empty after posting
	ui.xdotool("type", "UJH/1184")
	drafts := draftsOf(ui)
	invoice := func() string {
		list, damaged, err := drafts.List()
		if err != nil || damaged > 0 || len(list) > 1 {
			w.t.Fatalf("%d drafts, %d damaged, %v", len(list), damaged, err)
		}
		if len(list) == 0 {
			return ""
		}
		return list[0].Content.Fields["invoice_no"].Text
	}
	waitFor(w.t, time.Minute, "the draft", func() bool { return invoice() == "UJH/1184" })
	if a := w.ask("", title, wmQueryEndSession, 0, 0); a != "0" {
		w.t.Errorf("with unsaved changes the window answers %s to the end of the session", a)
	}
	if w.said(`msg="the session may end" reason="You have unsaved changes. This GRN stays on this PC as a draft`) != 1 {
		w.t.Error("no reason is shown")
	}
	w.ask("", title, wmEndSession, 0, 0)
	if w.said(`msg="the session stays"`) != 1 {
		w.t.Error("the end of the session was not cancelled")
	}
	if a := w.ask("SystrayClass", "", wmQueryEndSession, 0, 0); a != "1" {
		w.t.Errorf("the tray answers %s to the end of the session", a)
	}
	w.ask("SystrayClass", "", wmEndSession, 0, 0)
	ui.xdotool("type", "/A")
	w.ask("", title, wmEndSession, 1, 0)
	if got := invoice(); w.said(`msg="the session ends"`) != 1 || !strings.HasPrefix("UJH/1184/A", got) || len(got) < len("UJH/1184") {
		w.t.Errorf("at the end of the session %q is on disk", got)
	}
	list, _, err := drafts.List()
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%d drafts, %v", len(list), err)
	}
	if err := drafts.Forget(list[0].Key); err != nil {
		w.t.Fatal(err)
	}
}

// TestWindowsProgramUnderWine lives a day of the Windows program: first run as a
// server, a GRN by keyboard, close to the tray and open again, a second start, the
// service killed, the power cut, and the books verified. Wine is not Windows:
// docs/decisions.md says what only a real one can show.
func TestWindowsProgramUnderWine(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the Windows program")
	}
	forWindows(t)
	if !alone(t) {
		return
	}
	w := newWindowsPC(t)
	for _, pkg := range windowsParts {
		t.Run(pkg, func(t *testing.T) {
			out, err := w.wine(t.Context(), pkg+".test.exe", "-test.v").CombinedOutput()
			if err != nil || strings.Contains(string(out), "--- SKIP") || !strings.Contains(string(out), "--- PASS") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	ui := w.window()
	defer func() {
		if t.Failed() {
			ui.picture("wine")
			t.Logf("the keyboard belongs to %s", onDisplay(t, w.display, "xdotool", "getwindowfocus", "getwindowname"))
		}
	}()
	w.start()
	waitFor(t, time.Minute, "the first question", func() bool { return w.said("screen=first_run") == 1 })
	w.focus()
	ui.key("Return") // Server is the first choice
	waitFor(t, time.Minute, "the service", func() bool { return w.said("screen=set_up") == 1 && w.process("serve") != 0 })
	w.focus()
	ui.typed("Test factory", "27", "Owner", "owner", storagetest.Password, storagetest.Password)
	waitFor(t, time.Minute, "the dashboard", func() bool { return w.said("screen=dashboard.home") == 1 })
	waitFor(t, time.Minute, "the recovery code", func() bool { return w.said(`msg=opened dialog="Recovery code of this server"`) == 1 })
	ui.key("Tab")
	ui.key("Return") // I have written it down
	waitFor(t, time.Minute, "the code to go", func() bool { return w.said(`msg=closed dialog="Recovery code of this server"`) == 1 })

	item := call(w.pc, catalog.CreateItem, catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: "RAW-005", Name: "Cumin seed", Type: catalog.Raw, Dimension: "mass",
		PurchaseUnit: "kg", IssueUnit: "kg", Active: true}})
	call(w.pc, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "Unjha Jeera House", StateCode: "24", Active: true}})
	documents := func() int { return len(call(w.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents) }
	receive := func(invoice string, lines, posted int) {
		t.Helper()
		forms := w.said("screen=procurement.grn")
		w.focus()
		ui.key("F5")
		waitFor(t, time.Minute, "the form", func() bool { return w.said("screen=procurement.grn") == forms+1 })
		ui.typed("Unjha", invoice, "y", "")
		for i := range lines {
			ui.typed(item.SKU, fmt.Sprint(10*(i+1)), "225", "", "UJ-77", "", "+360", "")
		}
		ui.key("ctrl+Return")
		waitFor(t, 2*time.Minute, "the GRN", func() bool { return documents() == posted })
	}
	receive("UJH/1182", 2, 1)
	doc := call(w.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents[0]
	if g := call(w.pc, purchase.GetCostedGRN, purchase.GetGRNReq{ID: doc.ID}); len(g.Lines) != 2 || g.InvoiceNo != "UJH/1182" || g.Goods != 30*225_00 {
		t.Errorf("posted %+v", g)
	}

	service, supervisor := w.process("serve"), w.process("")
	w.shutsDown(ui)
	w.poke("", title, wmClose, 0, 0)
	waitFor(t, time.Minute, "the window to close", func() bool { return w.process("ui") == 0 })
	if n := documents(); n != 1 || w.process("serve") != service {
		t.Errorf("with the window closed there are %d documents, and process %d has become %d", n, service, w.process("serve"))
	}
	w.poke("SystrayClass", "", wmCommand, openDashboard, 0)
	waitFor(t, time.Minute, "the window from the tray", func() bool { return w.said("first frame") == 2 && w.said("msg=connected") == 2 })

	second := w.wine(t.Context(), "masala.exe", "--quiet")
	out, _ := second.CombinedOutput()
	if code := second.ProcessState.ExitCode(); code != 5 || !strings.Contains(string(out), "Server is already running.") {
		t.Errorf("the second start ended with exit %d: %s", code, out)
	}
	waitFor(t, time.Minute, "the first window to say so", func() bool { return w.said(`text="Server is already running."`) == 1 })
	if w.process("serve") != service || w.process("") != supervisor {
		t.Error("the second start changed the first server")
	}

	if err := syscall.Kill(service, syscall.SIGKILL); err != nil { // to Windows programs this looks like exit 0
		t.Fatal(err)
	}
	waitFor(t, time.Minute, "another service", func() bool { n := w.process("serve"); return n != 0 && n != service })
	waitFor(t, time.Minute, "the window to reconnect", func() bool { return w.said("msg=connected") == 3 })
	if n := documents(); n != 1 {
		t.Errorf("after the kill there are %d documents", n)
	}

	w.powerCut()
	if report := w.must("verify"); !strings.Contains(report, "The books are right.") {
		t.Errorf("after the power cut:\n%s", report)
	}
	logins := w.said("screen=login") // it may have come back after the kill
	w.start()
	waitFor(t, time.Minute, "the window after the power cut", func() bool { return w.said("first frame") == 3 && w.said("screen=login") > logins })
	w.focus()
	ui.typed(storagetest.Password) // it remembers who logged in last
	waitFor(t, time.Minute, "the login", func() bool { return w.said("screen=dashboard.home") == 2 })
	receive("UJH/1183", 1, 2)
	w.must("verify")
	w.losesItsBooks(ui, documents)
	w.logsOff(ui)
}

// apart starts a server and a window without a supervisor over them: Wine ends processes
// in the order of their numbers, and with the supervisor go its children, unasked.
// (Windows goes by levels, see platform/logoff.) It returns at the login.
func (w *windowsPC) apart() {
	w.t.Helper()
	w.powerCut()
	_ = os.Remove(folderOf(w.dir).Runtime())
	for _, command := range []string{"serve", "ui"} {
		logins := w.said("screen=login")
		cmd := w.wine(context.Background(), "masala.exe", command, "--quiet")
		if err := cmd.Start(); err != nil {
			w.t.Fatal(err)
		}
		go func() { _ = cmd.Wait() }()
		waitFor(w.t, 2*time.Minute, command, func() bool {
			if command == "serve" {
				_, err := node.ReadRuntime(folderOf(w.dir))
				return err == nil
			}
			return w.said("screen=login") > logins
		})
	}
}

// logsOff ends the session of the user as Start > Log off does, through Wine's own
// program for it: a window with unsaved changes keeps the session and its draft, and one
// without goes.
func (w *windowsPC) logsOff(ui *window) {
	w.t.Helper()
	end := func() (lets bool) {
		w.t.Helper()
		ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
		defer cancel()
		cmd := w.wine(ctx, "")
		cmd.Args = []string{"wine", "wineboot", "-e"} // end session
		out, err := cmd.CombinedOutput()
		if err != nil && cmd.ProcessState.ExitCode() != 1 { // 1: somebody keeps the session
			w.t.Fatalf("wineboot -e: %v %s", err, out)
		}
		return err == nil
	}
	const asked = `msg="the session may end" reason=`
	changed, unchanged := w.said(asked+`"You have unsaved changes. `), w.said(asked+`""`)
	stays, ends := w.said(`msg="the session stays"`), w.said(`msg="the session ends"`)

	w.apart()
	homes, forms := w.said("screen=dashboard.home"), w.said("screen=procurement.grn")
	w.focus()
	ui.typed(storagetest.Password)
	waitFor(w.t, 2*time.Minute, "the login", func() bool { return w.said("screen=dashboard.home") > homes })
	w.focus()
	ui.key("F5")
	waitFor(w.t, 2*time.Minute, "the form", func() bool { return w.said("screen=procurement.grn") > forms })
	ui.typed("Unjha")
	ui.xdotool("type", "UJH/1185")
	drafts := draftsOf(ui)
	has := func(invoice string) func() bool {
		return func() bool {
			list, _, err := drafts.List()
			return err == nil && slices.ContainsFunc(list, func(d form.Draft) bool { return d.Content.Fields["invoice_no"].Text == invoice })
		}
	}
	waitFor(w.t, time.Minute, "the draft", has("UJH/1185"))
	if lets := end(); lets || w.said(asked+`"You have unsaved changes. `) != changed+1 || w.said(`msg="the session stays"`) != stays+1 || w.process("ui") == 0 {
		w.t.Errorf("with unsaved changes: window %d\n%s", w.process("ui"), w.log("window"))
	}
	w.apart() // a window without changes; the draft of the one before is offered to nobody yet
	if !end() {
		w.t.Error("a window without changes keeps the session")
	}
	waitFor(w.t, time.Minute, "the window to go", func() bool { return w.process("ui") == 0 })
	if w.said(asked+`""`) != unchanged+1 || w.said(`msg="the session ends"`) != ends+1 {
		w.t.Errorf("without changes\n%s", w.log("window"))
	}
	if !has("UJH/1185")() {
		w.t.Error("the draft is gone with the session")
	}
}

// losesItsBooks damages the database twice: the window restores it by one key, the command
// without a server. A short drill is the end of the day.
func (w *windowsPC) losesItsBooks(ui *window, documents func() int) {
	t := w.t
	t.Helper()
	made := w.must("backup")
	if !strings.Contains(made, "Opened, 0 errors, ledger agrees. ") {
		t.Errorf("the backup says %s", made)
	}
	w.powerCut()
	w.swept()
	points := good(t, filepath.Join(w.dir, "backups")) // the service may have made up for one as well
	if len(points) == 0 || !strings.Contains(made, points[0].ID) {
		t.Fatalf("the good restore points are %+v", points)
	}
	damage := func() {
		t.Helper()
		if err := os.WriteFile(filepath.Join(w.dir, "masala.db"), bytes.Repeat([]byte("damaged "), 40_000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damage()
	w.start()
	waitFor(t, time.Minute, "the recovery screen", func() bool { return w.said("screen=restore") == 1 })
	if r := call(w.pc, backup.RecoveryStatus, backup.RecoveryStatusReq{}); r.Reason != backup.Corrupt || r.Sentence != backup.SayDamaged || len(r.Points) != len(points) || !r.Points[0].Offered {
		t.Errorf("recovery says %+v", r)
	}
	logins := w.said("screen=login")
	w.focus()
	waitFor(t, time.Minute, "the restore to begin", func() bool { // once the points are listed, Enter restores the newest good one
		ui.key("Return")
		return strings.Contains(w.log("service"), "operation=recovery.restore")
	})
	waitFor(t, 2*time.Minute, "the login after the restore", func() bool { return w.said("screen=login") > logins })
	if n := documents(); n != 2 {
		t.Errorf("after the restore there are %d documents, want 2", n)
	}
	w.powerCut()
	w.swept()
	if report := w.must("verify"); !strings.Contains(report, "The books are right.") {
		t.Errorf("restored by the window:\n%s", report)
	}

	damage()
	if _, problem, code := w.run("verify"); code == 0 {
		t.Errorf("damaged books are verified: %s", problem)
	}
	if said := w.must("restore", points[0].ID, "--yes"); !strings.Contains(said, "Restored masala-") {
		t.Errorf("the restore says %s", said)
	}
	if report := w.must("verify"); !strings.Contains(report, "The books are right.") {
		t.Errorf("restored by the command:\n%s", report)
	}
	aside, err := os.ReadDir(filepath.Join(w.dir, "aside"))
	if err != nil || len(aside) != 2 {
		t.Errorf("%d databases were kept aside, want 2 (%v)", len(aside), err)
	}
	w.swept()
}

// swept reports work of backups and restores that nobody has removed.
func (w *windowsPC) swept() {
	w.t.Helper()
	for _, folder := range []string{w.dir, filepath.Join(w.dir, "backups")} {
		left, err := filepath.Glob(filepath.Join(folder, ".masala-work-*"))
		if err != nil || len(left) > 0 {
			w.t.Errorf("left behind: %v (%v)", left, err)
		}
	}
}
