// Package grn is where goods are received: the entry of a delivery, line by line
// from the keyboard, and the list of what was received before.
package grn

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"masala/core"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	"masala/ui/async"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/resume"
)

// Model is the entry of one delivery without its looks.
type Model struct {
	env  *screen.Env
	host *async.Host

	Form        *form.Form
	Supplier    *form.Field
	InvoiceNo   *form.Field
	InvoiceDate *form.Field
	ReceivedOn  *form.Field
	HoldReason  *form.Field // why lines are set aside that need no QC; empty unless SetAside
	Reason      *form.Field // why it is dated back (R7); empty unless BackDated
	Lines       *form.Rows
	Freight     *form.Field
	Hamali      *form.Field

	Busy     bool                  // it is being posted
	Posted   *purchase.PostGRNResp // what the entry before became
	Doc      core.DocumentID       // posted under this entry's key before, with other content
	Offer    *resume.Here          // an unfinished GRN of this user
	Redated  bool                  // the day of receipt became today when the draft was resumed
	lacks    []*form.Field         // of a strange draft, see Lacks
	Tried    bool                  // posting was refused since the form was empty
	Unfold   func(f *form.Field)   // brings a field at fault into view; may be nil
	Emptied  func()                // the form is ready for the next delivery; may be nil
	supplier party.Party
	items    map[core.ItemID]catalog.ItemRow
	settings system.SettingsFields
	known    bool // settings have been read

	kept    *form.Kept
	sentKey string // of the entry that was sent last and got no answer
	rev     uint64

	parties async.Value[[]party.Party]
	finds   async.Value[[]catalog.ItemRow]
	numbers async.Value[stock.SuggestNumbersResp]
}

// NewModel makes an empty entry; Reload reads what it needs from the server.
func NewModel(env *screen.Env) *Model {
	m := &Model{env: env, items: map[core.ItemID]catalog.ItemRow{}}
	m.host = env.Host.Child()
	m.parties.Keep, m.finds.Keep = true, true
	m.build()
	m.kept = env.Desk.Keep(m.Form)
	m.Offer = resume.NewHere(env, m.fits)
	return m
}

func (m *Model) build() {
	f := form.New(purchase.PostGRN.Name, "GRN", m.env.NewKey)
	m.Form = f
	m.Supplier = f.Add(form.Field{Path: "supplier", Label: "Supplier", Required: true, Pick: true, Missing: "Choose the supplier."})
	m.InvoiceNo = f.Add(form.Field{Path: "invoice_no", Label: "Invoice no.", Required: true, Missing: "Enter the invoice number.", Rule: form.AtMost(40)})
	m.InvoiceDate = f.Add(form.Field{Path: "invoice_date", Label: "Invoice date", Required: true, Missing: "Enter the invoice date.",
		Rule: form.Day(func() form.Calendar { return form.Calendar{Today: m.env.Today(), NoFuture: true} })})
	m.ReceivedOn = f.Add(form.Field{Path: "received_on", Label: "Received on", Required: true, Missing: "Enter the day the goods came.",
		Initial: m.env.Today().String(), ReadOnly: !m.env.IsAdmin(), Rule: form.Day(m.receiptDays)})
	m.HoldReason = f.Add(form.Field{Path: "hold_reason", Label: "Reason for the hold", Missing: "Say why it is put on hold.", Rule: form.AtMost(200)})
	m.Reason = f.Add(form.Field{Path: "reason", Label: "Reason for the earlier day", Missing: "Give the reason for the earlier day.", Rule: form.AtMost(200)})
	m.Lines = f.AddRows("lines", lineFields)
	m.Lines.Ready = m.ready
	m.ready(m.Lines.At(0))
	m.Freight = f.Add(form.Field{Path: "freight", Label: "Freight", Rule: notBelowZero("Freight cannot be negative.")})
	m.Hamali = f.Add(form.Field{Path: "hamali", Label: "Hamali", Rule: notBelowZero("Hamali cannot be negative.")})
	f.Check = m.between
	f.Rebase()
}

// receiptDays are the days an Admin may enter: at most as far back as the settings
// allow (R7).
func (m *Model) receiptDays() form.Calendar {
	c := form.Calendar{Today: m.env.Today(), NoFuture: true}
	if m.known {
		c.From = c.Today.AddDays(-m.settings.BackdateDays)
	}
	return c
}

func notBelowZero(sentence string) form.Rule {
	return func(text string) (string, error) {
		p, err := form.ParseMoney(text)
		if err == nil && p < 0 {
			err = core.Errorf(core.CodeInvalid, "%s", sentence)
		}
		return form.FormatMoney(p), err
	}
}

// Reload reads settings and the masters in use again; what is typed stays.
func (m *Model) Reload() {
	m.rev++
	m.env.Shell.Go(func(ctx context.Context) func() {
		s, err := system.GetSettings.Call(ctx, m.env.Caller, "", system.GetSettingsReq{})
		if err != nil {
			return nil // asked again when the connection is back
		}
		return func() { m.settings, m.known = s.SettingsFields, true }
	})
	m.identify()
	m.lookUp()
}

// identify reads the supplier and the items a resumed draft names.
func (m *Model) identify() {
	if id := m.supplierID(); id != 0 && m.supplier.ID != id {
		m.env.Shell.Go(func(ctx context.Context) func() {
			p, err := party.GetParty.Call(ctx, m.env.Caller, "", party.GetPartyReq{ID: id})
			if err != nil {
				return nil
			}
			return func() {
				if m.supplierID() == p.ID {
					m.supplier = p
				}
			}
		})
	}
	asked := map[core.ItemID]bool{}
	for _, r := range m.Lines.Filled() {
		id := itemID(r)
		if _, ok := m.items[id]; id == 0 || ok || asked[id] {
			continue
		}
		asked[id] = true
		m.env.Shell.Go(func(ctx context.Context) func() {
			it, err := catalog.GetItem.Call(ctx, m.env.Caller, "", catalog.GetItemReq{ID: id})
			if err != nil {
				return nil
			}
			return func() { m.know(catalog.ItemRow{Item: it}) }
		})
	}
}

