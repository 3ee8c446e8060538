package slackbot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

func TestMentionIsAnsweredOnce(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		m := b.one(channel, ts)
		b.has(m, "[1]("+article+")", "Kilder", "Ulrich, J. (2016)", "vis_uddrag", "eskaler", "feedback", "opfoelgning_1", "AI-assistent", "(2 kilder)")
		if !strings.HasPrefix(m.Text, "Svaret på »Hvad er samskabelse?«") {
			t.Errorf("text %q", m.Text)
		}
		if m.Unfurl {
			t.Error("links unfold")
		}
		if got := b.asker.questions(); len(got) != 1 || got[0] != "Hvad er samskabelse?" {
			t.Errorf("asked %q", got)
		}
		if s := b.Statuses(); len(s) != 1 || s[0].Channel != channel || !s[0].Cleared {
			t.Errorf("statuses %+v", s)
		}
		b.sound()
	})
}

// TestBothOrders: a mention comes as two events, in either order; the emulator's seeds make both.
func TestBothOrders(t *testing.T) {
	t.Parallel()
	orders := map[string]bool{}
	b := start(t, setup{})
	for range 6 {
		b.one(channel, b.say(anna, channel, "Hvad er samskabelse, <@"+botUser+">?", ""))
	}
	first := map[string]string{} // ts → what came first
	for _, d := range b.Deliveries() {
		var p struct {
			Event struct{ Type, User, TS string }
		}
		must(t, json.Unmarshal(d.Payload, &p))
		if e := p.Event; e.User == anna && first[e.TS] == "" {
			first[e.TS] = e.Type
			orders[e.Type] = true
		}
	}
	if len(orders) != 2 {
		t.Errorf("only the order %v", orders)
	}
	if n := b.bot.Metrics().Duplicates; n != 6 {
		t.Errorf("%d duplicates, want one for each mention", n)
	}
	b.sound()
}

func TestFaultyDelivery(t *testing.T) {
	t.Parallel()
	faults := []delivery.Fault{{Duplicate: true}, {Reorder: true}, {Malformed: true}, {Unknown: true}, {DropSocket: true}, {Disconnect: "refresh_requested"},
		{Disconnect: "warning"}, {Delay: 100 * time.Millisecond}}
	b := start(t, setup{world: workspace.Options{RedeliverAfter: 2 * time.Second, DeliveryFault: func(_ string, n int) delivery.Fault { return faults[n%len(faults)] }}})
	var roots []string
	for range 12 {
		roots = append(roots, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", ""))
	}
	for _, ts := range roots {
		b.one(channel, ts)
	}
	for _, d := range b.Deliveries() {
		if d.Acked.IsZero() {
			t.Errorf("not acknowledged: %s %.200s", d.Kind, d.Payload)
		}
	}
	b.sound()
}

func fault(when bool, f workspace.CallFault) workspace.CallFault {
	if when {
		return f
	}
	return workspace.CallFault{}
}

func TestFollowUps(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		b.one(channel, ts)
		b.say(anna, channel, "Hvad med frivillige?", ts)
		b.until("follow-up", func() bool { return len(b.answers(channel, ts)) == 2 })
		b.say(anna, channel, "Tak!", ts)
		b.say(boUser, channel, "Det har jeg prøvet i min kommune", ts)
		b.say(boUser, channel, "Hvem må deltage?", ts)
		b.until("a colleague's question", func() bool { return len(b.answers(channel, ts)) == 3 })
		b.say(anna, channel, "Hvad siger du, <@"+boUser+">?", ts)
		b.quiet()
		b.say(boUser, channel, "Hvad mener du?", ts)
		b.quiet()
		if n := len(b.answers(channel, ts)); n != 3 {
			t.Errorf("%d answers: it must be silent once another person is named", n)
		}
		b.say(anna, channel, "<@"+botUser+"> hvad siger artiklerne?", ts)
		b.until("answer when named again", func() bool { return len(b.answers(channel, ts)) == 4 })
		other := b.say(anna, channel, "Hvem har nøglen?", "")
		b.say(boUser, channel, "Hvad skal du bruge den til?", other)
		b.quiet()
		if n := len(b.answers(channel, other)); n != 0 {
			t.Errorf("%d answers in a thread of others", n)
		}
		b.sound()
	})
}

func TestIgnored(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		b.one(channel, ts)
		must(t, b.Edit(anna, channel, ts, "<@"+botUser+"> Hvad er samskabelse egentlig?"))
		must(t, b.React(anna, channel, ts, "eyes"))
		b.say(anna, channel, "Hej alle", "")
		b.quiet()
		if n := len(b.asker.questions()); n != 1 {
			t.Errorf("asked %d times", n)
		}
		b.sound()
	})
}

func TestSlashCommand(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		must(t, b.Slash(anna, channel, "/kilde", "Hvad er samskabelse?"))
		b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
		m := b.Ephemerals(anna)[0]
		b.has(m, "[1]("+article+")", "send_i_kanalen", "Spørgsmål")
		if strings.Contains(blocks(m), "slet_svar") || len(b.Messages(channel)) != 0 {
			t.Error("a private answer is not private")
		}
		b.quiet()
		must(t, b.Click(anna, channel, m.TS, "send_i_kanalen"))
		b.until("message to all", func() bool { return len(b.Messages(channel)) == 1 && len(b.Ephemerals(anna)) == 0 })
		sent := b.Messages(channel)[0]
		b.has(sent, "[1]("+article+")", "Delt af <@"+anna+">", "Hvad er samskabelse?", "slet_svar")
		b.say(anna, channel, "Hvad med partnerskaber?", sent.TS)
		b.until("follow-up", func() bool { return len(b.answers(channel, sent.TS)) == 1 })
		must(t, b.Slash(anna, channel, "/kilde", ""))
		b.until("help", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.has(b.Ephemerals(anna)[0], "Hvad er et partnerskab?")
		b.quiet()
		b.sound()
	})
}

