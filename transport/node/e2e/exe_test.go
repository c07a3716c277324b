// Package e2e drives the real executable: processes, sockets and files as on a
// user's PC.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/platform/paths"
	"masala/storage/storagetest"
	"masala/transport/node"
)

var exe string // the program under test

// A robot is a process of this test that plays client PCs; see robot_test.go.
const envRobot = "MASALA_TEST_ROBOT"

var robotMain = func(string) int { return 2 }

func TestMain(m *testing.M) {
	if text := os.Getenv(envRobot); text != "" {
		os.Exit(robotMain(text))
	}
	if exe = os.Getenv("MASALA_TEST_ALONE"); exe != "" { // see alone
		os.Exit(m.Run())
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "masala-e2e")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		// The machine's heartbeat and trial, apart from those of whoever runs the tests.
		if err := os.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state")); err != nil {
			panic(err)
		}
		exe = filepath.Join(dir, "masala")
		build := exec.Command("go", "build", "-o", exe, "masala")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "cannot build the program:", err)
			return 1
		}
		return m.Run()
	}())
}

// rounds reads how often a fault is caused.
func rounds(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// pc is a data folder with the program beside it.
type pc struct {
	t       *testing.T
	dir     string
	command func(ctx context.Context, args ...string) *exec.Cmd // nil: exe with that folder
}

func newPC(t *testing.T) *pc { return &pc{t: t, dir: t.TempDir()} }

// run runs a command to its end and returns its output, error text and exit code.
func (p *pc) run(args ...string) (out, problem string, code int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var cmd *exec.Cmd
	if p.command != nil {
		cmd = p.command(ctx, append(args, "--quiet")...)
	} else {
		cmd = exec.CommandContext(ctx, exe, append(args, "--quiet", "--data", p.dir)...)
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "MASALA_USER=owner", "MASALA_PASSWORD="+storagetest.Password)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatalf("%v: %v", args, err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// must is run for commands that have to succeed.
func (p *pc) must(args ...string) string {
	p.t.Helper()
	out, problem, code := p.run(args...)
	if code != 0 {
		p.t.Fatalf("masala %s: exit %d: %s", strings.Join(args, " "), code, problem)
	}
	return out
}

// call runs an operation through "masala call" and reads its answer.
func call[Req, Resp any](p *pc, o op.Op[Req, Resp], req Req) (resp Resp) {
	p.t.Helper()
	body, err := json.Marshal(req)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(p.must("call", o.Name, string(body))), &resp); err != nil {
		p.t.Fatal(err)
	}
	return resp
}

// service is a running "masala serve".
type service struct {
	*pc
	port string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

// freePort returns a loopback port nobody listens on now.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func newService(t *testing.T) *service {
	s := &service{pc: newPC(t), port: freePort(t)}
	t.Cleanup(func() {
		if s.cmd != nil {
			s.kill()
		}
		if t.Failed() {
			t.Logf("service said:\n%s", s.log.String())
		}
	})
	return s
}

// start starts the service and waits until it has told where it is.
func (s *service) start() {
	s.t.Helper()
	_ = os.Remove(s.folder().Runtime()) // left behind by a kill
	s.cmd = exec.Command(exe, "serve", "--quiet", "--listen", "127.0.0.1:"+s.port, "--data", s.dir)
	s.launch()
}

// launch starts the command of the service and waits for it.
func (s *service) launch() {
	s.t.Helper()
	s.cmd.Stderr = &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if r, err := node.ReadRuntime(s.folder()); err == nil && r.PID == s.cmd.Process.Pid {
			return
		}
	}
	s.t.Fatal("the service did not start")
}

func (s *service) folder() paths.Folder { return folderOf(s.dir) }

func folderOf(dir string) paths.Folder { return paths.Folder(dir) }

// kill ends the service as a power cut would end its process.
func (s *service) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// stop ends the service in order and returns its exit code.
func (s *service) stop() int {
	s.t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	_ = s.cmd.Wait()
	code := s.cmd.ProcessState.ExitCode()
	s.cmd = nil
	return code
}

// setUp makes the first Admin, an item and a supplier.
func (s *service) setUp() (catalog.Item, party.Party) {
	s.t.Helper()
	call(s.pc, account.CreateFirstAdmin, account.CreateFirstAdminReq{Factory: "Test factory", StateCode: "27", Login: "owner", Name: "Owner", Password: storagetest.Password})
	item := call(s.pc, catalog.CreateItem, catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: "RAW-005", Name: "Cumin seed", NameHi: "जीरा", Type: catalog.Raw, Dimension: "mass",
		PurchaseUnit: "kg", IssueUnit: "kg", Active: true}})
	supplier := call(s.pc, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "Unjha Jeera House", StateCode: "24", Active: true}})
	return item, supplier
}

// client pairs a new PC with the service.
func (s *service) client() *pc {
	s.t.Helper()
	code := call(s.pc, account.OpenPairing, account.OpenPairingReq{}).Code
	c := newPC(s.t)
	c.must("pair", "127.0.0.1:"+s.port, code)
	return c
}
