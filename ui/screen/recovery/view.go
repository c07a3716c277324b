package recovery

import (
	"cmp"
	"image"
	"time"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/backup"
	coreop "masala/core/op"
	"masala/ui/screen"
	backupscreen "masala/ui/screen/backup"
	"masala/ui/screen/entry"
	"masala/ui/screen/health"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Page draws the recovery screen of the server's PC.
type Page struct {
	*Model
	th      *theme.Theme
	version string
	list    points
	code    entry.Group
	page    giowidget.List
	begun   bool
	tight   bool // the window is low

	restore, other, empty, retry, log, exit, bring, make widget.Button
}

// NewPage draws m.
func NewPage(th *theme.Theme, m *Model, version string) *Page {
	p := &Page{Model: m, th: th, version: version, code: entry.Lines(m.Code)}
	p.list.p = p
	p.list.list.Axis, p.page.Axis = layout.Vertical, layout.Vertical
	return p
}

// Look is where the page stands, and what the window around it does for it.
type Look struct {
	State  coreop.State
	Zone   *time.Location
	Server string // name of the server's PC
	Show   func(screen.Dialog)
	Ask    func(screen.Question)
	Log    func() // opens the log; nil where there is none
	Exit   func() // ends the server; nil where nobody supervises
}

// Layout draws the page over the whole window.
func (p *Page) Layout(gtx layout.Context, l Look) {
	p.Follow(l.State)
	p.update(gtx, l)
	th, size := p.th, gtx.Constraints.Max
	theme.FillGradient(gtx.Ops, image.Rectangle{Max: size}, 0, theme.Gradient{Top: widget.Mix(th.Canvas, th.Surface, .35), Bottom: th.Canvas})
	head, foot := gtx.Dp(64), gtx.Dp(44)
	widget.At(gtx, 0, head, size.X, size.Y-head-foot, func(gtx layout.Context) layout.Dimensions { return p.middle(gtx, l) })
	Head(gtx, th, "Server", p.version, l.Server)
	p.corner(gtx, l)
	if p.Working() != nil {
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(Every)})
	}
}

func (p *Page) update(gtx layout.Context, l Look) {
	if p.restore.Clicked(gtx) {
		p.submit()
	}
	if p.other.Clicked(gtx) {
		p.askOther(l)
	}
	if p.empty.Clicked(gtx) {
		p.askEmpty(l)
	}
	if p.bring.Clicked(gtx) {
		p.submit()
	}
	if p.make.Clicked(gtx) {
		p.askKey(l)
	}
	if p.retry.Clicked(gtx) {
		p.Retry()
	}
	if p.log.Clicked(gtx) && l.Log != nil {
		l.Log()
	}
	if p.exit.Clicked(gtx) && l.Exit != nil {
		l.Exit()
	}
	if p.code.Update(gtx) {
		p.submit()
	}
	p.list.update(gtx)
	if !p.begun && p.Loaded && gtx.Enabled() {
		p.begun = true
		switch {
		case p.LostKey() && p.AsksCode():
			p.code.Focus(p.Code)
		case p.LostKey():
			p.make.Focus()
		case len(p.Status.Points) > 0:
			p.list.focus.Request()
		case p.Status.MayTry:
			p.retry.Focus()
		default:
			p.other.Focus()
		}
	}
}

func (p *Page) submit() {
	do := p.Restore
	if p.LostKey() {
		do = p.BringKeyBack
	}
	if bad := do(); bad != nil {
		p.code.Focus(bad)
	}
}

// askOther asks for a file or folder that is not listed.
func (p *Page) askOther(l Look) {
	l.Show(backupscreen.NewFolderDialog(p.th, backupscreen.FolderLook{Title: "Restore from another place", Label: "Backup file or its folder on this PC", Hint: `for example E:\ or E:\Masala`,
		Verb: "Look there", Busy: "Looking", Icon: theme.IconFolderOpen, Note: "Plug in the USB drive or connect the folder that holds a backup of this factory, then type where it is."}, p.LookInto))
}

