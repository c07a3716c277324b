package backup

import "masala/core"

// Contents is what a copy of the books holds and how far it goes.
type Contents struct {
	Seq       core.Seq `json:"seq"`  // newest ledger row
	Head      string   `json:"head"` // hash of it, in hex
	Documents int      `json:"documents"`
	Schema    int64    `json:"schema"` // version of the tables
	Factory   string   `json:"factory,omitempty"`
	Zone      string   `json:"zone,omitempty"`
	Books     string   `json:"books,omitempty"`   // ID of the first lineage
	Lineage   string   `json:"lineage,omitempty"` // ID of the newest
	Past      []string `json:"past,omitempty"`    // IDs of those before it, oldest first
	Key       string   `json:"key,omitempty"`     // fingerprint of the sealed key, "" for none
}
