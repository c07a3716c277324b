package grn_test

import (
	"reflect"
	"testing"

	"masala/core/purchase"
	"masala/ui/screen/screentest"
)

// A scanner and a clerk who types ahead do not wait for the screen: the delivery is the same.
func TestDeliveryInOneGo(t *testing.T) {
	keys := func(b *bench) {
		b.Type("unjha")
		b.Enter(1)
		b.Type("UJH/1182")
		b.Enter(1)
		b.Type("10-2")
		b.Enter(2)
		b.line("RAW-001", "500", "143", "ET-2209", "2-2")
		b.line("RAW-003", "3q", "8500", "RD-145", "30-1")
		b.Enter(1)
		b.Type("3500")
		b.Enter(1)
		b.Type("250")
		b.Enter(2)
	}
	slow, fast := open(t, screentest.Options{}), open(t, screentest.Options{})
	keys(slow)
	fast.Burst(func() { keys(fast) })
	want, got := screentest.Requests(slow.Factory.Server, purchase.PostGRN), screentest.Requests(fast.Factory.Server, purchase.PostGRN)
	if len(want) != 1 || !reflect.DeepEqual(got, want) {
		t.Fatalf("sent\n%+v\nwant\n%+v\n%s", got, want, fast.Dump())
	}
}
