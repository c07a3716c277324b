package pairing

import (
	"context"
	"errors"

	"masala/core"
	"masala/core/op"
	"masala/transport/wire"
)

// ErrRevoked is what Trust.Known answers for a PC that was removed. Any other
// *core.Error of CodeForbidden counts as the same.
var ErrRevoked error = wire.Revoked.Sentence()

// Trust is the list of paired PCs, kept with the books.
type Trust interface {
	// Known finds the PC with that key; false for one never paired, ErrRevoked for
	// one that was removed.
	Known(ctx context.Context, fingerprint string) (op.Peer, bool, error)
	// Pair adds the PC with that key, or takes it back in. It is called only
	// after the PC has proved the code, and must bear being called twice.
	Pair(ctx context.Context, fingerprint, name string) (op.Peer, error)
}

// ErrRecovering is what Trust.Known answers while the books, and the list of PCs in
// them, cannot be opened.
var ErrRecovering error = wire.Recovering.Sentence()

// ErrStarting is what Trust.Known answers while the books are being opened.
var ErrStarting error = wire.Starting.Sentence()

// IsRevoked reports whether err of Trust.Known means a removed PC.
func IsRevoked(err error) bool {
	return errors.Is(err, ErrRevoked) || core.CodeOf(err) == core.CodeForbidden
}
