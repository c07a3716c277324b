// Package screentest is a window for tests of screens: a server that answers by
// functions and remembers what it was asked, a shell that keeps toasts, questions and
// dialogs, and the keyboard of ui/uitest.
package screentest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"masala/core"
	"masala/core/op"
)

// ErrGone is what a call gets while the server cannot be reached.
var ErrGone = errors.New("connection lost")

// Sent is one call as it reached the server.
type Sent struct {
	Operation string
	Key       string
	Body      []byte
}

// Server answers operations by the functions given to Answer, over the same JSON as
// the wire, and validates requests first, as the real one does.
type Server struct {
	Gone bool // nothing arrives
	Lost bool // requests arrive, answers do not
	Sent []Sent

	handlers map[string]func(key string, body []byte) ([]byte, error)
}

// NewServer makes a server that knows no operation.
func NewServer() *Server {
	return &Server{handlers: map[string]func(string, []byte) ([]byte, error){}}
}

// Answer serves o with fn.
func Answer[Req, Resp any](s *Server, o op.Op[Req, Resp], fn func(Req) (Resp, error)) {
	s.handlers[o.Name] = func(_ string, body []byte) ([]byte, error) {
		var req Req
		if err := json.Unmarshal(body, &req); err != nil {
			return nil, err
		}
		if v, ok := any(&req).(interface{ Validate() error }); ok {
			if err := v.Validate(); err != nil {
				return nil, err
			}
		}
		resp, err := fn(req)
		if err != nil {
			return nil, err
		}
		return json.Marshal(resp)
	}
}

// Call is op.Caller.
func (s *Server) Call(_ context.Context, operation, key string, body []byte) ([]byte, error) {
	if s.Gone {
		return nil, ErrGone
	}
	s.Sent = append(s.Sent, Sent{operation, key, body})
	h, ok := s.handlers[operation]
	if !ok {
		return nil, fmt.Errorf("screentest: no answer for %s", operation)
	}
	answer, err := h(key, body)
	if s.Lost {
		return nil, ErrGone
	}
	return answer, onTheWire(err)
}

// onTheWire is err after it crossed the network: no cause, and facts as JSON.
func onTheWire(err error) error {
	var e *core.Error
	if !errors.As(err, &e) {
		return err
	}
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	back := &core.Error{}
	if err := json.Unmarshal(b, back); err != nil {
		return err
	}
	return back
}

// Requests decodes every request of o that arrived.
func Requests[Req, Resp any](s *Server, o op.Op[Req, Resp]) (list []Req) {
	for _, x := range s.Sent {
		if x.Operation == o.Name {
			var req Req
			if err := json.Unmarshal(x.Body, &req); err != nil {
				panic(err)
			}
			list = append(list, req)
		}
	}
	return list
}

// Keys lists the request keys under which o arrived.
func (s *Server) Keys(operation string) (keys []string) {
	for _, x := range s.Sent {
		if x.Operation == operation {
			keys = append(keys, x.Key)
		}
	}
	return keys
}
