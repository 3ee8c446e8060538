package delivery

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Sign is Slack's request signature: v0= and the hex HMAC-SHA256 of "v0:timestamp:body".
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", timestamp, body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// paths are where the app takes each kind.
var paths = map[string]string{Events: "/slack/events", Interactive: "/slack/interactive", Slash: "/slack/commands"}

// post delivers r over HTTP, with Slack's retries for events. A click or a command is tried once: the person sees an error.
func (c *Courier) post(r *record) {
	kind, body := encode(r.Kind, r.Payload)
	reason := ""
	for try := 0; ; try++ {
		if try > 0 && !c.wait(c.o.RetryDelays[try-1]) {
			return
		}
		c.mu.Lock()
		c.sentLocked(r, reason)
		c.mu.Unlock()
		c.o.Changed()
		response, why, final := c.request(paths[r.Kind], kind, body, try, reason)
		if why == "" {
			c.acknowledge(r.ID, response)
			return
		}
		c.o.Log.Debug("delivery failed", "envelope", r.ID, "reason", why, "try", try)
		reason = why
		if final || r.Kind != Events || try >= min(MaxRetries, len(c.o.RetryDelays)) {
			c.fail(r)
			return
		}
	}
}

// encode makes the request body of a payload.
func encode(kind string, payload []byte) (contentType string, body []byte) {
	const form = "application/x-www-form-urlencoded"
	switch kind {
	case Interactive:
		return form, []byte(url.Values{"payload": {string(payload)}}.Encode())
	case Slash:
		var fields map[string]any
		_ = json.Unmarshal(payload, &fields) // our own JSON
		v := url.Values{}
		for name, x := range fields {
			v.Set(name, fmt.Sprint(x))
		}
		return form, []byte(v.Encode())
	}
	return "application/json", payload
}

// request posts one attempt. why is empty on success, else Slack's retry reason; final when the app wants no retries.
func (c *Courier) request(path, contentType string, body []byte, try int, reason string) (response []byte, why string, final bool) {
	ctx, cancel := context.WithTimeout(c.ctx, c.o.RedeliverAfter)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.o.AppURL, "/")+path, strings.NewReader(string(body)))
	if err != nil {
		c.o.Problem("http", err.Error())
		return nil, "unknown_error", true
	}
	ts := strconv.FormatInt(c.o.Now().Unix(), 10)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	req.Header.Set("X-Slack-Request-Timestamp", ts)
	req.Header.Set("X-Slack-Signature", Sign(c.o.SigningSecret, ts, body))
	if try > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(try))
		req.Header.Set("X-Slack-Retry-Reason", reason)
	}
	resp, err := c.o.Client.Do(req)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, "http_timeout", false
		}
		return nil, "connection_failed", false
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, "http_timeout", false
	case err != nil:
		return nil, "connection_failed", false
	case resp.StatusCode/100 == 3:
		return nil, "too_many_redirects", false
	case resp.StatusCode/100 != 2:
		return nil, "http_error", resp.Header.Get("X-Slack-No-Retry") == "1"
	}
	return text, "", false
}

// VerifyURL does Slack's handshake with the app's events URL: it must echo the challenge within RedeliverAfter.
func (c *Courier) VerifyURL() error {
	challenge := uuid()
	body, err := json.Marshal(map[string]string{"type": "url_verification", "token": "verification", "challenge": challenge})
	if err != nil {
		return err
	}
	began := time.Now()
	got, why, _ := c.request(paths[Events], "application/json", body, 0, "")
	if why != "" {
		return fmt.Errorf("verify %s%s: %s after %s", c.o.AppURL, paths[Events], why, time.Since(began).Round(time.Millisecond))
	}
	var echo struct {
		Challenge string `json:"challenge"`
	}
	if strings.TrimSpace(string(got)) == challenge || json.Unmarshal(got, &echo) == nil && echo.Challenge == challenge {
		return nil
	}
	return fmt.Errorf("verify %s%s: the challenge did not come back", c.o.AppURL, paths[Events])
}
