package slackbot

import (
	"encoding/json"
	"fmt"
	"slices"

	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/webapi"
)

// ManifestOptions are what the manifest says of the app. Zero values are those named.
type ManifestOptions struct {
	Name    string // empty: Kildesvar
	Command string // empty: /kilde
	// RequestURL is the public address in HTTP mode, without /slack/…; empty: Socket Mode.
	RequestURL string
	Examples   []Example // become suggestions; at most three are used
}

// Manifest is the app's manifest as JSON, which Slack takes as well as YAML. Events and scopes are those of the handlers and methods that
// are really used.
func Manifest(o ManifestOptions) ([]byte, error) {
	set(&o.Name, "Kildesvar")
	set(&o.Command, "/kilde")
	type object = map[string]any
	prompts := []object{}
	for _, p := range (&Bot{cfg: Config{Examples: o.Examples}}).suggestions() {
		prompts = append(prompts, object{"title": p.Title, "message": p.Message})
	}
	command := object{"command": o.Command, "description": "Privat svar med kilder", "usage_hint": "dit spørgsmål", "should_escape": true}
	events := object{"bot_events": subscriptions()}
	interactivity := object{"is_enabled": true}
	if o.RequestURL != "" {
		command["url"] = o.RequestURL + "/slack/commands"
		events["request_url"] = o.RequestURL + "/slack/events"
		interactivity["request_url"] = o.RequestURL + "/slack/interactive"
	}
	m := object{
		"display_information": object{"name": o.Name, "description": "AI-assistent, som svarer ud fra temaartikler og altid viser sine kilder"},
		"features": object{
			"app_home": object{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"bot_user": object{"display_name": o.Name, "always_online": true},
			"agent_view": object{"agent_description": "Stil et spørgsmål, og få et svar med henvisninger til artikler og litteratur.",
				"suggested_prompts": prompts},
			"slash_commands": []object{command},
			"shortcuts":      []object{{"name": "Besvar denne besked", "type": "message", "callback_id": message.Shortcut, "description": "Privat svar med kilder"}},
		},
		"oauth_config": object{"scopes": object{"bot": Scopes()}},
		"settings": object{"event_subscriptions": events, "interactivity": interactivity, "socket_mode_enabled": o.RequestURL == "",
			"org_deploy_enabled": false, "token_rotation_enabled": false},
	}
	out, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return append(out, '\n'), nil
}

// Scopes are the bot scopes the app needs, sorted.
func Scopes() []string {
	out := []string{"commands"} // the slash command and the shortcut
	for _, h := range eventHandlers {
		out = append(out, h.scopes...)
	}
	for _, scopes := range webapi.Methods {
		out = append(out, scopes...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// subscriptions are the bot events to subscribe to, sorted.
func subscriptions() []string {
	var out []string
	for _, h := range eventHandlers {
		out = append(out, h.subscribe...)
	}
	slices.Sort(out)
	return out
}
