package autostart

import (
	"os"
	"strconv"
	"testing"
)

func TestSwitch(t *testing.T) {
	e := Entry{ID: "MasalaTest" + strconv.Itoa(os.Getpid()), Name: "Masala", Exe: `C:\Program Files\Masala\masala.exe`, Args: []string{"--autostart"}}
	t.Cleanup(func() { e.Disable() })
	is := func(want bool) {
		t.Helper()
		if on, err := e.Enabled(); err != nil || on != want {
			t.Fatalf("enabled %v, %v, want %v", on, err, want)
		}
	}
	is(false)
	for range 2 {
		if err := e.Enable(); err != nil {
			t.Fatal(err)
		}
		is(true)
	}
	for range 2 {
		if err := e.Disable(); err != nil {
			t.Fatal(err)
		}
		is(false)
	}
}
