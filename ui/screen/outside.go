package screen

import (
	"context"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/system"
)

// Connection is the line to the server as the window sees it. All methods may be
// called from any goroutine and return at once, Call and Pair aside.
type Connection interface {
	op.Caller
	SetToken(token string) // carried by every Call from now on; "" after logout
	Status() Status
	State() op.State
	Found() []Server // servers seen on the network, in the order they were found
	// OnChange sets the function called, from any goroutine, after Status, State or
	// Found changed.
	OnChange(func())
	RetryNow()
	Rediscover()               // forget the last address and look for the server again
	SetAddress(address string) // typed by hand: "192.168.1.10" or "192.168.1.10:8090"
	// Pair makes the server at address trust this PC. Its error is a *core.Error.
	Pair(ctx context.Context, address, code string) error
}

// Phase is where a Connection stands.
type Phase string

// The phases. Unpaired is a PC that has chosen no server yet, so nobody is dialled. Slow means that heartbeats arrive but a call has waited over ten
// seconds (RESILIENCE 1.4); Lost that nothing has arrived for 2.5 s (3.1).
const (
	Unpaired   Phase = "unpaired"
	Searching  Phase = "searching"
	Connecting Phase = "connecting"
	Online     Phase = "online"
	Slow       Phase = "slow"
	Lost       Phase = "lost"
	Refused    Phase = "refused"
)

// Refusal is why a server was found but cannot be used.
type Refusal string

// The refusals.
const (
	NotPaired    Refusal = "not_paired"
	Revoked      Refusal = "revoked"
	WrongVersion Refusal = "wrong_version"
	WrongServer  Refusal = "wrong_server" // another key than the one this PC trusts
	Recovering   Refusal = "recovering"   // an Admin has to restore its database first
	Starting     Refusal = "starting"     // it opens its books, or brings them up to its version
)

// Status is a Connection at one moment.
type Status struct {
	Phase   Phase
	Refusal Refusal       // while Refused
	Detail  string        // of a refusal: the server's own sentence
	Server  string        // name of the server's PC
	Address string        // last address, host:port
	Latency time.Duration // of the last heartbeat
	Attempt int           // tries since the connection was lost
	NextTry time.Time     // zero while one is running
	Since   time.Time     // when this Phase began
	Down    time.Time     // since when no call can be answered, whatever Phase was meanwhile; zero while Up
	Tried   []Try         // ways to the server, for the connect screen
}

// Try is one way to the server and how far it has led.
type Try struct {
	Way   string // "Last address"
	Where string // addresses; may be empty
	State TryState
	Why   string // of NoAnswer and TurnedAway, where there is more to say
	Other bool   // another Masala server turned this PC away
}

// TryState is how far a way has led.
type TryState string

// The states of a way.
const (
	Trying     TryState = "trying"
	NoAnswer   TryState = "no answer"
	TurnedAway TryState = "refused"
	Answered   TryState = "found"
)

// Up reports whether calls can be answered.
func (s Status) Up() bool { return s.Phase == Online || s.Phase == Slow }

// Server is a server seen on the network.
type Server struct {
	Name    string // of its PC
	Factory string
	Address string // host:port
	Paired  bool   // this PC trusts it already
	Version string
}

// Role is what this PC is for.
type Role string

// The roles; "" until the first run has asked.
const (
	RoleServer Role = "server"
	RoleClient Role = "client"
	RoleDemo   Role = "demo"
)

// PC is this computer as the window sees it.
type PC interface {
	Name() string
	Addresses() []string // on the LAN, best first
	PortFree() bool      // 8090 can be listened on
	FreeDisk() int64     // bytes where the data lies, -1 unknown
	Role() Role
	// Start makes this PC what role says, keeps the choice and returns the line to
	// the server, which may still be coming up. It may take seconds.
	Start(ctx context.Context, role Role) (Connection, error)
	// Look searches for servers until ctx ends and reports all that are found so
	// far. It is used before a role is chosen.
	Look(ctx context.Context, found func([]Server))
	// LoadPreferences returns what SavePreferences was given last, or nothing.
	LoadPreferences() ([]byte, error)
	SavePreferences([]byte) error
	Version() string
}

// Walled is a PC that can tell whether its firewall keeps other PCs out (RESILIENCE.md
// 3.4). Firewall returns a sentence, "" when nothing is known to be in the way.
type Walled interface{ Firewall() string }

// Starter is a PC that can start the program when its user logs in (RESILIENCE.md 2.3).
type Starter interface {
	Autostart() (bool, error)
	SetAutostart(on bool) error
}

// Logger is a PC that can show the log of the service that runs on it.
type Logger interface {
	// LogTail returns where the log lies and its newest lines, newest first.
	LogTail() (path string, lines []system.LogLine, err error)
}

// Login is a user of the demo factory, whose password is no secret.
type Login struct {
	Login, Password string
	Role            core.Role
	Note            string // "store and goods in"
}
