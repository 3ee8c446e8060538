package main

import (
	"encoding/json"
	"testing"
	"time"

	"kildesvar/internal/slackbot"
)

// TestFamilies: a measurement has every bound's bucket, cumulative.
func TestFamilies(t *testing.T) {
	s := slackbot.Snapshot{Stages: map[string]slackbot.Stage{"ask": {Count: 3, Sum: 2 * time.Second, Buckets: append([]uint64{1, 0, 1}, make([]uint64, len(slackbot.Bounds)-2)...)}}}
	for _, f := range families(s) {
		if f.Name != "kildesvar_stage_seconds" {
			continue
		}
		h := f.Histograms["ask"]
		if h.Count != 3 || h.Sum != 2 || h.Buckets[0.005] != 1 || h.Buckets[0.05] != 2 || h.Buckets[120] != 2 {
			t.Errorf("%+v", h)
		}
		return
	}
	t.Error("no times of stages")
}

// TestManifest: what is printed is the manifest, for either transport.
func TestManifest(t *testing.T) {
	for _, args := range [][]string{nil, {"--url", "https://kildesvar.eksempel.dk/"}} {
		r := call(t, "", append([]string{"slack", "manifest"}, args...)...)
		var m struct {
			Settings struct {
				Socket bool `json:"socket_mode_enabled"`
				Events struct {
					URL string `json:"request_url"`
				} `json:"event_subscriptions"`
			} `json:"settings"`
		}
		if err := json.Unmarshal([]byte(r.stdout), &m); err != nil || r.code != exitDone {
			t.Fatalf("%v: exit code %d: %s %s", err, r.code, r.stdout, r.stderr)
		}
		if m.Settings.Socket != (args == nil) || args != nil && m.Settings.Events.URL != "https://kildesvar.eksempel.dk/slack/events" {
			t.Errorf("%+v", m)
		}
	}
	if r := call(t, "", "slack", "manifest", "--url", "http://x"); r.code != exitUsage || notOneLine(r.stderr) != "" {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
}
