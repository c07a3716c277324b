package ui

import (
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/ui/screen"
)

// Windows asks before the session ends; see platform/logoff for the messages.
func TestFault_2_2_SessionEnds(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	end := sessionEnd{x.w}
	if reason := end.MayEnd(); reason != "" {
		t.Errorf("kept without a change: %q", reason)
	}
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	if x.drafts(t) != 0 {
		t.Fatal("there is a draft already")
	}
	if reason := end.MayEnd(); reason != "You have unsaved changes. This GRN stays on this PC as a draft, saved 14:00:00." || x.drafts(t) != 1 {
		t.Fatalf("%d drafts when Windows says %q", x.drafts(t), reason)
	}
	end.Stays()
	x.ui.Type("/A")
	saved := func() string {
		t.Helper()
		list, _, err := x.w.session.env.Drafts.List()
		if err != nil || len(list) != 1 {
			t.Fatalf("%d drafts, %v", len(list), err)
		}
		return list[0].Content.Fields["invoice_no"].Text
	}
	if saved() != "UJH/1182" {
		t.Fatalf("%q is on disk before the end", saved())
	}
	end.Ends()
	if saved() != "UJH/1182/A" {
		t.Errorf("%q is on disk at the end", saved())
	}
	if !x.w.MayClose() {
		t.Error("the window asks once more")
	}
}

// The system's thread takes its turn after the frame under way, and gives up before
// Windows does.
func TestFault_2_2_SessionEndsWhileTheWindowDraws(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	asked := make(chan string)
	x.w.inTurn(func() {
		go func() { asked <- sessionEnd{x.w}.MayEnd() }()
		select {
		case reason := <-asked:
			t.Errorf("answered %q in the middle of a frame", reason)
		case <-time.After(50 * time.Millisecond):
		}
	})
	if reason := <-asked; reason == "" || x.drafts(t) != 1 {
		t.Errorf("after the frame: %q, %d drafts", reason, x.drafts(t))
	}
	x.w.inTurn(func() {
		began := time.Now()
		sessionEnd{x.w}.Ends()
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("Windows would have waited for %v", took)
		}
	})
}
