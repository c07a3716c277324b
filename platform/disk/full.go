package disk

import (
	"errors"
	"slices"
)

// Full reports whether err says that a disk, or what this user may have of it, is used
// up.
func Full(err error) bool {
	return slices.ContainsFunc(full, func(code error) bool { return errors.Is(err, code) })
}
