package drill

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// TestPage: a cross is never hidden, what was not played is told apart, and text from
// errors cannot break the page.
func TestPage(t *testing.T) {
	s := &stage{}
	bad := play(s, Scenario{"1.2", "Server killed", func(*stage) (string, []Figure, error) {
		return "Killed", nil, errors.New("GRN-1 <script> was lost")
	}, ""})
	late := play(s, Scenario{"3.1", "Cable out", func(*stage) (string, []Figure, error) {
		return "Cable out", []Figure{{"Noticed after", 4 * time.Second, 3 * time.Second}}, nil
	}, ""})
	good := play(s, Scenario{"6.2", "Second start", func(*stage) (string, []Figure, error) {
		return "Refused", []Figure{{"Refused after", time.Second, 0}}, nil
	}, ""})
	left := play(s, Scenario{"2.3", "Restart", nil, "it would restart this PC"})
	if bad.Outcome != Failed || late.Outcome != Failed || good.Outcome != Passed || left.Outcome != Left {
		t.Errorf("outcomes %s %s %s %s", bad.Outcome, late.Outcome, good.Outcome, left.Outcome)
	}
	write := func(results ...Result) string {
		var b strings.Builder
		r := &Report{PC: "OFFICE", Version: "1.0", At: time.Now(), Results: results, GRNs: 200}
		if err := r.WritePage(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	page := write(bad, late, good, left)
	for _, want := range []string{"2 of 3 failed", "GRN-1 &lt;script&gt; was lost", "Noticed after took 4.0 s, it may take 3.0 s", "Refused.", "Restart: it would restart this PC."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if n := strings.Count(page, `aria-label="failed"`); n != 3 {
		t.Errorf("%d crosses, want two and the verdict's", n)
	}
	if page := write(good, left); !strings.Contains(page, "All 1 passed") || strings.Contains(page, `aria-label="failed"`) {
		t.Error("a good drill looks bad")
	}
}

// TestFailuresPageNamesTheDrill: docs/failures.md tells which scenarios a drill plays.
func TestFailuresPageNamesTheDrill(t *testing.T) {
	b, err := os.ReadFile("../../../docs/failures.md")
	if err != nil {
		t.Fatal(err)
	}
	var played, left []string
	for _, s := range Scenarios() {
		if s.Left == "" {
			played = append(played, s.Number)
		} else {
			left = append(left, s.Number)
		}
	}
	for _, want := range []string{"`masala drill` plays " + strings.Join(played, ", ") + ".", "It leaves out " + strings.Join(left, ", ") + " "} {
		if !strings.Contains(strings.Join(strings.Fields(string(b)), " "), want) {
			t.Errorf("docs/failures.md does not say %q", want)
		}
	}
}
