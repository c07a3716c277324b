package flow_test

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"masala/core"
	"masala/core/op"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// costWords are what no field of an answer to an Operator is called. Selling prices
// and the GST on them are no cost (R37).
var costWords = []string{"cost", "value", "landed", "freight", "hamali", "cogs", "margin", "amount", "nrv", "credit"}

// TestR37_RandomFactoryTellsNoCost lets random factories live for a while, asks
// everything an Operator may ask about everything there is, and looks through all of
// his answers, his refusals and the answers kept for him: no field that could be a
// cost, and no number that the ledger knows as one.
func TestR37_RandomFactoryTellsNoCost(t *testing.T) {
	t.Parallel()
	seen := 0 // costs that the search finds where there are some
	for seed := range uint64(rounds(2, 40)) {
		told := map[string][][]byte{}
		s := newStory(t, newSeedSource(3_000+seed), NewTally(), func(string, ...any) {}, t.Fatalf)
		s.heard = func(what string, answer any, err error) {
			b, e := json.Marshal(answer)
			if err != nil {
				b, e = json.Marshal(err)
			}
			if e != nil {
				t.Fatal(e)
			}
			told[what] = append(told[what], b)
		}
		s.step(begin)
		for range 60 {
			s.step(anything)
		}
		s.askEverything(told)
		s.each(`SELECT r.operation, a.body FROM answer a JOIN request r ON r.key = a.key JOIN user u ON u.id = r.user_id WHERE u.role = 'OPERATOR'`, nil, func(r *sql.Rows) error {
			var name string
			var b []byte
			err := r.Scan(&name, &b)
			told["kept answer of "+name] = append(told["kept answer of "+name], b)
			return err
		})
		secrets := s.secrets()
		answers := 0
		for what, all := range told {
			for _, b := range all {
				answers++
				tellsNoCost(t.Errorf, what, b, secrets)
			}
		}
		if len(secrets) < 10 || answers < 500 {
			t.Errorf("only %d answers and %d secrets: nothing to find", answers, len(secrets))
		}
		before := seen
		shown, err := s.Owner.Call(t.Context(), stock.ListValuedLots.Name, "", nil)
		if tellsNoCost(func(string, ...any) { seen++ }, "an Admin", shown, secrets); err != nil || seen == before {
			t.Errorf("the search finds no cost in what an Admin sees: %v", err)
		}
		s.end()
	}
	if seen < 10 {
		t.Errorf("the search finds %d costs in what an Admin sees", seen)
	}
}

// askEverything calls every reading operation as an Operator with every id there is.
func (s *story) askEverything(told map[string][][]byte) {
	for _, m := range op.All() {
		if m.Kind != op.Read {
			continue
		}
		for n := range 40 {
			body := fill(m.Req, int64(n))
			if body == nil && n > 0 {
				break
			}
			answer, err := s.user.Call(s.T.Context(), m.Name, "", body)
			if err != nil {
				answer, _ = json.Marshal(err)
				var e *core.Error
				if !errors.As(err, &e) || m.Perm == op.Admin && e.Code != core.CodeForbidden {
					s.fatal("%s %s is answered %v to an Operator", m.Name, body, err)
				}
			}
			told[m.Name] = append(told[m.Name], answer)
		}
	}
}

// fill sets every id of a request to n; nil where it has none.
func fill(req reflect.Type, n int64) []byte {
	v := reflect.New(req)
	found := false
	for i := range req.NumField() {
		f := req.Field(i)
		if f.Type.Kind() == reflect.Int64 && f.Type.Name() != "Date" && f.Type.Name() != "Qty" && f.Type.Name() != "int64" && f.Type.Name() != "Percent" {
			v.Elem().Field(i).SetInt(n)
			found = true
		}
	}
	if !found {
		return nil
	}
	b, err := json.Marshal(v.Interface())
	if err != nil {
		panic(err)
	}
	return b
}

// secrets are the values of the ledger that are no round numbers, so that no quantity
// is taken for one.
func (s *story) secrets() map[string]bool {
	out := map[string]bool{}
	for _, d := range s.papers {
		for _, x := range d.rows {
			if v := max(x.v, -x.v); v > 100_000 && v%100 != 0 {
				out[fmt.Sprint(int64(v))] = true
			}
		}
	}
	return out
}

// finder is told what an Operator must not see.
type finder func(format string, args ...any)

func tellsNoCost(found finder, what string, answer []byte, secrets map[string]bool) {
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		found("%s: %v in %.100s", what, err, answer)
		return
	}
	lookThrough(found, what, v, secrets)
}

func lookThrough(found finder, what string, v any, secrets map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			for _, w := range costWords {
				if strings.Contains(k, w) {
					found("%s tells an Operator the field %q: %v", what, k, x)
				}
			}
			lookThrough(found, what, x, secrets)
		}
	case []any:
		for _, x := range v {
			lookThrough(found, what, x, secrets)
		}
	case json.Number:
		if secrets[strings.TrimPrefix(v.String(), "-")] {
			found("%s tells an Operator the number %s", what, v)
		}
	case string:
		if b, err := base64.RawURLEncoding.DecodeString(v); err == nil && json.Valid(b) && len(b) > 2 && b[0] == '{' { // a cursor
			tellsNoCost(found, what+"'s cursor", b, secrets)
		}
		digits := strings.NewReplacer(",", "", ".", "").Replace(v)
		for secret := range secrets {
			if strings.Contains(digits, secret) {
				found("%s tells an Operator %q", what, v)
			}
		}
	}
}
