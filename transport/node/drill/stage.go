package drill

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/platform/paths"
	"masala/platform/supervise"
	"masala/transport/node"
)

// password of the only user of the scratch factory.
const password = "drill-cumin-7"

// patience is how long anything may take that has no bar of its own.
const patience = 30 * time.Second

// stage is a scratch factory: a supervised server and client PCs, all on loopback.
type stage struct {
	options  Options
	ctx      context.Context
	folder   paths.Folder
	address  string // of the server on the LAN, host:port
	server   *supervise.Supervisor
	halt     func()               // ends the server
	ends     []context.CancelFunc // of the lines
	stop     context.CancelFunc
	own      *node.Line // of the server PC
	clients  []*client
	wires    *wires
	books    *told
	item     catalog.Item
	supplier party.Party
	invoices int
}

// client is a PC whose cable the drill can pull out.
type client struct {
	*node.Line
	cable *cable
}

func setStage(ctx context.Context, o Options) (s *stage, err error) {
	s = &stage{options: o, folder: paths.Folder(filepath.Join(o.Dir, "server")), books: &told{acked: map[string]string{}}}
	s.ctx, s.stop = context.WithCancel(ctx)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.strike())
		}
	}()
	if s.address, err = freeAddress("127.0.0.1"); err != nil {
		return s, err
	}
	s.wires = newWires(func() string { return s.address })
	s.start()
	if s.own, err = s.line(&node.SetupFile{Folder: s.folder}); err != nil {
		return s, err
	}
	_, err = account.CreateFirstAdmin.Call(s.ctx, s.own, "", account.CreateFirstAdminReq{Factory: "Drill factory", StateCode: "27", Login: "owner", Name: "Owner", Password: password})
	if err != nil {
		return s, err
	}
	if err := login(s.ctx, s.own); err != nil {
		return s, err
	}
	if s.item, err = catalog.CreateItem.Call(s.ctx, s.own, uuid.NewString(), catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: "RAW-005", Name: "Cumin seed", Type: catalog.Raw,
		Dimension: "mass", PurchaseUnit: "kg", IssueUnit: "kg", Active: true}}); err != nil {
		return s, err
	}
	if s.supplier, err = party.CreateParty.Call(s.ctx, s.own, uuid.NewString(), party.CreatePartyReq{Fields: party.Fields{Kind: party.Supplier, Name: "Unjha Jeera House", StateCode: "24", Active: true}}); err != nil {
		return s, err
	}
	for n := range o.Clients {
		if err := s.pair(n); err != nil {
			return s, fmt.Errorf("PC %d: %w", n+1, err)
		}
	}
	return s, nil
}

// start starts the server and what watches over it.
func (s *stage) start() {
	ctx, cancel := context.WithCancel(s.ctx)
	server := supervise.New(supervise.Child{Name: "service", Path: s.options.Program, Args: s.serveArgs(), StopCodes: []int{}, Tree: true, Watch: s.options.Watch,
		Backoff: supervise.Backoff{First: 100 * time.Millisecond, Max: time.Second, Healthy: time.Second}}, s.options.Log)
	ended := make(chan struct{})
	go func() { server.Run(ctx); close(ended) }()
	s.server = server
	s.halt = func() { cancel(); <-ended }
}

// serveArgs run the service of the drill: no license, no beacon, loopback.
func (s *stage) serveArgs() []string {
	return []string{"serve", "--drill", "--quiet", "--listen", s.address, "--data", string(s.folder)}
}

// freeAddress is an address nobody listens on now.
func freeAddress(host string) (string, error) {
	ln, err := net.Listen("tcp4", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// strike ends everything.
func (s *stage) strike() error {
	s.stop()
	if s.halt != nil {
		s.halt()
	}
	if s.wires == nil {
		return nil
	}
	return s.wires.close()
}

func login(ctx context.Context, l *node.Line) error {
	resp, err := account.Login.Call(ctx, l, "", account.LoginReq{Login: "owner", Password: password})
	if err == nil {
		l.SetToken(resp.Token)
	}
	return err
}

// line opens a line and waits until it is up.
func (s *stage) line(f *node.SetupFile) (*node.Line, error) {
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline) && s.ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		ctx, stop := context.WithCancel(s.ctx)
		l, err := node.Dial(ctx, node.LineOptions{Setup: f, Version: s.options.Version, Log: slog.New(slog.DiscardHandler)}, patience)
		if err == nil {
			s.ends = append(s.ends, stop)
			return l, nil
		}
		stop()
		last = err
	}
	return nil, errors.Join(last, s.ctx.Err())
}

