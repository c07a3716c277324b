package storagetest

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"masala/core"
	"masala/core/op"
)

// Rounds is how many random factories a test plays: usual of them, or as many as
// MASALA_PROPERTY_ROUNDS asks for.
func Rounds(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("MASALA_PROPERTY_ROUNDS")); err == nil && n > 0 {
		return n
	}
	return usual
}

// RapidRounds lets package rapid check so many, and look for a small story of what fails
// for as long as whole stories need. It is called by an init, before flags are read.
func RapidRounds(usual int) {
	for name, value := range map[string]string{"rapid.checks": strconv.Itoa(Rounds(usual)), "rapid.shrinktime": "3m"} {
		if f := flag.Lookup(name); f != nil {
			f.DefValue = value
			_ = f.Value.Set(value)
		}
	}
}

// Tally counts what was done in random factories, so that a property test can prove that
// it tried something. Many goroutines may count at once.
type Tally struct {
	mu        sync.Mutex
	factories int
	done      map[string]int // writes by the name of the operation
	refused   map[string]int
	happened  map[string]int // what the books say
}

// NewTally counts from nothing.
func NewTally() *Tally {
	return &Tally{done: map[string]int{}, refused: map[string]int{}, happened: map[string]int{}}
}

// Factory counts every write in f from now on.
func (t *Tally) Factory(f *Factory) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.factories++
	f.tally = t
}

// Happened counts something that the books say.
func (t *Tally) Happened(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.happened[what]++
}

func (t *Tally) answered(operation string, err error) {
	m, known := op.Lookup(operation)
	if t == nil || !known || m.Kind == op.Read || m.Keyless || core.CodeOf(err) == core.CodeUnavailable {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.done[operation]++
	} else {
		t.refused[operation]++
	}
}

// many factories are alike.
const many = 100

// Refused is what Least calls the refusals of all operations together.
const Refused = "refused"

// Least fails the test unless everything named, an operation that was accepted or
// something that happened, was counted at least so often in usual factories, and in
// proportion in more of them. Factories differ, so fewer than many owe a quarter, and
// short stories half of that.
func (t *Tally) Least(tb testing.TB, usual int, least map[string]int) {
	tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, what := range slices.Sorted(maps.Keys(least)) {
		want := least[what] * t.factories / usual
		if t.factories < many {
			want /= 4
		}
		if testing.Short() {
			want /= 2
		}
		have := t.done[what] + t.happened[what]
		if what == Refused {
			for _, n := range t.refused {
				have += n
			}
		}
		if have < want {
			tb.Errorf("%s: %d times in %d factories, must be %d at least. A property test that does nothing proves nothing.", what, have, t.factories, want)
		}
	}
}

// Tried fails the test unless every write of the given areas, but for some, was tried in
// usual factories or more; fewer, or short ones, need not come to everything.
func (t *Tally) Tried(tb testing.TB, usual int, areas []string, but ...string) {
	tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.factories < usual || testing.Short() {
		return
	}
	for _, m := range op.All() {
		area, _, _ := strings.Cut(m.Name, ".")
		if m.Kind == op.Read || !slices.Contains(areas, area) || slices.Contains(but, m.Name) {
			continue
		}
		if t.done[m.Name]+t.refused[m.Name] == 0 {
			tb.Errorf("%s was never tried. Random factories must know every operation.", m.Name)
		}
	}
}

// String is one line a count, as .ci/tally adds them up.
func (t *Tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "\n%7d factories", t.factories)
	names := maps.Clone(t.done)
	maps.Copy(names, t.refused)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&b, "\n%7d accepted %7d refused  %s", t.done[name], t.refused[name], name)
	}
	for _, what := range slices.Sorted(maps.Keys(t.happened)) {
		fmt.Fprintf(&b, "\n%7d times  %s", t.happened[what], what)
	}
	return b.String()
}
