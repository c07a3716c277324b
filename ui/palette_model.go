package ui

import (
	"context"
	"strings"

	"golang.org/x/text/unicode/norm"

	"masala/core/catalog"
	"masala/core/stock"
	"masala/ui/async"
	"masala/ui/screen"
	"masala/ui/screen/dashboard"
	"masala/ui/theme"
)

// finder is the palette without its looks: a query, and what it leads to.
type finder struct {
	env   *screen.Env
	own   []screen.Action // what the open screen can do
	query string
	at    int // chosen row
	items async.Value[catalog.ListItemsResp]
	lots  async.Value[stock.ListLotsResp]
	docs  async.Value[stock.ListDocumentsResp]
}

// found is a row of the palette.
type found struct {
	section string // set on the first row of a section
	icon    theme.Icon
	kind    foundKind
	title   string
	note    string
	key     string
	reason  string // why it cannot be chosen now
	do      func()
}

// foundKind chooses the colour of a row's icon.
type foundKind int

const (
	foundScreen foundKind = iota
	foundAction
	foundRaw
	foundBulk
	foundPacking
	foundFinished
	foundDocument
)

// The words that narrow a search.
const (
	narrowGo   = "go:"
	narrowItem = "item:"
	narrowLot  = "lot:"
	narrowDoc  = "doc:"
)

// narrowed splits the query into what is searched and for what.
func narrowed(query string) (where, text string) {
	query = strings.TrimSpace(norm.NFC.String(query))
	for _, p := range []string{narrowGo, narrowItem, narrowLot, narrowDoc} {
		if len(query) >= len(p) && strings.EqualFold(query[:len(p)], p) {
			return p, strings.TrimSpace(query[len(p):])
		}
	}
	return "", query
}

// perSection bounds what one kind of find shows while all kinds are searched.
const perSection = 5

// rows lists what the query leads to. It is called in every frame.
func (f *finder) rows() (list []found, loading bool) {
	where, text := narrowed(f.query)
	add := func(section string, rows []found) {
		if len(rows) > 0 {
			rows[0].section = section
		}
		list = append(list, rows...)
	}
	if where == "" || where == narrowGo {
		add("Actions", f.actions(text))
		add("Go to", f.screens(text))
	}
	if text == "" && where == "" {
		return list, false
	}
	limit := perSection
	if where != "" {
		limit = 50
	}
	host, rev := f.env.Host, f.env.Shell.Revision(stock.Topic, stock.TopicDocuments, catalog.Topic)
	if (where == "" || where == narrowItem) && f.opens(screen.MastersItems) {
		v, st := f.items.Want(host, f.query, rev, func(ctx context.Context) (catalog.ListItemsResp, error) {
			return catalog.ListItems.Call(ctx, f.env.Caller, "", catalog.ListItemsReq{Query: text, Limit: limit})
		})
		loading = loading || st.Loading
		add("Items", f.itemRows(v.Items))
	}
	if (where == "" || where == narrowLot) && f.opens(screen.Lots) {
		v, st := f.lots.Want(host, f.query, rev, func(ctx context.Context) (stock.ListLotsResp, error) {
			return stock.ListLots.Call(ctx, f.env.Caller, "", stock.ListLotsReq{Query: text, Limit: limit, Empty: where == narrowLot})
		})
		loading = loading || st.Loading
		add("Lots", f.lotRows(v.Lots))
	}
	if where == "" || where == narrowDoc {
		v, st := f.docs.Want(host, f.query, rev, func(ctx context.Context) (stock.ListDocumentsResp, error) {
			return stock.ListDocuments.Call(ctx, f.env.Caller, "", stock.ListDocumentsReq{Query: strings.ToUpper(text), Limit: limit})
		})
		loading = loading || st.Loading
		add("Documents", f.documentRows(v.Documents))
	}
	return list, loading
}

