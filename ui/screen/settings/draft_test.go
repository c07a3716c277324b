package settings_test

import (
	"testing"

	"masala/ui/screen"
	"masala/ui/screen/screentest"
	"masala/ui/screen/settings"
)

func TestFault_2_1_SettingsDraft(t *testing.T) {
	s := newServer()
	screentest.Comeback{Title: "change of the settings",
		Open: func(o screentest.Options) *screentest.Window {
			o.Server = s.Server
			return screentest.Open(t, o, func(env *screen.Env) screen.Screen { return settings.New(env) })
		},
		Begin: func(*screentest.Window) {},
		Type:  func(w *screentest.Window) { w.Fill("Address", "Market Yard, Pune") },
		Holds: map[string]string{"Address": "Market Yard, Pune"},
	}.Run(t)
}
