// Package screen is the seam between the shell and the screens: what a screen is,
// what it is handed, and the routes that lead to it.
//
// To add a screen, make a package below this one: model.go without Gio holds state,
// actions and validation, view.go draws, and a function Entries returns what the menu
// needs. Then name that function in ui/screens.go.
package screen
