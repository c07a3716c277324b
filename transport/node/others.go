package node

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/transport/discovery"
	"masala/transport/identity"
)

const warnSecond = "server.second"

// maxOthers is how many other servers are named; a PC that invents servers must not
// make the warning longer, nor change it all the time: every change is told to every
// window.
const maxOthers = 3

// otherLasts is how long a server that is no longer heard of is still warned of.
const otherLasts = time.Minute

// others are the servers heard of beside this one (RESILIENCE.md 6.2).
type others struct {
	health *health.Registry
	log    *slog.Logger
	clock  core.Clock

	mu   sync.Mutex
	list []otherServer
	more bool // than are named
}

type otherServer struct {
	key identity.Fingerprint
	say string // name and address
	at  time.Time
}

// heard takes one notice of another server.
func (o *others) heard(s discovery.Server) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.clock.Now()
	i := slices.IndexFunc(o.list, func(x otherServer) bool { return x.key == s.Fingerprint })
	switch {
	case i >= 0:
		o.list[i].at = now
		return
	case len(o.list) >= maxOthers:
		if o.more {
			return
		}
		o.more = true
	default:
		say := s.Name
		if len(s.Addresses) > 0 {
			say += " (" + s.Addresses[0] + ")"
		}
		o.list = append(o.list, otherServer{s.Fingerprint, say, now})
		o.log.Warn("another server on this network", "name", s.Name, "key", s.Fingerprint.Short(), "addresses", s.Addresses)
	}
	o.warn()
}

// warn shows what is heard of now. o.mu is held.
func (o *others) warn() {
	if len(o.list) == 0 {
		o.health.Clear(warnSecond)
		return
	}
	names := make([]string, len(o.list))
	for i, x := range o.list {
		names[i] = x.say
	}
	what := "Another server runs on this network: " + names[0]
	if len(names) > 1 || o.more {
		what = "Other servers run on this network: " + strings.Join(names, ", ")
	}
	if o.more {
		what += " and more"
	}
	o.health.Set(health.Warning{Code: warnSecond, Severity: health.Warn, Admin: true,
		Text: fmt.Sprintf("%s. Clients stay with the server they are paired with.", what)})
}

// run forgets servers that are gone.
func (o *others) run(ctx context.Context) {
	tick := time.NewTicker(otherLasts / 4)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			o.forget()
		case <-ctx.Done():
			return
		}
	}
}

func (o *others) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	now, n := o.clock.Now(), len(o.list)
	o.list = slices.DeleteFunc(o.list, func(x otherServer) bool { return now.Sub(x.at) > otherLasts })
	if len(o.list) < n {
		o.more = false
		o.warn()
	}
}
