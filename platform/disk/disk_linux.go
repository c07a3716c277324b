package disk

import "golang.org/x/sys/unix"

func same(a, b string) (bool, error) {
	var x, y unix.Stat_t
	if err := unix.Stat(a, &x); err != nil {
		return false, err
	}
	if err := unix.Stat(b, &y); err != nil {
		return false, err
	}
	return x.Dev == y.Dev, nil
}
