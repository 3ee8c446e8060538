package slacktext

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Incoming
	}{
		{"<@UBOT> Hvad er samskabelse?", Incoming{Text: "Hvad er samskabelse?", Named: true}},
		{"<@UBOT|spørg>: Hvad er 1 &lt; 2 &amp;&amp; &amp;lt;?", Incoming{Text: ": Hvad er 1 < 2 && &lt;?", Named: true}},
		{"Spørg <@U2>", Incoming{Text: "Spørg @kollega", Others: []string{"U2"}}},
		{"Spørg <@U2|anna>", Incoming{Text: "Spørg @anna", Others: []string{"U2"}}},
		{"Se <#C1|voksne> og <#C2>", Incoming{Text: "Se #voksne og #kanal"}},
		{"Se <https://vidensportal.dk/a?b=1&amp;c=2>", Incoming{Text: "Se https://vidensportal.dk/a?b=1&c=2"}},
		{"Se <https://vidensportal.dk/a|artiklen>", Incoming{Text: "Se artiklen"}},
		{"Skriv til <mailto:a@b.dk|a@b.dk> eller <mailto:c@d.dk>", Incoming{Text: "Skriv til a@b.dk eller c@d.dk"}},
		{"<!here> <!subteam^S1|@team>", Incoming{Text: "@here @team", Others: []string{"!", "S1"}}},
		{"<!date^1392734382^{date}|18. februar> møde", Incoming{Text: "18. februar møde"}},
		{"sam\u200bskabelse\u202e er", Incoming{Text: "samskabelse er"}},
		{"a < b", Incoming{Text: "a < b"}},
		{"", Incoming{}},
	} {
		if diff := cmp.Diff(c.want, Decode(c.in, "UBOT")); diff != "" {
			t.Errorf("Decode(%q): %s", c.in, diff)
		}
	}
}

func TestEscape(t *testing.T) {
	for _, c := range []struct{ in, markdown, mrkdwn string }{
		{"Ibsen & Espersen (2016)", "Ibsen & Espersen (2016)", "Ibsen &amp; Espersen (2016)"},
		{"<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;", "&lt;!channel&gt; &lt;@U1&gt;"},
		{"&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "&amp;lt;!channel&amp;gt;"},
		{"[klik](https://ond.dk)", `\[klik\](ond\[.\]dk)`, "[klik](https://ond.dk)"},
		{"<https://ond.dk|sikker>", `&lt;ond\[.\]dk\|sikker&gt;`, "&lt;https://ond.dk|sikker&gt;"},
		{"www.ond.dk og a@ond.dk", `www\[.\]ond\[.\]dk og a(at)ond.dk`, "www.ond.dk og a@ond.dk"},
		{"javascript:alert(1)", "javascript:alert(1)", "javascript:alert(1)"},
		{"# overskrift\n- punkt", `\# overskrift - punkt`, "# overskrift\n- punkt"},
		{"1. juli 2024", `1\. juli 2024`, "1. juli 2024"},
		{"*fed* `kode` ~~væk~~", "\\*fed\\* \\`kode\\` \\~\\~væk\\~\\~", "*fed* `kode` ~~væk~~"},
		{"a\u202eb\u200dc\u00ad\U000e0041d", "abcd", "abcd"},
	} {
		if got := Markdown(c.in); got != c.markdown {
			t.Errorf("Markdown(%q) = %q, want %q", c.in, got, c.markdown)
		}
		if got := Mrkdwn(c.in); got != c.mrkdwn {
			t.Errorf("Mrkdwn(%q) = %q, want %q", c.in, got, c.mrkdwn)
		}
	}
}

func TestAllow(t *testing.T) {
	h := HostsOf("https://vidensportal.dk/a", "https://VIDENSPORTAL.dk/b", "no address")
	if len(h) != 1 {
		t.Fatalf("hosts %v", h)
	}
	for in, want := range map[string]string{
		"https://vidensportal.dk/a?b=1":         "https://vidensportal.dk/a?b=1",
		"https://Vidensportal.dk/a(b)|c>":       "https://Vidensportal.dk/a%28b%29%7Cc%3E",
		"https://vidensportal.dk@ond.dk/":       "",
		"https://x@vidensportal.dk/":            "",
		"https://vidensportal.dk.ond.dk/":       "",
		"https://ond.dk/?https://vidensportal":  "",
		"javascript://vidensportal.dk/%0aalert": "",
		"//vidensportal.dk/":                    "",
		"":                                      "",
	} {
		if got := h.Allow(in); got != want {
			t.Errorf("Allow(%q) = %q, want %q", in, got, want)
		}
	}
	if got := h.Mrkdwn("a|b>c\nd", "https://vidensportal.dk/?a=1&b=2"); got != "<https://vidensportal.dk/?a=1&amp;b=2|a¦b&gt;c d>" {
		t.Error(got)
	}
	if got := h.CiteMarkdown("1", "https://ond.dk/"); got != `\[1\]` {
		t.Error(got)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"Kort.", 10, "Kort."},
		{"En sætning er her. Og en til, som er lang", 30, "En sætning er her."},
		{"Ordene går videre uden punktum og videre", 20, "Ordene går videre…"},
		{strings.Repeat("å", 30), 10, strings.Repeat("å", 9) + "…"},
	} {
		got, cut := Cut(c.in, c.n)
		if got != c.want || cut != (got != c.in) || utf8.RuneCountInString(got) > c.n {
			t.Errorf("Cut(%q, %d) = %q, %v", c.in, c.n, got, cut)
		}
	}
}

var live = regexp.MustCompile(`(?i)https?://|www\.[a-z]|[^\\]\]\(|<`)

func FuzzOutgoing(f *testing.F) {
	for _, s := range []string{"<!channel>", "[a](b)", "https://ond.dk", "hthttps://tps://ond.dk", "a&lt;b", "\u202e", "www.www.ond.dk", "http\u200b://ond.dk"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, out := range map[string]string{"markdown": Markdown(s), "text": Text(s)} {
			if name == "text" {
				out = strings.ReplaceAll(out, "](", "")
			}
			if m := live.FindString(" " + out); m != "" {
				t.Errorf("%s(%q) = %q holds %q", name, s, out, m)
			}
			if Clean(out) != out {
				t.Errorf("%s(%q) = %q is not clean", name, s, out)
			}
		}
		if strings.ContainsAny(Mrkdwn(s), "<>") {
			t.Errorf("Mrkdwn(%q)", s)
		}
		if got := Decode(escaper.Replace(s), ""); got.Text != strings.TrimSpace(Clean(s)) || len(got.Others) > 0 {
			t.Errorf("what a person types is changed: %q → %q %v", s, got.Text, got.Others)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"<@UBOT> a", "<@U1|x>", "<a|b>", "<<>>", "&amp;lt;", "<!here>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Decode(s, "UBOT")
		if !utf8.ValidString(got.Text) || Clean(got.Text) != got.Text {
			t.Errorf("Decode(%q) = %q", s, got.Text)
		}
		for _, o := range got.Others {
			if o == "UBOT" {
				t.Errorf("Decode(%q) takes the assistant for another", s)
			}
		}
	})
}
