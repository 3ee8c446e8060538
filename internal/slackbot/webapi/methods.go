package webapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kildesvar/internal/slackbot/message"
)

// Method is a method of the Web API.
type Method string

// The methods used.
const (
	AuthTest     Method = "auth.test"
	PostMessage  Method = "chat.postMessage"
	PostPrivate  Method = "chat.postEphemeral"
	Update       Method = "chat.update"
	Delete       Method = "chat.delete"
	Permalink    Method = "chat.getPermalink"
	StartStream  Method = "chat.startStream"
	AppendStream Method = "chat.appendStream"
	StopStream   Method = "chat.stopStream"
	SetStatus    Method = "assistant.threads.setStatus"
	SetPrompts   Method = "assistant.threads.setSuggestedPrompts"
	SetSession   Method = "agents.sessions.setStatus"
	Info         Method = "conversations.info"
	Replies      Method = "conversations.replies"
	History      Method = "conversations.history"
	OpenDM       Method = "conversations.open"
	OpenView     Method = "views.open"
	PublishView  Method = "views.publish"
	ResponseURL  Method = "response_url" // no method, but metered like one
)

// Methods are the methods used and the bot scopes each needs.
var Methods = map[Method][]string{
	AuthTest: nil, PostMessage: {"chat:write"}, PostPrivate: {"chat:write"}, Update: {"chat:write"}, Delete: {"chat:write"}, Permalink: nil,
	StartStream: {"chat:write"}, AppendStream: {"chat:write"}, StopStream: {"chat:write"}, SetStatus: {"chat:write"},
	SetPrompts: {"assistant:write"}, SetSession: {"chat:write", "assistant:write"},
	Info:    {"channels:read", "groups:read", "mpim:read"},
	Replies: {"channels:history", "groups:history", "im:history", "mpim:history"}, History: {"channels:history", "groups:history", "im:history", "mpim:history"},
	OpenDM: {"im:write"}, OpenView: nil, PublishView: nil, ResponseURL: nil,
}

// metaKind names the metadata of our messages.
const metaKind = "kildesvar"

// Target is where a message goes.
type Target struct {
	Channel string
	Thread  string // empty: it starts a thread of its own
	Nonce   string // stands in the metadata, to be found again; empty: none
}

// options are those of a message; links never unfold.
func options(m message.Message, t Target) []slack.MsgOption {
	out := []slack.MsgOption{slack.MsgOptionText(m.Text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
	if m.Blocks != nil {
		out = append(out, slack.MsgOptionBlocks(m.Blocks...))
	}
	if t.Thread != "" {
		out = append(out, slack.MsgOptionTS(t.Thread))
	}
	if t.Nonce != "" {
		out = append(out, metadata(t.Nonce))
	}
	return out
}

func metadata(nonce string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metaKind, EventPayload: map[string]any{"nonce": nonce}})
}

// Who is the assistant's own account.
type Who struct{ Team, User, Bot, URL string }

// Whoami asks who the token belongs to.
func (c *Client) Whoami(ctx context.Context) (w Who, err error) {
	err = c.call(ctx, AuthTest, repeat, func(ctx context.Context) error {
		r, err := c.api.AuthTestContext(ctx)
		if err == nil {
			w = Who{Team: r.TeamID, User: r.UserID, Bot: r.BotID, URL: r.URL}
		}
		return err
	})
	return w, err
}

// Post posts a message, in its turn, and never twice: see Uncertain.
func (c *Client) Post(ctx context.Context, t Target, m message.Message) (ts string, err error) {
	if err := c.pace(ctx, t.Channel); err != nil {
		return "", err
	}
	err = c.call(ctx, PostMessage, once, func(ctx context.Context) (err error) {
		_, ts, err = c.api.PostMessageContext(ctx, t.Channel, options(m, t)...)
		return err
	})
	return ts, err
}

// Whisper posts a message that one person sees, who must be in the channel.
func (c *Client) Whisper(ctx context.Context, t Target, user string, m message.Message) error {
	return c.call(ctx, PostPrivate, once, func(ctx context.Context) error {
		_, err := c.api.PostEphemeralContext(ctx, t.Channel, user, options(m, t)...)
		return err
	})
}

// Edit replaces a message of the assistant's.
func (c *Client) Edit(ctx context.Context, t Target, ts string, m message.Message) error {
	t.Thread = ""
	return c.call(ctx, Update, repeat, func(ctx context.Context) error {
		_, _, _, err := c.api.UpdateMessageContext(ctx, t.Channel, ts, options(m, t)...)
		return err
	})
}

