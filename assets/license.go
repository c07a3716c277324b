package assets

import (
	"crypto/ed25519"
	_ "embed" // the vendor's key
	"encoding/base64"
	"fmt"
	"strings"
)

// license.pub is the public key that licenses are checked with: base64, one line. The
// vendor replaces it before building (docs/install.md), or names his key to the build:
// -ldflags "-X masala/assets.licenseKey=...".
//
//go:embed license.pub
var licensePub string

var licenseKey string

// LicenseKey returns the vendor's public key.
func LicenseKey() (ed25519.PublicKey, error) {
	text := licensePub
	if licenseKey != "" {
		text = licenseKey
	}
	return ParseLicenseKey(text)
}

// ParseLicenseKey reads a public key as "masala license keygen" prints it.
func ParseLicenseKey(text string) (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("This is no public license key: one line of 44 letters is expected.")
	}
	return b, nil
}
