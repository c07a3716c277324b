package sim_test

import (
	"time"
)

// makeTrouble causes one fault after the other and mends the last one.
func (w *world) makeTrouble() {
	between := func(least, most time.Duration) time.Duration {
		return least + time.Duration(w.rng.Int64N(int64(most-least)))
	}
	for end := time.Now().Add(trouble); time.Now().Before(end); {
		time.Sleep(between(500*time.Millisecond, 6*time.Second))
		pc := w.pcs[w.rng.IntN(len(w.pcs))]
		fault := troubles[w.rng.IntN(len(troubles))]
		w.faults[fault.name]++
		mend := fault.cause(w, pc)
		time.Sleep(between(50*time.Millisecond, 7*time.Second))
		if mend != nil {
			mend()
		}
	}
}

// troubles are the faults; cause returns what ends one, or nil.
var troubles = []struct {
	name  string
	cause func(*world, *officePC) (mend func())
}{
	{"power cut of the server", func(w *world, _ *officePC) func() { w.server.stop(true); return w.server.start }},
	{"server killed", func(w *world, _ *officePC) func() { w.server.stop(false); return w.server.start }},
	{"program killed", func(_ *world, pc *officePC) func() { pc.crash(); return nil }},
	{"cable out", func(_ *world, pc *officePC) func() { pc.host.Cut(); return pc.host.Mend }},
	{"server's cable out", func(w *world, _ *officePC) func() { w.server.host.Cut(); return w.server.host.Mend }},
	{"switch off", func(w *world, _ *officePC) func() { w.net.SwitchOff(); return w.net.SwitchOn }},
	{"connections reset", func(w *world, _ *officePC) func() { w.server.host.Reset(); return nil }},
	{"answers lost", func(_ *world, pc *officePC) func() { pc.host.Deaf(true); return func() { pc.host.Deaf(false) } }},
	{"slow network", func(_ *world, pc *officePC) func() {
		pc.host.Delay(300*time.Millisecond, 900*time.Millisecond)
		return func() { pc.host.Delay(0, 0) }
	}},
	{"disk full", func(w *world, _ *officePC) func() {
		fs := w.server.now().fs
		fs.FullAtAny(1 + w.rng.IntN(60))
		return func() { fs.Space() }
	}},
	{"slow disk", func(w *world, _ *officePC) func() {
		fs := w.server.now().fs
		fs.SlowSync(time.Duration(100+w.rng.IntN(3000)) * time.Millisecond)
		return func() { fs.SlowSync(0) }
	}},
	{"syncs fail", func(w *world, _ *officePC) func() { w.server.now().fs.FailSync(1 + w.rng.IntN(6)); return nil }},
}