// askEmpty asks before the books begin anew.
func (p *Page) askEmpty(l Look) {
	text := "Items, stock, lots and documents begin from nothing, and every PC is paired again. What is there now is kept aside, nothing is deleted."
	if len(p.Status.Points) > 0 {
		text = "There are backups of your data. " + text
	}
	l.Ask(screen.Question{Title: "Start with an empty database?", Text: text,
		Answers: []screen.Answer{{Label: "Go back"}, {Label: "Start empty", Danger: true, Do: p.StartEmpty}}})
}

// askKey asks before every PC has to be paired again.
func (p *Page) askKey(l Look) {
	l.Ask(screen.Question{Title: "Make a new key?", Text: "The other PCs trust the old key only. Each of them has to be paired with this server again, with a code from System > Settings. Your data stays as it is.",
		Answers: []screen.Answer{{Label: "Go back"}, {Label: "Make it and pair again", Danger: true, Do: p.MakeKey}}})
}

// Head draws the product's name, which PC this is, and the line at the foot, as on
// every page outside the shell.
func Head(gtx layout.Context, th *theme.Theme, where, version, server string) {
	size := gtx.Constraints.Max
	widget.At(gtx, gtx.Dp(28), gtx.Dp(20), gtx.Dp(36), gtx.Dp(36), func(gtx layout.Context) layout.Dimensions { return th.Logo(gtx, 36) })
	widget.At(gtx, gtx.Dp(76), gtx.Dp(26), size.X, gtx.Dp(24), func(gtx layout.Context) layout.Dimensions {
		return widget.Row(gtx, 12,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.Text(gtx, th, th.Type.Lead.Semi(), th.T1, "Masala Inventory")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Tag(gtx, th, th.Neutral, where) }))
	})
	foot := "Version " + version
	if server != "" {
		foot += "     " + server
	}
	widget.At(gtx, 0, size.Y-gtx.Dp(34), size.X, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.TextCenter(gtx, th, th.Type.Label, th.T3, foot)
	})
}

// corner draws what leads away from the page, at the top right.
func (p *Page) corner(gtx layout.Context, l Look) {
	th, size := p.th, gtx.Constraints.Max
	in := gtx
	in.Constraints = layout.Constraints{Max: size}
	m := op.Record(gtx.Ops)
	var row []layout.FlexChild
	if _, ok := p.Point(); (ok || p.LostKey()) && p.Status.MayTry && p.Working() == nil {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.retry.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Try again", Icon: theme.IconRotateCw})
		}))
	}
	if l.Log != nil {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.log.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Open log", Icon: theme.IconFileText})
		}))
	}
	if l.Exit != nil {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.exit.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Exit", Icon: theme.IconX})
		}))
	}
	d := widget.Row(in, theme.S8, row...)
	call := m.Stop()
	defer op.Offset(image.Pt(size.X-d.Size.X-gtx.Dp(20), gtx.Dp(20))).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
}

