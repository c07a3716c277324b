package node

import (
	"log/slog"
	"testing"
	"time"

	"masala/core"
	"masala/core/op"
)

// TestRecollection: what a PC makes of the books a server comes back with.
func TestRecollection(t *testing.T) {
	day := time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	a := op.Mark{Books: "books", Lineage: "a", Begun: day, Seq: 100, Proof: "k.a100"}
	b := op.Mark{Books: "books", Lineage: "b", Begun: day.AddDate(0, 0, 5), Seq: 60, Proof: "k.b60"}
	c := op.Mark{Books: "books", Lineage: "c", Begun: day.AddDate(0, 0, 9), Seq: 40, Proof: "k.c40"}
	old, again := a, a
	old.Proof, again.Proof = "", "k2.a100" // books of before their secret, and with a new one
	astray := func(m op.Mark) op.State { return op.State{Mark: m, Astray: true} }
	waits := func(m op.Mark) op.State { m.Waits = true; return op.State{Mark: m} }
	row := func(m op.Mark, add int, head string) op.Mark { m.Proof = "k." + head; m.Seq += core.Seq(add); return m }
	for name, v := range map[string]struct {
		seen op.Mark
		told []op.State
		stop bool
	}{
		"the first time":                  {op.Mark{}, []op.State{{Mark: a}}, false},
		"work goes on":                    {a, []op.State{{Mark: row(a, 1, "a101")}}, false},
		"fewer rows":                      {a, []op.State{{Mark: row(a, -50, "a50")}}, true},
		"another row of that number":      {a, []op.State{{Mark: row(a, 0, "x100")}}, true},
		"more rows of another history":    {a, []op.State{{Mark: row(a, -50, "a50")}, astray(row(a, 20, "x120"))}, true},
		"and so it stays":                 {a, []op.State{astray(row(a, 20, "x120")), astray(row(a, 30, "x130"))}, true},
		"the right disk is back":          {a, []op.State{{Mark: row(a, -50, "a50")}, {Mark: row(a, 2, "a102")}}, false},
		"restored":                        {a, []op.State{waits(b)}, true},
		"restored and confirmed":          {a, []op.State{waits(b), {Mark: b}}, false},
		"confirmed while this PC was off": {a, []op.State{{Mark: b}}, false},
		"the books before a restore":      {b, []op.State{{Mark: row(a, 30, "a130")}}, true},
		"these confirmed":                 {b, []op.State{{Mark: row(a, 30, "a130")}, {Mark: c}}, false},
		"another server":                  {a, []op.State{{Mark: op.Mark{Books: "others", Lineage: "z", Begun: day.AddDate(-1, 0, 0)}}}, false},
		"recovery mode says nothing":      {a, []op.State{{Mark: row(a, -50, "a50")}, {Recovery: "damaged"}}, true},
		"the upgrade brought proofs":      {old, []op.State{{Mark: a}, {Mark: row(a, 1, "a101")}}, false},
		"the upgrade was taken back":      {a, []op.State{{Mark: old}}, false},
		"and made again":                  {a, []op.State{{Mark: again}}, false},
		"the upgrade of older books":      {old, []op.State{{Mark: row(a, -1, "a99")}}, true},
	} {
		m := newRecollection(v.seen, func(op.Mark) error { return nil }, slog.New(slog.DiscardHandler))
		for i, s := range v.told {
			if warned := len(m.judge(s)) > 0; i == len(v.told)-1 && warned != v.stop {
				t.Errorf("%s: stopped %v, want %v", name, warned, v.stop)
			}
		}
		if v.stop && m.mark() != v.seen {
			t.Errorf("%s: it forgot what it saw: %+v", name, m.mark())
		}
	}

	// What was seen in the last seconds is on disk as soon as it matters.
	var disk op.Mark
	m := newRecollection(a, func(m op.Mark) error { disk = m; return nil }, slog.New(slog.DiscardHandler))
	m.judge(op.State{Mark: row(a, 5, "a105")})
	m.judge(op.State{Mark: row(a, 0, "a100")})
	if disk != row(a, 5, "a105") {
		t.Errorf("on disk is %+v", disk)
	}
}
