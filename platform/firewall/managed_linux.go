package firewall

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

func judgeUFW(ctx context.Context, do func(context.Context, string, ...string) (string, error), defaults string, port int) Report {
	out, err := do(ctx, "ufw", "status")
	if err != nil {
		return both("ufw", Unknown, "ufw is on. Its rules can be read by the administrator only (root), so it is not known whether port %d is let in.", port)
	}
	r := Report{Name: "ufw", TCP: Blocked, UDP: Blocked}
	if accepts(defaults) {
		r.TCP, r.UDP = Allowed, Allowed
	}
	var tcp, udp bool // a rule was found: the first one counts
	for _, line := range strings.Split(out, "\n") {
		w := strings.Fields(line)
		if len(w) < 2 || strings.Contains(line, "(v6)") {
			continue
		}
		where, protocol, _ := strings.Cut(w[0], "/")
		if where != fmt.Sprint(port) {
			continue
		}
		s := Blocked
		switch {
		case w[1] == "ALLOW" && strings.Contains(line, "Anywhere"):
			s = Allowed
		case w[1] == "ALLOW" || w[1] == "LIMIT": // for some, or a few times a minute
			s = Partly
		}
		if protocol != "udp" && !tcp {
			r.TCP, tcp = s, true
		}
		if protocol != "tcp" && !udp {
			r.UDP, udp = s, true
		}
	}
	r.plain(port)
	if r.State() != Allowed {
		r.Fix = []string{fmt.Sprintf("sudo ufw allow %d/tcp", port), fmt.Sprintf("sudo ufw allow %d/udp", port)}
	}
	return r
}

// accepts reports whether ufw lets in what no rule names.
func accepts(defaults string) bool { return on(defaults, "DEFAULT_INPUT_POLICY", "ACCEPT") }

func judgeFirewalld(ctx context.Context, do func(context.Context, string, ...string) (string, error), port int) Report {
	ask := func(protocol string) State {
		out, err := do(ctx, "firewall-cmd", fmt.Sprintf("--query-port=%d/%s", port, protocol))
		var exit *exec.ExitError
		switch answer := strings.TrimSpace(out); {
		case err == nil && answer == "yes":
			return Allowed
		case answer == "no", errors.As(err, &exit) && exit.ExitCode() == 1:
			return Blocked
		}
		return Unknown
	}
	r := Report{Name: "firewalld", TCP: ask("tcp"), UDP: ask("udp")}
	r.plain(port)
	if r.State() == Unknown {
		r.Why = "firewalld is on and did not say whether it lets " + r.ports(port, Unknown) + " in."
	}
	if r.State() != Allowed {
		r.Fix = []string{fmt.Sprintf("sudo firewall-cmd --permanent --add-port=%d/tcp --add-port=%d/udp", port, port), "sudo firewall-cmd --reload"}
	}
	return r
}