// middle draws the card in the middle; where it is too high, it scrolls.
func (p *Page) middle(gtx layout.Context, l Look) layout.Dimensions {
	size := gtx.Constraints.Max
	gtx.Constraints.Min = size
	return widget.List(gtx, p.th, &p.page, 1, func(gtx layout.Context, _ int) layout.Dimensions {
		width := min(gtx.Dp(720), size.X-gtx.Dp(48))
		pad := layout.Inset{Top: 36, Bottom: 30, Left: 44, Right: 44}
		p.tight = size.Y < gtx.Dp(620)
		if p.tight {
			pad = layout.Inset{Top: 22, Bottom: 18, Left: 28, Right: 28}
		}
		card := func(rows int) (op.CallOp, int) {
			in := gtx
			in.Constraints = layout.Constraints{Min: image.Pt(width, 0), Max: image.Pt(width, 1<<20)}
			m := op.Record(gtx.Ops)
			d := pad.Layout(in, func(gtx layout.Context) layout.Dimensions { return p.card(gtx, l, rows) })
			return m.Stop(), d.Size.Y
		}
		margin := gtx.Dp(theme.S8)
		// The points take what the rest of the card leaves over, whole rows, two at least.
		const least = 2
		rows := max(min(len(p.Status.Points), 5), 1)
		call, h := card(rows)
		if over := h + 2*margin - size.Y; over > 0 && rows > least {
			call, h = card(max(rows-(over+gtx.Dp(pointHeight)-1)/gtx.Dp(pointHeight), least))
		}
		y := max((size.Y-h)*46/100, margin)
		st := op.Offset(image.Pt((size.X-width)/2, y)).Push(gtx.Ops)
		defer st.Pop()
		r := image.Rect(0, 0, width, h)
		p.th.PaintModal(gtx, r, gtx.Dp(theme.RadiusModal))
		area := clip.Rect(r).Push(gtx.Ops)
		semantic.DescriptionOp(p.Title(l.Zone)).Add(gtx.Ops)
		area.Pop()
		call.Add(gtx.Ops)
		return layout.Dimensions{Size: image.Pt(size.X, max(y+h+margin, size.Y))}
	})
}

func (p *Page) look() (theme.Tone, theme.Icon) {
	switch {
	case !p.Loaded, p.Working() != nil:
		return p.th.Info, theme.IconDatabaseBackup
	case p.Status.Reason == backup.Missing:
		return p.th.Warn, theme.IconDatabase
	case p.LostKey():
		return p.th.Warn, theme.IconKeyRound
	case p.Status.Reason == backup.Full:
		return p.th.Warn, theme.IconHardDrive
	}
	return p.th.Danger, theme.IconDatabase
}

// card draws what happened and what can be done, with so many points in view.
func (p *Page) card(gtx layout.Context, l Look, rows int) layout.Dimensions {
	th := p.th
	tone, icon := p.look()
	title, text := backupscreen.Unsigned(p.Title(l.Zone)), p.Text()
	if !p.Loaded {
		title, text = "Looking at the database", cmp.Or(p.Fault, "The restore points are being listed.")
	}
	tile, head, body, gap := unit.Dp(72), th.Type.T24, th.Type.Lead, unit.Dp(20)
	if p.tight {
		tile, head, body, gap = 52, th.Type.T18, th.Type.Field.Regular(), 12
	}
	list := []layout.FlexChild{layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return widget.RowTop(gtx, gap,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.IconTile(gtx, th, tone, icon, tile, tile/4+2, tile/2)
			}),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return widget.Column(gtx, gap/4,
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, head, th.T1, title) }),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, body, th.T2, text) }))
			}))
	}), widget.Space(gap)}
	add := func(gap unit.Dp, w layout.Widget) { list = append(list, layout.Rigid(w), widget.Space(gap)) }
	if w := p.Working(); w != nil || !p.Loaded {
		if w == nil {
			w = &backup.Progress{Step: "Reading"}
		}
		add(6, func(gtx layout.Context) layout.Dimensions { return backupscreen.Progress(gtx, th, *w) })
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx, list...)
	}
	if r := p.Status.Result; r != nil && !r.OK {
		add(14, p.fault(r.Says))
	}
	if p.Fault != "" {
		add(14, p.fault(p.Fault))
	}
	if p.Status.Problem != "" {
		add(14, func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Warn, theme.IconTriangleAlert, p.Status.Problem)
		})
	}
	if !p.Whole() {
		add(10, func(gtx layout.Context) layout.Dimensions { return p.list.layout(gtx, l, rows) })
	}
	if note := p.Note(); note != "" {
		add(4, func(gtx layout.Context) layout.Dimensions { return p.said(gtx, theme.IconInfo, note) })
	}
	if c := p.Status.Cause; c != "" && c != p.Status.Sentence && p.Status.Reason != backup.Missing { // else the title says it
		add(4, func(gtx layout.Context) layout.Dimensions {
			return p.said(gtx, theme.IconBug, "For support: "+c)
		})
	}
	if p.AsksCode() && (p.LostKey() || len(p.Status.Points) > 0) {
		list = append(list, widget.Space(8))
		add(0, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return p.code[0].Layout(gtx, th, widget.FieldLook{Style: th.Type.Field.Mono()})
		})
	}
	list = append(list, widget.Space(gap-4), layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Rule(gtx, th) }), widget.Space(gap-2),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.foot(gtx, l) }))
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, list...)
}

