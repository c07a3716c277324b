package hardware

import (
	"encoding/binary"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// The firmware table provider 'RSMB', and the control code of storage properties.
const (
	rawSMBIOS            = 0x52534D42
	storageQueryProperty = 0x2D1400
)

var getFirmwareTable = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemFirmwareTable")

func read() Parts {
	p := smbios(firmware())
	p.Disk = normal(systemDisk())
	p.OS = normal(machineGUID())
	return p
}

// firmware returns the structures of the SMBIOS table, nil when there is none.
func firmware() []byte {
	if getFirmwareTable.Find() != nil {
		return nil
	}
	n, _, _ := getFirmwareTable.Call(rawSMBIOS, 0, 0, 0)
	if n <= 8 || n > 1<<20 {
		return nil
	}
	b := make([]byte, n)
	got, _, _ := getFirmwareTable.Call(rawSMBIOS, 0, uintptr(unsafe.Pointer(&b[0])), n)
	if got <= 8 || got > n {
		return nil
	}
	return b[8:got] // behind the header of the call
}

// systemDisk asks the disk Windows lies on for its serial number. No access right is
// requested, so no administrator is needed.
func systemDisk() string {
	dir, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return ""
	}
	path, err := windows.UTF16PtrFromString(`\\.\` + filepath.VolumeName(dir))
	if err != nil {
		return ""
	}
	h, err := windows.CreateFile(path, 0, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return ""
	}
	defer windows.CloseHandle(h)
	query := make([]byte, 12) // StorageDeviceProperty, PropertyStandardQuery
	out := make([]byte, 1024)
	var n uint32
	if err := windows.DeviceIoControl(h, storageQueryProperty, &query[0], uint32(len(query)), &out[0], uint32(len(out)), &n, nil); err != nil {
		return ""
	}
	return descriptorSerial(out[:n])
}

// descriptorSerial reads the serial number of a STORAGE_DEVICE_DESCRIPTOR.
func descriptorSerial(b []byte) string {
	if len(b) < 28 {
		return ""
	}
	at := binary.LittleEndian.Uint32(b[24:])
	if at == 0 || at >= uint32(len(b)) {
		return ""
	}
	b = b[at:]
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

func machineGUID() string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Cryptography`, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return ""
	}
	defer k.Close()
	s, _, err := k.GetStringValue("MachineGuid")
	if err != nil {
		return ""
	}
	return s
}
