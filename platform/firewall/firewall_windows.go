package firewall

import (
	"context"

	"golang.org/x/sys/windows/registry"
)

// Where Windows keeps its firewall: what is set on this PC, and what a domain sets.
const (
	local  = `SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`
	policy = `SOFTWARE\Policies\Microsoft\WindowsFirewall`
)

func look(_ context.Context, exe string, port int) Report {
	var networks []network
	for _, n := range []struct{ key, name string }{{"DomainProfile", "Domain"}, {"StandardProfile", "Private"}, {"PublicProfile", "Public"}} {
		on, ok := number(local+`\`+n.key, "EnableFirewall")
		if !ok {
			continue
		}
		if set, ok := number(policy+`\`+n.key, "EnableFirewall"); ok {
			on = set
		}
		// 1 blocks what no rule allows, and so does a setting that is not there.
		inbound, ok := number(local+`\`+n.key, "DefaultInboundAction")
		networks = append(networks, network{n.name, on != 0, ok && inbound == 0})
	}
	return judgeWindows(networks, append(texts(local+`\FirewallRules`), texts(policy+`\FirewallRules`)...), exe, port)
}

func number(path, name string) (uint64, bool) {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return 0, false
	}
	defer k.Close()
	n, _, err := k.GetIntegerValue(name)
	return n, err == nil
}

// texts are all values of a key, with %ProgramFiles% and its like written out.
func texts(path string) (list []string) {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer k.Close()
	names, err := k.ReadValueNames(-1)
	if err != nil {
		return nil
	}
	for _, n := range names {
		if s, _, err := k.GetStringValue(n); err == nil {
			if whole, err := registry.ExpandString(s); err == nil {
				s = whole
			}
			list = append(list, s)
		}
	}
	return list
}
