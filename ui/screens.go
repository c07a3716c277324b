package ui

import (
	"slices"

	"masala/ui/screen"
	"masala/ui/screen/backup"
	"masala/ui/screen/dashboard"
	"masala/ui/screen/grn"
	"masala/ui/screen/health"
	"masala/ui/screen/hub"
	"masala/ui/screen/items"
	"masala/ui/screen/license"
	"masala/ui/screen/parties"
	"masala/ui/screen/settings"
	"masala/ui/screen/stock"
	"masala/ui/screen/users"
)

// entries lists every screen of the window, in the order of the menu.
func entries() []screen.Entry {
	home := dashboard.Entry()
	forAdmins := home.New
	home.New = func(env *screen.Env, r screen.Route) screen.Screen {
		if env.IsAdmin() {
			return forAdmins(env, r)
		}
		return hub.New(env)
	}
	return slices.Concat(
		[]screen.Entry{home},
		items.Entries(),
		parties.Entries(),
		grn.Entries(),
		stock.Entries(),
		users.Entries(),
		backup.Entries(),
		settings.Entries(),
		health.Entries(),
		license.Entries(),
	)
}
