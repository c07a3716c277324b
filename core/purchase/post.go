package purchase

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/core/stock"
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	stock.Ledger
	Item(core.ItemID) (catalog.Item, error)
	Party(core.PartyID) (party.Party, error)
	// InvoicePosted finds a GRN of the supplier with that invoice number in the
	// financial year of date that has not been cancelled.
	InvoicePosted(supplier core.PartyID, invoiceNo string, date core.Date) (number string, ok bool, err error)
	FactoryState() (string, error) // GST state code of the factory
	InsertGRN(CostedGRN) error
	GRN(core.DocumentID) (CostedGRN, error) // core.CodeNotFound
	Outflows(core.LotID) (Outflows, error)
	NotesOn(core.LotID) ([]Note, error) // price corrections of the lot's own line that stand
	InsertBatchPrice(core.DocumentID, InBatch) error
	InsertPriceNote(doc core.DocumentID, line core.LotID, number string) error
	Orders(ListOrdersReq) (ListOrdersResp, error)
	Order(OrderID) (CostedOrder, error) // core.CodeNotFound
	InsertOrder(CostedOrder) (OrderID, error)
	UpdateOrder(CostedOrder) error
	CloseOrder(OrderID, core.Stamp) error
	ReopenOrder(OrderID, core.Stamp) error
	OrderTouched(OrderID) (bool, error) // something was received of it, though it may be cancelled
	InsertReceipt(grn core.DocumentID, line int, order OrderID, orderLine int) error
	Reorder(today core.Date, q ListReorderReq) (ListReorderResp, error)
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, PostGRN, func(c *op.Call, tx T, q PostGRNReq) (PostGRNResp, error) { return post(c, tx, q) })
	op.Handle(r, GetGRN, func(_ *op.Call, tx T, q GetGRNReq) (GRN, error) {
		g, err := tx.GRN(q.ID)
		return g.GRN, err
	})
	op.Handle(r, PreviewPrice, func(c *op.Call, tx T, q CorrectPriceReq) (PriceCorrection, error) {
		return correctPrice(c, tx, q, false)
	})
	op.Handle(r, CorrectPrice, func(c *op.Call, tx T, q CorrectPriceReq) (PriceCorrection, error) {
		return correctPrice(c, tx, q, true)
	})
	op.Handle(r, ReturnGoods, func(c *op.Call, tx T, q ReturnGoodsReq) (stock.Posted, error) { return returnGoods(c, tx, q) })
	op.Handle(r, CreateOrder, func(c *op.Call, tx T, q CreateOrderReq) (CostedOrder, error) { return createOrder(c, tx, q) })
	op.Handle(r, UpdateOrder, func(c *op.Call, tx T, q UpdateOrderReq) (CostedOrder, error) { return updateOrder(c, tx, q) })
	op.Handle(r, CloseOrder, func(c *op.Call, tx T, q CloseOrderReq) (CostedOrder, error) { return closeOrder(c, tx, q) })
	op.Handle(r, ReopenOrder, func(c *op.Call, tx T, q ReopenOrderReq) (CostedOrder, error) { return reopenOrder(c, tx, q) })
	op.Handle(r, ListOrders, func(_ *op.Call, tx T, q ListOrdersReq) (ListOrdersResp, error) { return tx.Orders(q) })
	op.Handle(r, GetOrder, func(_ *op.Call, tx T, q GetOrderReq) (Order, error) {
		o, err := tx.Order(q.ID)
		return o.Order, err
	})
	op.Handle(r, GetCostedOrder, func(_ *op.Call, tx T, q GetOrderReq) (CostedOrder, error) { return tx.Order(q.ID) })
	op.Handle(r, ListReorder, func(c *op.Call, tx T, q ListReorderReq) (ListReorderResp, error) { return tx.Reorder(c.Today(), q) })
	op.Handle(r, GetCostedGRN, func(_ *op.Call, tx T, q GetGRNReq) (CostedGRN, error) { return tx.GRN(q.ID) })
}

