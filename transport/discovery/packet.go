// Package discovery lets PCs find the server of their LAN over UDP: the server
// sends a beacon every two seconds and answers probes. Both are signed by the
// server's key, but a recorded datagram can be played again by anyone: what is
// found is a hint where to dial, and only the pinned key decides.
package discovery

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"

	"masala/transport/identity"
	"masala/transport/wire"
)

// Server is a server as it was heard of.
type Server struct {
	Fingerprint identity.Fingerprint
	Name        string
	Version     string
	Addresses   []string // host:port, the likeliest first
}

// Sort orders servers by name, then key.
func Sort(list []Server) {
	slices.SortFunc(list, func(a, b Server) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
}

const (
	magic        = "MASALA1\n"
	maxDatagram  = 1400 // bytes: never fragmented
	maxAddresses = 12
	maxNonce     = 64
	signedFor    = "masala discovery v1\n"
)

// probe is what a client asks.
type probe struct {
	Probe string `json:"probe"` // nonce, echoed in the reply
}

// notice is what a server says: a beacon, or with Nonce the reply to a probe.
type notice struct {
	Key       []byte       `json:"key"`
	Name      string       `json:"name"`
	Version   string       `json:"version"`
	Port      uint16       `json:"port"`
	Addresses []netip.Addr `json:"addresses"`
	Nonce     string       `json:"nonce,omitempty"`
}

var errDatagram = errors.New("discovery: not a datagram of ours")

func encodeProbe(nonce string) []byte {
	body, err := json.Marshal(probe{nonce})
	if err != nil {
		panic(err) // a string is always JSON
	}
	return append([]byte(magic), body...)
}

// decodeProbe returns the nonce of a probe.
func decodeProbe(b []byte) (string, error) {
	body, ok := bytes.CutPrefix(b, []byte(magic))
	var p probe
	if !ok || len(b) > maxDatagram || json.Unmarshal(body, &p) != nil || p.Probe == "" || len(p.Probe) > maxNonce {
		return "", errDatagram
	}
	return p.Probe, nil
}

// encodeNotice writes magic, signature, JSON.
func encodeNotice(n notice, id *identity.Identity) ([]byte, error) {
	n.Key = id.Public()
	if len(n.Addresses) > maxAddresses {
		n.Addresses = n.Addresses[:maxAddresses]
	}
	body, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	b := append([]byte(magic), id.Sign(append([]byte(signedFor), body...))...)
	if b = append(b, body...); len(b) > maxDatagram {
		return nil, errDatagram
	}
	return b, nil
}

// decodeNotice checks the signature and reads a notice that came from source.
func decodeNotice(b []byte, source netip.Addr) (s Server, nonce string, err error) {
	body, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok || len(b) > maxDatagram || len(body) < ed25519.SignatureSize {
		return s, "", errDatagram
	}
	signature, body := body[:ed25519.SignatureSize], body[ed25519.SignatureSize:]
	var n notice
	if json.Unmarshal(body, &n) != nil || len(n.Key) != ed25519.PublicKeySize || n.Port == 0 || len(n.Nonce) > maxNonce {
		return s, "", errDatagram
	}
	if !ed25519.Verify(n.Key, append([]byte(signedFor), body...), signature) {
		return s, "", errDatagram
	}
	s = Server{Fingerprint: identity.FingerprintOf(n.Key), Name: wire.CleanName(n.Name), Version: cut(n.Version, 32)}
	// Where the datagram came from is likelier right than what a PC with several
	// adapters says of itself.
	for _, a := range append([]netip.Addr{source}, n.Addresses[:min(len(n.Addresses), maxAddresses)]...) {
		a = a.Unmap().WithZone("")
		if !a.IsValid() || a.IsUnspecified() || a.IsMulticast() || a.Is4() && a.As4()[3] == 255 ||
			a.IsLoopback() && !source.IsLoopback() {
			continue
		}
		at := net.JoinHostPort(a.String(), strconv.Itoa(int(n.Port)))
		if !slices.Contains(s.Addresses, at) {
			s.Addresses = append(s.Addresses, at)
		}
	}
	if len(s.Addresses) == 0 {
		return Server{}, "", errDatagram
	}
	return s, n.Nonce, nil
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

func sourceOf(a net.Addr) netip.Addr {
	if u, ok := a.(*net.UDPAddr); ok {
		return u.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
