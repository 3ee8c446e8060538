package workspace_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

var f0 delivery.Fault

func buttons() []slack.Block {
	yes := slack.NewFeedbackButton(slack.NewTextBlockObject("plain_text", "Det hjalp", false, false), "op")
	no := slack.NewFeedbackButton(slack.NewTextBlockObject("plain_text", "Det hjalp ikke", false, false), "ned")
	trash := slack.NewIconButtonBlockElement("trash", slack.NewTextBlockObject("plain_text", "Slet svar", false, false), "slet_svar")
	trash.VisibleToUserIDs = []string{anna}
	return []slack.Block{
		slack.NewMarkdownBlock("", "Svar [1](https://eksempel.dk)"),
		slack.NewActionBlock("knapper", slack.NewButtonBlockElement("vis_uddrag", "42", slack.NewTextBlockObject("plain_text", "Vis uddrag", false, false))),
		slack.NewContextActionsBlock("dom", slack.NewFeedbackButtonsBlockElement("feedback", yes, no), trash),
	}
}

func (w *world) answer(channel, thread string) string {
	w.t.Helper()
	_, ts, err := w.api.PostMessageContext(w.ctx, channel, slack.MsgOptionText("Svar", false), slack.MsgOptionBlocks(buttons()...), slack.MsgOptionTS(thread))
	must(w.t, err)
	return ts
}

