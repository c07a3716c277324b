package items

import (
	"strings"

	"masala/core"
	"masala/core/catalog"
)

// Choice is one entry of a field that is chosen from a short list.
type Choice struct{ Key, Text string }

// Types are the choices of the type.
func Types() []Choice {
	return []Choice{{string(catalog.Raw), "Raw material"}, {string(catalog.Bulk), "Bulk powder"},
		{string(catalog.Packing), "Packing material"}, {string(catalog.Finished), "Finished good"}}
}

// Dimensions are the choices of how an item is measured.
func Dimensions() []Choice {
	return []Choice{{string(core.Mass), "By mass"}, {string(core.Count), "By pieces"},
		{string(core.Length), "By length"}, {string(core.Volume), "By volume"}}
}

// Subtypes are the choices of a packing material.
func Subtypes() (list []Choice) {
	for _, s := range catalog.Subtypes {
		list = append(list, Choice{s, subtypeText(s)})
	}
	return list
}

// subtypeText writes CUP_STICKER as "Cup sticker".
func subtypeText(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToLower(strings.ReplaceAll(s, "_", " "))
	return strings.ToUpper(s[:1]) + s[1:]
}

// text finds the words of a key.
func text(list []Choice, key string) string {
	for _, c := range list {
		if c.Key == key {
			return c.Text
		}
	}
	return key
}
