package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/transport/wire"
)

// base is the address of the server inside a session; its host is never looked up.
const base = "http://masala"

// again is the pause before a call is sent again on a session that still lives.
const again = 250 * time.Millisecond

// Unreachable is the error of a call the server did not answer in time.
type Unreachable struct {
	Operation string
	// Sent says that the request may have had its effect: ask again with the same
	// key to find out.
	Sent  bool
	Cause error
}

func (e *Unreachable) Error() string {
	if e.Sent {
		return "The server did not answer. What you typed is kept; try again."
	}
	return "The server cannot be reached. What you typed is kept; try again when the connection is back."
}

// Unwrap returns what went wrong last.
func (e *Unreachable) Unwrap() error { return e.Cause }

// Call carries one operation to the server and its answer back (op.Caller). It
// waits for a connection, and when the connection breaks or the server stays
// silent for the operation's deadline it sends again: reads, and writes under the
// same key, which have their effect once however often they arrive (R36). What has
// no key and is no read is sent once.
//
// All this ends with ctx, or with the operation's deadline if ctx has none. A form
// that should outlast an outage brings a longer deadline of its own.
//
// Errors are *core.Error where the server answered or refused this PC, and
// *Unreachable otherwise.
func (c *Client) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	deadline, repeat := op.DefaultDeadline, key != ""
	if meta, ok := op.Lookup(operation); ok {
		deadline, repeat = meta.Deadline, repeat || meta.Kind == op.Read
	}
	if _, own := ctx.Deadline(); !own {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, deadline)
		defer cancel()
	}
	t := &turn{client: c, operation: operation, key: key, body: body, deadline: deadline,
		slowAfter: max(deadline, wire.SlowAfter)}
	defer t.leave()
	for {
		l, err := c.online(ctx)
		if err != nil {
			var refused *core.Error
			if errors.As(err, &refused) {
				return nil, err
			}
			return nil, &Unreachable{operation, t.sent.Load(), errors.Join(t.last, err)}
		}
		answer, refused, err := t.send(ctx, l)
		switch {
		case err == nil && refused != nil:
			return nil, refused
		case err == nil:
			return answer, nil
		}
		t.last = err
		if ctx.Err() != nil || t.sent.Load() && !repeat {
			return nil, &Unreachable{operation, t.sent.Load(), err}
		}
		c.log.Debug("call goes again", "operation", operation, "err", err)
		if !t.pause(ctx, l) {
			return nil, &Unreachable{operation, t.sent.Load(), err}
		}
	}
}

// online waits for a link. It fails with the refusal of the server, or when ctx ends.
func (c *Client) online(ctx context.Context) (*link, error) {
	for {
		c.mu.Lock()
		l, refused, changed, stopped := c.link, c.refused, c.changed, c.stopped
		unpaired := c.known.Fingerprint == "" && c.launch == ""
		c.mu.Unlock()
		switch {
		case stopped:
			return nil, errStopped
		case l != nil:
			return l, nil
		case refused != nil && refused.final():
			return nil, refused.sentence()
		case unpaired:
			return nil, (&refusal{reason: wire.NotPaired}).sentence()
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// turn is one Call on its way, over as many links as it takes.
type turn struct {
	client    *Client
	operation string
	key       string
	body      []byte
	deadline  time.Duration // of one attempt
	slowAfter time.Duration // on one link

	sent  atomic.Bool
	last  error
	on    *link // the link it waits on
	since time.Time
	slow  *slowness
}

// slowness counts one call among the slow ones of a link, once its time is up.
type slowness struct {
	timer   *time.Timer
	counted bool // under the client's lock
	over    bool
}

// send makes one attempt on l.
func (t *turn) send(ctx context.Context, l *link) (answer []byte, refused *core.Error, err error) {
	if t.on != l {
		t.leave()
		t.on, t.since, t.slow = l, time.Now(), t.client.lookOut(l, t.slowAfter)
	}
	actx, cancel := context.WithTimeout(ctx, t.deadline)
	defer cancel()
	answer, refused, err = t.roundTrip(actx, l)
	switch {
	case err == nil:
		t.client.answered(l)
	case errors.Is(actx.Err(), context.DeadlineExceeded) && time.Since(t.since) >= t.slowAfter:
		t.client.silent(l)
	}
	return answer, refused, err
}

func (t *turn) roundTrip(ctx context.Context, l *link) ([]byte, *core.Error, error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { t.sent.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+wire.CallPath+t.operation, bytes.NewReader(t.body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.HeaderProtocol, strconv.Itoa(wire.Protocol))
	if t.key != "" {
		req.Header.Set(wire.HeaderKey, t.key)
	}
	if token := *t.client.token.Load(); token != "" {
		req.Header.Set(wire.HeaderSession, token)
	}
	resp, err := l.http.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	if resp.ContentLength < 0 || resp.ContentLength > wire.MaxAnswer {
		return nil, nil, fmt.Errorf("client: answer of %d bytes", resp.ContentLength)
	}
	answer := make([]byte, resp.ContentLength)
	if _, err := io.ReadFull(resp.Body, answer); err != nil {
		return nil, nil, fmt.Errorf("client: answer cut short: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		return answer, nil, nil
	}
	refused, ok := wire.ReadError(answer)
	if !ok {
		return nil, nil, fmt.Errorf("client: answer %s is not of this protocol", resp.Status)
	}
	return nil, refused, nil
}

// pause waits a moment before the next attempt, less if the link is gone; false
// when ctx ended.
func (t *turn) pause(ctx context.Context, l *link) bool {
	timer := time.NewTimer(again)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.run.Done():
		t.client.gone(ctx, l)
	case <-ctx.Done():
		return false
	}
	return true
}

// gone waits until the dead link is no longer the client's.
func (c *Client) gone(ctx context.Context, l *link) {
	for {
		c.mu.Lock()
		still, changed := c.link == l, c.changed
		c.mu.Unlock()
		if !still {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func (t *turn) leave() {
	if t.slow != nil {
		t.client.lookAway(t.on, t.slow)
		t.slow = nil
	}
}

// lookOut counts a call as slow once it has waited on l for after.
func (c *Client) lookOut(l *link, after time.Duration) *slowness {
	s := &slowness{}
	s.timer = time.AfterFunc(after, func() {
		c.update(func(*Status) {
			if !s.over && c.link == l {
				s.counted = true
				c.slowCalls++
			}
		})
	})
	return s
}

func (c *Client) lookAway(l *link, s *slowness) {
	s.timer.Stop()
	c.mu.Lock()
	s.over = true
	counted := s.counted
	c.mu.Unlock()
	if counted {
		c.update(func(*Status) {
			if c.link == l { // a new link has started to count anew
				c.slowCalls--
			}
		})
	}
}

// answered notes that the server answers on l.
func (c *Client) answered(l *link) {
	c.mu.Lock()
	quiet := c.link != l || !c.unanswered
	c.mu.Unlock()
	if !quiet {
		c.update(func(*Status) { c.unanswered = false })
	}
}

// silent notes that a call on l ended without an answer.
func (c *Client) silent(l *link) {
	c.update(func(*Status) {
		if c.link == l {
			c.unanswered = true
		}
	})
}
