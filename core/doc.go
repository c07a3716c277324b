// Package core holds the words every other package speaks: quantities, money,
// percentages, dates, ids, actors and errors. They are integers with units in
// their types (R1, R4); nothing here knows SQL, sockets or windows.
package core
