package drill

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/catalog"
	"masala/platform/paths"
	"masala/transport/node"
	"masala/ui/form"
)

// twoEditors is scenario 4.1.
func (s *stage) twoEditors() (string, []Figure, error) {
	a, b := s.clients[0], s.clients[len(s.clients)-1]
	edit := func(c *client, name string) (catalog.Item, error) {
		f := s.item.ItemFields
		f.Name = name
		return catalog.UpdateItem.Call(s.ctx, c, uuid.NewString(), catalog.UpdateItemReq{ID: s.item.ID, Version: s.item.Version, ItemFields: f})
	}
	now, err := edit(a, "Cumin seed, Unjha")
	if err != nil {
		return "", nil, err
	}
	s2, err := edit(b, "Cumin seed, bold")
	var refused *core.Error
	if !errors.As(err, &refused) || refused.Code != core.CodeConflict || refused.Message != core.ConflictMessage {
		return "", nil, fmt.Errorf("the second save was answered %q, %v", s2.Name, err)
	}
	s.item = now
	return "Both opened the same item; the first save counts, the second was told: " + refused.Message, nil, nil
}

// typing is how the typist's form looks to both sides.
func typing() (*form.Form, *form.Field) {
	f := form.New("purchase.post_grn", "GRN", uuid.NewString)
	return f, f.Add(form.Field{Path: "note", Label: "Note"})
}

// typist is the user whose draft it is.
const typist = "owner"

// Type types into a form for ever and keeps its draft as every form does: the process
// that scenario 2.1 kills.
func Type(ctx context.Context, folder paths.Folder) error {
	f, note := typing()
	save := form.NewAutosave(form.NewDrafts(node.Drafts{Folder: folder}, core.SystemClock{}, typist), f, false)
	for ctx.Err() == nil {
		note.Set(time.Now().Format(time.RFC3339Nano))
		if write, _ := save.Tick(time.Now()); write != nil {
			if err := write(); err != nil {
				return err
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}

// typistDies is scenario 2.1.
func (s *stage) typistDies() (string, []Figure, error) {
	folder := paths.Folder(filepath.Join(s.options.Dir, "typist"))
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.options.Program, "drill", "--typist", "--data", string(folder))
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	drafts := form.NewDrafts(node.Drafts{Folder: folder}, core.SystemClock{}, typist)
	var list []form.Draft
	err := s.until(patience, "the first draft is on the disk", func() bool { list, _, _ = drafts.List(); return len(list) > 0 })
	time.Sleep(3 * time.Second) // typing on
	killed := time.Now()
	err = errors.Join(err, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	if err != nil {
		return "", nil, err
	}
	list, damaged, err := drafts.List()
	if err != nil || len(list) != 1 || damaged > 0 {
		return "", nil, fmt.Errorf("%d drafts, %d damaged, %v", len(list), damaged, err)
	}
	f, note := typing()
	f.Resume(list[0])
	last, err := time.Parse(time.RFC3339Nano, note.Text)
	if err != nil {
		return "", nil, fmt.Errorf("the draft holds %q", note.Text)
	}
	return "Program killed while somebody typed; the next start offers: " + list[0].Offer(time.Now(), time.Local),
		[]Figure{{"Typing lost", killed.Sub(last), s.bar(form.MayLose)}}, nil
}
