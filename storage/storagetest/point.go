package storagetest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"masala/storage/backup"
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

// ManifestOf is the path of the manifest of a restore point.
func ManifestOf(point string) string { return strings.TrimSuffix(point, backup.Ending) + ".json" }

// Manifest reads the manifest of a restore point.
func Manifest(t testing.TB, point string) (m backup.Manifest) {
	t.Helper()
	b, err := os.ReadFile(ManifestOf(point))
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// PutManifest writes a manifest as the program would.
func PutManifest(t testing.TB, point string, m backup.Manifest) {
	t.Helper()
	m.Sum = ""
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256(b)
	m.Sum = hex.EncodeToString(h[:])
	if b, err = json.Marshal(m); err == nil {
		err = os.WriteFile(ManifestOf(point), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
