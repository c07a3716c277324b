package storage

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"

	"masala/core"
	"masala/core/stock"
)

// place is a cursor of the ledger page: the last row shown and the balance before
// it, so that a page costs the same wherever it lies. An Operator's cursor carries
// no value (R37).
type place struct {
	Day   core.Date  `json:"d"`
	Seq   core.Seq   `json:"s"`
	Qty   core.Qty   `json:"q"`
	Value core.Paise `json:"v,omitempty"`
	Cost  bool       `json:"c,omitempty"` // it carries the value
}

func (p place) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // integers always encode
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func placeOf(cursor string, valued bool) (p place, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil || p.Cost != valued {
		return p, core.Invalid("after", "This page does not exist. Start from the first page.").Because(err)
	}
	return p, nil
}

// LedgerPage pages through the movements of an item or lot, newest day first. The
// running balance is walked back from the end of the last day asked for.
func (t *Tx) LedgerPage(q stock.LedgerReq, valued bool) (resp stock.ValuedLedgerResp, err error) {
	column, id := "g.item_id", int64(q.Item)
	if q.Lot != 0 {
		column, id = "g.lot_id", int64(q.Lot)
	}
	if resp.Dimension, resp.Closing, resp.ClosingValue, err = t.closing(q); err != nil {
		return resp, err
	}
	at := place{q.To + 1, 0, resp.Closing, resp.ClosingValue, valued}
	if q.After != "" {
		if at, err = placeOf(q.After, valued); err != nil {
			return resp, err
		}
	}
	limit := core.PageSize(q.Limit)
	resp.Rows, err = list(t, `SELECT g.seq, g.effective_on, g.posted_at, g.document_id, d.number, d.kind, g.lot_id, g.segment, g.status, l.number,
		coalesce(p.name, ''), g.qty, g.value, coalesce(u.login, ''), g.reason
		FROM ledger g JOIN document d ON d.id = g.document_id JOIN lot l ON l.id = g.lot_id LEFT JOIN party p ON p.id = d.party_id LEFT JOIN user u ON u.id = g.user_id
		WHERE `+column+` = ? AND g.account = 'STOCK' AND (g.effective_on, g.seq) < (?, ?) AND g.effective_on >= ?
		ORDER BY g.effective_on DESC, g.seq DESC LIMIT ?`, []any{id, at.Day, at.Seq, q.From, limit + 1},
		func(r *sql.Rows) (v stock.ValuedLedgerRow, err error) {
			return v, r.Scan(&v.Seq, &v.EffectiveOn, clock{&v.PostedAt}, &v.Document, &v.Number, &v.Kind, &v.Lot, &v.Segment, &v.Status, &v.LotNumber,
				&v.Party, &v.Qty, &v.Value, &v.User, &v.Reason)
		})
	if err != nil {
		return resp, err
	}
	more := len(resp.Rows) > limit
	resp.Rows = resp.Rows[:min(limit, len(resp.Rows))]
	for i := range resp.Rows {
		v := &resp.Rows[i]
		v.Balance, v.BalanceValue = at.Qty, at.Value
		at = place{v.EffectiveOn, v.Seq, at.Qty - v.Qty, at.Value - v.Value, valued}
	}
	if !valued {
		at.Value = 0
	}
	if more {
		resp.Next = at.String()
	}
	return resp, nil
}

