// Package console gives a program without a window of its own a place to write.
//
// On Windows masala.exe is built for the GUI subsystem (-H windowsgui), because a
// console program flashes a black window at each double click and autostart. The
// price is that such a program has no console even when started from one, and that
// the shell does not wait for it. So: Attach writes to the shell's console, enough
// for commands that only print (scripts use "start /wait masala ..."); Own opens a
// window for commands that ask, since the shell has gone on reading its own. On
// Linux both do nothing.
package console

// Attach connects stdout and stderr with the console of the shell that started
// this program, unless they are redirected already. Call it first thing.
func Attach() { attach() }

// Own opens a console window for questions and answers; stdin, stdout and stderr
// are connected with it, unless stdin is redirected. Done waits for Enter, so that
// the last line can be read, and closes it.
func Own(title string) (done func(), err error) { return own(title) }
