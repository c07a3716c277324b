package ask

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestOnlyYesIsYes(t *testing.T) {
	for typed, want := range map[string]bool{"y\n": true, "YES\n": true, "\n": false, "n\n": false, "yess\n": false} {
		var out strings.Builder
		yes, err := onTerminal(strings.NewReader(typed), &out, "Are you sure?")
		if err != nil || yes != want || out.String() != "Are you sure? [y/N] " {
			t.Errorf("%q: %v, %v, %q", typed, yes, err, out.String())
		}
	}
	if yes, err := onTerminal(strings.NewReader("y"), io.Discard, "?"); yes || err == nil {
		t.Error("a line that never ended is no answer")
	}
}

func TestNobodyWithoutATerminal(t *testing.T) {
	if yes, err := Confirm("Masala", "Are you sure?"); yes || !errors.Is(err, ErrNobody) {
		t.Error(yes, err)
	}
}
