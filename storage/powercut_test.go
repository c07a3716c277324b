package storage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/storage"
	"masala/storage/faultvfs"
	"masala/storage/storagetest"
)

// rounds is how many power cuts a test makes: MASALA_POWERCUT_ROUNDS, or usual.
func rounds(t *testing.T, usual int) int {
	t.Helper()
	return times(t, "MASALA_POWERCUT_ROUNDS", usual)
}

// times reads how often a fault is caused.
func times(t *testing.T, name string, usual int) int {
	t.Helper()
	if s := os.Getenv(name); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("%s=%q is no number of rounds", name, s)
		}
		return n
	}
	return usual
}

// seeded returns randomness that MASALA_SEED repeats.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if s := os.Getenv("MASALA_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat with MASALA_SEED=%d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}

func faultyDisk(t *testing.T, name string) *faultvfs.FS {
	t.Helper()
	fs, err := faultvfs.New(t.Name() + name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := fs.Close(); err != nil {
			t.Error(err)
		}
	})
	return fs
}

// delivery is a GRN on its way, with its request key and what became of it.
type delivery struct {
	key  string
	req  purchase.PostGRNReq
	resp purchase.PostGRNResp
	err  error
	pos  int // length of the disk's log when the answer was there; 0 = no answer
}

// source makes GRNs that differ from each other, of five lines or a few times five.
type source struct {
	supplier core.PartyID
	items    []core.ItemID
	times    int
	made     int
}

func newSource(f *storagetest.Factory) *source {
	f.T.Helper()
	s := &source{times: 1, supplier: f.Supplier("Unjha Jeera House").ID}
	for i := range 5 {
		s.items = append(s.items, f.Item(fmt.Sprintf("RAW-%03d", i+1), "Spice "+strconv.Itoa(i+1)).ID)
	}
	return s
}

func (s *source) deliveries(n int) (list []*delivery) {
	for range n {
		s.made++
		d := &delivery{key: uuid.NewString(), req: storagetest.GRN(s.supplier, fmt.Sprintf("UJ/%d", s.made))}
		for j := range s.times * len(s.items) {
			d.req.Lines = append(d.req.Lines, storagetest.Line(s.items[j%len(s.items)], int64(10+s.made%90+j), core.Paise(1000*s.made+j)))
		}
		d.req.Freight = core.Paise(100 + s.made)
		list = append(list, d)
	}
	return list
}

func (d *delivery) post(f *storagetest.Factory) {
	d.resp, d.err = purchase.PostGRN.Call(context.Background(), f.Store1, d.key, d.req)
}

// postAll posts from so many callers at once and returns when all are answered.
func postAll(f *storagetest.Factory, list []*delivery, callers int, answered func(*delivery)) {
	var wg sync.WaitGroup
	next := make(chan *delivery)
	for range callers {
		wg.Go(func() {
			for d := range next {
				if d.post(f); answered != nil {
					answered(d)
				}
			}
		})
	}
	for _, d := range list {
		next <- d
	}
	close(next)
	wg.Wait()
}

// booked finds every GRN in the books by its number.
func booked(f *storagetest.Factory) map[string]stock.DocumentRow {
	f.T.Helper()
	found := map[string]stock.DocumentRow{}
	for after := ""; ; {
		page := storagetest.Do(f.Store1, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindGRN}, After: after, Limit: 500})
		for _, doc := range page.Documents {
			if _, twice := found[doc.Number]; twice {
				f.T.Errorf("%s is listed twice", doc.Number)
			}
			found[doc.Number] = doc
		}
		if after = page.Next; after == "" {
			return found
		}
	}
}

// journey is a run of the real pipeline on a disk that remembers everything.
type journey struct {
	f    *storagetest.Factory
	fs   *faultvfs.FS
	safe *faultvfs.FS // for the survivors
	disk *faultvfs.Disk
	list []*delivery
}

func travel(t *testing.T, lie func(string) bool) *journey {
	t.Helper()
	j := &journey{fs: faultyDisk(t, "-cut"), safe: faultyDisk(t, "-survivor"), disk: faultvfs.NewDisk()}
	j.safe.Forget()
	f := storagetest.New(t)
	j.f = f
	j.list = newSource(f).deliveries(90)
	f.DB.Close()
	if err := j.disk.Load(filepath.Dir(f.Path)); err != nil {
		t.Fatal(err)
	}
	j.fs.IgnoreSync(lie)
	f.Open(j.fs.Name())
	postAll(f, j.list, 6, func(d *delivery) { d.pos = j.fs.Pos() })
	for _, d := range j.list {
		if d.err != nil {
			t.Fatal(d.err)
		}
	}
	f.DB.Close()
	return j
}

