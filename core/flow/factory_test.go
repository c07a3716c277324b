package flow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/recipe"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// masters are the records every random factory starts with: three raw materials, two
// powders of which one goes into the other, two finished goods, suppliers and
// customers in and out of the state.
type masters struct {
	raw, powders, finished, packing []core.ItemID
	suppliers, customers            []core.PartyID
	recipes                         []recipe.ID
	profiles                        []packing.ID
}

// template is a factory with its masters, made once and copied for every story.
var template = struct {
	sync.Once
	*Factory
	masters
	books []byte
}{}

// newFactory starts a factory of its own with the masters in place.
func newFactory(t testing.TB) (*Factory, *masters) {
	t.Helper()
	template.Do(func() {
		f := New(t)
		template.Factory, template.masters = f, mastersOf(f)
		template.books = f.Copy()
	})
	m := template.masters
	return template.Twin(t, template.books), &m
}

func mastersOf(f *Factory) (m masters) {
	f.T.Helper()
	item := func(sku, name string, change ...func(*catalog.ItemFields)) core.ItemID {
		return f.Item(sku, name, change...).ID
	}
	bulk := func(i *catalog.ItemFields) { i.Type, i.ShelfLifeMonths = catalog.Bulk, 9 }
	m.raw = []core.ItemID{item("RAW-001", "Turmeric"), item("RAW-002", "Chilli", func(i *catalog.ItemFields) { i.QCRequired = true }), item("RAW-003", "Coriander")}
	m.powders = []core.ItemID{item("BLK-001", "Turmeric powder", bulk), item("BLK-002", "Curry powder", bulk, func(i *catalog.ItemFields) { i.QCRequired = true })}
	m.finished = []core.ItemID{f.FinishedGood("FIN-001", "Turmeric 50 g").ID, f.FinishedGood("FIN-002", "Curry 50 g", func(i *catalog.ItemFields) { i.ShelfLifeMonths = 6 }).ID}
	pieces := func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units, i.ShelfLifeMonths = catalog.Packing, "JAR_BODY", core.Count, "pcs", "pcs", nil, 0
	}
	m.packing = []core.ItemID{item("PKG-001", "Jar", pieces), item("PKG-002", "Carton", pieces)}
	for _, name := range []string{"Sangli Haldi Traders", "Guntur Mirchi Yard"} {
		m.suppliers = append(m.suppliers, f.Supplier(name).ID)
	}
	customer := func(name, state string, segment core.Segment, life int) {
		m.customers = append(m.customers, Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: name, StateCode: state, Segment: segment, MinLifeDays: life, Active: true}}).ID)
	}
	customer("Pune Distributor", "27", core.Regular, 0)
	customer("City Mart Chain", "24", core.Regular, 60)
	customer("Web shop", "29", core.Online, 0)
	blend := func(code string, powder core.ItemID, lines ...recipe.Line) {
		m.recipes = append(m.recipes, Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: code, Name: code, Item: powder, StdLoss: 400, Tolerance: 150, Active: true, Lines: lines}}).ID)
	}
	blend("TP", m.powders[0], recipe.Line{Item: m.raw[0], Share: core.Whole})
	blend("CP", m.powders[1], recipe.Line{Item: m.raw[1], Share: 3333}, recipe.Line{Item: m.powders[0], Share: 2667}, recipe.Line{Item: m.raw[2], Share: 4000})
	pack := func(code string, item, powder core.ItemID, parts ...packing.Component) {
		m.profiles = append(m.profiles, Do(f.Owner, packing.CreateProfile, packing.CreateProfileReq{Fields: packing.Fields{Code: code, Name: code, NetWeight: 50 * core.Gram, Active: true,
			Components: parts, Products: []packing.Product{{Item: item, Powder: powder}}}}).ID)
	}
	jar, carton := packing.Component{Item: m.packing[0], PerPacks: core.PerPacks{Q: 1, N: 1}}, packing.Component{Item: m.packing[1], PerPacks: core.PerPacks{Q: 1, N: 40}}
	pack("JAR", m.finished[0], m.powders[0], jar, carton)
	pack("BOX", m.finished[1], m.powders[1], carton)
	return m
}

// person acts in a factory by what a source decides. Everything a person knows he
// reads from the server, so that fifty of them may act at once.
type person struct {
	*Factory
	*masters
	source
	alone bool                                     // nobody else acts meanwhile
	odd   bool                                     // and he does not look first whether it can be done
	user  *User                                    // whoever may do it: the owner, or an Operator
	heard func(what string, answer any, err error) // what an Operator was told; may be nil
	log   func(format string, args ...any)
	fatal func(format string, args ...any)
}

// send sends a request, with the same key again as a PC does, where a busy machine did
// not answer in time.
func send[Req, Resp any](u *User, o op.Op[Req, Resp], req Req) (resp Resp, err error) {
	key := ""
	if o.Kind != op.Read && !o.Keyless {
		key = uuid.NewString()
	}
	for range 5 {
		if resp, err = o.Call(context.Background(), u, key, req); core.CodeOf(err) != core.CodeUnavailable {
			break
		}
	}
	return resp, err
}

