package drill

import (
	_ "embed"
	"html/template"
	"io"
	"time"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"seconds": seconds,
	"day":     func(t time.Time) string { return t.Format("02-Jan-2006 15:04") },
}).Parse(pageText))

// WritePage writes the report as a page for the printer: A4, one file, nothing to load.
func (r *Report) WritePage(w io.Writer) error { return page.Execute(w, r) }
