//go:build linux

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const month = "../../../docs/examples/month.sh"

func example(t *testing.T, script string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", script)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its server
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), "MASALA="+exe, "TMPDIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestExample_AMonth plays a month of the factory through "masala call": every number
// in it was worked out by hand, and one that differs ends it.
func TestExample_AMonth(t *testing.T) {
	withFaultPoints(t)
	out, err := example(t, month)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	said := regexp.MustCompile(`The month is closed; (\d+) numbers are as worked out by hand, and the books verify\.\n$`).FindStringSubmatch(out)
	if said == nil {
		t.Fatalf("it ends with\n%s", out)
	}
	script, err := os.ReadFile(month)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := strconv.Atoi(said[1]); n < 140 {
		t.Errorf("only %d numbers were checked", n)
	}
	// And it does end at a number that differs: a paisa of freight more.
	wrong := filepath.Join(t.TempDir(), "wrong.sh")
	if err := os.WriteFile(wrong, []byte(strings.Replace(string(script), `"freight":350000`, `"freight":350001`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err = example(t, wrong); err == nil || !strings.HasSuffix(out, "turmeric, value: 7326233, worked out by hand: 7326232\n") {
		t.Errorf("with a paisa more: %v\n%s", err, out)
	}
}
