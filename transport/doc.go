// Package transport carries operations between the PCs of a factory. The layers,
// their timings and the traps are in DESIGN.md; the tests beside this file join
// all of them: a server and clients on a LAN in memory, in virtual time, and on
// real sockets of the loopback interface.
package transport
