//go:build linux

package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

const envAlone = "MASALA_TEST_ALONE"

// alone runs the rest of the test in a process with a network and mounts of its own:
// there is one server per PC, and this PC may have one. It reports whether the
// caller is that process and goes on; the other one has seen it pass.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(envAlone) != "" {
		return true
	}
	if os.Geteuid() != 0 {
		t.Skip("needs root: namespaces")
	}
	cmd := exec.Command("unshare", "--net", "--mount", "--propagation", "private", "sh", "-c", `ip link set lo up && exec "$0" "$@"`,
		os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=20m")
	cmd.Env = append(os.Environ(), envAlone+"="+exe)
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	return false
}
