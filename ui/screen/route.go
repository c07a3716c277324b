package screen

import (
	"masala/core"
	"masala/core/stock"
)

// ID names a screen for ever (DOMAIN.md section 3); settings and links keep it.
type ID string

// The screens that exist.
const (
	DashboardHome ID = "dashboard.home"
	MastersItems  ID = "masters.items"
	MastersParty  ID = "masters.parties"
	GRN           ID = "procurement.grn"
	Lots          ID = "procurement.lots"
	Valuation     ID = "reports.valuation"
	SystemUsers   ID = "system.users"
	SystemBackup  ID = "system.backup"
	Settings      ID = "system.settings"
	Health        ID = "system.health"
	SystemLicense ID = "system.license"
)

// Route is a screen and what it should show at once. Fields a screen does not know
// are ignored; the zero value of each means "nothing chosen".
type Route struct {
	ID       ID
	Item     core.ItemID
	Lot      core.LotID
	Party    core.PartyID
	Document core.DocumentID
	New      bool   // an empty form instead of the list
	Draft    string // request key of the draft to resume
	Query    string // text to search for
	Filter   string // a filter by the screen's own name: "expiring"
}

// Module is an entry of the sidebar. They stand in this order, Ctrl+1 to Ctrl+8.
type Module string

// The modules.
const (
	Dashboard   Module = "Dashboard"
	Masters     Module = "Masters"
	Procurement Module = "Procurement"
	Production  Module = "Production"
	Packing     Module = "Packing"
	Sales       Module = "Sales"
	Reports     Module = "Reports"
	System      Module = "System"
)

// Modules lists them in order.
func Modules() []Module {
	return []Module{Dashboard, Masters, Procurement, Production, Packing, Sales, Reports, System}
}

// DocumentRoute is where a posted document is shown.
func DocumentRoute(kind stock.DocumentKind, id core.DocumentID) Route {
	if kind == stock.KindGRN {
		return Route{ID: GRN, Document: id}
	}
	return Route{ID: Lots, Document: id}
}
