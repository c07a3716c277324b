package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"masala/core"
)

func TestFrameRoundTrip(t *testing.T) {
	want := Hello{Protocol: 1, Version: "1.2", Name: "Store", Want: WantPair, Proof: []byte{1, 2}}
	var b bytes.Buffer
	if err := WriteFrame(&b, want); err != nil {
		t.Fatal(err)
	}
	b.WriteString("after")
	var got Hello
	if err := ReadFrame(iotest.OneByteReader(&b), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != want.Name || got.Want != want.Want || !bytes.Equal(got.Proof, want.Proof) {
		t.Errorf("got %+v", got)
	}
	if rest, _ := io.ReadAll(&b); string(rest) != "after" {
		t.Errorf("ReadFrame read past its frame, left %q", rest)
	}
}

func TestFrameRefused(t *testing.T) {
	frame := func(n uint32, body string) string {
		return string(binary.BigEndian.AppendUint32(nil, n)) + body
	}
	for name, c := range map[string]struct {
		in   string
		want error
	}{
		"empty":      {"", io.EOF},
		"cut head":   {"\x00\x00", io.ErrUnexpectedEOF},
		"cut body":   {frame(10, "{}"), io.ErrUnexpectedEOF},
		"no body":    {frame(10, ""), io.ErrUnexpectedEOF},
		"zero":       {frame(0, ""), ErrFrame},
		"huge":       {frame(1<<31, ""), ErrFrame},
		"just over":  {frame(MaxFrame+1, strings.Repeat(" ", MaxFrame+1)), ErrFrame},
		"not json":   {frame(4, "GET "), ErrFrame},
		"wrong type": {frame(14, `{"protocol":{}`), ErrFrame},
	} {
		var h Hello
		if err := ReadFrame(strings.NewReader(c.in), &h); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := WriteFrame(io.Discard, Hello{Name: strings.Repeat("x", MaxFrame)}); !errors.Is(err, ErrFrame) {
		t.Errorf("oversized frame was sent: %v", err)
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x02{}"))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var h Hello
		r := bytes.NewReader(in)
		if err := ReadFrame(r, &h); err != nil {
			return
		}
		if n := CleanName(h.Name); !utf8.ValidString(n) || n == "" || utf8.RuneCountInString(n) > maxName {
			t.Errorf("name %q", n)
		}
		if used := len(in) - r.Len(); used > 4+MaxFrame {
			t.Errorf("read %d bytes", used)
		}
	})
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "Unnamed PC",
		"  Store\n PC\x00 ":      "Store PC",
		"भंडार":                  "भंडार",
		"\xff\xfe":               "Unnamed PC",
		strings.Repeat("क", 100): strings.Repeat("क", 64),
	} {
		if got := CleanName(in); got != want {
			t.Errorf("CleanName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestErrorsTravel(t *testing.T) {
	in := core.Invalid("lines[0].qty", "Quantity is missing.").With("limit", 3)
	w := httptest.NewRecorder()
	WriteError(w, in)
	if w.Code != 400 || w.Header().Get("Content-Length") == "" {
		t.Errorf("status %d, length %q", w.Code, w.Header().Get("Content-Length"))
	}
	out, ok := ReadError(w.Body.Bytes())
	if !ok || out.Message != in.Message || out.Field != in.Field || out.Args["limit"] != float64(3) {
		t.Errorf("got %+v", out)
	}
	w = httptest.NewRecorder()
	WriteError(w, errors.New("secret path /var/lib"))
	if strings.Contains(w.Body.String(), "secret") || w.Code != 500 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	WriteError(w, core.Errorf(core.CodeConflict, "No.").With("f", func() {}))
	if out, ok := ReadError(w.Body.Bytes()); !ok || out.Code != core.CodeConflict {
		t.Errorf("an argument that is no JSON hid the refusal: %s", w.Body)
	}
}
