// Package system keeps the settings of the factory, its audit log and what the
// server tells about itself.
package system

import (
	"encoding/json"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/party"
)

// Topics of this package.
const (
	TopicSettings op.Topic = "settings"
	TopicServer   op.Topic = "server" // connected PCs, warnings
)

// The operations of this package.
var (
	GetSettings    = op.Define[GetSettingsReq, Settings]("system.get_settings", op.Read, op.Operator, "Read the settings of the factory.", op.Unlocked())
	UpdateSettings = op.Define[UpdateSettingsReq, Settings]("system.update_settings", op.Control, op.Admin, "Change the settings of the factory.", op.Changes(TopicSettings))
	ListAudit      = op.Define[ListAuditReq, ListAuditResp]("system.list_audit", op.Read, op.Admin, "Page through the audit log, newest first.", op.Unlocked())
	ExportTable    = op.Define[ExportTableReq, ExportTableResp]("system.export_table", op.Read, op.Admin, "Read a page of a table of the books as it is stored, to take one's own data along.", op.Viewed(), op.Unlocked())
	ServerStatus   = op.Define[ServerStatusReq, ServerStatusResp]("system.server_status", op.Read, op.Operator, "What the server tells about itself: PCs connected, free disk, uptime.", op.Unlocked())
)

// SettingsFields is what an Admin sets for the factory.
type SettingsFields struct {
	Factory      string `json:"factory"`
	Address      string `json:"address,omitempty"`
	StateCode    string `json:"state_code"`
	GSTIN        string `json:"gstin,omitempty"`
	TimeZone     string `json:"time_zone"`     // IANA name, the same for every PC (R41)
	BackdateDays int    `json:"backdate_days"` // how far an Admin may date back (R7)
}

// Settings is the one settings record.
type Settings struct {
	SettingsFields
	core.Stamp
}

// Defaults are the settings of a factory that changed none.
func Defaults() SettingsFields {
	return SettingsFields{TimeZone: "Asia/Kolkata", BackdateDays: 3, StateCode: "27"}
}

// Validate checks the fields; it normalizes first.
func (f *SettingsFields) Validate() error {
	var bad core.Faults
	f.Factory, f.Address, f.GSTIN = core.Visible(f.Factory), core.Visible(f.Address), core.Visible(f.GSTIN)
	bad.Check(f.Factory != "", "factory", "Enter the name of the factory.")
	bad.Fit("factory", f.Factory, core.MaxName)
	bad.Fit("address", f.Address, core.MaxNote)
	_, known := party.States[f.StateCode]
	bad.Check(known, "state_code", "Choose the state.")
	if f.GSTIN != "" {
		if err := party.CheckGSTIN(f.GSTIN); err != nil {
			bad.Add("gstin", "%s", err.Error())
		}
	}
	_, err := time.LoadLocation(f.TimeZone)
	bad.Check(err == nil && f.TimeZone != "" && f.TimeZone != "Local", "time_zone", "Enter a time zone such as Asia/Kolkata.")
	bad.Check(f.BackdateDays >= 0 && f.BackdateDays <= 31, "backdate_days", "Backdating is allowed for 0 to 31 days.")
	return bad.Err()
}

// GetSettingsReq has no fields.
type GetSettingsReq struct{}

// UpdateSettingsReq replaces the settings that are still at Version (R35).
type UpdateSettingsReq struct {
	Version int64 `json:"version"`
	SettingsFields
}

// ListAuditReq asks for a page of the audit log.
type ListAuditReq struct {
	User      core.UserID `json:"user,omitempty"`
	Operation string      `json:"operation,omitempty"`
	// Entity is the start of what was changed, "item RAW-001", or a number alone: all that
	// touched that batch, dispatch or document, and every document that moved that lot.
	Entity   string          `json:"entity,omitempty"`
	Document core.DocumentID `json:"document,omitempty"` // it, and what cancelled it
	From     core.Date       `json:"from,omitempty"`     // business days of the factory
	To       core.Date       `json:"to,omitempty"`
	After    string          `json:"after,omitempty"`
	Limit    int             `json:"limit,omitempty"`
}

// Validate checks the request.
func (q *ListAuditReq) Validate() error {
	var bad core.Faults
	bad.Check(q.From == 0 || q.To == 0 || q.From <= q.To, "to", "The last day lies before the first.")
	return bad.Err()
}

// AuditRow is one line of the audit log (R43).
type AuditRow struct {
	Seq       core.Seq        `json:"seq"`
	At        time.Time       `json:"at"`
	User      core.UserID     `json:"user"`
	Name      string          `json:"name"`
	Device    string          `json:"device"`
	Operation string          `json:"operation"`
	Document  core.DocumentID `json:"document,omitempty"`
	Entity    string          `json:"entity,omitempty"`
	Old       json.RawMessage `json:"old,omitempty"`
	New       json.RawMessage `json:"new,omitempty"`
}

// ListAuditResp is a page of the audit log.
type ListAuditResp struct {
	Rows []AuditRow `json:"rows"`
	Next string     `json:"next,omitempty"`
}

// ServerStatusReq has no fields.
type ServerStatusReq struct{}

// ServerStatusResp is what the server card shows.
type ServerStatusResp struct {
	Name      string     `json:"name"` // of the server PC
	Version   string     `json:"version"`
	Addresses []string   `json:"addresses"` // where clients reach it
	StartedAt time.Time  `json:"started_at"`
	Connected []string   `json:"connected"` // names of the PCs
	Paired    int        `json:"paired"`
	FreeDisk  int64      `json:"free_disk"`        // bytes, -1 unknown
	Database  int64      `json:"database_size"`    // bytes
	Backup    *time.Time `json:"backup,omitempty"` // last verified one
}
