package paths

import (
	"os"
	"path/filepath"
)

func home() (string, error) {
	if d := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(d) { // a relative one must be ignored (XDG base directory spec)
		return filepath.Join(d, "masala"), nil
	}
	h, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(h, ".local", "share", "masala"), nil
}

// protect does nothing: the folder was made with mode 0700.
func protect(string) error { return nil }

func machine() (string, error) {
	if d := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "masala"), nil
	}
	h, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(h, ".local", "state", "masala"), nil
}
