package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"masala/core"
	"masala/core/backup"
	"masala/platform/atomicfile"
	"masala/storage"
	store "masala/storage/backup"
	"masala/transport/node"
)

// backupCommand makes a restore point, beside a running server too.
type backupCommand struct {
	To string `help:"Folder, such as a USB drive. Default: the backup folder of the server." placeholder:"DIR" type:"path"`
}

func (c *backupCommand) Run(e *env) error {
	if !node.HasBooks(e.folder) {
		return core.Errorf(core.CodeNotFound, "There is no database in %s.", e.folder)
	}
	to := c.To
	if to == "" {
		to = node.BackupFolders(e.folder)[0]
	} else if _, err := os.Stat(to); err != nil {
		return core.Errorf(core.CodeUnavailable, "The folder %s cannot be reached. Plug its drive in, or choose another folder.", to).Because(err)
	}
	license, _ := atomicfile.Read(e.folder.License(), 64<<10) // there may be none
	copyBooks := func(ctx context.Context, dst string, progress func(done, total int)) (backup.Contents, error) {
		return storage.CopyFile(ctx, e.folder.Database(), dst, progress)
	}
	bar, tell := progress()
	// The work lies beside the backups: that of the data folder is swept by the service.
	p, err := store.Job{Copy: copyBooks, Folder: to, Scratch: to, Room: node.RoomOf(e.folder), Kind: backup.Manual, Program: version, License: string(license), Now: time.Now(), Tell: tell}.Run(e.ctx)
	_ = bar.Clear()
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%s. %.1f MB, %d documents, ledger row %d.\n", p.Path, p.Says, float64(p.Size)/(1<<20), p.Documents, p.Seq)
	return nil
}

func progress() (*progressbar.ProgressBar, func(step string, percent int)) {
	bar := progressbar.NewOptions(100, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(false), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))))
	return bar, func(step string, percent int) {
		bar.Describe(fmt.Sprintf("%-32.32s", step))
		_ = bar.Set(percent)
	}
}

// restoreCommand lists the restore points, or restores one.
type restoreCommand struct {
	Point string `arg:"" optional:"" help:"Restore point: its name, or the path of its file. Without it they are listed."`
	From  string `help:"Look for restore points in this folder too." placeholder:"DIR" type:"path"`
	Code  string `help:"Recovery code, so that the PCs trust this one as their server: on other hardware only."`
	Yes   bool   `help:"Do not ask."`
}

func (c *restoreCommand) Run(e *env) error {
	folders := node.BackupFolders(e.folder)
	if c.From != "" {
		folders = append(folders, c.From)
	}
	points := []backup.Point{}
	for _, f := range folders {
		list, err := store.List(f, time.Now(), time.Local)
		if err != nil {
			fmt.Fprintln(os.Stderr, "masala:", err)
		}
		points = append(points, list...)
	}
	backup.Sort(points, time.Now(), time.Local)
	if c.Point == "" {
		return listPoints(points)
	}
	path, err := findPoint(points, c.Point)
	if err != nil {
		return err
	}
	if c.Code != "" {
		if _, err := backup.ReadCode(c.Code); err != nil {
			return core.Invalid("code", "This is no recovery code.")
		}
	}
	if !c.Yes && !ask(fmt.Sprintf("Restore %s over the books in %s? They are kept aside. [y/N] ", filepath.Base(path), e.folder)) {
		return core.Errorf(core.CodeConflict, "Nothing was restored.")
	}
	bar, tell := progress()
	aside, err := node.RestoreOffline(e.ctx, e.folder, backup.RestoreReq{Path: path, Code: c.Code}, tell)
	_ = bar.Clear()
	if err != nil {
		return err
	}
	fmt.Printf("Restored %s.\nWhat was there is kept in %s.\nStart the server; an Admin confirms the restored books in it.\n", filepath.Base(path), aside)
	return nil
}

func listPoints(points []backup.Point) error {
	if len(points) == 0 {
		return core.Errorf(core.CodeNotFound, "There are no restore points.")
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, p := range points {
		fmt.Fprintf(w, "%s\t%s\t%s\t%.1f MB\t%s\t%s\n", p.ID, p.Age(time.Now()), p.Kind, float64(p.Size)/(1<<20), p.State, p.Says)
	}
	return w.Flush()
}

func findPoint(points []backup.Point, named string) (string, error) {
	for _, p := range points {
		if p.ID == named || p.Path == named {
			return p.Path, nil
		}
	}
	path, err := filepath.Abs(named)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return "", core.NotFound("point", "There is no restore point %s. \"masala restore\" lists them.", named)
	}
	return path, nil
}

func ask(question string) bool {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return false
	}
	fmt.Fprint(os.Stderr, question)
	var answer string
	_, err := fmt.Scanln(&answer)
	return err == nil && (answer == "y" || answer == "Y" || answer == "yes")
}

// userCommand groups what is done to users on the server's console.
type userCommand struct {
	Reset userResetCommand `cmd:"" help:"Give a user a new password, on the console of the stopped server; it is audited."`
}

// userResetCommand is the way back in when the last Admin's password is forgotten.
type userResetCommand struct {
	Login    string `arg:"" help:"User name."`
	Password string `help:"New password; asked for when it is not given." env:"MASALA_NEW_PASSWORD"`
}

func (c *userResetCommand) Run(e *env) (err error) {
	if !node.HasBooks(e.folder) {
		return core.Errorf(core.CodeNotFound, "There is no database in %s.", e.folder)
	}
	if c.Password == "" {
		if c.Password, err = askNewPassword(c.Login); err != nil {
			return err
		}
	}
	if err := node.ResetUser(e.ctx, e.folder, c.Login, c.Password, time.Now()); err != nil {
		return err
	}
	fmt.Printf("%s has a new password and is in use.\n", c.Login)
	return nil
}

func askNewPassword(user string) (string, error) {
	first, err := askPassword(user)
	if err != nil {
		return "", err
	}
	again, err := askPassword(user)
	if err == nil && first != again {
		err = errors.New("The two passwords differ.")
	}
	return first, err
}
