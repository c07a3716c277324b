package app

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
)

// allFaults adds to what is wrong with a request in itself what the books say of its
// other fields, so that a user corrects everything at once. What may come of the same
// mistake is left out: what the handler makes of a field that is wrong already, or of the
// request as a whole, and what is short in stock, unless nothing but texts is wrong.
func (r *run) allFaults(ctx context.Context, err error) error {
	var own, more *core.Error
	onBooks := r.handler.Kind == op.Business || r.handler.Dated || r.handler.InBooks
	if !onBooks || r.bound.Run == nil || r.bound.Prepare != nil || !errors.As(err, &own) || own.Code != core.CodeInvalid || len(own.Fields) == 0 {
		return err
	}
	if !errors.As(r.judge(ctx), &more) {
		return err
	}
	var all core.Faults
	_ = all.Merge("", own)
	texts := !slices.ContainsFunc(own.Fields, func(f core.FieldError) bool { return !isText(r.handler.Req, f.Field) })
	for i, f := range more.Fields {
		if !own.Names(f.Field) && (texts || !more.Lacks(i)) {
			all.Add(f.Field, "%s", f.Message)
		}
	}
	return all.Err()
}

// errJudged takes back what a judged request has written.
var errJudged = errors.New("judged")

// judge is what the handler says against a request that is refused in any case. It runs
// where it may write, because it finds some faults only on the way; nothing of it stays. A
// handler that panics over it changes nothing about that, but it must be heard of.
func (r *run) judge(ctx context.Context) (said error) {
	_ = r.app.books.Write(ctx, func(tx Store) (err error) {
		defer func() {
			if p := recover(); p != nil {
				said, err = r.app.failed(r.request, panicked(p)), errJudged
			}
		}()
		call := *r.call
		_, said = r.bound.Run(&call, tx)
		return errJudged
	})
	return said
}

// isText reports whether a field of a request, "lines[2].reason", is a mere text, which
// decides about no quantity.
func isText(t reflect.Type, field string) bool {
	for _, name := range strings.Split(field, ".") {
		name, _, _ = strings.Cut(name, "[")
		f, ok := fieldNamed(t, name)
		if !ok {
			return false
		}
		if t = f.Type; t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
	}
	return t == reflect.TypeFor[string]()
}

func fieldNamed(t reflect.Type, name string) (reflect.StructField, bool) {
	if t.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}