func (p *Page) fault(text string) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		return entry.Fault(gtx, p.th, p.th.Danger, theme.IconCircleAlert, text)
	}
}

// said draws a small line with an icon.
func (p *Page) said(gtx layout.Context, icon theme.Icon, text string) layout.Dimensions {
	th := p.th
	widget.At(gtx, gtx.Dp(4), gtx.Dp(1), gtx.Dp(14), gtx.Dp(14), func(gtx layout.Context) layout.Dimensions { return th.IconStroke(gtx, icon, 14, 2, th.T3) })
	d := widget.At(gtx, gtx.Dp(26), 0, gtx.Constraints.Max.X-gtx.Dp(30), gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Label, th.T3, text)
	})
	return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, d.Size.Y)}
}

// foot draws the other ways at the left and the one that is offered at the right.
func (p *Page) foot(gtx layout.Context, l Look) layout.Dimensions {
	th := p.th
	if p.LostKey() {
		return p.footOfKey(gtx)
	}
	var row []layout.FlexChild
	if !p.Whole() {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.other.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Other file", Icon: theme.IconFolderOpen})
		}))
	}
	if p.Status.MayEmpty {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.empty.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Start empty", Name: "Start with an empty database"})
		}))
	}
	row = append(row, widget.Grow())
	point, ok := p.Point()
	if !ok && p.Status.MayTry { // else at the top
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.retry.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Try again", Icon: theme.IconRotateCw, Height: theme.ButtonLarge, Busy: p.Busy, BusyText: "Trying"})
		}))
	}
	if ok {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.restore.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Restore " + backupscreen.Moment(point.TakenAt, l.Zone), Icon: theme.IconHistory, Key: "Enter",
				Height: theme.ButtonLarge, Busy: p.Busy, BusyText: "Starting", Disabled: point.State == backup.Damaged})
		}))
	}
	return widget.Row(gtx, theme.S8, row...)
}

// footOfKey draws the two ways to a key; without a recovery code there is one.
func (p *Page) footOfKey(gtx layout.Context) layout.Dimensions {
	kind, height := widget.Primary, theme.ButtonLarge
	row := []layout.FlexChild{widget.Grow()}
	if p.AsksCode() {
		kind, height = widget.Ghost, 0
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.bring.Layout(gtx, p.th, widget.ButtonLook{Kind: widget.Primary, Text: "Bring the key back", Icon: theme.IconKeyRound, Key: "Enter", Height: theme.ButtonLarge, Busy: p.Busy, BusyText: "Opening"})
		}))
	}
	other := layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return p.make.Layout(gtx, p.th, widget.ButtonLook{Kind: kind, Text: "Make a new key", Height: height, Busy: p.Busy && !p.AsksCode(), BusyText: "Making"})
	})
	if p.AsksCode() {
		row = append([]layout.FlexChild{other}, row...)
	} else {
		row = append(row, other)
	}
	return widget.Row(gtx, theme.S8, row...)
}

const pointHeight unit.Dp = 58

// points is the list of restore points: one stop of the Tab key, the arrows move in it
// and Enter restores.
type points struct {
	p     *Page
	list  giowidget.List
	rows  []widget.Clickable
	focus widget.Focus
	has   bool
	moved bool // the selected point has to come into view
}