func TestShortcut(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		ts := b.say(boUser, channel, "Hvad er mon samskabelse?", "")
		must(t, b.Shortcut(anna, channel, ts, "besvar_besked"))
		b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.quiet()
		must(t, b.Click(anna, channel, b.Ephemerals(anna)[0].TS, "send_i_kanalen"))
		b.has(b.one(channel, ts), "[1]("+article+")")
		b.sound()
	})
}

func TestRefusal(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		m := b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad koster en bil?", ""))
		b.has(m, "jeg gætter ikke", "eskaler", "primary", "https://vidensportal.dk/p|Partnerskaber")
		if strings.Contains(blocks(m), "[1]") {
			t.Error("a refusal has citations")
		}
		b.sound()
	})
}

func TestKindWords(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		for text, want := range map[string]string{
			"":                            "ikke noget spørgsmål",
			"hej":                         "jeg er en AI-assistent",
			"Hvad kan du svare på?":       "Hvad er et partnerskab?",
			"tak":                         "Selv tak",
			strings.Repeat("lang ", 1000): "for langt",
		} {
			b.has(b.one(channel, b.say(anna, channel, "<@"+botUser+"> "+text, "")), want)
		}
		if n := len(b.asker.questions()); n != 0 {
			t.Errorf("asked %d times", n)
		}
		b.sound()
	})
}

func TestLimits(t *testing.T) {
	everywhere(t, setup{config: func(c *Config) { c.PerPerson = 2 }}, func(t *testing.T, b *bench) {
		var roots []string
		for range 2 + mostTold + 1 {
			roots = append(roots, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", ""))
			b.quiet()
		}
		b.has(b.one(channel, roots[2]), "mange spørgsmål på kort tid")
		b.has(b.one(channel, roots[1+mostTold]), "mange spørgsmål på kort tid")
		if n := len(b.answers(channel, roots[2+mostTold])); n != 0 {
			t.Errorf("told %d times more", n)
		}
		b.one(channel, b.say(boUser, channel, "<@"+botUser+"> Hvad er samskabelse?", ""))
		b.sound()
	})
}

func TestFullQueue(t *testing.T) {
	everywhere(t, setup{hold: true, config: func(c *Config) { c.MaxQueue = 1 }}, func(t *testing.T, b *bench) {
		a := b.asker
		first := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		<-a.began
		second := b.say(boUser, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		b.until("kind word", func() bool { return len(b.answers(channel, second)) == 1 })
		m := b.answers(channel, second)[0]
		b.has(m, "mange, som spørger", "spoerg_igen")
		close(a.hold)
		b.one(channel, first)
		must(t, b.Click(boUser, channel, m.TS, "spoerg_igen"))
		must(t, b.Click(boUser, channel, m.TS, "spoerg_igen"))
		b.until("answer after asking again", func() bool { return len(b.answers(channel, second)) == 2 })
		b.quiet()
		if n := len(b.answers(channel, second)); n != 2 {
			t.Errorf("%d messages after pressing twice", n)
		}
		b.sound()
	})
}

func TestPersonalData(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		m := b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse for 010190-1234?", ""))
		b.has(m, "bestemt person", "CPR-nummer", "eskaler")
		if q := b.asker.questions()[0]; strings.Contains(q, "1234") {
			t.Errorf("asked with the number: %q", q)
		}
		j := b.open()
		defer func() { must(t, j.Close()) }()
		list, err := j.Recent(b.ctx, anna, 1)
		if err != nil || len(list) != 1 || strings.Contains(list[0].Text, "1234") {
			t.Errorf("journal: %v %+v", err, list)
		}
	})
}

// sharedWorld has a channel that another organisation reads too.
func sharedWorld() workspace.Options {
	return workspace.Options{Channels: []workspace.Channel{
		{ID: channel, Name: "delt", External: true, Members: []string{anna, boUser, botUser}}, {ID: experts, Name: "ekspert", Members: []string{botUser, boUser}}}}
}

func TestSharedChannelGetsAKindWord(t *testing.T) {
	everywhere(t, setup{world: sharedWorld()}, func(t *testing.T, b *bench) {
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		b.has(b.one(channel, ts), "delt med andre")
		b.say(anna, channel, "Hvad med frivillige?", ts) // no mention: silence
		must(t, b.Slash(anna, channel, "/kilde", "Hvad er samskabelse?"))
		b.until("private word", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.has(b.Ephemerals(anna)[0], "delt med andre")
		b.one(channel, ts)
		if n := len(b.asker.questions()); n != 0 {
			t.Errorf("asked %d times", n)
		}
		b.sound()
	})
}

func TestSharedChannelsCanBeAllowed(t *testing.T) {
	everywhere(t, setup{world: sharedWorld(), config: func(c *Config) { c.SharedChannels = true }}, func(t *testing.T, b *bench) {
		b.has(b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")), article)
	})
}
