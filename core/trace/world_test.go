package trace_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

const kg = core.Kilogram

// world is a small factory that works at random. What it knows of its lots it has
// from what it did, never from edges, traces or recalls.
type world struct {
	*Factory
	r                         *rapid.T
	chilli, salt, powder, rub catalog.Item
	pouch, packs              catalog.Item
	recipe                    recipe.Recipe
	profile                   packing.Profile
	supplier                  party.Party
	customers                 []party.Party
	lots                      []core.LotID
	item                      map[core.LotID]core.ItemID
	acts                      []*act
	batches                   []production.ID
	sent                      []sales.Dispatch
	marks                     map[trace.RecallID]map[core.LotID]bool
	open                      []trace.Recall
	bills                     int
}

// act is one document with what it did to each lot.
type act struct {
	doc      core.DocumentID
	effects  []effect
	reversed bool
}

// effect adds to a field of the mass balance of a lot (R29), or, with a challan, to
// what a customer has.
type effect struct {
	lot     core.LotID
	field   string
	qty     core.Qty
	challan string
}

// template is a world with its masters, made once and copied for every story.
var template struct {
	sync.Once
	world
	books []byte
}

func newWorld(t *testing.T, r *rapid.T) *world {
	template.Do(func() {
		template.world = mastersOf(New(t))
		template.books = template.Copy()
	})
	w := template.world
	w.Factory, w.r = w.Twin(t, template.books), r
	w.item, w.marks = map[core.LotID]core.ItemID{}, map[trace.RecallID]map[core.LotID]bool{}
	return &w
}

func mastersOf(f *Factory) (w world) {
	w = world{Factory: f, supplier: f.Supplier("Guntur Mirchi Yard & Co")}
	bulk := func(i *catalog.ItemFields) { i.Type, i.ShelfLifeMonths = catalog.Bulk, 9 }
	w.chilli, w.salt = f.Item("RAW-001", "Chilli"), f.Item("RAW-002", "Salt")
	w.powder, w.rub = f.Item("BLK-001", "Masala", bulk), f.Item("BLK-002", "Seeds", bulk)
	w.pouch = f.Item("PKG-001", "Pouch", func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units, i.ShelfLifeMonths = catalog.Packing, "POUCH", core.Count, "pcs", "pcs", nil, 0
	})
	w.packs = f.FinishedGood("FIN-001", "Masala 50 g")
	// Old powder goes into new powder, so that the genealogy is more than three deep.
	w.recipe = Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: "M", Name: "Masala", Item: w.powder.ID, Active: true,
		Lines: []recipe.Line{{Item: w.chilli.ID, Share: 7000}, {Item: w.salt.ID, Share: 3000}}}})
	w.profile = Do(f.Owner, packing.CreateProfile, packing.CreateProfileReq{Fields: packing.Fields{Code: "P", Name: "Pouch", NetWeight: 50 * core.Gram, Active: true,
		Components: []packing.Component{{Item: w.pouch.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}}, Products: []packing.Product{{Item: w.packs.ID, Powder: w.powder.ID}}}})
	for i, name := range []string{"Surat Super Stockist", "Hotel & Canteen Supplies"} {
		w.customers = append(w.customers, Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: name, Phone: fmt.Sprintf("98220 1234%d", i), StateCode: "27", Segment: core.Regular, Active: true}}))
	}
	return w
}

// ok fails on anything but success and a refusal with a reason.
func (w *world) ok(err error) bool {
	if c := core.CodeOf(err); err != nil && c != core.CodeInsufficientStock && c != core.CodeConflict && c != core.CodeInvalid {
		w.r.Fatalf("%s: %v", c, err)
	}
	return err == nil
}

func (w *world) between(name string, low, high int64) int64 {
	return rapid.Int64Range(low, high).Draw(w.r, name)
}

// did remembers a document and the lots born with it.
func (w *world) did(doc core.DocumentID, effects ...effect) {
	w.acts = append(w.acts, &act{doc: doc, effects: effects})
}

