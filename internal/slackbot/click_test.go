package slackbot

import (
	"encoding/json"
	"strings"
	"testing"

	"kildesvar/internal/workspace"
)

// answered runs a scenario over both transports that begins with an answer in a channel.
func answered(t *testing.T, question string, s setup, scenario func(t *testing.T, b *bench, m workspace.Message)) {
	t.Helper()
	everywhere(t, s, func(t *testing.T, b *bench) {
		scenario(t, b, b.one(channel, b.say(anna, channel, "<@"+botUser+"> "+question, "")))
	})
}

func (b *bench) modal(user string) workspace.View {
	b.t.Helper()
	b.until("modal", func() bool { return len(b.Views(user)) == 1 })
	return b.Views(user)[0]
}

func TestModals(t *testing.T) {
	answered(t, "Gør det langt, hvad er samskabelse?", setup{}, func(t *testing.T, b *bench, m workspace.Message) {
		for action, want := range map[string]string{
			"vis_uddrag":        `"bold":true`,
			"laes_mere":         "Endnu en sætning",
			"kopier_henvisning": "Ulrich, J. (2016). Samskabelse – en typologi.",
		} {
			must(t, b.Click(boUser, channel, m.TS, action))
			v := b.modal(boUser)
			if !strings.Contains(viewText(v), want) {
				t.Errorf("%s lacks %q: %.600s", action, want, viewText(v))
			}
			must(t, b.CloseView(boUser, v.ID))
		}
		// After a restart the buttons work on.
		must(t, b.stop())
		b.run()
		must(t, b.Click(boUser, channel, m.TS, "vis_uddrag"))
		v := b.modal(boUser)
		must(t, b.ClickView(boUser, v.ID, "aabn_kilde", ""))
		b.quiet()
		b.sound()
	})
}

func TestFeedback(t *testing.T) {
	answered(t, "Hvad er samskabelse?", setup{}, func(t *testing.T, b *bench, m workspace.Message) {
		must(t, b.Feedback(boUser, channel, m.TS, "positive"))
		b.until("thanks", func() bool { return len(b.Ephemerals(boUser)) == 1 })
		must(t, b.Feedback(anna, channel, m.TS, "negative"))
		v := b.modal(anna)
		must(t, b.SubmitView(anna, v.ID, map[string]map[string]string{"grund": {"grund": "mangler"}, "kommentar": {"kommentar": "Der står intet om 010190-1234"}}))
		b.until("modal closed", func() bool { return len(b.Views(anna)) == 0 })
		b.quiet()
		j := b.open()
		defer func() { must(t, j.Close()) }()
		q, err := j.ByMessage(b.ctx, channel, m.TS)
		must(t, err)
		got, err := j.Ratings(b.ctx, q.ID)
		must(t, err)
		if len(got) != 2 {
			t.Fatalf("ratings %+v", got)
		}
		for _, r := range got {
			if r.User == anna && (r.Up || r.Reason != "mangler" || !strings.Contains(r.Comment, "intet") || strings.Contains(r.Comment, "1234")) {
				t.Errorf("rating %+v", r)
			}
			if r.User == boUser && !r.Up {
				t.Errorf("rating %+v", r)
			}
		}
		b.sound()
	})
}

func TestFollowUpButton(t *testing.T) {
	answered(t, "Hvad er samskabelse?", setup{}, func(t *testing.T, b *bench, m workspace.Message) {
		must(t, b.Click(boUser, channel, m.TS, "opfoelgning_1"))
		must(t, b.Click(boUser, channel, m.TS, "opfoelgning_1"))
		b.until("answer", func() bool { return len(b.answers(channel, m.Thread)) == 2 })
		b.quiet()
		got := b.answers(channel, m.Thread)
		if len(got) != 2 {
			t.Fatalf("%d answers after pressing twice", len(got))
		}
		b.has(got[1], "Hvad er partnerskaber?", `"visible_to_user_ids":["`+boUser+`"]`)
		b.sound()
	})
}

func TestDeleteButton(t *testing.T) {
	answered(t, "Hvad er samskabelse?", setup{}, func(t *testing.T, b *bench, m workspace.Message) {
		if err := b.Click(boUser, channel, m.TS, "slet_svar"); err == nil {
			t.Error("the trash is shown to others")
		}
		must(t, b.Click(anna, channel, m.TS, "slet_svar"))
		b.until("answer gone", func() bool { return len(b.answers(channel, m.Thread)) == 0 })
		b.quiet()
		b.say(anna, channel, "Hvad med frivillige?", m.Thread)
		b.quiet()
		if n := len(b.answers(channel, m.Thread)); n != 0 {
			t.Errorf("%d answers where it takes no part any more", n)
		}
		b.sound()
	})
}

// TestDeleteByOthers: whoever sends the click, only the asker's counts.
func TestDeleteByOthers(t *testing.T) {
	answered(t, "Hvad er samskabelse?", setup{}, func(t *testing.T, b *bench, m workspace.Message) {
		var list []struct {
			Elements []struct{ Value string }
		}
		must(t, json.Unmarshal(m.Blocks, &list))
		id := ""
		for _, x := range list {
			for _, e := range x.Elements {
				if e.Value != "" && !strings.Contains(e.Value, ":") {
					id = e.Value
				}
			}
		}
		var x interaction
		x.User.ID = boUser
		x.Actions = append(x.Actions, struct {
			ID    string `json:"action_id"`
			Value string `json:"value"`
		}{"slet_svar", id})
		must(t, b.bot.deleteAnswer(b.ctx, x))
		if n := len(b.answers(channel, m.Thread)); n != 1 {
			t.Errorf("%d answers", n)
		}
	})
}

