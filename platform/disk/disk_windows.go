package disk

import "golang.org/x/sys/windows"

func same(a, b string) (bool, error) {
	x, err := volume(a)
	if err != nil {
		return false, err
	}
	y, err := volume(b)
	return x == y, err
}

// volume returns the place where path's volume is mounted: C:\ or C:\mount\.
func volume(path string) (string, error) {
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return "", err
	}
	buf := make([]uint16, windows.MAX_LONG_PATH)
	if err := windows.GetVolumePathName(p, &buf[0], uint32(len(buf))); err != nil {
		return "", err
	}
	return windows.UTF16ToString(buf), nil
}