// closing is what there was at the end of q.To: what is there now less the few
// movements dated later.
func (t *Tx) closing(q stock.LedgerReq) (d core.Dimension, qty core.Qty, value core.Paise, err error) {
	now, args := `SELECT i.dimension,
		coalesce((SELECT qty FROM item_stock WHERE item_id = i.id), 0) - coalesce((SELECT sum(qty) FROM later WHERE later.item_id = i.id), 0),
		coalesce((SELECT value FROM item_stock WHERE item_id = i.id), 0) - coalesce((SELECT sum(value) FROM later WHERE later.item_id = i.id), 0)
		FROM item i WHERE i.id = ?1`, []any{q.Item, q.To, nextMonth(q.To)}
	now = later + now
	field, gone := "item", "This item does not exist."
	if q.Lot != 0 {
		now, args = `SELECT i.dimension,
			(SELECT coalesce(sum(qty), 0) FROM ledger WHERE lot_id = l.id AND account = 'STOCK' AND effective_on <= ?2),
			(SELECT coalesce(sum(value), 0) FROM ledger WHERE lot_id = l.id AND account = 'STOCK' AND effective_on <= ?2)
			FROM lot l JOIN item i ON i.id = l.item_id WHERE l.id = ?1`, []any{q.Lot, q.To}
		field, gone = "lot", "This lot does not exist."
	}
	ok, err := t.one(now, args, &d, &qty, &value)
	if err == nil && !ok {
		err = core.NotFound(field, "%s", gone)
	}
	return d, qty, value, err
}

// later is what moved after a day (?2): the rest of its month day by day, and from the
// first day of the next (?3) month by month, so that old days cost what young ones do.
const later = `WITH later AS (SELECT x.item_id, x.qty, x.value FROM item i CROSS JOIN item_day x ON x.item_id = i.id AND x.effective_on > ?2 AND x.effective_on < ?3 WHERE ?1 IS NULL OR i.id = ?1
	UNION ALL SELECT m.item_id, m.qty, m.value FROM item i CROSS JOIN item_month m ON m.item_id = i.id AND m.month >= ?3 WHERE ?1 IS NULL OR i.id = ?1)`

func nextMonth(day core.Date) core.Date { return day.Month().AddMonths(1) }

// StockOn lists what there was of every item at the end of a day.
func (t *Tx) StockOn(q stock.StockOnReq) ([]stock.ValuedItemOn, error) {
	w := &where{}
	w.and("(n.qty <> 0 OR n.value <> 0)")
	in(w, "i.type", q.Types)
	return list(t, later+`, n AS (SELECT s.item_id, s.qty - coalesce(sum(d.qty), 0) AS qty, s.value - coalesce(sum(d.value), 0) AS value
			FROM item_stock s LEFT JOIN later d ON d.item_id = s.item_id GROUP BY s.item_id)
		SELECT i.id, i.sku, i.name, i.name_hi, i.type, i.dimension, n.qty, n.value FROM n JOIN item i ON i.id = n.item_id
		WHERE `+w.String()+` ORDER BY i.sku_sort`, append([]any{nil, q.On, nextMonth(q.On)}, w.args...),
		func(r *sql.Rows) (v stock.ValuedItemOn, err error) {
			return v, r.Scan(&v.Item, &v.SKU, &v.Name, &v.NameHi, &v.Type, &v.Dimension, &v.Qty, &v.Value)
		})
}

// AccountUntil sums an account up to the end of a day.
func (t *Tx) AccountUntil(a stock.Account, day core.Date) (v core.Paise, err error) {
	_, err = t.one(`SELECT coalesce(sum(value), 0) FROM account_day WHERE account = ? AND effective_on <= ?`, []any{a, day}, &v)
	return v, err
}

// AccountNow sums an account, whatever days its rows are dated.
func (t *Tx) AccountNow(a stock.Account) (v core.Paise, err error) {
	_, err = t.one(`SELECT coalesce(sum(value), 0) FROM account_day WHERE account = ?`, []any{a}, &v)
	return v, err
}

// AccountsUntil sums every account up to the end of a day.
func (t *Tx) AccountsUntil(day core.Date) (map[stock.Account]core.Paise, error) {
	sums := map[stock.Account]core.Paise{}
	err := t.each(`SELECT account, sum(value) FROM account_day WHERE effective_on <= ? GROUP BY account`, []any{day}, func(r *sql.Rows) error {
		var a stock.Account
		var v core.Paise
		err := r.Scan(&a, &v)
		sums[a] = v
		return err
	})
	return sums, err
}
