package firewall

import (
	"fmt"
	"strconv"
	"strings"
)

// windowsName is what Windows calls its firewall.
const windowsName = "Windows Firewall"

// network is a kind of network as Windows sorts them, and what its firewall does there.
type network struct {
	name  string // Domain, Private, Public, as in the rules
	on    bool
	opens bool // lets everything in that no rule blocks
}

// rule is one inbound rule of Windows' firewall.
type rule struct {
	allow    bool
	protocol int             // 6 TCP, 17 UDP, 0 any
	ports    []string        // none: any
	networks map[string]bool // none: all
	program  string          // "" any
	name     string
}

// parseRule reads a rule as the registry keeps it, such as
// "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8090|Name=Masala|". These texts
// are the same in every language of Windows; what netsh prints is translated. ok is false
// for a rule that says nothing of ports and programs here.
func parseRule(text string) (r rule, ok bool) {
	r.networks = map[string]bool{}
	active, inbound := false, false
	for _, field := range strings.Split(text, "|") {
		key, value, _ := strings.Cut(field, "=")
		switch {
		case key == "Action":
			r.allow = strings.EqualFold(value, "Allow")
			if !r.allow && !strings.EqualFold(value, "Block") {
				return r, false // by a condition we cannot judge
			}
		case key == "Active":
			active = strings.EqualFold(value, "TRUE")
		case key == "Dir":
			inbound = strings.EqualFold(value, "In")
		case key == "Protocol":
			r.protocol, _ = strconv.Atoi(value)
		case strings.HasPrefix(key, "LPort"):
			r.ports = append(r.ports, value)
		case key == "Profile":
			r.networks[value] = true
		case key == "App":
			r.program = value
		case key == "Name":
			r.name = value
		case strings.HasPrefix(key, "LA") || strings.HasPrefix(key, "RA"):
			if value != "LocalSubnet" { // for some addresses only
				return r, false
			}
		case key == "Svc" || key == "AppPkgId" || key == "IF" || key == "LUOwn" || key == "LUAuth" || key == "RMauth":
			return r, false
		}
	}
	return r, active && inbound
}

// fits reports whether the rule is about a port and program.
func (r rule) fits(protocol, port int, exe string) bool {
	if r.protocol != 0 && r.protocol != 256 && r.protocol != protocol {
		return false
	}
	if r.program != "" && !strings.EqualFold(r.program, "System") && !strings.EqualFold(strings.ReplaceAll(r.program, "/", `\`), strings.ReplaceAll(exe, "/", `\`)) {
		return false
	}
	for _, p := range r.ports {
		low, high, ranged := strings.Cut(p, "-")
		a, err := strconv.Atoi(low)
		b := a
		if ranged {
			b, _ = strconv.Atoi(high)
		}
		if err == nil && a <= port && port <= b {
			return true
		}
	}
	return len(r.ports) == 0 && (r.program != "" || r.protocol == 0 || r.protocol == 256)
}

// judgeWindows decides by the firewall's networks and rules. A rule that blocks wins
// over one that allows.
func judgeWindows(networks []network, rules []string, exe string, port int) Report {
	r := Report{Name: windowsName, TCP: Allowed, UDP: Allowed}
	var on []network
	for _, n := range networks {
		if n.on {
			on = append(on, n)
		}
	}
	if len(networks) == 0 {
		return both(windowsName, Unknown, "The settings of the firewall cannot be read on this PC.")
	}
	if len(on) == 0 {
		r.Why = "The firewall of Windows is off."
		return r
	}
	var closed []string // networks where the port is not let in
	blocked := false    // by a rule of its own
	state := func(protocol int) State {
		open := 0
		for _, n := range on {
			lets, blocks := n.opens, false
			for _, text := range rules {
				x, ok := parseRule(text)
				if !ok || !x.fits(protocol, port, exe) || len(x.networks) > 0 && !x.networks[n.name] {
					continue
				}
				if x.allow {
					lets = true
				} else {
					blocks = true
				}
			}
			blocked = blocked || blocks
			if lets && !blocks {
				open++
			} else if !strings.Contains(strings.Join(closed, " "), n.name) {
				closed = append(closed, n.name)
			}
		}
		switch open {
		case len(on):
			return Allowed
		case 0:
			return Blocked
		}
		return Partly
	}
	r.TCP, r.UDP = state(6), state(17)
	r.plain(port)
	if r.State() == Allowed {
		return r
	}
	if blocked {
		r.Why = fmt.Sprintf("Windows Firewall blocks %s by a rule of its own, as Windows makes one when somebody presses Cancel at its question.", r.ports(port, Blocked, Partly))
		r.Fix = append(r.Fix, fmt.Sprintf(`netsh advfirewall firewall delete rule name=all dir=in program="%s"`, exe))
	} else if r.State() == Partly {
		r.Why = fmt.Sprintf("Windows Firewall blocks %s on %s networks.", r.ports(port, Blocked, Partly), strings.Join(closed, " and "))
	}
	for _, p := range []string{"TCP", "UDP"} {
		r.Fix = append(r.Fix, fmt.Sprintf(`netsh advfirewall firewall add rule name="Masala %s" dir=in action=allow protocol=%s localport=%d profile=any remoteip=LocalSubnet`, p, p, port))
	}
	return r
}
