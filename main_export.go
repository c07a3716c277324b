package main

import (
	"archive/zip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
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
			n, err := exportTable(csv.NewWriter(f), func(after int64) (system.ExportTableResp, error) {
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

// exportTable writes one table, page by page.
func exportTable(w *csv.Writer, page func(after int64) (system.ExportTableResp, error)) (rows int, err error) {
	for after := int64(0); ; {
		p, err := page(after)
		if err != nil {
			return rows, err
		}
		if after == 0 {
			err = w.Write(p.Columns)
		}
		err = errors.Join(err, w.WriteAll(p.Rows)) // flushes
		if rows += len(p.Rows); err != nil || p.Next == 0 {
			return rows, err
		}
		after = p.Next
	}
}
