package node

import (
	"fmt"

	"masala/core"
	"masala/core/health"
	"masala/transport/pairing"
)

// wrongCodes shows the Admin, beside the pairing code and in System > Health, that wrong
// ones were tried: somebody guesses, or a user reads the code wrongly.
func wrongCodes(r *health.Registry, clock core.Clock) func(pairing.Wrong) {
	return func(w pairing.Wrong) {
		c := health.Check{Code: "pairing", Name: "Pairing code", At: clock.Now(), OK: w.Tries == 0, Says: "No wrong code was tried."}
		switch {
		case w.Tries == 1:
			c.Says = fmt.Sprintf("A wrong code was tried from %s. The right one still works.", w.From)
		case w.Tries > 1:
			c.Says = fmt.Sprintf("%d wrong codes were tried, the last from %s. The right one still works.", w.Tries, w.From)
		}
		r.Checked(c)
	}
}
