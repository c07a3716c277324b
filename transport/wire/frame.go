package wire

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Want is what a client connects for.
type Want string

// The purposes of a connection. A second, bulk connection will be one more.
const (
	WantSession Want = "session" // calls, from a paired PC
	WantLocal   Want = "local"   // calls, from the server's own PC; Proof shows the launch token
	WantPair    Want = "pair"    // pairing; Proof shows the code
)

// Hello is the first frame of a connection, from the client, inside TLS.
type Hello struct {
	Protocol int    `json:"protocol"`
	Version  string `json:"version"` // of the program, for people
	Name     string `json:"name"`    // of the client's PC
	Want     Want   `json:"want"`
	Proof    []byte `json:"proof,omitempty"`
}

// Reason says why a server turns a client away.
type Reason string

// The reasons. They travel on the wire: the list only grows.
const (
	NotPaired    Reason = "not_paired"
	Revoked      Reason = "revoked"
	WrongVersion Reason = "wrong_version"
	WrongCode    Reason = "wrong_code"
	WrongToken   Reason = "wrong_token" // not the launch token of this service
	Busy         Reason = "busy"        // try again
	Failed       Reason = "failed"      // the server could not look the device up
	Recovering   Reason = "recovering"  // its books cannot be opened; it knows no device
	Starting     Reason = "starting"    // its books are being opened; it knows no device yet
)

// Welcome answers a Hello. An empty Reason means: come in.
type Welcome struct {
	Protocol int    `json:"protocol"`
	Version  string `json:"version"`
	Server   string `json:"server"` // name of the server's PC
	Reason   Reason `json:"reason,omitempty"`
	Message  string `json:"message,omitempty"` // the sentence that goes with Reason
	Proof    []byte `json:"proof,omitempty"`   // the server's half
}

// ErrFrame is returned for bytes that are no frame of this protocol.
var ErrFrame = errors.New("wire: not a frame")

// WriteFrame sends v as one frame: four bytes of length, big endian, then JSON.
func WriteFrame(w io.Writer, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("wire: encode frame: %w", err)
	}
	if len(body) > MaxFrame {
		return fmt.Errorf("%w: %d bytes", ErrFrame, len(body))
	}
	// One write: a frame must not be split over two TLS records for no reason.
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...))
	return err
}

// ReadFrame reads one frame into v. It reads not a byte beyond the frame, and
// allocates no more than MaxFrame whatever the length says.
func ReadFrame(r io.Reader, v any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 || n > MaxFrame {
		return fmt.Errorf("%w: %d bytes", ErrFrame, n)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%w: %w", ErrFrame, err)
	}
	return nil
}

// maxName is the longest name of a PC in runes.
const maxName = 64

// CleanName makes a name from the network fit for logs and lists: printable, on
// one line, at most 64 runes, "Unnamed PC" when nothing is left.
func CleanName(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)), " ")
	if r := []rune(s); len(r) > maxName {
		s = strings.TrimSpace(string(r[:maxName]))
	}
	if s == "" {
		return "Unnamed PC"
	}
	return s
}
