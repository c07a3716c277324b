package backup

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
)

// codeAlphabet is Crockford's base 32: no I, L, O, U.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength of a recovery code: 100 bits. Who finds a backup may search for its code
// on his own machines for years.
const codeLength = 20

// NewCode draws a recovery code, shown in groups of four.
func NewCode(random io.Reader) (string, error) {
	raw := make([]byte, codeLength)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("recovery code: %w", err)
	}
	var b strings.Builder
	for i, r := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[r%32]) // 256 is a multiple of 32: no letter is favoured
	}
	return b.String(), nil
}

var errCode = errors.New("not a recovery code")

// ReadCode reads a code as people type it: any case, with or without dashes and
// spaces, O for 0, I and L for 1.
func ReadCode(typed string) (string, error) {
	code := strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '\t':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, strings.ToUpper(typed))
	if len(code) != codeLength || strings.Trim(code, codeAlphabet) != "" {
		return "", errCode
	}
	return code, nil
}

const (
	sealVersion = 1
	saltSize    = 16
)

// Seal encrypts a secret under a recovery code: version, salt, nonce, then AES-256-GCM
// under a key of Argon2id. The seal says nothing of the code, so it may lie in every
// backup.
func Seal(secret []byte, code string, random io.Reader) ([]byte, error) {
	out := make([]byte, 1+saltSize+12)
	if _, err := io.ReadFull(random, out[1:]); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	out[0] = sealVersion
	gcm, err := sealer(code, out[1:1+saltSize])
	if err != nil {
		return nil, err
	}
	return gcm.Seal(out, out[1+saltSize:], secret, out[:1+saltSize]), nil
}

// ErrWrongCode is what Unseal returns for another code, and for a seal that was
// changed.
var ErrWrongCode = errors.New("the recovery code does not open this seal")

// Unseal decrypts what Seal made.
func Unseal(sealed []byte, code string) ([]byte, error) {
	const head = 1 + saltSize + 12
	if len(sealed) < head || sealed[0] != sealVersion {
		return nil, ErrWrongCode
	}
	gcm, err := sealer(code, sealed[1:1+saltSize])
	if err != nil {
		return nil, err
	}
	secret, err := gcm.Open(nil, sealed[1+saltSize:head], sealed[head:], sealed[:1+saltSize])
	if err != nil {
		return nil, ErrWrongCode
	}
	return secret, nil
}

func sealer(typed string, salt []byte) (cipher.AEAD, error) {
	code, err := ReadCode(typed)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(argon2.IDKey([]byte(code), salt, 3, 32<<10, 1, 32))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
