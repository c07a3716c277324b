package demo

import (
	"fmt"

	"masala/core"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/sales"
	"masala/core/stock"
)

// refused performs an operation that has to be refused with a code: the story tells of
// things that do not go.
func refused[Req, Resp any](f *filler, login string, o op.Op[Req, Resp], req Req, code core.Code) error {
	_, err := do(f, login, o, req)
	if core.CodeOf(err) != code || code == "" {
		return fmt.Errorf("%s was to be refused with %s: %v", o.Name, code, err)
	}
	return nil
}

// free is the released stock of a lot.
func free(lot core.LotID, segment core.Segment) stock.CellKey {
	return stock.CellKey{Lot: lot, Segment: segment, Status: stock.Released}
}

// planBatch plans a batch of a powder.
func (f *filler) planBatch(key, powder string, kg int64, on core.Date) error {
	b, err := do(f, "mill1", production.PlanBatch, production.PlanBatchReq{Recipe: f.recipes[powder], Charge: core.Qty(kg) * core.Kilogram, On: on})
	f.batches[key] = b
	return err
}

// startBatch starts a planned batch.
func (f *filler) startBatch(key string) error {
	b := f.batches[key]
	b, err := do(f, "mill1", production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	if err == nil {
		f.batches[key] = b
	}
	return err
}

// weigh issues what the card says but for more of some lines, in mg; from gives the lot
// a line is taken from, by hand.
func (f *filler) weigh(key string, more map[int]core.Qty, from map[int]core.LotID) error {
	b := f.batches[key]
	q := production.IssueReq{ID: b.ID, Version: b.Version}
	for i, l := range b.Card {
		n := l.Qty + more[i+1]
		x := production.Issue{Line: i + 1, Qty: &n}
		if lot := from[i+1]; lot != 0 {
			x.Override = stock.Override{Reason: "This bag is open at the mill", Lots: []stock.Pick{{CellKey: free(lot, core.Regular), Qty: n}}}
		}
		q.Lines = append(q.Lines, x)
	}
	b, err := do(f, "mill1", production.IssueMaterial, q)
	if err == nil {
		f.batches[key] = b
	}
	return err
}

// complete ends a batch.
func (f *filler) complete(key string, output core.Qty, waste []production.Waste, by ...production.ByProduct) error {
	b, user := f.batches[key], "mill1"
	for _, x := range by {
		if x.NRV > 0 {
			user = "manager" // values are an Admin's (R37)
		}
	}
	b, err := do(f, user, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: output, Waste: waste, ByProducts: by})
	if err == nil {
		f.batches[key] = b
	}
	return err
}

// passed releases the powder of a batch.
func (f *filler) passed(key string) error {
	out := f.batches[key].Result.Outputs[0]
	_, err := do(f, "manager", stock.ReleaseLot, stock.ChangeStatusReq{Lot: out.Lot, Reason: f.finding(out.Item)})
	return err
}

// run is a packing run of a good by a profile, from the powder of a batch.
func (f *filler) run(profile, good, batch string, packs core.Qty, segment core.Segment) packing.PostRunReq {
	p := f.profiles[profile]
	return packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: f.items[good].ID, Lot: f.batches[batch].Result.Outputs[0].Lot, Segment: segment, Packs: packs}}
}

// pack posts a run.
func (f *filler) pack(key string, q packing.PostRunReq) error {
	r, err := do(f, "pack1", packing.PostRun, q)
	f.runs[key] = r
	return err
}

// price is what distributors pay, without GST.
var price = map[string]core.Paise{"FIN-001": 27_43, "FIN-006": 51_00, "FIN-007": 40_50, "FIN-008": 88_00}

// draft takes an order and prepares its dispatch; a lot of 0 leaves the choice to R25.
func (f *filler) draft(customer, good string, packs core.Qty, lot core.LotID, reason string) (sales.Dispatch, error) {
	o, err := do(f, "dispatch1", sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: f.parties[customer], Reference: fmt.Sprintf("PO %d", 4_100+f.keys),
		Lines: []sales.OrderLine{{Item: f.items[good].ID, Qty: packs, Unit: "pcs", Price: price[good]}}}})
	if err != nil {
		return sales.Dispatch{}, err
	}
	l := sales.DraftLine{OrderLine: 1, Qty: packs}
	if lot != 0 {
		l.Override = stock.Override{Reason: reason, Lots: []stock.Pick{{CellKey: free(lot, o.Segment), Qty: packs}}}
	}
	return do(f, "dispatch1", sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{l}})
}

// send drafts, confirms and lets a dispatch leave.
func (f *filler) send(key, customer, good string, packs core.Qty, lot core.LotID, reason string) error {
	d, err := f.draft(customer, good, packs, lot, reason)
	if err != nil {
		return err
	}
	if d, err = do(f, "dispatch1", sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version}); err != nil {
		return err
	}
	f.sent[key], err = do(f, "dispatch1", sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 14 GH 4821", Transporter: "Sahyadri Roadlines"})
	return err
}
