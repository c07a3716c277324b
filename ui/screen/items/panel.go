package items

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"masala/core"
	"masala/core/catalog"
	"masala/ui/form"
	"masala/ui/screen/record"
)

// Panel is one item being looked at or edited.
type Panel struct {
	record.Edit[catalog.Item]
	m *Model

	Type, SKU, Name, NameHi, Subtype, Dimension      *form.Field
	PurchaseUnit, IssueUnit, MinStock, ShelfLife, QC *form.Field
	HSN, Allergens, NetWeight, Active                *form.Field
	Units, GST                                       *form.Rows

	suggested string // SKU proposed by the server
	asked     int    // counts the proposals asked for
}

// yes is the text of a box that is ticked.
const yes = "yes"

func tick(on bool) string {
	if on {
		return yes
	}
	return ""
}

// Frozen says why type and measure can no longer change, "" while they can (R38).
func (p *Panel) Frozen() string {
	if p.Record.InUse == "" {
		return ""
	}
	return p.Record.Name + " " + p.Record.InUse.Words() + ", so type and measure can no longer change."
}

func newPanel(m *Model, it catalog.Item) *Panel {
	p := &Panel{Edit: m.Edit(it, it.Name), m: m}
	p.Prepare = p.prepare
	f, look := p.Form, p.ReadOnly()
	p.Type = p.Add(form.Field{Path: "type", Label: "Type", Coded: true, Required: true, Pick: true, ReadOnly: it.InUse != ""})
	p.SKU = p.Add(form.Field{Path: "sku", Label: "SKU", Required: true, Missing: "Enter the SKU, for example RAW-001.", Rule: upper(20)})
	p.Name = p.Add(form.Field{Path: "name", Label: "Name", Required: true, Missing: "Enter the name of the item.", Rule: form.AtMost(100)})
	p.NameHi = p.Add(form.Field{Path: "name_hi", Label: "Hindi name", Rule: form.AtMost(100)})
	p.Subtype = p.Add(form.Field{Path: "subtype", Label: "Kind of packing", Coded: true, Pick: true, Missing: "Choose what kind of packing material this is."})
	p.Dimension = p.Add(form.Field{Path: "dimension", Label: "Measured", Coded: true, Required: true, Pick: true, ReadOnly: it.InUse != ""})
	p.PurchaseUnit = p.Add(form.Field{Path: "purchase_unit", Label: "Bought in", Required: true, Missing: "Choose the unit it is bought in.", Rule: p.unitRule})
	p.IssueUnit = p.Add(form.Field{Path: "issue_unit", Label: "Issued in", Required: true, Missing: "Choose the unit it is issued in.", Rule: p.unitRule})
	p.NetWeight = p.Add(form.Field{Path: "net_weight", Label: "Weight of one piece", Hint: "lets pieces be received by weight", Rule: form.Amount(grams)})
	p.Units = f.AddRows("units", func() []form.Field {
		return []form.Field{
			{Path: "code", Label: "Unit", Required: true, Missing: "Enter the unit.", ReadOnly: look, Rule: form.AtMost(20)},
			{Path: "num", Label: "is", Coded: true, Required: true, Missing: "Enter how much one unit is.", ReadOnly: look},
		}
	})
	p.Units.Ready = p.readyUnit
	p.readyUnit(p.Units.At(0))
	p.MinStock = p.Add(form.Field{Path: "min_stock", Label: "Minimum stock", Hint: "below this it shows as low", Rule: form.Amount(p.Base)})
	p.ShelfLife = p.Add(form.Field{Path: "shelf_life_months", Label: "Shelf life, months", Rule: months})
	p.HSN = p.Add(form.Field{Path: "hsn", Label: "HSN", Rule: form.AtMost(core.MaxCode)})
	p.GST = f.AddRows("gst", func() []form.Field {
		return []form.Field{
			{Path: "rate", Label: "GST rate", Required: true, Missing: "Enter the GST rate.", ReadOnly: look, Rule: percent},
			{Path: "from", Label: "from", Required: true, Missing: "Enter the day it starts.", ReadOnly: look,
				Rule: form.Day(func() form.Calendar { return form.Calendar{Today: m.Env.Today()} })},
		}
	})
	p.Allergens = p.Add(form.Field{Path: "allergens", Label: "Allergens", Hint: "parted by commas: mustard, sesame", Rule: form.AtMost(200)})
	p.QC = p.Add(form.Field{Path: "qc_required", Label: "QC needed on receipt"})
	p.Active = p.Add(form.Field{Path: "active", Label: "In use"})
	f.Check = p.between
	p.fill(it.ItemFields)
	f.Rebase()
	return p
}

