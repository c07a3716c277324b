package main

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"masala/core/system"
)

// TestExportIsNoFormula: no text of the books is a formula in the spreadsheet that opens
// them, every number is the same, and whoever takes one apostrophe off has each text back.
func TestExportIsNoFormula(t *testing.T) {
	columns := []string{"id", "name"}
	rows := [][2]string{ // as it is in the books, as it is written
		{"", ""}, {"0", "0"}, {"5000", "5000"}, {"-5000", "-5000"}, {"-9223372036854775808", "-9223372036854775808"},
		{"Shree Ram Traders", "Shree Ram Traders"}, {"जीरा", "जीरा"}, {`{"qty":-5}`, `{"qty":-5}`}, {"2 - 3", "2 - 3"},
		{`=HYPERLINK("http://x","y")`, `'=HYPERLINK("http://x","y")`}, {"=1+1", "'=1+1"}, {"+91 98220 12345", "'+91 98220 12345"}, {"+919822012345", "'+919822012345"},
		{"-", "'-"}, {"-2+3", "'-2+3"}, {"-1.5", "'-1.5"}, {"- none", "'- none"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\t=1"}, {"＝1+1", "'＝1+1"},
		{"'quoted'", "''quoted'"}, {"'=1", "''=1"},
	}
	var page, want [][]string
	for i, r := range rows {
		page, want = append(page, []string{strings.Repeat("1", i+1), r[0]}), append(want, []string{strings.Repeat("1", i+1), r[1]})
	}
	var file bytes.Buffer
	n, err := exportTable(&file, func(after int64) (system.ExportTableResp, error) {
		p := system.ExportTableResp{Columns: columns, Rows: page[after:]}
		if after == 0 {
			p.Rows, p.Next = page[:7], 7
		}
		return p, nil
	})
	if err != nil || n != len(rows) {
		t.Fatal(n, err)
	}
	text, marked := strings.CutPrefix(file.String(), "\ufeff")
	if !marked {
		t.Error("Excel does not read it as UTF-8")
	}
	have, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !reflect.DeepEqual(have, append([][]string{columns}, want...)) {
		t.Errorf("the file holds %q, %v", have, err)
	}
	for i, r := range rows {
		if back := strings.TrimPrefix(have[i+1][1], "'"); back != r[0] {
			t.Errorf("%q comes back as %q", r[0], back)
		}
	}
}