func TestEscalation(t *testing.T) {
	answered(t, "Hvad koster en bil?", setup{}, func(t *testing.T, b *bench, m workspace.Message) {
		must(t, b.Click(anna, channel, m.TS, "eskaler"))
		b.until("card", func() bool { return len(b.Messages(experts)) == 1 })
		b.quiet()
		card := b.Messages(experts)[0]
		b.has(card, "Hvad koster en bil?", "jeg gætter ikke", "https://demo.slack.com/archives/"+channel, "tag_den", "loest")
		must(t, b.Click(anna, channel, m.TS, "eskaler"))
		b.until("told twice", func() bool { return len(b.Ephemerals(anna)) == 2 })

		must(t, b.Click(boUser, experts, card.TS, "tag_den"))
		b.until("taken", func() bool { return strings.Contains(blocks(b.Messages(experts)[0]), "Taget af <@"+boUser+">") })
		must(t, b.stop()) // the thread is known after a restart too
		b.run()
		b.say(boUser, experts, "Hvad siger du, <@U0CLARA>?", card.TS)
		b.say(boUser, experts, "Ring til <https://ond.dk|os>, så finder vi ud af det.", card.TS)
		b.until("relay", func() bool { return len(b.answers(channel, m.Thread)) == 2 })
		b.quiet()
		got := b.answers(channel, m.Thread)
		if len(got) != 2 {
			t.Fatalf("%d messages", len(got))
		}
		b.has(got[1], "<@"+anna+">", "<@"+boUser+">", "så finder vi ud af det")
		if strings.Contains(blocks(got[1]), "<https://ond.dk") {
			t.Error("a live link was carried")
		}
		must(t, b.Click(boUser, experts, card.TS, "loest"))
		b.until("solved", func() bool { return strings.Contains(blocks(b.Messages(experts)[0]), "Løst af <@"+boUser+">") })
		if n := len(b.asker.questions()); n != 1 {
			t.Errorf("asked %d times", n)
		}
		b.sound()
	})
}

func TestEscalationOfPrivateAnswer(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		must(t, b.Slash(anna, channel, "/kilde", "Hvad koster en bil?"))
		b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.quiet()
		must(t, b.Click(anna, channel, b.Ephemerals(anna)[0].TS, "eskaler"))
		b.until("card", func() bool { return len(b.Messages(experts)) == 1 })
		b.quiet()
		b.say(boUser, experts, "Omkring 200.000 kr.", b.Messages(experts)[0].TS)
		b.until("direct message", func() bool { return len(b.Messages(b.DM(anna))) == 1 })
		b.has(b.Messages(b.DM(anna))[0], "Omkring 200.000 kr.")
		b.sound()
	})
}

func TestNobodyToAsk(t *testing.T) {
	answered(t, "Hvad koster en bil?", setup{config: func(c *Config) { c.ExpertChannel = "" }}, func(t *testing.T, b *bench, m workspace.Message) {
		must(t, b.Click(anna, channel, m.TS, "eskaler"))
		b.until("word", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.has(b.Ephemerals(anna)[0], "ikke valgt en kanal")
		b.sound()
	})
}

// TestCardLost: the card was seen, and so was the expert's reply that was carried, but Slack's answers to the posts were lost.
func TestCardLost(t *testing.T) {
	lost := workspace.Options{CallFault: func(m string, n int) workspace.CallFault {
		return fault(m == "chat.postMessage" && (n == 2 || n == 3), workspace.CallFault{Reset: true})
	}}
	answered(t, "Hvad koster en bil?", setup{world: lost}, func(t *testing.T, b *bench, m workspace.Message) {
		must(t, b.Click(anna, channel, m.TS, "eskaler"))
		b.until("told", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.say(boUser, experts, "Ring til os.", b.Messages(experts)[0].TS)
		b.until("relay", func() bool { return len(b.answers(channel, m.Thread)) >= 2 })
		b.quiet()
		if c, r := len(b.Messages(experts)), len(b.answers(channel, m.Thread)); c != 2 || r != 2 {
			t.Errorf("%d messages in the expert channel, %d in the thread", c, r)
		}
	})
}

func TestForgottenAnswer(t *testing.T) {
	answered(t, "Hvad er samskabelse?", setup{}, func(t *testing.T, b *bench, m workspace.Message) {
		must(t, b.stop())
		j := b.open()
		if _, err := j.Forget(b.ctx, anna); err != nil {
			t.Fatal(err)
		}
		must(t, j.Close())
		b.run()
		for i, action := range []string{"vis_uddrag", "eskaler", "opfoelgning_1"} {
			must(t, b.Click(boUser, channel, m.TS, action))
			b.until("word", func() bool { return len(b.Ephemerals(boUser)) == i+1 })
			b.has(b.Ephemerals(boUser)[i], "findes ikke længere")
		}
		b.sound()
	})
}
