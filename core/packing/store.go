package packing

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/stock"
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	stock.Ledger
	Item(core.ItemID) (catalog.Item, error)
	Allocatable(core.ItemID) ([]stock.LotRow, error)
	// EarliestExpiry is the first expiry among a lot and all it was made of, by edges
	// that stand; 0 where none of them expires.
	EarliestExpiry(core.LotID) (core.Date, error)
	Profiles(ListProfilesReq) (ListProfilesResp, error)
	Profile(id ID, version int64) (Profile, error) // without parts and goods; core.CodeNotFound
	ProfileByCode(code string) (ID, bool, error)
	InsertProfile(Profile) (ID, error)
	UpdateProfile(Profile) error
	InsertRun(ValuedRun) error
	Runs(ListRunsReq) (ListRunsResp, error)
	Run(core.DocumentID) (ValuedRun, error) // without Rate; core.CodeNotFound
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, ListProfiles, func(_ *op.Call, tx T, q ListProfilesReq) (ListProfilesResp, error) { return tx.Profiles(q) })
	op.Handle(r, GetProfile, func(_ *op.Call, tx T, q GetProfileReq) (Profile, error) { return read(tx, q.ID, q.Version) })
	op.Handle(r, CreateProfile, func(c *op.Call, tx T, q CreateProfileReq) (Profile, error) { return create(c, tx, q.Fields) })
	op.Handle(r, UpdateProfile, func(c *op.Call, tx T, q UpdateProfileReq) (Profile, error) { return update(c, tx, q) })
	op.Handle(r, CheckFeasibility, func(c *op.Call, tx T, q CheckReq) (Feasibility, error) { return feasibility(c, tx, q) })
	op.Handle(r, PostRun, func(c *op.Call, tx T, q PostRunReq) (Run, error) { return post(c, tx, q) })
	op.Handle(r, ListRuns, func(_ *op.Call, tx T, q ListRunsReq) (ListRunsResp, error) { return tx.Runs(q) })
	op.Handle(r, GetRun, func(_ *op.Call, tx T, q GetRunReq) (Run, error) {
		v, err := tx.Run(q.ID)
		return v.Run, err
	})
	op.Handle(r, GetValuedRun, func(_ *op.Call, tx T, q GetRunReq) (ValuedRun, error) {
		v, err := tx.Run(q.ID)
		v.Rate, _ = core.Rate(v.Value, v.Packs, core.Count)
		return v, err
	})
}
