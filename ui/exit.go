package ui

import "masala/ui/screen"

// AskExit puts the question before the server ends over whatever is shown. A newer
// one takes the place of the one before: the number of clients has changed.
func (w *Window) AskExit(q screen.ExitQuestion) {
	if w.exit != nil {
		w.dialogs.drop(w.exit)
	}
	text := "The server on this PC stops, and nobody can post until it is started again."
	if w.dirty() {
		text += " " + w.draftNote()
	}
	w.exit = &dialog{question: screen.Question{Title: q.Text(), Text: text, Answers: []screen.Answer{
		{Label: "Keep running", Do: func() { w.exitAnswer(screen.ExitNo) }},
		{Label: "Exit Server", Danger: true, Do: func() { w.exitAnswer(screen.ExitYes) }},
	}}}
	w.dialogs.push(w.exit)
	w.log.Info("exit question", "clients", q.Clients)
	w.deps.ExitAnswer(screen.ExitShown)
	w.Invalidate()
}

func (w *Window) exitAnswer(a screen.ExitAnswer) {
	w.exit = nil
	w.deps.ExitAnswer(a)
}

// mayExit reports whether the user of this window may end the server here.
func (w *Window) mayExit() bool {
	return w.role == screen.RoleServer && w.deps.ExitAnswer != nil && w.session != nil && w.session.env.IsAdmin()
}

// Say shows a sentence of the supervisor.
func (w *Window) Say(text string) {
	w.log.Info("says", "text", text)
	w.Toast(screen.Toast{Text: text})
}
