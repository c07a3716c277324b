package drill

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/licence"
	"masala/platform/paths"
	"masala/transport/node"
)

// factoryZone is that of a new factory: license days are its calendar days.
var factoryZone = time.FixedZone("IST", 5*3600+1800)

// shop is a server inside the drill's own process, with a clock, hardware and vendor's
// key that can be changed: nobody can do that to a real one.
type shop struct {
	stage  *stage
	folder paths.Folder
	key    ed25519.PrivateKey
	parts  [4]string

	mu  sync.Mutex
	now time.Time

	own  *node.Line
	stop func() error
}

// Now is the clock of the shop.
func (s *shop) Now() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }

func (s *shop) set(t time.Time) { s.mu.Lock(); s.now = t; s.mu.Unlock() }

func (s *stage) openShop(name string) (*shop, error) {
	k := &shop{stage: s, folder: paths.Folder(filepath.Join(s.options.Dir, "license-"+name)), key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)),
		parts: [4]string{"system-1", "board-1", "disk-1", "os-1"}, now: time.Now().Truncate(time.Second), stop: func() error { return nil }}
	if err := k.start(); err != nil {
		return k, err
	}
	_, err := account.CreateFirstAdmin.Call(s.ctx, k.own, "", account.CreateFirstAdminReq{Factory: "Drill factory", StateCode: "27", Login: "owner", Name: "Owner", Password: password})
	return k, errors.Join(err, login(s.ctx, k.own))
}

func (s *shop) start() error {
	ctx, cancel := context.WithCancel(s.stage.ctx)
	ready, ended := make(chan node.Runtime, 1), make(chan error, 1)
	quiet := slog.New(slog.DiscardHandler)
	go func() {
		ended <- node.Serve(ctx, node.ServiceOptions{Folder: s.folder, Version: s.stage.options.Version, Log: quiet, Clock: s, Ready: func(r node.Runtime) { ready <- r },
			Licence: &node.Licensing{Key: s.key.Public().(ed25519.PublicKey), Machine: filepath.Join(string(s.folder), "machine"), Parts: func() [4]string { return s.parts }}})
	}()
	select {
	case <-ready:
	case err := <-ended:
		cancel()
		return fmt.Errorf("the server ended: %w", err)
	}
	s.stop = func() error { cancel(); return <-ended }
	var err error
	s.own, err = node.Dial(ctx, node.LineOptions{Setup: &node.SetupFile{Folder: s.folder}, Version: s.stage.options.Version, Log: quiet}, patience)
	return err
}

// license installs one that ends on that day.
func (s *shop) license(expires core.Date) error {
	file, err := licence.License{Serial: "DRILL-1", Customer: "Drill", Edition: "standard", Hardware: licence.NewHardwareID(s.parts), Issued: core.DateOf(s.Now(), factoryZone), Expires: expires}.Sign(s.key)
	if err != nil {
		return err
	}
	_, err = licence.Install.Call(s.stage.ctx, s.own, uuid.NewString(), licence.InstallReq{Text: string(file)})
	return err
}

// is waits for the mode and returns the sentence that goes with it.
func (s *shop) is(mode licence.Mode) (string, error) {
	var st licence.StatusResp
	err := s.stage.until(patience, fmt.Sprintf("the program is %s", mode), func() bool {
		var err error
		st, err = licence.Status.Call(s.stage.ctx, s.own, "", licence.StatusReq{})
		return err == nil && st.Mode == mode
	})
	return st.Sentence, err
}

// seen waits until the server has taken note of the time: of a clock that steps on by two
// days between two looks it would ask an Admin.
func (s *shop) seen() error {
	return s.stage.until(patience, "the server takes note of the time", func() bool {
		st, err := licence.Status.Call(s.stage.ctx, s.own, "", licence.StatusReq{})
		return err == nil && !st.ClockKnown.Before(s.Now())
	})
}

// refused tries to write and wants that code.
func (s *shop) refused(code core.Code) error {
	_, err := catalog.CreateItem.Call(s.stage.ctx, s.own, uuid.NewString(), catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: uuid.NewString()[:8], Name: "Cumin", Type: catalog.Raw,
		Dimension: "mass", PurchaseUnit: "kg", IssueUnit: "kg", Active: true}})
	if core.CodeOf(err) != code {
		return fmt.Errorf("a new item was answered %v, want %s", err, code)
	}
	return nil
}

// licenseEnds is scenario 5.1.
func (s *stage) licenseEnds() (did string, figures []Figure, err error) {
	k, err := s.openShop("end")
	defer func() { err = errors.Join(err, k.stop()) }()
	if err != nil {
		return "", nil, err
	}
	expires := core.DateOf(k.Now(), factoryZone) + 1
	if err := k.license(expires); err != nil {
		return "", nil, err
	}
	if _, err := k.is(licence.Active); err != nil {
		return "", nil, err
	}
	for d := expires; d <= expires+7; d++ {
		y, m, n := d.Time().Date()
		k.set(time.Date(y, m, n, 0, 30, 0, 0, factoryZone))
		mode, code := licence.ReadOnly, core.CodeReadOnly
		if d == expires+7 {
			mode, code = licence.Locked, core.CodeLocked
		}
		if _, err := k.is(mode); err != nil {
			return "", nil, fmt.Errorf("day %d: %w", d-expires, err)
		}
		if err := k.seen(); err != nil {
			return "", nil, fmt.Errorf("day %d: %w", d-expires, err)
		}
		if err := errors.Join(login(s.ctx, k.own), k.refused(code)); err != nil { // the login ends after some days
			return "", nil, fmt.Errorf("day %d: %w", d-expires, err)
		}
	}
	return "Clock of a scratch server taken past the end: read-only for seven days, then locked; the reason is said each time", nil, nil
}

// clockBack is scenario 5.2.
func (s *stage) clockBack() (did string, figures []Figure, err error) {
	k, err := s.openShop("clock")
	defer func() { err = errors.Join(err, k.stop()) }()
	if err != nil {
		return "", nil, err
	}
	right := k.Now()
	k.set(right.Add(-2 * time.Hour))
	said, err := k.is(licence.Locked)
	if err != nil {
		return "", nil, err
	}
	k.set(right.Add(time.Minute))
	if err := k.stop(); err != nil {
		return "", nil, err
	}
	if err := k.start(); err != nil {
		return "", nil, err
	}
	_, err = k.is(licence.Active)
	return "Clock of a scratch server set back two hours: locked, with “" + said + "”; after correction and restart it works", nil, err
}

// otherHardware is scenario 5.3.
func (s *stage) otherHardware() (did string, figures []Figure, err error) {
	k, err := s.openShop("hardware")
	defer func() { err = errors.Join(err, k.stop()) }()
	if err != nil {
		return "", nil, err
	}
	if err := errors.Join(k.license(core.DateOf(k.Now(), factoryZone)+365), k.stop()); err != nil {
		return "", nil, err
	}
	k.parts = [4]string{"system-2", "board-2", "disk-2", "os-1"}
	if err := k.start(); err != nil {
		return "", nil, err
	}
	said, err := k.is(licence.Locked)
	return "A scratch server found its license on another board and disk: locked, with “" + said + "”", nil, err
}
