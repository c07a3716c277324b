package display

import "testing"

func TestAvailable(t *testing.T) {
	for _, c := range []struct {
		x, wayland string
		want       bool
	}{{"", "", false}, {":0", "", true}, {"", "wayland-0", true}} {
		t.Setenv("DISPLAY", c.x)
		t.Setenv("WAYLAND_DISPLAY", c.wayland)
		if got := Available(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
