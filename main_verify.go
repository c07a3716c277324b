package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"masala/core"
	"masala/storage"
	"masala/transport/node"
)

// verifyCommand proves the books.
type verifyCommand struct {
	JSON bool `name:"json" help:"Print the report as JSON."`
}

// errDiffers is the end of a verify that found something.
type errDiffers struct{}

func (errDiffers) Error() string { return "the books differ" }

func (c *verifyCommand) Run(e *env) error {
	path := e.folder.Database()
	if !node.HasBooks(e.folder) {
		return core.Errorf(core.CodeNotFound, "There is no database in %s.", e.folder)
	}
	r, err := storage.VerifyFile(e.ctx, path, func(what string) {
		if !c.JSON {
			fmt.Fprintf(os.Stderr, "checking %s\n", what)
		}
	})
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			return err
		}
	} else {
		printReport(r)
	}
	if !r.OK() {
		return errDiffers{}
	}
	return nil
}

func printReport(r *storage.Report) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, k := range r.Checks {
		fmt.Fprintf(w, "%d\t  %s\n", k.Count, k.Name)
	}
	w.Flush()
	for _, p := range r.Problems {
		fmt.Println("WRONG ", p)
	}
	for _, p := range r.Remarks {
		fmt.Println("LOOK  ", p)
	}
	if r.OK() {
		fmt.Printf("The books are right. Ledger row %d, head %s\n", r.Seq, r.Head)
		return
	}
	fmt.Printf("%d differences. Do not go on working with these books; restore a backup or call support.\n", r.Found)
}
