package storagetest

import (
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// Unpacked is the database in a restore point.
func Unpacked(t testing.TB, point string) []byte {
	t.Helper()
	packed, err := os.ReadFile(point)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	database, err := z.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return database
}
