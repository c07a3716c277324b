package hardware

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
)

func read() Parts { return readTree("/") }

// readTree reads the parts from a tree that looks like Linux's.
func readTree(root string) Parts {
	dmi := func(name string) string { return text(root, "sys/class/dmi/id/"+name) }
	p := Parts{System: normal(dmi("product_uuid")), Board: board(dmi("board_vendor"), dmi("board_name"), dmi("board_serial"))}
	if p.OS = normal(text(root, "etc/machine-id")); p.OS == "" {
		p.OS = normal(text(root, "var/lib/dbus/machine-id"))
	}
	if device := rootDevice(root); device != "" {
		p.Disk = diskSerial(root, device, 4)
	}
	return p
}

// text reads a small file, "" if that is not allowed or it is not there.
func text(root, path string) string {
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil || len(b) > 4096 {
		return ""
	}
	return strings.Trim(string(b), "\x00 \r\n\t")
}

// rootDevice is "8:2", the device the system lies on; "" when it lies on none, as in a
// container.
func rootDevice(root string) string {
	f, err := os.Open(filepath.Join(root, "proc/self/mountinfo"))
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		// 36 35 98:0 /mnt1 /mnt2 rw,noatime ...: id, parent, device, root, mount point
		if w := strings.Fields(s.Text()); len(w) > 4 && w[4] == "/" && !strings.HasPrefix(w[2], "0:") {
			return w[2]
		}
	}
	return ""
}

// diskSerial finds the serial number of the disk below a device: a partition lies on a
// disk, an encrypted or logical volume on partitions.
func diskSerial(root, device string, depth int) string {
	dir, err := filepath.EvalSymlinks(filepath.Join(root, "sys/dev/block", device))
	if err != nil || depth == 0 {
		return ""
	}
	if slaves, err := os.ReadDir(filepath.Join(dir, "slaves")); err == nil && len(slaves) > 0 {
		if below := text(dir, "slaves/"+slaves[0].Name()+"/dev"); below != "" {
			return diskSerial(root, below, depth-1)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "partition")); err == nil {
		dir = filepath.Dir(dir)
	}
	for _, name := range []string{"device/serial", "serial", "device/vpd_pg80", "device/cid"} {
		s := text(dir, name)
		if name == "device/vpd_pg80" && len(s) > 4 {
			s = s[4:] // behind the header of the page
		}
		if s = normal(s); s != "" {
			return s
		}
	}
	for _, line := range strings.Split(text(root, "run/udev/data/b"+text(dir, "dev")), "\n") {
		if s, ok := strings.CutPrefix(line, "E:ID_SERIAL_SHORT="); ok {
			return normal(s)
		}
	}
	for _, name := range []string{"wwid", "device/wwid"} {
		if s := normal(text(dir, name)); s != "" {
			return s
		}
	}
	return ""
}
