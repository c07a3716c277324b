package node

import (
	"slices"
	"sync/atomic"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/core/system"
	"masala/platform/disk"
	"masala/platform/hostinfo"
	"masala/platform/paths"
	"masala/storage"
	"masala/transport/server"
)

// host answers what only the running server knows; it is a system.Host.
type host struct {
	folder   paths.Folder
	version  string
	pc       string                 // name of this PC
	name     atomic.Pointer[string] // as clients show it
	started  time.Time
	clock    core.Clock
	health   *health.Registry
	disk     *diskWatch
	lan      *lan
	logs     logs
	clients  func() []server.Client
	rename   func(string)
	moved    func()            // the service is reached elsewhere
	watched  func()            // an Admin reads how it is
	check    func(done func()) // of the books
	backup   func() *time.Time // when the newest good one was taken
	checking atomic.Bool
}

var _ system.Host = (*host)(nil)

// Status fills the server card.
func (h *host) Status() system.ServerStatusResp {
	s := system.ServerStatusResp{Name: *h.name.Load(), Version: h.version, StartedAt: h.started, Connected: []string{}, Addresses: addresses(),
		FreeDisk: -1, Database: storage.Size(h.folder.Database())}
	if h.backup != nil {
		s.Backup = h.backup()
	}
	for _, c := range h.clients() {
		if !c.Peer.Local && !slices.Contains(s.Connected, c.Peer.Name) {
			s.Connected = append(s.Connected, c.Peer.Name)
		}
	}
	slices.Sort(s.Connected)
	if space, err := disk.Of(string(h.folder)); err == nil {
		s.FreeDisk = space.Free
	}
	return s
}

func addresses() []string {
	list, err := hostinfo.Addresses()
	if err != nil {
		return []string{}
	}
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.Net.Addr().String()
	}
	return out
}
