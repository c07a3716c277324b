package grn_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/core/purchase"
	"masala/ui/async"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/grn"
	"masala/ui/screen/screentest"
	"masala/ui/uitest"
)

// quiet is a shell without a window: work is done at once, or kept for later.
type quiet struct {
	screen.Shell
	work []func()
	held bool
}

func (q *quiet) Go(work func(context.Context) func()) {
	do := func() {
		if done := work(context.Background()); done != nil {
			done()
		}
	}
	if q.held {
		q.work = append(q.work, do)
		return
	}
	do()
}

func (q *quiet) Invalidate()                 {}
func (q *quiet) Toast(screen.Toast)          {}
func (q *quiet) Ask(screen.Question)         {}
func (q *quiet) Online() bool                { return true }
func (q *quiet) Revision(...op.Topic) uint64 { return 1 }
func (q *quiet) let()                        { work := q.work; q.work, q.held = nil, false; run(work) }
func run(work []func()) {
	for _, do := range work {
		do()
	}
}

// typed is what hands and scanners put into fields.
var typed = rapid.OneOf(
	rapid.SampledFrom([]string{"", "0", "5 bag", "12.5", "3q", "40*12+15", "-7", "1/3", "1e9", "99999999999999999999", "t", "y", "+90", "31-2", "12-2-2026", "1-1-26",
		"₹ 143.00", "0.00001", "abc", "RAW-001", "हल्दी", "12 kg", "5 पेटी", "9223372036854775807", "0.5 mg", "−3"}),
	rapid.String())