// post opens one lot per line. Stock receives each line at its taxable value plus
// its share of the landed costs, without GST (R13); SUPPLIER and LANDED answer.
func post(c *op.Call, tx Store, q PostGRNReq) (PostGRNResp, error) {
	if q.ReceivedOn == 0 {
		q.ReceivedOn = c.Today()
	}
	supplier, items, err := check(c, tx, &q)
	if err != nil {
		return PostGRNResp{}, err
	}
	home, err := tx.FactoryState()
	if err != nil {
		return PostGRNResp{}, err
	}
	measured := make([]core.Dimension, len(items))
	for i := range items {
		measured[i] = items[i].Dimension
	}
	landed, err := q.Landed(measured)
	if err != nil {
		return PostGRNResp{}, core.Invalid("freight", "These landed costs cannot be spread over the lines.").Because(err)
	}
	v, err := stock.Begin(c, tx, stock.Document{Kind: stock.KindGRN, Number: q.Number, EffectiveOn: q.ReceivedOn, DayField: "received_on", Reason: q.Reason, Party: supplier.ID})
	if err != nil {
		return PostGRNResp{}, err
	}
	grn := CostedGRN{GRN: GRN{ID: v.Posted().Document, Number: v.Number(), Supplier: supplier.ID, InvoiceNo: q.InvoiceNo, InvoiceDate: q.InvoiceDate},
		Freight: q.Freight, Hamali: q.Hamali}
	resp := PostGRNResp{Document: grn.ID, Number: grn.Number}
	for i, l := range q.Lines {
		lot, err := v.NewLot(stock.Lot{Item: l.Item, MfgOn: l.MfgOn, ExpiryOn: l.ExpiryOn, Supplier: supplier.ID, SupplierBatch: l.SupplierBatch})
		if err != nil {
			return PostGRNResp{}, err
		}
		status := stock.Released
		if l.Hold || items[i].QCRequired {
			status = stock.Hold
		}
		receive(v, lot, l, landed[i], status)
		cost, err := lineCost(l, landed[i], &items[i].ItemFields, q.InvoiceDate, supplier.StateCode == home)
		if err != nil {
			return PostGRNResp{}, err
		}
		grn.Costs = append(grn.Costs, cost)
		grn.Lines = append(grn.Lines, PostedLine{Line: i + 1, Item: l.Item, Qty: l.Qty, Unit: l.Unit, Lot: lot.ID,
			SupplierBatch: l.SupplierBatch, MfgOn: l.MfgOn, ExpiryOn: l.ExpiryOn, Status: status, HoldReason: l.HoldReason})
		resp.Lots = append(resp.Lots, NewLot{lot.ID, lot.Number, l.Item, items[i].Name, l.Qty, status})
	}
	if err := tx.InsertGRN(grn); err != nil {
		return PostGRNResp{}, err
	}
	for i, l := range q.Lines {
		if l.OrderLine != 0 {
			if err := tx.InsertReceipt(grn.ID, i+1, q.Order, l.OrderLine); err != nil {
				return PostGRNResp{}, err
			}
		}
	}
	c.Note("GRN "+grn.Number, nil, q)
	return resp, v.Post()
}

// receive adds the rows and the edge of one line.
func receive(v *stock.Voucher, lot stock.Lot, l GRNLine, landed core.Paise, status stock.Status) {
	contra := stock.CellKey{Lot: lot.ID}
	v.Move(stock.Movement{Account: stock.InStock, Item: l.Item, CellKey: stock.CellKey{Lot: lot.ID, Segment: core.Regular, Status: status}, Qty: l.Qty, Value: l.Value + landed},
		stock.Movement{Account: stock.Supplier, Item: l.Item, CellKey: contra, Qty: -l.Qty, Value: -l.Value})
	if landed != 0 {
		v.Move(stock.Movement{Account: stock.Landed, Item: l.Item, CellKey: contra, Value: -landed})
	}
	v.From(stock.Edge{Child: lot.ID, Qty: l.Qty, Value: l.Value + landed})
}