func (a *app) interaction(w *world) slack.InteractionCallback {
	w.t.Helper()
	return a.next(w, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
}

func TestClick(t *testing.T) {
	w := start(t, workspace.Options{})
	a := w.connect(nil)
	root := w.say(anna, channel, "spørgsmål", "")
	ts := w.answer(channel, root)
	must(t, w.Click(anna, channel, ts, "vis_uddrag"))
	c := a.interaction(w)
	if c.Type != slack.InteractionTypeBlockActions || c.ActionCallback.BlockActions[0].Value != "42" || c.ActionCallback.BlockActions[0].BlockID != "knapper" ||
		c.Container.ThreadTs != root || c.Container.MessageTs != ts || c.Message.Timestamp != ts || c.User.ID != anna || c.Channel.ID != channel {
		t.Errorf("payload %s", dump(c))
	}
	must(t, w.Feedback(bo, channel, ts, "negative"))
	if c := a.interaction(w); c.ActionCallback.BlockActions[0].Value != "ned" || c.ActionCallback.BlockActions[0].ActionID != "feedback" {
		t.Errorf("payload %s", dump(c))
	}
	if err := w.Click(bo, channel, ts, "slet_svar"); err == nil {
		t.Error("the trash is Anna's alone")
	}
	if err := w.Click(anna, channel, ts, "findes_ikke"); err == nil {
		t.Error("no such button")
	}
	_, _, _, err := w.api.UpdateMessageContext(w.ctx, channel, ts, slack.MsgOptionText("uden knapper", false), slack.MsgOptionBlocks(slack.NewDividerBlock()))
	must(t, err)
	if err := w.Click(anna, channel, ts, "vis_uddrag"); err == nil {
		t.Error("the button is gone")
	}
}

func TestTriggers(t *testing.T) {
	at := newClock()
	w := start(t, workspace.Options{Now: at.now})
	a := w.connect(nil)
	ts := w.answer(channel, "")
	trigger := func() string {
		must(t, w.Click(anna, channel, ts, "vis_uddrag"))
		return a.interaction(w).TriggerID
	}
	view := slack.ModalViewRequest{Type: "modal", Title: slack.NewTextBlockObject("plain_text", "Uddrag", false, false),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
	good := trigger()
	at.pass(3 * time.Second)
	opened, err := w.api.OpenViewContext(w.ctx, good, view)
	must(t, err)
	_, err = w.api.OpenViewContext(w.ctx, good, view)
	refused(t, err, "exchanged_trigger_id")
	late := trigger()
	at.pass(3001 * time.Millisecond)
	_, err = w.api.OpenViewContext(w.ctx, late, view)
	refused(t, err, "expired_trigger_id")
	_, err = w.api.OpenViewContext(w.ctx, "1.2.3", view)
	refused(t, err, "invalid_trigger_id")
	_, err = w.api.UpdateViewContext(w.ctx, view, "", "forkert", opened.ID)
	refused(t, err, "hash_conflict")
	updated, err := w.api.UpdateViewContext(w.ctx, view, "", opened.Hash, opened.ID)
	must(t, err)
	if updated.ID != opened.ID || updated.Hash == opened.Hash {
		t.Errorf("views %s %s", opened.ID, updated.ID)
	}
	wrong := map[string]any{"trigger_id": trigger(), "view": map[string]any{"type": "modal", "blocks": []any{map[string]any{"type": "divider"}}}}
	wants(t, w.call("views.open", wrong), "invalid_arguments")
}

const form = `{"type":"modal","callback_id":"dom","notify_on_close":true,"title":{"type":"plain_text","text":"Fortæl"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
 {"type":"input","block_id":"hvorfor","label":{"type":"plain_text","text":"Hvorfor?"},"element":{"type":"plain_text_input","action_id":"tekst","max_length":10}},
 {"type":"input","block_id":"slags","optional":true,"label":{"type":"plain_text","text":"Slags"},"element":{"type":"radio_buttons","action_id":"valg","options":[{"text":{"type":"plain_text","text":"Forkert"},"value":"f"}]}},
 {"type":"actions","elements":[{"type":"button","action_id":"mere","text":{"type":"plain_text","text":"Mere"}}]}]}`

func TestModals(t *testing.T) {
	w := start(t, workspace.Options{})
	var answer map[string]any
	a := w.connect(func(e socketmode.Event) bool { // submissions are answered below
		c, ok := e.Data.(slack.InteractionCallback)
		return !ok || c.Type != slack.InteractionTypeViewSubmission
	})
	ts := w.answer(channel, "")
	must(t, w.Click(anna, channel, ts, "vis_uddrag"))
	wants(t, w.call("views.open", map[string]any{"trigger_id": a.interaction(w).TriggerID, "view": json.RawMessage(form)}), "")
	v := w.Views(anna)[0]
	must(t, w.ClickView(anna, v.ID, "mere", ""))
	wants(t, w.call("views.push", map[string]any{"trigger_id": a.interaction(w).TriggerID, "view": json.RawMessage(form)}), "")
	top := w.Views(anna)[1]
	if top.Previous != v.ID || top.Root != v.ID {
		t.Errorf("view %+v", top)
	}
	if err := w.SubmitView(anna, v.ID, nil); err == nil {
		t.Error("a covered view was submitted")
	}
	must(t, w.CloseView(anna, top.ID))
	if c := a.interaction(w); c.Type != slack.InteractionTypeViewClosed {
		t.Errorf("payload %s", dump(c))
	}
	value := map[string]map[string]string{"hvorfor": {"tekst": "forældet"}, "slags": {"valg": "f"}}
	for _, bad := range []map[string]map[string]string{nil, {"hvorfor": {"tekst": "meget mere end ti tegn"}}, {"hvorfor": {"tekst": "x"}, "slags": {"valg": "nix"}}} {
		if err := w.SubmitView(anna, v.ID, bad); err == nil {
			t.Errorf("submitted %v", bad)
		}
	}
	submit := func() {
		must(t, w.SubmitView(anna, v.ID, value))
		e := a.next(w, socketmode.EventTypeInteractive)
		c := e.Data.(slack.InteractionCallback)
		if got := c.View.State.Values; got["hvorfor"]["tekst"].Value != "forældet" || got["slags"]["valg"].SelectedOption.Value != "f" {
			t.Errorf("state %s", dump(got))
		}
		must(t, a.AckCtx(w.ctx, e.Request.EnvelopeID, answer))
	}
	answer = map[string]any{"response_action": "errors", "errors": map[string]string{"hvorfor": "Skriv mere"}}
	submit()
	w.until("errors", func() bool { return w.Views(anna)[0].Errors["hvorfor"] == "Skriv mere" })
	answer = map[string]any{"response_action": "push", "view": json.RawMessage(form)}
	submit()
	w.until("pushed", func() bool { return len(w.Views(anna)) == 2 })
	must(t, w.CloseView(anna, w.Views(anna)[1].ID))
	a.interaction(w) // view_closed
	answer = map[string]any{"response_action": "update", "view": json.RawMessage(strings.Replace(form, "Fortæl", "Tak", 1))}
	submit()
	w.until("updated", func() bool { return w.Views(anna)[0].Title == "Tak" })
	answer = nil
	submit()
	w.until("closed", func() bool { return len(w.Views(anna)) == 0 })
	if p := w.Problems(); len(p) != 0 {
		t.Errorf("problems %v", p)
	}
}

func TestSlashAndResponseURL(t *testing.T) {
	at := newClock()
	w := start(t, workspace.Options{Now: at.now, Commands: map[string]string{"/kilde": "dit spørgsmål"}})
	a := w.connect(func(e socketmode.Event) bool { return e.Type != socketmode.EventTypeSlashCommand })
	if err := w.Slash(anna, channel, "/nix", ""); err == nil {
		t.Error("no such command")
	}
	must(t, w.Slash(anna, channel, "/kilde", "hvad er <b>?"))
	e := a.next(w, socketmode.EventTypeSlashCommand)
	c := e.Data.(slack.SlashCommand)
	if c.Text != "hvad er &lt;b&gt;?" || c.ChannelName != "frivillig-viden" || c.TriggerID == "" {
		t.Errorf("command %+v", c)
	}
	must(t, a.AckCtx(w.ctx, e.Request.EnvelopeID, map[string]any{"text": "Et øjeblik"}))
	w.until("ephemeral", func() bool { return len(w.Ephemerals(anna)) == 1 })
	post := func(text string, o ...slack.MsgOption) error {
		_, _, _, err := w.api.SendMessageContext(w.ctx, channel, append(o, slack.MsgOptionText(text, false))...)
		return err
	}
	must(t, post("svar", slack.MsgOptionResponseURL(c.ResponseURL, "ephemeral"), slack.MsgOptionBlocks(buttons()...)))
	answer := w.Ephemerals(anna)[1]
	must(t, w.Click(anna, channel, answer.TS, "vis_uddrag"))
	click := a.interaction(w)
	if !click.Container.IsEphemeral || click.Message.Timestamp != "" {
		t.Errorf("payload %s", dump(click))
	}
	must(t, post("erstattet", slack.MsgOptionReplaceOriginal(click.ResponseURL)))
	if got := w.Ephemerals(anna)[1]; got.Text != "erstattet" || got.TS != answer.TS {
		t.Errorf("ephemeral %+v", got)
	}
	must(t, post("x", slack.MsgOptionDeleteOriginal(click.ResponseURL)))
	if len(w.Ephemerals(anna)) != 1 || len(w.Ephemerals(bo)) != 0 {
		t.Error("not deleted, or seen by others")
	}
	must(t, post("til alle", slack.MsgOptionResponseURL(c.ResponseURL, "in_channel")))
	if m := w.Messages(channel); len(m) != 1 || m[0].Text != "til alle" {
		t.Errorf("messages %+v", m)
	}
	header := http.Header{"Content-Type": {"application/json"}}
	for range 3 {
		_, _ = w.post(c.ResponseURL, map[string]any{"text": "igen"}, header)
	}
	status, got := w.post(c.ResponseURL, map[string]any{"text": "for meget"}, header)
	if wants(t, got, "used_url"); status != http.StatusNotFound {
		t.Error(status)
	}
	at.pass(31 * time.Minute)
	_, got = w.post(click.ResponseURL, map[string]any{"text": "for sent"}, header)
	wants(t, got, "expired_url")
}

func TestAgentEvents(t *testing.T) {
	w := start(t, workspace.Options{})
	a := w.connect(nil)
	inner := func() any {
		return a.next(w, socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent).InnerEvent.Data
	}
	must(t, w.OpenHome(anna, "messages"))
	home, ok := inner().(*slackevents.AppHomeOpenedEvent)
	if !ok || home.Channel != w.DM(anna) || home.Tab != "messages" {
		t.Fatalf("event %+v", home)
	}
	must(t, w.ContextChanged(anna, channel))
	if e, ok := inner().(*slackevents.AppContextChangedEvent); !ok || e.Context.Entities[0].Value != channel {
		t.Errorf("event %+v", e)
	}
	w.say(anna, w.DM(anna), "hej", "")
	if e, ok := inner().(*slackevents.MessageEvent); !ok || e.ChannelType != "im" || e.ThreadTimeStamp != "" || e.AppContext.Entities[0].Value != channel {
		t.Errorf("event %+v", e)
	}
	prompts := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: w.DM(anna), Title: "Prøv fx"}
	prompts.AddPrompt("Ferie", "Hvor meget?")
	must(t, w.api.SetAssistantThreadsSuggestedPromptsContext(w.ctx, prompts))
	if p := w.SuggestedPrompts(w.DM(anna), ""); len(p.Prompts) != 1 {
		t.Errorf("prompts %+v", p)
	}
	prompts.ThreadTS = w.Messages(w.DM(anna))[0].TS
	must(t, w.api.SetAssistantThreadsSuggestedPromptsContext(w.ctx, prompts))
	if p := w.Problems(); len(p) != 1 || !strings.Contains(p[0].What, "silently ignored") {
		t.Errorf("problems %v", p)
	}
	must(t, w.Shortcut(bo, channel, w.say(anna, channel, "hej", ""), "besvar_besked"))
	if c := a.interaction(w); c.Type != slack.InteractionTypeMessageAction || c.Message.Text != "hej" || c.CallbackID != "besvar_besked" {
		t.Errorf("payload %s", dump(c))
	}
	w.AddChannel(workspace.Channel{ID: "C9", Name: "ny", Members: []string{anna}})
	must(t, w.Join("C9", anna))
	for {
		if e, ok := inner().(*slackevents.MemberJoinedChannelEvent); ok {
			if e.User != bot || e.Channel != "C9" {
				t.Errorf("event %+v", e)
			}
			break
		}
	}
}

func TestStatusEnds(t *testing.T) {
	at := newClock()
	w := start(t, workspace.Options{Now: at.now})
	root := w.say(anna, channel, "hej", "")
	must(t, w.api.SetAssistantThreadsStatusContext(w.ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: channel, ThreadTS: root, Status: "leder …", LoadingMessages: []string{"a", "b"}}))
	if s := w.Statuses(); len(s) != 1 || s[0].Cleared || s[0].Text != "leder …" {
		t.Errorf("status %+v", s)
	}
	w.answer(channel, root)
	if s := w.Statuses(); !s[0].Cleared {
		t.Error("a post ends the status")
	}
}

func TestLegacyAssistant(t *testing.T) {
	w := start(t, workspace.Options{Legacy: true})
	a := w.connect(nil)
	ts, err := w.StartAssistantThread(anna, channel)
	must(t, err)
	e := a.next(w, socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent).InnerEvent.Data
	if s, ok := e.(*slackevents.AssistantThreadStartedEvent); !ok || s.AssistantThread.ThreadTimeStamp != ts || s.AssistantThread.Context.ChannelID != channel {
		t.Errorf("event %+v", e)
	}
	_, err = w.api.SetAgentSessionStatusContext(w.ctx, slack.AgentSessionSetStatusParameters{Status: "active", ChannelID: w.DM(anna), ThreadTS: ts})
	refused(t, err, "not_authorized")
}
