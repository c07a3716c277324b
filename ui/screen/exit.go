package screen

import "fmt"

// ExitQuestion is the question before the server on this PC ends.
type ExitQuestion struct {
	Clients int // PCs connected now
}

// Text is the question as users read it (RESILIENCE.md 1.1).
func (q ExitQuestion) Text() string {
	switch q.Clients {
	case 0:
		return "No clients are connected. Are you sure?"
	case 1:
		return "1 client is connected. Are you sure?"
	}
	return fmt.Sprintf("%d clients are connected. Are you sure?", q.Clients)
}

// ExitAnswer is what the window says about the end of the server.
type ExitAnswer string

// The answers.
const (
	ExitWanted ExitAnswer = "wanted" // the user wants it: ask
	ExitShown  ExitAnswer = "shown"  // the question is on the screen
	ExitYes    ExitAnswer = "yes"
	ExitNo     ExitAnswer = "no"
)
