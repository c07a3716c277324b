package hardware

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pc is a tree of files like Linux shows a PC; a value "-> x" is a link.
type pc map[string]string

func (p pc) tree(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, content := range p {
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(content, "-> "); ok {
			err = os.Symlink(to, full)
		} else {
			err = os.WriteFile(full, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func (p pc) with(more pc) pc {
	out := pc{}
	for k, v := range p {
		out[k] = v
	}
	for k, v := range more {
		if v == "" {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}

// office is a desktop PC with one SATA disk.
var office = pc{
	"sys/class/dmi/id/product_uuid":                  "4c4c4544-0042-4b10-8052-b4c04f4c3532\n",
	"sys/class/dmi/id/board_vendor":                  "Dell Inc.\n",
	"sys/class/dmi/id/board_name":                    "0X8DXD\n",
	"sys/class/dmi/id/board_serial":                  "/7BK2L52/CN1234/\n",
	"etc/machine-id":                                 "0123456789abcdef0123456789abcd77\n",
	"proc/self/mountinfo":                            "22 1 0:21 / /proc rw - proc proc rw\n23 1 8:2 / / rw,relatime - ext4 /dev/sda2 rw\n",
	"sys/dev/block/8:2":                              "-> ../../devices/ata1/block/sda/sda2",
	"sys/devices/ata1/block/sda/sda2/partition":      "2\n",
	"sys/devices/ata1/block/sda/dev":                 "8:0\n",
	"sys/devices/ata1/block/sda/device/vpd_pg80":     "\x00\x80\x00\x14      S3Z8NB0K123456",
	"sys/class/net/eth0/address":                     "aa:bb:cc:00:11:22\n",
	"sys/devices/ata1/block/sda/sda2/holders/.empty": "x",
}

var officeParts = Parts{System: "4C4C4544-0042-4B10-8052-B4C04F4C3532", Board: "DELL INC.|0X8DXD|/7BK2L52/CN1234/", Disk: "S3Z8NB0K123456", OS: "0123456789ABCDEF0123456789ABCD77"}

// TestReadTree_RealCases: what happens to a PC and what it is known by afterwards.
func TestReadTree_RealCases(t *testing.T) {
	change := func(fn func(*Parts)) Parts { p := officeParts; fn(&p); return p }
	for name, c := range map[string]struct {
		pc   pc
		want Parts
	}{
		"as bought": {office, officeParts},
		"USB disk plugged in": {office.with(pc{"sys/dev/block/8:16": "-> ../../devices/usb1/block/sdb", "sys/devices/usb1/block/sdb/dev": "8:16\n",
			"sys/devices/usb1/block/sdb/device/serial": "USB123456\n", "proc/self/mountinfo": office["proc/self/mountinfo"] + "40 23 8:17 / /media/usb rw - vfat /dev/sdb1 rw\n"}), officeParts},
		"network card swapped": {office.with(pc{"sys/class/net/eth0/address": "de:ad:be:ef:00:01\n"}), officeParts},
		"docking station":      {office.with(pc{"sys/class/net/enx0/address": "00:e0:4c:68:00:01\n"}), officeParts},
		"disk replaced": {office.with(pc{"sys/devices/ata1/block/sda/device/vpd_pg80": "\x00\x80\x00\x14      WDX72A123"}),
			change(func(p *Parts) { p.Disk = "WDX72A123" })},
		"board replaced": {office.with(pc{"sys/class/dmi/id/product_uuid": "9d1b1c3e-7b2a-4a55-8a01-1c1b0d9e8f70\n", "sys/class/dmi/id/board_serial": "/8CK3M63/CN9999/\n"}),
			change(func(p *Parts) {
				p.System, p.Board = "9D1B1C3E-7B2A-4A55-8A01-1C1B0D9E8F70", "DELL INC.|0X8DXD|/8CK3M63/CN9999/"
			})},
		"not root: the board's numbers cannot be read": {office.with(pc{"sys/class/dmi/id/product_uuid": "", "sys/class/dmi/id/board_serial": ""}),
			change(func(p *Parts) { p.System, p.Board = "", "" })},
		"placeholder numbers": {office.with(pc{"sys/class/dmi/id/product_uuid": "03000200-0400-0500-0006-000700080009\n", "sys/class/dmi/id/board_serial": "Default string\n"}),
			change(func(p *Parts) { p.System, p.Board = "", "" })},
		"NVMe": {office.with(pc{"proc/self/mountinfo": "23 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw\n", "sys/dev/block/259:2": "-> ../../devices/nvme0/nvme0n1/nvme0n1p2",
			"sys/devices/nvme0/nvme0n1/nvme0n1p2/partition": "2", "sys/devices/nvme0/nvme0n1/device/serial": "S4EVNX0M999999      \n"}),
			change(func(p *Parts) { p.Disk = "S4EVNX0M999999" })},
		"encrypted logical volume on a partition": {office.with(pc{"proc/self/mountinfo": "23 1 253:1 / / rw - ext4 /dev/mapper/root rw\n", "sys/dev/block/253:1": "-> ../../devices/virtual/dm-1",
			"sys/devices/virtual/dm-1/slaves/dm-0/dev": "253:0\n", "sys/dev/block/253:0": "-> ../../devices/virtual/dm-0", "sys/devices/virtual/dm-0/slaves/sda2/dev": "8:2\n"}), officeParts},
		"serial number known to udev only": {office.with(pc{"sys/devices/ata1/block/sda/device/vpd_pg80": "", "run/udev/data/b8:0": "S:disk/by-id/x\nE:ID_SERIAL=Samsung_S3Z\nE:ID_SERIAL_SHORT=S3Z8NB0K123456\n"}), officeParts},
		"virtual machine": {pc{"sys/class/dmi/id/product_uuid": "564d0b1e-1111-2222-3333-444455556666\n", "sys/class/dmi/id/board_serial": "None\n", "etc/machine-id": "77aa00bbcc11dd22ee33ff4455667788\n",
			"proc/self/mountinfo": "23 1 252:1 / / rw - ext4 /dev/vda1 rw\n", "sys/dev/block/252:1": "-> ../../devices/virtio/block/vda/vda1",
			"sys/devices/virtio/block/vda/vda1/partition": "1", "sys/devices/virtio/block/vda/serial": "\n", "sys/devices/virtio/block/vda/dev": "252:0\n"},
			Parts{System: "564D0B1E-1111-2222-3333-444455556666", OS: "77AA00BBCC11DD22EE33FF4455667788"}},
		"container": {pc{"etc/machine-id": "77aa00bbcc11dd22ee33ff4455667788\n", "proc/self/mountinfo": "23 1 0:55 / / rw - overlay overlay rw\n"},
			Parts{OS: "77AA00BBCC11DD22EE33FF4455667788"}},
		"nothing at all": {pc{}, Parts{}},
	} {
		if got := readTree(c.pc.tree(t)); got != c.want {
			t.Errorf("%s:\n got  %+v\n want %+v", name, got, c.want)
		}
	}
}
