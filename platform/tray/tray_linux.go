package tray

import (
	"image"

	"github.com/godbus/dbus/v5"
)

const watcher = "org.kde.StatusNotifierWatcher"

// bus is our own connection; the library keeps its own.
type bus struct{ *dbus.Conn }

// openHost proves that there is a session bus before the library needs one: it
// would start a bus of its own, or fall over.
func openHost() (host, error) {
	c, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, err
	}
	if err := c.Auth(nil); err != nil {
		c.Close()
		return nil, err
	}
	if err := c.Hello(); err != nil {
		c.Close()
		return nil, err
	}
	return bus{c}, nil
}

func (b bus) visible() (yes bool) {
	err := b.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, watcher).Store(&yes)
	return err == nil && yes
}

func (b bus) started() error { return nil }

func (b bus) notify(title, text string) error {
	return b.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications").Call(
		"org.freedesktop.Notifications.Notify", 0,
		title, uint32(0), "", title, text, []string{}, map[string]dbus.Variant{}, int32(-1)).Err
}

func (b bus) close() error { return b.Close() }

// icon hands the library the PNG as it is.
func icon(png []byte, _ image.Image) []byte { return png }
