package disk

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// drivesOf names the drives below the file system that holds path.
func drivesOf(path string) []string {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return nil
	}
	return below("/sys/dev/block", fmt.Sprintf("%d:%d", unix.Major(st.Dev), unix.Minor(st.Dev)))
}

// below names the drives under a block device: that of which it is a part, those of
// which a volume group, a RAID or an encrypted device is made.
func below(devices, number string) (out []string) {
	device, err := filepath.EvalSymlinks(filepath.Join(devices, number))
	if err != nil {
		return nil // no block device: a share, memory
	}
	slaves, _ := os.ReadDir(filepath.Join(device, "slaves")) // a part of a disk has none
	for _, s := range slaves {
		if n, err := os.ReadFile(filepath.Join(device, "slaves", s.Name(), "dev")); err == nil {
			out = append(out, below(devices, string(n[:max(len(n)-1, 0)]))...)
		}
	}
	if len(slaves) > 0 {
		return out
	}
	if _, err := os.Stat(filepath.Join(device, "partition")); err == nil {
		device = filepath.Dir(device)
	}
	return []string{filepath.Base(device)}
}
