package stock

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"masala/core"
)

// balance adds up one document to see that it balances (R5).
type balance struct {
	value     core.Paise
	converted core.Paise
	qty       map[core.LotID]core.Qty
}

func newBalance() *balance { return &balance{qty: map[core.LotID]core.Qty{}} }

// add takes a movement; it fails where a sum leaves the range of numbers.
func (b *balance) add(m Movement) (err error) {
	if b.value, err = core.Add(b.value, m.Value); err != nil {
		return err
	}
	if m.Account == Conversion {
		if b.converted, err = core.Add(b.converted, m.Value); err != nil {
			return err
		}
	}
	b.qty[m.Lot], err = core.Add(b.qty[m.Lot], m.Qty)
	return err
}

// faults says what does not balance, and forgets the document.
func (b *balance) faults() (faults []string) {
	if b.value != 0 {
		faults = append(faults, fmt.Sprintf("values sum to %d paise", b.value))
	}
	if b.converted != 0 {
		faults = append(faults, fmt.Sprintf("conversion sums to %d paise", b.converted))
	}
	for _, lot := range slices.Sorted(maps.Keys(b.qty)) {
		if q := b.qty[lot]; q != 0 {
			faults = append(faults, fmt.Sprintf("lot %d sums to %d", lot, q))
		}
	}
	b.value, b.converted = 0, 0
	clear(b.qty)
	return faults
}

// sums are what a document adds to the accounts and to the items in stock, so that
// each cache is written once per document.
type sums struct {
	accounts map[Account]core.Paise
	items    map[core.ItemID]itemSum
}

func (s *sums) add(m Movement) {
	if s.accounts == nil {
		s.accounts, s.items = map[Account]core.Paise{}, map[core.ItemID]itemSum{}
	}
	s.accounts[m.Account] += m.Value
	if m.Account == InStock {
		i := s.items[m.Item]
		s.items[m.Item] = itemSum{i.qty + m.Qty, i.value + m.Value, i.cells}
	}
}

func (s *sums) cells(item core.ItemID, n int) {
	i := s.items[item]
	i.cells += n
	s.items[item] = i
}

func (s *sums) put(tx Ledger, day core.Date) error {
	for _, account := range slices.Sorted(maps.Keys(s.accounts)) {
		if v := s.accounts[account]; v != 0 {
			if err := tx.AddToAccountDay(account, day, v); err != nil {
				return err
			}
		}
	}
	for _, item := range slices.SortedFunc(maps.Keys(s.items), cmp.Compare) {
		i := s.items[item]
		if err := tx.AddToItem(item, i.qty, i.value, i.cells); err != nil {
			return err
		}
		if i.qty != 0 || i.value != 0 {
			if err := tx.AddToItemDay(item, day, i.qty, i.value); err != nil {
				return err
			}
		}
	}
	return nil
}
