package drill

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"masala/core/backup"
	"masala/storage"
)

// proveBooks verifies the scratch books with the program's own command.
func (s *stage) proveBooks() (string, []Figure, error) {
	if err := s.compare(); err != nil {
		return "", nil, err
	}
	begun := time.Now()
	out, code, err := s.run("verify", "--data", string(s.folder))
	took := time.Since(begun)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	last := lines[len(lines)-1]
	if err == nil && code != 0 {
		err = fmt.Errorf("verify ended with exit %d: %s", code, last)
	}
	return fmt.Sprintf("%d GRNs acknowledged in this drill, all there once. %s", s.books.len(), last), []Figure{{"Verified in", took, 0}}, err
}

// backUp makes a restore point of the present books.
func (s *stage) backUp() (backup.Point, error) {
	if _, err := backup.Start.Call(s.ctx, s.own, "", backup.StartReq{}); err != nil {
		return backup.Point{}, err
	}
	var newest backup.Point
	var failed error
	begun := time.Now()
	err := s.until(2*patience, "the backup is made and proved", func() bool {
		st, err := backup.GetStatus.Call(s.ctx, s.own, "", backup.StatusReq{})
		if err != nil || st.Running != nil {
			failed = err
			return false
		}
		for _, p := range st.Points {
			if p.TakenAt.After(begun.Add(-time.Second)) && p.State == backup.Good && p.TakenAt.After(newest.TakenAt) {
				newest = p
			}
		}
		return newest.Path != ""
	})
	if err != nil {
		err = errors.Join(err, failed)
	}
	return newest, err
}

// restore waits for the recovery mode, restores the point and has an Admin confirm.
func (s *stage) restore(why backup.Reason, p backup.Point) (noticed, back time.Duration, err error) {
	at := time.Now()
	status := func() (backup.RecoveryResp, error) {
		return backup.RecoveryStatus.Call(s.ctx, s.own, "", backup.RecoveryStatusReq{})
	}
	err = s.until(patience, "the server says what is wrong", func() bool { r, err := status(); return err == nil && r.Reason == why })
	noticed = time.Since(at)
	if err != nil {
		return noticed, 0, err
	}
	at = time.Now()
	if _, err := backup.RecoveryRestore.Call(s.ctx, s.own, "", backup.RestoreReq{Path: p.Path}); err != nil {
		return noticed, 0, err
	}
	if err := s.until(2*patience, "the books are restored", func() bool { r, err := status(); return err == nil && r.Reason == backup.InService }); err != nil {
		return noticed, 0, err
	}
	back = time.Since(at)
	if err := s.until(patience, "the Admin can log in", func() bool { return login(s.ctx, s.own) == nil }); err != nil {
		return noticed, back, err
	}
	st, err := backup.GetStatus.Call(s.ctx, s.own, "", backup.StatusReq{})
	if err == nil && st.Restored != nil {
		_, err = backup.ConfirmRestore.Call(s.ctx, s.own, uuid.NewString(), backup.ConfirmRestoreReq{})
	}
	for _, c := range s.clients {
		err = errors.Join(err, s.until(patience, "every PC is back", func() bool { return c.Status().Up() }))
	}
	if err != nil {
		return noticed, back, err
	}
	err = s.until(patience, "the PC can log in", func() bool { return login(s.ctx, s.clients[0].Line) == nil })
	return noticed, back, errors.Join(err, s.post(s.ctx, s.clients[0], s.invoice()), s.compare())
}

// damaged is scenario 4.2: one bit anywhere is found by its page; one bit in the first
// page is met at the start, and a restore point takes the place of the file.
func (s *stage) damaged() (string, []Figure, error) {
	point, err := s.backUp()
	if err != nil {
		return "", nil, err
	}
	s.halt()
	path := s.folder.Database()
	good, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	const page = 4096
	at := page + rand.IntN(len(good)-page)
	if err := flip(path, int64(at)); err != nil {
		return "", nil, err
	}
	begun := time.Now()
	report, err := storage.VerifyFile(s.ctx, path, nil)
	found := time.Since(begun)
	if err != nil {
		return "", nil, err
	}
	if want := fmt.Sprintf("page %d is damaged", at/page+1); !strings.Contains(strings.Join(report.Problems, "\n"), want) {
		return "", nil, fmt.Errorf("byte %d was changed and nothing says that %s", at, want)
	}
	if err := errors.Join(flip(path, int64(at)), flip(path, 3000)); err != nil {
		return "", nil, err
	}
	s.start()
	noticed, back, err := s.restore(backup.Corrupt, point)
	return fmt.Sprintf("One bit changed in page %d: the verification names the page. One in the first page: the server stops before its books and restores the backup; the damaged file is kept aside", at/page+1),
		[]Figure{{"Damage found in", found, 0}, {"Server says so after", noticed, 0}, {"Restored in", back, 0}}, err
}

// flip changes one bit of a file that nobody has open.
func flip(path string, at int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	b := make([]byte, 1)
	if _, err = f.ReadAt(b, at); err == nil {
		b[0] ^= 4
		_, err = f.WriteAt(b, at)
	}
	return errors.Join(err, f.Close())
}

// deleted is scenario 6.1.
func (s *stage) deleted() (string, []Figure, error) {
	point, err := s.backUp()
	if err != nil {
		return "", nil, err
	}
	s.halt()
	if err := s.remove(); err != nil {
		return "", nil, err
	}
	s.start()
	noticed, back, err := s.restore(backup.Missing, point)
	return "Database file deleted; the server offered its newest backup, restored it, and the PCs worked on", []Figure{{"Server says so after", noticed, 0}, {"Restored in", back, 0}}, err
}

// remove deletes the books of the stopped server.
func (s *stage) remove() error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(s.folder.Database() + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// backupDamaged is scenario 4.3: the database is gone, and so is one bit of the newest
// backup. Nobody posts between the two backups, so that the older one loses nothing.
func (s *stage) backupDamaged() (string, []Figure, error) {
	older, err := s.backUp()
	if err != nil {
		return "", nil, err
	}
	if err := s.until(patience, "another second for another backup", func() bool { return time.Since(older.TakenAt) > 2*time.Second }); err != nil {
		return "", nil, err
	}
	newest, err := s.backUp()
	if err != nil {
		return "", nil, err
	}
	s.halt()
	if err := errors.Join(s.remove(), flip(newest.Path, newest.Size/2)); err != nil {
		return "", nil, err
	}
	s.start()
	at := time.Now()
	err = s.until(patience, "the damaged backup is found and the next one offered", func() bool {
		r, err := backup.RecoveryStatus.Call(s.ctx, s.own, "", backup.RecoveryStatusReq{})
		return err == nil && r.Offer == older.Path
	})
	found := time.Since(at)
	if err != nil {
		return "", nil, err
	}
	_, back, err := s.restore(backup.Missing, older)
	return "Database deleted and one bit changed in its newest backup: that one is marked as damaged, the one before is offered and restored", []Figure{{"Found after", found, 0}, {"Restored in", back, 0}}, err
}
