package stock

import (
	"fmt"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// The operations on stock counts (R34).
var (
	OpenCount   = op.Define[OpenCountReq, Count]("stock.open_count", op.Business, op.Operator, "Start a stock count with a snapshot of what the books hold.", op.Changes(TopicCounts))
	ListCounts  = op.Define[ListCountsReq, ListCountsResp]("stock.list_counts", op.Read, op.Operator, "Page through the stock counts, newest first.")
	GetCount    = op.Define[GetCountReq, Count]("stock.get_count", op.Read, op.Operator, "Read a stock count.")
	RecordCount = op.Define[RecordCountReq, Count]("stock.record_count", op.Business, op.Operator, "Add counted quantities; several counters add up.", op.Changes(TopicCounts))
	ListEntries = op.Define[ListEntriesReq, ListEntriesResp]("stock.list_entries", op.Read, op.Operator, "Page through what was entered into a stock count, newest first.")
	VoidEntry   = op.Define[VoidEntryReq, Count]("stock.void_entry", op.Business, op.Operator, "Take one's own wrong entry back out of a stock count; an Admin may take back any.", op.Changes(TopicCounts))
	PostCount   = op.Define[PostCountReq, PostCountResp]("stock.post_count", op.Business, op.Admin, "Post the differences of a stock count, or close it where there are none.", op.Changes(Topic, TopicDocuments, TopicCounts))
	CancelCount = op.Define[CancelCountReq, Count]("stock.cancel_count", op.Business, op.Admin, "Give a stock count up without posting anything.", op.Changes(TopicCounts))
)

// CountState says how far a count has come.
type CountState string

// The states of a count.
const (
	CountOpen      CountState = "OPEN"
	CountPosted    CountState = "POSTED"
	CountAgreed    CountState = "AGREED" // it differed nowhere
	CountCancelled CountState = "CANCELLED"
)

// CountID names a stock count.
type CountID int64

// OpenCountReq says what is to be counted: all open stock of these types.
type OpenCountReq struct {
	Types []catalog.Type `json:"types,omitempty"` // none = all
}

// GetCountReq names a count; 0 is the newest one.
type GetCountReq struct {
	ID CountID `json:"id"`
}

// Count is a stock count (R34): the books at SnapshotSeq, what moved since, and what was
// counted.
type Count struct {
	ID          CountID         `json:"id"`
	Number      string          `json:"number"`
	SnapshotSeq core.Seq        `json:"snapshot_seq"`
	OpenedAt    time.Time       `json:"opened_at"`
	OpenedBy    string          `json:"opened_by"`
	State       CountState      `json:"state"`
	Posted      core.DocumentID `json:"posted,omitempty"` // the document it was posted as
	Lines       []CountLine     `json:"lines"`
}

// CountLine is one cell of a count. Counted is nil until somebody counted it, and so is
// Difference, which is what the count posts: Counted less what the books held then.
type CountLine struct {
	CellKey
	LotNumber  string         `json:"lot_number"`
	Name       string         `json:"name"`
	Dimension  core.Dimension `json:"dimension"`
	Booked     core.Qty       `json:"booked"`          // at the snapshot
	Moved      core.Qty       `json:"moved,omitempty"` // in less out, from then until it was counted
	Counted    *core.Qty      `json:"counted,omitempty"`
	At         core.Seq       `json:"at,omitempty"`    // the newest ledger row when it was counted
	Since      core.Qty       `json:"since,omitempty"` // in less out, from then until the count ended
	Difference *core.Qty      `json:"difference,omitempty"`
}

// MaxEntries bounds one RecordCountReq.
const MaxEntries = 1000

// RecordCountReq adds what one counter found.
type RecordCountReq struct {
	ID      CountID      `json:"id"`
	Entries []CountEntry `json:"entries"`
}

// CountEntry is a counted quantity of a cell.
type CountEntry struct {
	CellKey
	Qty core.Qty `json:"qty"`
}

// Validate checks the request.
func (r *RecordCountReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the count.")
	bad.Check(len(r.Entries) <= MaxEntries, "entries", "Send at most %d counted quantities at once.", MaxEntries)
	bad.Check(len(r.Entries) > 0, "entries", "Enter at least one counted quantity.")
	for i := range r.Entries {
		var line core.Faults
		r.Entries[i].check(&line)
		line.Check(r.Entries[i].Qty >= 0, "qty", "A counted quantity cannot be negative.")
		line.Bound("qty", r.Entries[i].Qty)
		_ = bad.Merge(fmt.Sprintf("entries[%d].", i), line.Err())
	}
	return bad.Err()
}

// EntryID names an entry of a stock count.
type EntryID int64

// ListEntriesReq asks for a page of the entries of a count.
type ListEntriesReq struct {
	ID    CountID `json:"id"`
	After string  `json:"after,omitempty"`
	Limit int     `json:"limit,omitempty"`
}

// EntryRow is an entry of a count. VoidedBy and Reason say who took it back, a user or
// ByUpgrade, and why; then it does not count.
type EntryRow struct {
	ID EntryID `json:"id"`
	CountEntry
	Count     CountID        `json:"count"`
	LotNumber string         `json:"lot_number"`
	Name      string         `json:"name"`
	Dimension core.Dimension `json:"dimension"`
	By        core.UserID    `json:"by"`
	ByName    string         `json:"by_name"`
	At        core.Seq       `json:"at"` // the newest ledger row when it was entered
	VoidedBy  string         `json:"voided_by,omitempty"`
	Reason    string         `json:"reason,omitempty"`
}

// ListEntriesResp is a page of entries, newest first.
type ListEntriesResp struct {
	Entries []EntryRow `json:"entries"`
	Next    string     `json:"next,omitempty"`
}

// VoidEntryReq names the entry to take back.
type VoidEntryReq struct {
	Entry  EntryID `json:"entry"`
	Reason string  `json:"reason"`
}

// Validate checks the request.
func (r *VoidEntryReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Entry > 0, "entry", "Choose the entry.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// PostCountReq names the count to post. Values are needed where more was counted of a lot
// that has been used up since: it has no rate any more (R16).
type PostCountReq struct {
	ID     CountID       `json:"id"`
	Values []ExcessValue `json:"values,omitempty"`
}

// ExcessValue is what the excess of a cell is worth.
type ExcessValue struct {
	CellKey
	Value core.Paise `json:"value"`
}

// Validate checks the request.
func (r *PostCountReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the count.")
	bad.Check(len(r.Values) <= MaxEntries, "values", "Send at most %d values at once.", MaxEntries)
	seen := map[CellKey]bool{}
	for i := range r.Values {
		var line core.Faults
		x := &r.Values[i]
		x.check(&line)
		line.Check(x.Value >= 0, "value", "A value cannot be negative.")
		line.BoundMoney("value", x.Value)
		line.Check(!seen[x.CellKey], "lot", "The value of this stock is there already.")
		seen[x.CellKey] = true
		_ = bad.Merge(fmt.Sprintf("values[%d].", i), line.Err())
	}
	return bad.Err()
}

// PostCountResp names the document of the differences; both are empty where every
// counted quantity agreed with the books.
type PostCountResp struct {
	Document core.DocumentID `json:"document,omitempty"`
	Number   string          `json:"number,omitempty"`
	State    CountState      `json:"state"`
}

// CancelCountReq names the count to give up.
type CancelCountReq struct {
	ID     CountID `json:"id"`
	Reason string  `json:"reason"`
}

// Validate checks the request.
func (r *CancelCountReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the count.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// ListCountsReq asks for a page of counts.
type ListCountsReq struct {
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// CountRow is a count in a list.
type CountRow struct {
	ID       CountID    `json:"id"`
	Number   string     `json:"number"`
	OpenedAt time.Time  `json:"opened_at"`
	OpenedBy string     `json:"opened_by"`
	State    CountState `json:"state"`
	Lines    int        `json:"lines"`
	Counted  int        `json:"counted"` // lines somebody counted
}

// ListCountsResp is a page of counts, newest first.
type ListCountsResp struct {
	Counts []CountRow `json:"counts"`
	Next   string     `json:"next,omitempty"`
}
