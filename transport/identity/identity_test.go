package identity

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"masala/core"
)

func TestFileKeepsOneIdentity(t *testing.T) {
	writes := 0
	f := File{filepath.Join(t.TempDir(), "key.pem"), func(path string, data []byte, perm fs.FileMode) error {
		writes++
		return os.WriteFile(path, data, perm)
	}}
	a, err := f.Open(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Open(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if a.Fingerprint() != b.Fingerprint() || writes != 1 || len(a.Fingerprint()) != 64 {
		t.Errorf("%s, then %s after %d writes", a.Fingerprint(), b.Fingerprint(), writes)
	}
}

func TestDamagedFileIsNotReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := File{path, func(string, []byte, fs.FileMode) error { t.Error("key file was replaced"); return nil }}
	if _, err := f.Open(rand.Reader); core.CodeOf(err) != core.CodeCorrupt {
		t.Errorf("err = %v", err)
	}
	if b, _ := os.ReadFile(path); !bytes.Equal(b, []byte("damaged")) {
		t.Errorf("file now holds %q", b)
	}
}

func TestKeyIsNotUsedUnlessKept(t *testing.T) {
	f := File{filepath.Join(t.TempDir(), "key.pem"), func(string, []byte, fs.FileMode) error { return fs.ErrPermission }}
	if _, err := f.Open(rand.Reader); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("err = %v", err)
	}
}

// handshake runs TLS between two configurations and returns the errors of both.
func handshake(t *testing.T, server, client *tls.Config) (serverErr, clientErr error) {
	t.Helper()
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	deadline := time.Now().Add(5 * time.Second)
	a.SetDeadline(deadline)
	b.SetDeadline(deadline)
	done := make(chan error, 1)
	go func() {
		s := tls.Server(a, server)
		err := s.Handshake()
		if err == nil {
			_, err = s.Write([]byte{1})
		}
		a.Close()
		done <- err
	}()
	c := tls.Client(b, client)
	if clientErr = c.Handshake(); clientErr == nil {
		// TLS 1.3: the client learns of a refusal only with its first read.
		_, clientErr = c.Read(make([]byte, 1))
	}
	b.Close()
	return <-done, clientErr
}

func TestPin(t *testing.T) {
	server, client, other := fresh(t), fresh(t), fresh(t)
	if s, c := handshake(t, server.ServerTLS(), client.ClientTLS(server.Fingerprint())); s != nil || c != nil {
		t.Fatalf("paired: %v, %v", s, c)
	}
	var pin *PinError
	if _, c := handshake(t, other.ServerTLS(), client.ClientTLS(server.Fingerprint())); !errors.As(c, &pin) || pin.Got != other.Fingerprint() {
		t.Errorf("another server: %v", c)
	}
}

func TestClientMustShowAKey(t *testing.T) {
	server := fresh(t)
	bare := fresh(t).ClientTLS("")
	bare.Certificates = nil
	if s, c := handshake(t, server.ServerTLS(), bare); s == nil || c == nil {
		t.Errorf("no certificate: %v, %v", s, c)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	foreign := fresh(t).ClientTLS("")
	foreign.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}
	if s, c := handshake(t, server.ServerTLS(), foreign); s == nil || c == nil {
		t.Errorf("foreign key: %v, %v", s, c)
	}
}

func TestOldTLSRefused(t *testing.T) {
	server, old := fresh(t), fresh(t).ClientTLS("")
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if s, _ := handshake(t, server.ServerTLS(), old); s == nil {
		t.Error("TLS 1.2 was accepted")
	}
}

func fresh(t *testing.T) *Identity {
	t.Helper()
	id, err := New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