func (w *world) born(lot core.LotID, item core.ItemID) {
	w.lots = append(w.lots, lot)
	w.item[lot] = item
}

func (w *world) buy() {
	var lines []purchase.GRNLine
	items := []catalog.Item{w.chilli, w.salt, w.pouch, w.powder}
	for range w.between("lines", 1, 4) {
		item := rapid.SampledFrom(items).Draw(w.r, "item")
		l := Line(item.ID, w.between("kg", 1, 40), core.Paise(w.between("paise", 0, 10_000_00)))
		if item.Dimension == core.Count {
			l.Qty, l.Unit, l.ExpiryOn = core.Qty(w.between("pouches", 1, 400)), "pcs", 0
		}
		lines = append(lines, l)
	}
	w.receiveAll(lines)
}

// stockUp fills the stores, so that there is something to grind and to pack.
func (w *world) stockUp() {
	pouches := Line(w.pouch.ID, 1, 360_01)
	pouches.Qty, pouches.Unit, pouches.ExpiryOn = 600, "pcs", 0
	w.receiveAll([]purchase.GRNLine{Line(w.chilli.ID, 60, 9_000_01), Line(w.salt.ID, 40, 800_03), pouches})
}

func (w *world) receiveAll(lines []purchase.GRNLine) {
	w.bills++
	q := GRN(w.supplier.ID, fmt.Sprintf("B/%d", w.bills), lines...)
	g := Do(w.Store1, purchase.PostGRN, q)
	var effects []effect
	for _, l := range g.Lots {
		w.born(l.Lot, l.Item)
		effects = append(effects, effect{lot: l.Lot, field: "received", qty: l.Qty})
	}
	w.did(g.Document, effects...)
}

// begin starts a batch and issues about what its card says, and at times old powder.
func (w *world) begin() {
	b := Do(w.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: w.recipe.ID, Charge: core.Qty(w.between("charge", 1, 20)) * kg})
	b, err := Try(w.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	if !w.ok(err) {
		return
	}
	w.batches = append(w.batches, b.ID)
	q := production.IssueReq{ID: b.ID, Version: b.Version}
	for i := range b.Card {
		n := max(1, b.Card[i].Qty-core.Qty(w.between("less", 0, 1_000_000)))
		q.Lines = append(q.Lines, production.Issue{Line: i + 1, Qty: &n})
	}
	if rapid.Bool().Draw(w.r, "old powder") {
		q.Extras = []production.Extra{{Item: w.powder.ID, Qty: core.Qty(w.between("mg", 1, 2_000_000)), Reason: "regrind"}}
	}
	if b, err = Try(w.Store1, production.IssueMaterial, q); !w.ok(err) {
		return
	}
	var effects []effect
	for _, i := range b.Issues {
		effects = append(effects, effect{lot: i.Lot, field: "wip", qty: i.Qty})
	}
	w.did(b.Issues[0].Document, effects...)
}

// batch picks a batch that runs.
func (w *world) batch() (b production.Batch, ok bool) {
	var running []production.Batch
	for _, id := range w.batches {
		if b := Do(w.Store1, production.GetBatch, production.GetBatchReq{ID: id}); b.State == production.Running && b.Issued > 0 {
			running = append(running, b)
		}
	}
	if len(running) == 0 {
		return b, false
	}
	return rapid.SampledFrom(running).Draw(w.r, "batch"), true
}

// inProcess is what a batch holds, lot by lot, in the order it was issued.
func inProcess(b production.Batch) (lots []core.LotID, qty map[core.LotID]core.Qty) {
	qty = map[core.LotID]core.Qty{}
	for _, i := range b.Issues {
		if qty[i.Lot] == 0 {
			lots = append(lots, i.Lot)
		}
		qty[i.Lot] += i.Qty
	}
	return lots, qty
}

