package widget

import (
	"bytes"
	"io"

	"gioui.org/io/clipboard"
	"gioui.org/io/event"
	"gioui.org/io/input"
	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"
	giowidget "gioui.org/widget"
)

// editing hands the events of the keyboard to an editor one by one, and only when their turn has come: Gio's editor by itself
// reads on until there are no more. The events go through a router that knows the editor alone; what the editor asks for in
// return is passed on to the window.
type editing struct {
	router    input.Router
	ops       op.Ops
	begun     bool
	composing bool // an input method owns a part of the text
	inserted  bool // the next selection only says where that insertion ended
}

// begin lets the router learn what the editor listens to.
func (d *editing) begin(gtx layout.Context, ed *giowidget.Editor) {
	if d.begun {
		return
	}
	d.begun = true
	d.router.Source().Execute(key.FocusCmd{Tag: ed})
	d.run(gtx, ed)
}

func (d *editing) run(gtx layout.Context, ed *giowidget.Editor) (changed bool) {
	gtx.Source = d.router.Source()
	for {
		e, ok := ed.Update(gtx)
		if !ok {
			break
		}
		if _, ok := e.(giowidget.ChangeEvent); ok {
			changed = true
		}
	}
	d.ops.Reset()
	event.Op(&d.ops, ed)
	d.router.Frame(&d.ops)
	return changed
}

// feed gives e to the editor and reports whether the text changed.
func (d *editing) feed(gtx layout.Context, ed *giowidget.Editor, e event.Event) (changed bool) {
	d.begin(gtx, ed)
	switch e := e.(type) {
	case key.FocusEvent:
		d.composing, d.inserted = false, false
	case key.CompositionEvent:
		d.composing, d.inserted = e.Start != -1, false
	case key.SelectionEvent:
		if d.inserted {
			d.inserted = false
			return false
		}
	case key.EditEvent:
		if !d.composing {
			return d.insert(gtx, ed, e.Text)
		}
	}
	d.router.Queue(e)
	changed = d.run(gtx, ed)
	d.pass(gtx, ed)
	return changed
}

// insert puts s in place of the selection as it is now. The window counts from the selection of the last frame, which keys
// and a move of the keyboard since then have made another.
func (d *editing) insert(gtx layout.Context, ed *giowidget.Editor, s string) (changed bool) {
	from, to := ed.Selection()
	from, to = min(from, to), max(from, to)
	before := ed.Len() - (to - from)
	d.router.Queue(key.EditEvent{Range: key.Range{Start: from, End: to}, Text: s})
	changed = d.run(gtx, ed)
	at := from + ed.Len() - before
	ed.SetCaret(at, at)
	d.inserted = true
	changed = d.run(gtx, ed) || changed
	d.pass(gtx, ed)
	return changed
}

// pass tells the window where the caret is and what the editor wants of the clipboard.
func (d *editing) pass(gtx layout.Context, ed *giowidget.Editor) {
	s := d.router.EditorState()
	gtx.Execute(key.SelectionCmd{Tag: ed, Range: s.Selection.Range, Caret: s.Selection.Caret, CompositionBounds: s.Selection.CompositionBounds})
	gtx.Execute(key.SnippetCmd{Tag: ed, Snippet: s.Snippet})
	if mime, text, ok := d.router.WriteClipboard(); ok {
		gtx.Execute(clipboard.WriteCmd{Type: mime, Data: io.NopCloser(bytes.NewReader(text))})
	}
	if d.router.ClipboardRequested() {
		gtx.Execute(clipboard.ReadCmd{Tag: ed})
	}
}
