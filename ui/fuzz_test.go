package ui

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"

	"masala/core"
	"masala/ui/screen"
)

// FuzzWindow strikes keys, types, clicks and breaks the line as the bytes say:
// nothing may panic or hang, and no Operator may see money.
func FuzzWindow(f *testing.F) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 7))
		script := make([]byte, 60)
		for i := range script {
			script[i] = byte(r.Uint32())
		}
		f.Add(seed%2 == 0, script)
	}
	keys := []screen.Shortcut{{Name: key.NameF5}, {Name: key.NameF1}, {Name: key.NameEscape}, {Name: key.NameReturn}, {Name: key.NameTab},
		{Name: key.NameTab, Mods: key.ModShift}, {Name: key.NameDownArrow}, {Name: key.NameUpArrow}, {Name: key.NameSpace}, {Name: key.NameF11},
		{Name: "K", Mods: ctrl}, {Name: "B", Mods: ctrl}, {Name: "1", Mods: ctrl}, {Name: "3", Mods: ctrl}, {Name: "8", Mods: ctrl},
		{Name: "+", Mods: ctrl}, {Name: "-", Mods: ctrl}, {Name: "D", Mods: ctrl | key.ModShift}, {Name: "N", Mods: ctrl}, {Name: "P", Mods: ctrl | key.ModShift}}
	phases := []screen.Phase{screen.Online, screen.Online, screen.Slow, screen.Lost, screen.Searching, screen.Refused}
	f.Fuzz(func(t *testing.T, admin bool, script []byte) {
		const w, h = 1100, 700
		x := newWorld(t, screen.RoleClient, w, h)
		user := map[bool]string{true: "owner", false: "store1"}[admin]
		x.login(user)
		script = script[:min(len(script), 120)]
		for len(script) >= 2 {
			what, arg := script[0]%10, script[1]
			script = script[2:]
			switch what {
			case 0:
				x.server.set(func(f *fakeServer) {
					f.status.Phase, f.status.Refusal = phases[int(arg)%len(phases)], screen.Revoked
				})
				x.ui.Settle()
			case 1:
				x.ui.Type(string(rune('a' + arg%26)))
			case 2, 3:
				x.ui.ClickAt(f32.Pt(float32(int(arg%16)*w/16+20), float32(int(arg/16)*h/16+20)))
			case 4:
				x.ui.Advance(time.Duration(arg) * 50 * time.Millisecond)
			default:
				k := keys[int(arg)%len(keys)]
				x.ui.Press(k.Name, k.Mods)
			}
			if s := x.w.session; s != nil && s.env.User.Role == core.Operator && strings.Contains(x.ui.Dump(), "₹") {
				t.Fatalf("an Operator sees money:\n%s", x.ui.Dump())
			}
		}
	})
}
