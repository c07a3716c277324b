package core

import "testing"

func TestServerAddress(t *testing.T) {
	for _, good := range []string{"192.168.1.10", "192.168.1.10:8090", " 10.0.0.1 ", "SERVER-PC", "server_pc.factory.local:8091", "fe80::1", "[fe80::1]:8090", "pc-7"} {
		if err := CheckServerAddress("address", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for bad, says := range map[string]string{
		"192.168.1.300:99999": `"99999" is no port. Enter a number from 1 to 65535 behind the colon, or nothing for the usual one.`,
		"192.168.1.10:":       `"" is no port. Enter a number from 1 to 65535 behind the colon, or nothing for the usual one.`,
		"192.168.1.10:0":      `"0" is no port. Enter a number from 1 to 65535 behind the colon, or nothing for the usual one.`,
		"192.168.1.300":       `"192.168.1.300" is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
		"192.168.1":           `"192.168.1" is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
		"192.168.1.10.":       `"192.168.1.10." is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
		"12345":               `"12345" is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
		"http://server":       `"" is no port.`,
		"server pc":           `"server pc" is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
		"::10::1":             `"::10:" is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
		"-pc":                 `"-pc" is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
		"":                    `"" is no address of a PC. Enter one like 192.168.1.10, or the name of the server PC.`,
	} {
		err := CheckServerAddress("address", bad)
		if CodeOf(err) != CodeInvalid {
			t.Errorf("%q is taken: %v", bad, err)
		} else if bad != "http://server" && err.Error() != says {
			t.Errorf("%q: %s", bad, err)
		}
	}
}
