//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"masala/ui/form"
)

// TestFault_2_2_SignalsSaveTheDraft ends the session of a user in the middle of a word,
// as a shutdown does and as a closed terminal does: the window asks nobody, writes the
// draft and goes in order.
func TestFault_2_2_SignalsSaveTheDraft(t *testing.T) {
	s := newService(t)
	s.start()
	s.setUp()
	y := s.typist()
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		y.open()
		y.login()
		y.receive()
		y.typed("Unjha")
		y.xdotool("type", "UJH/1182")
		y.keeps("the invoice", func(d form.Draft) bool { return d.Content.Fields["invoice_no"].Text == "UJH/1182" })
		y.xdotool("type", "/A")
		if err := y.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		gone := make(chan error, 1)
		go func() { gone <- y.cmd.Wait() }()
		select {
		case err := <-gone:
			if err != nil {
				t.Errorf("%v: the window ended with %v", signal, err)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%v: the window does not go", signal)
		}
		y.cmd = nil
		list := y.drafts()
		if len(list) != 1 || list[0].Content.Fields["supplier"].Key == "" {
			t.Fatalf("%v: left %+v", signal, list)
		}
		if got := list[0].Content.Fields["invoice_no"].Text; len(got) < len("UJH/1182") || !strings.HasPrefix("UJH/1182/A", got) {
			t.Errorf("%v: the draft has %q", signal, got)
		}
		if err := draftsOf(y.window).Forget(list[0].Key); err != nil {
			t.Fatal(err)
		}
	}
	// Started by nohup, a server outlives its terminal.
	nohup := newService(t)
	nohup.cmd = exec.Command("nohup", exe, "serve", "--quiet", "--listen", "127.0.0.1:"+nohup.port, "--data", nohup.dir)
	nohup.launch()
	if err := nohup.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	nohup.setUp()
}
