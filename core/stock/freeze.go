package stock

import (
	"maps"
	"slices"

	"masala/core"
)

// free refuses to move stock out of a lot that an open recall freezes (R30).
// Between the cells of one lot it may move: a frozen lot can still be put on hold.
func (v *Voucher) free(bad *core.Faults) (recalls []string, err error) {
	out := map[core.LotID]core.Qty{}
	for key, h := range v.moved {
		out[key.Lot] += h.qty
	}
	for _, id := range slices.Sorted(maps.Keys(out)) {
		if out[id] >= 0 {
			continue
		}
		marks, err := v.tx.OpenRecalls(id)
		if err != nil {
			return nil, err
		}
		if len(marks) == 0 {
			continue
		}
		lot, err := v.tx.Lot(id)
		if err != nil {
			return nil, err
		}
		recalls = append(recalls, marks[0].Number)
		bad.Add(lot.Number, "%s is frozen by recall %s. Close the recall first, or take another lot.", lot.Number, marks[0].Number)
	}
	return recalls, nil
}

// freezeChildren hands the marks of frozen lots down to what is born from them: a
// recall may have come while its material was in production (R30).
func (v *Voucher) freezeChildren() error {
	if v.doc.Reverses != 0 {
		return nil
	}
	marks := map[core.LotID][]Mark{}
	for _, e := range v.edges {
		if e.Parent == 0 {
			continue
		}
		m, known := marks[e.Parent]
		if !known {
			var err error
			if m, err = v.tx.OpenRecalls(e.Parent); err != nil {
				return err
			}
			marks[e.Parent] = m
		}
		for _, mark := range m {
			if err := v.tx.FreezeLot(e.Child, mark); err != nil {
				return err
			}
		}
	}
	return nil
}
