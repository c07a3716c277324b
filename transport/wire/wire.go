// Package wire fixes what travels between the PCs of a factory: ports, paths,
// headers, limits, the hello frames and how a refusal looks in HTTP. Client and
// server import it; it knows neither.
package wire

import "time"

// Port is the TCP port of calls and the UDP port of discovery (RESILIENCE 3.4).
const Port = 8090

// Protocol is the version both sides must share. It moves only when an older
// program would misread a newer one; new fields alone do not move it.
//
//	2: op.Mark carries a proof in place of the hash, and a recipe its by-products. A PC
//	   of 1 would take the books for older ones and stop, and drop by-products.
const Protocol = 2

// ALPN names the language of hello and welcome inside TLS. It does not move with
// Protocol: in it two versions tell each other that they differ.
const ALPN = "masala/1"

// Paths of the HTTP calls.
const (
	CallPath  = "/call/" // POST, operation follows
	WatchPath = "/watch" // GET, NDJSON stream of op.State
)

// Headers of a call.
const (
	HeaderProtocol = "Masala-Protocol" // Protocol in decimal, both directions
	HeaderKey      = "Masala-Key"      // request key of a write (R36)
	HeaderSession  = "Masala-Session"  // session token, absent before login
	HeaderSeen     = "Masala-Seen"     // of a watch: the op.Mark this PC has seen, in JSON
)

// Limits of one message.
const (
	MaxRequest = 4 << 20  // bytes of a request body
	MaxAnswer  = 64 << 20 // bytes of an answer body
	MaxState   = 1 << 20  // bytes of one line of the watch stream
	MaxFrame   = 4 << 10  // bytes of a hello frame
	MaxStreams = 64       // open streams of one session
)

// Timings (ARCHITECTURE, "Choices already measured").
const (
	Heartbeat        = 1 * time.Second         // a client pings this often
	ClientDead       = 2500 * time.Millisecond // no byte for so long: the client gives the session up
	ServerDead       = 4500 * time.Millisecond // the same at the server, which has dropped a dead PC within 5 s (RESILIENCE 2.3)
	HandshakeTimeout = 3 * time.Second         // TCP accepted until hello answered
	WriteTimeout     = 10 * time.Second        // one write to the network
	SlowAfter        = 10 * time.Second        // a call without answer on a live session
)
