package ui

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"

	"masala/core/backup"
	"masala/ui/screen"
)

// FuzzBackup strikes keys, types and clicks on the backup page and on the recovery
// screen as the bytes say, while the server's mood changes: nothing may panic or hang,
// no damaged point is ever restored, no running server without the word, and nothing
// begins anew without a yes.
func FuzzBackup(f *testing.F) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 11))
		script := make([]byte, 60)
		for i := range script {
			script[i] = byte(r.Uint32())
		}
		f.Add(seed%2 == 0, script)
	}
	keys := []screen.Shortcut{{Name: key.NameEscape}, {Name: key.NameReturn}, {Name: key.NameTab}, {Name: key.NameTab, Mods: key.ModShift}, {Name: key.NameDownArrow},
		{Name: key.NameUpArrow}, {Name: key.NameEnd}, {Name: key.NameHome}, {Name: key.NameSpace}, {Name: "S", Mods: ctrl | key.ModShift}, {Name: "U", Mods: ctrl | key.ModShift},
		{Name: key.NameReturn, Mods: ctrl}, {Name: "+", Mods: ctrl}, {Name: "-", Mods: ctrl}}
	words := []string{"RESTORE", "E:\\", "13:00", "K7QM-2F8D-XT3W-9HBV-E4RA"}
	reasons := []backup.Reason{backup.Missing, backup.Corrupt, backup.Newer, backup.Foreign, backup.Unwritable, backup.Full, backup.Restoring}
	f.Fuzz(func(t *testing.T, broken bool, script []byte) {
		const w, h = 1100, 700
		x := newWorld(t, screen.RoleServer, w, h)
		s, r := backups(), damaged()
		path := func(where string, q backup.RestoreReq) {
			if slices.ContainsFunc(r.Points, func(p backup.Point) bool { return p.Path == q.Path && p.State == backup.Damaged }) && where == "recovery" ||
				slices.ContainsFunc(s.Points, func(p backup.Point) bool { return p.Path == q.Path && p.State == backup.Damaged }) && where == "page" {
				t.Errorf("%s restores the damaged %s", where, q.Path)
			}
		}
		typed := ""
		on(x.server, backup.Restore, func(q backup.RestoreReq) (backup.RestoreResp, error) {
			path("page", q)
			if typed == "" {
				t.Error("restored without the word")
			}
			return backup.RestoreResp{}, nil
		})
		on(x.server, backup.RecoveryRestore, func(q backup.RestoreReq) (backup.RecoveryResp, error) { path("recovery", q); return r, nil })
		on(x.server, backup.RecoveryEmpty, func(q backup.StartEmptyReq) (backup.RecoveryResp, error) {
			if !q.Confirm || !r.MayEmpty {
				t.Errorf("begins anew: %+v, offered: %v", q, r.MayEmpty)
			}
			return r, nil
		})
		on(x.server, backup.Start, func(backup.StartReq) (backup.StartResp, error) {
			s.Running = &backup.Progress{Task: backup.TaskBackup, Step: "Copying", Percent: 3}
			return backup.StartResp{Running: *s.Running}, nil
		})
		on(x.server, backup.UpdateSettings, func(q backup.UpdateSettingsReq) (backup.Settings, error) {
			return backup.Settings{Fields: q.Fields}, q.Fields.Validate()
		})
		on(x.server, backup.GetStatus, func(backup.StatusReq) (backup.StatusResp, error) { s.Now = x.clock.Now(); return s, nil })
		if broken {
			x.broken(&r)
		} else {
			onBackup(x)
		}
		script = script[:min(len(script), 120)]
		for len(script) >= 2 {
			what, arg := script[0]%10, script[1]
			script = script[2:]
			switch what {
			case 0:
				s.Running, s.Points = nil, points()[arg%11:]
				r.Reason, r.Running, r.MayTry, r.MayEmpty, r.HasCode, r.KeyIsHere = reasons[int(arg)%len(reasons)], nil, arg&1 > 0, arg&2 > 0, arg&4 > 0, arg&8 > 0
				if arg&16 > 0 {
					r.Running = &backup.Progress{Task: backup.TaskRestore, Step: "Copying", Percent: int(arg) % 101}
				}
				x.server.set(func(f *fakeServer) { f.state.Revisions[backup.TopicBackup]++ })
				x.ui.Settle()
			case 1:
				word := words[int(arg)%len(words)]
				if word == "RESTORE" {
					typed = word
				}
				x.ui.Type(word)
			case 2, 3:
				x.ui.ClickAt(f32.Pt(float32(int(arg%16)*w/16+20), float32(int(arg/16)*h/16+20)))
			case 4:
				x.ui.Advance(time.Duration(arg) * 50 * time.Millisecond)
			default:
				k := keys[int(arg)%len(keys)]
				x.ui.Press(k.Name, k.Mods)
			}
		}
	})
}
