// Package op defines operations: everything the server can do is one typed value,
// defined once, that the router serves, a client calls, the pipeline guards, the
// audit log names and the documentation lists.
package op

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Kind says how an operation touches the books, and so what may stop it.
type Kind string

// The kinds (DOMAIN.md section 3).
const (
	Read     Kind = "read"     // changes nothing; always allowed while the books can be read
	Business Kind = "business" // changes the books; stopped by licence, full disk, recovery
	Control  Kind = "control"  // logins, settings, HOLD, backup: pass the licence gate
)

// Permission is the least right a caller must hold.
type Permission string

// The permissions. Operator means any user who is logged in.
const (
	Public   Permission = "public"   // before login, from a paired PC
	ThisPC   Permission = "this_pc"  // before login, only from the server's own PC
	Operator Permission = "operator" // any logged-in user
	Admin    Permission = "admin"
)

// Topic names something screens show. A write announces the topics it changes and
// every open screen that shows one of them reads again.
type Topic string

// Meta is what the pipeline and the documentation know of an operation.
type Meta struct {
	Name     string
	Kind     Kind
	Perm     Permission
	Deadline time.Duration // a caller waits this long at most
	Doc      string
	Changes  []Topic
	Secret   bool // the request holds a password: no trace of its body is stored
	Keyless  bool // needs no request key: its answer is a secret, or repeating it is harmless
	Viewed   bool // reading it is itself audited (R37)
	Unlocked bool // passes the licence gate in every mode
	Dated    bool // writes the server's time into the ledger: waits while the clock is in doubt
	InBooks  bool // changes nothing but the books
	Req      reflect.Type
	Resp     reflect.Type
}

// An Op is the operation that turns a Req into a Resp.
type Op[Req, Resp any] struct{ Meta }

// DefaultDeadline is how long a caller waits for an operation that says nothing else.
const DefaultDeadline = 10 * time.Second

// Option refines a definition.
type Option func(*Meta)

// Changes announces the topics a write alters.
func Changes(topics ...Topic) Option { return func(m *Meta) { m.Changes = topics } }

// Within sets the deadline.
func Within(d time.Duration) Option { return func(m *Meta) { m.Deadline = d } }

// Secret keeps the request body, and any digest of it, out of every table.
func Secret() Option { return func(m *Meta) { m.Secret = true } }

// Keyless exempts a write from the request key: its answer is not kept (R36).
func Keyless() Option { return func(m *Meta) { m.Keyless = true } }

// Viewed makes reading leave an audit row (R37).
func Viewed() Option { return func(m *Meta) { m.Viewed = true } }

// Unlocked lets a Read, or a write that mends the licence, pass in every mode: what
// shows the way out, and what keeps an owner's data his own.
func Unlocked() Option { return func(m *Meta) { m.Unlocked = true } }

// Dated marks a Control operation that writes ledger rows. A row of a wrong year would
// stand as proof of the time for ever, so these wait while the clock is in doubt.
func Dated() Option { return func(m *Meta) { m.Dated = true } }

// InBooks marks a Control operation that changes nothing but the books, as Business and
// Dated ones do: a request that is wrong in itself can be tried on them for what else is
// wrong, and nothing of it stays.
func InBooks() Option { return func(m *Meta) { m.InBooks = true } }

// catalogue holds every definition of the program; it is filled while packages
// initialise and only read afterwards.
var catalogue = map[string]Meta{}

// Define declares an operation named area.verb_noun. It panics on an incomplete
// declaration: a right that was forgotten must not become a right that is granted.
func Define[Req, Resp any](name string, kind Kind, perm Permission, doc string, opts ...Option) Op[Req, Resp] {
	m := Meta{Name: name, Kind: kind, Perm: perm, Deadline: DefaultDeadline, Doc: doc,
		Req: reflect.TypeFor[Req](), Resp: reflect.TypeFor[Resp]()}
	for _, o := range opts {
		o(&m)
	}
	area, verb, ok := strings.Cut(name, ".")
	switch {
	case !ok || area == "" || verb == "" || doc == "" || m.Deadline <= 0:
		panic("op: incomplete definition of " + name)
	case kind != Read && kind != Business && kind != Control:
		panic("op: no kind for " + name)
	case perm != Public && perm != ThisPC && perm != Operator && perm != Admin:
		panic("op: no permission for " + name)
	}
	if _, dup := catalogue[name]; dup {
		panic("op: two definitions of " + name)
	}
	catalogue[name] = m
	return Op[Req, Resp]{m}
}

// All lists every defined operation by name.
func All() []Meta {
	return slices.SortedFunc(maps.Values(catalogue), func(a, b Meta) int { return strings.Compare(a.Name, b.Name) })
}

// Lookup finds the definition called name.
func Lookup(name string) (Meta, bool) { m, ok := catalogue[name]; return m, ok }

// A Caller carries calls to whoever serves them, as one logged-in user. Errors it
// returns are *core.Error where the server answered, anything else where it could
// not be reached.
type Caller interface {
	Call(ctx context.Context, operation, key string, body []byte) ([]byte, error)
}

// Call performs the operation through c. key is the request key of a write: one
// intention of one user, which has its effect once however often it is sent (R36).
// Reads and Keyless operations pass "".
func (o Op[Req, Resp]) Call(ctx context.Context, c Caller, key string, req Req) (resp Resp, err error) {
	body, err := json.Marshal(req)
	if err != nil {
		return resp, fmt.Errorf("%s: encode request: %w", o.Name, err)
	}
	answer, err := c.Call(ctx, o.Name, key, body)
	if err != nil {
		return resp, err
	}
	if err := json.Unmarshal(answer, &resp); err != nil {
		return resp, fmt.Errorf("%s: decode answer: %w", o.Name, err)
	}
	return resp, nil
}