func (w *world) complete() {
	b, ok := w.batch()
	if !ok {
		return
	}
	q := production.CompleteReq{ID: b.ID, Version: b.Version, Output: max(1, b.Issued-core.Qty(w.between("loss", 0, 500_000)))}
	if by := core.Qty(w.between("by-product", 0, 3)); by > 0 && by < q.Output { // less than one mg of every ingredient
		q.ByProducts = []production.ByProduct{{Item: w.rub.ID, Qty: by}}
		q.Output -= by
	}
	done, err := Try(w.Store1, production.CompleteBatch, q)
	if !w.ok(err) {
		return
	}
	var effects []effect
	lots, qty := inProcess(b)
	for _, lot := range lots {
		effects = append(effects, effect{lot: lot, field: "wip", qty: -qty[lot]}, effect{lot: lot, field: "consumed", qty: qty[lot]})
	}
	for i, o := range done.Result.Outputs {
		w.born(o.Lot, o.Item)
		w.inherit(o.Lot, lots)
		made := o.Qty
		if i == 0 { // the loss is the powder's
			made += done.Result.Loss
			effects = append(effects, effect{lot: o.Lot, field: "lost", qty: done.Result.Loss})
		}
		effects = append(effects, effect{lot: o.Lot, field: "received", qty: made})
	}
	w.did(done.Result.Document, effects...)
}

func (w *world) cancel() {
	b, ok := w.batch()
	if !ok {
		return
	}
	if _, err := Try(w.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "power cut"}); !w.ok(err) {
		return
	}
	lots, qty := inProcess(b)
	if len(lots) == 0 {
		return
	}
	var effects []effect
	for _, lot := range lots {
		effects = append(effects, effect{lot: lot, field: "wip", qty: -qty[lot]})
	}
	w.did(core.DocumentID(w.Int(`SELECT max(id) FROM document WHERE kind = 'MR'`)), effects...)
}

func (w *world) pack() {
	var lots []core.LotID
	for _, lot := range w.lots {
		if w.item[lot] == w.powder.ID {
			lots = append(lots, lot)
		}
	}
	if len(lots) == 0 {
		return
	}
	slices.Reverse(lots) // what was ground here comes before what was bought
	q := packing.PostRunReq{Version: 1, RunFields: packing.RunFields{Profile: w.profile.ID, Item: w.packs.ID, Lot: rapid.SampledFrom(lots).Draw(w.r, "powder"), Segment: core.Regular,
		Packs: core.Qty(w.between("packs", 1, 100))}}
	if q.Lost = core.Qty(w.between("lost", 0, 2)); q.Lost > 0 {
		q.LostReason = "DUST"
	}
	torn := core.Qty(w.between("torn", 0, 3))
	if torn > 0 {
		q.Components = []packing.Taken{{Item: w.pouch.ID, Lost: torn, Override: stock.Override{Reason: "torn"}}}
	}
	run, err := Try(w.Store1, packing.PostRun, q)
	if !w.ok(err) {
		return
	}
	effects := []effect{{lot: run.Lot, field: "received", qty: run.Packs}, {lot: q.Lot, field: "consumed", qty: run.Packs * 50 * core.Gram}, {lot: q.Lot, field: "lost", qty: q.Lost}}
	parents, whole := []core.LotID{q.Lot}, run.Packs
	for _, l := range run.Components[0].Lots { // the torn ones come last
		parents = append(parents, l.Lot)
		used := min(whole, l.Qty)
		whole -= used
		effects = append(effects, effect{lot: l.Lot, field: "consumed", qty: used}, effect{lot: l.Lot, field: "lost", qty: l.Qty - used})
	}
	w.born(run.Lot, w.packs.ID)
	w.inherit(run.Lot, parents)
	w.did(run.ID, effects...)
}

