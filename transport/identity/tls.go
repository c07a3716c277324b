package identity

import (
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"

	"masala/transport/wire"
)

// PinError says that the server at an address holds another key than the one
// this PC was paired with.
type PinError struct{ Want, Got Fingerprint }

func (e *PinError) Error() string {
	return fmt.Sprintf("identity: server holds key %s, paired with %s", e.Got.Short(), e.Want.Short())
}

// ServerTLS asks every client for a certificate and takes any Ed25519 key: who
// may come in is decided after the handshake, by fingerprint.
func (id *Identity) ServerTLS() *tls.Config {
	c := id.base()
	c.ClientAuth = tls.RequireAnyClientCert
	c.SessionTicketsDisabled = true
	c.VerifyConnection = func(cs tls.ConnectionState) error { _, err := PeerOf(cs); return err }
	return c
}

// ClientTLS accepts only the server whose key is pin. With an empty pin it takes
// any server: only for pairing and for the launch token, where a proof over the
// TLS exporter stands in for the pin.
func (id *Identity) ClientTLS(pin Fingerprint) *tls.Config {
	c := id.base()
	c.InsecureSkipVerify = true // there are no names and no authority; VerifyConnection pins
	c.VerifyConnection = func(cs tls.ConnectionState) error {
		got, err := PeerOf(cs)
		if err == nil && pin != "" && got != pin {
			err = &PinError{pin, got}
		}
		return err
	}
	return c
}

func (id *Identity) base() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{id.certificate},
		MinVersion:   tls.VersionTLS13,
		NextProtos:   []string{wire.ALPN},
	}
}

// PeerOf names the key the other side has proved to hold.
func PeerOf(cs tls.ConnectionState) (Fingerprint, error) {
	if len(cs.PeerCertificates) == 0 {
		return "", errors.New("identity: no certificate")
	}
	pub, ok := cs.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("identity: a %T, not an Ed25519 key", cs.PeerCertificates[0].PublicKey)
	}
	return FingerprintOf(pub), nil
}
