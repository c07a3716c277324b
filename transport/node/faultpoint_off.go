//go:build !faultpoints

package node

import (
	"context"

	"masala/core"
	"masala/platform/paths"
	"masala/platform/supervise"
	"masala/storage"
)

// The product has no fault points; see faultpoint_on.go.

func faultOpening(ServiceOptions) {}

func faultServing(context.Context, ServiceOptions, *storage.DB) {}

func faultWatch(w supervise.Watch) supervise.Watch { return w }

func faultClock(paths.Folder) core.Clock { return core.SystemClock{} }