// lineCost adds the GST of the invoice: IGST from another state, CGST and SGST at
// half the rate each from the own one, rounded per line (R32).
func lineCost(l GRNLine, landed core.Paise, item *catalog.ItemFields, day core.Date, ownState bool) (LineCost, error) {
	rate, _ := item.GSTOn(day)
	gst, err := rate.Of(l.Value)
	if ownState {
		gst, err = rate.HalfOf(l.Value)
		gst *= 2
	}
	return LineCost{Value: l.Value, Landed: landed, GSTRate: rate, GST: gst}, err
}

// check judges the request against the books and names every fault at once.
func check(c *op.Call, tx Store, q *PostGRNReq) (party.Party, []catalog.Item, error) {
	var bad core.Faults
	supplier, err := tx.Party(q.Supplier)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		bad.Add("supplier", "Choose a supplier from the list.")
	case err != nil:
		return supplier, nil, err
	case supplier.Kind != party.Supplier:
		bad.Add("supplier", "%s is a customer. Choose a supplier.", supplier.Name)
	case !supplier.Active:
		bad.Add("supplier", "%s is no longer in use. Choose another supplier.", supplier.Name)
	default:
		number, posted, err := tx.InvoicePosted(q.Supplier, q.InvoiceNo, q.InvoiceDate)
		if err != nil {
			return supplier, nil, err
		}
		bad.Check(!posted, "invoice_no", "Invoice %s of %s was already received with %s.", q.InvoiceNo, supplier.Name, number)
	}
	today := c.Today()
	bad.Check(q.InvoiceDate <= today, "invoice_date", "%s lies in the future. Today is %s.", q.InvoiceDate, today)
	if err := bad.Merge("", stock.CheckDate(c, tx, "received_on", q.ReceivedOn, "reason", q.Reason)); err != nil {
		return supplier, nil, err
	}
	if err := stock.CheckTyped(tx, stock.KindGRN, q.Number, q.ReceivedOn, &bad); err != nil {
		return supplier, nil, err
	}
	ordered, err := checkReceipt(tx, q, &bad)
	if err != nil {
		return supplier, nil, err
	}
	items := make([]catalog.Item, len(q.Lines))
	for i, l := range q.Lines {
		items[i], err = tx.Item(l.Item)
		at := fmt.Sprintf("lines[%d].", i)
		if core.CodeOf(err) == core.CodeNotFound {
			bad.Add(at+"item", "Choose an item from the list.")
			continue
		}
		if err != nil {
			return supplier, nil, err
		}
		checkLine(&bad, at, l, &items[i], q.ReceivedOn)
		if err := ordered.take(&bad, at, l, &items[i].ItemFields, q.Reason); err != nil {
			return supplier, nil, err
		}
	}
	return supplier, items, bad.Err()
}

func checkLine(bad *core.Faults, at string, l GRNLine, item *catalog.Item, received core.Date) {
	bad.Check(item.Active, at+"item", "%s is no longer in use. Choose another item.", item.Name)
	bad.Check(item.Type != catalog.Finished, at+"item", "%s is a finished good and comes from packing, not from a supplier.", item.Name)
	if _, err := catalog.FindUnit(&item.ItemFields, l.Unit); err != nil {
		bad.Add(at+"unit", "%s", err.Error())
	}
	bad.Check(!item.NeedsExpiry() || l.ExpiryOn != 0, at+"expiry_on", "Expiry date is required for %s.", typeName(item.Type))
	held := l.Hold || item.QCRequired // an item that needs QC goes on hold by itself
	bad.Check(l.ExpiryOn == 0 || l.ExpiryOn >= received || held, at+"expiry_on", "%s had expired on %s when it came. Put it on hold or return it.", item.Name, l.ExpiryOn)
	bad.Check(!l.Hold || item.QCRequired || l.HoldReason != "", at+"hold_reason", "Say why %s is put on hold.", item.Name)
	bad.Check(held || l.HoldReason == "", at+"hold_reason", "%s is not put on hold, so there is no reason to give.", item.Name)
	bad.Check(l.MfgOn <= received, at+"mfg_on", "It cannot be made after the day it came, %s.", received)
}

func typeName(t catalog.Type) string {
	return map[catalog.Type]string{catalog.Raw: "raw material", catalog.Bulk: "bulk powder",
		catalog.Packing: "packing material", catalog.Finished: "finished goods"}[t]
}
