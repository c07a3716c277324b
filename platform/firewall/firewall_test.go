package firewall

import (
	"strings"
	"testing"
)

var everywhere = []network{{"Domain", true, false}, {"Private", true, false}, {"Public", true, false}}

const exe = `C:\Program Files\Masala\masala.exe`

// TestWindows: rules as Windows 10 and 11 write them into the registry.
func TestWindows(t *testing.T) {
	const (
		tcp     = `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8090|Name=Masala TCP|`
		udp     = `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=8090|Name=Masala UDP|`
		program = `v2.31|Action=Allow|Active=TRUE|Dir=In|App=C:\Program Files\Masala\masala.exe|Name=Masala|`
		asked   = `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Private|App=c:\program files\masala\MASALA.EXE|Name=masala.exe|Desc=masala.exe|Defer=User|`
		askedU  = `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=17|Profile=Private|App=c:\program files\masala\MASALA.EXE|Name=masala.exe|Desc=masala.exe|Defer=User|`
		cancel  = `v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Private|Profile=Public|App=C:\Program Files\Masala\masala.exe|Name=masala.exe|Desc=masala.exe|Defer=User|`
		spooler = `v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=RPC|App=%SystemRoot%\system32\spoolsv.exe|Svc=Spooler|Name=@FirewallAPI.dll,-28535|EmbedCtxt=@FirewallAPI.dll,-28502|`
	)
	for name, c := range map[string]struct {
		networks []network
		rules    []string
		tcp, udp State
		says     string
		fixes    int
	}{
		"nothing set up":            {everywhere, []string{spooler}, Blocked, Blocked, "Windows Firewall blocks port 8090.", 2},
		"both rules":                {everywhere, []string{spooler, tcp, udp}, Allowed, Allowed, "Windows Firewall lets port 8090 in.", 0},
		"UDP forgotten":             {everywhere, []string{tcp}, Allowed, Blocked, "Windows Firewall blocks UDP port 8090.", 2},
		"a rule of the program":     {everywhere, []string{program}, Allowed, Allowed, "lets port 8090 in", 0},
		"another program's rule":    {everywhere, []string{strings.ReplaceAll(program, "masala.exe", "other.exe")}, Blocked, Blocked, "blocks port 8090", 2},
		"another port":              {everywhere, []string{strings.ReplaceAll(tcp, "8090", "8091")}, Blocked, Blocked, "blocks port 8090", 2},
		"a range of ports":          {everywhere, []string{strings.ReplaceAll(tcp, "LPort=8090", "LPort2_10=8000-8100"), udp}, Allowed, Allowed, "lets port 8090 in", 0},
		"switched off rule":         {everywhere, []string{strings.Replace(tcp, "Active=TRUE", "Active=FALSE", 1), udp}, Blocked, Allowed, "blocks TCP port 8090", 2},
		"outbound rule":             {everywhere, []string{strings.Replace(tcp, "Dir=In", "Dir=Out", 1), udp}, Blocked, Allowed, "blocks TCP port 8090", 2},
		"allowed on private only":   {everywhere, []string{asked, askedU}, Partly, Partly, "blocks port 8090 on Domain and Public networks.", 2},
		"cancelled at the question": {everywhere, []string{tcp, udp, cancel}, Partly, Allowed, "by a rule of its own, as Windows makes one when somebody presses Cancel at its question.", 3},
		"from some addresses only":  {everywhere, []string{strings.Replace(tcp, "Name=", "RA4=10.1.1.1|Name=", 1), udp}, Blocked, Allowed, "blocks TCP port 8090", 2},
		"from the local subnet":     {everywhere, []string{strings.Replace(tcp, "Name=", "RA4=LocalSubnet|Name=", 1), udp}, Allowed, Allowed, "lets port 8090 in", 0},
		"off":                       {[]network{{"Domain", false, false}, {"Private", false, false}, {"Public", false, false}}, nil, Allowed, Allowed, "The firewall of Windows is off.", 0},
		"off at home, on in public": {[]network{{"Private", false, false}, {"Public", true, false}}, nil, Blocked, Blocked, "blocks port 8090", 2},
		"lets everything in":        {[]network{{"Private", true, true}}, nil, Allowed, Allowed, "lets port 8090 in", 0},
		"settings cannot be read":   {nil, nil, Unknown, Unknown, "cannot be read", 0},
		"rules that are no rules":   {everywhere, []string{"", "|||", "v2.31|Action=ByPass|Active=TRUE|Dir=In|", "x=y"}, Blocked, Blocked, "blocks port 8090", 2},
		"any protocol, every port":  {everywhere, []string{`v2.31|Action=Allow|Active=TRUE|Dir=In|Name=all|`}, Allowed, Allowed, "lets port 8090 in", 0},
		"TCP of every port":         {everywhere, []string{`v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|App=C:\Program Files\Masala\masala.exe|Name=x|`, udp}, Allowed, Allowed, "lets port 8090 in", 0},
	} {
		r := judgeWindows(c.networks, c.rules, exe, 8090)
		if r.TCP != c.tcp || r.UDP != c.udp || !strings.Contains(r.Why, c.says) || len(r.Fix) != c.fixes {
			t.Errorf("%s: %+v, want %s %s %q and %d commands", name, r, c.tcp, c.udp, c.says, c.fixes)
		}
	}
}

func FuzzParseRule(f *testing.F) {
	f.Add(`v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8090-|Name=Masala|`)
	f.Fuzz(func(_ *testing.T, s string) {
		if r, ok := parseRule(s); ok {
			r.fits(6, 8090, exe)
		}
	})
}
