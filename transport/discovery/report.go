package discovery

import "net/netip"

// Report tells how a search stands, for someone who waits for it.
type Report struct {
	Asked    []netip.Addr // where the last question went: broadcast addresses
	Unasked  []netip.Addr // where it could not be sent
	Rounds   int          // questions asked
	Answered bool         // a server has answered one
	Heard    bool         // a beacon of a server has come
	NoAsking error        // why no question can be asked at all, nil if one can
	NoBeacon error        // why beacons cannot be heard, nil if they can
}

// Report returns how the search stands now.
func (f *Finder) Report() Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.report
}

func (f *Finder) noteAsked(targets []netip.AddrPort, errs []error) {
	var asked, unasked []netip.Addr
	for i, to := range targets {
		if errs[i] != nil {
			unasked = append(unasked, to.Addr())
		} else {
			asked = append(asked, to.Addr())
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.report.Asked, f.report.Unasked = asked, unasked
	f.report.Rounds++
}

func (f *Finder) note(change func(*Report)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.report)
}
