package firewall

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLinux_AsksTheRightTool: what manages the firewall is asked, else the kernel; what
// may not be read is said to be unknown.
func TestLinux_AsksTheRightTool(t *testing.T) {
	denied := errors.New("exit status 1")
	for name, c := range map[string]struct {
		files  map[string]string
		answer map[string]string // by the first words of a command; missing: not installed
		refuse string
		admin  bool
		want   string
		state  State
	}{
		"nothing installed": {want: "No program that shows the firewall", state: Unknown},
		"ufw on": {files: map[string]string{"etc/ufw/ufw.conf": "# x\nENABLED=yes\n", "etc/default/ufw": "DEFAULT_INPUT_POLICY=\"DROP\"\n"},
			answer: map[string]string{"ufw status": "Status: active\n", "nft": `{"nftables":[]}`}, admin: true, want: "ufw blocks port 8090.", state: Blocked},
		"ufw on, lets in by default": {files: map[string]string{"etc/ufw/ufw.conf": "ENABLED=yes\n", "etc/default/ufw": "DEFAULT_INPUT_POLICY=\"ACCEPT\"\n"},
			answer: map[string]string{"ufw status": "Status: active\n"}, admin: true, want: "ufw lets port 8090 in.", state: Allowed},
		"ufw on, no root":        {files: map[string]string{"etc/ufw/ufw.conf": "ENABLED=yes\n"}, refuse: "ufw", want: "administrator only", state: Unknown},
		"ufw off":                {files: map[string]string{"etc/ufw/ufw.conf": "ENABLED=no\n"}, answer: map[string]string{"nft": `{"nftables":[]}`}, admin: true, want: "keeps anything out", state: Allowed},
		"firewalld":              {answer: map[string]string{"firewall-cmd --state": "running\n", "firewall-cmd --query": "yes\n"}, want: "firewalld lets port 8090 in.", state: Allowed},
		"firewalld, not running": {answer: map[string]string{"firewall-cmd --state": "not running\n", "nft": nft("drop")}, admin: true, want: "nftables blocks port 8090.", state: Blocked},
		"nft, no root":           {refuse: "nft", want: "administrator only", state: Unknown},
	} {
		root := t.TempDir()
		for path, text := range c.files {
			full := filepath.Join(root, path)
			if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		do := func(_ context.Context, program string, args ...string) (string, error) {
			if program == c.refuse {
				return "", denied
			}
			for prefix, out := range c.answer {
				if strings.HasPrefix(program+" "+strings.Join(args, " "), prefix) {
					return out, nil
				}
			}
			return "", exec.ErrNotFound
		}
		if r := lookLinux(t.Context(), do, root, c.admin, 8090); r.State() != c.state || !strings.Contains(r.Why, c.want) {
			t.Errorf("%s: %+v, want %s %q", name, r, c.state, c.want)
		}
	}
}

// TestLook_OnThisPC says something of the PC that runs the test, whatever that is.
func TestLook_OnThisPC(t *testing.T) {
	if r := Look(t.Context(), os.Args[0], 8090); r.Why == "" || r.Name == "" {
		t.Errorf("%+v", r)
	}
}
