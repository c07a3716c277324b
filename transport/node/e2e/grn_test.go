package e2e

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/platform/paths"
	"masala/storage/storagetest"
	"masala/transport/node"
)

func delivery(supplier core.PartyID, item core.ItemID, invoice string) purchase.PostGRNReq {
	today := core.DateOf(time.Now(), time.UTC)
	req := purchase.PostGRNReq{Supplier: supplier, InvoiceNo: invoice, InvoiceDate: today - 1, Freight: 350_00}
	for i := range 5 {
		req.Lines = append(req.Lines, purchase.GRNLine{Item: item, Qty: core.Qty(i+1) * core.Kilogram, Unit: "kg", Value: 225_00, SupplierBatch: "UJ-77", ExpiryOn: today.AddMonths(12)})
	}
	return req
}

// TestGoodsReceivedOnOnePCAreSeenOnAnother is the one job of the foundation: posted
// on a client, seen on another client and on the server, and there after a restart.
func TestGoodsReceivedOnOnePCAreSeenOnAnother(t *testing.T) {
	s := newService(t)
	s.start()
	item, supplier := s.setUp()
	store, office := s.client(), s.client()

	posted := call(store, purchase.PostGRN, delivery(supplier.ID, item.ID, "UJH/1182"))
	if len(posted.Lots) != 5 {
		t.Fatalf("posted %+v", posted)
	}
	for name, p := range map[string]*pc{"another client": office, "the server": s.pc} {
		v := call(p, stock.Valuation, stock.ValuationReq{})
		if want := core.Paise(5*225_00 + 350_00); v.Total != want || v.Items[0].Qty != 15*core.Kilogram {
			t.Errorf("%s sees %v and %v, want %v", name, v.Total, v.Items[0].Qty, want)
		}
	}
	if _, problem, code := office.run("call", purchase.PostGRN.Name, "{}"); code != 3 || !strings.Contains(problem, "Choose the supplier.") {
		t.Errorf("an empty GRN ends with exit %d: %s", code, problem)
	}
	s.must("verify")
	if code := s.stop(); code != 0 {
		t.Errorf("the service stopped with exit %d", code)
	}
	if _, problem, code := office.run("call", "account.who_am_i", "--wait", "2s"); code != 4 {
		t.Errorf("without a server a call ends with exit %d: %s", code, problem)
	}
	s.start()
	if n := len(call(office, stock.ListDocuments, stock.ListDocumentsReq{}).Documents); n != 1 {
		t.Errorf("after a restart there are %d documents, want 1", n)
	}
}

// ledgerOfClients is what the clients of a test were told.
type ledgerOfClients struct {
	mu    sync.Mutex
	acked map[string]string // invoice number -> GRN number
	more  chan struct{}     // gets a value when something was acknowledged
}

func (l *ledgerOfClients) note(invoice, number string) {
	l.mu.Lock()
	l.acked[invoice] = number
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// TestFault_1_2_KillWhilePosting kills the service at random moments while eight
// clients post and resend with the same key: nothing acknowledged may be missing
// and nothing may be there twice.
func TestFault_1_2_KillWhilePosting(t *testing.T) {
	kills := rounds(t, "MASALA_KILL_ROUNDS", 20)
	s := newService(t)
	s.start()
	item, supplier := s.setUp()
	told := &ledgerOfClients{acked: map[string]string{}, more: make(chan struct{}, 1)}

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	var lines []*node.Line
	for range 8 {
		lines = append(lines, s.line(ctx, s.client()))
	}
	var clients sync.WaitGroup
	stop := make(chan struct{})
	for i, l := range lines {
		clients.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				invoice := fmt.Sprintf("C%d/%d", i, n)
				number, err := postUntilAnswered(ctx, l, delivery(supplier.ID, item.ID, invoice))
				if err != nil {
					t.Errorf("%s: %v", invoice, err)
					return
				}
				told.note(invoice, number)
			}
		})
	}
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	for round := range kills {
		select {
		case <-told.more: // the clients are back at work
		case <-time.After(30 * time.Second):
			t.Fatalf("nothing was posted after kill %d", round)
		}
		time.Sleep(time.Duration(random.IntN(300_000)) * time.Microsecond) // the random moment is the input of this test
		s.kill()
		s.start()
		if t.Failed() {
			t.Fatalf("after kill %d", round+1)
		}
	}
	close(stop)
	clients.Wait()
	s.compare(told, kills)
}

// line opens the client stack of a paired PC inside this test and logs in.
func (s *service) line(ctx context.Context, p *pc) *node.Line {
	s.t.Helper()
	l, err := node.Dial(ctx, node.LineOptions{Setup: &node.SetupFile{Folder: paths.Folder(p.dir)}, Version: "test", Log: slog.New(slog.DiscardHandler)}, 10*time.Second)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := account.Login.Call(ctx, l, "", account.LoginReq{Login: "owner", Password: storagetest.Password})
	if err != nil {
		s.t.Fatal(err)
	}
	l.SetToken(resp.Token)
	return l
}

// postUntilAnswered sends one delivery with one key until the server has answered.
func postUntilAnswered(ctx context.Context, l *node.Line, req purchase.PostGRNReq) (string, error) {
	key := uuid.NewString()
	for {
		resp, err := purchase.PostGRN.Call(ctx, l, key, req)
		if err == nil {
			return resp.Number, nil
		}
		var refused *core.Error
		if errors.As(err, &refused) && refused.Code != core.CodeUnavailable || ctx.Err() != nil {
			return "", err
		}
	}
}

// compare holds what the clients were told against the books.
func (s *service) compare(told *ledgerOfClients, faults int) {
	s.t.Helper()
	inBooks, after := map[string]int{}, ""
	for {
		page := call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{Limit: 500, After: after})
		for _, d := range page.Documents {
			inBooks[d.Number]++
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(inBooks) != len(told.acked) {
		s.t.Errorf("the books have %d documents, the clients were told of %d", len(inBooks), len(told.acked))
	}
	seen := map[string]string{}
	for invoice, number := range told.acked {
		if inBooks[number] != 1 {
			s.t.Errorf("%s of invoice %s was acknowledged and is there %d times", number, invoice, inBooks[number])
		}
		if other, twice := seen[number]; twice {
			s.t.Errorf("%s was given to both %s and %s", number, invoice, other)
		}
		seen[number] = invoice
	}
	s.t.Logf("%d faults, %d documents acknowledged, all there once", faults, len(told.acked))
	s.t.Log(s.must("verify"))
}
