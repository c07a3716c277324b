package op

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"masala/core"
)

// Router maps operations to handlers that work on a transaction of type T.
type Router[T any] struct{ handlers map[string]Handler[T] }

// NewRouter returns an empty router.
func NewRouter[T any]() *Router[T] { return &Router[T]{map[string]Handler[T]{}} }

// Handler is an operation ready to be served.
type Handler[T any] struct {
	Meta
	bind func(body []byte) (Bound[T], error)
}

// Bound is a handler with its request decoded and found valid.
type Bound[T any] struct {
	// Prepare reads what slow work needs and returns that work, to be done outside
	// of any transaction before Run. It may be nil.
	Prepare func(c *Call, tx T) (work func() error, err error)
	Run     func(c *Call, tx T) ([]byte, error)
}

// Bind decodes body strictly and validates it: a request that is wrong in itself never
// changes the books. One that could be decoded and is not valid comes back bound beside
// its error, so that it can be asked what else is wrong with it.
func (h Handler[T]) Bind(body []byte) (Bound[T], error) { return h.bind(body) }

// Handle serves o with fn.
func Handle[T, Req, Resp any](r *Router[T], o Op[Req, Resp], fn func(*Call, T, Req) (Resp, error)) {
	HandlePrepared(r, o, nil, func(c *Call, tx T, req Req, _ struct{}) (Resp, error) { return fn(c, tx, req) })
}

// HandlePrepared serves o in three steps: prepare reads, on a snapshot; the work it
// returns is slow (hashing a password) and holds nothing; fn decides and writes.
func HandlePrepared[T, Req, Mid, Resp any](r *Router[T], o Op[Req, Resp],
	prepare func(*Call, T, Req) (func() (Mid, error), error), fn func(*Call, T, Req, Mid) (Resp, error)) {
	if _, dup := r.handlers[o.Name]; dup {
		panic("op: two handlers for " + o.Name)
	}
	r.handlers[o.Name] = Handler[T]{o.Meta, func(body []byte) (b Bound[T], err error) {
		var req Req
		var mid Mid
		if err := decode(body, &req, o.Kind != Read); err != nil {
			return b, err
		}
		var invalid error
		if v, ok := any(&req).(interface{ Validate() error }); ok {
			invalid = v.Validate()
		}
		if prepare != nil {
			b.Prepare = func(c *Call, tx T) (func() error, error) {
				work, err := prepare(c, tx, req)
				return func() (err error) { mid, err = work(); return err }, err
			}
		}
		b.Run = func(c *Call, tx T) ([]byte, error) {
			resp, err := fn(c, tx, req, mid)
			if err != nil {
				return nil, err
			}
			return json.Marshal(resp)
		}
		return b, invalid
	}}
}

// Lookup finds the handler of an operation.
func (r *Router[T]) Lookup(name string) (Handler[T], bool) { h, ok := r.handlers[name]; return h, ok }

// Unserved lists the defined operations that have no handler.
func (r *Router[T]) Unserved() (names []string) {
	for _, n := range slices.Sorted(maps.Keys(catalogue)) {
		if _, ok := r.handlers[n]; !ok {
			names = append(names, n)
		}
	}
	return names
}

// decode reads one JSON value into req; strict refuses fields req does not have.
func decode(body []byte, req any, strict bool) error {
	if !utf8.Valid(body) {
		return core.Errorf(core.CodeInvalid, "The request is not UTF-8 text.")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(req); err != nil {
		return decodeError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return core.Errorf(core.CodeInvalid, "The request has more than one JSON value. Send one object.")
	}
	return nil
}

func decodeError(err error) error {
	var typ *json.UnmarshalTypeError
	var own *core.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &typ) && typ.Field == "":
		return core.Errorf(core.CodeInvalid, "The request is not one JSON object.").Because(err)
	case errors.As(err, &typ):
		field := inRequest(typ.Field)
		return core.Invalid(field, "Field %q cannot take a %s.", field, typ.Value).Because(err)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		field = strings.Trim(field, `"`)
		return core.Invalid(field, "There is no field %q. Remove it or correct its name.", field)
	}
	return core.Errorf(core.CodeInvalid, "The request is not JSON that this operation reads: %v", err).Because(err)
}

// inRequest is the name of a field without the Go structs that the request embeds, which
// encoding/json tells of and nobody wrote.
func inRequest(path string) string {
	names := strings.Split(path, ".")
	return strings.Join(slices.DeleteFunc(names, func(name string) bool { return name != "" && 'A' <= name[0] && name[0] <= 'Z' }), ".")
}