func (f *finder) opens(id screen.ID) bool {
	for _, e := range f.env.Shell.Menu() {
		if e.ID == id {
			return true
		}
	}
	return false
}

func (f *finder) goTo(r screen.Route) func() { return func() { f.env.Shell.Navigate(r) } }

// matches reports whether every word of the query begins or lies in text.
func matches(text, query string) bool {
	text = strings.ToLower(text)
	for _, word := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (f *finder) actions(query string) (list []found) {
	for _, a := range f.own {
		if matches(a.Name+" "+a.Keyword, query) {
			list = append(list, found{icon: a.Icon, kind: foundAction, title: a.Name, note: a.Reason, reason: a.Reason, key: a.Key.String(), do: a.Do})
		}
	}
	return list
}

func (f *finder) screens(query string) (list []found) {
	for _, e := range f.env.Shell.Menu() {
		if !matches(string(e.Module)+" "+e.Label+" "+e.Short, query) {
			continue
		}
		note := string(e.Module)
		if note == e.Label {
			note = ""
		}
		r := e.Start
		r.ID = e.ID
		list = append(list, found{icon: e.Icon, title: e.Label, note: note, key: e.Key.String(), do: f.goTo(r)})
	}
	return list
}

func typeLook(t catalog.Type) (theme.Icon, foundKind) {
	switch t {
	case catalog.Bulk:
		return theme.IconFlaskConical, foundBulk
	case catalog.Packing:
		return theme.IconBox, foundPacking
	case catalog.Finished:
		return theme.IconPackageCheck, foundFinished
	}
	return theme.IconWheat, foundRaw
}

func (f *finder) itemRows(items []catalog.ItemRow) (list []found) {
	for _, it := range items {
		icon, kind := typeLook(it.Type)
		stocked := "no stock"
		if it.OnHand > 0 {
			stocked = it.OnHand.String(it.Dimension)
		}
		note := it.SKU
		if it.NameHi != "" {
			note += "  " + it.NameHi
		}
		list = append(list, found{icon: icon, kind: kind, title: it.Name, note: note + ", " + stocked,
			do: f.goTo(screen.Route{ID: screen.MastersItems, Item: it.ID})})
	}
	return list
}

func (f *finder) lotRows(lots []stock.LotRow) (list []found) {
	for _, l := range lots {
		_, kind := typeLook(l.Type)
		note := l.Name
		if l.SupplierBatch != "" {
			note += ", " + l.SupplierBatch
		}
		list = append(list, found{icon: theme.IconTag, kind: kind, title: l.Number, note: note + ", " + l.Qty.String(l.Dimension),
			do: f.goTo(screen.Route{ID: screen.Lots, Lot: l.Lot})})
	}
	return list
}

func (f *finder) documentRows(docs []stock.DocumentRow) (list []found) {
	for _, d := range docs {
		r := screen.DocumentRoute(d.Kind, d.ID)
		if !f.opens(r.ID) {
			continue
		}
		note := dashboard.KindName(d.Kind) + ", " + d.EffectiveOn.String()
		if d.Party != "" {
			note = d.Party + ", " + d.EffectiveOn.String()
		}
		list = append(list, found{icon: theme.IconFileText, kind: foundDocument, title: d.Number, note: note, do: f.goTo(r)})
	}
	return list
}

// move goes n rows down, around the ends.
func (f *finder) move(n, rows int) {
	if rows > 0 {
		f.at = ((f.at+n)%rows + rows) % rows
	}
}

// hit splits s around the first word of the query it holds, for the blue part.
func hit(s, query string) (before, match, after string) {
	_, text := narrowed(query)
	low := strings.ToLower(s)
	for _, word := range strings.Fields(strings.ToLower(text)) {
		// Lower case can be longer than upper in some scripts; then nothing is marked.
		if i := strings.Index(low, word); i >= 0 && len(low) == len(s) {
			return s[:i], s[i : i+len(word)], s[i+len(word):]
		}
	}
	return s, "", ""
}
