package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"masala/core"
	"masala/platform/atomicfile"
	"masala/platform/display"
	"masala/platform/hostinfo"
	"masala/transport/node/drill"
)

// drillCommand plays failures on a scratch factory.
type drillCommand struct {
	Short   bool     `help:"About a minute: fewer PCs, a quicker watchdog, bars three times as high."`
	Only    []string `help:"Play only these, by number: 1.2,3.1." placeholder:"NUMBER"`
	List    bool     `help:"List the scenarios."`
	Page    string   `help:"Where the page for the printer is written. Default: the present folder." placeholder:"FILE.html" type:"path"`
	Program string   `hidden:"" help:"Play with this program instead of the running one."`
	Typist  bool     `hidden:"" help:"Be the one who types in scenario 2.1."`
}

// errCrosses is the end of a drill in which something failed.
type errCrosses struct{}

func (errCrosses) Error() string { return "a scenario failed" }

func (c *drillCommand) Run(e *env) (err error) {
	switch {
	case c.Typist:
		return drill.Type(e.ctx, e.folder)
	case c.List:
		for _, s := range drill.Scenarios() {
			fmt.Printf("%-5s %s\n", s.Number, s.Title)
		}
		return nil
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "masala-drill-")
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(dir, "drill.log"))
	if err != nil {
		return err
	}
	o.Dir, o.Log = dir, slog.New(slog.NewTextHandler(log, nil))
	fmt.Printf("Playing failures on a scratch factory in %s. Your own data is not touched.\n\n", dir)
	report, err := drill.Run(e.ctx, o)
	err = errors.Join(err, log.Close())
	if err != nil {
		return fmt.Errorf("the drill could not go on; its logs are in %s: %w", dir, err)
	}
	if c.Page == "" {
		c.Page = "masala-drill-" + report.At.Format("2006-01-02-1504") + ".html"
	}
	if c.Page, err = filepath.Abs(c.Page); err != nil {
		return err
	}
	if err := atomicfile.WriteFrom(c.Page, 0o644, func(w io.Writer) error { return report.WritePage(w) }); err != nil {
		return err
	}
	fmt.Printf("\n%d passed, %d failed, %d not played, in %s. %d GRNs were acknowledged.\nThe page for the printer: %s\n",
		report.Count(drill.Passed), report.Count(drill.Failed), report.Count(drill.Left), report.Took.Round(time.Second), report.GRNs, c.Page)
	if report.Count(drill.Failed) > 0 {
		fmt.Printf("The scratch factory and its logs are kept in %s.\n", dir)
		return errCrosses{}
	}
	if err := drill.Sweep(dir); err != nil {
		fmt.Printf("The scratch folder %s could not be removed: %v\n", dir, err)
	}
	return nil
}

func (c *drillCommand) options() (drill.Options, error) {
	o := drill.Full()
	if c.Short {
		o = drill.Short()
	}
	for _, n := range c.Only {
		if !known(n) {
			return o, core.Errorf(core.CodeNotFound, "There is no scenario %q. \"masala drill --list\" shows them.", n)
		}
	}
	o.Only, o.Program, o.Version, o.PC, o.Display = c.Only, c.Program, version, hostinfo.Name(), display.Available()
	if o.Program == "" {
		var err error
		if o.Program, err = os.Executable(); err != nil {
			return o, err
		}
	}
	o.Begins = func(s drill.Scenario) { fmt.Printf("      %-4s %s …\n", s.Number, s.Title) }
	o.Told = tell
	return o, nil
}

// loopback refuses an address that other PCs could reach.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if ip, bad := netip.ParseAddr(host); err != nil || bad != nil || !ip.IsLoopback() {
		return core.Errorf(core.CodeInvalid, "A drill listens on loopback only, not on %s.", address)
	}
	return nil
}

func known(number string) bool {
	for _, s := range drill.Scenarios() {
		if s.Number == number {
			return true
		}
	}
	return false
}

func tell(r drill.Result) {
	switch r.Outcome {
	case drill.Passed:
		fmt.Printf("  ✓   %-4s %s, %s\n           %s\n", r.Number, r.Title, r.Time(), r.Did)
	case drill.Failed:
		fmt.Printf("  ✗   %-4s %s, %s\n           %s\n", r.Number, r.Title, r.Time(), strings.ReplaceAll(r.Why, "\n", "\n           "))
	case drill.Left:
		fmt.Printf("  –   %-4s %s\n           not played: %s\n", r.Number, r.Title, r.Why)
	}
	var figures []string
	for _, f := range r.Figures {
		figures = append(figures, f.Text())
	}
	if len(figures) > 0 {
		fmt.Printf("           %s\n", strings.Join(figures, " · "))
	}
}
