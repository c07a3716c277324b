// Command counts reads what "go test -json" prints, shows what a person needs, and
// ends with honest numbers. It fails if a test failed, has no verdict (its process
// died) or, with CI=true, was skipped without a reason in the file of -skips.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	skips := flag.String("skips", "", "file that names the tests CI may skip")
	keep := flag.String("keep", "", "file that gets the closing line, too")
	flag.Parse()
	allowed, err := readSkips(*skips)
	if err != nil {
		fmt.Fprintln(os.Stderr, "counts:", err)
		os.Exit(2)
	}
	t, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "counts:", err)
		os.Exit(2)
	}
	ok := t.report(os.Stdout, allowed, os.Getenv("CI") == "true")
	line := t.line()
	fmt.Println(line)
	if *keep != "" {
		if err := os.WriteFile(*keep, []byte(line+"\n"), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "counts:", err)
			os.Exit(2)
		}
	}
	if !ok {
		os.Exit(1)
	}
}

// readSkips returns the lines of the allow-list: package, test, reason.
func readSkips(file string) (list [][3]string, err error) {
	if file == "" {
		return nil, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(string(b), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) < 3 {
			return nil, fmt.Errorf("%s:%d: want package, test and reason", file, n+1)
		}
		list = append(list, [3]string{f[0], f[1], strings.Join(f[2:], " ")})
	}
	return list, nil
}
