package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"masala/core"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/session"
	"masala/transport/wire"
)

// introduce dials address, proves who we are and hears the answer. With a secret
// both sides prove to know it, and a server that does not is dropped; without one
// the server's key must be pin. When the server welcomes us, use gets the link and
// must start or close it before it returns; otherwise the link is closed.
func (c *Client) introduce(ctx context.Context, address string, wait time.Duration, pin identity.Fingerprint,
	hello wire.Hello, secret string, use func(*session.Link) error) (w wire.Welcome, err error) {
	dctx, stop := context.WithTimeout(ctx, wait)
	raw, err := c.config.Dial(dctx, address)
	stop()
	if err != nil {
		return w, err
	}
	if hello.Want != wire.WantPair {
		c.update(func(*Status) { c.shaking++ })
		defer c.update(func(*Status) { c.shaking-- })
	}
	hctx, stop := context.WithTimeout(ctx, wire.HandshakeTimeout)
	defer stop()
	link, err := session.Connect(hctx, raw, c.config.Identity.ClientTLS(pin))
	if err != nil {
		var other *identity.PinError
		switch {
		case errors.As(err, &other):
			err = &refusal{reason: PinMismatch}
		case hctx.Err() == nil:
			err = &hungUpError{err}
		case ctx.Err() == nil:
			err = &muteError{err}
		}
		return w, err
	}
	w, err = c.greet(link, hello, secret)
	if err != nil {
		link.Close()
		if hctx.Err() != nil && ctx.Err() == nil {
			err = &muteError{err}
		}
		return w, err
	}
	return w, use(link)
}

// greet exchanges hello and welcome on link.
func (c *Client) greet(link *session.Link, hello wire.Hello, secret string) (w wire.Welcome, err error) {
	hello.Protocol, hello.Version, hello.Name = wire.Protocol, c.config.Version, wire.CleanName(c.config.Name)
	info := pairing.TokenInfo
	if hello.Want == wire.WantPair {
		info = pairing.CodeInfo
	}
	if secret != "" {
		if hello.Proof, err = pairing.Proof(secret, info, pairing.ClientSide, link.State()); err != nil {
			return w, err
		}
	}
	if err = link.Send(hello); err != nil {
		return w, err
	}
	if err = link.Receive(&w); err != nil {
		return w, fmt.Errorf("client: no answer to hello: %w", err)
	}
	switch {
	case w.Protocol < wire.Protocol: // whatever it says: it does not know this version
		return w, &refusal{wire.WrongVersion, wire.ServerOlder(c.config.Version, w.Version).Message}
	case w.Reason != "":
		return w, &refusal{w.Reason, w.Message}
	case w.Protocol != wire.Protocol:
		return w, &refusal{wire.WrongVersion, wire.VersionMismatch(c.config.Version, w.Version).Message}
	case secret != "" && !pairing.Proved(w.Proof, secret, info, pairing.ServerSide, link.State()):
		return w, errNoProof
	}
	return w, nil
}

// hungUpError is a connection that ended before the other side said who it is: a server
// does that when too many come from one address at once.
type hungUpError struct{ error }

func (e *hungUpError) Unwrap() error { return e.error }

// muteError is a connection on which nobody said anything: a server that hangs, or
// another program.
type muteError struct{ error }

func (e *muteError) Unwrap() error { return e.error }

// errNoProof is a server that let us in without knowing the secret: an impostor.
var errNoProof = core.Errorf(core.CodeForbidden, "This is not the server that shows the code. Check the address.")

// pause reports whether ctx lasted so long.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Pair makes the server at address, which shows code on its screen, the server of
// this client. A connection that ends before anything was said is tried again, as a search
// would. Errors are *core.Error: a code that does not fit, or an address
// where no server answers.
func (c *Client) Pair(ctx context.Context, address, code string) error {
	plain, err := pairing.Normalize(code)
	if err != nil {
		return core.Invalid("code", "The code has 16 letters and digits. Check it on the server's screen.").Because(err)
	}
	address = withPort(address)
	var key identity.Fingerprint
	var w wire.Welcome
	for try := 1; ; try++ {
		w, err = c.introduce(ctx, address, roundWait, "", wire.Hello{Want: wire.WantPair}, plain, func(l *session.Link) error {
			key = l.Peer()
			l.Close()
			return nil
		})
		var early *hungUpError
		if !errors.As(err, &early) || try > len(firstRounds) || !pause(ctx, pauseAfter(try)) {
			break
		}
	}
	var no *refusal
	var own *core.Error
	switch {
	case errors.As(err, &no):
		return no.sentence()
	case errors.As(err, &own):
		return own
	case err != nil:
		return core.Errorf(core.CodeUnavailable, "%s", SearchText).Because(err)
	}
	c.log.Info("paired", "server", w.Server, "key", key.Short(), "address", address)
	c.adopt(Known{Fingerprint: key, Address: address, Name: w.Server})
	return nil
}
