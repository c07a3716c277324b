package stock

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Hash is a link of a hash chain.
type Hash [sha256.Size]byte

// String is the hash in hex.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Chain returns the hash of r behind prev: SHA-256 over prev and every field in
// the order of the ledger's columns, numbers as 8 bytes big-endian, texts behind
// their length. Whoever edits a posted row breaks every hash after it (R5).
func (r *Row) Chain(prev Hash) Hash {
	b := make([]byte, 0, 256)
	b = append(b, prev[:]...)
	for _, n := range []int64{int64(r.Seq), r.PostedAt.UnixMilli(), int64(r.EffectiveOn), int64(r.Document), int64(r.Line),
		int64(r.Item), int64(r.Lot), int64(r.Qty), int64(r.Value), int64(r.User)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, s := range []string{string(r.Account), string(r.Segment), string(r.Status), r.Reason} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
	}
	return sha256.Sum256(b)
}
