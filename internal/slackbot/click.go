package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"kildesvar/internal/answer"
	"kildesvar/internal/journal"
	"kildesvar/internal/privacy"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/slacktext"
	"kildesvar/internal/slackbot/webapi"
)

// interaction is what is used of an interactive payload.
type interaction struct {
	Type     string `json:"type"`
	Callback string `json:"callback_id"`
	Trigger  string `json:"trigger_id"`
	Response string `json:"response_url"`
	App      string `json:"api_app_id"`
	User     struct {
		ID string `json:"id"`
	} `json:"user"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message struct {
		TS       string `json:"ts"`
		ThreadTS string `json:"thread_ts"`
		Text     string `json:"text"`
	} `json:"message"`
	Container struct {
		TS        string `json:"message_ts"`
		Channel   string `json:"channel_id"`
		ThreadTS  string `json:"thread_ts"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Actions []struct {
		ID    string `json:"action_id"`
		Value string `json:"value"`
	} `json:"actions"`
	View struct {
		Callback string `json:"callback_id"`
		Metadata string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]struct {
				Value    string `json:"value"`
				Selected *struct {
					Value string `json:"value"`
				} `json:"selected_option"`
			} `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// value is the pressed button's value.
func (x interaction) value() string {
	if len(x.Actions) == 0 {
		return ""
	}
	return x.Actions[0].Value
}

// answerID is the id in the pressed button's value.
func (x interaction) answerID() string {
	id, _, _ := strings.Cut(x.value(), ":")
	return id
}

// thread is the thread in which the button stands.
func (x interaction) thread() string {
	for _, ts := range []string{x.Container.ThreadTS, x.Message.ThreadTS, x.Container.TS} {
		if ts != "" {
			return ts
		}
	}
	return ""
}

// clicks are what is done with buttons after the acknowledgement; a person can press again.
var clicks = map[string]func(*Bot, context.Context, interaction) error{
	message.Excerpt:  (*Bot).showExcerpts,
	message.ReadMore: (*Bot).showWhole,
	message.Copy:     (*Bot).showReferences,
	message.Take:     (*Bot).takeCase,
	message.Solve:    (*Bot).solveCase,
	message.Delete:   (*Bot).deleteAnswer,
	message.Send:     (*Bot).sendToAll,
}

// presses are what is done with buttons before it, since it must not be lost: questions, ratings, escalations.
var presses = map[string]func(*Bot, context.Context, interaction) error{
	message.FollowUp: (*Bot).onFollowUp, // and a number
	message.AskAgain: (*Bot).onAskAgain,
	message.Feedback: (*Bot).onRating,
	message.Escalate: (*Bot).onEscalate,
}

func (b *Bot) onInteraction(ctx context.Context, raw json.RawMessage) (any, error) {
	var x interaction
	if err := read(raw, &x); err != nil {
		return nil, err
	}
	switch x.Type {
	case "message_action":
		if x.Callback == message.Shortcut {
			return nil, b.onShortcut(ctx, x)
		}
	case "view_submission":
		if x.View.Callback == message.WhyNot {
			return nil, b.onWhyNot(ctx, x)
		}
	case "block_actions":
		return nil, b.onClick(ctx, x)
	}
	return nil, nil // links, closed views, and what a later version may have sent
}

func (b *Bot) onClick(ctx context.Context, x interaction) error {
	if len(x.Actions) == 0 || x.User.ID == "" {
		return fmt.Errorf("click: %w", errMalformed)
	}
	action := x.Actions[0].ID
	name := action
	if strings.HasPrefix(action, message.FollowUp) {
		action, name = message.FollowUp, message.FollowUp+"N"
	}
	press, click := presses[action], clicks[action]
	if press == nil && click == nil { // a link
		return nil
	}
	b.metrics.change(func(s *Snapshot) { s.Actions[name]++ })
	missing := func(err error) bool { return errors.Is(err, journal.ErrNotFound) }
	if press != nil {
		err := press(b, ctx, x)
		if missing(err) {
			return b.later(action, func(ctx context.Context) error { return b.tell(ctx, x, gone) })
		}
		return err
	}
	return b.later(action, func(ctx context.Context) error {
		err := click(b, ctx, x)
		if missing(err) {
			return b.tell(ctx, x, gone)
		}
		return err
	})
}

const gone = "Svaret findes ikke længere."

// tell says something to the person who pressed a button, and to nobody else.
func (b *Bot) tell(ctx context.Context, x interaction, text string) error {
	if x.Response == "" {
		return nil
	}
	r := webapi.Reply{Text: slacktext.Text(text), ResponseType: "ephemeral"}
	if !x.Container.Ephemeral {
		r.ThreadTS = x.Container.ThreadTS
	}
	return b.api.Respond(ctx, x.Response, r)
}

// kept is what the journal keeps of an answer, for its buttons.
type kept struct {
	Answer *answer.Answer `json:"answer,omitempty"`
	Notice notice         `json:"notice,omitempty"`
}

// AnswerOf is the answer that a question got; nil if it got a notice.
func AnswerOf(q journal.Question) (*answer.Answer, error) {
	var k kept
	if err := json.Unmarshal(q.Answer.JSON, &k); err != nil {
		return nil, fmt.Errorf("stored answer %s: %w", q.ID, err)
	}
	return k.Answer, nil
}

// stored is a question with its answer.
func (b *Bot) stored(ctx context.Context, id string) (journal.Question, kept, error) {
	q, err := b.journal.Answer(ctx, id)
	if err != nil {
		return journal.Question{}, kept{}, err
	}
	var k kept
	if err := json.Unmarshal(q.Answer.JSON, &k); err != nil {
		return journal.Question{}, kept{}, fmt.Errorf("stored answer %s: %w", id, err)
	}
	return q, k, nil
}

// options are how an answer is shown.
func (b *Bot) options(q journal.Question) message.Options {
	c := contextOf(q)
	o := message.Options{ID: q.ID, Hosts: b.hosts, Asker: q.User, Private: c.Private && q.Answer.Place.TS == "", Thread: q.Surface == journal.Shortcut}
	if c.Heading {
		o.Heading = q.Text
	}
	return o
}

// show opens a modal about an answer.
func (b *Bot) show(ctx context.Context, x interaction, render func(*answer.Answer, message.Options) slack.ModalViewRequest) error {
	q, k, err := b.stored(ctx, x.answerID())
	if err != nil {
		return err
	}
	if k.Answer == nil {
		return b.tell(ctx, x, gone)
	}
	return b.api.Open(ctx, x.Trigger, render(k.Answer, b.options(q)))
}

func (b *Bot) showExcerpts(ctx context.Context, x interaction) error {
	return b.show(ctx, x, message.Excerpts)
}

func (b *Bot) showWhole(ctx context.Context, x interaction) error {
	return b.show(ctx, x, message.Whole)
}

func (b *Bot) showReferences(ctx context.Context, x interaction) error {
	return b.show(ctx, x, message.References)
}

// rating is what the pressed feedback button says.
func (x interaction) rating() (id string, up bool) {
	id, up = strings.CutSuffix(x.value(), message.UpSuffix)
	return strings.TrimSuffix(id, message.DownSuffix), up
}

// onRating keeps a rating, and thanks for it or asks what was wrong.
func (b *Bot) onRating(ctx context.Context, x interaction) error {
	id, up := x.rating()
	if err := b.journal.Rate(ctx, journal.Feedback{AnswerID: id, User: x.User.ID, Up: up}); err != nil {
		return err
	}
	b.metrics.change(func(s *Snapshot) { s.Feedback[map[bool]string{true: "up", false: "down"}[up]]++ })
	return b.later(message.Feedback, func(ctx context.Context) error {
		if up {
			return b.tell(ctx, x, "Tak. Det hjælper os med at gøre svarene bedre.")
		}
		return b.api.Open(ctx, x.Trigger, message.FeedbackForm(id))
	})
}

// onWhyNot keeps what was wrong with an answer.
func (b *Bot) onWhyNot(ctx context.Context, x interaction) error {
	reason, comment := message.FormPlaces()
	f := journal.Feedback{AnswerID: x.View.Metadata, User: x.User.ID}
	if s := x.View.State.Values[reason[0]][reason[1]].Selected; s != nil {
		f.Reason = message.Reason(s.Value)
	}
	f.Comment, _ = slacktext.Cut(slacktext.Clean(x.View.State.Values[comment[0]][comment[1]].Value), 1000)
	f.Comment, _ = privacy.Mask(f.Comment, b.cfg.Privacy)
	err := b.journal.Rate(ctx, f)
	if errors.Is(err, journal.ErrNotFound) {
		return nil // the answer has been forgotten meanwhile
	}
	return err
}

// deleteAnswer takes an answer away for whoever asked.
func (b *Bot) deleteAnswer(ctx context.Context, x interaction) error {
	q, _, err := b.stored(ctx, x.answerID())
	if err != nil {
		return err
	}
	if q.User != x.User.ID {
		return b.tell(ctx, x, "Kun den, der spurgte, kan slette svaret.")
	}
	return b.withdraw(ctx, q)
}

// sendToAll posts a private answer where everybody in the channel sees it.
func (b *Bot) sendToAll(ctx context.Context, x interaction) error {
	return b.alone(x.answerID(), func() error { return b.share(ctx, x, x.answerID()) })
}

func (b *Bot) share(ctx context.Context, x interaction, id string) error {
	q, k, err := b.stored(ctx, id)
	switch {
	case err != nil:
		return err
	case q.User != x.User.ID || k.Answer == nil:
		return b.tell(ctx, x, "Kun den, der spurgte, kan sende svaret.")
	case q.Answer.Place.TS != "":
		return b.tell(ctx, x, "Svaret er allerede sendt.")
	}
	if shut, err := b.shutOut(ctx, q.Channel, contextOf(q).Shared); err != nil || shut {
		return errors.Join(err, b.tell(ctx, x, b.words(noticeShared, "")))
	}
	o := b.options(q)
	o.Private, o.Sharer = false, x.User.ID
	t := webapi.Target{Channel: q.Channel, Nonce: "send:" + id}
	if q.Surface == journal.Shortcut {
		t.Thread = q.ThreadTS
	} else {
		o.Heading = q.Text
	}
	ts, err := b.place(ctx, t, answerForms(k.Answer, o), true)
	if code := webapi.Code(err); code == "not_in_channel" || code == "channel_not_found" {
		return b.tell(ctx, x, "Jeg er ikke med i kanalen. Invitér mig først, og prøv så igen.")
	}
	if err != nil {
		return errors.Join(err, b.tell(ctx, x, b.words(noticeError, id)))
	}
	thread := t.Thread
	if thread == "" {
		thread = ts
	}
	if err := b.journal.Publish(ctx, id, journal.Place{Channel: q.Channel, TS: ts}, thread); err != nil {
		return err
	}
	return b.api.Respond(ctx, x.Response, webapi.Reply{DeleteOriginal: true})
}
