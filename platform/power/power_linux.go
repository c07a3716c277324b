package power

func hold(want <-chan bool) {
	for range want {
	}
}
