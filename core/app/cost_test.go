package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"masala/core"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// sellingSide are the fields of type money that an Operator may see, because they
// are no cost: selling prices and the GST on them (R37). GST
// rates are Percent and no money.
var sellingSide = map[string]bool{
	"sales.Order.Total": true, "sales.OrderedItem.Price": true, "sales.OrderedItem.Taxable": true, "sales.Row.Total": true, "sales.Line.Price": true,
	"sales.Tax.Taxable": true, "sales.Tax.CGST": true, "sales.Tax.SGST": true, "sales.Tax.IGST": true,
	"sales.Totals.Taxable": true, "sales.Totals.CGST": true, "sales.Totals.SGST": true, "sales.Totals.IGST": true, "sales.Totals.RoundOff": true, "sales.Totals.Total": true,
}

// moneyIn walks a type and names every field that holds money, or that could hide it.
func moneyIn(t reflect.Type, at string, seen map[reflect.Type]bool) (found []string) {
	if t == reflect.TypeFor[core.Paise]() {
		return []string{at}
	}
	if seen[t] {
		return nil
	}
	seen[t] = true
	defer delete(seen, t)
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		if t == reflect.TypeFor[json.RawMessage]() {
			return []string{at + " (any JSON)"}
		}
		return moneyIn(t.Elem(), at+"[]", seen)
	case reflect.Map:
		return append(moneyIn(t.Key(), at+"{}", seen), moneyIn(t.Elem(), at+"{}", seen)...)
	case reflect.Interface:
		return []string{at + " (anything)"}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			path := at + "." + f.Name
			if sellingSide[t.String()+"."+f.Name] {
				continue
			}
			for _, word := range []string{"rate", "cost", "value", "price", "margin", "landed", "cogs", "freight", "hamali", "amount"} {
				name := strings.ToLower(f.Name)
				if strings.Contains(name, word) && f.Type != reflect.TypeFor[core.Percent]() && !strings.Contains(name, "gst") && f.Type.Kind() != reflect.Struct && f.Type.Kind() != reflect.Slice {
					found = append(found, path+" (by its name)")
				}
			}
			found = append(found, moneyIn(f.Type, path, seen)...)
		}
	}
	return found
}

// TestR37_NoCostInAnyAnswerToAnOperator walks the answer types of every operation an
// Operator may call.
func TestR37_NoCostInAnyAnswerToAnOperator(t *testing.T) {
	t.Parallel()
	for _, m := range op.All() {
		found := moneyIn(m.Resp, m.Resp.String(), map[reflect.Type]bool{})
		switch {
		case m.Perm == op.Admin && m.Kind == op.Read && len(found) > 0:
			if audit := m.Name == "system.list_audit"; !m.Viewed && !audit {
				t.Errorf("%s shows %v but looking at it is not audited", m.Name, found)
			}
		case m.Perm != op.Admin:
			for _, field := range found {
				t.Errorf("%s shows an Operator %s", m.Name, field)
			}
		}
	}
	if len(moneyIn(reflect.TypeFor[stock.ValuedLotDetail](), "", map[reflect.Type]bool{})) < 2 {
		t.Error("the walk finds no money where there is some")
	}
}

// TestR37_NoCostReachesAnOperator posts goods whose every cost is a number found
// nowhere else, calls everything an Operator may call, also wrongly, and looks for
// those numbers in all answers, errors and stored answers.
func TestR37_NoCostReachesAnOperator(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	const value, freight, hamali = 7_177_717, 818_818, 93_939 // paise
	req := GRN(supplier.ID, "S/1", Line(item.ID, 40, value))
	req.Freight, req.Hamali = freight, hamali
	var secrets []string
	for _, n := range []core.Paise{value, freight, hamali, freight + hamali, value + freight + hamali, (value + freight + hamali) / 4} {
		rate, _ := core.Rate(n, 40*core.Kilogram, core.Mass)
		secrets = append(secrets, fmt.Sprint(int64(n)), n.Number(), strings.ReplaceAll(n.Number(), ",", ""), fmt.Sprint(rate), core.FormatRate(rate))
	}
	posted := Do(f.Store1, purchase.PostGRN, req)
	lot := posted.Lots[0].Lot
	Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: lot, Status: stock.Released}, Qty: -10 * core.Kilogram, Reason: "Damage"})
	leak := func(where string, text []byte) {
		t.Helper()
		for _, s := range secrets {
			if bytes.Contains(text, []byte(s)) {
				t.Errorf("%s tells %s: %s", where, s, text)
			}
		}
	}
	shown, err := f.Owner.Call(t.Context(), stock.ListValuedLots.Name, "", nil)
	if err != nil || !bytes.Contains(shown, []byte("6067856")) {
		t.Fatalf("the Admin does not see the value: %s, %v", shown, err)
	}
	bodies := [][]byte{nil, []byte(`{"id":1}`), []byte(`{"id":2}`), []byte(`{"sort":"value"}`), []byte(`{"query":"tur"}`), []byte(`{"id":99}`),
		body(t, stock.ChangeStatusReq{Lot: lot, Qty: 99 * core.Kilogram, Reason: "x"}), body(t, stock.ChangeStatusReq{Lot: lot, Qty: core.Kilogram, Reason: "x"}),
		body(t, stock.RecordCountReq{ID: 1, Entries: []stock.CountEntry{{CellKey: stock.CellKey{Lot: lot, Status: stock.Released}, Qty: 1}}}),
		body(t, req), body(t, stock.ReverseReq{Document: posted.Document, Reason: "x"})}
	for range 2 { // the second time there is a count to record
		for _, m := range op.All() {
			if m.Name == "account.logout" {
				continue
			}
			for _, b := range bodies {
				answer, err := f.Store1.Call(context.Background(), m.Name, keyOf(m), b)
				leak(m.Name, answer)
				if err != nil {
					wire, _ := json.Marshal(err)
					leak(m.Name+" refusing", append(wire, err.Error()...))
				}
			}
		}
	}
	n := f.Int(`SELECT count(*) FROM answer a JOIN request r ON r.key = a.key WHERE r.user_id = ?`, f.Store1.ID)
	if n < 3 {
		t.Errorf("only %d stored answers to look at", n)
	}
	for _, s := range secrets {
		if n := f.Int(`SELECT count(*) FROM answer a JOIN request r ON r.key = a.key WHERE r.user_id = ? AND instr(CAST(a.body AS TEXT), ?) > 0`, f.Store1.ID, s); n > 0 {
			t.Errorf("%s is in %d stored answers", s, n)
		}
	}
	if d := Do(f.Store1, report.Dashboard, report.DashboardReq{}); d.Receipts != 1 {
		t.Errorf("the floor's dashboard shows %+v", d)
	}
	f.Verify()
}
