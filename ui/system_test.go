package ui

import (
	"time"

	"masala/core"
	"masala/core/health"
	"masala/core/system"
)

// fillSystem gives the server what the pages of the module System show.
func fillSystem(x *world) {
	f := x.server
	on(f, system.GetServer, func(system.GetServerReq) (system.Server, error) {
		return system.Server{ServerRecord: system.ServerRecord{ServerFields: system.ServerDefaults(), Stamp: core.Stamp{Version: 2, UpdatedAt: start.Add(-5 * time.Hour), UpdatedBy: "owner"}},
			PC: "MASALA-SRV", Listen: 8090, Data: `C:\Users\owner\AppData\Roaming\Masala`}, nil
	})
	on(f, system.GetHealth, func(system.GetHealthReq) (system.Health, error) {
		now := x.clock.Now()
		st, _ := system.ServerStatusResp{Name: "MASALA-SRV", Version: "1.0.0", StartedAt: start.Add(-90 * time.Hour),
			Connected: []string{"PC-MILL", "PC-OFFICE", "PC-PACK", "PC-STORE"}, Paired: 5, FreeDisk: 412 << 20, Database: 46<<20 + 200<<10}, 0
		return system.Health{Server: st, Now: now, Disk: 476 << 30, WAL: 3<<20 + 900<<10, Memory: 61 << 20,
			Warnings: []system.Warning{
				{Code: "disk.low", Severity: health.Warn, Text: "⚠️ Low disk space — 412 MB remaining. Data operations may fail."},
				{Code: "licence.soon", Severity: health.Warn, Text: "⚠️ License expires in 12 days. Contact support."}},
			Checks: []health.Check{
				{Code: "books", Name: "Books, replayed", At: now.Add(-6 * time.Hour), OK: true, Says: "The books are right, ledger row 41827"},
				{Code: "addresses", Name: "Own addresses", At: now.Add(-9 * time.Second), OK: true, Says: "Port 8090 answers on 192.168.1.10."},
				{Code: "firewall", Name: "Firewall", At: now.Add(-9 * time.Second), Says: "Windows Firewall blocks UDP port 8090. A PC is connected all the same; others may not find the server.",
					Fix: []string{`netsh advfirewall firewall add rule name="Masala TCP" dir=in action=allow protocol=TCP localport=8090 profile=any remoteip=LocalSubnet`, `netsh advfirewall firewall add rule name="Masala UDP" dir=in action=allow protocol=UDP localport=8090 profile=any`}},
				{Code: "others", Name: "Other PCs", At: now.Add(-9 * time.Second), OK: true, Says: "4 PCs are connected."},
				{Code: "disk", Name: "Free disk space", At: now.Add(-2 * time.Second), Says: "412 MB free"},
				{Code: "port", Name: "Port for the other PCs", At: start.Add(-90 * time.Hour), OK: true, Says: "Listening on port 8090"},
				{Code: "writer", Name: "Watchdog", At: now.Add(-7 * time.Second), OK: true, Says: "The writer answered in 2 ms"}},
			Clients: []system.Connected{
				{Name: "PC-STORE", Address: "192.168.1.21", Since: start.Add(-3 * time.Hour)}, {Name: "PC-MILL", Address: "192.168.1.22", Since: start.Add(-3 * time.Hour)},
				{Name: "PC-PACK", Address: "192.168.1.23", Since: start.Add(-150 * time.Minute)}, {Name: "PC-OFFICE", Address: "192.168.1.30", Since: start.Add(-40 * time.Minute)},
				{Name: "MASALA-SRV", Address: "127.0.0.1", Since: start.Add(-4 * time.Hour), Local: true}},
			Logs: []system.LogFile{{Name: "service.log", Size: 2 << 20, At: now}, {Name: "window.log", Size: 340 << 10, At: now}, {Name: "supervisor.log", Size: 12 << 10, At: now}}}, nil
	})
	on(f, system.ReadLog, func(q system.ReadLogReq) (system.ReadLogResp, error) {
		lines := []system.LogLine{
			{At: start.Add(-2 * time.Second), Level: system.LevelWarn, Text: "low disk space", Detail: "free_mb=412 writes_refused=false"},
			{At: start.Add(-40 * time.Minute), Level: system.LevelInfo, Text: "client connected", Detail: "name=PC-OFFICE device=4 from=192.168.1.30"},
			{At: start.Add(-41 * time.Minute), Level: system.LevelInfo, Text: "client gone", Detail: `name=PC-OFFICE device=4 why="session: the other side hung up"`},
			{At: start.Add(-3 * time.Hour), Level: system.LevelError, Text: "LAN port", Detail: `address=:8090 err="address already in use"`},
			{At: start.Add(-90 * time.Hour), Level: system.LevelInfo, Text: "serving", Detail: `this_pc=127.0.0.1:49731 lan=0.0.0.0:8090 folder=C:\Users\owner\AppData\Roaming\Masala`}}
		var out []system.LogLine
		for _, l := range lines {
			if l.Level.AtLeast(q.Least) {
				out = append(out, l)
			}
		}
		return system.ReadLogResp{Lines: out}, nil
	})
}
