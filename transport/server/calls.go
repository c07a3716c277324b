package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/transport/wire"
)

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+wire.CallPath+"{operation}", s.call)
	mux.HandleFunc("GET "+wire.WatchPath, s.watch)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		wire.WriteError(w, core.Errorf(core.CodeNotFound, "The server does not know this request. Install the same version of Masala on both PCs."))
	})
	return s.guarded(mux)
}

// guarded lets through requests of this protocol from sessions that still stand.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, _ := r.Context().Value(peerKey{}).(*visitor)
		if v == nil || v.ctx.Err() != nil || !s.begin() {
			// No answer at all: the client asks again, with the same key, once it
			// has a session that lasts.
			panic(http.ErrAbortHandler)
		}
		defer s.finish()
		if p := r.Header.Get(wire.HeaderProtocol); p != strconv.Itoa(wire.Protocol) {
			wire.WriteError(w, wire.WrongVersion.Sentence())
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(v.ctx, cancel)()
		next.ServeHTTP(w, r.WithContext(ctx))
		// On the wire before finish: Shutdown may end the session right after.
		_ = http.NewResponseController(w).Flush()
	})
}

// begin counts a request in; false when the server is closing.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.calls++
	return true
}

func (s *Server) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls--; s.calls == 0 && s.closing {
		close(s.quiet)
	}
}

func visitorOf(r *http.Request) *visitor { return r.Context().Value(peerKey{}).(*visitor) }

func (s *Server) call(w http.ResponseWriter, r *http.Request) {
	operation := r.PathValue("operation")
	body, err := readBody(w, r)
	if err != nil {
		if core.CodeOf(err) == core.CodeInvalid {
			s.turn(visitorOf(r).Peer.Address, "too_large", "operation", operation)
		}
		wire.WriteError(w, err)
		return
	}
	answer, err := s.serve(r.Context(), op.Request{
		Operation: operation,
		Key:       r.Header.Get(wire.HeaderKey),
		Token:     r.Header.Get(wire.HeaderSession),
		Body:      body,
		Peer:      visitorOf(r).Peer,
	})
	// A client that stopped reading must not keep the answer for ever.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(wire.WriteTimeout))
	if err != nil {
		var refusal *core.Error
		if !errors.As(err, &refusal) && r.Context().Err() == nil {
			s.log.Error("call failed", "operation", operation, "err", err)
		}
		wire.WriteError(w, err)
		return
	}
	wire.WriteAnswer(w, http.StatusOK, answer)
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Now().Add(30 * time.Second))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxRequest))
	_ = rc.SetReadDeadline(time.Time{})
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, wire.TooLarge()
	case err != nil:
		return nil, core.Errorf(core.CodeUnavailable, "The connection was lost while sending. Try again.").Because(err)
	}
	return body, nil
}

// serve runs the service; a panic in it is one failed call, not a dead server.
func (s *Server) serve(ctx context.Context, r op.Request) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("call panicked", "operation", r.Operation, "panic", fmt.Sprint(p), slog.String("stack", string(debug.Stack())))
			answer, err = nil, fmt.Errorf("server: %s panicked: %v", r.Operation, p)
		}
	}()
	return s.config.Service.Serve(ctx, r)
}

// watch streams op.State as NDJSON: the state now, then every change, until the
// client or the server goes.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.opening, cancel)()
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set(wire.HeaderProtocol, strconv.Itoa(wire.Protocol))
	lines := json.NewEncoder(w)
	var mark op.Mark
	_ = json.Unmarshal([]byte(r.Header.Get(wire.HeaderSeen)), &mark) // absent at the server's own PC
	for seen, begun := (op.State{Mark: mark}), false; ; begun = true {
		state, err := s.config.Service.Watch(ctx, seen)
		if err != nil {
			if !begun && ctx.Err() == nil {
				wire.WriteError(w, err)
			}
			return
		}
		_ = rc.SetWriteDeadline(time.Now().Add(wire.WriteTimeout))
		if lines.Encode(state) != nil || rc.Flush() != nil {
			return
		}
		seen = state
		seen.Mark = mark
	}
}
