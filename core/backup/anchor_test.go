package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"masala/core"
)

// TestAnchorOfAnOlderVersion: what came later is left out of the sum when it is empty, so
// an older file is not taken for a damaged one.
func TestAnchorOfAnOlderVersion(t *testing.T) {
	old := struct {
		Books     string         `json:"books"`
		Lineage   string         `json:"lineage"`
		At        time.Time      `json:"at"`
		Seq       core.Seq       `json:"seq"`
		Head      string         `json:"head"`
		Documents int            `json:"documents"`
		Series    map[string]int `json:"series"`
		Revoked   []string       `json:"revoked"`
		Folder    string         `json:"folder"`
		Sum       string         `json:"sum"`
	}{Books: "b", Lineage: "l", At: time.Date(2026, 2, 14, 13, 0, 0, 0, time.UTC), Seq: 7, Head: "00ff", Documents: 3, Series: map[string]int{"GRN-20260214": 3}, Revoked: []string{"k"}, Folder: `D:\Backups`}
	encode := func() []byte {
		b, err := json.Marshal(old)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	sum := sha256.Sum256(encode())
	old.Sum = hex.EncodeToString(sum[:])
	a, err := DecodeAnchor(encode())
	if err != nil || a.Seq != 7 || a.Folder != old.Folder || a.Accounts != nil {
		t.Errorf("%+v, %v", a, err)
	}
	old.Seq++
	if _, err := DecodeAnchor(encode()); err == nil {
		t.Error("a changed one is taken")
	}
}

// TestWithhold: an account only ever loses something.
func TestWithhold(t *testing.T) {
	all := []Account{}
	for _, role := range []core.Role{core.Admin, core.Operator} {
		for _, active := range []bool{true, false} {
			for _, digest := range []string{"", "old", "new"} {
				all = append(all, Account{"asha", role, active, digest})
			}
		}
	}
	for _, have := range all {
		if have.Digest == "" {
			continue
		}
		for _, seen := range all {
			kept, says := have.Withhold(seen)
			want := have
			want.Active = have.Active && seen.Active
			if seen.Role == core.Operator {
				want.Role = core.Operator
			}
			if seen.Digest != "" {
				want.Digest = seen.Digest
			}
			if kept != want || (len(says) == 0) != (kept == have) {
				t.Errorf("%+v, seen as %+v: %+v, %v", have, seen, kept, says)
			}
		}
	}
}

// TestPortableAnchorHasNoPasswords, and the one it was made from keeps its own.
func TestPortableAnchorHasNoPasswords(t *testing.T) {
	a := Anchor{Books: "b", Accounts: []Account{{"asha", core.Admin, true, "digest"}}}
	p, err := DecodeAnchor(a.Portable().Encode())
	if err != nil || !reflect.DeepEqual(p.Accounts, []Account{{"asha", core.Admin, true, ""}}) || a.Accounts[0].Digest != "digest" {
		t.Errorf("%+v, %v; %+v", p, err, a)
	}
}
