package system

// ExportTableReq asks for a page of a table; without a name only for the list.
type ExportTableReq struct {
	Table string `json:"table,omitempty"`
	After int64  `json:"after,omitempty"` // Next of the page before
}

// ExportTableResp is a page. Numbers are base units, paise, days since 1970-01-01 and
// milliseconds UTC, as they are stored.
type ExportTableResp struct {
	Tables  []string   `json:"tables"` // all there are, secrets aside
	Columns []string   `json:"columns,omitempty"`
	Rows    [][]string `json:"rows,omitempty"`
	Next    int64      `json:"next,omitempty"` // 0: this was the last page
}

// ExportPage is the number of rows of a page.
const ExportPage = 2000
