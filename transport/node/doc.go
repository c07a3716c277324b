// Package node wires the parts of Masala into the three jobs a PC can have: the
// service with the books, the line of a window or command to it, and the supervisor
// that keeps both running. Beside main it is the only package that sees core,
// storage, transport and platform together; it holds no rule of its own.
package node
