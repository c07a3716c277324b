package disk

import (
	"encoding/binary"
	"reflect"
	"testing"
)

// TestExtents: a volume over two disks, and an answer that was cut off.
func TestExtents(t *testing.T) {
	b := make([]byte, 8+2*24)
	binary.LittleEndian.PutUint32(b, 2)
	binary.LittleEndian.PutUint32(b[8:], 0)
	binary.LittleEndian.PutUint32(b[8+24:], 3)
	if got := extents(b); !reflect.DeepEqual(got, []string{"0", "3"}) {
		t.Errorf("two disks: %v", got)
	}
	if got := extents(b[:8+24]); !reflect.DeepEqual(got, []string{"0"}) {
		t.Errorf("cut off: %v", got)
	}
	if got := extents(nil); got != nil {
		t.Errorf("nothing: %v", got)
	}
}
