package core

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Code classes an Error. Codes travel on the wire: the list only grows.
type Code string

// The codes.
const (
	CodeInvalid           Code = "invalid"
	CodeNotFound          Code = "not_found"
	CodeConflict          Code = "conflict"
	CodeForbidden         Code = "forbidden"
	CodeUnauthenticated   Code = "unauthenticated"
	CodeInsufficientStock Code = "insufficient_stock"
	CodeReadOnly          Code = "read_only"
	CodeLocked            Code = "locked"
	CodeUnavailable       Code = "unavailable"
	CodeDiskFull          Code = "disk_full"
	CodeCorrupt           Code = "corrupt"
	CodeVersion           Code = "version"
	CodeInternal          Code = "internal"
)

// Error is what an operation answers when it refuses or fails. Message is the
// sentence the user reads.
type Error struct {
	Code    Code           `json:"code"`
	Message string         `json:"message"`
	Field   string         `json:"field,omitempty"`  // the field at fault, "lines[2].expiry_on"
	Fields  []FieldError   `json:"fields,omitempty"` // all faults at once, in reading order
	Args    map[string]any `json:"args,omitempty"`   // facts behind the sentence, e.g. both values of a conflict
	Ref     string         `json:"ref,omitempty"`    // where the log has the detail

	cause error
	lack  []bool // of Fields: more is asked for than there is in stock
}

// FieldError is one fault of one field.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }

// Unwrap returns what lies behind the error; it never leaves the process.
func (e *Error) Unwrap() error { return e.cause }

// Because attaches the cause for the log.
func (e *Error) Because(cause error) *Error { e.cause = cause; return e }

// With attaches a fact for the reader of the wire.
func (e *Error) With(name string, value any) *Error {
	if e.Args == nil {
		e.Args = map[string]any{}
	}
	e.Args[name] = value
	return e
}

// Errorf makes an Error of the given code.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid makes the Error of one wrong field.
func Invalid(field, format string, args ...any) *Error {
	m := fmt.Sprintf(format, args...)
	return &Error{Code: CodeInvalid, Message: m, Field: field, Fields: []FieldError{{field, m}}}
}

// NotFound makes the Error of a record that is not there.
func NotFound(field, format string, args ...any) *Error {
	e := Invalid(field, format, args...)
	e.Code = CodeNotFound
	return e
}

// Names reports whether e has a fault of the field, of what it lies in or of what lies
// in it.
func (e *Error) Names(field string) bool {
	return slices.ContainsFunc(e.Fields, func(f FieldError) bool { return within(f.Field, field) || within(field, f.Field) })
}

func within(inner, outer string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// CodeOf returns the code of err: CodeInternal for an error that is not an
// Error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// Lacks reports whether the fault of Fields[i] is that stock is short.
func (e *Error) Lacks(i int) bool {
	return e.Code == CodeInsufficientStock || i < len(e.lack) && e.lack[i]
}

// Faults collects every wrong field of a request before it is refused.
type Faults struct {
	list []FieldError
	lack []bool
}

// Add notes a fault.
func (f *Faults) Add(field, format string, args ...any) {
	f.add(FieldError{field, fmt.Sprintf(format, args...)}, false)
}

func (f *Faults) add(x FieldError, lack bool) {
	f.list, f.lack = append(f.list, x), append(f.lack, lack)
}

// Check notes a fault unless ok.
func (f *Faults) Check(ok bool, field, format string, args ...any) {
	if !ok {
		f.Add(field, format, args...)
	}
}

// Lack notes, unless ok, that a field asks for more stock than there is.
func (f *Faults) Lack(ok bool, field, format string, args ...any) {
	if !ok {
		f.add(FieldError{field, fmt.Sprintf(format, args...)}, true)
	}
}

// Len is how many faults were noted.
func (f *Faults) Len() int { return len(f.list) }

// Has reports whether a fault of the field was noted.
func (f *Faults) Has(field string) bool {
	return slices.ContainsFunc(f.list, func(x FieldError) bool { return x.Field == field })
}

// Merge notes the faults of err below prefix; it returns err itself when err is
// no field error.
func (f *Faults) Merge(prefix string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	for i, x := range e.Fields {
		f.add(FieldError{strings.TrimSuffix(prefix+x.Field, "."), x.Message}, e.Lacks(i))
	}
	return nil
}

// Err returns nil or one Error that names them all: CodeInsufficientStock where nothing
// but stock is wanting.
func (f *Faults) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	m := f.list[0].Message
	if n := len(f.list) - 1; n > 0 {
		m = fmt.Sprintf("%s And %d more to correct.", m, n)
	}
	code := CodeInsufficientStock
	if slices.Contains(f.lack, false) {
		code = CodeInvalid
	}
	return &Error{Code: code, Message: m, Field: f.list[0].Field, Fields: f.list, lack: f.lack}
}
