//go:build !faultpoints

package node

import (
	"context"

	"masala/platform/supervise"
	"masala/storage"
)

// The product has no fault points; see faultpoint_on.go.

func faultOpening(ServiceOptions) {}

func faultServing(context.Context, ServiceOptions, *storage.DB) {}

func faultWatch(w supervise.Watch) supervise.Watch { return w }
