package parties

import (
	"slices"
	"strings"

	"masala/core"
	"masala/core/party"
)

func kindText(k party.Kind) string {
	if k == party.Customer {
		return "Customer"
	}
	return "Supplier"
}

func segmentText(s core.Segment) string {
	switch s {
	case core.Regular:
		return "Regular"
	case core.Online:
		return "Online"
	}
	return ""
}

// State is a GST state.
type State struct{ Code, Name string }

// States lists the states whose name or code begins with or holds query, by name.
func States(query string) (list []State) {
	query = strings.ToLower(core.Text(query))
	for code, name := range party.States {
		if strings.Contains(strings.ToLower(name), query) || strings.HasPrefix(code, query) {
			list = append(list, State{code, name})
		}
	}
	slices.SortFunc(list, func(a, b State) int { return strings.Compare(a.Name, b.Name) })
	return list
}
