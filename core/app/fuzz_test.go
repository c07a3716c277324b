package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/op"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// FuzzServe sends the server any operation with any body, as owner, as Operator and
// as nobody. Whatever comes, it answers with an answer or with a sentence of its
// own: never a panic, never an internal error, and the books stay good.
func FuzzServe(f *testing.F) {
	prepared := New(f)
	grn(prepared, stock.Released)
	grn(prepared, stock.Hold)
	for _, m := range op.All() {
		var req any = struct{}{}
		if w := writes[m.Name]; w != nil && m.Name != "stock.close_period" && m.Name != "licence.confirm_clock" && m.Name != "licence.restart" { // they move the clock
			req = w(prepared)
		}
		b, err := json.Marshal(req)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(m.Name, b, byte(0))
		f.Add(m.Name, b, byte(1))
	}
	for _, b := range []string{`{"id":1}`, `{"query":"\"* OR NEAR(","limit":-1,"after":"-1"}`, `{"sort":"value","types":["RAW"],"statuses":["HOLD"],"item":1,"empty":true,"expired":true}`,
		`{"month":"2026-01-01"}`, `{"month":"1970-01-15"}`, `{"month":"9999-12-31"}`, `{"qty":9223372036854775807}`, `{"lot":1,"segment":"REGULAR","status":"RELEASED","qty":-9223372036854775808,"reason":"Damage"}`} {
		for _, name := range []string{"stock.list_lots", "stock.get_lot", "catalog.list_items", "stock.adjust", "stock.close_period", "system.list_audit", "nothing.at_all"} {
			f.Add(name, []byte(b), byte(0))
		}
	}
	calls := 0
	f.Fuzz(func(t *testing.T, operation string, sent []byte, who byte) {
		m, _ := op.Lookup(operation)
		request := prepared.Owner.Request(operation, "", sent)
		switch who % 3 {
		case 1:
			request = prepared.Store1.Request(operation, "", sent)
		case 2:
			request.Token = "nobody"
		}
		switch operation {
		case "account.logout", "account.update_user", "account.change_password", "account.reset_password", "account.revoke_device":
			request.Token = "nobody" // a session that ends would leave the rest of the run outside
		}
		if m.Kind != op.Read && !m.Keyless {
			request.Key = uuid.NewString()
		}
		answer, err := prepared.App.Serve(context.Background(), request)
		var e *core.Error
		switch {
		case err == nil:
			if !json.Valid(answer) {
				t.Fatalf("the answer is no JSON: %q", answer)
			}
		case !errors.As(err, &e):
			t.Fatalf("the error is no *core.Error: %v", err)
		case e.Code == core.CodeInternal || e.Code == core.CodeUnavailable || e.Code == core.CodeCorrupt || e.Message == "":
			t.Fatalf("answered %s: %v, because %v", e.Code, e, errors.Unwrap(e))
		}
		if calls++; calls%200 == 0 || err == nil && m.Kind == op.Business {
			if r, err := prepared.DB.Verify(t.Context(), nil); err != nil || !r.OK() {
				t.Fatalf("the books are wrong: %v, %q", err, r.Problems)
			}
		}
	})
}
