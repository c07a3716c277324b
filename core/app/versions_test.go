package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	. "masala/storage/storagetest"
)

// TestR35_EveryVersionedWrite: whatever carries a version, be it a record or a batch on
// its way, is written by exactly one of two who saw the same version at the same moment.
// The other one reads the sentence of R35, who it was, and when.
func TestR35_EveryVersionedWrite(t *testing.T) {
	t.Parallel()
	for _, m := range op.All() {
		if _, ok := m.Req.FieldByName("Version"); !ok || m.Kind == op.Read || m.Name == "packing.post_run" {
			continue // a run names the version of its profile; it does not write the profile
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			f := New(t)
			raceFor(t, f, m, writes[m.Name](f))
		})
	}
}

// raceFor sends one request from two people at once.
func raceFor(t *testing.T, f *Factory, m op.Meta, req any) {
	Do(f.Owner, account.CreateUser, account.CreateUserReq{Login: "second", Name: "Second", Role: core.Admin, Password: Password})
	people := []*User{f.Owner, f.Login("second", f.Owner.Request("", "", nil).Peer)}
	errs := make([]error, len(people))
	ready := make(chan struct{})
	var wg sync.WaitGroup
	sent := body(t, req)
	for i, u := range people {
		key := keyOf(m)
		wg.Go(func() {
			<-ready
			_, errs[i] = u.Call(context.Background(), m.Name, key, sent)
		})
	}
	close(ready)
	wg.Wait()
	var e *core.Error
	switch {
	case errs[0] == nil && errs[1] == nil:
		t.Fatal("both won")
	case errs[0] != nil && errs[1] != nil:
		t.Fatalf("nobody won: %v, %v", errs[0], errs[1])
	case !errors.As(errors.Join(errs...), &e) || e.Code != core.CodeConflict || e.Message != "This record was modified by another user. Please reload and try again.":
		t.Fatalf("the loser reads %v", errors.Join(errs...))
	}
	for _, arg := range []string{"updated_by", "updated_at", "theirs", "yours"} {
		if b, _ := json.Marshal(e.Args[arg]); len(b) == 0 || string(b) == "null" {
			t.Errorf("the loser is not told %s: %v", arg, e.Args)
		}
	}
	f.Verify()
}
