package node

import (
	"context"
	"fmt"
	"slices"
	"time"

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

// Disk space below which users are warned, and how often it is looked at: at start,
// every half hour, and every minute once it is low (RESILIENCE.md 1.3).
const (
	lowDisk      = 500 << 20
	diskEvery    = 30 * time.Minute
	lowDiskEvery = time.Minute
)

func (s *service) watchDisk(ctx context.Context) {
	for {
		pause := diskEvery
		space, err := disk.Of(string(s.options.Folder))
		switch {
		case err != nil:
			s.options.Log.Warn("free disk space", "err", err)
		case space.Free < lowDisk:
			pause = lowDiskEvery
			text := fmt.Sprintf("⚠️ Low disk space — %d MB remaining. Data operations may fail.", space.Free>>20)
			s.options.Log.Warn("low disk space", "free_mb", space.Free>>20)
			s.health.Set(health.Warning{Code: "disk.low", Severity: health.Warn, Text: text})
		default:
			s.health.Clear("disk.low")
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}
