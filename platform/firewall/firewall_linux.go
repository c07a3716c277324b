package firewall

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// run runs a program of the system and returns what it prints.
type run func(ctx context.Context, name string, args ...string) (string, error)

func look(ctx context.Context, _ string, port int) Report {
	return lookLinux(ctx, command, "/", os.Geteuid() == 0, port)
}

// command runs name from where administrators' programs lie, which a user's PATH may
// leave out.
func command(ctx context.Context, name string, args ...string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		for _, dir := range []string{"/usr/sbin", "/sbin"} {
			if p := filepath.Join(dir, name); executable(p) {
				path, err = p, nil
				break
			}
		}
	}
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	return string(out), err
}

func executable(path string) bool {
	i, err := os.Stat(path)
	return err == nil && i.Mode().IsRegular() && i.Mode()&0o111 != 0
}

// lookLinux asks the tools that manage a firewall first, for they say what they mean to
// do; then the kernel, which says what is done.
func lookLinux(ctx context.Context, do run, root string, admin bool, port int) Report {
	if on(filepath.Join(root, "etc/ufw/ufw.conf"), "ENABLED", "yes") {
		return judgeUFW(ctx, do, filepath.Join(root, "etc/default/ufw"), port)
	}
	if out, err := do(ctx, "firewall-cmd", "--state"); err == nil && strings.TrimSpace(out) == "running" {
		return judgeFirewalld(ctx, do, port)
	}
	out, err := do(ctx, "nft", "-j", "list", "ruleset")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return both("the firewall", Unknown, "No program that shows the firewall of this PC is installed, so it is not known what it lets in.")
	case err != nil && !admin:
		return both("nftables", Unknown, "The rules of the firewall can be read by the administrator only (root), so it is not known whether port %d is let in.", port)
	case err != nil:
		return both("nftables", Unknown, "The rules of the firewall could not be read: %v.", err)
	}
	return judgeNFT(out, port)
}

// on reports whether a file of NAME=value lines has a value.
func on(path, name, value string) bool {
	b, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	for _, line := range strings.Split(string(b), "\n") {
		if k, v, _ := strings.Cut(strings.TrimSpace(line), "="); k == name && strings.EqualFold(strings.Trim(v, `"' `), value) {
			return true
		}
	}
	return false
}
