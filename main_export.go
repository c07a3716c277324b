package main

import (
	"archive/zip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"masala/core/system"
	"masala/platform/atomicfile"
)

// exportCommand writes the whole books as CSV files.
type exportCommand struct {
	File     string        `arg:"" help:"ZIP file to write." type:"path"`
	User     string        `help:"Name of an Admin." env:"MASALA_USER"`
	Password string        `help:"Password; asked for when it is not given." env:"MASALA_PASSWORD"`
	Wait     time.Duration `help:"How long to look for the server." default:"10s"`
}

func (c *exportCommand) Run(e *env) error {
	l, err := e.line(c.Wait)
	if err != nil {
		return err
	}
	if err := (&callCommand{User: c.User, Password: c.Password}).login(e, system.ExportTable.Meta, l); err != nil {
		return err
	}
	list, err := system.ExportTable.Call(e.ctx, l, "", system.ExportTableReq{})
	if err != nil {
		return err
	}
	rows := 0
	err = atomicfile.WriteFrom(c.File, 0o600, func(w io.Writer) error {
		z := zip.NewWriter(w)
		for _, table := range list.Tables {
			f, err := z.Create(table + ".csv")
			if err != nil {
				return err
			}
			n, err := exportTable(f, func(after int64) (system.ExportTableResp, error) {
				return system.ExportTable.Call(e.ctx, l, "", system.ExportTableReq{Table: table, After: after})
			})
			if rows += n; err != nil {
				return err
			}
		}
		return z.Close()
	})
	if err != nil {
		return err
	}
	fmt.Printf("%s holds %d tables with %d rows.\n", c.File, len(list.Tables), rows)
	return nil
}

// byteOrderMark lets Excel read a CSV file as UTF-8.
const byteOrderMark = "\ufeff"

// formulaStart are the letters with which a spreadsheet begins a formula; the wide ones are
// those of East Asian keyboards. The apostrophe is among them so that taking one off gives
// every text back.
const formulaStart = "=+-@\t\r\n＝＋－＠'"

// spreadsheetCell is a cell as it shows itself when the file is opened in a spreadsheet: a
// text that would be a formula has an apostrophe before it. A number stays what it is.
func spreadsheetCell(s string) string {
	if s == "" || !strings.ContainsRune(formulaStart, []rune(s)[0]) {
		return s
	}
	if _, err := strconv.ParseInt(s, 10, 64); err == nil && s[0] == '-' {
		return s
	}
	return "'" + s
}

// exportTable writes one table, page by page.
func exportTable(file io.Writer, page func(after int64) (system.ExportTableResp, error)) (rows int, err error) {
	if _, err := io.WriteString(file, byteOrderMark); err != nil {
		return 0, err
	}
	w := csv.NewWriter(file)
	for after := int64(0); ; {
		p, err := page(after)
		if err != nil {
			return rows, err
		}
		if after == 0 {
			err = w.Write(p.Columns)
		}
		for _, row := range p.Rows {
			for i, cell := range row {
				row[i] = spreadsheetCell(cell)
			}
		}
		err = errors.Join(err, w.WriteAll(p.Rows)) // flushes
		if rows += len(p.Rows); err != nil || p.Next == 0 {
			return rows, err
		}
		after = p.Next
	}
}
