package disk

import (
	"errors"
	"slices"
)

// SameDrive reports whether two paths share a physical drive, so that its death takes
// both: C: and D: may be two parts of one. Where the system does not tell, as of a share
// in the network, their volumes are compared.
func SameDrive(a, b string) (bool, error) {
	a, errA := existing(a)
	b, errB := existing(b)
	if err := errors.Join(errA, errB); err != nil {
		return false, err
	}
	if one, err := same(a, b); one || err != nil {
		return one, err
	}
	x, y := drivesOf(a), drivesOf(b)
	return slices.ContainsFunc(x, func(drive string) bool { return slices.Contains(y, drive) }), nil
}
