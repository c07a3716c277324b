package uitest

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/io/input"
	"gioui.org/io/semantic"
)

// Node is a control or a text on the screen.
type Node struct {
	input.SemanticDesc
	Parent int // index into Nodes, -1 for the root
}

// Actionable reports whether a press does something: plain text and disabled controls do nothing.
func (n Node) Actionable() bool {
	return !n.Disabled && (n.Class == semantic.Editor || n.Gestures&input.ClickGesture != 0)
}

// Nodes returns the semantic tree in drawing order, bounds clipped to what the parents show; what lies
// in a disabled control is disabled.
func (u *UI) Nodes() []Node {
	tree := u.router.AppendSemantics(nil)
	var out []Node
	var walk func(n input.SemanticNode, parent int, clip image.Rectangle)
	walk = func(n input.SemanticNode, parent int, clip image.Rectangle) {
		n.Desc.Bounds = n.Desc.Bounds.Intersect(clip)
		n.Desc.Disabled = n.Desc.Disabled || parent >= 0 && out[parent].Disabled
		idx := len(out)
		out = append(out, Node{n.Desc, parent})
		for _, c := range n.Children {
			walk(c, idx, n.Desc.Bounds)
		}
	}
	root := tree[0]
	root.Desc.Bounds = image.Rectangle{Max: u.Size}
	walk(root, -1, root.Desc.Bounds)
	return out
}

// Find returns the visible node known by name. A description (what a control is called) wins over a label (what is written
// there). The node is resolved to what reacts: a text to the button around it, a field to the editor within.
func (u *UI) Find(name string) (Node, bool) {
	ns := u.Nodes()
	if i := named(ns, name); i >= 0 {
		return resolve(ns, i), true
	}
	return Node{}, false
}

func named(ns []Node, name string) int {
	// Later nodes lie on top: of two with the same name the upper one is meant.
	for i := len(ns) - 1; i > 0; i-- {
		if !ns[i].Bounds.Empty() && ns[i].Description == name {
			return i
		}
	}
	for i := len(ns) - 1; i > 0; i-- {
		if !ns[i].Bounds.Empty() && ns[i].Label == name {
			return i
		}
	}
	return -1
}

func resolve(ns []Node, i int) Node {
	if ns[i].Description != "" && ns[i].Class == semantic.Unknown {
		for j := i + 1; j < len(ns); j++ {
			if ns[j].Class == semantic.Editor && within(ns, j, i) {
				return ns[j]
			}
		}
	}
	for j := i; j > 0; j = ns[j].Parent {
		if ns[j].Class != semantic.Unknown || ns[j].Gestures&input.ClickGesture != 0 {
			return ns[j]
		}
	}
	return ns[i]
}

func within(ns []Node, j, i int) bool {
	for ; j > 0; j = ns[j].Parent {
		if ns[j].Parent == i {
			return true
		}
	}
	return false
}

// Sees reports whether something of that name is on the screen.
func (u *UI) Sees(name string) bool { _, ok := u.Find(name); return ok }

// Must is Find that fails the test and prints the screen.
func (u *UI) Must(name string) Node {
	u.T.Helper()
	n, ok := u.Find(name)
	if !ok {
		u.T.Fatalf("no %q on the screen, which has:\n%s", name, u.Dump())
	}
	return n
}

// Note returns the label of the part described as kind ("Error", "Warning", "Hint", "Value") inside the control called name,
// or "" if it has none: ui.Note("Expiry date", "Error").
func (u *UI) Note(name, kind string) string {
	u.T.Helper()
	ns := u.Nodes()
	i := named(ns, name)
	if i < 0 {
		u.T.Fatalf("no %q on the screen, which has:\n%s", name, u.Dump())
	}
	for j := i + 1; j < len(ns); j++ {
		if ns[j].Description == kind && within(ns, j, i) {
			return ns[j].Label
		}
	}
	return ""
}

// Dump writes the screen as text, indented by nesting.
func (u *UI) Dump() string {
	var b strings.Builder
	ns := u.Nodes()
	for i, n := range ns {
		if n.Bounds.Empty() || n.Label == "" && n.Description == "" && n.Class == semantic.Unknown {
			continue
		}
		depth := 0
		for j := ns[i].Parent; j > 0; j = ns[j].Parent {
			depth++
		}
		fmt.Fprintf(&b, "%s%v", strings.Repeat("  ", depth), n.Class)
		if n.Description != "" {
			fmt.Fprintf(&b, " %q", n.Description)
		}
		if n.Label != "" {
			fmt.Fprintf(&b, " text %q", n.Label)
		}
		if n.Disabled {
			b.WriteString(" disabled")
		}
		if n.Selected {
			b.WriteString(" selected")
		}
		fmt.Fprintf(&b, " %v\n", n.Bounds)
	}
	return b.String()
}
