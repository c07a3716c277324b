package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"masala/assets"
	"masala/core"
	"masala/core/licence"
	"masala/platform/atomicfile"
	"masala/platform/paths"
	"masala/transport/node"
)

// licensing is what the server of this PC is judged by.
func licensing() (*node.Licensing, error) {
	key, err := assets.LicenseKey()
	if err != nil {
		return nil, err
	}
	machine, err := paths.Machine()
	if err != nil {
		return nil, err
	}
	day, _ := time.Parse(time.DateOnly, built) // zero where it is not known
	return &node.Licensing{Key: key, Machine: machine, Built: day}, nil
}

// serve runs the service; one that asks for it is started anew, by the supervisor if
// there is one.
func (c *serveCommand) serve(ctx context.Context, o node.ServiceOptions, supervised bool) error {
	for {
		if err := node.Serve(ctx, o); supervised || !errors.Is(err, node.ErrRestart) {
			return err
		}
	}
}

// licenseCommand is the vendor's tool and what support asks users for.
type licenseCommand struct {
	HardwareID hardwareIDCommand     `cmd:"" name:"hardware-id" help:"Print the Hardware ID of this PC."`
	Inspect    inspectLicenseCommand `cmd:"" help:"Show what a license file says and whether it is genuine."`
	Keygen     keygenCommand         `cmd:"" help:"Vendor: make a key pair."`
	Issue      issueLicenseCommand   `cmd:"" help:"Vendor: issue a license file."`
	Reset      resetClockCommand     `cmd:"" help:"Vendor: issue a clock reset for a server that locked itself."`
}

type hardwareIDCommand struct{}

func (hardwareIDCommand) Run(*env) error {
	fmt.Println(node.HardwareID())
	return nil
}

type keygenCommand struct {
	Out string `help:"File of the private key. Keep it secret and keep a copy." default:"vendor.key" type:"path"`
}

func (c *keygenCommand) Run(*env) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	// O_EXCL: the key that all licenses were made with is never overwritten.
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return core.Errorf(core.CodeConflict, "%s is there already. Name another file with --out.", c.Out)
	}
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintln(f, vendorHead+base64.StdEncoding.EncodeToString(private.Seed())); err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "The private key is in %s. The line below is the public key: put it into assets/license.pub before building the program.\n", c.Out)
	fmt.Println(base64.StdEncoding.EncodeToString(public))
	return nil
}

const vendorHead = "MASALA VENDOR KEY 1 "

func vendorKey(path string) (ed25519.PrivateKey, error) {
	b, err := atomicfile.Read(path, 4<<10)
	if err != nil {
		return nil, core.Errorf(core.CodeNotFound, "The private key %s cannot be read. Name its file with --key.", path).Because(err)
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(string(b)), vendorHead)
	seed, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(seed) != ed25519.SeedSize {
		return nil, core.Errorf(core.CodeInvalid, "%s is no private key of \"masala license keygen\".", path)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

type issueLicenseCommand struct {
	Key      string `help:"File of the private key." default:"vendor.key" type:"path"`
	Customer string `help:"Name and town of the factory." required:""`
	Hardware string `help:"Hardware ID that the factory sent." required:""`
	Expires  string `help:"First day that is no longer covered, 2027-02-12." required:""`
	Issued   string `help:"Day of issue. Default: today."`
	Serial   string `help:"Serial number of the license." required:""`
	Edition  string `help:"Edition." default:"standard"`
	Out      string `help:"File to write." default:"license.key" type:"path"`
}

func (c *issueLicenseCommand) Run(*env) error {
	key, err := vendorKey(c.Key)
	if err != nil {
		return err
	}
	l := licence.License{Serial: core.Text(c.Serial), Customer: core.Text(c.Customer), Edition: core.Text(c.Edition), Issued: core.DateOf(time.Now(), time.Local)}
	if l.Hardware, err = licence.ParseHardwareID(c.Hardware); err != nil {
		return err
	}
	if c.Issued != "" {
		if l.Issued, err = core.ParseDate(c.Issued); err != nil {
			return core.Invalid("issued", "There is no day %q. Write it like 2026-02-13.", c.Issued)
		}
	}
	if l.Expires, err = core.ParseDate(c.Expires); err != nil {
		return core.Invalid("expires", "There is no day %q. Write it like 2027-02-12.", c.Expires)
	}
	file, err := l.Sign(key)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(c.Out, file, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s is for %s until %s, read-only from that day and locked from %s.\n", c.Out, l.Customer, l.Expires, l.Term().LockedFrom())
	return nil
}

type resetClockCommand struct {
	Key      string `help:"File of the private key." default:"vendor.key" type:"path"`
	Hardware string `help:"Hardware ID that the factory sent." required:""`
	Serial   string `help:"Serial number of this reset; each works once." required:""`
	Out      string `help:"File to write." default:"clock-reset.key" type:"path"`
}

func (c *resetClockCommand) Run(*env) error {
	key, err := vendorKey(c.Key)
	if err != nil {
		return err
	}
	r := licence.Reset{Serial: core.Text(c.Serial), Issued: time.Now().UTC().Truncate(time.Second)}
	if r.Hardware, err = licence.ParseHardwareID(c.Hardware); err != nil {
		return err
	}
	file, err := r.Sign(key)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(c.Out, file, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s works once, within %d days, on the server %s. Load it in System > License with its clock set right, then restart.\n", c.Out, licence.ResetDays, r.Hardware)
	return nil
}

type inspectLicenseCommand struct {
	File   string `arg:"" help:"License file." type:"path"`
	Public string `help:"Check with this public key instead of the program's."`
}

func (c *inspectLicenseCommand) Run(*env) error {
	key, err := assets.LicenseKey()
	if c.Public != "" {
		key, err = assets.ParseLicenseKey(c.Public)
	}
	if err != nil {
		return err
	}
	file, err := atomicfile.Read(c.File, licence.MaxFile)
	if err != nil {
		return core.Errorf(core.CodeNotFound, "%s cannot be read.", c.File).Because(err)
	}
	signed, err := licence.Open(file, key)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	var bound licence.HardwareID
	switch l := signed.(type) {
	case licence.License:
		bound = l.Hardware
		fmt.Fprintf(w, "serial\t%s\ncustomer\t%s\nedition\t%s\nissued\t%s\nexpires\t%s\nlocked from\t%s\n", l.Serial, l.Customer, l.Edition, l.Issued, l.Expires, l.Term().LockedFrom())
	case licence.Reset:
		bound = l.Hardware
		fmt.Fprintf(w, "clock reset\t%s\nissued\t%s\n", l.Serial, l.Issued.Format(time.RFC3339))
	}
	fits := "no"
	if bound.Matches(node.HardwareID()) {
		fits = "yes"
	}
	fmt.Fprintf(w, "hardware\t%s\nfits this PC\t%s\nsignature\tgood, key %s\n", bound, fits, licence.KeyName(key))
	return w.Flush()
}

// readNamed reads a file that the user of the window named.
func readNamed(path string) ([]byte, error) { return atomicfile.Read(path, 1<<20) }
