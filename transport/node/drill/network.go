package drill

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"masala/core/stock"
	"masala/transport/node"
)

// Bars of RESILIENCE.md 3.1 to 3.3.
const (
	barNoticed = 3 * time.Second
	barBack    = time.Second
	barAllBack = 3 * time.Second
	barMoved   = 5 * time.Second
)

func (s *stage) down(c *client) func() bool { return func() bool { return !c.Status().Up() } }

// lostAnswer: the server has written the GRN, and its answer never arrives (R36).
func (s *stage) lostAnswer() (string, []Figure, error) {
	c := s.clients[len(s.clients)-1]
	before, err := s.documents()
	if err != nil {
		return "", nil, err
	}
	posted := make(chan error, 1)
	c.cable.deaf()
	invoice := s.invoice()
	go func() { posted <- s.post(s.ctx, c, invoice) }()
	err = s.until(patience, "the server has written the GRN", func() bool { now, err := s.documents(); return err == nil && len(now) == len(before)+1 })
	c.cable.tear()
	at := time.Now()
	c.cable.plug()
	if err = errors.Join(err, <-posted); err == nil {
		err = s.compare()
	}
	return "GRN written, answer lost, connection broken; the PC sent it again with the same key and got the first answer: it is there once", []Figure{{"Answered after the repair", time.Since(at), 0}}, err
}

// cableOut is scenario 3.1.
func (s *stage) cableOut() (string, []Figure, error) {
	c := s.clients[len(s.clients)-1]
	posted := make(chan error, 1)
	at := time.Now()
	c.cable.pull()
	invoice := s.invoice()
	go func() { posted <- s.post(s.ctx, c, invoice) }() // somebody presses Post just then
	err := s.until(patience, "the PC notices", s.down(c))
	noticed := time.Since(at)
	time.Sleep(2 * time.Second) // the outage itself
	at = time.Now()
	c.cable.plug()
	err = errors.Join(err, s.until(patience, "the PC is back", func() bool { return c.Status().Up() }))
	back := time.Since(at)
	if err = errors.Join(err, <-posted); err == nil {
		err = s.compare()
	}
	return "Cable out while a GRN was posted, in again after some seconds; the GRN is there once, nothing was typed twice",
		[]Figure{{"Noticed after", noticed, s.bar(barNoticed)}, {"Back after the repair", back, s.bar(barBack)}}, err
}

// bar is a bar as this drill holds it: a short one runs beside other work.
func (s *stage) bar(d time.Duration) time.Duration { return time.Duration(max(s.options.Slack, 1)) * d }

// switchDead is scenario 3.3.
func (s *stage) switchDead() (string, []Figure, error) {
	at := time.Now()
	for _, c := range s.clients {
		c.cable.pull()
	}
	var err error
	for _, c := range s.clients {
		err = errors.Join(err, s.until(patience, "every PC notices", s.down(c)))
	}
	noticed := time.Since(at)
	if _, own := stock.ListDocuments.Call(s.ctx, s.own, "", stock.ListDocumentsReq{}); own != nil {
		err = errors.Join(err, fmt.Errorf("the server's own PC cannot work: %w", own))
	}
	at = time.Now()
	for _, c := range s.clients {
		c.cable.plug()
	}
	for _, c := range s.clients {
		err = errors.Join(err, s.until(patience, "every PC is back", func() bool { return c.Status().Up() }))
	}
	return fmt.Sprintf("%d PCs cut off at once and joined again; the server's own PC worked on", len(s.clients)),
		[]Figure{{"Noticed by all after", noticed, s.bar(barNoticed)}, {"All back after the repair", time.Since(at), s.bar(barAllBack)}}, err
}

// newAddress is scenario 3.2 with the address typed by hand: the search would send
// something to the network.
func (s *stage) newAddress() (string, []Figure, error) {
	c := s.clients[0]
	old := s.address
	next, err := freeAddress("127.0.0.2")
	if err != nil {
		return "", nil, leave("this PC has no second loopback address: %v", err)
	}
	s.halt()
	s.address = next
	s.start()
	err = s.until(patience, "the server runs at its new address", func() bool { r, err := node.ReadRuntime(s.folder); return err == nil && r.LAN == next && s.pid() != 0 })
	at := time.Now()
	c.SetAddress(next)
	c.RetryNow()
	err = errors.Join(err, s.until(patience, "the PC is back", func() bool { return c.Status().Up() }))
	back := time.Since(at)
	for _, x := range s.clients {
		err = errors.Join(err, s.until(patience, "every PC is back", func() bool { return x.Status().Up() }))
	}
	if err == nil {
		err = s.post(s.ctx, c, s.invoice())
	}
	return fmt.Sprintf("Moved from %s to %s; one PC was given the address by hand, the cables of the others were moved", old, next),
		[]Figure{{"Back after the address was typed", back, s.bar(barMoved)}}, err
}

// crowd has every PC post in the same moment.
func (s *stage) crowd() (string, []Figure, error) {
	begin := make(chan struct{})
	errs := make([]error, len(s.clients))
	var all sync.WaitGroup
	for i, c := range s.clients {
		invoice := s.invoice()
		all.Go(func() { <-begin; errs[i] = s.post(s.ctx, c, invoice) })
	}
	at := time.Now()
	close(begin)
	all.Wait()
	took := time.Since(at)
	err := errors.Join(errs...)
	if err == nil {
		err = s.compare()
	}
	return fmt.Sprintf("%d GRNs posted at once, each answered and there once", len(s.clients)), []Figure{{"Slowest answer", took, 10 * time.Second}}, err
}