// Remove deletes a message of the assistant's; one that is gone is no error.
func (c *Client) Remove(ctx context.Context, channel, ts string) error {
	err := c.call(ctx, Delete, repeat, func(ctx context.Context) error {
		_, _, err := c.api.DeleteMessageContext(ctx, channel, ts)
		return err
	})
	if Code(err) == "message_not_found" {
		return nil
	}
	return err
}

// Link is a message's permalink.
func (c *Client) Link(ctx context.Context, channel, ts string) (link string, err error) {
	err = c.call(ctx, Permalink, repeat, func(ctx context.Context) (err error) {
		link, err = c.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: ts})
		return err
	})
	return link, err
}

// Start begins a stream for a person. It does not wait for limits: a message can be posted instead.
func (c *Client) Start(ctx context.Context, t Target, user, team string) (ts string, err error) {
	err = c.call(ctx, StartStream, eager, func(ctx context.Context) (err error) {
		_, ts, err = c.api.StartStreamContext(ctx, t.Channel, slack.MsgOptionTS(t.Thread), slack.MsgOptionRecipientUserID(user), slack.MsgOptionRecipientTeamID(team))
		return err
	})
	return ts, err
}

// Append adds to a stream. It is not repeated: the text may stand there already.
func (c *Client) Append(ctx context.Context, channel, ts, markdown string) error {
	return c.call(ctx, AppendStream, eager, func(ctx context.Context) error {
		_, _, err := c.api.AppendStreamContext(ctx, channel, ts, slack.MsgOptionMarkdownText(markdown))
		return err
	})
}

// Stop ends a stream with blocks under it; both may be empty. One that has ended already is an error of Slack's.
func (c *Client) Stop(ctx context.Context, channel, ts, nonce string, blocks []slack.Block) error {
	return c.call(ctx, StopStream, repeat, func(ctx context.Context) error {
		var opts []slack.MsgOption
		if blocks != nil {
			opts = append(opts, slack.MsgOptionBlocks(blocks...))
		}
		if nonce != "" {
			opts = append(opts, metadata(nonce))
		}
		_, _, err := c.api.StopStreamContext(ctx, channel, ts, opts...)
		return err
	})
}

// Status shows what the assistant is doing in a thread, until it posts; an empty text clears it. It may fail unnoticed.
func (c *Client) Status(ctx context.Context, channel, thread, text string, loading ...string) {
	_ = c.call(ctx, SetStatus, eager, func(ctx context.Context) error { // a nicety; Observe has counted the failure
		return c.api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: channel, ThreadTS: thread, Status: text, LoadingMessages: loading})
	})
}

// Idle takes an agent session out of "processing". Apps of the older kind have no sessions; that is no error.
func (c *Client) Idle(ctx context.Context, channel, thread string) {
	_ = c.call(ctx, SetSession, repeat, func(ctx context.Context) error { // without it the status ends by itself, later
		_, err := c.api.SetAgentSessionStatusContext(ctx, slack.AgentSessionSetStatusParameters{Status: "active", ChannelID: channel, ThreadTS: thread})
		return err
	})
}

// Prompt is a suggestion in the agent pane.
type Prompt struct{ Title, Message string }

// Suggest shows at most four suggestions; thread is for apps of the older kind only, others must leave it empty.
func (c *Client) Suggest(ctx context.Context, channel, thread, title string, prompts []Prompt) error {
	p := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: channel, ThreadTS: thread, Title: title}
	for _, x := range prompts[:min(len(prompts), 4)] {
		p.AddPrompt(x.Title, x.Message)
	}
	return c.call(ctx, SetPrompts, repeat, func(ctx context.Context) error {
		return c.api.SetAssistantThreadsSuggestedPromptsContext(ctx, p)
	})
}

// Shared says whether a channel is shared with another organisation.
func (c *Client) Shared(ctx context.Context, channel string) (shared bool, err error) {
	err = c.call(ctx, Info, repeat, func(ctx context.Context) error {
		ch, err := c.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		if err == nil {
			shared = ch.IsExtShared || ch.IsPendingExtShared
		}
		return err
	})
	return shared, err
}

// Found is a message read back.
type Found struct {
	TS, User, Bot, Text, Nonce string
}

