// Command masala is the whole of Masala Inventory Management: server, client, demo
// and tools in one executable. Without a command it starts as what this PC was set
// up as, the first time with the question which that shall be.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"
	"golang.org/x/term"

	"masala/assets"
	"masala/core"
	"masala/core/account"
	"masala/core/demo"
	"masala/core/op"
	"masala/platform/console"
	"masala/platform/display"
	"masala/platform/logfile"
	"masala/platform/logoff"
	"masala/platform/paths"
	"masala/platform/single"
	"masala/platform/supervise"
	"masala/transport/discovery"
	"masala/transport/node"
	"masala/ui"
	"masala/ui/form"
	"masala/ui/screen"
)

// version is set by the build: -ldflags "-X main.version=1.0.0".
var version = "dev"

// built is the day of the build, set by it like version: -ldflags "-X main.built=2026-02-12".
// A clock before it cannot be right.
var built string

var started = time.Now()

// Exit codes, documented in docs/commands.md. supervise.ExitRestart is one more.
const (
	exitDiffers     = 1 // verify: the books are wrong; drill: a scenario failed
	exitUsage       = 2
	exitRefused     = 3 // the server refused, in its own words
	exitUnreachable = 4
	exitRunning     = 5 // a server already runs, or its data folder is in use
	exitFailed      = 6 // anything else: disk, damaged files
)

