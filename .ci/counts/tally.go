package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// event is one line of "go test -json" (go doc test2json).
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

type name struct{ pkg, test string }

func (n name) String() string { return n.pkg + " " + n.test }

// tally is what became of every test, subtests included.
type tally struct {
	passed   int
	failed   []name
	skipped  map[name]string // and what it said
	broken   []string        // packages that failed outside their tests
	packages int
	running  map[name]*strings.Builder // output so far
}

func read(in io.Reader, out io.Writer) (*tally, error) {
	t := &tally{skipped: map[name]string{}, running: map[name]*strings.Builder{}}
	s := bufio.NewScanner(in)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var e event
		if json.Unmarshal(s.Bytes(), &e) != nil || e.Action == "" {
			fmt.Fprintln(out, s.Text()) // not of the tests
			continue
		}
		t.take(e, out)
	}
	return t, s.Err()
}

func (t *tally) take(e event, out io.Writer) {
	if e.Test == "" {
		t.takePackage(e, out)
		return
	}
	n := name{e.Package, e.Test}
	switch e.Action {
	case "run":
		t.running[n] = &strings.Builder{}
	case "output":
		if b := t.running[n]; b != nil {
			b.WriteString(e.Output)
		}
	case "pass":
		t.passed++
		delete(t.running, n)
	case "skip":
		t.skipped[n] = t.said(n)
		delete(t.running, n)
	case "fail":
		t.failed = append(t.failed, n)
		fmt.Fprint(out, t.said(n))
		delete(t.running, n)
	}
}

func (t *tally) said(n name) string {
	if b := t.running[n]; b != nil {
		return b.String()
	}
	return ""
}

func (t *tally) takePackage(e event, out io.Writer) {
	switch e.Action {
	case "build-output":
		fmt.Fprint(out, e.Output)
	case "output":
		if e.Output != "PASS\n" && e.Output != "FAIL\n" {
			fmt.Fprint(out, e.Output)
		}
	case "pass":
		t.packages++
	case "fail":
		t.packages++
		before := len(t.failed)
		for _, n := range slices.SortedFunc(maps.Keys(t.running), func(a, b name) int { return strings.Compare(a.String(), b.String()) }) {
			if n.pkg == e.Package { // the process died under it
				t.take(event{Action: "fail", Package: n.pkg, Test: n.test}, out)
			}
		}
		own := slices.ContainsFunc(t.failed, func(n name) bool { return n.pkg == e.Package })
		if len(t.failed) == before && !own {
			t.broken = append(t.broken, e.Package)
		}
	}
}

// report names what did not pass and says whether the run is good.
func (t *tally) report(out io.Writer, allowed [][3]string, ci bool) bool {
	ok := len(t.failed) == 0 && len(t.broken) == 0 && len(t.running) == 0
	for n := range t.running {
		fmt.Fprintf(out, "NO VERDICT %s\n", n)
	}
	for _, n := range t.failed {
		fmt.Fprintf(out, "FAILED %s\n", n)
	}
	for _, p := range t.broken {
		fmt.Fprintf(out, "FAILED %s (build, TestMain or exit code)\n", p)
	}
	for _, n := range slices.SortedFunc(maps.Keys(t.skipped), func(a, b name) int { return strings.Compare(a.String(), b.String()) }) {
		reason, may := allow(allowed, n)
		switch {
		case may:
			fmt.Fprintf(out, "SKIPPED %s: allowed: %s\n", n, reason)
		case ci:
			ok = false
			fmt.Fprintf(out, "SKIPPED %s: NOT ALLOWED in CI\n%s", n, t.skipped[n])
		default:
			fmt.Fprintf(out, "SKIPPED %s\n%s", n, t.skipped[n])
		}
	}
	if t.passed == 0 {
		fmt.Fprintln(out, "NO TEST PASSED")
		return false
	}
	return ok
}

func allow(list [][3]string, n name) (reason string, ok bool) {
	for _, l := range list {
		p, _ := path.Match(l[0], n.pkg)
		q, _ := path.Match(l[1], n.test)
		if p && q {
			return l[2], true
		}
	}
	return "", false
}

// line is the last line of a run.
func (t *tally) line() string {
	s := fmt.Sprintf("%d passed, %d failed, %d skipped", t.passed, len(t.failed)+len(t.running), len(t.skipped))
	if len(t.broken) > 0 {
		s += fmt.Sprintf(", %d packages broken", len(t.broken))
	}
	return s + fmt.Sprintf(" (subtests counted, %d packages)", t.packages)
}
