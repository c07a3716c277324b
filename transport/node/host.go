package node

import (
	"slices"
	"time"

	"masala/core/system"
	"masala/platform/disk"
	"masala/platform/hostinfo"
	"masala/platform/paths"
	"masala/storage"
	"masala/transport/server"
)

// host answers what only the running server knows; it is a system.Host.
type host struct {
	folder  paths.Folder
	version string
	name    string
	started time.Time
	clients func() []server.Client
}

// Status fills the server card.
func (h *host) Status() system.ServerStatusResp {
	s := system.ServerStatusResp{Name: h.name, Version: h.version, StartedAt: h.started, Connected: []string{}, Addresses: addresses(),
		FreeDisk: -1, Database: storage.Size(h.folder.Database())}
	if h.clients != nil {
		for _, c := range h.clients() {
			if !c.Peer.Local && !slices.Contains(s.Connected, c.Peer.Name) {
				s.Connected = append(s.Connected, c.Peer.Name)
			}
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