// cuts walks through the log and hands the state after a power cut at n random
// moments to survive.
func (j *journey) cuts(t *testing.T, r *rand.Rand, n int, survive func(pos int, mode faultvfs.Mode)) {
	t.Helper()
	log := j.fs.Log()
	var points []int
	for range n {
		points = append(points, r.IntN(len(log)+1))
	}
	slices.Sort(points)
	done := 0
	for _, pos := range points {
		for ; done < pos; done++ {
			j.disk.Step(log[done])
		}
		mode := []faultvfs.Mode{faultvfs.KeepNone, faultvfs.KeepAll, faultvfs.KeepRandom, faultvfs.KeepRandom}[r.IntN(4)]
		j.f.Path = filepath.Join(t.TempDir(), "masala.db")
		if err := j.disk.Crash(filepath.Dir(j.f.Path), r, mode); err != nil {
			t.Fatal(err)
		}
		survive(pos, mode)
	}
}

// lost lists the acknowledged GRNs that the open books do not have.
func (j *journey) lost(pos int) (numbers []string) {
	have := booked(j.f)
	for _, d := range j.list {
		if _, ok := have[d.resp.Number]; !ok && d.pos <= pos {
			numbers = append(numbers, d.resp.Number)
		}
	}
	return numbers
}

// rows is how many ledger rows were acknowledged before pos, at the least.
func (j *journey) rows(pos int) (n int) {
	for _, d := range j.list {
		if d.pos <= pos {
			n += 3 * len(d.req.Lines) // in stock, from the supplier, landed
		}
	}
	return n
}

// A power cut at any moment loses nothing that was acknowledged, and sending all
// again under the same keys books nothing twice.
func TestFault_1_2_PowerCut(t *testing.T) {
	j, r := travel(t, nil), seeded(t)
	n := rounds(t, 120)
	syncs, again := 0, 0
	for _, o := range j.fs.Log() {
		if o.Kind == faultvfs.Sync {
			syncs++
		}
	}
	j.cuts(t, r, n, func(pos int, mode faultvfs.Mode) {
		j.f.Open(j.safe.Name())
		defer j.f.DB.Close()
		if lost := j.lost(pos); len(lost) > 0 {
			t.Fatalf("cut at %d, keeping %s: acknowledged and gone: %v", pos, mode, lost)
		}
		j.f.Verify()
		before := len(booked(j.f))
		sent := make([]*delivery, len(j.list))
		for i, d := range j.list {
			sent[i] = &delivery{key: d.key, req: d.req}
		}
		postAll(j.f, sent, 6, nil)
		for i, d := range j.list {
			if err := sent[i].err; err != nil {
				t.Fatalf("cut at %d, keeping %s: sending %s again: %v", pos, mode, d.req.InvoiceNo, err)
			}
			if now := sent[i].resp.Number; d.pos <= pos && now != d.resp.Number {
				t.Fatalf("cut at %d: %s was answered %s before and %s after", pos, d.req.InvoiceNo, d.resp.Number, now)
			}
		}
		after := len(booked(j.f))
		if again += after - before; after != len(j.list) {
			t.Fatalf("cut at %d, keeping %s: %d GRNs of %d", pos, mode, after, len(j.list))
		}
		j.f.Verify()
	})
	t.Logf("%d GRNs in %d commits, %d writes to the disk; %d power cuts: none lost, none doubled, %d posted by sending again",
		len(j.list), syncs, len(j.fs.Log()), n, again)
}

// The test above means something: on a disk that does not sync the write-ahead log,
// which is what synchronous=NORMAL asks for, it finds acknowledged GRNs gone.
func TestFault_1_2_PowerCutFindsMissingSyncs(t *testing.T) {
	j, r := travel(t, func(name string) bool { return strings.HasSuffix(name, "-wal") }), seeded(t)
	n := min(rounds(t, 40), 40)
	bad := 0
	j.cuts(t, r, n, func(pos int, _ faultvfs.Mode) {
		db, err := storage.Open(context.Background(), storage.Options{Path: j.f.Path, VFS: j.safe.Name()})
		if err != nil {
			bad++ // not even the file survived
			return
		}
		defer db.Close()
		report, err := db.Verify(context.Background(), nil)
		if err != nil || !report.OK() || int(report.Seq) < j.rows(pos) {
			bad++
		}
	})
	if bad == 0 {
		t.Errorf("%d power cuts without syncs lost nothing: the power-cut test sees nothing", n)
	}
	t.Logf("%d of %d power cuts lost something", bad, n)
}