// pair makes one more PC with a cable of its own.
func (s *stage) pair(n int) error {
	code, err := account.OpenPairing.Call(s.ctx, s.own, "", account.OpenPairingReq{})
	if err != nil {
		return err
	}
	c, err := s.wires.cable()
	if err != nil {
		return err
	}
	setup := &node.SetupFile{Folder: paths.Folder(filepath.Join(s.options.Dir, fmt.Sprintf("pc%02d", n+1)))}
	p, err := node.NewLine(node.LineOptions{Setup: setup, Version: s.options.Version, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := p.Pair(s.ctx, c.address(), code.Code); err != nil {
		return err
	}
	l, err := s.line(setup)
	if err != nil {
		return err
	}
	s.clients = append(s.clients, &client{l, c})
	return login(s.ctx, l)
}

// told is what the clients were told: invoice -> GRN.
type told struct {
	mu    sync.Mutex
	acked map[string]string
	last  time.Time
	fault error // the first refusal of a client that keeps posting
}

func (t *told) note(invoice, number string) {
	t.mu.Lock()
	t.acked[invoice], t.last = number, time.Now()
	t.mu.Unlock()
}

func (t *told) stopped(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fault == nil {
		t.fault = err
	}
}

func (t *told) len() int { t.mu.Lock(); defer t.mu.Unlock(); return len(t.acked) }

func (s *stage) delivery(invoice string) purchase.PostGRNReq {
	today := core.DateOf(time.Now(), time.UTC)
	return purchase.PostGRNReq{Supplier: s.supplier.ID, InvoiceNo: invoice, InvoiceDate: today - 1, Freight: 350_00, Lines: []purchase.GRNLine{
		{Item: s.item.ID, Qty: 50 * core.Kilogram, Unit: "kg", Value: 11250_00, SupplierBatch: "UJ-77", ExpiryOn: today.AddMonths(12)}}}
}

func (s *stage) invoice() string { s.invoices++; return fmt.Sprintf("DR/%d", s.invoices) }

// post sends one delivery under one key until it is answered, and remembers the answer.
func (s *stage) post(ctx context.Context, c *client, invoice string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	key := uuid.NewString()
	for {
		resp, err := purchase.PostGRN.Call(ctx, c, key, s.delivery(invoice))
		if err == nil {
			s.books.note(invoice, resp.Number)
			return nil
		}
		if core.CodeOf(err) != core.CodeUnavailable || ctx.Err() != nil {
			return fmt.Errorf("invoice %s: %w", invoice, err)
		}
	}
}

// posting keeps some clients posting until the function returned is called.
func (s *stage) posting(clients []*client) (end func() error) {
	ctx, cancel := context.WithTimeout(s.ctx, 10*time.Minute)
	enough := make(chan struct{})
	errs := make([]error, len(clients))
	first := s.invoices
	s.invoices++
	var all sync.WaitGroup
	for i, c := range clients {
		all.Go(func() {
			for n := 0; errs[i] == nil; n++ {
				select {
				case <-enough:
					return
				default:
				}
				if errs[i] = s.post(ctx, c, fmt.Sprintf("DR/%d-%d-%d", first, i, n)); errs[i] != nil {
					s.books.stopped(errs[i])
				}
			}
		})
	}
	return func() error { close(enough); all.Wait(); cancel(); return errors.Join(errs...) }
}

// answeredAfter waits for the first acknowledgement after t and returns how long it took.
func (s *stage) answeredAfter(t time.Time, limit time.Duration) (time.Duration, error) {
	err := s.until(limit, "a client is answered again", func() bool {
		s.books.mu.Lock()
		defer s.books.mu.Unlock()
		return s.books.last.After(t) || s.books.fault != nil
	})
	s.books.mu.Lock()
	defer s.books.mu.Unlock()
	fault := s.books.fault
	s.books.fault = nil
	return s.books.last.Sub(t), errors.Join(err, fault)
}

// until waits for something to become true.
func (s *stage) until(limit time.Duration, what string, done func() bool) error {
	for deadline := time.Now().Add(limit); !done(); time.Sleep(5 * time.Millisecond) {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waited %s until %s, in vain", seconds(limit), what)
		}
	}
	return nil
}

// documents lists the numbers in the books.
func (s *stage) documents() (map[string]int, error) {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	there, after := map[string]int{}, ""
	for {
		page, err := stock.ListDocuments.Call(ctx, s.own, "", stock.ListDocumentsReq{Limit: 500, After: after})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Documents {
			there[d.Number]++
		}
		if after = page.Next; after == "" {
			return there, nil
		}
	}
}

// compare holds what the clients were told against the books: everything is there, once.
func (s *stage) compare() error {
	there, err := s.documents()
	if err != nil {
		return err
	}
	s.books.mu.Lock()
	defer s.books.mu.Unlock()
	given := map[string]string{}
	for invoice, number := range s.books.acked {
		if there[number] != 1 {
			return fmt.Errorf("%s was acknowledged for invoice %s and is in the books %d times", number, invoice, there[number])
		}
		if other, twice := given[number]; twice {
			return fmt.Errorf("%s was given to the invoices %s and %s", number, invoice, other)
		}
		given[number] = invoice
	}
	if len(there) != len(given) {
		return fmt.Errorf("the books hold %d GRNs, the clients were told of %d", len(there), len(given))
	}
	return nil
}

// pid is the process of the server, 0 while there is none.
func (s *stage) pid() int {
	if r, err := node.ReadRuntime(s.folder); err == nil && r.PID == s.server.PID() {
		return r.PID
	}
	return 0
}

// run runs the program to its end.
func (s *stage) run(args ...string) (out string, code int, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.options.Program, args...)
	b, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	if err != nil {
		return string(b), -1, err
	}
	return string(b), cmd.ProcessState.ExitCode(), nil
}