func (w *world) send() {
	to := rapid.SampledFrom(w.customers).Draw(w.r, "customer")
	n := core.Qty(w.between("packs", 1, 120))
	if !slices.ContainsFunc(w.lots, func(lot core.LotID) bool { return w.item[lot] == w.packs.ID }) {
		w.pack()
		return
	}
	if have := Do(w.Store1, stock.ListLots, stock.ListLotsReq{Item: w.packs.ID, Statuses: []stock.Status{stock.Released}}).Lots; len(have) > 0 && rapid.Bool().Draw(w.r, "of one lot") {
		n = min(n, have[0].Qty)
	}
	o := Do(w.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: to.ID, Lines: []sales.OrderLine{{Item: w.packs.ID, Qty: n, Unit: "pcs", Price: 27_43}}}})
	d := Do(w.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: n}}})
	d, err := Try(w.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	if !w.ok(err) {
		return
	}
	var effects []effect
	for _, s := range d.Items[0].Lots {
		effects = append(effects, effect{s.Lot, "dispatched", s.Qty, d.Challan})
	}
	w.sent = append(w.sent, d)
	w.did(d.Document, effects...)
}

func (w *world) giveBack() {
	if len(w.sent) == 0 {
		return
	}
	d := rapid.SampledFrom(w.sent).Draw(w.r, "dispatch")
	lot := rapid.SampledFrom(d.Items[0].Lots).Draw(w.r, "lot")
	n := core.Qty(w.between("back", 1, int64(lot.Qty)))
	how := rapid.SampledFrom([]sales.Condition{sales.Good, sales.Damaged}).Draw(w.r, "condition")
	b, err := Try(w.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: lot.Lot, Qty: n, Condition: how}}})
	if !w.ok(err) {
		return
	}
	effects := []effect{{lot.Lot, "returned_in", n, d.Challan}}
	if how == sales.Damaged {
		effects = append(effects, effect{lot: lot.Lot, field: "lost", qty: n})
	}
	w.did(b.Document, effects...)
}

// cell picks released stock of any lot.
func (w *world) cell() (row stock.LotRow, ok bool) {
	rows := Do(w.Store1, stock.ListLots, stock.ListLotsReq{Statuses: []stock.Status{stock.Released}, Sort: stock.ByLot, Limit: 500}).Lots
	if len(rows) == 0 {
		return row, false
	}
	return rapid.SampledFrom(rows).Draw(w.r, "cell"), true
}

// correct takes stock away or finds some, of a frozen lot, too.
func (w *world) correct() {
	row, ok := w.cell()
	if !ok {
		return
	}
	out := rapid.Bool().Draw(w.r, "out")
	q, field, reason := core.Qty(w.between("by", 1, int64(row.Qty))), "gains", "Counting Error"
	delta := q
	if out {
		delta, field = -q, "adjusted"
		if rapid.Bool().Draw(w.r, "spoilt") {
			field, reason = "disposed", "Spoilage"
		}
	}
	p, err := Try(w.Owner, stock.Adjust, stock.AdjustReq{CellKey: row.CellKey, Qty: delta, Reason: reason})
	if !w.ok(err) {
		w.r.Fatalf("%s corrected by %d: %v", row.Number, delta, err)
	} else {
		w.did(p.Document, effect{lot: row.Lot, field: field, qty: q})
	}
}

func (w *world) sendBack() {
	row, ok := w.cell()
	if !ok {
		return
	}
	q := core.Qty(w.between("back", 1, int64(row.Qty)))
	by := w.Store1
	if rapid.Bool().Draw(w.r, "by an Admin") {
		by = w.Owner
	}
	p, err := Try(by, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: row.CellKey, Qty: q, Reason: "stones"})
	if w.ok(err) {
		if by == w.Store1 && w.frozen(row.Lot) {
			w.r.Fatalf("an Operator returned %s, which a recall freezes", row.Number)
		}
		w.did(p.Document, effect{lot: row.Lot, field: "returned_out", qty: q})
	}
}

