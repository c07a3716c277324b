package app_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// newAudit returns the audit rows after seq, oldest first.
func newAudit(f *Factory, seq core.Seq) (rows []system.AuditRow) {
	f.T.Helper()
	for _, r := range Do(f.Owner, system.ListAudit, system.ListAuditReq{Limit: 500}).Rows {
		if r.Seq > seq {
			rows = append([]system.AuditRow{r}, rows...)
		}
	}
	return rows
}

func auditSeq(f *Factory) core.Seq { return core.Seq(f.Int(`SELECT max(seq) FROM audit`)) }

// TestR43_EveryWriteIsAudited performs every write operation once and finds who,
// when, from which PC and what in the audit log.
func TestR43_EveryWriteIsAudited(t *testing.T) {
	t.Parallel()
	changesOld := map[string]string{"account.update_user": `"Store 1"`, "catalog.update_item": `"Methi"`, "party.update_party": `"lead_days":4`,
		"system.update_settings": `"Demo factory, Pune"`, "stock.hold_lot": "RELEASED", "stock.release_lot": "HOLD", "stock.reject_lot": "HOLD"}
	tellsNothing := map[string]bool{"account.login": true, "account.logout": true, "account.change_password": true, "account.reset_password": true, "account.open_pairing": true}
	eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
		before := auditSeq(f)
		if _, err := f.Owner.Call(t.Context(), m.Name, keyOf(m), body(t, req)); err != nil {
			t.Fatalf("%v %+v", err, err)
		}
		if m.Name == account.Logout.Name {
			*f.Owner = *f.Login("owner", op.Peer{Name: "SERVER", Local: true})
		}
		rows := newAudit(f, before)
		if len(rows) == 0 {
			t.Fatal("no audit row")
		}
		who := f.Owner.ID
		if m.Name == account.Login.Name {
			who = f.Store1.ID
		}
		if m.Perm == op.ThisPC {
			who = 0
		}
		r := rows[0]
		if r.Operation != m.Name || r.User != who || r.Name == "" || r.Device != "SERVER" || !r.At.Equal(f.Clock.Now()) {
			t.Errorf("the row says %+v", r)
		}
		if !tellsNothing[m.Name] && (r.New == nil || r.Entity == "") {
			t.Errorf("the row does not say what: %+v", r)
		}
		if want := changesOld[m.Name]; want != "" && !bytes.Contains(r.Old, []byte(want)) {
			t.Errorf("the old value is %s, want %s in it", r.Old, want)
		}
		if strings.Contains(string(r.New), Password) || strings.Contains(string(r.New), "argon2") {
			t.Errorf("a password is in the audit log: %s", r.New)
		}
		f.Verify()
	})
}

func TestR43_FirstAdminAndPairingAreAudited(t *testing.T) {
	t.Parallel()
	f := New(t)
	writes["account.revoke_device"](f)
	for operation, entity := range map[string]string{"account.create_first_admin": "user owner", "account.pair_device": "device PC-MILL"} {
		rows := Do(f.Owner, system.ListAudit, system.ListAuditReq{Operation: operation}).Rows
		if len(rows) == 0 || rows[0].Entity != entity || rows[0].New == nil || rows[0].Old != nil {
			t.Errorf("%s: %+v", operation, rows)
		}
	}
}

// TestR43_RefusalsLeaveNothing: what did not happen is in no table.
func TestR43_RefusalsLeaveNothing(t *testing.T) {
	t.Parallel()
	f := New(t)
	grn(f, stock.Released)
	before := f.Tables()
	for _, m := range op.All() {
		if m.Perm != op.Admin {
			continue
		}
		if _, err := f.Store1.Call(t.Context(), m.Name, keyOf(m), nil); core.CodeOf(err) != core.CodeForbidden {
			t.Errorf("an Operator is answered %v to %s", err, m.Name)
		}
	}
	f.Unchanged(before, "a forbidden call")
}

// TestR43_NoPasswordAnywhere looks for passwords in every table after every
// operation that has one.
func TestR43_NoPasswordAnywhere(t *testing.T) {
	t.Parallel()
	f := New(t)
	for _, name := range []string{"account.change_password", "account.create_user", "account.reset_password"} {
		m, _ := op.Lookup(name)
		if !m.Secret {
			t.Errorf("%s is not Secret", name)
		}
		if _, err := f.Owner.Call(t.Context(), name, keyOf(m), body(t, writes[name](f))); err != nil {
			t.Fatal(err)
		}
	}
	for _, column := range []string{"audit.new", "audit.old", "answer.body"} {
		table, name, _ := strings.Cut(column, ".")
		for _, secret := range []string{Password, "coriander-7", "cumin-cumin", "fenugreek", "argon2id"} {
			if n := f.Int(`SELECT count(*) FROM ` + table + ` WHERE instr(CAST(` + name + ` AS TEXT), '` + secret + `') > 0`); n > 0 {
				t.Errorf("%s is in %s", secret, column)
			}
		}
	}
	if n := f.Int(`SELECT count(*) FROM request WHERE operation LIKE 'account.%password' AND body <> zeroblob(32)`); n > 0 {
		t.Errorf("%d digests of passwords are kept", n)
	}
}

// views has a good request for each Viewed operation that does not just name a
// document by its id, in a factory with one GRN of one lot.
var views = map[string]func(*Factory) any{
	"stock.list_valued_ledger": func(*Factory) any { return stock.LedgerReq{Item: 1} },
	"purchase.preview_price_correction": func(*Factory) any {
		return purchase.CorrectPriceReq{GRN: 1, Line: 1, Delta: 5, NoteNo: "DN/1", Reason: "rate"}
	},
	"purchase.get_costed_order": func(f *Factory) any {
		return purchase.GetOrderReq{ID: Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: orderFields(f)}).ID}
	},
}

// TestR37_LookingAtValuesIsAudited: one row per session, operation and day.
func TestR37_LookingAtValuesIsAudited(t *testing.T) {
	t.Parallel()
	var viewed []op.Meta
	for _, m := range op.All() {
		if m.Viewed {
			viewed = append(viewed, m)
		}
	}
	if len(viewed) < 5 {
		t.Fatalf("only %d operations are Viewed", len(viewed))
	}
	for _, m := range viewed {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			f := New(t)
			g := grn(f, stock.Released)
			req, _ := json.Marshal(map[string]any{"id": g.Document})
			if special, ok := views[m.Name]; ok {
				req = body(t, special(f))
			}
			look := func() int {
				before := auditSeq(f)
				if _, err := f.Owner.Call(t.Context(), m.Name, "", req); err != nil {
					t.Fatal(err)
				}
				n := 0
				for _, r := range newAudit(f, before) {
					if r.Operation == m.Name && r.Entity == "viewed" && r.User == f.Owner.ID {
						n++
					}
				}
				return n
			}
			if n := look(); n != 1 {
				t.Errorf("the first look leaves %d rows", n)
			}
			if n := look() + look(); n != 0 {
				t.Errorf("looking again leaves %d rows", n)
			}
			*f.Owner = *f.Login("owner", op.Peer{Name: "SERVER", Local: true})
			if n := look(); n != 1 {
				t.Errorf("another session leaves %d rows", n)
			}
			f.Clock.Set(Start.AddDate(0, 0, 1))
			if n := look(); n != 1 {
				t.Errorf("the next day leaves %d rows", n)
			}
			if _, err := f.Store1.Call(t.Context(), m.Name, "", req); core.CodeOf(err) != core.CodeForbidden {
				t.Errorf("an Operator is answered %v", err)
			}
			f.Verify()
		})
	}
}
