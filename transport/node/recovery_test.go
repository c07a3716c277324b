package node_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/stock"
	"masala/storage/pagesum"
	"masala/ui/screen"
)

// TestFault_4_2_EveryIllness: every way in which the file can be no database of ours is
// named, offers the restore points, changes nothing by itself, and keeps the file
// aside when a backup is restored.
func TestFault_4_2_EveryIllness(t *testing.T) {
	s, k := workingShop(t)
	s.post(s.own, k)
	p := s.backUp("")
	s.must(s.stop())
	sql := func(statements ...string) func(string) {
		return func(path string) {
			vfs, err := pagesum.Over("") // or the pages written here would count as damaged
			s.must(err)
			db, err := sql.Open("sqlite", "file:"+path+"?vfs="+vfs)
			s.must(err)
			defer db.Close()
			for _, q := range statements {
				if _, err := db.Exec(q); err != nil {
					t.Fatal(q, err)
				}
			}
		}
	}
	for _, v := range []struct {
		name   string
		damage func(path string)
		reason backup.Reason
		says   string
	}{
		{"its header is overwritten", func(path string) { flipBytes(t, path, 0, 40) }, backup.Corrupt, backup.SayDamaged},
		{"its schema is overwritten", func(path string) { flipBytes(t, path, 100, 400) }, backup.Corrupt, backup.SayDamaged},
		{"it is cut off", func(path string) { s.must(os.Truncate(path, 3*4096)) }, backup.Corrupt, backup.SayDamaged},
		{"it is a text", func(path string) { s.must(os.WriteFile(path, []byte(strings.Repeat("Dear Asha, ", 1000)), 0o600)) }, backup.Corrupt, backup.SayDamaged},
		{"it is another program's", sql(`PRAGMA application_id = 7`), backup.Foreign, "The database file belongs to another program."},
		{"it is of a newer version", sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`), backup.Newer, "made by a newer version of the program"},
		{"it is half migrated", sql(`DROP TABLE edge`), backup.Unmigrated, backup.SayDamaged},
		{"it is empty", func(path string) { s.must(os.Truncate(path, 0)) }, backup.Missing, "No database found. Restore from latest backup ("},
	} {
		r := s.ill(v.damage)
		file, err := os.ReadFile(s.folder.Database())
		s.must(err)
		if r.Reason != v.reason || !strings.Contains(r.Sentence, v.says) || r.Offer != p.Path || !r.MayEmpty || r.Detail == "" {
			t.Errorf("%s: %+v", v.name, r)
		}
		s.restored(p.Path)
		s.must(s.stop())
		s.verified()
		aside, err := os.ReadDir(s.folder.Aside())
		s.must(err)
		kept, err := os.ReadFile(filepath.Join(s.folder.Aside(), aside[len(aside)-1].Name(), "masala.db"))
		if err != nil || !bytes.Equal(kept, file) {
			t.Errorf("%s: the file is not kept aside: %v", v.name, err)
		}
		s.clock.Set(s.clock.Now().Add(time.Minute))
	}
}

// TestFault_4_2_DamagedWhileRunning: a page goes bad under the running service. Whoever
// meets it first stops all work, recovery mode begins, and every PC hears of it.
func TestFault_4_2_DamagedWhileRunning(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := shopOnLAN(t)
	pc := s.client(ctx)
	s.post(pc, k)
	p := s.backUp("")
	// All of it from the log into the file, where the damage is.
	s.must(s.stop())
	s.start()
	s.login(ctx, s.own)
	size, err := os.Stat(s.folder.Database())
	s.must(err)
	flipBytes(t, s.folder.Database(), 4096, int(size.Size()-4096))
	// What lies in memory is right still, and small books lie there whole: a backup
	// reads every page anew. Work that met the damage first refuses it with that reason.
	if _, err := backup.Start.Call(ctx, s.own, "", backup.StartReq{}); err != nil && core.CodeOf(err) != core.CodeCorrupt && core.CodeOf(err) != core.CodeUnavailable {
		t.Fatal(err)
	}
	r := s.recovery("recovery mode", func(r backup.RecoveryResp) bool { return r.Reason != backup.InService })
	if r.Reason != backup.Corrupt || r.Sentence != "⚠️ Database integrity issue detected. Restore from backup?" || r.Offer != p.Path {
		t.Errorf("recovery says %+v", r)
	}
	refused := func() bool {
		st := pc.Status()
		return st.Refusal == screen.Recovering && strings.Contains(st.Detail, "has to be restored first")
	}
	for deadline := time.Now().Add(20 * time.Second); !refused(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the client is told %+v", pc.Status())
		}
	}
	s.restored(p.Path)
	s.login(ctx, s.own)
	if st := s.settled(func(backup.StatusResp) bool { return true }, ""); len(st.Aside) != 1 || st.Result == nil || !st.Result.OK {
		t.Errorf("status %+v", st)
	}
	// The client is back by itself, its device still known; its user logs in again.
	s.loggedOut(pc)
	s.login(ctx, pc)
	if _, err := stock.ListLots.Call(ctx, pc, "", stock.ListLotsReq{}); err != nil {
		t.Errorf("the client: %v", err)
	}
	s.must(s.stop())
	s.verified()
}

// TestFault_4_3_NextPointIsOffered: the books and the newest backup are both damaged.
func TestFault_4_3_NextPointIsOffered(t *testing.T) {
	s, k := workingShop(t)
	s.post(s.own, k)
	good := s.backUp("")
	s.clock.Set(s.clock.Now().Add(time.Hour))
	s.post(s.own, k)
	newest := s.backUp("")
	s.must(s.stop())
	flipBytes(t, newest.Path, newest.Size/2, 1)
	s.ill(func(path string) { flipBytes(t, path, 0, 100) })
	r := s.recovery("the damaged one is found", func(r backup.RecoveryResp) bool { return r.Offer == good.Path })
	if len(r.Points) != 2 || r.Points[0].State != backup.Damaged || r.Points[0].Offered || !strings.Contains(r.Points[0].Says, "checksum") || r.Points[1].State != backup.Good || !r.Points[1].Offered {
		t.Errorf("the points are %+v", r.Points)
	}
	if _, err := backup.RecoveryRestore.Call(context.Background(), s.own, "", backup.RestoreReq{Path: newest.Path}); core.CodeOf(err) != core.CodeCorrupt {
		t.Errorf("the damaged one is restored: %v", err)
	}
	s.restored(good.Path)
	s.must(s.stop())
	s.verified()
}
