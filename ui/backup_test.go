package ui

import (
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/stock"
	"masala/ui/screen"
)

// points are eleven restore points of the fourteenth of February 2026, 14:00 in Pune.
func points() (list []backup.Point) {
	add := func(kind backup.Kind, at time.Time, mb float64, state backup.State, says string, docs, since int) {
		id := "masala-" + at.UTC().Format("20060102-150405")
		list = append(list, backup.Point{ID: id, Path: `D:\MasalaBackups\` + id + ".masala", TakenAt: at, Kind: kind, Size: int64(mb * (1 << 20)), Database: int64(mb * 3 * (1 << 20)),
			State: state, Says: says, CheckedAt: at.Add(40 * time.Second), Documents: docs, Since: since, Version: "1.0.0"})
	}
	const fine = "Opened, 0 errors, ledger agrees"
	at := func(day, hour, minute int, month time.Month) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC).Add(-330 * time.Minute)
	}
	add(backup.Daily, at(14, 13, 0, 2), 46.2, backup.Good, fine, 4182, 5)
	add(backup.Manual, at(14, 9, 12, 2), 46.1, backup.Good, fine, 4170, 17)
	add(backup.Daily, at(13, 20, 0, 2), 45.8, backup.Good, fine, 4166, 21)
	add(backup.Daily, at(12, 20, 0, 2), 45.1, backup.Damaged, "Page 812 is damaged", 4102, 85)
	add(backup.Daily, at(11, 20, 0, 2), 44.7, backup.Good, fine, 4040, 147)
	add(backup.Daily, at(10, 20, 0, 2), 44.2, backup.Unchecked, "", 3981, 206)
	add(backup.Daily, at(9, 20, 0, 2), 43.9, backup.Good, fine, 3920, 267)
	add(backup.Weekly, at(8, 20, 5, 2), 43.4, backup.Good, fine, 3866, 321)
	add(backup.Weekly, at(1, 20, 5, 2), 40.0, backup.Good, fine, 3402, 785)
	add(backup.Weekly, at(25, 20, 5, 1), 37.6, backup.Good, fine, 3010, 1177)
	add(backup.Weekly, at(18, 20, 5, 1), 36.9, backup.Good, fine, 2618, 1569)
	list[0].Offered = true
	return list
}

// backups is a server whose backups stand well.
func backups() backup.StatusResp {
	last, made := points()[0].TakenAt, start.AddDate(0, -1, 0)
	return backup.StatusResp{Now: start, Headline: backup.Headline(start, last), Last: &last, Next: time.Date(2026, 2, 14, 14, 30, 0, 0, time.UTC), Points: points(),
		Settings: backup.Settings{Fields: backup.Fields{Folder: `D:\MasalaBackups`, Times: []string{"13:00", "20:00"}}, Stamp: core.Stamp{Version: 4, UpdatedAt: start.AddDate(0, -1, 0), UpdatedBy: "owner"}},
		Folder:   `D:\MasalaBackups`, Free: 688 << 30, Total: 931 << 30, DataFolder: `C:\Users\owner\AppData\Roaming\Masala`, DataFree: 212 << 30, DataTotal: 476 << 30, CodeMade: &made, Aside: []backup.Aside{}}
}

func fillBackup(x *world) { x.backups(backups()) }

// backups lets the server tell s.
func (x *world) backups(s backup.StatusResp) {
	on(x.server, backup.GetStatus, func(backup.StatusReq) (backup.StatusResp, error) { s.Now = x.clock.Now(); return s, nil })
	on(x.server, backup.MakeCode, func(backup.MakeCodeReq) (backup.MakeCodeResp, error) {
		return backup.MakeCodeResp{Code: "K7QM-2F8D-XT3W-9HBV-E4RA", Made: x.clock.Now()}, nil
	})
	on(x.server, stock.ListDocuments, func(stock.ListDocumentsReq) (stock.ListDocumentsResp, error) {
		return stock.ListDocumentsResp{Documents: floor().Recent}, nil
	})
}

func onBackup(x *world) {
	signIn(x, "owner")
	x.w.Navigate(screen.Route{ID: screen.SystemBackup})
	x.ui.Settle()
}

func backingUp(x *world) {
	s := backups()
	s.Running = &backup.Progress{Task: backup.TaskBackup, Step: "Checking every page of the copy", Percent: 62, Since: start.Add(-20 * time.Second)}
	x.backups(s)
	onBackup(x)
}

func lateBackup(x *world) {
	s := backups()
	last := start.Add(-50 * time.Hour)
	s.Late, s.Last, s.Points, s.CodeMade = true, &last, s.Points[3:], nil
	s.Points[1].Offered = true
	s.SameDrive = "⚠️ The backups are on the drive of the data. If that disk fails, both are gone. Choose a folder on a second drive."
	x.backups(s)
	onBackup(x)
}

func noBackup(x *world) {
	s := backups()
	s.Last, s.Points, s.CodeMade, s.Settings.Folder, s.Folder = nil, nil, nil, "", `C:\Users\owner\AppData\Roaming\Masala\backups`
	s.SameDrive = "The backups are on the drive of the data. If that disk fails, both are gone. Choose a folder on a second drive."
	x.backups(s)
	onBackup(x)
}
