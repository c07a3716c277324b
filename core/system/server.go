package system

import (
	"time"

	"masala/core"
	"masala/core/health"
	"masala/core/op"
)

// The operations on the server itself.
var (
	GetServer    = op.Define[GetServerReq, Server]("system.get_server", op.Read, op.Admin, "Read how the server is set up: its name, port and limits.")
	UpdateServer = op.Define[UpdateServerReq, Server]("system.update_server", op.Control, op.Admin, "Change name, port and limits of the server; it moves to a new port at once.", op.Changes(TopicServer))
	GetHealth    = op.Define[GetHealthReq, Health]("system.get_health", op.Read, op.Admin, "Every warning, the last checks, uptime, sizes and the PCs connected.")
	CheckBooks   = op.Define[CheckBooksReq, CheckBooksResp]("system.check_books", op.Control, op.Admin, "Replay the ledger and compare every balance; it goes on in the background and reports to the health page.", op.Keyless(), op.Changes(TopicServer))
	ReadLog      = op.Define[ReadLogReq, ReadLogResp]("system.read_log", op.Read, op.Admin, "Page through a log of the server, newest lines first.")
)

// Limits of ServerFields.
const (
	MinPort    = 1024
	MaxPort    = 65535
	MinLowDisk = 500 << 20 // RESILIENCE.md 1.3
	MaxLowDisk = 100 << 30
)

// ServerFields is what an Admin sets for the server.
type ServerFields struct {
	Name    string `json:"name,omitempty"` // as clients show it; "" = the name of the PC
	Port    int    `json:"port,omitempty"` // TCP port for the LAN; 0 = as the program was started
	LowDisk int64  `json:"low_disk"`       // bytes of free space below which users are warned
}

// ServerDefaults are the fields of a server that changed none.
func ServerDefaults() ServerFields { return ServerFields{LowDisk: MinLowDisk} }

// Validate checks the fields; it normalizes first.
func (f *ServerFields) Validate() error {
	var bad core.Faults
	f.Name = core.Visible(f.Name)
	bad.Fit("name", f.Name, core.MaxName)
	bad.Check(f.Port == 0 || f.Port >= MinPort && f.Port <= MaxPort, "port", "Enter a port from 1024 to 65535.")
	bad.Check(f.LowDisk >= MinLowDisk && f.LowDisk <= MaxLowDisk, "low_disk", "Warn below 500 MB to 100 GB of free space.")
	return bad.Err()
}

// ServerRecord is the one record of these settings.
type ServerRecord struct {
	ServerFields
	core.Stamp
}

// Server is the record with what stands in the place of what is not set.
type Server struct {
	ServerRecord
	PC     string `json:"pc"`     // name of the server's PC
	Listen int    `json:"listen"` // the port clients reach now; 0 while there is none
	Data   string `json:"data"`   // folder of the data
	Demo   bool   `json:"demo,omitempty"`
}

// GetServerReq has no fields.
type GetServerReq struct{}

// UpdateServerReq replaces the record that is still at Version (R35).
type UpdateServerReq struct {
	Version int64 `json:"version"`
	ServerFields
}

// GetHealthReq has no fields.
type GetHealthReq struct{}

// Health is what the health page shows.
type Health struct {
	Server   ServerStatusResp `json:"server"`
	Now      time.Time        `json:"now"`      // clock of the server
	Warnings []Warning        `json:"warnings"` // worst first
	Checks   []health.Check   `json:"checks"`
	Clients  []Connected      `json:"clients"`
	Disk     int64            `json:"disk"`   // size of the disk in bytes, -1 unknown
	WAL      int64            `json:"wal"`    // bytes in the write-ahead log
	Memory   int64            `json:"memory"` // bytes the service uses
	Logs     []LogFile        `json:"logs"`
}

// Warning is a condition that stands.
type Warning struct {
	Code     string          `json:"code"`
	Severity health.Severity `json:"severity"`
	Text     string          `json:"text"`
	Stops    bool            `json:"stops,omitempty"` // Business writes are refused while it stands
}

// Warnings lists what stands in r.
func Warnings(r *health.Registry) []Warning {
	list := []Warning{}
	for _, w := range r.Warnings() {
		list = append(list, Warning{w.Code, w.Severity, w.Text, w.Blocks != nil})
	}
	return list
}

// Connected is a PC with an open session.
type Connected struct {
	Name    string    `json:"name"`
	Address string    `json:"address"`
	Since   time.Time `json:"since"`
	Local   bool      `json:"local,omitempty"` // the server's own window
}

// CheckBooksReq has no fields.
type CheckBooksReq struct{}

// CheckBooksResp has no fields.
type CheckBooksResp struct{}

// Host tells and does what only the running server can.
type Host interface {
	// Status fills everything of the answer that is not in the books.
	Status() ServerStatusResp
	// Server fills everything of the answer that is not in the books.
	Server(ServerRecord) Server
	// Fits refuses what this server could not become, such as a port in use.
	Fits(ServerFields) error
	// Become takes the fields over; they are in the books.
	Become(ServerFields)
	// Health fills all but Server.Paired.
	Health() Health
	// CheckBooks begins the check, or refuses while one runs.
	CheckBooks() error
	ReadLog(ReadLogReq) (ReadLogResp, error)
}

func registerServer[T Store](r *op.Router[T], host Host) {
	op.Handle(r, GetServer, func(_ *op.Call, tx T, _ GetServerReq) (Server, error) {
		s, err := tx.Server()
		return host.Server(s), err
	})
	op.Handle(r, UpdateServer, func(c *op.Call, tx T, q UpdateServerReq) (Server, error) {
		old, err := tx.Server()
		if err != nil {
			return Server{}, err
		}
		if err := c.CheckVersion(old.Stamp, q.Version, old.ServerFields, q.ServerFields); err != nil {
			return Server{}, err
		}
		if err := host.Fits(q.ServerFields); err != nil {
			return Server{}, err
		}
		s := ServerRecord{q.ServerFields, c.Stamp(old.Version + 1)}
		c.Note("server", old, s)
		c.Committed(func() { host.Become(q.ServerFields) })
		return host.Server(s), tx.PutServer(s)
	})
	op.Handle(r, GetHealth, func(_ *op.Call, tx T, _ GetHealthReq) (Health, error) {
		h := host.Health()
		n, err := tx.CountDevices()
		h.Server.Paired = n
		return h, err
	})
	op.Handle(r, CheckBooks, func(c *op.Call, _ T, _ CheckBooksReq) (CheckBooksResp, error) {
		c.Note("check of the books", nil, c.Now)
		return CheckBooksResp{}, host.CheckBooks()
	})
	op.Handle(r, ReadLog, func(_ *op.Call, _ T, q ReadLogReq) (ReadLogResp, error) { return host.ReadLog(q) })
}
