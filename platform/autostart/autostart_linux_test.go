package autostart

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestSwitch(t *testing.T) {
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	e := Entry{ID: "masala", Name: "Masala Inventory", Exe: "/opt/masala/masala", Args: []string{"--autostart"}}
	is := func(want bool) {
		t.Helper()
		if on, err := e.Enabled(); err != nil || on != want {
			t.Fatalf("enabled %v, %v, want %v", on, err, want)
		}
	}
	is(false)
	if err := e.Disable(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Enable(); err != nil {
			t.Fatal(err)
		}
		is(true)
	}
	file := filepath.Join(config, "autostart", "masala.desktop")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), `Exec="/opt/masala/masala" "--autostart"`+"\n") {
		t.Errorf("%s", b)
	}
	off := strings.Replace(string(b), "enabled=true", "enabled=false", 1)
	if err := os.WriteFile(file, []byte(off), 0o600); err != nil {
		t.Fatal(err)
	}
	is(false)
	if err := e.Disable(); err != nil {
		t.Fatal(err)
	}
	is(false)
}

// The line must come apart into the same arguments again.
func TestExecLineIsQuoted(t *testing.T) {
	arg := "a b$HOME`x`\"q\"\\%f"
	line := quote(arg)
	unescaped := strings.ReplaceAll(line, `\\`, `\`)                      // the file's escapes
	unescaped = strings.ReplaceAll(unescaped, "%%", "%")                  // field codes
	out, err := exec.Command("sh", "-c", "printf %s "+unescaped).Output() // Exec quotes are the shell's
	if err != nil || string(out) != arg {
		t.Errorf("%q came back as %q (%v)", arg, out, err)
	}
}
