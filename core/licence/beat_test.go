package licence

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"masala/core"
)

func TestAttack_HeartbeatEdited(t *testing.T) {
	b := Beat{Hardware: HardwareID{1, 2, 3, 4}, Count: 7, At: time.Unix(1e9, 0).UTC(), Day: core.NewDate(2026, 2, 12), Trial: time.Unix(9e8, 0).UTC()}
	file, err := b.seal([]byte("secret"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := openBeat(file, []byte("secret")); err != nil || !got.At.Equal(b.At) || got.Hardware != b.Hardware {
		t.Fatalf("read %+v, %v", got, err)
	}
	if bytes.Contains(file, []byte("2001")) || bytes.Contains(file, []byte("hardware")) {
		t.Error("the heartbeat is not encrypted")
	}
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 1
		if _, err := openBeat(bad, []byte("secret")); err == nil {
			t.Fatalf("byte %d changed and taken", i)
		}
		if _, err := openBeat(file[:i], []byte("secret")); err == nil {
			t.Fatalf("cut at %d and taken", i)
		}
	}
	if _, err := openBeat(file, []byte("another")); err == nil {
		t.Error("the heartbeat of a program with another key is taken")
	}
	again, err := b.seal([]byte("secret"), rand.Reader)
	if err != nil || bytes.Equal(file, again) {
		t.Errorf("two heartbeats look the same: %v", err)
	}
}

func TestBeat_MergeTakesTheStricter(t *testing.T) {
	at := func(h int) time.Time { return time.Unix(int64(h)*3600, 0).UTC() }
	one := Beat{Count: 5, At: at(10), Day: 3, Trial: at(2)}
	two := Beat{Count: 4, At: at(12), Day: 2, Trial: at(1)}
	for _, m := range []Beat{one.merge(two), two.merge(one)} {
		if m.Count != 5 || !m.At.Equal(at(12)) || m.Day != 3 || !m.Trial.Equal(at(1)) {
			t.Errorf("merged to %+v", m)
		}
	}
	reset := Beat{Count: 6, At: at(7), Day: 1, Trial: at(2), Resets: []UsedReset{{"CR-1", 9}}}
	for _, m := range []Beat{one.merge(reset), reset.merge(one)} {
		if !m.At.Equal(at(7)) || m.Day != 1 || len(m.Resets) != 1 {
			t.Errorf("a place that missed the reset wins: %+v", m)
		}
	}
	if m := (Beat{At: at(1)}).merge(Beat{Trial: at(3)}); !m.Trial.Equal(at(3)) {
		t.Errorf("no trial wins over one: %+v", m)
	}
}
