package disk

import (
	"os"
	"testing"
)

// TestFullDevice meets what the system really says.
func TestFullDevice(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write([]byte("x")); !Full(err) {
		t.Errorf("/dev/full says %v", err)
	}
}
