package console

func attach() {}

func own(string) (func(), error) { return func() {}, nil }
