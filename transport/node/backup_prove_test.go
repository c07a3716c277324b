package node

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"masala/core/backup"
	store "masala/storage/backup"
	"masala/storage/storagetest"
)

// The names of points that nobody has looked at.
const (
	condemned = "masala-20261130-073215" // of an earlier version; the next took it for damaged
	bare      = "masala-20261129-073215" // whole, without its manifest
	half      = "masala-20261001-073215" // half copied, without its manifest
	newer     = "masala-20261201-073215" // of a newer version, without its manifest
)

// unseen puts points that nobody has looked at into the folder.
func (k *keeping) unseen(names ...string) {
	k.t.Helper()
	earlier := filepath.Join("..", "..", "storage", "backup", "testdata", "23dce1c", condemned+store.Ending)
	whole, err := os.ReadFile(earlier)
	k.must(err)
	for _, name := range names {
		path := filepath.Join(k.place(), name+store.Ending)
		switch name {
		case half:
			k.must(os.WriteFile(path, whole[:len(whole)/2], 0o600))
		case newer:
			k.must(os.WriteFile(path, k.ofNewerVersion(), 0o600))
		default:
			k.must(os.WriteFile(path, whole, 0o600))
		}
		if name == condemned {
			m := storagetest.Manifest(k.t, earlier)
			m.Check = store.Check{At: time.Now(), State: backup.Damaged, Says: "The database in it is damaged: verify price corrections: SQL logic error: no such table: price_note (1)"}
			storagetest.PutManifest(k.t, path, m)
		}
		if s := k.states()[name]; s != backup.Unchecked {
			k.t.Fatalf("%s is %s", name, s)
		}
	}
}

func (k *keeping) ofNewerVersion() []byte {
	k.t.Helper()
	f := storagetest.New(k.t)
	f.SQL(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	z, err := zstd.NewWriter(nil)
	k.must(err)
	defer z.Close()
	return z.EncodeAll(f.Copy(), nil)
}

func (k *keeping) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// are fails the test unless these points are there in these states, "" for gone.
func (k *keeping) are(when string, want map[string]backup.State) {
	k.t.Helper()
	have := k.states()
	for name, state := range want {
		if have[name] != state {
			k.t.Errorf("%s: %s is %s, want %s", when, name, cmp.Or(have[name], "gone"), cmp.Or(state, "gone"))
		}
	}
}

// TestFault_4_3_UncheckedPointsAreProvedBeforeTheyGo: of points that nobody has looked at,
// each backup proves one, the newest that can be proved. Those that are whole stay, also
// what an earlier version took for damaged; what is damaged goes with the backup after.
func TestFault_4_3_UncheckedPointsAreProvedBeforeTheyGo(t *testing.T) {
	k := newKeeping(t)
	k.f.Clock.Set(time.Date(2026, 12, 1, 14, 0, 0, 0, time.UTC))
	k.backUp()
	k.unseen(condemned, bare, half, newer)

	k.backUp()
	k.are("the first backup", map[string]backup.State{condemned: backup.Good, bare: backup.Unchecked, half: backup.Unchecked, newer: backup.Unchecked})
	k.backUp()
	k.are("the second backup", map[string]backup.State{condemned: backup.Good, bare: backup.Good, half: backup.Unchecked, newer: backup.Unchecked})
	k.backUp()
	k.are("the third backup", map[string]backup.State{condemned: backup.Good, bare: backup.Good, half: backup.Damaged, newer: backup.Unchecked})
	for range backup.KeepDays {
		k.backUp()
	}
	k.are("a week later", map[string]backup.State{condemned: backup.Good, bare: backup.Good, half: "", newer: backup.Unchecked})
	if n := k.number(); n != backup.KeepDays+3+1 { // the first backup, of a Wednesday, is kept for its week
		t.Errorf("%d points are left: %v", n, k.states())
	}
	empty(t, k.place())
}

// empty fails the test if unfinished work is in a folder.
func empty(t *testing.T, folder string) {
	t.Helper()
	for _, dir := range []string{folder, filepath.Dir(folder)} {
		if found, err := filepath.Glob(filepath.Join(dir, ".masala-work-*")); err != nil || len(found) > 0 {
			t.Errorf("left: %v, %v", found, err)
		}
	}
}

// TestFault_4_3_NoRoomToProveAPoint: it stays unchecked until there is room.
func TestFault_4_3_NoRoomToProveAPoint(t *testing.T) {
	k := newKeeping(t)
	k.f.Clock.Set(time.Date(2026, 12, 1, 14, 0, 0, 0, time.UTC))
	k.backUp()
	k.unseen(bare, half)
	for _, v := range []struct {
		free int64
		want backup.State
	}{{1 << 20, backup.Unchecked}, {1 << 40, backup.Good}} {
		k.free.Store(v.free)
		k.proveNext()
		k.works.Wait()
		k.are("with little room, then with more", map[string]backup.State{bare: v.want, half: backup.Unchecked})
	}
	empty(t, k.place())
}

// TestProofMakesWay: nobody waits for the proof of a point that nobody asked for, neither an
// Admin nor the check of the books. It comes back after the next backup.
func TestProofMakesWay(t *testing.T) {
	for what, work := range map[string]func(k *keeping) error{
		"a backup": func(k *keeping) error { _, err := k.Start(backup.StartReq{Folder: k.t.TempDir()}); return err },
		"a check of another point": func(k *keeping) error {
			_, err := k.Check(filepath.Join(k.place(), bare+store.Ending))
			return err
		},
		"the check of the books": func(k *keeping) error {
			k.checks.Store(true)
			k.keepTime(k.t.Context(), k.f.Clock.Now())
			k.checks.Store(false)
			return nil
		},
		"a restore": func(k *keeping) error {
			err := k.Restorable(backup.RestoreReq{Path: filepath.Join(k.place(), condemned+store.Ending)})
			k.giveWay() // the service ends
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			k := newKeeping(t)
			k.f.Clock.Set(time.Date(2026, 12, 1, 14, 0, 0, 0, time.UTC))
			k.backUp()
			k.unseen(condemned, bare)

			at, on := make(chan struct{}), make(chan struct{})
			k.measured.Store(func() {
				k.measured.Store(func() {}) // the others go through
				close(at)
				<-on
			})
			k.proveNext()
			<-at
			k.proveNext() // one is enough
			if err := work(k); err != nil {
				t.Errorf("it waits for the proof: %v", err)
			}
			k.until(func() bool { return k.running == nil })
			close(on)
			k.works.Wait()
			want := map[string]backup.State{condemned: backup.Unchecked, bare: backup.Unchecked}
			if what == "a check of another point" {
				want[bare] = backup.Good
			}
			k.are("what made way", want)
			if k.backUp(); k.states()[condemned] != backup.Good {
				t.Errorf("after the next backup: %v", k.states())
			}
			empty(t, k.place())
		})
	}
}

// until waits for something about the keeper, under its lock.
func (k *keeping) until(is func() bool) {
	k.t.Helper()
	for begun := time.Now(); ; time.Sleep(time.Millisecond) {
		k.mu.Lock()
		ok := is()
		k.mu.Unlock()
		if ok {
			return
		}
		if time.Since(begun) > time.Minute {
			k.t.Fatal("it does not come to its end")
		}
	}
}
