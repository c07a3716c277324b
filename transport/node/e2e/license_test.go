package e2e

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/licence"
)

// TestLicense_VendorToFactory: the vendor makes a key, builds the program with it,
// issues a license for the Hardware ID the factory sent, and the real server takes it
// when it is put into its folder. Another vendor's file, and one that was edited, it
// does not take.
func TestLicense_VendorToFactory(t *testing.T) {
	dir := t.TempDir()
	vendor := newPC(t)
	key := filepath.Join(dir, "vendor.key")
	public := strings.TrimSpace(vendor.must("license", "keygen", "--out", key))
	if i, err := os.Stat(key); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("the private key: %v, %v", i, err)
	}
	if _, problem, code := vendor.run("license", "keygen", "--out", key); code != 3 || !strings.Contains(problem, "is there already") {
		t.Errorf("a second key over the first: exit %d, %s", code, problem)
	}
	before := exe
	exe = filepath.Join(dir, "masala")
	defer func() { exe = before }()
	if out, err := exec.Command("go", "build", "-ldflags", "-X masala/assets.licenseKey="+public, "-o", exe, "masala").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	s := newService(t)
	s.start()
	s.setUp()
	if st := call(s.pc, licence.Status, licence.StatusReq{}); !st.Trial || st.Left < licence.TrialDays-1 || st.Mode != licence.Active {
		t.Fatalf("before: %+v", st)
	}
	id := strings.TrimSpace(s.must("license", "hardware-id"))
	file := filepath.Join(dir, "license.key")
	expires := core.DateOf(time.Now(), time.Local).AddDays(400)
	vendor.must("license", "issue", "--key", key, "--customer", "Test factory, Pune", "--hardware", strings.ToLower(id), "--serial", "ML-7", "--expires", expires.ISO(), "--out", file)
	if out := vendor.must("license", "inspect", file); !strings.Contains(out, "Test factory, Pune") || !strings.Contains(out, "fits this PC  yes") {
		t.Errorf("inspect says\n%s", out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(text), expires.ISO(), expires.AddDays(365).ISO(), 1)
	drop := func(text string) {
		if err := os.WriteFile(s.folder().License(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	until := func(what string, right func(licence.StatusResp) bool) {
		t.Helper()
		var st licence.StatusResp
		for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); {
			if st = call(s.pc, licence.Status, licence.StatusReq{}); right(st) {
				return
			}
		}
		t.Fatalf("%s: %+v", what, st)
	}
	drop(edited)
	until("edited", func(st licence.StatusResp) bool { return st.Trial && st.Problem == licence.Changed })
	drop(string(text))
	until("genuine", func(st licence.StatusResp) bool { return !st.Trial && st.Serial == "ML-7" && st.Expires == expires })
	if code := s.stop(); code != 0 {
		t.Errorf("the server ended with %d", code)
	}
	s.start()
	until("after a restart", func(st licence.StatusResp) bool { return st.Serial == "ML-7" })

	zipped := filepath.Join(dir, "books.zip")
	s.must("export", zipped)
	z, err := zip.OpenReader(zipped)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if !strings.Contains(strings.Join(names, " "), "item.csv") {
		t.Errorf("the export holds %v", names)
	}
}
