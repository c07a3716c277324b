package party

import (
	"strings"

	"masala/core"
	"masala/core/op"
)

// The operations on suppliers and customers.
var (
	ListParties = op.Define[ListPartiesReq, ListPartiesResp]("party.list_parties", op.Read, op.Operator, "Search and page through suppliers or customers.")
	GetParty    = op.Define[GetPartyReq, Party]("party.get_party", op.Read, op.Operator, "Read one supplier or customer.")
	CreateParty = op.Define[CreatePartyReq, Party]("party.create_party", op.Business, op.Admin, "Add a supplier or customer.", op.Changes(Topic))
	UpdateParty = op.Define[UpdatePartyReq, Party]("party.update_party", op.Business, op.Admin, "Change a supplier or customer, or take it out of use.", op.Changes(Topic))
)

// ListPartiesReq asks for a page of parties.
type ListPartiesReq struct {
	Query    string `json:"query,omitempty"` // words of name, contact, phone or GSTIN
	Kind     Kind   `json:"kind,omitempty"`  // "" = both
	Inactive bool   `json:"inactive,omitempty"`
	After    string `json:"after,omitempty"`
	Limit    int    `json:"limit,omitempty"`
}

// ListPartiesResp is a page of parties; Next is the cursor of the page after.
type ListPartiesResp struct {
	Parties []Party `json:"parties"`
	Next    string  `json:"next,omitempty"`
	Total   int     `json:"total"`
}

// GetPartyReq names a party.
type GetPartyReq struct {
	ID core.PartyID `json:"id"`
}

// CreatePartyReq is a new party.
type CreatePartyReq struct{ Fields }

// UpdatePartyReq replaces the fields of a party that is still at Version (R35).
type UpdatePartyReq struct {
	ID      core.PartyID `json:"id"`
	Version int64        `json:"version"`
	Fields
}

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	Parties(ListPartiesReq) (ListPartiesResp, error)
	Party(core.PartyID) (Party, error) // core.CodeNotFound
	// PartyNamed finds another party than but that has the same name (core.NameKey).
	PartyNamed(kind Kind, name string, but core.PartyID) (Party, bool, error)
	InsertParty(Party) (core.PartyID, error)
	UpdateParty(Party) error
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, ListParties, func(_ *op.Call, tx T, q ListPartiesReq) (ListPartiesResp, error) { return tx.Parties(q) })
	op.Handle(r, GetParty, func(_ *op.Call, tx T, q GetPartyReq) (Party, error) { return tx.Party(q.ID) })
	op.Handle(r, CreateParty, func(c *op.Call, tx T, q CreatePartyReq) (Party, error) {
		if err := checkName(tx, 0, q.Fields); err != nil {
			return Party{}, err
		}
		p := Party{Fields: q.Fields, Stamp: c.Stamp(1)}
		id, err := tx.InsertParty(p)
		p.ID = id
		c.Note(noteName(p), nil, p)
		return p, err
	})
	op.Handle(r, UpdateParty, func(c *op.Call, tx T, q UpdatePartyReq) (Party, error) {
		old, err := tx.Party(q.ID)
		if err != nil {
			return Party{}, err
		}
		if err := c.CheckVersion(old.Stamp, q.Version, old.Fields, q.Fields); err != nil {
			return Party{}, err
		}
		if q.Kind != old.Kind {
			return Party{}, core.Invalid("kind", "A supplier cannot become a customer. Add a new record instead.")
		}
		if q.Name != core.Visible(old.Name) {
			if err := checkName(tx, q.ID, q.Fields); err != nil {
				return Party{}, err
			}
		}
		p := Party{ID: q.ID, Fields: q.Fields, Stamp: c.Stamp(old.Version + 1)}
		c.Note(noteName(p), old, p)
		return p, tx.UpdateParty(p)
	})
}

func noteName(p Party) string { return p.Kind.word() + " " + p.Name }

func (k Kind) word() string { return strings.ToLower(string(k)) }

// checkName refuses a name that another party of the kind has, however it is typed. Books
// from before may hold such pairs, so a name that stays is not looked at.
func checkName(tx Store, id core.PartyID, f Fields) error {
	other, taken, err := tx.PartyNamed(f.Kind, f.Name, id)
	switch {
	case err != nil || !taken:
		return err
	case !other.Active:
		return core.Invalid("name", "There is already a %s named %s, out of use. Take that one into use again, or add the town to the name.", other.Kind.word(), other.Name)
	}
	return core.Invalid("name", "There is already a %s named %s. Use that one, or add the town to the name.", other.Kind.word(), other.Name)
}
