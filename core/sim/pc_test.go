package sim_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/purchase"
	"masala/transport/client"
	"masala/transport/faultnet"
	"masala/transport/identity"
	"masala/ui/form"
)

// folder is the drafts of a PC; it outlives the program, and every write is whole.
type folder struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (f *folder) Write(name string, data []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[name] = slices.Clone(data)
	return nil
}
func (f *folder) Read(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.files[name], nil
}
func (f *folder) Remove(name string) error {
	f.mu.Lock()
	delete(f.files, name)
	f.mu.Unlock()
	return nil
}
func (f *folder) List() ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.files)), nil
}

// officePC is a PC on which somebody posts goods received. The program on it may be
// killed at any time; the person starts it again and goes on.
type officePC struct {
	name     string
	login    string
	host     *faultnet.Host
	identity *identity.Identity
	known    client.Known
	rng      *rand.Rand // of the person; nobody else draws from it
	drafts   *folder
	world    *world

	typed int // GRNs begun

	mu    sync.Mutex
	acked map[string]string // request key to the number the server answered
	begun map[string]string // request key to the invoice, once the draft was kept
	kill  context.CancelFunc
}

// crash kills the program on the PC.
func (p *officePC) crash() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kill != nil {
		p.kill()
	}
}

// live starts the program again and again until ctx ends or posting is over.
func (p *officePC) live(ctx context.Context, posting <-chan struct{}) {
	for ctx.Err() == nil {
		run, kill := context.WithCancel(ctx)
		p.mu.Lock()
		p.kill = kill
		p.mu.Unlock()
		done := p.program(run, posting)
		kill()
		if done {
			return
		}
		p.sleep(ctx, 2*time.Second)
	}
}

// program is one run of the program: offered drafts first, then new GRNs. It returns
// true when posting is over and nothing is left to send.
func (p *officePC) program(ctx context.Context, posting <-chan struct{}) bool {
	c := client.New(client.Config{Identity: p.identity, Name: p.name, Version: "sim", Known: p.known, Dial: p.host.Dial})
	var running sync.WaitGroup
	running.Go(func() { c.Run(ctx) })
	defer running.Wait()
	defer p.crash()
	for !p.logIn(ctx, c) {
		if ctx.Err() != nil {
			return false
		}
		p.sleep(ctx, time.Second)
	}
	drafts := form.NewDrafts(p.drafts, core.SystemClock{}, p.login)
	kept, damaged, err := drafts.List()
	if err != nil || damaged > 0 {
		p.world.fail("%s: drafts: %d damaged, %v", p.name, damaged, err)
	}
	for _, d := range kept {
		f := p.form()
		f.Resume(d)
		if !p.submit(ctx, c, drafts, f) {
			return false
		}
	}
	for ctx.Err() == nil {
		select {
		case <-posting:
			return true
		default:
		}
		p.sleep(ctx, time.Duration(100+p.rng.IntN(1500))*time.Millisecond)
		f := p.form()
		p.typed++
		f.Field("invoice_no").Set(fmt.Sprintf("%s/%d", p.name, p.typed))
		f.Field("kg").Set(strconv.Itoa(1 + p.rng.IntN(500)))
		f.Field("value").Set(strconv.Itoa(100 + p.rng.IntN(90_000)))
		if !p.submit(ctx, c, drafts, f) {
			return false
		}
	}
	return false
}

func (p *officePC) form() *form.Form {
	f := form.New(purchase.PostGRN.Name, "GRN", func() string { return uuid.Must(uuid.NewRandomFromReader(p.world.random)).String() })
	for _, path := range []string{"invoice_no", "kg", "value"} {
		f.Add(form.Field{Path: path})
	}
	return f
}

func (p *officePC) logIn(ctx context.Context, c *client.Client) bool {
	resp, err := account.Login.Call(ctx, c, "", account.LoginReq{Login: p.login, Password: password})
	if err != nil {
		p.expectOutage(ctx, "log in", err)
		return false
	}
	c.SetToken(resp.Token)
	return true
}

// submit keeps the draft, sends, and sends again until the server has answered. It
// returns false when the program was killed meanwhile.
func (p *officePC) submit(ctx context.Context, c *client.Client, drafts *form.Drafts, f *form.Form) bool {
	if ctx.Err() != nil {
		return false
	}
	if err := form.NewAutosave(drafts, f, false).Submitting()(); err != nil {
		p.world.fail("%s: %v", p.name, err)
		return false
	}
	p.mu.Lock()
	p.begun[f.Key()] = f.Field("invoice_no").Text
	p.mu.Unlock()
	for {
		resp, err := purchase.PostGRN.Call(ctx, c, f.Key(), p.world.request(f))
		if err == nil {
			p.mu.Lock()
			if before, again := p.acked[f.Key()]; again && before != resp.Number {
				p.world.fail("%s: answered as %s and as %s", f.Field("invoice_no").Text, before, resp.Number)
			}
			p.acked[f.Key()] = resp.Number
			p.mu.Unlock()
			if ctx.Err() != nil {
				return false // killed with the answer in hand: the draft stays
			}
			if err := drafts.Forget(f.Key()); err != nil {
				p.world.fail("%s: %v", p.name, err)
			}
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		p.expectOutage(ctx, "post "+f.Field("invoice_no").Text, err)
		p.sleep(ctx, time.Duration(500+p.rng.IntN(3000))*time.Millisecond)
	}
}

// expectOutage fails the run for an error that no fault explains.
func (p *officePC) expectOutage(ctx context.Context, what string, err error) {
	var away *client.Unreachable
	if ctx.Err() != nil || errors.As(err, &away) {
		return
	}
	switch core.CodeOf(err) {
	case core.CodeUnavailable, core.CodeDiskFull:
	default:
		p.world.fail("%s: %s: %s: %v", p.name, what, core.CodeOf(err), err)
	}
}

func (p *officePC) sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