// fill writes the fields of an item into the form.
func (p *Panel) fill(f catalog.ItemFields) {
	p.Type.Choose(string(f.Type), text(Types(), string(f.Type)), "")
	p.Dimension.Choose(string(f.Dimension), text(Dimensions(), string(f.Dimension)), "")
	p.Subtype.Choose(f.Subtype, subtypeText(f.Subtype), "")
	set(p.SKU, f.SKU)
	set(p.Name, f.Name)
	set(p.NameHi, f.NameHi)
	set(p.PurchaseUnit, f.PurchaseUnit)
	set(p.IssueUnit, f.IssueUnit)
	set(p.HSN, f.HSN)
	set(p.Allergens, strings.Join(f.Allergens, ", "))
	set(p.QC, tick(f.QCRequired))
	set(p.Active, tick(f.Active))
	set(p.ShelfLife, unlessZero(f.ShelfLifeMonths, form.FormatInt(int64(f.ShelfLifeMonths))))
	set(p.MinStock, unlessZero(f.MinStock, p.amount(f.MinStock)))
	set(p.NetWeight, unlessZero(f.NetWeight, grams().Format(form.Quantity{Base: f.NetWeight, Unit: grams().Units[0]})))
	refill(p.Units, len(f.Units), func(r *form.Row, i int) {
		u := f.Units[i]
		set(r.Field("code"), u.Code)
		if u.Den == 1 {
			set(r.Field("num"), p.amount(core.Qty(u.Num)))
			return
		}
		key := fmt.Sprintf("%d/%d", u.Num, u.Den)
		r.Field("num").Choose(key, key+" "+baseCode(f.Dimension), "")
	})
	refill(p.GST, len(f.GST), func(r *form.Row, i int) {
		set(r.Field("rate"), form.FormatPercent(f.GST[i].Rate)+" %")
		set(r.Field("from"), f.GST[i].From.String())
	})
	p.Follow()
}

// readyUnit gives a new row the rule of how much one unit is. A fraction of a base
// unit, which only an import makes, is kept as it is until somebody types over it.
func (p *Panel) readyUnit(r *form.Row) {
	num := r.Field("num")
	amount := form.Above(form.Amount(p.Base))
	num.Rule = func(text string) (string, error) {
		if num.Key != "" {
			return text, nil
		}
		return amount(text)
	}
}

// baseCode is the unit whose factor is one.
func baseCode(d core.Dimension) string {
	for _, u := range catalog.GlobalUnits() {
		if u.Dimension == d && u.Num == 1 && u.Den == 1 {
			return u.Code
		}
	}
	return d.Unit()
}

func set(f *form.Field, text string) { f.Choose("", text, "") }

func unlessZero[N int | core.Qty](n N, text string) string {
	if n == 0 {
		return ""
	}
	return text
}

func refill(g *form.Rows, n int, fill func(r *form.Row, i int)) {
	for g.Len() > 1 || !g.At(0).Blank() {
		g.Remove(0)
	}
	for i := range n {
		fill(g.At(i), i)
		g.Add()
	}
}

// fields reads the form; texts that cannot be read were refused before.
func (p *Panel) fields() catalog.ItemFields {
	f := catalog.ItemFields{SKU: p.SKU.Text, Name: p.Name.Text, NameHi: p.NameHi.Text,
		Type: catalog.Type(p.Type.Key), Dimension: core.Dimension(p.Dimension.Key),
		PurchaseUnit: p.PurchaseUnit.Text, IssueUnit: p.IssueUnit.Text, ShelfLifeMonths: int(p.ShelfLife.Int()),
		QCRequired: p.QC.Text == yes, HSN: p.HSN.Text, Active: p.Active.Text == yes}
	if f.Type == catalog.Packing {
		f.Subtype = p.Subtype.Key
	}
	if q, ok := p.MinStock.Quantity(p.Base()); ok {
		f.MinStock = q.Base
	}
	if q, ok := p.NetWeight.Quantity(grams()); ok && f.Dimension == core.Count {
		f.NetWeight = q.Base
	}
	for _, a := range strings.Split(p.Allergens.Text, ",") {
		if a = core.Text(a); a != "" {
			f.Allergens = append(f.Allergens, a)
		}
	}
	for _, r := range p.Units.Filled() {
		u := catalog.ItemUnit{Code: core.Text(r.Field("code").Text), Den: 1}
		if n := r.Field("num"); n.Key != "" {
			_, _ = fmt.Sscanf(n.Key, "%d/%d", &u.Num, &u.Den)
		} else if q, ok := n.Quantity(p.Base()); ok {
			u.Num = int64(q.Base)
		}
		f.Units = append(f.Units, u)
	}
	for _, r := range p.GST.Filled() {
		f.GST = append(f.GST, catalog.GSTRate{From: r.Field("from").Date(), Rate: r.Field("rate").Percent()})
	}
	return f
}

// Base is how an item of the chosen dimension is counted without units of its own.
func (p *Panel) Base() form.Measure {
	d := core.Dimension(p.Dimension.Key)
	m := form.Measure{Dimension: d, Unit: d.Unit()}
	for _, u := range catalog.GlobalUnits() {
		if u.Dimension == d {
			m.Units = append(m.Units, form.Unit{Code: u.Code, Name: u.Name, Num: u.Num, Den: u.Den})
		}
	}
	return m
}

func (p *Panel) amount(q core.Qty) string {
	m := p.Base()
	u, ok := m.Default()
	if !ok {
		return ""
	}
	return m.Format(form.Quantity{Base: q, Unit: u})
}

