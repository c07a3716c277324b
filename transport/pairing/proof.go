package pairing

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
)

// Side says who proves, so that no proof can be sent back to its maker.
type Side string

// The sides of a connection.
const (
	ClientSide Side = "client"
	ServerSide Side = "server"
)

// Proof shows knowledge of secret on one TLS session and on no other: an HMAC,
// keyed from secret, over the session's exported key. info separates uses of
// secrets (a pairing code, a launch token).
func Proof(secret, info string, side Side, cs tls.ConnectionState) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "masala "+info+" v1", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("pairing: %w", err)
	}
	exported, err := cs.ExportKeyingMaterial("EXPORTER-masala-"+info, nil, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("pairing: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(side))
	mac.Write(exported)
	return mac.Sum(nil), nil
}

// Proved reports whether proof is what side has to show.
func Proved(proof []byte, secret, info string, side Side, cs tls.ConnectionState) bool {
	want, err := Proof(secret, info, side, cs)
	return err == nil && secret != "" && hmac.Equal(proof, want)
}

// Infos of the two secrets.
const (
	CodeInfo  = "pair"
	TokenInfo = "local"
)
