package storage

import "context"

// MakePlain makes an empty database as versions before the checksums did.
func MakePlain(ctx context.Context, path string) error {
	db, err := Open(ctx, Options{Path: path, plain: true})
	if err != nil {
		return err
	}
	return db.Close()
}

// CopyURI is the name for the copy of a database with checksums.
func CopyURI(path string) (string, error) { return source{summed: true}.copyURI(path) }
