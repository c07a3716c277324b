package grn_test

import (
	"testing"

	"gioui.org/io/key"

	"masala/ui/screen/screentest"
)

// TestAHoldNeedsAReason: it is asked for above the lines once a line is set aside that
// needs no QC, and goes out with that line alone.
func TestAHoldNeedsAReason(t *testing.T) {
	b := open(t, screentest.Options{})
	b.head()
	b.line("turm", "500", "143", "ET-2209", "2-2")
	b.line("cumin", "200", "225", "UJ-77", "28-1")
	if b.Sees("Reason for the hold") {
		t.Errorf("a reason is asked for though nothing was set aside\n%s", b.Dump())
	}
	b.ClickAt(center(b.Must("QC, line 2").Bounds))
	b.Type("hold")
	b.Enter(1)
	b.Press(key.NameReturn, key.ModCtrl)
	if got := b.Note("Reason for the hold", "Error"); got != "Say why it is put on hold." || len(b.sent()) != 0 {
		t.Errorf("it says %q\n%s", got, b.Dump())
	}
	b.Picture("grn-hold")
	b.Type("smells of kerosene")
	b.Press(key.NameReturn, key.ModCtrl)
	if got := b.sent(); len(got) != 1 || got[0].Lines[0].HoldReason != "" || !got[0].Lines[1].Hold || got[0].Lines[1].HoldReason != "smells of kerosene" {
		t.Errorf("sent %+v", got)
	}
}
