package node

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"

	"masala/platform/atomicfile"
	"masala/platform/paths"
)

// Runtime tells a window or command on this PC how to reach the running service.
// It lies in the data folder, readable by its owner only.
type Runtime struct {
	Address string `json:"address"` // loopback, host:port
	Token   string `json:"token"`   // launch token: proves "this PC", not a user
	PID     int    `json:"pid"`
	LAN     string `json:"lan,omitempty"` // where clients reach it
}

// ReadRuntime reads what the running service of this folder wrote.
func ReadRuntime(f paths.Folder) (r Runtime, err error) {
	b, err := atomicfile.Read(f.Runtime(), 4<<10)
	if err != nil {
		if spare, e := SpareFolder(f); e == nil {
			if b2, e := atomicfile.Read(filepath.Join(spare, runtimeFile), 4<<10); e == nil {
				b, err = b2, nil
			}
		}
	}
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(b, &r)
}

const runtimeFile = "runtime.json"

// SpareFolder is where the runtime file and the logs of a data folder lie that cannot
// be written: among the caches of this user, which nobody else may read. It creates
// nothing.
func SpareFolder(f paths.Folder) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	h := sha256.Sum256([]byte(f))
	return filepath.Join(cache, "masala-"+hex.EncodeToString(h[:8])), nil
}

// publish tells this PC how to reach the service, until forget is called.
func publish(f paths.Folder, r Runtime) (forget func(), err error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	path := f.Runtime()
	if err := writePrivate(path, b); err != nil {
		spare, serr := SpareFolder(f)
		if serr != nil {
			return nil, err
		}
		if err := os.MkdirAll(spare, 0o700); err != nil {
			return nil, err
		}
		path = filepath.Join(spare, runtimeFile)
		if err := writePrivate(path, b); err != nil {
			return nil, err
		}
	}
	return func() { _ = os.Remove(path) }, nil
}

func writePrivate(path string, b []byte) error { return atomicfile.Write(path, b, 0o600) }
