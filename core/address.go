package core

import (
	"net/netip"
	"strconv"
	"strings"
)

// CheckServerAddress refuses what cannot be the address of a PC on the network: it is an
// IPv4 or IPv6 address or a name, with or without a port. The Error is of CodeInvalid.
func CheckServerAddress(field, typed string) error {
	host, port := strings.TrimSpace(typed), ""
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err != nil {
		if i := strings.LastIndexByte(host, ':'); i >= 0 {
			host, port = host[:i], host[i+1:]
			if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
				return Invalid(field, "%q is no port. Enter a number from 1 to 65535 behind the colon, or nothing for the usual one.", port)
			}
		}
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return nil
	}
	if !pcName(host) || looksNumeric(host) {
		return Invalid(field, "%q is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.", host)
	}
	return nil
}

// pcName reports whether s can be the name of a PC: RFC 1123, and the underscore that
// Windows allows.
func pcName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for _, label := range strings.Split(strings.TrimSuffix(s, "."), ".") {
		ok := label != "" && len(label) <= 63 && label[0] != '-' && label[len(label)-1] != '-'
		for _, r := range label {
			ok = ok && (r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
		}
		if !ok {
			return false
		}
	}
	return true
}

// looksNumeric reports whether s was meant as an IPv4 address: the last part of a name is
// never a number.
func looksNumeric(s string) bool {
	last := s[strings.LastIndexByte(strings.TrimSuffix(s, "."), '.')+1:]
	_, err := strconv.ParseUint(strings.TrimSuffix(last, "."), 10, 64)
	return err == nil
}
