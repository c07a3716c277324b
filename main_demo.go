package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"masala/core"
	"masala/core/demo"
	"masala/platform/paths"
	"masala/transport/node"
)

// demoCommand fills the demo factory.
type demoCommand struct {
	Years float64 `help:"Instead of the demo of seven weeks the history of a large factory: about 500,000 ledger rows a year." placeholder:"N"`
	Seed  uint64  `help:"Another number is another history." default:"1"`
}

// maxYears keeps a slip of the finger from filling the disk; ten years are 4 GB.
const maxYears = 20

func (c *demoCommand) Run(e *env) error {
	f := e.folder
	if home, err := paths.Home(); err == nil && f == home {
		f = f.Demo()
	}
	if c.Years < 0 || c.Years > maxYears {
		return core.Errorf(core.CodeInvalid, "--years is a number up to %d.", maxYears)
	}
	if node.HasBooks(f) {
		return core.Errorf(core.CodeConflict, "%s already has books. Choose an empty folder with --data.", f)
	}
	if err := c.fill(e, f); err != nil {
		return err
	}
	fmt.Printf("The demo factory is in %s.\nUsers, all with the password %s:\n", f, demo.Password)
	for _, l := range demo.Logins() {
		fmt.Printf("  %-10s %-9s %s\n", l.Login, l.Role, l.Note)
	}
	return nil
}

func (c *demoCommand) fill(e *env, f paths.Folder) error {
	bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(c.Years > 0), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))))
	progress := func(done, total int, what string) {
		bar.ChangeMax(total)
		bar.Describe(fmt.Sprintf("%-40.40s", what))
		_ = bar.Set(done)
	}
	if c.Years == 0 {
		return node.FillDemo(e.ctx, f, time.Now(), progress)
	}
	debug.SetGCPercent(400) // nothing else runs: memory for time
	return node.FillHistory(e.ctx, f, time.Now(), max(1, int(c.Years*365.25)), c.Seed, progress)
}
