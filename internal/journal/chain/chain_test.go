package chain

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// decode reads what encode wrote.
func decode(t *testing.T, s string) (out []any) {
	t.Helper()
	for s != "" {
		kind := s[0]
		s = s[1:]
		switch kind {
		case 'n':
			out = append(out, nil)
		case 'i', 's':
			end := strings.IndexAny(s, ";:")
			n, err := strconv.ParseInt(s[:end], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			s = s[end+1:]
			if kind == 'i' {
				out = append(out, n)
			} else {
				out = append(out, s[:n])
				s = s[n:]
			}
		default:
			t.Fatalf("unknown kind %q", kind)
		}
	}
	return out
}

// FuzzEncode: what is encoded can be decoded, so no two lists of values have the same bytes.
func FuzzEncode(f *testing.F) {
	f.Add("", "", int64(0), false)
	f.Add("a", "3:abcs", int64(-17), true)
	f.Add("i17;", "n", int64(1<<62), false)
	f.Fuzz(func(t *testing.T, a, b string, n int64, null bool) {
		in := []any{a, n, b, n + 1, a + b}
		if null {
			in = append(in, nil, b)
		}
		var raw []byte
		for _, v := range in {
			var err error
			if raw, err = encode(raw, v); err != nil {
				t.Fatal(err)
			}
		}
		if out := decode(t, string(raw)); !reflect.DeepEqual(in, out) {
			t.Errorf("%q: %v, want %v", raw, out, in)
		}
	})
}

// TestDigest pins the encoding: a log written by one version must hold in the next.
func TestDigest(t *testing.T) {
	r := Record{Seq: 7, Version: 1, Kind: "answer", Replaces: 3, Subject: "01X", At: 1764061200000000, Note: `{"event":"answered"}`, Seal: "ab", Hash: "not part of it"}
	got, err := r.link("cd")
	if want := "5f8b94633bd1bd1e9725a49ac26cd3b3f73402edf3914a6ce9ec16fd6fcdba20"; err != nil || got != want {
		t.Errorf("link %s, %v", got, err)
	}
	got, err = seal("rating", "salt", []any{"æ", int64(5), nil, []byte("b")})
	if want := "56a07c664b2c780c13da2fc4149bc7221fdae384385937e1a26e223bc4ebe994"; err != nil || got != want {
		t.Errorf("seal %s, %v", got, err)
	}
	if _, err := seal("rating", "salt", []any{1.5}); err == nil {
		t.Error("a fraction was sealed; the bases have different ways to give one back")
	}
}
