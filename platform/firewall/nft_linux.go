package firewall

import (
	"encoding/json"
	"fmt"
	"slices"
)

// ruleset is what "nft -j list ruleset" prints, as far as it matters here.
type ruleset struct {
	Objects []struct {
		Chain *chain
		Rule  *struct {
			Family, Table, Chain string
			Expr                 []map[string]json.RawMessage
		}
	} `json:"nftables"`
}

type chain struct {
	Family, Table, Name, Type, Hook, Policy string
	rules                                   [][]map[string]json.RawMessage
}

func (c *chain) at() string { return c.Family + " " + c.Table + " " + c.Name }

// judgeNFT follows a new connection from another PC through every chain that handles
// what comes in. What it does not understand it says so of.
func judgeNFT(text string, port int) Report {
	var all ruleset
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return both("nftables", Unknown, "The rules of the firewall were not understood.")
	}
	chains := map[string]*chain{}
	var entries []*chain
	for _, o := range all.Objects {
		if c := o.Chain; c != nil {
			chains[c.at()] = c
			if c.Hook == "input" && c.Type == "filter" && slices.Contains([]string{"ip", "inet"}, c.Family) {
				entries = append(entries, c)
			}
		}
	}
	for _, o := range all.Objects {
		if r := o.Rule; r != nil {
			if c := chains[r.Family+" "+r.Table+" "+r.Chain]; c != nil {
				c.rules = append(c.rules, r.Expr)
			}
		}
	}
	r := Report{Name: "nftables", TCP: Allowed, UDP: Allowed}
	if len(entries) == 0 {
		r.Why = "This PC has no firewall that keeps anything out."
		return r
	}
	var closed *chain
	for _, x := range []struct {
		protocol string
		state    *State
	}{{"tcp", &r.TCP}, {"udp", &r.UDP}} {
		p := packet{x.protocol, port, chains}
		for _, c := range entries {
			switch p.through(c, 0) {
			case dropped:
				*x.state, closed = Blocked, c
			case unclear:
				if *x.state == Allowed {
					*x.state = Unknown
				}
			}
		}
	}
	r.plain(port)
	if closed != nil {
		for _, protocol := range []string{"tcp", "udp"} {
			r.Fix = append(r.Fix, fmt.Sprintf("sudo nft insert rule %s %s dport %d accept", closed.at(), protocol, port))
		}
	}
	return r
}

// end is how a packet leaves a chain.
type end int

const (
	goesOn end = iota
	accepted
	dropped
	unclear
)

// packet is the first one of a connection to port, from another PC.
type packet struct {
	protocol string
	port     int
	chains   map[string]*chain
}

// through follows the packet through a chain. A rule that may or may not be about it
// makes the end unclear unless everything after comes to the same.
func (p packet) through(c *chain, depth int) end {
	if depth > 16 {
		return unclear
	}
	var maybe []end
	settle := func(e end) end {
		for _, m := range maybe {
			if m != e {
				return unclear
			}
		}
		return e
	}
	for _, rule := range c.rules {
		about, verdict := yes, goesOn
		returns := false
		for _, x := range rule {
			for kind, raw := range x {
				switch kind {
				case "match":
					about = min(about, p.matches(raw))
				case "accept":
					verdict = accepted
				case "drop", "reject":
					verdict = dropped
				case "return":
					returns = true
				case "jump", "goto":
					var to struct{ Target string }
					if next := p.chains[c.Family+" "+c.Table+" "+targetOf(raw, &to)]; next != nil && about != no {
						verdict = p.through(next, depth+1)
					}
				case "counter", "log", "comment":
				default: // a limit, a set, an extension of iptables: for some packets
					about = min(about, perhaps)
				}
			}
		}
		switch {
		case about == no || verdict == goesOn && !returns:
		case about == perhaps && returns:
			maybe = append(maybe, goesOn)
		case about == perhaps:
			maybe = append(maybe, verdict)
		case returns:
			return settle(goesOn)
		default:
			return settle(verdict)
		}
	}
	e := goesOn
	if c.Policy == "drop" {
		e = dropped
	} else if c.Policy == "accept" {
		e = accepted
	}
	return settle(e)
}

func targetOf(raw json.RawMessage, to *struct{ Target string }) string {
	_ = json.Unmarshal(raw, to)
	return to.Target
}

// answer is whether a rule is about the packet.
type answer int

const (
	no answer = iota
	perhaps
	yes
)

func (p packet) matches(raw json.RawMessage) answer {
	var m struct {
		Op   string
		Left struct {
			Payload *struct{ Protocol, Field string }
			Meta    *struct{ Key string }
			CT      *struct{ Key string }
		}
		Right json.RawMessage
	}
	if json.Unmarshal(raw, &m) != nil {
		return perhaps
	}
	not := func(a answer) answer {
		if m.Op == "!=" {
			return yes - a
		}
		return a
	}
	switch l := m.Left; {
	case l.Payload != nil && l.Payload.Field == "dport" && (l.Payload.Protocol == "tcp" || l.Payload.Protocol == "udp" || l.Payload.Protocol == "th"):
		if l.Payload.Protocol != "th" && l.Payload.Protocol != p.protocol {
			return no
		}
		return not(among(m.Right, p.port))
	case l.Payload != nil && (l.Payload.Protocol == "tcp" || l.Payload.Protocol == "udp" || l.Payload.Protocol == "icmp" || l.Payload.Protocol == "icmpv6" || l.Payload.Protocol == "ip6"):
		if l.Payload.Protocol != p.protocol {
			return no
		}
		return perhaps
	case l.Payload != nil && l.Payload.Protocol == "ip" && l.Payload.Field == "protocol", l.Meta != nil && l.Meta.Key == "l4proto":
		return not(named(m.Right, p.protocol))
	case l.Meta != nil && (l.Meta.Key == "iif" || l.Meta.Key == "iifname") && named(m.Right, "lo") == yes:
		return not(no) // other PCs do not come by the loopback interface
	case l.CT != nil && l.CT.Key == "state":
		return not(named(m.Right, "new"))
	}
	return perhaps
}

// among reports whether the right side holds a port: 8090, a range, or a set of them.
func among(raw json.RawMessage, port int) answer {
	var n int
	if json.Unmarshal(raw, &n) == nil {
		return truth(n == port)
	}
	var x struct {
		Set   []json.RawMessage
		Range []int
	}
	if json.Unmarshal(raw, &x) != nil || x.Set == nil && len(x.Range) != 2 {
		return perhaps // a named set
	}
	if len(x.Range) == 2 {
		return truth(x.Range[0] <= port && port <= x.Range[1])
	}
	found := no
	for _, e := range x.Set {
		found = max(found, among(e, port))
	}
	return found
}

// named reports whether the right side is or holds a word.
func named(raw json.RawMessage, word string) answer {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		if len(s) > 0 && s[0] == '@' {
			return perhaps
		}
		return truth(s == word)
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return truth(slices.Contains(list, word))
	}
	var x struct{ Set []string }
	if json.Unmarshal(raw, &x) != nil || x.Set == nil {
		return perhaps
	}
	return truth(slices.Contains(x.Set, word))
}

func truth(b bool) answer {
	if b {
		return yes
	}
	return no
}
