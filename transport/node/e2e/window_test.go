//go:build linux

package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/storage/storagetest"
	"masala/transport/node"
	"masala/ui/screen"
)

// screenFor starts an X server without hardware and returns its display.
func screenFor(t *testing.T) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1440x900x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatalf("Xvfb: %v (\"make deps\" installs it)", err)
	}
	write.Close()
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// window is a real "masala ui" on a screen of its own.
type window struct {
	t       *testing.T
	dir     string
	display string
	cmd     *exec.Cmd
}

// openWindow opens the window of the PC with this data folder and waits for
// the login.
func openWindow(t *testing.T, p *pc) *window {
	t.Helper()
	w := &window{t: t, dir: p.dir, display: screenFor(t)}
	w.cmd = exec.Command(exe, "ui", "--quiet", "--data", p.dir)
	w.cmd.Env = append(os.Environ(), "DISPLAY="+w.display, "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1")
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			w.picture("failed")
			t.Logf("window.log:\n%s", w.log())
		}
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
	})
	w.until("the login", func() bool { return strings.Contains(w.log(), "screen=login") })
	return w
}

func (w *window) log() string {
	b, _ := os.ReadFile(filepath.Join(w.dir, "logs", "window.log"))
	return string(b)
}

// until waits for something the window causes. Every cell typed into wants a frame, and
// two cores that draw by software beside much other work need seconds for one.
func (w *window) until(what string, done func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if done() {
			return
		}
	}
	w.t.Fatalf("waited three minutes for %s", what)
}

func (w *window) xdotool(args ...string) {
	w.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("xdotool %v: %v %s (\"make deps\" installs it)", args, err, out)
	}
}

// typed types text and presses Enter, as fast as a scanner.
func (w *window) typed(texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if text != "" {
			w.xdotool("type", "--delay", "5", text)
		}
		w.xdotool("key", "Return")
	}
}

func (w *window) key(name string) { w.t.Helper(); w.xdotool("key", name) }

// picture keeps what is on the screen for whoever looks into a failure.
func (w *window) picture(name string) {
	dir := os.Getenv("MASALA_PICTURES")
	if dir == "" {
		dir = os.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("masala-window-%s.png", name))
	cmd := exec.Command("import", "-window", "root", path)
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	if err := cmd.Run(); err == nil {
		w.t.Logf("picture: %s", path)
	}
}

// TestRealWindowPostsGRNByKeyboard logs in and receives five lines in a real window,
// with the keyboard alone, while another window's server counts.
func TestRealWindowPostsGRNByKeyboard(t *testing.T) {
	s := newService(t)
	s.start()
	item, _ := s.setUp()
	if err := (&node.SetupFile{Folder: s.folder()}).Change(func(n *node.Setup) { n.Role = screen.RoleServer }); err != nil {
		t.Fatal(err)
	}
	w := openWindow(t, s.pc)
	w.typed("owner", storagetest.Password)
	w.until("the login", func() bool { return strings.Contains(w.log(), "screen=dashboard.home") })
	w.key("alt+g")
	w.until("the form", func() bool { return strings.Contains(w.log(), "screen=procurement.grn") })
	w.typed("Unjha", "UJH/1182", "y", "")
	for i := range 5 {
		w.typed(item.SKU, fmt.Sprint(10*(i+1)), "225", "", "UJ-77", "", "+360", "")
	}
	w.key("ctrl+Return")
	w.until("the GRN", func() bool { return len(call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents) == 1 })
	w.picture("posted")

	doc := call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents[0]
	g := call(s.pc, purchase.GetCostedGRN, purchase.GetGRNReq{ID: doc.ID})
	if len(g.Lines) != 5 || g.InvoiceNo != "UJH/1182" || g.Goods != 150*225_00 || g.Lines[4].Qty != 50*core.Kilogram {
		t.Errorf("posted %+v", g)
	}
	s.must("verify")
}
