package system

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"masala/core"
	"masala/core/op"
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	Settings() (Settings, error) // Defaults at version 0 before the factory is set up
	PutSettings(Settings) error
	Server() (ServerRecord, error) // ServerDefaults at version 0 before an Admin changed any
	PutServer(ServerRecord) error
	// Audit pages through the log from one instant up to another; zero for either is no bound.
	Audit(q ListAuditReq, from, until time.Time) (ListAuditResp, error)
	AuditHead() (core.Seq, [32]byte, error)
	AppendAudit(AuditRow, [32]byte) error
	CountDevices() (int, error)
	ExportTable(ExportTableReq) (ExportTableResp, error)
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T], host Host) {
	op.Handle(r, GetSettings, func(_ *op.Call, tx T, _ GetSettingsReq) (Settings, error) { return tx.Settings() })
	op.Handle(r, UpdateSettings, func(c *op.Call, tx T, q UpdateSettingsReq) (Settings, error) {
		old, err := tx.Settings()
		if err != nil {
			return Settings{}, err
		}
		if err := c.CheckVersion(old.Stamp, q.Version, old.SettingsFields, q.SettingsFields); err != nil {
			return Settings{}, err
		}
		s := Settings{q.SettingsFields, c.Stamp(old.Version + 1)}
		c.Note("settings", old, s)
		return s, tx.PutSettings(s)
	})
	op.Handle(r, ListAudit, func(c *op.Call, tx T, q ListAuditReq) (ListAuditResp, error) { return listAudit(c, tx, q) })
	op.Handle(r, ExportTable, func(_ *op.Call, tx T, q ExportTableReq) (ExportTableResp, error) { return tx.ExportTable(q) })
	op.Handle(r, ServerStatus, func(_ *op.Call, tx T, _ ServerStatusReq) (ServerStatusResp, error) {
		s := host.Status()
		n, err := tx.CountDevices()
		s.Paired = n
		return s, err
	})
	registerServer(r, host)
}

// listAudit asks for whole days of the factory.
func listAudit(c *op.Call, tx Store, q ListAuditReq) (ListAuditResp, error) {
	var from, until time.Time
	if q.From != 0 {
		from = q.From.In(c.Zone)
	}
	if q.To != 0 {
		until = (q.To + 1).In(c.Zone)
	}
	return tx.Audit(q, from, until)
}

// Chain returns the hash of r behind prev: every field in column order, numbers as
// 8 bytes big-endian, texts behind their length (R43).
func (r *AuditRow) Chain(prev [32]byte) [32]byte {
	b := append(make([]byte, 0, 512), prev[:]...)
	for _, n := range []int64{int64(r.Seq), r.At.UnixMilli(), int64(r.User), int64(r.Document)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, s := range []string{r.Name, r.Device, r.Operation, r.Entity, string(r.Old), string(r.New)} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
	}
	return sha256.Sum256(b)
}