func (l *points) update(gtx layout.Context) {
	for len(l.rows) < len(l.p.Status.Points) {
		l.rows = append(l.rows, widget.Clickable{Pointer: true})
	}
	for i := range l.p.Status.Points {
		if c, ok := l.rows[i].Click(gtx); ok {
			l.p.Choose(i)
			l.focus.Request()
			if c.Count > 1 {
				l.p.submit()
			}
		}
	}
	for {
		e, ok := gtx.Event(key.FocusFilter{Target: l}, key.Filter{Focus: l, Name: key.NameUpArrow}, key.Filter{Focus: l, Name: key.NameDownArrow},
			key.Filter{Focus: l, Name: key.NameHome}, key.Filter{Focus: l, Name: key.NameEnd}, key.Filter{Focus: l, Name: key.NameReturn}, key.Filter{Focus: l, Name: key.NameEnter})
		if !ok {
			return
		}
		k, ok := e.(key.Event)
		if !ok || k.State != key.Press {
			continue
		}
		l.moved = true
		switch k.Name {
		case key.NameUpArrow:
			l.p.Move(-1)
		case key.NameDownArrow:
			l.p.Move(1)
		case key.NameHome:
			l.p.Choose(0)
		case key.NameEnd:
			l.p.Choose(len(l.p.Status.Points) - 1)
		default:
			l.p.submit()
		}
	}
}

func (l *points) layout(gtx layout.Context, look Look, rows int) layout.Dimensions {
	th, all := l.p.th, l.p.Status.Points
	pad, row := gtx.Dp(6), gtx.Dp(pointHeight)
	size := image.Pt(gtx.Constraints.Max.X, rows*row+2*pad-gtx.Dp(4))
	if len(all) == 0 {
		size.Y = gtx.Dp(136)
	}
	r := image.Rectangle{Max: size}
	theme.Outline(gtx.Ops, r, gtx.Dp(14), float32(gtx.Dp(1)), th.Border)
	if len(all) == 0 {
		widget.At(gtx, 0, gtx.Dp(22), size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.Empty(gtx, th, theme.IconDatabaseBackup, "No restore point was found", where(l.p.Status.Folders))
		})
		return layout.Dimensions{Size: size}
	}
	l.has = l.focus.Update(gtx, l)
	area := clip.Rect(r).Push(gtx.Ops)
	event.Op(gtx.Ops, l)
	semantic.DescriptionOp("Restore points").Add(gtx.Ops)
	area.Pop()
	if at := l.p.Chosen(); l.moved && at >= 0 {
		l.moved = false
		first := l.list.Position.First
		if l.list.Position.Offset > 0 {
			first++
		}
		switch {
		case at < first:
			l.list.ScrollTo(at)
		case at >= first+rows:
			l.list.ScrollTo(at - rows + 1)
		}
	}
	inner := size.X - 2*pad
	widget.At(gtx, pad, pad, inner, size.Y-2*pad, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return widget.List(gtx, th, &l.list, len(all), func(gtx layout.Context, i int) layout.Dimensions {
			if len(all) > rows { // the scrollbar lies beside the rows
				gtx.Constraints.Max.X = inner - gtx.Dp(12)
			}
			return l.point(gtx, look, i, all[i])
		})
	})
	return layout.Dimensions{Size: size}
}

// where names the folders that were looked into.
func where(folders []string) string {
	if len(folders) == 0 {
		return ""
	}
	return "Looked in " + folders[0]
}