// commands is the command line.
type commands struct {
	Data  string `help:"Data folder. Default: that of the user, never beside the program." placeholder:"DIR" type:"path"`
	Quiet bool   `help:"Send nothing to the network unasked: no beacon, no search for servers."`

	Start   startCommand   `cmd:"" default:"withargs" help:"Start what this PC was set up as (the default)."`
	Serve   serveCommand   `cmd:"" help:"Run the server without a window."`
	UI      uiCommand      `cmd:"" name:"ui" help:"Open a window to the server."`
	Demo    demoCommand    `cmd:"" help:"Fill a new data folder with the demo factory."`
	Ops     opsCommand     `cmd:"" help:"List every operation: permission, kind, JSON."`
	Call    callCommand    `cmd:"" help:"Run one operation as a user."`
	Pair    pairCommand    `cmd:"" help:"Pair this PC with a server."`
	Verify  verifyCommand  `cmd:"" help:"Replay the ledger and compare every balance."`
	Backup  backupCommand  `cmd:"" help:"Make a restore point and prove it, beside a running server too."`
	Restore restoreCommand `cmd:"" help:"List the restore points, or restore one while the server is stopped."`
	User    userCommand    `cmd:"" help:"Users, on the console of the server: reset a password."`
	License licenseCommand `cmd:"" help:"Licenses: the Hardware ID of this PC, and the vendor's tools."`
	Export  exportCommand  `cmd:"" help:"Write all books as CSV files into a ZIP file, in every state of the license."`
	Drill   drillCommand   `cmd:"" help:"Play failures on a scratch factory on this PC, and print what it did to it."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// env is what every command gets.
type env struct {
	ctx    context.Context
	folder paths.Folder
	setup  *node.SetupFile
	common []string // --data and --quiet, for child processes
	quiet  bool
}

// network is where servers announce themselves and are looked for.
func (e *env) network() discovery.Network {
	if e.quiet {
		return nil
	}
	return discovery.LAN{}
}

func main() {
	console.Attach()
	os.Exit(run(os.Args[1:]))
}

func newParser(c *commands) (*kong.Kong, error) {
	return kong.New(c, kong.Name("masala"), kong.Description("Masala Inventory Management: the stock of a spice factory, on your own network."),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
}

func run(args []string) int {
	var c commands
	parser, err := newParser(&c)
	if err != nil {
		panic(err) // the command line above is wrong
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "masala:", err)
		return exitUsage
	}
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	e := &env{ctx: ctx, quiet: c.Quiet}
	if c.Quiet {
		e.common = append(e.common, "--quiet")
	}
	if e.folder, err = folder(c.Data); err == nil {
		e.setup = &node.SetupFile{Folder: e.folder}
		if c.Data != "" {
			e.common = append(e.common, "--data", string(e.folder))
		}
		err = chosen.Run(e)
	}
	return report(err)
}

func folder(data string) (paths.Folder, error) {
	if data == "" {
		return paths.Home()
	}
	return paths.At(data)
}

// report prints an error as one sentence and picks the exit code.
func report(err error) int {
	var unusable *paths.UnusableError
	var held *single.FolderError
	var differs errDiffers
	var crosses errCrosses
	switch {
	case err == nil:
		return 0
	case errors.As(err, &differs), errors.As(err, &crosses):
		return exitDiffers
	case errors.Is(err, node.ErrRestart):
		return supervise.ExitRestart
	}
	fmt.Fprintln(os.Stderr, "masala:", err)
	var refused *core.Error
	errors.As(err, &refused)
	switch {
	case errors.Is(err, single.ErrRunning), errors.As(err, &held):
		return exitRunning
	case errors.As(err, &unusable):
		return exitFailed
	case refused == nil:
		return exitFailed
	case refused.Code == core.CodeUnavailable:
		return exitUnreachable
	}
	for _, f := range refused.Fields {
		fmt.Fprintf(os.Stderr, "  %s: %s\n", f.Field, f.Message)
	}
	return exitRefused
}

func (e *env) log(name string, also io.Writer) (*logfile.File, error) {
	folder := e.folder.Logs()
	err := e.folder.Make()
	if err != nil {
		// The service tells its window why the folder cannot be written (4.2), and must
		// be able to say so in a log.
		spare, serr := node.SpareFolder(e.folder)
		if serr != nil {
			return nil, err
		}
		folder = spare
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return logfile.Open(folder, name, slog.LevelInfo, also)
}

// startCommand supervises service and window.
type startCommand struct {
	Autostart bool `hidden:"" help:"Started with the PC: a server opens no window."`
}

func (c *startCommand) Run(e *env) error {
	if !display.Available() {
		fmt.Fprintln(os.Stderr, "There is no display here, so no window: running the server alone. Ctrl+C stops it.")
		return (&serveCommand{Listen: node.ListenLAN}).Run(e)
	}
	log, err := e.log("supervisor", nil)
	if err != nil {
		return err
	}
	defer log.Close()
	icon, err := assets.LogoPNG(64)
	if err != nil {
		return err
	}
	last(log.Logger)
	s := &node.Supervisor{Setup: e.setup, Args: e.common, Icon: icon, Log: log.Logger, Window: !c.Autostart}
	return s.Run(e.ctx)
}

// last lets the window decide first whether the user's session ends.
func last(log *slog.Logger) {
	if err := logoff.Last(); err != nil {
		log.Warn("session", "err", err)
	}
}

// serveCommand runs the service.
type serveCommand struct {
	Demo   bool   `help:"Serve the demo factory, on this PC only; made if it is not there."`
	Listen string `help:"Address for the other PCs." default:":8090"`
	Drill  bool   `hidden:"" help:"Serve the scratch factory of a drill: on loopback, without a license."`
}

func (c *serveCommand) Run(e *env) error {
	ctx, link, err := supervise.Parent(e.ctx)
	var also io.Writer = os.Stderr
	switch {
	case errors.Is(err, supervise.ErrNotSupervised):
	case err != nil:
		return err
	case link != nil:
		also = nil
	}
	if c.Demo {
		e.folder = e.folder.Demo()
	}
	log, err := e.log("service", also)
	if err != nil {
		return err
	}
	defer log.Close()
	last(log.Logger)
	o := node.ServiceOptions{Folder: e.folder, Listen: c.Listen, Version: version, Log: log.Logger, Parent: link}
	switch {
	case c.Drill: // it must not touch the license of this PC, and is of no use to another
		if err := loopback(c.Listen); err != nil {
			return err
		}
	case c.Demo:
		o.Listen, o.Hasher = "", account.NewTestHasher()
		if !node.HasBooks(e.folder) {
			if err := node.FillDemo(ctx, e.folder, time.Now(), nil); err != nil {
				return err
			}
		}
	default:
		o.Network = e.network()
		if o.Licence, err = licensing(); err != nil {
			return err
		}
	}
	if err := c.serve(ctx, o, link != nil); err != nil {
		log.Error("service ended", "err", err)
		return err
	}
	return nil
}

// uiCommand runs the window.
type uiCommand struct{}

func (c *uiCommand) Run(e *env) error {
	ui.Main(func() int { return report(c.show(e)) })
	return nil // not reached: Main ends the process
}

func (c *uiCommand) show(e *env) error {
	ctx, link, err := supervise.Parent(e.ctx)
	if err != nil && !errors.Is(err, supervise.ErrNotSupervised) {
		return err
	}
	if !display.Available() {
		return core.Errorf(core.CodeUnavailable, "There is no display here, so no window can be opened.")
	}
	log, err := e.log("window", nil)
	if err != nil {
		return err
	}
	defer log.Close()
	pc := &node.PC{Setup: e.setup, Network: e.network(), Program: version, Log: log.Logger, Context: ctx, Args: e.common}
	if link != nil {
		pc.Become = func(r screen.Role) error { return link.Tell(supervise.Facts{node.FactRole: string(r)}) }
	}
	d := ui.Deps{PC: pc, Clock: core.SystemClock{}, NewKey: uuid.NewString, Log: log.Logger, Started: started, Done: ctx.Done(), ReadFile: readNamed}
	d.Drafts = func(r screen.Role) form.Files { return node.Drafts{Folder: node.DataFolder(e.folder, r)} }
	d.WatchSession = func(window uintptr, w ui.SessionEnd) error { return logoff.Watch(window, w) }
	obey(link, &d)
	for _, l := range demo.Logins() {
		d.Logins = append(d.Logins, screen.Login{Login: l.Login, Password: demo.Password, Role: l.Role, Note: l.Note})
	}
	if role := pc.Role(); role != "" {
		if d.Connection, err = pc.Line(ctx, role); err != nil {
			return err
		}
	}
	return ui.Run(d)
}

// opsCommand lists the operations.
type opsCommand struct {
	Name string `arg:"" optional:"" help:"Show one operation with its JSON shapes."`
}

func (c *opsCommand) Run(*env) error {
	if c.Name != "" {
		m, ok := op.Lookup(c.Name)
		if !ok {
			return core.Errorf(core.CodeNotFound, "There is no operation %q. \"masala ops\" lists them.", c.Name)
		}
		fmt.Printf("%s\n%s\n%s, for %s, within %s\n\nrequest\n%s\nanswer\n%s", m.Name, m.Doc, m.Kind, m.Perm, m.Deadline, op.Shape(m.Req), op.Shape(m.Resp))
		return nil
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, m := range op.All() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", m.Name, m.Kind, m.Perm, m.Doc)
	}
	return w.Flush()
}

// callCommand runs one operation.
type callCommand struct {
	Operation string        `arg:"" help:"Name of the operation; \"masala ops\" lists them."`
	Request   string        `arg:"" optional:"" help:"Request in JSON, or - to read it from standard input."`
	User      string        `help:"User name." env:"MASALA_USER"`
	Password  string        `help:"Password; asked for when it is not given." env:"MASALA_PASSWORD"`
	Save      bool          `help:"Stay logged in for later calls on this PC."`
	Key       string        `help:"Request key (UUID) of a write; the same key has its effect once."`
	Wait      time.Duration `help:"How long to look for the server." default:"10s"`
}

func (c *callCommand) Run(e *env) error {
	m, ok := op.Lookup(c.Operation)
	if !ok {
		return core.Errorf(core.CodeNotFound, "There is no operation %q. \"masala ops\" lists them.", c.Operation)
	}
	body := []byte(c.Request)
	if c.Request == "-" {
		var err error
		if body, err = io.ReadAll(os.Stdin); err != nil {
			return err
		}
	}
	l, err := e.line(c.Wait)
	if err != nil {
		return err
	}
	if err := c.login(e, m, l); err != nil {
		return err
	}
	if c.Key == "" && m.Kind != op.Read && !m.Keyless {
		c.Key = uuid.NewString()
	}
	answer, err := l.Call(e.ctx, c.Operation, c.Key, body)
	if err != nil {
		return err
	}
	var out any
	if err := json.Unmarshal(answer, &out); err != nil {
		return err
	}
	pretty := json.NewEncoder(os.Stdout)
	pretty.SetIndent("", "  ")
	pretty.SetEscapeHTML(false)
	return pretty.Encode(json.RawMessage(answer))
}

func (e *env) line(wait time.Duration) (*node.Line, error) {
	return node.Dial(e.ctx, node.LineOptions{Setup: e.setup, Network: e.network(), Version: version, Log: slog.New(slog.DiscardHandler)}, wait)
}

// login uses the given user, or the saved login, for operations that need one.
func (c *callCommand) login(e *env, m op.Meta, l *node.Line) error {
	if m.Perm == op.Public || m.Perm == op.ThisPC {
		return nil
	}
	setup, err := e.setup.Read()
	if err != nil {
		return err
	}
	if c.User == "" && setup.Token != "" {
		l.SetToken(setup.Token)
		return nil
	}
	if c.User == "" {
		return core.Errorf(core.CodeUnauthenticated, "Say who you are: --user NAME, or MASALA_USER and MASALA_PASSWORD.")
	}
	if c.Password == "" {
		if c.Password, err = askPassword(c.User); err != nil {
			return err
		}
	}
	resp, err := account.Login.Call(e.ctx, l, "", account.LoginReq{Login: c.User, Password: c.Password})
	if err != nil {
		return err
	}
	l.SetToken(resp.Token)
	if !c.Save {
		return nil
	}
	return e.setup.Change(func(s *node.Setup) { s.Login, s.Token = c.User, resp.Token })
}

func askPassword(user string) (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", core.Errorf(core.CodeUnauthenticated, "Give the password of %s: --password, or MASALA_PASSWORD.", user)
	}
	fmt.Fprintf(os.Stderr, "Password of %s: ", user)
	b, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	return string(b), err
}

// pairCommand makes this PC a client of a server.
type pairCommand struct {
	Address string `arg:"" help:"Address of the server, 192.168.1.10 or 192.168.1.10:8090."`
	Code    string `arg:"" help:"The code that the server shows."`
}

func (c *pairCommand) Run(e *env) error {
	l, err := node.NewLine(node.LineOptions{Setup: e.setup, Version: version, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := l.Pair(e.ctx, c.Address, c.Code); err != nil {
		return err
	}
	if err := e.setup.Change(func(s *node.Setup) { s.Role = screen.RoleClient }); err != nil {
		return err
	}
	fmt.Printf("Paired with %s.\n", l.Known().Name)
	return nil
}

// versionCommand prints the version.
type versionCommand struct{}

func (versionCommand) Run(*env) error {
	fmt.Println("masala", version)
	return nil
}