// Whatever is typed, chosen, copied, removed, lost and resumed: nothing panics, and
// what reaches the server is valid, with its lines adding up to what was shown.
func TestModelTakesAnything(t *testing.T) {
	sent := 0
	rapid.Check(t, func(t *rapid.T) {
		f := screentest.NewFactory()
		screentest.Answer(f.Server, purchase.PostGRN, func(q purchase.PostGRNReq) (purchase.PostGRNResp, error) {
			if err := q.Validate(); err != nil {
				t.Fatalf("an invalid request was sent: %v", err)
			}
			return purchase.PostGRNResp{Document: 1, Number: "GRN-1"}, nil
		})
		files := &screentest.Files{Data: map[string][]byte{}}
		clock := uitest.NewClock(time.Date(2026, 2, 12, 9, 0, 0, 0, time.UTC))
		shell := &quiet{}
		role := rapid.SampledFrom([]core.Role{core.Admin, core.Operator}).Draw(t, "role")
		keys := 0
		env := &screen.Env{Caller: f.Server, Clock: clock, Zone: time.UTC, User: account.User{Role: role}, Shell: shell,
			Drafts: form.NewDrafts(files, clock, "u"), NewKey: func() string { keys++; return strings.Repeat("k", keys) }}
		env.Desk = form.NewDesk(env.Drafts, clock, func(write func() error, done func(error)) { done(write()) }, func() {})
		env.Host = async.NewHost(context.Background(), async.Inline{}, clock, func() {})
		defer env.Host.Close()
		m := grn.NewModel(env)
		defer m.Close()
		m.Reload()
		row := func() *form.Row {
			return m.Lines.At(rapid.IntRange(0, m.Lines.Len()-1).Draw(t, "row"))
		}
		now := clock.Now()
		t.Repeat(map[string]func(*rapid.T){
			"supplier": func(t *rapid.T) { m.ChooseSupplier(f.Parties[rapid.IntRange(0, 2).Draw(t, "party")]) },
			"field": func(t *rapid.T) {
				x := rapid.SampledFrom([]*form.Field{m.Supplier, m.InvoiceNo, m.InvoiceDate, m.ReceivedOn, m.Reason, m.Freight, m.Hamali}).Draw(t, "field")
				if !x.ReadOnly {
					x.Set(typed.Draw(t, "text"))
					x.Leave()
				}
			},
			"item": func(t *rapid.T) { m.ChooseItem(row(), f.Items[rapid.IntRange(0, 7).Draw(t, "item")]) },
			"cell": func(t *rapid.T) {
				r := row()
				name := rapid.SampledFrom([]string{"item", "qty", "rate", "value", "supplier_batch", "mfg_on", "expiry_on"}).Draw(t, "name")
				r.Field(name).Set(typed.Draw(t, "text"))
				m.Changed(r)
				if !r.Blank() {
					r.Field(name).Leave()
				}
				m.Left(r, name)
			},
			"complete": func(t *rapid.T) { // so that some are good enough to be sent
				m.ChooseSupplier(f.Parties[0])
				m.InvoiceNo.Set("UJH/1182")
				m.InvoiceDate.Set("10-2-26")
				m.Reason.Set("lorry came late")
				m.Freight.Set("3500")
				m.Hamali.Set("")
				for i := range m.Lines.Len() {
					r := m.Lines.At(i)
					if i > 0 && r.Blank() {
						continue
					}
					m.ChooseItem(r, f.Items[i%7])
					for name, text := range map[string]string{"qty": "500", "rate": "143", "mfg_on": "", "expiry_on": "2-2-28", "supplier_batch": ""} {
						r.Field(name).Set(text)
						m.Left(r, name)
					}
				}
			},
			"hold":   func(t *rapid.T) { m.SetHold(row(), rapid.Bool().Draw(t, "on")) },
			"copy":   func(t *rapid.T) { m.Lines.Copy(rapid.IntRange(0, m.Lines.Len()-1).Draw(t, "row")); m.Rearranged() },
			"remove": func(t *rapid.T) { m.Lines.Remove(rapid.IntRange(0, m.Lines.Len()-1).Draw(t, "row")); m.Rearranged() },
			"undo":   func(t *rapid.T) { m.Lines.Undo(); m.Rearranged() },
			"post":   func(t *rapid.T) { f.Lost = rapid.Bool().Draw(t, "lost"); m.Post(); f.Lost = false },
			"slow": func(t *rapid.T) {
				before := len(f.Keys(purchase.PostGRN.Name))
				shell.held = true
				m.Post()
				m.Post()
				shell.let()
				if n := len(f.Keys(purchase.PostGRN.Name)) - before; n > 1 {
					t.Fatalf("two presses sent %d GRNs", n)
				}
			},
			"save": func(t *rapid.T) { m.SaveDraft() },
			"wait": func(t *rapid.T) {
				now = now.Add(rapid.SampledFrom([]time.Duration{time.Second, 6 * time.Second}).Draw(t, "d"))
				env.Desk.Tick(now)
			},
			"restart": func(t *rapid.T) {
				if !m.Busy {
					m = grn.NewModel(env)
					m.Reload()
					m.Look("")
					m.ResumeOffer()
				}
			},
			"discard": func(t *rapid.T) { m.Discard() },
			"": func(t *rapid.T) {
				m.Totals()
				m.ToComplete()
				if last := m.Lines.At(m.Lines.Len() - 1); last.Field("item").Key != "" {
					t.Fatal("there is no line left to type into")
				}
				for _, x := range f.Sent {
					if x.Operation != purchase.PostGRN.Name {
						continue
					}
					var q purchase.PostGRNReq
					if err := json.NewDecoder(bytes.NewReader(x.Body)).Decode(&q); err != nil {
						t.Fatal(err)
					}
					if err := q.Validate(); err != nil {
						t.Fatalf("an invalid request was sent: %v\n%s", err, x.Body)
					}
					for _, l := range q.Lines {
						it := f.Items[l.Item-1]
						if it.NeedsExpiry() && l.ExpiryOn == 0 || it.QCRequired && !l.Hold || l.MfgOn > q.ReceivedOn {
							t.Fatalf("a line the server refuses was sent: %+v", l)
						}
					}
					sent++
				}
				f.Sent = nil
			},
		})
	})
	if sent == 0 {
		t.Error("not one GRN was ever good enough to be sent")
	}
}