// know keeps an item and completes the lines that name it.
func (m *Model) know(it catalog.ItemRow) {
	m.items[it.ID] = it
	m.Settle()
}

// Unknown reports that items of a resumed draft have not been read yet: nothing can
// be reckoned or sent before.
func (m *Model) Unknown() bool {
	for _, r := range m.Lines.Filled() {
		if id := itemID(r); id != 0 {
			if _, ok := m.items[id]; !ok {
				return true
			}
		}
		if r.Field(fItem).Was != "" {
			return true
		}
	}
	return m.Supplier.Was != ""
}

// Close ends what is being read for this screen.
func (m *Model) Close() { m.host.Close() }

// Suppliers finds suppliers in use by words of name, contact or GSTIN.
func (m *Model) Suppliers(query string) ([]party.Party, async.State) {
	return m.parties.Want(m.host, query, m.rev, func(ctx context.Context) ([]party.Party, error) {
		r, err := party.ListParties.Call(ctx, m.env.Caller, "", party.ListPartiesReq{Query: query, Kind: party.Supplier, Limit: 50})
		return r.Parties, err
	})
}

// Number is the one that the GRN gets if it is posted next, "" while that is unknown: it
// has not been read, or the entry was sent and may have a number already.
func (m *Model) Number() string { return m.suggested(stock.KindGRN.Numbering().Prefix) }

// LotNumber is the one that the lot of a line gets likewise. Empty lines get none, so they
// do not count.
func (m *Model) LotNumber(r *form.Row) string {
	before := 0
	for _, other := range m.Lines.Filled() {
		if other == r {
			break
		}
		before++
	}
	return stock.LotNumbers.Later(m.suggested(stock.LotNumbers.Prefix), before)
}

func (m *Model) suggested(prefix string) string {
	if m.Sent() {
		return ""
	}
	on := m.received()
	r, _ := m.numbers.Want(m.host, on, m.rev, func(ctx context.Context) (stock.SuggestNumbersResp, error) {
		return stock.SuggestNumbers.Call(ctx, m.env.Caller, "", stock.SuggestNumbersReq{Of: []string{stock.KindGRN.Numbering().Prefix, stock.LotNumbers.Prefix}, On: on})
	})
	return r.Numbers[prefix]
}

var bought = []catalog.Type{catalog.Raw, catalog.Bulk, catalog.Packing}

// Items finds items that are bought, in use, by words of SKU or name.
func (m *Model) Items(query string) ([]catalog.ItemRow, async.State) {
	return m.finds.Want(m.host, query, m.rev, func(ctx context.Context) ([]catalog.ItemRow, error) {
		r, err := catalog.ListItems.Call(ctx, m.env.Caller, "", catalog.ListItemsReq{Query: query,
			Types: bought, Limit: 50})
		return r.Items, err
	})
}

// TakeItem takes the item with this id, one of those found last.
func (m *Model) TakeItem(r *form.Row, key string) {
	found, _ := m.finds.Get()
	for _, it := range found {
		if strconv.FormatInt(int64(it.ID), 10) == key {
			m.ChooseItem(r, it)
		}
	}
}

// TakeSupplier takes the supplier with this id, one of those found last.
func (m *Model) TakeSupplier(key string) {
	found, _ := m.parties.Get()
	for _, p := range found {
		if strconv.FormatInt(int64(p.ID), 10) == key {
			m.ChooseSupplier(p)
		}
	}
}

// ChooseSupplier takes a supplier of the list.
func (m *Model) ChooseSupplier(p party.Party) {
	m.supplier = p
	m.Supplier.Choose(strconv.FormatInt(int64(p.ID), 10), p.Name, "")
}

// SupplierParty is the chosen supplier; ok is false while none is, or it is still
// being read.
func (m *Model) SupplierParty() (p party.Party, ok bool) {
	return m.supplier, m.supplier.ID != 0 && m.supplier.ID == m.supplierID()
}

// SupplierNote stands below the supplier: GSTIN and lead time.
func (m *Model) SupplierNote() string {
	p, ok := m.SupplierParty()
	if !ok {
		return ""
	}
	note := "no GSTIN"
	if p.GSTIN != "" {
		note = p.GSTIN
	}
	switch p.LeadDays {
	case 0:
	case 1:
		note += ", lead time 1 day"
	default:
		note += fmt.Sprintf(", lead time %d days", p.LeadDays)
	}
	return note
}

func (m *Model) supplierID() core.PartyID { return core.PartyID(id(m.Supplier)) }

func itemID(r *form.Row) core.ItemID { return core.ItemID(id(r.Field("item"))) }

func id(f *form.Field) int64 { return parse(f.Key) }

func parse(key string) int64 {
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// SetAside reports that somebody put a line on hold whose item does not need QC.
func (m *Model) SetAside() bool {
	return slices.ContainsFunc(m.Lines.Filled(), m.doubted)
}

func (m *Model) doubted(r *form.Row) bool { return Held(r) && !r.Field(fHold).ReadOnly }

// BackDated reports that the goods came on an earlier day than today.
func (m *Model) BackDated() bool {
	d := m.ReceivedOn.Date()
	return d != 0 && d < m.env.Today()
}
