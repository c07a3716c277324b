package stock

import (
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// The registers: what moved and what was there on any day.
var (
	ListLedger       = op.Define[LedgerReq, LedgerResp]("stock.list_ledger", op.Read, op.Operator, "Page through the movements of an item or lot, newest day first, with the running balance.")
	ListValuedLedger = op.Define[LedgerReq, ValuedLedgerResp]("stock.list_valued_ledger", op.Read, op.Admin, "The same with values.", op.Viewed())
	StockOn          = op.Define[StockOnReq, StockOnResp]("stock.stock_on", op.Read, op.Operator, "The quantity of every item at the end of any day.")
	ValuedStockOn    = op.Define[StockOnReq, ValuedStockOnResp]("stock.valued_stock_on", op.Read, op.Admin, "The same with values.", op.Viewed())
	TrialBalance     = op.Define[TrialBalanceReq, TrialBalanceResp]("stock.trial_balance", op.Read, op.Admin, "Sum every account up to a day; together they are zero.", op.Viewed())
)

// LedgerReq asks for the movements of one item or one lot.
type LedgerReq struct {
	Item  core.ItemID `json:"item,omitempty"`
	Lot   core.LotID  `json:"lot,omitempty"`
	From  core.Date   `json:"from,omitempty"` // 0 = from the beginning
	To    core.Date   `json:"to,omitempty"`   // 0 = up to today
	After string      `json:"after,omitempty"`
	Limit int         `json:"limit,omitempty"`
}

// Validate checks the request.
func (r *LedgerReq) Validate() error {
	var bad core.Faults
	bad.Check((r.Item > 0) != (r.Lot > 0), "item", "Choose an item or a lot.")
	bad.Check(r.From == 0 || r.To == 0 || r.From <= r.To, "to", "The last day lies before the first.")
	return bad.Err()
}

// LedgerRow is one stock movement with what there was after it. Rows are in the
// order of business days, and within a day in the order they were posted, so that
// every balance is the one of its day.
type LedgerRow struct {
	Seq         core.Seq        `json:"seq"`
	EffectiveOn core.Date       `json:"effective_on"`
	PostedAt    time.Time       `json:"posted_at"`
	Document    core.DocumentID `json:"document"`
	Number      string          `json:"number"`
	Kind        DocumentKind    `json:"kind"`
	CellKey
	LotNumber string   `json:"lot_number"`
	Party     string   `json:"party,omitempty"`
	Qty       core.Qty `json:"qty"`     // in, or out when negative
	Balance   core.Qty `json:"balance"` // after this row
	User      string   `json:"user"`
	Reason    string   `json:"reason,omitempty"`
}

// LedgerResp is a page of movements, newest first. Closing is the balance at the end
// of the last day asked for.
type LedgerResp struct {
	Dimension core.Dimension `json:"dimension"`
	Closing   core.Qty       `json:"closing"`
	Rows      []LedgerRow    `json:"rows"`
	Next      string         `json:"next,omitempty"`
}

// ValuedLedgerRow adds values.
type ValuedLedgerRow struct {
	LedgerRow
	Value        core.Paise `json:"value"`
	BalanceValue core.Paise `json:"balance_value"`
}

// ValuedLedgerResp is a page of movements with values.
type ValuedLedgerResp struct {
	Dimension    core.Dimension    `json:"dimension"`
	Closing      core.Qty          `json:"closing"`
	ClosingValue core.Paise        `json:"closing_value"`
	Rows         []ValuedLedgerRow `json:"rows"`
	Next         string            `json:"next,omitempty"`
}

func (v ValuedLedgerResp) withoutValues() LedgerResp {
	rows := make([]LedgerRow, len(v.Rows))
	for i, r := range v.Rows {
		rows[i] = r.LedgerRow
	}
	return LedgerResp{v.Dimension, v.Closing, rows, v.Next}
}

// StockOnReq asks for the stock at the end of a day, in the order of SKUs.
type StockOnReq struct {
	On    core.Date      `json:"on,omitempty"` // 0 = today
	Types []catalog.Type `json:"types,omitempty"`
}

// ItemOn is what there was of an item.
type ItemOn struct {
	Item      core.ItemID    `json:"item"`
	SKU       string         `json:"sku"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	Type      catalog.Type   `json:"type"`
	Dimension core.Dimension `json:"dimension"`
	Qty       core.Qty       `json:"qty"`
}

// CategoryOn sums the items of one type.
type CategoryOn struct {
	Type   catalog.Type `json:"type"`
	Items  int          `json:"items"`
	Mass   core.Qty     `json:"mass"`   // mg of what is measured by mass
	Pieces core.Qty     `json:"pieces"` // of what is counted
}

// StockOnResp lists every item of which there was something, and sums them by
// category in the order material flows.
type StockOnResp struct {
	On         core.Date    `json:"on"`
	Categories []CategoryOn `json:"categories"`
	Items      []ItemOn     `json:"items"`
}

// ValuedItemOn adds the value.
type ValuedItemOn struct {
	ItemOn
	Value core.Paise `json:"value"`
}

// ValuedCategoryOn adds the value of a category.
type ValuedCategoryOn struct {
	CategoryOn
	Value core.Paise `json:"value"`
}

// ValuedStockOnResp lists every item with its value, and sums them by category and
// all together. Method says how the stock is valued (R12). Of all types, Total is the
// account STOCK of the trial balance of that day, and InProcess its account WIP.
type ValuedStockOnResp struct {
	On         core.Date          `json:"on"`
	Method     string             `json:"method"`
	Categories []ValuedCategoryOn `json:"categories"`
	Items      []ValuedItemOn     `json:"items"`
	Total      core.Paise         `json:"total"`
	InProcess  core.Paise         `json:"in_process"` // on hand too, in the batches that ran that day, of whatever type; not in Total
}

// TrialBalanceReq asks for the accounts at the end of a day.
type TrialBalanceReq struct {
	On core.Date `json:"on,omitempty"` // 0 = today
}

// AccountSum is one account. What stands to the factory's credit is negative.
type AccountSum struct {
	Account Account    `json:"account"`
	Value   core.Paise `json:"value"`
}

// TrialBalanceResp lists every account; Sum is zero (R5).
type TrialBalanceResp struct {
	On       core.Date    `json:"on"`
	Accounts []AccountSum `json:"accounts"`
	Sum      core.Paise   `json:"sum"`
}

// registers is what reading the registers needs from the books.
type registers interface {
	LedgerPage(q LedgerReq, valued bool) (ValuedLedgerResp, error)
	StockOn(StockOnReq) ([]ValuedItemOn, error)
	AccountUntil(Account, core.Date) (core.Paise, error)
	AccountsUntil(core.Date) (map[Account]core.Paise, error)
}

func registerRegisters[T registers](r *op.Router[T]) {
	op.Handle(r, ListLedger, func(c *op.Call, tx T, q LedgerReq) (LedgerResp, error) {
		v, err := ledgerPage(c, tx, q, false)
		return v.withoutValues(), err
	})
	op.Handle(r, ListValuedLedger, func(c *op.Call, tx T, q LedgerReq) (ValuedLedgerResp, error) { return ledgerPage(c, tx, q, true) })
	op.Handle(r, StockOn, func(c *op.Call, tx T, q StockOnReq) (StockOnResp, error) {
		v, err := stockOn(c, tx, q)
		items := make([]ItemOn, len(v.Items))
		for i := range v.Items {
			items[i] = v.Items[i].ItemOn
		}
		categories := make([]CategoryOn, len(v.Categories))
		for i := range v.Categories {
			categories[i] = v.Categories[i].CategoryOn
		}
		return StockOnResp{v.On, categories, items}, err
	})
	op.Handle(r, ValuedStockOn, func(c *op.Call, tx T, q StockOnReq) (ValuedStockOnResp, error) {
		v, err := stockOn(c, tx, q)
		if err == nil {
			v.InProcess, err = tx.AccountUntil(WIP, v.On)
		}
		return v, err
	})
	op.Handle(r, TrialBalance, func(c *op.Call, tx T, q TrialBalanceReq) (TrialBalanceResp, error) { return trialBalance(c, tx, q) })
}

func ledgerPage(c *op.Call, tx registers, q LedgerReq, valued bool) (ValuedLedgerResp, error) {
	if q.To == 0 {
		q.To = c.Today()
	}
	return tx.LedgerPage(q, valued)
}

func stockOn(c *op.Call, tx registers, q StockOnReq) (ValuedStockOnResp, error) {
	if q.On == 0 {
		q.On = c.Today()
	}
	items, err := tx.StockOn(q)
	resp := ValuedStockOnResp{On: q.On, Method: ValuationMethod, Categories: []ValuedCategoryOn{}, Items: items}
	for _, kind := range catalog.Types() {
		sum := ValuedCategoryOn{CategoryOn: CategoryOn{Type: kind}}
		for _, i := range items {
			if i.Type != kind {
				continue
			}
			sum.Items++
			sum.Value += i.Value
			switch i.Dimension {
			case core.Mass:
				sum.Mass += i.Qty
			case core.Count:
				sum.Pieces += i.Qty
			}
		}
		if sum.Items > 0 {
			resp.Categories, resp.Total = append(resp.Categories, sum), resp.Total+sum.Value
		}
	}
	return resp, err
}

func trialBalance(c *op.Call, tx registers, q TrialBalanceReq) (TrialBalanceResp, error) {
	if q.On == 0 {
		q.On = c.Today()
	}
	sums, err := tx.AccountsUntil(q.On)
	resp := TrialBalanceResp{On: q.On}
	for _, a := range Accounts() {
		resp.Accounts = append(resp.Accounts, AccountSum{a, sums[a]})
		resp.Sum += sums[a]
	}
	return resp, err
}