func (l *points) point(gtx layout.Context, look Look, i int, x backup.Point) layout.Dimensions {
	th := l.p.th
	width, h, gap := gtx.Constraints.Max.X, gtx.Dp(54), gtx.Dp(pointHeight)-gtx.Dp(54)
	chosen := i == l.p.Chosen()
	word, tone, icon := backupscreen.Verdict(th, x.State)
	at := backupscreen.Moment(x.TakenAt, look.Zone)
	name := at + ", " + x.Age(l.p.now()) + ", " + word
	if x.State == backup.Damaged && x.Says != "" {
		name += ": " + x.Says
	}
	l.rows[i].Layout(gtx, semantic.RadioButton, name, func(gtx layout.Context) layout.Dimensions {
		semantic.SelectedOp(chosen).Add(gtx.Ops)
		r := image.Rect(0, 0, width, h)
		ink := th.T1
		if x.State == backup.Damaged {
			ink = th.T3
		}
		switch {
		case chosen:
			theme.Fill(gtx.Ops, r, gtx.Dp(10), th.FocusSoft)
			if l.has {
				theme.Outline(gtx.Ops, r, gtx.Dp(10), float32(gtx.Dp(2)), th.Focus)
			}
		case l.rows[i].Hovered():
			theme.Fill(gtx.Ops, r, gtx.Dp(10), th.Hover)
		}
		pad := gtx.Dp(16)
		widget.At(gtx, pad, (h-gtx.Dp(20))/2, gtx.Dp(20), gtx.Dp(20), func(gtx layout.Context) layout.Dimensions { return widget.RadioMark(gtx, th, chosen) })
		// From the right: verdict, size, kind; the rest belongs to time and place.
		right := width - pad
		style := th.Type.Label.Semi()
		w := widget.TextWidth(gtx, th, style, word)
		widget.At(gtx, right-w, (h-gtx.Sp(16))/2, w, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, tone.Text, word, "")
		})
		widget.At(gtx, right-w-gtx.Dp(22), (h-gtx.Dp(16))/2, gtx.Dp(16), gtx.Dp(16), func(gtx layout.Context) layout.Dimensions { return th.IconStroke(gtx, icon, 16, 2, tone.Text) })
		right -= max(w+gtx.Dp(22), gtx.Dp(76)) + gtx.Dp(14)
		size := health.Bytes(x.Size)
		w = widget.TextWidth(gtx, th, th.Type.Body, size)
		widget.At(gtx, right-w, (h-gtx.Sp(18))/2, w, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Body, th.T2, size, "")
		})
		right -= max(w, gtx.Dp(60)) + gtx.Dp(16)
		kind := th.Neutral
		switch x.Kind {
		case backup.Daily:
			kind = th.Info
		case backup.Manual:
			kind = th.Raw
		}
		m := op.Record(gtx.Ops)
		in := gtx
		in.Constraints = layout.Constraints{Max: image.Pt(width, h)}
		d := widget.Tag(in, th, kind, backupscreen.KindName(x.Kind))
		call := m.Stop()
		st := op.Offset(image.Pt(right-d.Size.X, (h-d.Size.Y)/2)).Push(gtx.Ops)
		call.Add(gtx.Ops)
		st.Pop()
		right -= max(d.Size.X, gtx.Dp(60)) + gtx.Dp(12)
		left := pad + gtx.Dp(20+14)
		d = widget.At(gtx, left, gtx.Dp(9), right-left, gtx.Sp(20), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Card, ink, at, "")
		})
		if x.Path == l.p.Status.Offer {
			widget.At(gtx, left+d.Size.X+gtx.Dp(8), gtx.Dp(9), right-left-d.Size.X, gtx.Dp(20), func(gtx layout.Context) layout.Dimensions {
				return widget.Tag(gtx, th, th.Finished, "Newest good one")
			})
		}
		about := x.Age(l.p.now()) + ", " + folderOf(x.Path)
		if x.State == backup.Damaged && x.Says != "" {
			about = x.Says
		}
		widget.At(gtx, left, gtx.Dp(30), right-left, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Label, th.T3, about, "")
		})
		return layout.Dimensions{Size: r.Max}
	})
	if i == len(l.p.Status.Points)-1 {
		gap = 0
	}
	return layout.Dimensions{Size: image.Pt(width, h+gap)}
}