// UnitChoices lists what the item may be bought and issued in.
func (p *Panel) UnitChoices() (list []string) {
	f := p.fields()
	for _, u := range catalog.UnitsOf(&f) {
		list = append(list, u.Code)
	}
	return list
}

func (p *Panel) unitRule(text string) (string, error) {
	list := p.UnitChoices()
	for _, code := range list {
		if strings.EqualFold(code, text) {
			return code, nil
		}
	}
	return "", core.Errorf(core.CodeInvalid, "There is no unit %q here. Use %s.", text, strings.Join(list, ", "))
}

func grams() form.Measure {
	return form.Measure{Dimension: core.Mass, Unit: "g", Units: []form.Unit{{Code: "g", Name: "gram", Num: int64(core.Gram), Den: 1},
		{Code: "kg", Name: "kilogram", Num: int64(core.Kilogram), Den: 1}, {Code: "mg", Name: "milligram", Num: 1, Den: 1}}}
}

func upper(n int) form.Rule {
	return func(text string) (string, error) { return form.AtMost(n)(strings.ToUpper(core.Text(text))) }
}

func months(text string) (string, error) {
	n, err := form.ParseInt(text)
	if err == nil && (n < 0 || n > 240) {
		err = core.Errorf(core.CodeInvalid, "Shelf life is 0 to 240 months.")
	}
	return form.FormatInt(n), err
}

func percent(text string) (string, error) {
	n, err := form.ParsePercent(text)
	if err == nil && (n < 0 || n > core.Whole) {
		err = core.Errorf(core.CodeInvalid, "A GST rate is 0 to 100 %%.")
	}
	return form.FormatPercent(n) + " %", err
}

// Follow sets what the type and the measure ask of the other fields.
func (p *Panel) Follow() {
	p.Subtype.Required = p.IsPacking()
	if !p.IsPacking() {
		p.Subtype.Choose("", "", "")
	}
}

// IsPacking reports that the item is packing material: it has a subtype.
func (p *Panel) IsPacking() bool { return catalog.Type(p.Type.Key) == catalog.Packing }

// IsCounted reports that the item is counted in pieces: it has a weight of one.
func (p *Panel) IsCounted() bool { return core.Dimension(p.Dimension.Key) == core.Count }

// ChooseType takes another type; an SKU nobody typed follows.
func (p *Panel) ChooseType(c Choice) {
	if p.Type.ReadOnly || c.Key == p.Type.Key {
		return
	}
	p.Type.Choose(c.Key, c.Text, "")
	p.Follow()
	if p.IsNew() {
		by := cmp.Or(catalog.Type(c.Key).MeasuredBy(), core.Count) // most packing material is counted
		p.ChooseDimension(Choice{string(by), text(Dimensions(), string(by))})
	}
	p.Suggest()
}

// ChooseDimension takes another measure; units that no longer fit follow.
func (p *Panel) ChooseDimension(c Choice) {
	if p.Dimension.ReadOnly || c.Key == p.Dimension.Key {
		return
	}
	p.Dimension.Choose(c.Key, c.Text, "")
	list := p.UnitChoices()
	for _, f := range []*form.Field{p.PurchaseUnit, p.IssueUnit} {
		if !slices.Contains(list, f.Text) {
			set(f, core.Dimension(c.Key).Unit())
		}
	}
	if p.MinStock.Text != "" {
		p.MinStock.Leave()
	}
}

// Suggest asks for the next free SKU of the type, unless one was typed.
func (p *Panel) Suggest() {
	if !p.IsNew() || p.SKU.Text != "" && p.SKU.Text != p.suggested {
		return
	}
	p.asked++
	n, t := p.asked, catalog.Type(p.Type.Key)
	p.m.Env.Shell.Go(func(ctx context.Context) func() {
		r, err := catalog.SuggestSKU.Call(ctx, p.m.Env.Caller, "", catalog.SuggestSKUReq{Type: t})
		if err != nil {
			return nil // a proposal only; the user may type one
		}
		return func() {
			if n == p.asked && (p.SKU.Text == "" || p.SKU.Text == p.suggested) {
				typed := p.Form.Dirty()
				p.suggested = r.SKU
				set(p.SKU, r.SKU)
				if !typed { // nobody has put anything in yet
					p.Form.Rebase()
				}
			}
		}
	})
}

// Ready keeps one blank row at the end of a grid.
func (p *Panel) Ready(g *form.Rows) {
	if !g.At(g.Len() - 1).Blank() {
		g.Add()
	}
}

func (p *Panel) between(_ *form.Form, fault func(path, sentence string)) {
	seen := map[string]bool{}
	for i, r := range p.Units.Filled() {
		code := core.Text(r.Field("code").Text)
		if seen[code] {
			fault(fmt.Sprintf("units[%d].code", i), "The unit "+code+" stands here twice.")
		}
		seen[code] = true
	}
	from := map[core.Date]bool{}
	for i, r := range p.GST.Filled() { // the server orders them first, so its row is not ours
		day := r.Field("from").Date()
		if from[day] && day != 0 {
			fault(fmt.Sprintf("gst[%d].from", i), "Two GST rates start on the same day.")
		}
		from[day] = true
	}
}
