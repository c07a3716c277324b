//go:build !(linux && cgo)

// Package shot draws a frame to a picture with no screen, for tests and for docs/screenshots. It works on Linux with cgo only.
package shot
