// Package widget holds the controls every screen is built of. It knows no factory word: texts, colours of meaning and icons
// come from outside.
//
// State lives in values the caller keeps (Button, Field, Modal); looks live in the theme. Each control is told the words it
// is known by to screen readers and tests. Layouts use gtx.Now as their clock.
package widget