func (w *world) reverse() {
	if len(w.acts) == 0 {
		return
	}
	a := rapid.SampledFrom(w.acts).Draw(w.r, "document")
	if _, err := Try(w.Owner, stock.ReverseDocument, stock.ReverseReq{Document: a.doc, Reason: "wrong"}); w.ok(err) {
		if a.reversed {
			w.r.Fatalf("document %d was reversed twice", a.doc)
		}
		a.reversed = true
	}
}

// lineage is the genealogy, replayed from the rows of the ledger alone: in every
// document that stands, what went into the conversion became what came out of it.
type lineage struct {
	down, up map[core.LotID][]core.LotID
	took     map[core.LotID]core.Qty // what all conversions took of a lot
}

func (w *world) lineage() lineage {
	l := lineage{map[core.LotID][]core.LotID{}, map[core.LotID][]core.LotID{}, map[core.LotID]core.Qty{}}
	in, out := map[core.DocumentID][]core.LotID{}, map[core.DocumentID][]core.LotID{}
	w.Raw(func(db *sql.DB) error {
		rows, err := db.Query(`SELECT g.document_id, g.lot_id, g.account, g.qty, l.source_id = g.document_id FROM ledger g JOIN lot l ON l.id = g.lot_id JOIN document d ON d.id = g.document_id
			WHERE d.kind IN ('PR', 'PK') AND d.id NOT IN (SELECT reverses FROM document WHERE reverses IS NOT NULL) AND (g.account = 'CONVERSION' OR g.account = 'LOSS') ORDER BY g.seq`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var doc core.DocumentID
			var lot core.LotID
			var account stock.Account
			var q core.Qty
			var child bool
			if err := rows.Scan(&doc, &lot, &account, &q, &child); err != nil {
				return err
			}
			if child {
				if !slices.Contains(out[doc], lot) {
					out[doc] = append(out[doc], lot)
				}
				continue
			}
			l.took[lot] += q // what was lost was taken, too
			if account == stock.Conversion && q > 0 {
				in[doc] = append(in[doc], lot)
			}
		}
		return rows.Err()
	})
	for doc, parents := range in {
		for _, p := range parents {
			for _, c := range out[doc] {
				l.down[p], l.up[c] = append(l.down[p], c), append(l.up[c], p)
			}
		}
	}
	return l
}

// reach maps every lot that can be reached to its least depth.
func reach(from core.LotID, step map[core.LotID][]core.LotID) map[core.LotID]int {
	depth, queue := map[core.LotID]int{}, []core.LotID{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, next := range step[at] {
			if _, seen := depth[next]; !seen && next != from {
				depth[next] = depth[at] + 1
				queue = append(queue, next)
			}
		}
	}
	return depth
}

// sums adds up the balance and the parcels of every lot, from what was done and stands.
func (w *world) sums() (balance map[core.LotID]map[string]core.Qty, parcels map[core.LotID]map[string]core.Qty) {
	balance, parcels = map[core.LotID]map[string]core.Qty{}, map[core.LotID]map[string]core.Qty{}
	for _, lot := range w.lots {
		balance[lot], parcels[lot] = map[string]core.Qty{}, map[string]core.Qty{}
	}
	for _, a := range w.acts {
		if a.reversed {
			continue
		}
		for _, e := range a.effects {
			balance[e.lot][e.field] += e.qty
			switch e.field {
			case "received", "returned_in", "gains":
				balance[e.lot]["on_hand"] += e.qty
			default:
				balance[e.lot]["on_hand"] -= e.qty
			}
			switch {
			case e.challan != "" && e.field == "dispatched":
				parcels[e.lot][e.challan] += e.qty
			case e.challan != "":
				parcels[e.lot][e.challan] -= e.qty
			}
		}
	}
	return balance, parcels
}

// asMap reads a balance by the names of its fields.
func asMap(b trace.Balance) (m map[string]core.Qty) {
	raw, err := json.Marshal(b)
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		panic(err)
	}
	return m
}
