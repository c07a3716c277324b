package op

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Shape describes the JSON of a type for people: one field per line, indented, with
// its Go type where that says more than JSON does.
func Shape(t reflect.Type) string {
	var b strings.Builder
	writeShape(&b, t, "  ", map[reflect.Type]bool{})
	if b.Len() == 0 {
		return "  {}\n"
	}
	return b.String()
}

func writeShape(b *strings.Builder, t reflect.Type, indent string, above map[reflect.Type]bool) {
	if t.Kind() != reflect.Struct || above[t] {
		return
	}
	above[t] = true
	defer delete(above, t)
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			writeShape(b, f.Type, indent, above)
			continue
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		optional := ""
		if strings.Contains(options, "omit") {
			optional = " (optional)"
		}
		word, inner := shapeWord(f.Type)
		fmt.Fprintf(b, "%s%s: %s%s\n", indent, name, word, optional)
		writeShape(b, inner, indent+"  ", above)
	}
}

// shapeWord names a type as JSON readers know it, and the struct within it.
func shapeWord(t reflect.Type) (string, reflect.Type) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return `"2026-02-12T04:30:00Z"`, reflect.TypeFor[int]()
	case t.Kind() == reflect.Pointer:
		return shapeWord(t.Elem())
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		w, inner := shapeWord(t.Elem())
		return "list of " + w, inner
	case t.Kind() == reflect.Map:
		w, inner := shapeWord(t.Elem())
		return "object of " + w, inner
	case t.Kind() == reflect.Struct:
		return "object", t
	}
	switch name := t.Name(); {
	case name == "Date":
		return `date "2026-02-12"`, t
	case name == "RawMessage":
		return "any JSON", t
	case t.PkgPath() == "":
		return t.Kind().String(), t
	case t.Kind() == reflect.String:
		return name + " (text)", t
	default:
		return name + " (whole number)", t
	}
}
