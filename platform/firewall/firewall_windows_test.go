package firewall

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// TestLook_ReadsTheRegistry writes the settings and rules of a firewall where Windows
// keeps them. It needs an administrator, and an empty Windows: under Wine it has both.
func TestLook_ReadsTheRegistry(t *testing.T) {
	if k, err := registry.OpenKey(registry.LOCAL_MACHINE, local, registry.QUERY_VALUE); err == nil {
		k.Close()
		t.Skip("this Windows has a firewall of its own, whose rules are not to be touched")
	}
	set := func(path, name string, value any) {
		t.Helper()
		k, _, err := registry.CreateKey(registry.LOCAL_MACHINE, path, registry.SET_VALUE)
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		switch v := value.(type) {
		case string:
			err = k.SetStringValue(name, v)
		case uint32:
			err = k.SetDWordValue(name, v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, key := range []string{`\FirewallRules`, `\PublicProfile`, `\StandardProfile`, ""} {
			if err := registry.DeleteKey(registry.LOCAL_MACHINE, local+key); err != nil {
				t.Error(err)
			}
		}
	})
	if r := Look(t.Context(), os.Args[0], 8090); r.State() != Unknown {
		t.Errorf("without any settings: %+v", r)
	}
	set(local+`\StandardProfile`, "EnableFirewall", uint32(1))
	set(local+`\PublicProfile`, "EnableFirewall", uint32(1))
	if r := Look(t.Context(), os.Args[0], 8090); r.State() != Blocked || len(r.Fix) != 2 {
		t.Errorf("on, without rules: %+v", r)
	}
	set(local+`\FirewallRules`, "{1}", "v2.31|Action=Allow|Active=TRUE|Dir=In|App="+os.Args[0]+"|Name=Masala|")
	if r := Look(t.Context(), os.Args[0], 8090); r.State() != Allowed {
		t.Errorf("with a rule of the program: %+v", r)
	}
	set(local+`\FirewallRules`, "{2}", "v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Public|App="+os.Args[0]+"|Name=masala.exe|")
	if r := Look(t.Context(), os.Args[0], 8090); r.TCP != Partly || r.UDP != Allowed || !strings.Contains(r.Why, "Cancel") {
		t.Errorf("cancelled at the question: %+v", r)
	}
}
