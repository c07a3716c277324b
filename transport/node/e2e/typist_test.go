//go:build linux

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"masala/core"
	"masala/core/stock"
	"masala/storage/storagetest"
	"masala/transport/node"
	"masala/ui/form"
	"masala/ui/screen"
)

// typist is a user before a real window that may die and be opened again.
type typist struct {
	*window
	start func() *exec.Cmd
	mark  int  // what the log holds from before this window
	known bool // the user name stands in the login form
}

// newTypist opens the window of a PC on a screen of its own; start makes the program.
func newTypist(t *testing.T, p *pc, start func() *exec.Cmd) *typist {
	t.Helper()
	y := &typist{window: &window{t: t, dir: p.dir, display: screenFor(t)}, start: start}
	t.Cleanup(func() {
		if t.Failed() {
			y.picture(strings.ReplaceAll(t.Name(), "/", "-"))
			t.Logf("window.log:\n%s", y.said())
		}
		y.die()
	})
	return y
}

// open starts the window and waits until it is connected.
func (y *typist) open() {
	y.t.Helper()
	y.show()
	y.hears("first frame", "msg=connected")
}

// show starts the window.
func (y *typist) show() {
	y.t.Helper()
	y.mark = len(y.log())
	y.cmd = y.start()
	y.cmd.Env = append(y.cmd.Env, "DISPLAY="+y.display, "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1")
	if err := y.cmd.Start(); err != nil {
		y.t.Fatal(err)
	}
}

// said is the log of this window.
func (y *typist) said() string { return y.log()[y.mark:] }

// hears waits until the window has logged all of the words.
func (y *typist) hears(words ...string) {
	y.t.Helper()
	y.until(fmt.Sprint(words), func() bool {
		s := y.said()
		for _, w := range words {
			if !strings.Contains(s, w) {
				return false
			}
		}
		return true
	})
}

func (y *typist) login() {
	y.t.Helper()
	if !y.known {
		y.typed("owner")
		y.known = true
	}
	y.typed(storagetest.Password)
	y.hears("screen=dashboard.home")
}

func (y *typist) receive() {
	y.t.Helper()
	y.key("alt+g")
	y.hears("screen=procurement.grn")
}

// keeps saves the draft by hand until it fits: the window has taken in what was typed.
// It returns how long the window took, which is what a busy machine adds to every
// figure.
func (y *typist) keeps(what string, fits func(form.Draft) bool) (lag time.Duration) {
	y.t.Helper()
	began := time.Now()
	y.until("the window to take in "+what, func() bool {
		y.key("ctrl+s")
		return slices.ContainsFunc(y.drafts(), fits)
	})
	return time.Since(began)
}

// lines counts the lines of a draft that have an expiry date, the last thing typed.
func lines(n int) func(form.Draft) bool {
	return func(d form.Draft) bool {
		full := 0
		for _, r := range d.Content.Rows["lines"] {
			if r["expiry_on"].Text != "" {
				full++
			}
		}
		return full == n
	}
}

// die ends the window as a crash does.
func (y *typist) die() {
	if y.cmd != nil {
		_ = y.cmd.Process.Kill()
		_ = y.cmd.Wait()
		y.cmd = nil
	}
}

// draftsOf are the owner's on the PC of a window.
func draftsOf(w *window) *form.Drafts {
	return form.NewDrafts(node.Drafts{Folder: folderOf(w.dir)}, core.SystemClock{}, "owner")
}

// drafts reads what the dead window has left; a torn file fails the test.
func (y *typist) drafts() []form.Draft {
	y.t.Helper()
	list, damaged, err := draftsOf(y.window).List()
	if err != nil || damaged != 0 {
		y.t.Errorf("%d draft files are torn, %v", damaged, err)
	}
	return list
}

// paired makes a client PC of the service.
func (s *service) paired() *pc {
	s.t.Helper()
	c := s.client()
	if err := (&node.SetupFile{Folder: folderOf(c.dir)}).Change(func(n *node.Setup) { n.Role = screen.RoleClient }); err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *service) typist() *typist {
	c := s.paired() // whose windows hear the hang-up of a terminal, even if these tests were started by nohup
	return newTypist(s.t, c, func() *exec.Cmd {
		return exec.Command("env", "--default-signal=HUP", exe, "ui", "--quiet", "--data", c.dir)
	})
}

// TestFault_2_1_KilledWhileTyping kills real windows at random moments of typing.
// MASALA_WINDOW_KILLS says how often, by default 6; two windows die side by side.
func TestFault_2_1_KilledWhileTyping(t *testing.T) {
	kills := rounds(t, "MASALA_WINDOW_KILLS", 6)
	s := newService(t)
	s.start()
	s.setUp()
	var mu sync.Mutex
	var worst time.Duration
	kept := 0
	var typists sync.WaitGroup
	for i := range 2 {
		y := s.typist()
		random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), uint64(i)))
		typists.Go(func() {
			for range (kills + 1 - i) / 2 {
				lost, draft := y.killedAt(time.Duration(random.IntN(9_000)) * time.Millisecond)
				mu.Lock()
				worst = max(worst, lost)
				if draft {
					kept++
				}
				mu.Unlock()
				if t.Failed() {
					return
				}
			}
		})
	}
	typists.Wait()
	t.Logf("%d windows killed, %d had a draft; at most %s of typing was lost", kills, kept, worst.Round(10*time.Millisecond))
}

// letterEvery is the pace of somebody who types well: 80 words a minute.
const letterEvery = 150 * time.Millisecond

