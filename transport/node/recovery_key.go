package node

import (
	"crypto/rand"

	"masala/core"
	"masala/core/backup"
	"masala/storage"
	"masala/transport/identity"
)

// sealed reports whether the key lies in the books, under the recovery code.
func (r *recovery) sealed() bool {
	_, ok, err := storage.ReadSeal(r.ctx, r.options.Folder.Database())
	return ok && err == nil
}

// ReplaceKey gives the server a key again: its own out of the books, or a new one. What
// is left of the old file is kept aside. Then the books are opened.
func (r *recovery) ReplaceKey(q backup.ReplaceKeyReq) error {
	if r.ill.reason != backup.BadKey {
		return core.Errorf(core.CodeConflict, "The key of this server is whole.")
	}
	key, err := r.key(q)
	if err != nil {
		return err
	}
	if err := exchange(r.options.Folder).PutIdentity(key, r.options.Clock.Now()); err != nil {
		return err
	}
	r.options.Log.Warn("key of the server replaced", "new", q.New)
	r.leave()
	return nil
}

func (r *recovery) key(q backup.ReplaceKeyReq) ([]byte, error) {
	if q.New {
		id, err := identity.New(rand.Reader)
		if err != nil {
			return nil, err
		}
		return id.Encode()
	}
	seal, ok, err := storage.ReadSeal(r.ctx, r.options.Folder.Database())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, core.Invalid("code", "These books have no key in them: no recovery code was ever made. Make a new key and pair the PCs again.")
	}
	key, err := backup.Unseal(seal.Seal, q.Code)
	if err != nil {
		return nil, core.Invalid("code", "The recovery code does not fit. Check it, or make a new key and pair the PCs again.")
	}
	return key, nil
}
