package supervise

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
)

// envUp names the environment variable with the number of the pipe the child
// writes to. The number is no secret; the pipe it reads from is its stdin.
const envUp = "MASALA_SUPERVISED"

const maxLine = 64 << 10 // bytes

var errLineTooLong = errors.New("facts are longer than 64 KiB")

// message is one line on either pipe.
type message struct {
	Facts  Facts  `json:"facts,omitempty"`
	Ping   bool   `json:"ping,omitempty"`   // parent to child: answer this
	Answer string `json:"answer,omitempty"` // child to parent: what it is doing
}

func (m message) line() ([]byte, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	if len(b) >= maxLine {
		return nil, errLineTooLong
	}
	return append(b, '\n'), nil
}

// readMessages calls f for each line of r until it ends. Lines that are no
// messages are passed over: a newer or older exe may be at the other end while an
// update is put in place.
func readMessages(r io.Reader, f func(message)) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine+1)
	for s.Scan() {
		var m message
		if json.Unmarshal(s.Bytes(), &m) == nil {
			f(m)
		}
	}
	return s.Err()
}
