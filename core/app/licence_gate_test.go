package app_test

import (
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestFault_5_1_EveryWriteInEveryMode: Business waits, Control and the way out pass.
func TestFault_5_1_EveryWriteInEveryMode(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
		if m.Name == "licence.install" || m.Name == "licence.confirm_clock" {
			return // they are about the licence; other tests have them
		}
		modes := []licence.Mode{licence.Locked, licence.ReadOnly} // Control has its effect in the first, the hardest
		for _, mode := range modes {
			f.Mode.Set(mode)
			before := f.Tables()
			_, err := f.Owner.Call(t.Context(), m.Name, keyOf(m), body(t, req))
			refused := core.CodeOf(err) == core.CodeReadOnly || core.CodeOf(err) == core.CodeLocked
			if refused != (m.Kind == op.Business) {
				t.Fatalf("%s: %v", mode, err)
			}
			if !refused {
				return
			}
			f.Unchanged(before, m.Name)
		}
	})
}

// TestFault_5_1_GateOfEveryOperation holds the whole catalogue against every state: no
// Business operation passes a state that is not active, and whatever the state, people
// can log in, see why, mend it, back up and take their data along.
func TestFault_5_1_GateOfEveryOperation(t *testing.T) {
	t.Parallel()
	states := []licence.Verdict{{Mode: licence.ReadOnly, Reason: licence.Expired}, {Mode: licence.ReadOnly, Reason: licence.Leap},
		{Mode: licence.Locked, Reason: licence.Expired}, {Mode: licence.Locked, Reason: licence.Hardware}, {Mode: licence.Locked, Reason: licence.Clock}}
	wayOut := func(m op.Meta) bool {
		area, verb, _ := strings.Cut(m.Name, ".")
		switch area {
		case "licence", "backup", "restore", "recovery":
			return true
		case "account":
			return verb == "login" || verb == "logout" || verb == "who_am_i" || verb == "change_password"
		}
		return strings.Contains(verb, "backup") || strings.Contains(verb, "export")
	}
	out := 0
	for _, m := range op.All() {
		if err := (licence.Verdict{Mode: licence.Active}).Allow(m); err != nil {
			t.Errorf("%s does not pass an active license: %v", m.Name, err)
		}
		if wayOut(m) {
			out++
		}
		for _, v := range states {
			err := v.Allow(m)
			switch {
			case m.Kind == op.Business && err == nil:
				t.Errorf("%s passes %s %s", m.Name, v.Mode, v.Reason)
			case wayOut(m) && err != nil:
				t.Errorf("%s is the way out and does not pass %s %s: mark it op.Control or op.Unlocked()", m.Name, v.Mode, v.Reason)
			case m.Kind == op.Read && v.Mode == licence.ReadOnly && err != nil:
				t.Errorf("%s only reads and does not pass %s %s", m.Name, v.Mode, v.Reason)
			}
		}
	}
	if out < 9 {
		t.Errorf("only %d operations are the way out: the names have changed", out)
	}
}

// TestFault_5_2_EveryWriteUnderADoubtfulClock: what goes through leaves no row in the
// ledger, because a row of a wrong year would prove that year for ever.
func TestFault_5_2_EveryWriteUnderADoubtfulClock(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"ahead": 4 * 365 * 24 * time.Hour, "back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
				if m.Name == "licence.confirm_clock" || m.Name == "licence.install" {
					return
				}
				f.Licensed()
				f.GoTo(f.Clock.Now().Add(by))
				rows := f.Int(`SELECT count(*) FROM ledger`)
				_, err := f.Owner.Call(t.Context(), m.Name, keyOf(m), body(t, req))
				if n := f.Int(`SELECT count(*) FROM ledger`); n != rows {
					t.Errorf("%d ledger rows under a wrong clock: mark it op.Dated", n-rows)
				}
				if m.Kind == op.Business && core.CodeOf(err) != core.CodeReadOnly && core.CodeOf(err) != core.CodeLocked {
					t.Errorf("answered %v", err)
				}
			})
		})
	}
}

// TestFault_5_1_DataCanBeTakenAlong: whatever the licence says, an Admin reads all his
// own data, and no secret with it.
func TestFault_5_1_DataCanBeTakenAlong(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	grn(f, stock.Released)
	liveTo(f, clockAt(expiry.AddDays(7), 0, 0, 0))
	list := Do(f.Owner, system.ExportTable, system.ExportTableReq{})
	for _, table := range list.Tables {
		p := Do(f.Owner, system.ExportTable, system.ExportTableReq{Table: table})
		if n := f.Int("SELECT count(*) FROM " + table); n != int64(len(p.Rows)) || p.Next != 0 {
			t.Errorf("%s has %d rows, exported %d, next %d", table, n, len(p.Rows), p.Next)
		}
		for _, column := range p.Columns {
			if n := f.Int("SELECT count(*) FROM pragma_table_info('" + table + "') WHERE name = '" + column + "' AND type = 'BLOB'"); n > 0 && column != "hash" {
				t.Errorf("%s.%s is exported: bytes that are no hash of the chain are a secret until they are shown to be none", table, column)
			}
		}
		for _, row := range p.Rows {
			if text := strings.Join(row, " "); strings.Contains(text, "argon2") {
				t.Errorf("%s tells a secret: %s", table, text)
			}
		}
	}
	for _, table := range []string{"ledger", "lot", "item", "party", "document", "audit", "user"} {
		if !strings.Contains(" "+strings.Join(list.Tables, " ")+" ", " "+table+" ") {
			t.Errorf("%s is not exported", table)
		}
	}
	for _, table := range []string{"session", "answer", "request", "secret", "identity_seal", "sqlite_schema", "ledger; DROP TABLE ledger"} {
		if _, err := Try(f.Owner, system.ExportTable, system.ExportTableReq{Table: table}); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("%s: %v", table, err)
		}
	}
	if _, err := Try(f.Store1, system.ExportTable, system.ExportTableReq{Table: "ledger"}); core.CodeOf(err) != core.CodeForbidden {
		t.Errorf("an Operator exports: %v", err)
	}
}
