// Package freeze stops a process without ending it, as a hang would.
package freeze
