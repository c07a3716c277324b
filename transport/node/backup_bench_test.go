package node_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core/account"
	"masala/core/app"
	"masala/core/backup"
	"masala/core/purchase"
	"masala/core/system"
	"masala/platform/paths"
	"masala/storage"
	"masala/transport/node"
)

// grown makes books of so many MB, MASALA_BENCH_MB, 500 if not given. If
// MASALA_BENCH_BOOKS names a data folder they are a copy of its books, which are made
// there when it has none: the next run begins at once.
func grown(b *testing.B, folder paths.Folder) *books {
	b.Helper()
	ready := paths.Folder(os.Getenv("MASALA_BENCH_BOOKS"))
	if ready == "" {
		return filled(b, folder)
	}
	if err := ready.Make(); err != nil {
		b.Fatal(err)
	}
	if !node.HasBooks(ready) {
		filled(b, ready)
	}
	copyFile(b, ready.Database(), folder.Database())
	k := &books{supplier: 1, item: 1} // as filled has made them
	k.invoice.Store(time.Now().Unix())
	return k
}

// filled fills books with deliveries.
func filled(b *testing.B, folder paths.Folder) *books {
	b.Helper()
	mb := int64(500)
	if n, err := strconv.Atoi(os.Getenv("MASALA_BENCH_MB")); err == nil {
		mb = int64(n)
	}
	db := must[*storage.DB](b)(storage.Open(context.Background(), storage.Options{Path: folder.Database()}))
	defer db.Close()
	c := &inProcess{app: app.New(app.Options{Books: db, Hasher: account.NewTestHasher()})}
	k := setUp(b, c, func(t string) { c.token = t })
	line := k.delivery().Lines[0]
	for storage.Size(folder.Database()) < mb<<20 {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 5 {
					req := k.delivery()
					req.Lines = slices.Repeat([]purchase.GRNLine{line}, 100)
					if _, err := purchase.PostGRN.Call(context.Background(), c, uuid.NewString(), req); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		if all.Wait(); b.Failed() {
			b.FailNow()
		}
	}
	return k
}

// BenchmarkBackup makes one backup of grown books with the service's own code while
// eight callers post GRNs of five lines with a pause of 20 ms between them, and reports
// the worst of their commits, beside that of the same load without a backup.
func BenchmarkBackup(b *testing.B) {
	folder := paths.Folder(b.TempDir())
	k := grown(b, folder)
	begun := time.Now()
	ctx, cancel := context.WithCancel(context.Background())
	var service sync.WaitGroup
	defer service.Wait()
	defer cancel()
	ready := make(chan node.Runtime, 1)
	service.Go(func() {
		if err := node.Serve(ctx, node.ServiceOptions{Folder: folder, Log: slog.New(slog.DiscardHandler), Hasher: account.NewTestHasher(), Ready: func(r node.Runtime) { ready <- r }}); err != nil {
			b.Error(err)
		}
	})
	<-ready
	own := must[*node.Line](b)(node.Dial(ctx, node.LineOptions{Setup: &node.SetupFile{Folder: folder}, Log: slog.New(slog.DiscardHandler)}, 10*time.Second))
	in := must[account.LoginResp](b)(account.Login.Call(ctx, own, "", account.LoginReq{Login: "owner", Password: password}))
	b.ReportMetric(time.Since(begun).Seconds(), "s-to-login")
	own.SetToken(in.Token)
	b.Log("database", storage.Size(folder.Database())>>20, "MB")
	status := func() backup.StatusResp {
		return must[backup.StatusResp](b)(backup.GetStatus.Call(ctx, own, "", backup.StatusReq{}))
	}
	var step atomic.Pointer[string] // of the backup that runs
	load := func(what string, until func() bool) {
		var mu sync.Mutex
		var took []time.Duration
		worst := map[string]time.Duration{}
		end := make(chan struct{})
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for {
					start := time.Now()
					if _, err := purchase.PostGRN.Call(ctx, own, uuid.NewString(), k.delivery()); err != nil {
						b.Error(err)
						return
					}
					mu.Lock()
					took = append(took, time.Since(start))
					if s := step.Load(); s != nil {
						worst[*s] = max(worst[*s], time.Since(start))
					}
					mu.Unlock()
					select {
					case <-time.After(20 * time.Millisecond):
					case <-end:
						return
					}
				}
			})
		}
		for !until() && !b.Failed() {
			time.Sleep(100 * time.Millisecond)
		}
		close(end)
		all.Wait()
		slices.Sort(took)
		for s, d := range worst {
			b.Logf("worst while %q: %v", s, d.Round(time.Millisecond))
		}
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50-"+what)
		b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-worst-"+what)
	}
	// The check of the books that follows the start is over.
	for busy := true; busy; time.Sleep(100 * time.Millisecond) {
		busy = false
		for _, c := range must[system.Health](b)(system.GetHealth.Call(ctx, own, "", system.GetHealthReq{})).Checks {
			busy = busy || c.Busy
		}
	}
	rest := time.Now().Add(10 * time.Second)
	load("alone", func() bool { return time.Now().After(rest) })
	must[backup.StartResp](b)(backup.Start.Call(ctx, own, "", backup.StartReq{}))
	begun = time.Now()
	load("backup", func() bool {
		r := status().Running
		if r != nil {
			if s := step.Swap(&r.Step); s == nil || *s != r.Step {
				b.Logf("%q after %v", r.Step, time.Since(begun).Round(100*time.Millisecond))
			}
		}
		return r == nil
	})
	b.ReportMetric(time.Since(begun).Seconds(), "s-backup")
	st := status()
	if st.Result == nil || !st.Result.OK || len(st.Points) != 1 {
		b.Fatalf("the backup ended with %+v", st.Result)
	}
	b.ReportMetric(100*float64(st.Points[0].Size)/float64(st.Points[0].Database), "%-of-size")
}
