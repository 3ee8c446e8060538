package slackbot

import (
	"strings"
	"testing"

	"kildesvar/internal/workspace"
)

func TestHome(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", ""))
		must(t, b.OpenHome(anna, "home"))
		b.until("home page", func() bool { _, ok := b.HomeView(anna); return ok })
		v, _ := b.HomeView(anna)
		for _, want := range []string{"AI-assistent", "Hvad er et partnerskab?", "Hvad er samskabelse?", "https://demo.slack.com/archives/" + channel, "Det hjalp", "Mine grænser"} {
			if !strings.Contains(viewText(v), want) {
				t.Errorf("home lacks %q", want)
			}
		}
		must(t, b.OpenHome(anna, "messages"))
		b.until("suggestions", func() bool { return len(b.SuggestedPrompts(b.DM(anna), "").Prompts) == 2 })
		must(t, b.ContextChanged(anna, channel))
		b.quiet()
		b.sound()
	})
}

func TestOlderAgentPane(t *testing.T) {
	everywhere(t, setup{world: workspace.Options{Legacy: true}}, func(t *testing.T, b *bench) {
		ts, err := b.StartAssistantThread(anna, channel)
		must(t, err)
		dm := b.DM(anna)
		b.until("suggestions", func() bool { return len(b.SuggestedPrompts(dm, ts).Prompts) == 2 })
		must(t, b.ContextChanged(anna, experts))
		b.say(anna, dm, "Hvad er samskabelse?", ts)
		b.has(b.one(dm, ts), article)
		b.sound()
	})
}

func TestGreeting(t *testing.T) {
	everywhere(t, setup{world: workspace.Options{Channels: []workspace.Channel{{ID: "C0NY", Name: "ny", Members: []string{anna}}}}}, func(t *testing.T, b *bench) {
		must(t, b.Join("C0NY", anna))
		b.until("greeting", func() bool { return len(b.Messages("C0NY")) == 2 })
		b.has(b.Messages("C0NY")[1], "AI-assistent", "/kilde")
		b.quiet()
		b.sound()
	})
}

func TestDeletedQuestion(t *testing.T) {
	everywhere(t, setup{hold: true}, func(t *testing.T, b *bench) {
		a := b.asker
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		<-a.began
		close(a.hold)
		b.one(channel, ts)
		must(t, b.DeleteMessage(anna, channel, ts))
		b.until("answer gone", func() bool { return len(b.answers(channel, ts)) == 0 })

		a.mu.Lock()
		a.hold = make(chan struct{})
		a.mu.Unlock()
		dm := b.DM(anna)
		ts = b.say(anna, dm, "Hvad er samskabelse?", "")
		<-a.began
		must(t, b.DeleteMessage(anna, dm, ts))
		b.until("stream gone", func() bool {
			for _, m := range b.Messages(dm) {
				if m.Bot {
					return false
				}
			}
			return true
		})
		b.quiet()
	})
}

func TestStop(t *testing.T) {
	everywhere(t, setup{hold: true}, func(t *testing.T, b *bench) {
		a, dm := b.asker, b.DM(anna)
		ts := b.say(anna, dm, "Hvad er samskabelse?", "")
		<-a.began
		b.until("stream", func() bool { return b.SessionStatus(dm, ts) == "processing" })
		must(t, b.StopSession(anna, dm, ts))
		b.until("session idle", func() bool { return b.SessionStatus(dm, ts) == "active" })
		b.quiet()
		if s := b.bot.Metrics().Outcomes["stopped"]; s != 1 {
			t.Errorf("outcomes %v", b.bot.Metrics().Outcomes)
		}
		if n := len(b.Calls("chat.postMessage")); n != 0 {
			t.Errorf("%d messages after stop", n)
		}
		close(a.hold)
		b.say(anna, dm, "Og nu?", ts)
		<-a.began
		b.until("answer after stop", func() bool { return len(b.answers(dm, ts)) == 2 })
		b.sound()
	})
}

func TestStreamFaults(t *testing.T) {
	for name, f := range map[string]func(string, int) workspace.CallFault{
		"no stream": func(m string, _ int) workspace.CallFault {
			return fault(m == "chat.startStream", workspace.CallFault{Error: "unknown_method"})
		},
		"start lost": func(m string, n int) workspace.CallFault {
			return fault(m == "chat.startStream" && n == 1, workspace.CallFault{Reset: true})
		},
		"start fails": func(m string, n int) workspace.CallFault {
			return fault(m == "chat.startStream", workspace.CallFault{Status: 500})
		},
		"limited": func(m string, n int) workspace.CallFault {
			return fault(m == "chat.startStream", workspace.CallFault{Status: 429, RetryAfter: 1})
		},
		"append lost": func(m string, n int) workspace.CallFault {
			return fault(m == "chat.appendStream" && n == 2, workspace.CallFault{Reset: true})
		},
		"expired": func(m string, n int) workspace.CallFault {
			return fault(m == "chat.appendStream" && n == 2, workspace.CallFault{Error: "message_not_in_streaming_state"})
		},
		"stop lost": func(m string, n int) workspace.CallFault {
			return fault(m == "chat.stopStream" && n == 1, workspace.CallFault{Reset: true})
		},
		"stop fails": func(m string, n int) workspace.CallFault {
			return fault(m == "chat.stopStream" && n == 1, workspace.CallFault{Status: 503})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, setup{world: workspace.Options{CallFault: f}})
			dm := b.DM(anna)
			ts := b.say(anna, dm, "Hvad er samskabelse?", "")
			m := b.one(dm, ts)
			b.has(m, "[1]("+article+")", "Ulrich, J. (2016)", "vis_uddrag")
			if n := strings.Count(blocks(m), "Det andet er ligeværd."); n != 1 {
				t.Errorf("a sentence stands %d times", n)
			}
			if len(b.Thread(dm, ts)) != 2 {
				t.Errorf("%d messages in the thread", len(b.Thread(dm, ts)))
			}
		})
	}
}

func TestDirectMessageIsStreamed(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		dm := b.DM(anna)
		ts := b.say(anna, dm, "Hvad er samskabelse?", "")
		m := b.one(dm, ts)
		b.has(m, "[1]("+article+")", "Ulrich, J. (2016)", "vis_uddrag", "AI-assistent")
		if !strings.Contains(string(m.Metadata), "nonce") {
			t.Errorf("metadata %s", m.Metadata)
		}
		if n := len(b.Calls("chat.appendStream")); n < 2 {
			t.Errorf("%d appends, want one a sentence", n)
		}
		if b.SessionStatus(dm, ts) != "active" {
			t.Errorf("session %q", b.SessionStatus(dm, ts))
		}
		b.say(anna, dm, "Og hvad er et partnerskab?", ts)
		b.until("second answer", func() bool { return len(b.answers(dm, ts)) == 2 })
		b.quiet()
		if h := b.asker.turns[1]; len(h) != 2 || h[0].Text != "Hvad er samskabelse?" || !strings.HasPrefix(h[1].Text, "Svaret på") {
			t.Errorf("history %+v", h)
		}
		b.sound()
	})
}
