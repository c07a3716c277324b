package licence

import (
	"fmt"
	"time"

	"masala/core"
	"masala/core/health"
)

// Check judges one instant. It is called for every operation, so it works in memory.
func (g *Guard) Check(now time.Time, zone *time.Location) Verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.observe(now, zone)
	return g.verdict(now, zone)
}

// day is the calendar day that counts: the last one that is certain, or today.
func (g *Guard) day(now time.Time, zone *time.Location) core.Date {
	if g.back || g.ahead {
		return g.beat.Day
	}
	return max(g.beat.Day, core.DateOf(now, zone))
}

func (g *Guard) term(zone *time.Location) Term {
	if g.licence != nil {
		return g.licence.Term()
	}
	return TrialTerm(core.DateOf(g.beat.Trial, zone))
}

func (g *Guard) mismatch() bool {
	return g.licence != nil && !g.licence.Hardware.Matches(g.options.Hardware)
}

// verdict puts what cannot be waited out first: a clock that went back, then another
// machine, then the calendar, then a clock that ran ahead.
func (g *Guard) verdict(now time.Time, zone *time.Location) Verdict {
	switch {
	case g.back:
		return Verdict{Locked, Clock, ClockSentence}
	case g.mismatch():
		return Verdict{Locked, Hardware, HardwareSentence(g.options.Hardware)}
	}
	term, what := g.term(zone), "license"
	if g.licence == nil {
		what = "trial"
	}
	switch mode := term.Mode(g.day(now, zone)); {
	case mode == Locked:
		return Verdict{Locked, Expired, fmt.Sprintf("The %s ended on %s and the program is locked since %s. Backup and export still work. Contact support for a license.", what, term.Expires, term.LockedFrom())}
	case g.ahead:
		return Verdict{ReadOnly, Leap, g.leapSentence(now, zone)}
	case mode == ReadOnly:
		return Verdict{ReadOnly, Expired, fmt.Sprintf("The %s ended on %s, so nothing new can be posted. Your entries stay saved on this PC. Contact support for a license.", what, term.Expires)}
	}
	return Verdict{Mode: Active}
}

func (g *Guard) leapSentence(now time.Time, zone *time.Location) string {
	return fmt.Sprintf("The clock of the server went from %s to %s. An Admin must confirm the date in System > License before anything is posted.",
		when(g.beat.At, zone), when(now, zone))
}

func when(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("02-Jan-2006 15:04")
}

// WarningCodes are the codes that Warnings uses.
var WarningCodes = []string{"licence.clock", "licence.hardware", "licence.locked", "licence.leap", "licence.read_only", "licence.expires", "licence.trial", "licence.file"}

// Warnings are the banners of an instant.
func (g *Guard) Warnings(now time.Time, zone *time.Location) (all []health.Warning) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.observe(now, zone)
	if g.problem != "" {
		all = append(all, health.Warning{Code: "licence.file", Severity: health.Warn, Admin: true, Text: g.problem})
	}
	v := g.verdict(now, zone)
	switch v.Reason {
	case Clock:
		return append(all, health.Warning{Code: "licence.clock", Severity: health.Fatal, Text: v.Sentence})
	case Hardware:
		return append(all, health.Warning{Code: "licence.hardware", Severity: health.Fatal, Text: v.Sentence})
	case Leap:
		return append(all, health.Warning{Code: "licence.leap", Severity: health.Error, Text: v.Sentence})
	}
	term := g.term(zone)
	today := g.day(now, zone)
	left := term.Left(today)
	switch {
	case v.Mode == Locked:
		return append(all, health.Warning{Code: "licence.locked", Severity: health.Fatal, Text: v.Sentence})
	case v.Mode == ReadOnly:
		what := "License Expired."
		if g.licence == nil {
			what = "Trial ended."
		}
		return append(all, health.Warning{Code: "licence.read_only", Severity: health.Error,
			Text: fmt.Sprintf("%s Read-only mode active. View and print as usual. New entries are locked; full lock in %s, on %s.", what, count(int(term.LockedFrom()-today)), term.LockedFrom())})
	case g.licence == nil:
		return append(all, health.Warning{Code: "licence.trial", Severity: health.Info, Text: fmt.Sprintf("Trial: %s left. Contact support for a license.", count(left))})
	case left <= BannerDays:
		return append(all, health.Warning{Code: "licence.expires", Severity: health.Warn, Text: fmt.Sprintf(expirySentence, count(left))})
	}
	return all
}

// Status tells everything the license page shows.
func (g *Guard) Status(now time.Time, zone *time.Location) StatusResp {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.observe(now, zone)
	v, term := g.verdict(now, zone), g.term(zone)
	s := StatusResp{Mode: v.Mode, Reason: v.Reason, Sentence: v.Sentence, Hardware: g.options.Hardware.String(), Problem: g.problem,
		Trial: g.licence == nil, Starts: core.DateOf(g.beat.Trial, zone), Expires: term.Expires, LockedFrom: term.LockedFrom(),
		Today: g.day(now, zone), ClockNow: now.UTC(), ClockKnown: g.beat.At}
	s.Left = term.Left(s.Today)
	if l := g.licence; l != nil {
		s.Starts, s.Serial, s.Customer, s.Edition, s.BoundTo = l.Issued, l.Serial, l.Customer, l.Edition, l.Hardware.String()
	}
	return s
}
