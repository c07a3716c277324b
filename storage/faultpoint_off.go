//go:build !faultpoints

package storage

import "io/fs"

// withFaults is for builds with fault points, see faultpoint_on.go.
func withFaults(migrations fs.FS) fs.FS { return migrations }
