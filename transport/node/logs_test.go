package node

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/system"
)

// TestReadLog pages through a log of several pieces and finds every line once, newest
// first, whatever the size of the page.
func TestReadLog(t *testing.T) {
	l := logs{t.TempDir()}
	var b strings.Builder
	const lines = 3000
	at := time.Date(2026, 2, 14, 8, 0, 0, 0, time.UTC)
	for n := range lines {
		level := "INFO"
		if n%100 == 7 {
			level = "WARN"
		}
		fmt.Fprintf(&b, "time=%s level=%s msg=\"line \\\"%d\\\"\" n=%d note=%q\n", at.Add(time.Duration(n)*time.Second).Format(time.RFC3339Nano), level, n, n, strings.Repeat("x", n%90))
	}
	b.WriteString("panic: something else\n")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(l.folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("service.log", b.String())
	write("wide.log", strings.Repeat("y", 3*logPiece)+"\ntime=2026-02-14T08:00:00Z level=ERROR msg=short\n")
	write("secret.txt", "not a log")

	for _, limit := range []int{1, 7, 500} {
		want := lines
		req := system.ReadLogReq{File: "service.log", Limit: limit}
		for first := true; ; first = false {
			page, err := l.read(req)
			if err != nil {
				t.Fatal(err)
			}
			if first {
				if page.Lines[0] != (system.LogLine{Text: "panic: something else"}) {
					t.Fatalf("the last line is %+v", page.Lines[0])
				}
				page.Lines = page.Lines[1:]
			}
			for _, x := range page.Lines {
				want--
				if x.Text != fmt.Sprintf("line %q", fmt.Sprint(want)) || !strings.HasPrefix(x.Detail, fmt.Sprintf("n=%d ", want)) || !x.At.Equal(at.Add(time.Duration(want)*time.Second)) {
					t.Fatalf("pages of %d: line %d is %+v", limit, want, x)
				}
			}
			if req.Before = page.Next; page.Next == 0 {
				break
			}
		}
		if want != 0 {
			t.Errorf("pages of %d end %d lines before the beginning", limit, want)
		}
	}
	page, err := l.read(system.ReadLogReq{File: "service.log", Least: system.LevelWarn, Limit: 500})
	if err != nil || len(page.Lines) != 1+lines/100 || page.Lines[1].Text != `line "2907"` || page.Next != 0 {
		t.Errorf("%d warnings, next %d, %v", len(page.Lines), page.Next, err)
	}
	page, err = l.read(system.ReadLogReq{File: "wide.log"})
	if err != nil || page.Lines[0].Text != "short" || page.Lines[0].Level != system.LevelError || page.Next != 0 {
		t.Errorf("beside a line longer than a piece: %v", err)
	}
	for _, name := range []string{"secret.txt", "../masala.db", "no.log", ""} {
		if _, err := l.read(system.ReadLogReq{File: name}); core.CodeOf(err) != core.CodeNotFound {
			t.Errorf("%q answers %v", name, err)
		}
	}
}
