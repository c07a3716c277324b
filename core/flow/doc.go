// Package flow plays random factories: people buy, hold, mill, sell, take back, count,
// correct, recall and cancel in any order, through the whole pipeline over a real
// database. Its tests read the ledger themselves and hold every row of it against
// DOMAIN.md, by none of the program's own arithmetic: value in is value out and on
// hand to the paisa, no cell is ever negative, and what is cancelled leaves no trace in
// any balance. They use parts from all over the program; nothing imports this package.
package flow
