package grn

import (
	"strconv"

	"gioui.org/io/key"
	"gioui.org/layout"
	giowidget "gioui.org/widget"

	"masala/core"
	"masala/ui/async"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

// entry draws the entry of a delivery and leads the keyboard through it.
type entry struct {
	env   *screen.Env
	model *Model
	th    *theme.Theme

	supplier            input.Combobox
	invoiceNo, reason   input.Text
	holdReason          input.Text
	invoiceOn, received input.Date
	grid                *input.Grid
	plan                []input.GridColumn // as in a wide window
	number              widget.Field       // never typed into
	sharesList          giowidget.List
	freight, hamali     input.Number
	post, save, cancel  widget.Button
	missing             widget.Clickable // "3 fields to complete"
	opened              widget.Button
	dismiss, posted     widget.IconButton

	wants    *form.Field // the field that shall have the keyboard
	showList func()
	showGRN  func(core.DocumentID)
}

func newEntry(env *screen.Env, showList func(), showGRN func(core.DocumentID)) *entry {
	e := &entry{env: env, th: env.Theme, model: NewModel(env), showList: showList, showGRN: showGRN}
	e.model.Unfold = func(f *form.Field) { e.wants = f }
	e.model.Emptied = e.start
	e.supplier.Search = e.suppliers
	e.invoiceOn.Calendar = func() form.Calendar { return form.Calendar{Today: env.Today(), NoFuture: true} }
	e.received.Calendar = e.model.receiptDays
	e.grid = e.newGrid()
	return e
}

// start gives the keyboard to the first field.
func (e *entry) start() {
	e.grid.Reset()
	e.wants = e.model.Supplier
}

// refocus gives the keyboard back when the page is shown again.
func (e *entry) refocus() {
	if e.wants == nil {
		e.start()
	}
}

// suppliers offers suppliers for what is typed.
func (e *entry) suppliers(text string) input.Found {
	list, st := e.model.Suppliers(text)
	found := input.Found{Loading: e.awaits(st)}
	if st.Err != nil {
		return found
	}
	for _, p := range list {
		o := input.Option{Key: strconv.FormatInt(int64(p.ID), 10), Name: p.Name, Note: stateTag(p.StateCode), Also: p.GSTIN}
		found.Options = append(found.Options, o)
	}
	return found
}

// awaits reports that a search will be answered: now, or, where the line broke, by the
// one that Reload starts when it is back.
func (e *entry) awaits(st async.State) bool {
	return st.Loading || st.Err != nil && !e.env.Shell.Online()
}

// update takes in what the user did since the last frame.
func (e *entry) update(gtx layout.Context) {
	m := e.model
	if m.Busy {
		return
	}
	e.supplier.Tabs(true, false)
	for ev, ok := e.supplier.Update(gtx, m.Supplier); ok; ev, ok = e.supplier.Update(gtx, m.Supplier) {
		switch ev.Kind {
		case input.Taken:
			m.TakeSupplier(ev.Option.Key)
		case input.Submitted, input.Next:
			e.goTo(m.InvoiceNo)
		}
	}
	e.invoiceNo.Tabs(true, true)
	e.invoiceOn.Tabs(!m.ReceivedOn.ReadOnly, true)
	e.line(gtx, e.invoiceNo.Update, m.InvoiceNo, m.Supplier, m.InvoiceDate)
	e.line(gtx, e.invoiceOn.Update, m.InvoiceDate, m.InvoiceNo, e.afterInvoice())
	e.line(gtx, e.received.Update, m.ReceivedOn, m.InvoiceDate, e.afterReceipt())
	e.line(gtx, e.reason.Update, m.Reason, m.ReceivedOn, nil)
	e.line(gtx, e.holdReason.Update, m.HoldReason, nil, m.Freight)
	e.updateGrid(gtx)
	e.line(gtx, e.freight.Update, m.Freight, nil, m.Hamali)
	for ev, ok := e.hamali.Update(gtx, m.Hamali); ok; ev, ok = e.hamali.Update(gtx, m.Hamali) {
		switch ev.Kind {
		case input.Submitted:
			e.finish()
		case input.Back:
			e.goTo(m.Freight)
		}
	}
	e.buttons(gtx)
}

// line leads the keyboard from one field to the next; a nil neighbour is the grid.
func (e *entry) line(gtx layout.Context, update func(layout.Context, *form.Field) (input.Event, bool), f, before, after *form.Field) {
	for ev, ok := update(gtx, f); ok; ev, ok = update(gtx, f) {
		switch ev.Kind {
		case input.Submitted, input.Next:
			f.Leave()
			if f == e.model.ReceivedOn {
				after = e.afterReceipt()
			}
			e.goTo(after)
		case input.Back, input.Previous:
			e.goTo(before)
		}
	}
}

func (e *entry) afterInvoice() *form.Field {
	if e.model.ReceivedOn.ReadOnly {
		return nil
	}
	return e.model.ReceivedOn
}

func (e *entry) afterReceipt() *form.Field {
	if e.model.BackDated() {
		return e.model.Reason
	}
	return nil
}

// goTo gives the keyboard to f, to the lines when f is nil.
func (e *entry) goTo(f *form.Field) {
	if f == nil {
		e.grid.Focus(e.model.Lines)
		return
	}
	e.wants = f
}

// finish goes from the last field to the button, or to what is still to complete.
func (e *entry) finish() {
	e.model.Hamali.Leave()
	if e.model.ToComplete() == 0 {
		e.post.Focus()
		return
	}
	if bad := e.model.Post(); bad != nil {
		e.goTo(bad)
	}
}

func (e *entry) doPost() {
	if bad := e.model.Post(); bad != nil {
		e.wants = bad
	}
}

func (e *entry) doCancel() {
	m := e.model
	if !m.Form.Dirty() {
		e.showList()
		return
	}
	q := screen.Question{Title: "Throw this GRN away?", Text: "What you typed and its draft on this PC are removed.",
		Answers: []screen.Answer{{Label: "Keep it"}, {Label: "Throw away", Danger: true, Do: func() {
			m.Discard()
			e.start()
		}}}}
	if m.Sent() {
		q.Text = "It was sent before the connection was lost and may be in the books already. Look under Goods received first."
	}
	e.env.Shell.Ask(q)
}

func (e *entry) buttons(gtx layout.Context) {
	m := e.model
	if e.post.Clicked(gtx) || e.missing.Clicked(gtx) {
		e.doPost()
	}
	if e.save.Clicked(gtx) {
		m.SaveDraft()
	}
	if e.cancel.Clicked(gtx) {
		e.doCancel()
	}
	if d, ok := m.Offer.Update(gtx); ok {
		m.Resume(d)
		e.start()
	}
	if e.dismiss.Clicked(gtx) {
		m.Form.Message, m.Redated = "", false
	}
	if e.posted.Clicked(gtx) {
		m.Posted = nil
	}
	if e.opened.Clicked(gtx) {
		e.showGRN(m.Doc)
	}
}

// obey carries out a wish for the keyboard.
func (e *entry) obey() {
	f, m := e.wants, e.model
	e.wants = nil
	switch f {
	case nil:
	case m.Supplier:
		e.supplier.Focus()
	case m.InvoiceNo:
		e.invoiceNo.Focus()
	case m.InvoiceDate:
		e.invoiceOn.Focus()
	case m.ReceivedOn:
		e.received.Focus()
	case m.Reason:
		e.reason.Focus()
	case m.HoldReason:
		e.holdReason.Focus()
	case m.Freight:
		e.freight.Focus()
	case m.Hamali:
		e.hamali.Focus()
	default:
		e.grid.FocusField(m.Lines, f)
	}
}

func (e *entry) actions() []screen.Action {
	reason := ""
	if e.model.Busy {
		reason = "It is being posted."
	}
	list := []screen.Action{
		{Name: "Post GRN", Icon: theme.IconCheck, Key: screen.Shortcut{Mods: key.ModCtrl, Name: key.NameReturn}, Reason: reason, Do: e.doPost},
		{Name: "Save draft", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "S"}, Reason: reason, Do: e.model.SaveDraft},
		{Name: "Goods received", Icon: theme.IconList, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "L"}, Do: e.showList, Keyword: "list of GRNs, reverse, cancel"},
		{Name: "Throw GRN away", Icon: theme.IconX, Reason: reason, Do: e.doCancel, Keyword: "cancel, discard"},
	}
	if !e.model.Form.Dirty() {
		list = append(list, e.model.Offer.Actions(func(d form.Draft) { e.model.Resume(d); e.start() })...)
	}
	return list
}
