package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/op"
	. "masala/storage/storagetest"
)

// value is a place in a JSON document: how to read it and how to put another value
// there.
type value struct {
	path string
	now  any
	put  func(any)
}

// values lists every value inside v, leaves and branches.
func values(path string, v any) (out []value) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			p := strings.TrimPrefix(path+"."+k, ".")
			out = append(append(out, value{p, x, func(n any) { v[k] = n }}), values(p, x)...)
		}
	case []any:
		for i, x := range v {
			p := fmt.Sprintf("%s[%d]", path, i)
			out = append(append(out, value{p, x, func(n any) { v[i] = n }}), values(p, x)...)
		}
	}
	slices.SortFunc(out, func(a, b value) int { return strings.Compare(a.path, b.path) })
	return out
}

func decode(t testing.TB, b []byte) (v map[string]any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// refused sends a wrong request and fails unless it is refused with a sentence of
// the server's own, with nothing changed.
func refused(t *testing.T, f *Factory, m op.Meta, sent []byte, what string) *core.Error {
	t.Helper()
	before := f.Tables()
	answer, err := f.Owner.Call(t.Context(), m.Name, keyOf(m), sent)
	var e *core.Error
	switch {
	case err == nil:
		t.Errorf("%s is accepted: %s", what, answer)
		return nil
	case !errors.As(err, &e) || e.Code == core.CodeInternal || e.Code == core.CodeUnavailable || e.Code == "" || e.Message == "":
		t.Errorf("%s is answered %v, because %v", what, err, errors.Unwrap(err))
	}
	f.Unchanged(before, what)
	return e
}

// TestBadInput_Shape sends every write what is no request of it.
func TestBadInput_Shape(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
		good := body(t, req)
		unknown := decode(t, good)
		unknown["colour"] = 5
		e := refused(t, f, m, body(t, unknown), "an unknown field")
		if e != nil && e.Field != "colour" {
			t.Errorf("an unknown field is reported as %q: %v", e.Field, e)
		}
		for what, sent := range map[string][]byte{
			"two values": append(slices.Clone(good), good...), "a value and garbage": append(slices.Clone(good), "x"...),
			"half a value": good[:len(good)-1], "a list": []byte("[]"), "a text": []byte(`"x"`), "a number": []byte("5"), "garbage": []byte("\x00\xff\xfe{"),
			"no UTF-8": append([]byte(`{"`), []byte("\xff\xfe\":1}")...), "deep nesting": []byte(strings.Repeat("[", 20_000)),
			"a very deep object": []byte(strings.Repeat(`{"a":`, 11_000)),
		} {
			refused(t, f, m, sent, what)
		}
		for _, sent := range []string{"", " ", "null", "{}"} { // no field at all: fine only for who needs none
			if len(decode(t, good)) > 0 && m.Name != "stock.open_count" && m.Name != "backup.start" {
				refused(t, f, m, []byte(sent), "nothing at all")
			}
		}
	})
}

// TestBadInput_Values puts wrong types and the ends of the numbers into every field
// of every write: what overflows is refused, and nothing ever panics, wraps, or
// leaves a trace.
func TestBadInput_Values(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
		good := body(t, req)
		for _, v := range values("", decode(t, good)) {
			try := func(bad any, mustFail bool) {
				doc := decode(t, good)
				for _, x := range values("", doc) {
					if x.path == v.path {
						x.put(bad)
					}
				}
				what := fmt.Sprintf("%s = %.60v", v.path, bad)
				if mustFail {
					refused(t, f, m, body(t, doc), what)
					return
				}
				before := f.Tables()
				if _, err := f.Owner.Call(t.Context(), m.Name, keyOf(m), body(t, doc)); err != nil {
					if c := core.CodeOf(err); c == core.CodeInternal || c == core.CodeUnavailable {
						t.Errorf("%s is answered %v, because %v", what, err, errors.Unwrap(err))
					}
					f.Unchanged(before, what)
				}
			}
			switch v.now.(type) {
			case json.Number:
				for _, n := range []any{math.MaxInt64, math.MinInt64, json.Number("9223372036854775808"), json.Number("1e30"), json.Number("1.5"), "7", true, []any{}, map[string]any{}} {
					try(n, true)
				}
				for _, n := range []any{-1, nil, int64(core.MaxQty) + 1, int64(core.MaxQty), int64(core.MaxPaise)} {
					try(n, false)
				}
			case string:
				for _, s := range []any{7, true, []any{}, map[string]any{}, strings.Repeat("हल्दी ", 2000)} {
					try(s, true)
				}
				for _, s := range []any{"", "   ", "\x00", "a\x00b", "\u202e", "\ufffd", nil, "0000-01-01", "9999-12-31", "2026-02-30"} {
					try(s, false)
				}
			case bool:
				for _, b := range []any{"true", 1, []any{}} {
					try(b, true)
				}
			case []any, map[string]any:
				for _, x := range []any{5, "x", true} {
					try(x, true)
				}
				try(nil, false)
				try([]any{}, false)
			}
		}
		f.Verify()
	})
}
