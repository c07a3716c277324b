package ui

import "masala/ui/screen"

// exitDialog is the question before the server ends, while it stands.
type exitDialog struct {
	dialog
	clients int
}

// AskExit puts the question before the server ends over whatever is shown. If it
// stands already, the number of clients in it changes; when that grows, the safe answer
// gets the keyboard again: nobody shall confirm more than he has read.
func (w *Window) AskExit(q screen.ExitQuestion) {
	x := w.exit
	if x == nil {
		text := "The server on this PC stops, and nobody can post until it is started again."
		if w.dirty() {
			text += " " + w.draftNote()
		}
		x = &exitDialog{dialog: dialog{question: screen.Question{Text: text, Answers: []screen.Answer{
			{Label: "Keep running", Do: func() { w.exitAnswer(screen.ExitNo) }},
			{Label: "Exit Server", Danger: true, Do: func() { w.exitAnswer(screen.ExitYes) }},
		}}}}
		w.exit = x
		w.own.push(&x.dialog)
	} else if q.Clients > x.clients {
		x.modal.Hide()
		x.modal.Show()
	}
	x.question.Title, x.clients = q.Text(), q.Clients
	w.onceDrawn(func() {
		if w.exit == x && x.clients == q.Clients {
			w.log.Info("exit question", "clients", q.Clients)
			w.deps.ExitAnswer(screen.ExitShown)
		}
	})
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
	w.Toast(screen.Toast{Text: text})
}
