// Package drill plays failures on the user's own PC: the real program, a scratch
// folder and loopback only, never his data and never his network. Each scenario really
// causes its fault, and ends in a tick or a cross with the times it took.
package drill

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"masala/platform/atomicfile"
	"masala/platform/supervise"
)

// Options of a drill.
type Options struct {
	Program  string // the exe to play with
	Version  string
	PC       string
	Dir      string // scratch folder, empty
	Clients  int    // PCs that are connected at once
	Kills    int    // how often the server is killed
	Watch    supervise.Watch
	Recovery time.Duration // how long replacing a hanging server may take
	Slack    int           // what the bars of RESILIENCE.md are multiplied with; 0: 1
	Display  bool          // a window can be opened
	Only     []string      // numbers of the scenarios to play; empty: all
	Log      *slog.Logger
	Told     func(Result) // after each scenario
	Begins   func(Scenario)
}

// Full is the drill as users run it: the watchdog with its real times.
func Full() Options {
	return Options{Clients: 50, Kills: 10, Watch: supervise.Watch{Every: 10 * time.Second, Limit: 30 * time.Second}, Recovery: 45 * time.Second}
}

// Short is a drill of about a minute for a PC that is busy with other work: fewer PCs,
// a quicker watchdog, and bars three times as high.
func Short() Options {
	return Options{Clients: 8, Kills: 3, Watch: supervise.Watch{Every: 500 * time.Millisecond, Limit: 1500 * time.Millisecond}, Recovery: 15 * time.Second, Slack: 3}
}

// Scenario is one failure.
type Scenario struct {
	Number string // of the resilience audit; letters for those beyond it
	Title  string
	play   func(*stage) (did string, figures []Figure, err error)
	Left   string // why no drill plays it
}

// Figure is something measured, with the bar it has to meet; no bar is no judgement.
type Figure struct {
	Name string
	Took time.Duration
	Bar  time.Duration
}

// Late reports whether the bar is missed.
func (f Figure) Late() bool { return f.Bar > 0 && f.Took > f.Bar }

// Outcome of a scenario.
type Outcome string

// The outcomes.
const (
	Passed Outcome = "passed"
	Failed Outcome = "failed"
	Left   Outcome = "not played"
)

// Result is what became of a scenario.
type Result struct {
	Scenario
	Outcome Outcome
	Did     string // one line of what was done and seen
	Why     string // of a cross, or of a scenario left out
	Figures []Figure
	Took    time.Duration
}

// Report is a whole drill.
type Report struct {
	PC, Version string
	At          time.Time
	Took        time.Duration
	Results     []Result
	GRNs        int    // acknowledged during the drill
	Books       string // what the verification at the end says
}

// Count is how many scenarios ended so.
func (r *Report) Count(o Outcome) (n int) {
	for _, x := range r.Results {
		if x.Outcome == o {
			n++
		}
	}
	return n
}

// Played is how many scenarios were played.
func (r *Report) Played() int { return len(r.Results) - r.Count(Left) }

// errLeft is the end of a scenario that cannot be played here.
type errLeft struct{ why string }

func (e errLeft) Error() string { return e.why }

func leave(format string, args ...any) error { return errLeft{fmt.Sprintf(format, args...)} }

// Scenarios lists all, in the order they are played.
func Scenarios() []Scenario {
	return []Scenario{
		{"1.2", "Server killed while clients post", (*stage).kills, ""},
		{"R36", "Answer of the server lost on the way", (*stage).lostAnswer, ""},
		{"3.1", "Network cable pulled out", (*stage).cableOut, ""},
		{"3.3", "Switch dead, all PCs at once", (*stage).switchDead, ""},
		{"3.2", "Server has a new address", (*stage).newAddress, ""},
		{"50x", "Every PC posts in the same moment", (*stage).crowd, ""},
		{"4.1", "Two people edit one record", (*stage).twoEditors, ""},
		{"2.1", "Client PC dies in the middle of a form", (*stage).typistDies, ""},
		{"1.1", "Server's window ends", (*stage).windowEnds, ""},
		{"6.2", "Server started a second time", (*stage).secondStart, ""},
		{"1.4", "Server hangs", (*stage).hang, ""},
		{"5.1", "License ends", (*stage).licenseEnds, ""},
		{"5.2", "Clock set back", (*stage).clockBack, ""},
		{"5.3", "Server moved to another PC", (*stage).otherHardware, ""},
		{"4.2", "Database damaged on the disk", (*stage).damaged, ""},
		{"6.1", "Database deleted", (*stage).deleted, ""},
		{"4.3", "Newest backup damaged as well", (*stage).backupDamaged, ""},
		{"1.3", "Disk full", nil, "a really full disk cannot be had without filling yours; the program's own tests use a small disk of their own"},
		{"2.2", "Form closed with unsaved changes", nil, "it takes a person at the window: type into a form and click X"},
		{"2.3", "Client PC restarts", nil, "it would restart this PC"},
		{"3.4", "Firewall blocks the server", nil, "it would change the firewall of this PC"},
	}
}

// Run plays the scenarios and verifies the scratch books at the end. An error means
// that the drill itself could not go on; a scenario that fails is in the report.
func Run(ctx context.Context, o Options) (r *Report, err error) {
	begun := time.Now()
	r = &Report{PC: o.PC, Version: o.Version, At: begun}
	s, err := setStage(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("set the stage: %w", err)
	}
	defer func() { err = errors.Join(err, s.strike()) }()
	for _, x := range Scenarios() {
		if len(o.Only) > 0 && !slices.Contains(o.Only, x.Number) {
			continue
		}
		if o.Begins != nil && x.Left == "" {
			o.Begins(x)
		}
		result := play(s, x)
		r.Results = append(r.Results, result)
		if o.Told != nil {
			o.Told(result)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	last := play(s, Scenario{Title: "The books after all this", play: (*stage).proveBooks})
	r.Results = append(r.Results, last)
	if o.Told != nil {
		o.Told(last)
	}
	r.Books, r.GRNs, r.Took = last.Did, s.books.len(), time.Since(begun)
	return r, nil
}

func play(s *stage, x Scenario) Result {
	r := Result{Scenario: x, Outcome: Passed}
	begun := time.Now()
	var err error
	if x.Left != "" {
		err = errLeft{x.Left}
	} else {
		r.Did, r.Figures, err = x.play(s)
	}
	r.Took, r.Did = time.Since(begun), sentence(r.Did)
	var left errLeft
	switch late := slices.IndexFunc(r.Figures, Figure.Late); {
	case errors.As(err, &left):
		r.Outcome, r.Why = Left, sentence(left.why)
	case err != nil:
		r.Outcome, r.Why = Failed, err.Error()
	case late >= 0:
		f := r.Figures[late]
		r.Outcome, r.Why = Failed, fmt.Sprintf("%s took %s, it may take %s", f.Name, seconds(f.Took), seconds(f.Bar))
	}
	return r
}

// sentence ends s with a full stop, unless a quoted sentence does that already.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".”") {
		return s
	}
	return s + "."
}

func seconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	if d >= time.Minute {
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// Time is how long the scenario took, in words.
func (r Result) Time() string { return seconds(r.Took) }

// Text is the figure in words.
func (f Figure) Text() string {
	text := f.Name + " " + seconds(f.Took)
	if f.Bar > 0 {
		text += " (" + seconds(f.Bar) + " allowed)"
	}
	return text
}

// Sweep removes the scratch folder, again and again where a child that has just ended
// still holds a file in it (Windows).
func Sweep(dir string) (err error) {
	for range 20 {
		if err = atomicfile.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
