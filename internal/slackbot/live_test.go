package slackbot

import (
	"strings"
	"testing"

	"kildesvar/internal/workspace"
)

// streamed are sentences that a language model writes one after the other.
var streamed = []string{"Den første sætning er bekræftet.", "Den anden sætning er bekræftet.", "Den tredje sætning er bekræftet.", "Den fjerde sætning er bekræftet."}

// TestSentencesAsTheyCome: in a direct message the sentences stand in the stream before the answer is whole; each stands once in the end.
func TestSentencesAsTheyCome(t *testing.T) {
	everywhere(t, setup{hold: true}, func(t *testing.T, b *bench) {
		b.asker.tell = streamed
		dm := b.DM(anna)
		ts := b.say(anna, dm, "Hvad er samskabelse?", "")
		<-b.asker.began
		b.until("the sentences in the stream", func() bool {
			for _, m := range b.Messages(dm) {
				if m.Bot && strings.Contains(m.Text+blocks(m), streamed[3]) {
					return true
				}
			}
			return false
		})
		if n := len(b.Calls("chat.stopStream")); n != 0 {
			t.Errorf("the stream has ended %d times already", n)
		}
		close(b.asker.hold)
		m := b.one(dm, ts)
		b.has(m, "[1]("+article+")", "Ulrich, J. (2016)", "vis_uddrag", "Skrevet af en sprogmodel")
		for _, s := range append(streamed, "Det andet er ligeværd.") {
			if n := strings.Count(blocks(m), s); n != 1 {
				t.Errorf("%q stands %d times", s, n)
			}
		}
		b.quiet()
		b.sound()
	})
}

// TestSentencesTakenBack: an answer that does not begin as the stream does, and a stream that breaks, end as one whole message.
func TestSentencesTakenBack(t *testing.T) {
	for name, c := range map[string]struct {
		fickle bool
		fault  func(string, int) workspace.CallFault
	}{
		"another answer": {true, nil},
		"lost": {false, func(m string, n int) workspace.CallFault {
			return fault(m == "chat.appendStream" && n == 2, workspace.CallFault{Reset: true})
		}},
		"expired": {false, func(m string, n int) workspace.CallFault {
			return fault(m == "chat.appendStream" && n == 1, workspace.CallFault{Error: "message_not_in_streaming_state"})
		}},
		"failing": {false, func(m string, _ int) workspace.CallFault {
			return fault(m == "chat.appendStream", workspace.CallFault{Status: 500})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, setup{world: workspace.Options{CallFault: c.fault}, asker: &asker{tell: streamed, fickle: c.fickle}})
			dm := b.DM(anna)
			ts := b.say(anna, dm, "Hvad er samskabelse?", "")
			b.until("the answer", func() bool {
				return len(b.answers(dm, ts)) == 1 && strings.Contains(blocks(b.answers(dm, ts)[0]), "vis_uddrag")
			})
			m := b.answers(dm, ts)[0]
			for i, s := range append(streamed, "Det andet er ligeværd.") {
				want := 1
				if i == 0 && c.fickle {
					want = 0
				}
				if n := strings.Count(blocks(m), s); n != want {
					t.Errorf("%q stands %d times, want %d", s, n, want)
				}
			}
		})
	}
}

// TestNoSentencesElsewhere: in a channel, and in private answers, nothing is shown before the whole.
func TestNoSentencesElsewhere(t *testing.T) {
	b := start(t, setup{asker: &asker{tell: streamed}})
	b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", ""))
	if n := len(b.Calls("chat.appendStream")); n != 0 {
		t.Errorf("%d pieces were streamed", n)
	}
	b.sound()
}
