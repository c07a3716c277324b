package node

import (
	"cmp"
	"runtime"

	"masala/core"
	"masala/core/system"
	"masala/platform/disk"
	"masala/storage"
)

// setName is the name clients show: the Admin's, or that of the PC.
func (h *host) setName(f system.ServerFields) string {
	name := cmp.Or(f.Name, h.pc)
	h.name.Store(&name)
	return name
}

// Server tells how the server is set up and what of it is so now.
func (h *host) Server(r system.ServerRecord) system.Server {
	return system.Server{ServerRecord: r, PC: h.pc, Listen: h.lan.listens(), Data: string(h.folder), Demo: h.lan.started == ""}
}

// Fits refuses a port that is in use.
func (h *host) Fits(f system.ServerFields) error { return h.lan.fits(f.Port) }

// Become takes name, port and limits over.
func (h *host) Become(f system.ServerFields) {
	h.disk.low.Store(f.LowDisk)
	h.rename(h.setName(f))
	if err := h.lan.move(f, *h.name.Load()); err == nil {
		h.moved()
	}
}

// Health fills the health page.
func (h *host) Health() system.Health {
	h.watched()
	s := system.Health{Server: h.Status(), Now: h.clock.Now(), Warnings: system.Warnings(h.health), Checks: h.health.Checks(), Clients: []system.Connected{},
		Disk: -1, WAL: storage.LogSize(h.folder.Database()), Memory: memory(), Logs: h.logs.list()}
	if space, err := disk.Of(string(h.folder)); err == nil {
		s.Disk = space.Total
	}
	for _, c := range h.clients() {
		s.Clients = append(s.Clients, system.Connected{Name: c.Peer.Name, Address: c.Peer.Address, Since: c.Since, Local: c.Peer.Local})
	}
	return s
}

func memory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}

// CheckBooks begins to check the books.
func (h *host) CheckBooks() error {
	if !h.checking.CompareAndSwap(false, true) {
		return core.Errorf(core.CodeConflict, "The books are being checked already.")
	}
	h.check(func() { h.checking.Store(false) })
	return nil
}

// ReadLog pages through a log of the server.
func (h *host) ReadLog(q system.ReadLogReq) (system.ReadLogResp, error) { return h.logs.read(q) }
