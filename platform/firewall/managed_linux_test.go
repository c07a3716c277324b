package firewall

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// printed is what "ufw status" prints.
func printed(rules ...string) func(context.Context, string, ...string) (string, error) {
	return func(context.Context, string, ...string) (string, error) {
		return "Status: active\n\nTo                         Action      From\n--                         ------      ----\n" + strings.Join(rules, "\n") + "\n", nil
	}
}

func TestUFW(t *testing.T) {
	for name, c := range map[string]struct {
		do       func(context.Context, string, ...string) (string, error)
		tcp, udp State
		fixes    int
	}{
		"no rule":        {printed("22/tcp                     ALLOW       Anywhere"), Blocked, Blocked, 2},
		"both":           {printed("8090/tcp                   ALLOW       Anywhere", "8090/udp                   ALLOW       Anywhere", "8090/tcp (v6)              ALLOW       Anywhere (v6)"), Allowed, Allowed, 0},
		"any protocol":   {printed("8090                       ALLOW       Anywhere"), Allowed, Allowed, 0},
		"TCP only":       {printed("8090/tcp                   ALLOW       Anywhere"), Allowed, Blocked, 2},
		"some only":      {printed("8090                       ALLOW       192.168.1.7"), Partly, Partly, 2},
		"denied first":   {printed("8090                       DENY        Anywhere", "8090                       ALLOW       Anywhere"), Blocked, Blocked, 2},
		"v6 only":        {printed("8090 (v6)                  ALLOW       Anywhere (v6)"), Blocked, Blocked, 2},
		"cannot be read": {func(context.Context, string, ...string) (string, error) { return "", errors.New("exit status 1") }, Unknown, Unknown, 0},
	} {
		r := judgeUFW(t.Context(), c.do, "/nowhere", 8090)
		if r.TCP != c.tcp || r.UDP != c.udp || len(r.Fix) != c.fixes || r.Why == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestFirewalld(t *testing.T) {
	answer := func(tcp, udp string, err error) func(context.Context, string, ...string) (string, error) {
		return func(_ context.Context, _ string, args ...string) (string, error) {
			if strings.HasSuffix(args[0], "/tcp") {
				return tcp, err
			}
			return udp, err
		}
	}
	for name, c := range map[string]struct {
		do       func(context.Context, string, ...string) (string, error)
		tcp, udp State
	}{
		"open":        {answer("yes\n", "yes\n", nil), Allowed, Allowed},
		"closed":      {answer("no\n", "no\n", errors.New("exit status 1")), Blocked, Blocked},
		"TCP only":    {answer("yes\n", "no\n", nil), Allowed, Blocked},
		"may not ask": {answer("", "", errors.New("not authorized")), Unknown, Unknown},
	} {
		if r := judgeFirewalld(t.Context(), c.do, 8090); r.TCP != c.tcp || r.UDP != c.udp || (len(r.Fix) == 0) != (r.State() == Allowed) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
