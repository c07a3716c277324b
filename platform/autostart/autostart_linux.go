package autostart

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"masala/platform/atomicfile"
)

func (e Entry) file() (string, error) {
	config, err := os.UserConfigDir() // XDG_CONFIG_HOME or ~/.config
	if err != nil {
		return "", err
	}
	return filepath.Join(config, "autostart", e.ID+".desktop"), nil
}

func (e Entry) enable() error {
	file, err := e.file()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	words := []string{quote(e.Exe)}
	for _, a := range e.Args {
		words = append(words, quote(a))
	}
	text := fmt.Sprintf("[Desktop Entry]\nType=Application\nName=%s\nExec=%s\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
		escape(e.Name), strings.Join(words, " "))
	return atomicfile.Write(file, []byte(text), 0o600)
}

func (e Entry) disable() error {
	file, err := e.file()
	if err != nil {
		return err
	}
	return atomicfile.Remove(file)
}

func (e Entry) enabled() (bool, error) {
	file, err := e.file()
	if err != nil {
		return false, err
	}
	b, err := atomicfile.Read(file, 1<<20)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	on := true
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		switch strings.ReplaceAll(s.Text(), " ", "") {
		case "Hidden=true", "X-GNOME-Autostart-enabled=false":
			on = false
		}
	}
	return on, nil
}

// quote writes one argument of an Exec line (Desktop Entry Specification, "The
// Exec key"): quoted for Exec first, then escaped as a value of the file.
func quote(arg string) string {
	r := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$", `\$`, "%", "%%")
	return escape(`"` + r.Replace(arg) + `"`)
}

// escape writes a value of a desktop file.
func escape(value string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(value)
}
