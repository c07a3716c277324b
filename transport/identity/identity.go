// Package identity gives every PC one key for life: an Ed25519 key with a
// self-signed certificate, and the TLS 1.3 settings by which two PCs that pinned
// each other's key recognise one another. There is no authority and no expiry:
// the pin is the trust.
package identity

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"time"

	"masala/core"
)

// Fingerprint names a key: SHA-256 of its public key in PKIX form, in hex.
type Fingerprint string

// Short is the part people compare by eye.
func (f Fingerprint) Short() string {
	if len(f) < 16 {
		return string(f)
	}
	return string(f[:16])
}

// FingerprintOf names a public key.
func FingerprintOf(pub ed25519.PublicKey) Fingerprint {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		panic("identity: " + err.Error()) // an Ed25519 key always has a PKIX form
	}
	sum := sha256.Sum256(der)
	return Fingerprint(hex.EncodeToString(sum[:]))
}

// Identity is the key of this PC. It is safe for use by many goroutines.
type Identity struct {
	key         ed25519.PrivateKey
	certificate tls.Certificate
	fingerprint Fingerprint
}

// New makes a fresh identity from rand.
func New(rand io.Reader) (*Identity, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	return fromKey(ed25519.NewKeyFromSeed(seed))
}

func fromKey(key ed25519.PrivateKey) (*Identity, error) {
	pub := key.Public().(ed25519.PublicKey)
	// A certificate without dates of its own: clocks in a factory may be wrong by
	// years, and nothing here is trusted for its date.
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "masala"},
		NotBefore:    time.Unix(0, 0),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(nil, template, template, pub, key) // Ed25519 signs without randomness
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	return &Identity{key, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, FingerprintOf(pub)}, nil
}

// Fingerprint names this identity.
func (id *Identity) Fingerprint() Fingerprint { return id.fingerprint }

// Public is the public half.
func (id *Identity) Public() ed25519.PublicKey { return id.key.Public().(ed25519.PublicKey) }

// Sign signs message; the caller puts what the signature is for in front of it.
func (id *Identity) Sign(message []byte) []byte { return ed25519.Sign(id.key, message) }

const pemType = "PRIVATE KEY"

// Encode returns the secret key as PEM (PKCS #8): what the file and the sealed
// part of a backup hold.
func (id *Identity) Encode() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(id.key)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), nil
}

// Decode reads what Encode wrote.
func Decode(text []byte) (*Identity, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return nil, errors.New("identity: no private key in PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	ed, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("identity: a %T, not an Ed25519 key", key)
	}
	return fromKey(ed)
}

// File is where an identity is kept.
type File struct {
	Path string
	// Write replaces the file at path as one atomic, durable step.
	Write func(path string, data []byte, perm fs.FileMode) error
}

// Open reads the identity in f, or makes one from rand if there is no file yet.
// A file that cannot be read is never replaced: with a new key every PC would
// have to be paired again, so it is CodeCorrupt and the Admin's decision.
func (f File) Open(rand io.Reader) (*Identity, error) {
	text, err := os.ReadFile(f.Path)
	switch {
	case err == nil:
		id, err := Decode(text)
		if err != nil {
			return nil, core.Errorf(core.CodeCorrupt,
				"The key file %s is damaged. Restore it from a backup, or delete it and pair every PC again.", f.Path).Because(err)
		}
		return id, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("identity: %w", err)
	}
	id, err := New(rand)
	if err != nil {
		return nil, err
	}
	if text, err = id.Encode(); err != nil {
		return nil, err
	}
	if err := f.Write(f.Path, text, 0o600); err != nil {
		return nil, fmt.Errorf("identity: keep key: %w", err)
	}
	return id, nil
}