// try does something that the rules may refuse. Whatever they say must be a sentence
// for people.
func try[Req, Resp any](p *person, u *User, o op.Op[Req, Resp], req Req) (Resp, error) {
	resp, err := send(u, o, req)
	p.log("%s %+v: %v", o.Name, req, said(err))
	if u != p.Owner && p.heard != nil {
		p.heard(o.Name, resp, err)
	}
	var e *core.Error
	switch {
	case err == nil:
	case !errors.As(err, &e):
		p.fatal("%s %+v: the error is no *core.Error: %v", o.Name, req, err)
	case !slices.Contains([]core.Code{core.CodeInvalid, core.CodeNotFound, core.CodeConflict, core.CodeInsufficientStock}, e.Code) || e.Message == "":
		p.fatal("%s %+v: answered %s: %v, because %v", o.Name, req, e.Code, e, errors.Unwrap(e))
	case e.Code == core.CodeInsufficientStock:
		for _, f := range e.Fields {
			if !strings.Contains(f.Message, "available") && !strings.Contains(f.Message, " has ") {
				p.fatal("%s %+v: a shortage does not say what there is: %q", o.Name, req, f.Message)
			}
		}
	}
	return resp, err
}

// sideBySide tries something with every story, each told in a factory of its own.
func sideBySide[S fmt.Stringer](t *testing.T, stories []S, try func(t *testing.T, x S)) {
	t.Parallel()
	for _, x := range stories {
		t.Run(x.String(), func(t *testing.T) {
			t.Parallel()
			try(t, x)
		})
	}
}

func said(err error) string {
	var e *core.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return fmt.Sprint(e.Message, " ", e.Fields)
	}
	if err == nil {
		return "done"
	}
	return err.Error()
}

// read asks something that is always answered.
func read[Req, Resp any](p *person, o op.Op[Req, Resp], req Req) Resp {
	resp, err := send(p.Owner, o, req)
	if err != nil {
		p.fatal("%s %+v: %v", o.Name, req, err)
	}
	return resp
}

// looked asks something that is answered, unless others have changed it meanwhile.
func looked[Req, Resp any](p *person, o op.Op[Req, Resp], req Req) (Resp, bool) {
	if p.alone {
		return read(p, o, req), true
	}
	resp, err := send(p.Owner, o, req)
	return resp, err == nil
}

func (p *person) maybe(what string) bool { return p.upTo(1, what) == 1 }

// seldom is true once in four times.
func (p *person) seldom(what string) bool { return p.upTo(3, what) == 3 }

// oneOf picks from a list; ok is false where it is empty.
func oneOf[T any](p *person, what string, list []T) (x T, ok bool) {
	if len(list) == 0 {
		return x, false
	}
	return list[p.upTo(int64(len(list)-1), what)], true
}

// careless is half of the time that a person is odd: then he asks for what will not do.
func (p *person) careless(what string) bool { return p.odd && p.maybe(what) }

// sure picks from a list that is never empty.
func sure[T any](p *person, what string, list ...T) T {
	x, _ := oneOf(p, what, list)
	return x
}

// mass is mostly whole kilograms, sometimes any number of milligrams.
func (p *person) mass(what string) core.Qty {
	if p.seldom("odd " + what) {
		return core.Qty(1 + p.upTo(60_000_000, what+" mg"))
	}
	return core.Qty(1+p.upTo(59, what+" kg")) * core.Kilogram
}

func (p *person) pieces(what string) core.Qty { return core.Qty(1 + p.upTo(199, what)) }

func (p *person) paise(what string) core.Paise {
	switch p.upTo(5, "kind of "+what) {
	case 5:
		return core.Paise(p.upTo(3, what))
	case 4:
		return core.Paise(p.upTo(10_000_000, what))
	}
	return core.Paise(1+p.upTo(199, what+" hundreds")) * 100_00
}

// someOf is a part of have, often all of it, carelessly a little more.
func (p *person) someOf(have core.Qty, what string) core.Qty {
	switch p.upTo(7, "part of "+what) {
	case 0, 1, 2:
		return have
	case 7:
		if p.odd {
			return have + 1
		}
	}
	return max(1, core.Qty(p.upTo(int64(have), what)))
}

// part is a little of what there is, seldom all of it.
func (p *person) part(have core.Qty) core.Qty {
	if !p.seldom("all of it") {
		have /= 16
	}
	return max(1, have)
}

func (p *person) zone() *time.Location {
	z, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		p.fatal("%v", err)
	}
	return z
}

func (p *person) today() core.Date { return core.DateOf(p.Clock.Now(), p.zone()) }

// anybody is the owner or an Operator, for what both may do.
func (p *person) anybody() *User {
	if p.maybe("owner does it") {
		return p.Owner
	}
	return p.user
}

// stockOf lists the cells with stock.
func (p *person) stockOf(types ...catalog.Type) []stock.LotRow {
	return read(p, stock.ListLots, stock.ListLotsReq{Types: types, Limit: 500, Sort: stock.ByLot}).Lots
}
