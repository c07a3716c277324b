package main

import (
	"strconv"

	"masala/platform/single"
	"masala/platform/supervise"
	"masala/transport/node"
	"masala/ui"
	"masala/ui/screen"
)

// obey connects the window with its supervisor, if it has one: what it asks goes to
// the window, what the window answers goes back.
func obey(link *supervise.Link, d *ui.Deps) {
	if link == nil {
		return
	}
	raise, exit := make(chan string, 1), make(chan screen.ExitQuestion, 1)
	d.Raise, d.Exit = raise, exit
	tell := func(fact, value string) {
		if err := link.Tell(supervise.Facts{fact: value}); err != nil {
			d.Log.Warn("supervisor", "err", err)
		}
	}
	d.Raised = func() { tell(node.FactRaise, "1") }
	d.ExitAnswer = func(a screen.ExitAnswer) { tell(node.FactExit, string(a)) }
	hear := func(f supervise.Facts) {
		text := ""
		if f[node.FactSecond] != "" {
			text = single.ErrRunning.Error()
		}
		if text != "" || f[node.FactRaise] != "" {
			newest(raise, text)
		}
		if n, err := strconv.Atoi(f[node.FactExit]); err == nil {
			newest(exit, screen.ExitQuestion{Clients: n})
		}
	}
	go func() {
		hear(link.Launch())
		for f := range link.Heard() {
			hear(f)
		}
	}()
}

// newest puts v into c, in place of what nobody has taken yet.
func newest[T any](c chan T, v T) {
	for {
		select {
		case c <- v:
			return
		default:
		}
		select {
		case <-c:
		default:
		}
	}
}
