// Package sim is a factory in one process, from one seed, in virtual time: the real
// service on a disk that loses power and fills up, real clients with their drafts on
// a LAN that drops, delays and breaks, and people who post goods received whatever
// happens. Its tests run it and then count: nothing acknowledged is lost, nothing is
// booked twice, everything else still lies in a draft. They use parts from all over
// the program; nothing imports this package.
//
// A failing run prints MASALA_SIM_SEED. The seed repeats the people, the faults and
// their times; which of two goroutines goes first at one instant is up to Go.
package sim
