package firewall

import (
	"strings"
	"testing"
)

// nft writes rules as "nft -j list ruleset" does.
func nft(policy string, rules ...string) string {
	var b strings.Builder
	b.WriteString(`{"nftables":[{"metainfo":{"version":"1.0.6"}},{"table":{"family":"inet","name":"f"}},` +
		`{"chain":{"family":"inet","table":"f","name":"input","type":"filter","hook":"input","prio":0,"policy":"` + policy + `"}},` +
		`{"chain":{"family":"inet","table":"f","name":"more"}},{"chain":{"family":"inet","table":"f","name":"out","type":"filter","hook":"output","prio":0,"policy":"drop"}}`)
	for _, r := range rules {
		chain := "input"
		if rest, ok := strings.CutPrefix(r, "more:"); ok {
			chain, r = "more", rest
		}
		b.WriteString(`,{"rule":{"family":"inet","table":"f","chain":"` + chain + `","expr":[` + r + `]}}`)
	}
	return b.String() + "]}"
}

func TestNFT(t *testing.T) {
	const (
		accept      = `,{"accept":null}`
		drop        = `,{"drop":null}`
		established = `{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}}` + accept
		lo          = `{"match":{"op":"==","left":{"meta":{"key":"iif"}},"right":"lo"}}` + accept
		tcp         = `{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":8090}}`
		udp         = `{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":8090}}`
		set         = `{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":{"set":[22,{"range":[8000,8100]}]}}}`
		span        = `{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":{"range":[8000,9000]}}},{"counter":{"packets":0,"bytes":0}}`
		both        = `{"match":{"op":"==","left":{"payload":{"protocol":"th","field":"dport"}},"right":8090}}`
		from        = `{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":{"prefix":{"addr":"10.0.0.0","len":8}}}}`
		xt          = `{"xt":{"type":"match","name":"recent"}}`
		named       = `{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":"@open"}}`
		not         = `{"match":{"op":"!=","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":22}}`
		l4          = `{"match":{"op":"==","left":{"meta":{"key":"l4proto"}},"right":"udp"}}`
		jump        = `{"jump":{"target":"more"}}`
		back        = `,{"return":null}`
	)
	for name, c := range map[string]struct {
		text     string
		tcp, udp State
	}{
		"no rules at all":              {`{"nftables":[{"metainfo":{"version":"1.0.6"}}]}`, Allowed, Allowed},
		"accepts everything":           {nft("accept", established), Allowed, Allowed},
		"drops everything":             {nft("drop", established, lo), Blocked, Blocked},
		"lets both in":                 {nft("drop", established, lo, tcp+accept, udp+accept), Allowed, Allowed},
		"UDP forgotten":                {nft("drop", tcp+accept), Allowed, Blocked},
		"sets and ranges":              {nft("drop", set+accept, span+accept), Allowed, Allowed},
		"either protocol":              {nft("drop", both+accept), Allowed, Allowed},
		"dropped by name":              {nft("accept", tcp+drop, udp+`,{"reject":{"type":"icmp"}}`), Blocked, Blocked},
		"dropped, then accepted":       {nft("accept", tcp+drop, tcp+accept), Blocked, Allowed},
		"accepted, then dropped":       {nft("drop", tcp+accept, tcp+drop), Allowed, Blocked},
		"all but one port":             {nft("accept", not+drop), Blocked, Allowed},
		"one protocol":                 {nft("drop", l4+accept), Blocked, Allowed},
		"for some senders":             {nft("drop", from+","+both+accept), Unknown, Unknown},
		"dropped from some senders":    {nft("accept", from+drop), Unknown, Unknown},
		"a limit that does not matter": {nft("drop", `{"limit":{"rate":3,"per":"second"}},{"log":null}`+drop), Blocked, Blocked},
		"an extension of iptables":     {nft("drop", xt+accept), Unknown, Unknown},
		"a named set":                  {nft("drop", named+accept), Unknown, Blocked},
		"in another chain":             {nft("drop", jump, "more:"+tcp+accept, "more:"+udp+accept), Allowed, Allowed},
		"back from another chain":      {nft("accept", jump, "more:"+tcp+back, "more:"+tcp+drop), Allowed, Allowed},
		"a chain that is not there":    {nft("accept", `{"jump":{"target":"gone"}}`), Allowed, Allowed},
		"no JSON":                      {"table inet f {", Unknown, Unknown},
	} {
		r := judgeNFT(c.text, 8090)
		if r.TCP != c.tcp || r.UDP != c.udp || r.Why == "" {
			t.Errorf("%s: %+v, want %s %s", name, r, c.tcp, c.udp)
		}
		if r.State() == Blocked && !strings.Contains(strings.Join(r.Fix, " "), "nft insert rule inet f input") {
			t.Errorf("%s: the way out is %q", name, r.Fix)
		}
	}
}

func FuzzNFT(f *testing.F) {
	f.Add(nft("drop", `{"jump":{"target":"more"}}`, `more:{"goto":{"target":"more"}}`))
	f.Fuzz(func(t *testing.T, s string) {
		if r := judgeNFT(s, 8090); r.Why == "" {
			t.Error("nothing is said")
		}
	})
}
