package storage

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"masala/core/app"
)

// TestPingTakesAReader: while every reader hangs the watchdog gets no answer.
func TestPingTakesAReader(t *testing.T) {
	db, err := Open(context.Background(), Options{Path: filepath.Join(t.TempDir(), "masala.db"), Readers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	back, has := make(chan struct{}), make(chan struct{})
	for range 2 {
		go func() {
			_ = db.Read(context.Background(), func(app.Store) error { has <- struct{}{}; <-back; return nil })
		}()
		<-has
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if err := db.Ping(ctx); err == nil {
		t.Error("a ping is answered though no reader is free")
	}
	close(back)
	if err := db.Ping(context.Background()); err != nil {
		t.Errorf("with readers again: %v", err)
	}
}
