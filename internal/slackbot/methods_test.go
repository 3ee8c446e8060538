package slackbot

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/slackbot/webapi"
	"kildesvar/internal/workspace"
)

// use is something for which a method of the Web API is needed.
type use struct {
	idle bool // the assistant is started by do
	// also are faults of other methods, without which the method would not be called.
	also func(m string, n int) workspace.CallFault
	do   func(b *bench) // makes sure that the person got what they wanted, once
}

// uses has a use for every method.
var uses = map[webapi.Method]use{
	webapi.AuthTest:     {idle: true, do: func(b *bench) { b.run(); b.answerInChannel() }},
	webapi.PostMessage:  {do: (*bench).answerInChannel},
	webapi.SetStatus:    {do: (*bench).answerInChannel},
	webapi.Info:         {do: (*bench).answerInChannel},
	webapi.Replies:      {also: first("chat.postMessage", workspace.CallFault{Reset: true}), do: (*bench).answerInChannel},
	webapi.StartStream:  {do: (*bench).answerDirectly},
	webapi.AppendStream: {do: (*bench).answerDirectly},
	webapi.StopStream:   {do: (*bench).answerDirectly},
	webapi.Update:       {also: first("chat.appendStream", workspace.CallFault{Error: "message_not_in_streaming_state"}), do: (*bench).answerDirectly},
	webapi.SetSession:   {also: first("chat.appendStream", workspace.CallFault{Error: "message_not_in_streaming_state"}), do: (*bench).answerDirectly},
	webapi.Delete: {do: func(b *bench) {
		m := b.one(channel, b.ask(channel))
		must(b.t, b.Click(anna, channel, m.TS, "slet_svar"))
		b.until("answer gone", func() bool { return len(b.answers(channel, m.Thread)) == 0 })
	}},
	webapi.Permalink: {do: func(b *bench) { b.has(b.card(), "https://demo.slack.com/archives/") }},
	webapi.History:   {do: func(b *bench) { b.card() }},
	webapi.OpenDM: {do: func(b *bench) {
		must(b.t, b.Slash(anna, channel, "/kilde", "Hvad koster en bil?"))
		b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.quiet()
		must(b.t, b.Click(anna, channel, b.Ephemerals(anna)[0].TS, "eskaler"))
		b.until("card", func() bool { return len(b.Messages(experts)) == 1 })
		b.quiet()
		b.say(boUser, experts, "Ring til os.", b.Messages(experts)[0].TS)
		b.until("direct message", func() bool { return len(b.Messages(b.DM(anna))) == 1 })
	}},
	webapi.SetPrompts: {do: func(b *bench) {
		must(b.t, b.OpenHome(anna, "messages"))
		b.until("suggestions", func() bool { return len(b.SuggestedPrompts(b.DM(anna), "").Prompts) > 0 })
	}},
	webapi.PublishView: {do: func(b *bench) {
		must(b.t, b.OpenHome(anna, "home"))
		b.until("home page", func() bool { _, ok := b.HomeView(anna); return ok })
	}},
	webapi.OpenView: {do: func(b *bench) {
		m := b.one(channel, b.ask(channel))
		must(b.t, b.Click(anna, channel, m.TS, "vis_uddrag"))
		b.modal(anna)
	}},
	webapi.ResponseURL: {do: (*bench).answerPrivately},
	webapi.PostPrivate: {also: first("response_url", workspace.CallFault{Error: "expired_url"}), do: (*bench).answerPrivately},
}

func first(method string, f workspace.CallFault) func(string, int) workspace.CallFault {
	return func(m string, n int) workspace.CallFault { return fault(m == method && n == 1, f) }
}

func (b *bench) answerInChannel() { b.has(b.one(channel, b.ask(channel)), article, "AI-assistent") }

func (b *bench) answerDirectly() {
	dm := b.DM(anna)
	ts := b.ask(dm)
	b.has(b.one(dm, ts), article, "vis_uddrag", "AI-assistent")
	if n := len(b.Thread(dm, ts)); n != 2 {
		b.t.Errorf("%d messages in the thread", n)
	}
}

func (b *bench) answerPrivately() {
	must(b.t, b.Slash(anna, channel, "/kilde", "Hvad er samskabelse?"))
	b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
	b.quiet()
	if n := len(b.Ephemerals(anna)); n != 1 {
		b.t.Errorf("%d private answers", n)
	}
	b.has(b.Ephemerals(anna)[0], article, "AI-assistent")
}

// card has an answer escalated.
func (b *bench) card() workspace.Message {
	m := b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad koster en bil?", ""))
	must(b.t, b.Click(anna, channel, m.TS, "eskaler"))
	b.until("card", func() bool { return len(b.Messages(experts)) == 1 })
	b.quiet()
	if n := len(b.Messages(experts)); n != 1 {
		b.t.Errorf("%d cards", n)
	}
	return b.Messages(experts)[0]
}

// unhurried are methods that are not called again: niceties, and streams, in whose place a message can be posted.
var unhurried = map[webapi.Method]bool{webapi.SetStatus: true, webapi.StartStream: true, webapi.AppendStream: true}

// TestEveryMethodMayFail: Slack is overloaded or broken in every method, and people get what they asked for all the same.
func TestEveryMethodMayFail(t *testing.T) {
	t.Parallel()
	if len(uses) != len(webapi.Methods) {
		t.Errorf("%d of %d methods", len(uses), len(webapi.Methods))
	}
	for method, u := range uses {
		for name, f := range map[string]workspace.CallFault{"429": {Status: 429, RetryAfter: 1}, "503": {Status: 503}} {
			t.Run(string(method)+"/"+name, func(t *testing.T) {
				t.Parallel()
				b := start(t, setup{idle: u.idle, world: workspace.Options{CallFault: func(m string, n int) workspace.CallFault {
					if m == string(method) && n == 1 {
						return f
					}
					if u.also != nil {
						return u.also(m, n)
					}
					return workspace.CallFault{}
				}}})
				u.do(b)
				calls := b.Calls(string(method))
				if len(calls) == 0 || calls[0].Status != http.StatusOK && calls[0].Status != f.Status {
					t.Fatalf("calls %+v", calls)
				}
				if name == "429" && !unhurried[method] {
					if len(calls) < 2 {
						t.Fatal("not called again")
					}
					if gap := calls[1].At.Sub(calls[0].At); gap < time.Second {
						t.Errorf("called again after %v, Slack said a second", gap)
					}
				}
				for _, p := range b.Problems() {
					if p.What != "ratelimited" && !strings.Contains(p.What, "expired_url") {
						t.Errorf("%s: %s", p.Where, p.What)
					}
				}
			})
		}
	}
}

// TestSlackIsDownForLong: while Slack answers nothing, nothing is lost.
func TestSlackIsDownForLong(t *testing.T) {
	t.Parallel()
	b := start(t, setup{})
	b.SetFaults(func(string, int) workspace.CallFault { return workspace.CallFault{Status: 503} })
	ts, direct := b.ask(channel), b.ask(b.DM(anna))
	b.until("failure", func() bool { return strings.Count(b.log.String(), "question not answered") >= 2 })
	b.SetFaults(nil)
	b.one(channel, ts)
	b.one(b.DM(anna), direct)
}
