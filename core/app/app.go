// Package app is the server without its sockets and its database: the one pipeline
// every call passes, whoever makes it. Session, request key, permission, licence
// mode, health gate, strict decoding and validation come first; then rules, ledger,
// audit and answer commit together or not at all.
package app

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/catalog"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/refusal"
	"masala/core/report"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/system"
	"masala/core/trace"
)

// Store is everything the pipeline and the areas need from the books, inside one
// transaction.
type Store interface {
	account.Store
	catalog.Store
	party.Store
	stock.Store
	purchase.Store
	report.Store
	recipe.Store
	production.Store
	packing.Store
	sales.Store
	trace.Store
	system.Store
	licence.Store
	backup.Store
	Kept(key string) (Kept, bool, error)
	Keep(Kept) error
}

// Kept is the memory of one committed request (R36). Answer is nil once it is older
// than 90 days; the rest is kept for ever.
type Kept struct {
	Key       string
	User      core.UserID
	Operation string
	Body      [32]byte // SHA-256 of the request; zero for Secret operations
	Document  core.DocumentID
	At        time.Time
	Answer    []byte
}

// Books is the database as the pipeline sees it. Read runs fn on a snapshot. Write
// runs fn inside the writer's transaction and returns nil only after COMMIT is on
// disk; fn may be run again if the transaction around it had to be repeated.
type Books interface {
	Read(ctx context.Context, fn func(Store) error) error
	Write(ctx context.Context, fn func(Store) error) error
}

// Options are what the application is built from. Books is required; the rest has
// the defaults of the product.
type Options struct {
	Books    Books
	Clock    core.Clock
	Random   io.Reader // tokens, salts
	Log      *slog.Logger
	Health   *health.Registry
	Licence  licence.Licence
	Restart  func() // starts the service anew; may be nil
	Hasher   *account.Hasher
	Desk     account.Desk
	Host     system.Host
	Backup   backup.Host
	Recovery backup.RecoveryHost
	OnRevoke func(core.DeviceID)
}

// App serves operations. It implements op.Service.
type App struct {
	books   Books
	clock   core.Clock
	random  io.Reader
	log     *slog.Logger
	health  *health.Registry
	licence licence.Licence
	guard   *licence.Guard // nil where no license is needed
	router  *op.Router[Store]
	boot    string
	state   *board
	turned  *refusal.Book // logins that were refused
	viewed  viewLog
	zones   sync.Map // *time.Location by name
}

// New builds the application.
func New(o Options) *App {
	if o.Clock == nil {
		o.Clock = core.SystemClock{}
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Health == nil {
		o.Health = &health.Registry{}
	}
	if o.Licence == nil {
		o.Licence = licence.Unlimited{}
	}
	if o.Hasher == nil {
		o.Hasher = account.NewHasher(o.Random)
	}
	if o.Host == nil {
		o.Host = system.NoHost{}
	}
	if o.Backup == nil {
		o.Backup = backup.NoHost{}
	}
	if o.Recovery == nil {
		o.Recovery = backup.NoHost{}
	}
	a := &App{books: o.Books, clock: o.Clock, random: o.Random, log: o.Log, turned: refusal.New(o.Log), health: o.Health, licence: o.Licence,
		router: op.NewRouter[Store](), boot: randomText(o.Random), state: newBoard()}
	account.Register(a.router, &account.Keeper{Hasher: o.Hasher, Throttle: &account.Throttle{}, Rand: o.Random,
		Desk: o.Desk, Revoked: o.OnRevoke, Lifetime: account.SessionLifetime})
	catalog.Register(a.router)
	party.Register(a.router)
	stock.Register(a.router)
	purchase.Register(a.router)
	recipe.Register(a.router)
	production.Register(a.router)
	packing.Register(a.router)
	sales.Register(a.router)
	trace.Register(a.router)
	report.Register(a.router)
	system.Register(a.router, o.Host)
	a.guard, _ = o.Licence.(*licence.Guard)
	licence.Register(a.router, a.guard, a.showLicence, o.Restart)
	backup.Register(a.router, o.Backup, o.Random, a.Confirmed)
	backup.RegisterRecovery(a.router, o.Recovery)
	o.Health.OnChange(func() { a.state.bump(system.TopicServer) })
	return a
}

// Router gives access to the handlers, for the documentation and its tests.
func (a *App) Router() *op.Router[Store] { return a.router }

// ServerChanged tells every window that the server's own facts changed.
func (a *App) ServerChanged() { a.state.bump(system.TopicServer) }

// Changed tells every window that what a topic shows has changed outside of the books.
func (a *App) Changed(t op.Topic) { a.state.bump(t) }

func randomText(r io.Reader) string {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		panic("app: no randomness: " + err.Error())
	}
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 16)
	for _, x := range b {
		out = append(out, hex[x>>4], hex[x&15])
	}
	return string(out)
}
