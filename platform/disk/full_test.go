package disk

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

func TestFull(t *testing.T) {
	for _, code := range full {
		if err := fmt.Errorf("copy: %w", &os.PathError{Op: "write", Path: "x", Err: code}); !Full(err) {
			t.Errorf("%v is no full disk", err)
		}
	}
	for _, err := range []error{nil, errors.New("full"), os.ErrPermission, os.ErrNotExist} {
		if Full(err) {
			t.Errorf("%v is a full disk", err)
		}
	}
}
