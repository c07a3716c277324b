// Package assets carries what the window draws with: the fonts, the icon paths and the logo, all inside the program.
//
// Each third-party set has its licence beside it: fonts under the SIL Open Font License 1.1 (fonts/OFL-*.txt), icons under the
// ISC licence (icons/LICENSE-lucide.txt). The logo is the product's own.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

//go:embed icons/icons.json
var iconJSON []byte

// The embedded font files, for Font.
const (
	InterRegular      = "InterTab_400Regular.ttf"
	InterMedium       = "InterTab_500Medium.ttf"
	InterSemiBold     = "InterTab_600SemiBold.ttf"
	InterBold         = "InterTab_700Bold.ttf"
	DevanagariRegular = "NotoSansDevanagari_400Regular.ttf"
	DevanagariMedium  = "NotoSansDevanagari_500Medium.ttf"
	DevanagariBold    = "NotoSansDevanagari_700Bold.ttf"
	MonoMedium        = "JetBrainsMono_500Medium.ttf"
)

// Font returns the TrueType file of that name. It fails only for a name that is not embedded.
func Font(name string) ([]byte, error) {
	return fs.ReadFile(fontFiles, "fonts/"+name)
}

// Icons returns a JSON object: icon name to path text of absolute M, L, C and Z commands on a 24 by 24 grid, to be stroked.
func Icons() []byte { return iconJSON }
