// Package ask puts a question to the person at this PC without a window of the
// program: the way out when its own window cannot be shown.
package ask

import "errors"

// ErrNobody means that there is no way to ask: no message box, no terminal.
var ErrNobody = errors.New("nobody can be asked here")

// Confirm asks a question whose answer is No unless the person says otherwise. It
// waits for the answer.
func Confirm(title, question string) (yes bool, err error) { return confirm(title, question) }
