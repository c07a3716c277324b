//go:build linux

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core/purchase"
	"masala/core/stock"
)

// TestR39_NothingIsPostedOffline gives up an entry while the server is away; when it
// is back the entry is not there, until it is sent again with its key.
func TestR39_NothingIsPostedOffline(t *testing.T) {
	s := newService(t)
	s.start()
	item, supplier := s.setUp()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	line := s.line(ctx, s.client())
	s.kill()

	key, req := uuid.NewString(), delivery(supplier.ID, item.ID, "UJH/1182")
	brief, giveUp := context.WithTimeout(ctx, 2*time.Second)
	defer giveUp()
	if _, err := purchase.PostGRN.Call(brief, line, key, req); err == nil {
		t.Fatal("posted without a server")
	}
	s.start()
	waitFor(t, 15*time.Second, "the line to come back", func() bool { return line.Status().Up() })
	if n := len(call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents); n != 0 {
		t.Fatalf("%d documents were posted offline", n)
	}
	if _, err := purchase.PostGRN.Call(ctx, line, key, req); err != nil {
		t.Fatal(err)
	}
	s.must("verify")
}