func found(msgs []slack.Message) []Found {
	out := make([]Found, len(msgs))
	for i, m := range msgs {
		out[i] = Found{TS: m.Timestamp, User: m.User, Bot: m.BotID, Text: m.Text}
		if n, ok := m.Metadata.EventPayload["nonce"].(string); ok && m.Metadata.EventType == metaKind {
			out[i].Nonce = n
		}
	}
	return out
}

// Thread reads a thread's messages after a time, "" for all, oldest first; a thread that is not there is empty.
func (c *Client) Thread(ctx context.Context, channel, thread, after string) (out []Found, err error) {
	cursor := ""
	for range 20 { // 4,000 replies
		var next string
		err = c.call(ctx, Replies, repeat, func(ctx context.Context) error {
			msgs, _, n, err := c.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: thread, Oldest: after, Cursor: cursor, Limit: 200, IncludeAllMetadata: true})
			if err == nil {
				out, next = append(out, found(msgs)...), n
			}
			return err
		})
		if Code(err) == "thread_not_found" {
			return nil, nil
		}
		if cursor = next; err != nil || cursor == "" {
			break
		}
	}
	return out, err
}

// Latest reads a channel's newest messages.
func (c *Client) Latest(ctx context.Context, channel string) (out []Found, err error) {
	err = c.call(ctx, History, repeat, func(ctx context.Context) error {
		r, err := c.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel, Limit: 100, IncludeAllMetadata: true})
		if err == nil {
			out = found(r.Messages)
		}
		return err
	})
	return out, err
}

// DM opens the channel between the assistant and a person.
func (c *Client) DM(ctx context.Context, user string) (channel string, err error) {
	err = c.call(ctx, OpenDM, repeat, func(ctx context.Context) error {
		ch, _, _, err := c.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		if err == nil {
			channel = ch.ID
		}
		return err
	})
	return channel, err
}

// Open opens a modal. A trigger that was used up by an attempt whose answer was lost is no error.
func (c *Client) Open(ctx context.Context, trigger string, v slack.ModalViewRequest) error {
	err := c.call(ctx, OpenView, repeat, func(ctx context.Context) error {
		_, err := c.api.OpenViewContext(ctx, trigger, v)
		return err
	})
	if Code(err) == "exchanged_trigger_id" {
		return nil
	}
	return err
}

// Publish shows a person's Home page.
func (c *Client) Publish(ctx context.Context, user string, v slack.HomeTabViewRequest) error {
	return c.call(ctx, PublishView, repeat, func(ctx context.Context) error {
		_, err := c.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: v})
		return err
	})
}

// Reply is a post to a response_url.
type Reply struct {
	Text            string        `json:"text,omitempty"`
	Blocks          []slack.Block `json:"blocks,omitempty"`
	ResponseType    string        `json:"response_type,omitempty"`
	ThreadTS        string        `json:"thread_ts,omitempty"`
	ReplaceOriginal bool          `json:"replace_original"`
	DeleteOriginal  bool          `json:"delete_original,omitempty"`
	UnfurlLinks     bool          `json:"unfurl_links"` // never true
	UnfurlMedia     bool          `json:"unfurl_media"` // never true
}

// Respond posts to a response_url. Like Post it never does so twice.
func (c *Client) Respond(ctx context.Context, address string, r Reply) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode reply: %w: %w", errUnsent, err)
	}
	return c.call(ctx, ResponseURL, once, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return fmt.Errorf("response url: %w", errUnsent)
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		resp, err := c.http.Do(req)
		if u, ok := errors.AsType[*url.Error](err); ok {
			return u.Err // without the address, which is a key
		}
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		return responded(resp)
	})
}

// responded reads Slack's answer, which is "ok" or JSON.
func responded(resp *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return err
	}
	if after := resp.Header.Get("Retry-After"); resp.StatusCode == http.StatusTooManyRequests && after != "" {
		if d, err := time.ParseDuration(after + "s"); err == nil {
			return &slack.RateLimitedError{RetryAfter: d}
		}
	}
	var r struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	_ = json.Unmarshal(text, &r) // "ok" is no JSON
	switch {
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	case r.Error != "":
		return slack.SlackErrorResponse{Err: r.Error}
	case resp.StatusCode != http.StatusOK && strings.HasSuffix(strings.TrimSpace(string(text)), "_url"):
		return slack.SlackErrorResponse{Err: strings.TrimSpace(string(text))}
	case resp.StatusCode != http.StatusOK:
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return nil
}
