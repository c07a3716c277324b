package wire

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"masala/core"
)

var statusOf = map[core.Code]int{
	core.CodeInvalid:           http.StatusBadRequest,
	core.CodeUnauthenticated:   http.StatusUnauthorized,
	core.CodeForbidden:         http.StatusForbidden,
	core.CodeReadOnly:          http.StatusForbidden,
	core.CodeNotFound:          http.StatusNotFound,
	core.CodeConflict:          http.StatusConflict,
	core.CodeInsufficientStock: http.StatusConflict,
	core.CodeLocked:            http.StatusLocked,
	core.CodeVersion:           http.StatusUpgradeRequired,
	core.CodeUnavailable:       http.StatusServiceUnavailable,
	core.CodeDiskFull:          http.StatusInsufficientStorage,
}

// StatusOf is the HTTP status that carries a refusal of that code; 500 for every
// code it does not know.
func StatusOf(code core.Code) int {
	if s, ok := statusOf[code]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// WriteError answers with err as JSON. What is no *core.Error leaves as a
// CodeInternal sentence: its text belongs to the log.
func WriteError(w http.ResponseWriter, err error) {
	var e *core.Error
	if !errors.As(err, &e) {
		e = core.Errorf(core.CodeInternal, "The server could not finish this. Try again, and tell your Admin if it happens again.")
	}
	body, jerr := json.Marshal(e)
	if jerr != nil { // an Arg that JSON cannot carry must not hide the sentence
		body, _ = json.Marshal(&core.Error{Code: e.Code, Message: e.Message, Field: e.Field, Fields: e.Fields, Ref: e.Ref})
	}
	WriteAnswer(w, StatusOf(e.Code), body)
}

// WriteAnswer sends a whole answer with its length, so that a cut connection can
// never look like a short answer.
func WriteAnswer(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set(HeaderProtocol, strconv.Itoa(Protocol))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone asks again with the same key
}

// ReadError turns the body of a refusal back into its *core.Error. It returns
// false for a body that is none.
func ReadError(body []byte) (*core.Error, bool) {
	var e core.Error
	if json.Unmarshal(body, &e) != nil || e.Code == "" || e.Message == "" {
		return nil, false
	}
	return &e, true
}

// TooLarge refuses a request over MaxRequest.
func TooLarge() *core.Error {
	return core.Errorf(core.CodeInvalid, "This entry is too large to send (over %d MB). Split it into smaller entries.", MaxRequest>>20)
}

// VersionMismatch is the sentence for two PCs with different programs.
func VersionMismatch(client, server string) *core.Error {
	return core.Errorf(core.CodeVersion,
		"This PC runs Masala %s, the server runs %s. Install the server's version on this PC.", client, server).
		With("client", client).With("server", server)
}

// ServerOlder is VersionMismatch where this PC has the newer program: then the server is
// what lags behind.
func ServerOlder(client, server string) *core.Error {
	return core.Errorf(core.CodeVersion,
		"This PC runs Masala %s, the server still runs %s. Install this PC's version on the server, too.", client, server).
		With("client", client).With("server", server)
}

// Sentence is the refusal a user reads for r.
func (r Reason) Sentence() *core.Error {
	switch r {
	case NotPaired:
		return core.Errorf(core.CodeForbidden, "This PC is not connected to the server yet. Ask your Admin for a pairing code.")
	case Revoked:
		return core.Errorf(core.CodeForbidden, "This PC was removed from the server. Ask your Admin to pair it again.")
	case WrongCode:
		return core.Errorf(core.CodeForbidden, "The pairing code does not match. Check it on the server's screen or ask for a new one.")
	case WrongToken:
		return core.Errorf(core.CodeForbidden, "The server was restarted. Close this window and open it again.")
	case WrongVersion:
		return core.Errorf(core.CodeVersion, "This PC and the server run different versions of Masala. Install the server's version on this PC.")
	case Recovering:
		return core.Errorf(core.CodeUnavailable, "The database of the server has to be restored first. An Admin does that on the server PC. What you typed is kept, and this PC connects again by itself.")
	case Starting:
		return core.Errorf(core.CodeUnavailable, "The server is starting. What you typed is kept, and this PC connects again by itself.")
	case Busy:
		return core.Errorf(core.CodeUnavailable, "The server is busy. It will be tried again by itself.")
	}
	return core.Errorf(core.CodeUnavailable, "The server could not check this PC. Try again, and look at the server's screen if it stays so.")
}
