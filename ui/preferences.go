package ui

import (
	"context"
	"encoding/json"

	"masala/ui/theme"
)

// preferences are this PC's, not the user's: the screen and the light in the room
// stay the same.
type preferences struct {
	Dark         bool   `json:"dark,omitempty"`
	HighContrast bool   `json:"high_contrast,omitempty"`
	NoAnimation  bool   `json:"no_animation,omitempty"`
	Zoom         int    `json:"zoom,omitempty"` // percent
	Folded       bool   `json:"folded,omitempty"`
	LastUser     string `json:"last_user,omitempty"`
}

func (p preferences) options() theme.Options {
	return theme.Options{Dark: p.Dark, HighContrast: p.HighContrast, NoAnimation: p.NoAnimation, Zoom: p.Zoom}
}

// loadPreferences reads them; what cannot be read is as good as nothing chosen.
func (w *Window) loadPreferences() {
	b, err := w.deps.PC.LoadPreferences()
	if err == nil && len(b) > 0 {
		err = json.Unmarshal(b, &w.prefs)
	}
	if err != nil {
		w.log.Warn("preferences not read", "err", err)
		w.prefs = preferences{}
	}
	w.theme.Set(w.prefs.options())
}

// prefer changes the preferences, the look, and the file.
func (w *Window) prefer(change func(*preferences)) {
	change(&w.prefs)
	w.theme.Set(w.prefs.options())
	w.prefs.Zoom = w.theme.Options().Zoom
	b, err := json.Marshal(w.prefs)
	if err != nil {
		w.log.Error("preferences not written", "err", err)
		return
	}
	w.workers.run(context.Background(), func(context.Context) func() {
		if err := w.deps.PC.SavePreferences(b); err != nil {
			w.log.Warn("preferences not saved", "err", err)
		}
		return nil
	})
}
