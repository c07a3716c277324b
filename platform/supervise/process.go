package supervise

import (
	"cmp"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// drain is how long output and facts of an ended child are still read: a
// grandchild may hold its pipes open for ever.
const drain = 2 * time.Second

// process is one running child.
type process struct {
	cmd     *exec.Cmd
	pid     int
	log     *slog.Logger
	answers chan string   // to pings; holds one
	out     chan []byte   // lines for the child
	gone    chan struct{} // closed when the child is waited for and nothing of it is left
	code    int           // valid once gone
	state   string

	asking sync.Once
	asked  chan struct{} // closed to end the child's pipe
}

// start returns when the child runs.
func start(c Child, log *slog.Logger) (*process, error) {
	path, err := os.Executable()
	if c.Path != "" {
		path, err = c.Path, nil
	}
	if err != nil {
		return nil, err
	}
	var launch Facts
	if c.Launch != nil {
		launch = c.Launch()
	}
	first, err := message{Facts: launch}.line()
	if err != nil {
		return nil, err
	}
	downRead, downWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	upRead, upWrite, err := os.Pipe()
	if err != nil {
		closeAll(downRead, downWrite)
		return nil, err
	}

	output := &lines{to: c.Output, log: log}
	cmd := exec.Command(path, c.Args...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Stdin = downRead
	cmd.Stdout, cmd.Stderr = output, output // the same value: one pipe, lines stay whole
	cmd.WaitDelay = drain
	number := hand(cmd, upWrite)
	cmd.Env = append(cmd.Env, envUp+"="+strconv.FormatUint(uint64(number), 10))

	p := &process{
		cmd: cmd, log: log, code: -1,
		answers: make(chan string, 1),
		out:     make(chan []byte, 16),
		gone:    make(chan struct{}),
		asked:   make(chan struct{}),
	}
	started := make(chan error)
	waited := make(chan struct{})
	go p.own(c.Tree, started, waited)
	err = <-started
	closeAll(downRead, upWrite) // the child has its own
	if err != nil {
		closeAll(downWrite, upRead)
		return nil, err
	}
	p.pid = cmd.Process.Pid

	written := make(chan struct{})
	go func() {
		defer close(written)
		p.write(downWrite, first)
	}()
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		p.hear(upRead, c.Heard)
	}()
	go func() {
		<-waited
		p.ask()
		<-written // its reader is dead: a blocked write has failed
		select {
		case <-heard:
		case <-time.After(drain):
		}
		upRead.Close()
		<-heard
		output.flush()
		p.code, p.state = cmd.ProcessState.ExitCode(), cmd.ProcessState.String()
		close(p.gone)
	}()
	return p, nil
}

// own starts the child and waits for it on one locked thread: PDEATHSIG follows
// the thread that started the child, so that thread must live as long.
func (p *process) own(tree bool, started chan<- error, waited chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	bind(p.cmd)
	err := p.cmd.Start()
	var release func()
	if err == nil {
		if release, err = tie(p.cmd.Process, tree); err != nil {
			p.cmd.Process.Kill()
			p.cmd.Wait()
		}
	}
	started <- err
	if err != nil {
		return
	}
	defer close(waited)
	defer release()
	if err := p.cmd.Wait(); err != nil && p.cmd.ProcessState == nil {
		p.log.Error("child could not be waited for", "err", err)
	}
}

// write owns the pipe to the child: only here is it written and closed.
func (p *process) write(w *os.File, first []byte) {
	defer w.Close()
	for line := first; ; {
		if _, err := w.Write(line); err != nil {
			return // the child is gone or has closed its stdin
		}
		select {
		case line = <-p.out:
		case <-p.asked:
			return
		}
	}
}

func (p *process) hear(r *os.File, heard func(Facts)) {
	err := readMessages(r, func(m message) {
		if m.Answer != "" {
			select {
			case p.answers <- m.Answer:
			default: // the one before is still to be looked at: as good
			}
		}
		if m.Facts != nil && heard != nil {
			heard(m.Facts)
		}
	})
	if err != nil && !isClosed(err) {
		p.log.Warn("facts of the child could not be read", "err", err)
	}
}

func (p *process) tell(m message) error {
	line, err := m.line()
	if err != nil {
		return err
	}
	select {
	case <-p.gone:
		return ErrNotRunning
	case p.out <- line:
		return nil
	default:
		return ErrNotListening
	}
}

// ask ends the child's pipe.
func (p *process) ask() { p.asking.Do(func() { close(p.asked) }) }

func (p *process) kill() { p.cmd.Process.Kill() }

// stop asks and, after grace, kills. It reports whether asking was enough.
func (p *process) stop(grace time.Duration) bool {
	p.ask()
	t := time.NewTimer(cmp.Or(grace, time.Nanosecond))
	defer t.Stop()
	select {
	case <-p.gone:
		return true
	case <-t.C:
		p.kill()
		return false
	}
}

func closeAll(files ...*os.File) {
	for _, f := range files {
		f.Close()
	}
}
