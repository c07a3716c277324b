package node_test

import (
	"context"
	"testing"
	"time"

	"masala/platform/paths"
	"masala/transport/node"
)

func BenchmarkHistory(b *testing.B) {
	for b.Loop() {
		if err := node.FillHistory(context.Background(), paths.Folder(b.TempDir()), time.Date(2026, 2, 28, 12, 30, 0, 0, time.UTC), 37, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}