// killedAt types until the moment comes, kills the window and returns how much typing
// its draft lacks.
func (y *typist) killedAt(moment time.Duration) (lost time.Duration, draft bool) {
	y.t.Helper()
	y.open()
	defer y.die()
	y.login()
	y.receive()
	y.typed("Unjha") // the supplier; then the number of the invoice, without end
	// Not by Ctrl+S: each of them takes a frame, and what is typed then waits behind it.
	y.saves("the supplier", func(d form.Draft) bool { return d.Content.Fields["supplier"].Key != "" })
	var typed strings.Builder
	var at []time.Time // when each letter of typed was struck
	letters := time.NewTicker(letterEvery)
	defer letters.Stop()
	for began := time.Now(); time.Since(began) < moment; <-letters.C {
		letter := strconv.Itoa(len(at) / 3 % 10)
		at = append(at, time.Now())
		y.xdotool("type", letter)
		typed.WriteString(letter)
	}
	died := time.Now()
	y.die()
	has := ""
	for _, d := range y.drafts() {
		has, draft = d.Content.Fields["invoice_no"].Text, true
		if err := draftsOf(y.window).Forget(d.Key); err != nil {
			y.t.Error(err)
		}
	}
	if !strings.HasPrefix(typed.String(), has) {
		y.t.Errorf("typed %q, the draft has %q", typed.String(), has)
	}
	if len(has) < len(at) {
		lost = died.Sub(at[len(has)])
	}
	if lost > form.MayLose {
		y.t.Errorf("killed after %s of typing: %s are lost, the bar is %s", moment, lost, form.MayLose)
	}
	return lost, draft
}

// TestFault_2_1_KilledWhilePosting kills real windows around the moment of posting and
// resumes what they leave: every delivery is in the books at most once, and exactly
// once when there was a draft to resume.
func TestFault_2_1_KilledWhilePosting(t *testing.T) {
	kills := max(rounds(t, "MASALA_WINDOW_KILLS", 6)/3, 1)
	s := newService(t)
	s.start()
	item, _ := s.setUp()
	y := s.typist()
	count := func() int { return len(call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{Limit: 500}).Documents) }
	want, resumed := 0, 0
	for n := range kills {
		y.open()
		y.login()
		y.receive()
		y.typed("Unjha", fmt.Sprintf("UJH/%d", n), "y", "")
		y.typed(item.SKU, "10", "225", "", "UJ-77", "", "+360", "")
		lag := y.keeps("the delivery", lines(1))
		y.key("ctrl+Return")
		time.Sleep(time.Duration(rand.Int64N(int64(100*time.Millisecond + lag)))) // the random moment
		y.die()
		there := count()
		drafts := y.drafts()
		if len(drafts) == 0 {
			if there != want && there != want+1 {
				t.Fatalf("round %d: %d documents without a draft, want %d or one more", n, there, want)
			}
			want = there
			continue
		}
		resumed++
		want++
		y.open()
		y.login()
		y.key("ctrl+r")
		y.hears("screen=procurement.grn")
		y.until("the resumed draft to be posted", func() bool {
			y.key("ctrl+Return") // does nothing while it is read or being posted
			return len(y.drafts()) == 0
		})
		if there = count(); there != want {
			t.Fatalf("round %d: %d documents after resuming, want %d", n, there, want)
		}
		y.die()
	}
	t.Logf("%d windows killed while posting, %d drafts resumed, %d documents, none twice", kills, resumed, want)
	s.must("verify")
}

// autostarted switches the start with the PC on and returns the command the desktop
// will run.
func autostarted(t *testing.T, dir string) string {
	t.Helper()
	config := t.TempDir()
	e, err := node.AutostartEntry([]string{"--data", dir})
	if err != nil {
		t.Fatal(err)
	}
	e.Exe = exe // and not this test
	t.Setenv("XDG_CONFIG_HOME", config)
	if err := e.Enable(); err != nil {
		t.Fatal(err)
	}
	entry, err := os.ReadFile(filepath.Join(config, "autostart", e.ID+".desktop"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(entry), "Exec=")
	command, _, _ := strings.Cut(rest, "\n")
	if !ok || !strings.Contains(command, "--autostart") {
		t.Fatalf("the desktop would run %q", command)
	}
	return command
}

// TestFault_2_3_RebootOffersTheDraft lets a client PC lose its power in the middle of a
// delivery and start again: the program comes with the login of its user and offers
// the draft.
func TestFault_2_3_RebootOffersTheDraft(t *testing.T) {
	l := newLAN(t)
	l.open()
	store := l.join("192.168.50.101")
	store.must("pair", serverIP, l.code())
	if err := (&node.SetupFile{Folder: folderOf(store.dir)}).Change(func(n *node.Setup) { n.Role = screen.RoleClient }); err != nil {
		t.Fatal(err)
	}
	command := autostarted(t, store.dir)
	y := newTypist(t, store.pc, func() *exec.Cmd { return store.exec(context.WithoutCancel(t.Context()), "sh", "-c", "exec "+command) })
	y.open()
	y.login()
	y.receive()
	y.typed("Unjha", "UJH/1182")
	y.until("the draft", func() bool {
		list := y.drafts()
		return len(list) == 1 && list[0].Content.Fields["invoice_no"].Text == "UJH/1182"
	})
	y.die() // the supervisor dies and its window with it, as in a power cut
	y.open()
	y.login()
	y.until("the offer to be taken", func() bool {
		y.key("ctrl+r")
		return strings.Contains(y.said(), "screen=procurement.grn")
	})
	before := y.drafts()[0]
	y.keeps("the resumed draft", func(d form.Draft) bool { return d.Saved.After(before.Saved) && d.Key == before.Key })
	y.picture("resumed-after-reboot")
}
