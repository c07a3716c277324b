package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"masala/core/op"
	"masala/transport/session"
	"masala/transport/wire"
)

// Why a client drops its own session.
var (
	errRetry    = errors.New("client: retry asked for")
	errRetarget = errors.New("client: another server was chosen")
	errAsleep   = errors.New("client: the clock jumped, this PC was asleep")
	errStopped  = errors.New("client: stopped")
)

// maxJump is how far the wall clock may step between two looks a second apart.
const maxJump = 5 * time.Second

// link is one session in use.
type link struct {
	client *Client
	run    *session.Session
	http   *http.Transport
}

func newLink(c *Client, a arrival) *link {
	return &link{c, a.run, &http.Transport{
		DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return a.run.Open(ctx) },
		DisableCompression:  true,
		MaxIdleConnsPerHost: 16,
		MaxConnsPerHost:     wire.MaxStreams / 2, // further calls wait their turn; the rest is for streams the server has not closed yet
		IdleConnTimeout:     30 * time.Second,    // the server keeps them for two minutes
	}}
}

// drop ends the session from our side.
func (l *link) drop(why error) { l.run.CloseFor(why) }

// hold keeps the link until it ends, then clears up behind it.
func (l *link) hold(ctx context.Context) {
	c := l.client
	wctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { l.watch(wctx) })
	l.guard(ctx)
	cancel()
	l.run.Close()
	l.http.CloseIdleConnections()
	watching.Wait()
	why := l.run.Cause()
	c.update(func(s *Status) {
		c.link, c.slowCalls, c.unanswered = nil, 0, false
		s.Latency = 0
		c.settle(s)
	})
	c.log.Info("connection lost", "why", why)
}

// guard returns when the session has ended, after ending it itself if the PC
// slept: the server has long forgotten a session that this side thinks alive.
func (l *link) guard(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	// Round(0): only the wall clock jumps, the monotonic one may sleep too.
	last := l.client.clock.Now().Round(0)
	for {
		select {
		case <-l.run.Done():
			return
		case <-ctx.Done():
			l.drop(errStopped)
			return
		case <-tick.C:
			now := l.client.clock.Now().Round(0)
			if step := now.Sub(last) - time.Second; step > maxJump || step < -maxJump {
				l.drop(errAsleep)
				return
			}
			last = now
		}
	}
}

// watch hands every state of the server to OnState.
func (l *link) watch(ctx context.Context) {
	for ctx.Err() == nil && l.run.Cause() == nil {
		if err := l.stream(ctx); err != nil && ctx.Err() == nil {
			l.client.log.Debug("watch ended", "err", err)
		}
		timer := time.NewTimer(time.Second)
		select {
		case <-timer.C:
		case <-l.run.Done():
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

func (l *link) stream(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+wire.WatchPath, nil)
	if err != nil {
		return err
	}
	req.Header.Set(wire.HeaderProtocol, strconv.Itoa(wire.Protocol))
	if seen := l.client.config.Seen(); seen.Books != "" {
		text, err := json.Marshal(seen)
		if err != nil {
			return err
		}
		req.Header.Set(wire.HeaderSeen, string(text))
	}
	resp, err := l.http.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New("client: watch refused: " + resp.Status)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, wire.MaxState)
	for lines.Scan() {
		var state op.State
		if err := json.Unmarshal(lines.Bytes(), &state); err != nil {
			return err
		}
		l.client.config.OnState(state)
	}
	return lines.Err()
}
