package disk

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/sys/windows"
)

// IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS
const volumeDiskExtents = 0x560000

// drivesOf names the drives on which the volume of path lies.
func drivesOf(path string) (out []string) {
	mount, err := volume(path)
	if err != nil {
		return nil
	}
	at, err := windows.UTF16PtrFromString(mount)
	if err != nil {
		return nil
	}
	name := make([]uint16, 64) // \\?\Volume{GUID}\ has 49
	if windows.GetVolumeNameForVolumeMountPoint(at, &name[0], uint32(len(name))) != nil {
		return nil
	}
	device, err := windows.UTF16PtrFromString(strings.TrimSuffix(windows.UTF16ToString(name), `\`))
	if err != nil {
		return nil
	}
	h, err := windows.CreateFile(device, 0, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return nil
	}
	defer windows.CloseHandle(h)
	buffer := make([]byte, 8+24*32)
	var n uint32
	if windows.DeviceIoControl(h, volumeDiskExtents, nil, 0, &buffer[0], uint32(len(buffer)), &n, nil) != nil {
		return nil
	}
	return extents(buffer[:n])
}

// extents reads a VOLUME_DISK_EXTENTS: a count, then for each extent the number of its
// disk, where it begins and how long it is, 24 bytes.
func extents(b []byte) (out []string) {
	if len(b) < 8 {
		return nil
	}
	count := binary.LittleEndian.Uint32(b)
	for b = b[8:]; count > 0 && len(b) >= 24; count, b = count-1, b[24:] {
		out = append(out, fmt.Sprint(binary.LittleEndian.Uint32(b)))
	}
	return out
}
