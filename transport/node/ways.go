package node

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"masala/transport/client"
	"masala/transport/discovery"
	"masala/ui/screen"
)

// silentAfter is how many questions on the network go without an answer before it is
// called none; the search goes on.
const silentAfter = 3

// maxWays is how many dialled addresses are told one by one: a server with many adapters
// announces many.
const maxWays = 4

// wayOf names where an address comes from.
var wayOf = map[string]string{"last address": "Last address", "typed": "Typed address", "found on the network": "Address the server announces"}

// ways lists what is tried to reach the server and how far each way has led (RESILIENCE
// 3.4).
func (l *Line) ways(s client.Status) (list []screen.Try) {
	for _, t := range s.Tried {
		x := screen.Try{Way: wayOf[t.Via], Where: t.Address, State: screen.NoAnswer, Why: t.Refused, Other: t.Reason == client.PinMismatch}
		switch {
		case t.Mute:
			x.Why = "A PC answers there, but the server on it says nothing."
		case t.Waiting:
			x.State = screen.Trying
		case t.Refused != "":
			x.State = screen.TurnedAway
		}
		list = append(list, x)
	}
	if more := len(list) - maxWays; more > 0 {
		list = append(list[:maxWays], screen.Try{Way: fmt.Sprintf("%d more addresses of the server", more), State: screen.NoAnswer})
	}
	if l.finder != nil {
		list = append(list, search(l.finder.Report(), s.State == client.Unpaired || l.heardOwn())...)
	}
	return list
}

// heardOwn reports whether the server this PC is paired with was heard of lately.
func (l *Line) heardOwn() bool {
	return slices.ContainsFunc(l.Found(), func(s screen.Server) bool { return s.Paired })
}

// search is how the search on the networks of this PC stands. own tells whether the server
// that is looked for was among those heard; others do not count.
func search(r discovery.Report, own bool) []screen.Try {
	ask := screen.Try{Way: "Search on every network", Where: networks(r.Asked), State: screen.Trying}
	beacon := screen.Try{Way: "Announcement of a server", State: screen.Trying}
	switch {
	case r.Answered && own:
		ask.State = screen.Answered
	case r.NoAsking != nil:
		ask.State, ask.Why = screen.NoAnswer, "This PC cannot search now. A firewall or security program may stop it; type the address instead."
	case r.Rounds > 0 && ask.Where == "":
		ask.State, ask.Why = screen.NoAnswer, "This PC is on no network. Plug in the LAN cable, or switch the Wi-Fi on."
	case r.Rounds > silentAfter:
		ask.State = screen.NoAnswer
	}
	switch {
	case r.Heard && own:
		beacon.State = screen.Answered
	case r.NoBeacon != nil:
		beacon.State, beacon.Why = screen.NoAnswer, "This PC cannot listen now. The search goes on without."
	case r.Rounds > silentAfter:
		beacon.State = screen.NoAnswer
	}
	if (r.Answered || r.Heard) && !own {
		beacon.Why = "Only other servers are heard."
	}
	return []screen.Try{ask, beacon}
}

// networks lists the networks asked; 255.255.255.255 is every one of them again.
func networks(list []netip.Addr) string {
	var out []string
	for _, a := range list {
		if a != netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			out = append(out, a.String())
		}
	}
	return strings.Join(out, ", ")
}
