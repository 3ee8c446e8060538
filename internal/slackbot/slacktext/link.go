package slacktext

import (
	"net/url"
	"slices"
	"strings"
)

// Hosts are the hosts that may be linked to: those of the corpus.
type Hosts []string

// HostsOf collects the hosts of addresses, each once.
func HostsOf(addresses ...string) Hosts {
	var h Hosts
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" {
			continue
		}
		if host := strings.ToLower(u.Host); !slices.Contains(h, host) {
			h = append(h, host)
		}
	}
	return h
}

// maxAddress is the longest address that is linked, in bytes: a text object has room for several.
const maxAddress = 500

// encode writes what would end a link in either format; net/url leaves some of it alone.
var encode = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "|", "%7C", `"`, "%22", `\`, "%5C", "^", "%5E", "`", "%60",
	"[", "%5B", "]", "%5D", "*", "%2A", "'", "%27", " ", "%20")

// Allow is the address in a form that stands in a link, or "" if it must not be linked: another scheme than http(s), another host, or
// with a user name, which makes a host look like another.
func (h Hosts) Allow(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Opaque != "" || !slices.Contains(h, strings.ToLower(u.Host)) {
		return ""
	}
	s := Clean(encode.Replace(u.String()))
	if len(s) > maxAddress {
		return ""
	}
	return s
}

// Markdown is a link in Markdown; without an allowed address it is the label alone.
func (h Hosts) Markdown(label, address string) string {
	label = Markdown(label)
	if a := h.Allow(address); a != "" {
		return "[" + label + "](" + a + ")"
	}
	return label
}

// CiteMarkdown is a citation in Markdown: a link whose label is the number alone.
func (h Hosts) CiteMarkdown(number, address string) string {
	if a := h.Allow(address); a != "" {
		return "[" + number + "](" + a + ")"
	}
	return `\[` + number + `\]`
}

// Mrkdwn is a link in mrkdwn; without an allowed address it is the label alone.
func (h Hosts) Mrkdwn(label, address string) string {
	label = Mrkdwn(strings.Join(strings.Fields(strings.ReplaceAll(label, "|", "¦")), " "))
	if a := h.Allow(address); a != "" {
		return "<" + strings.ReplaceAll(a, "&", "&amp;") + "|" + label + ">"
	}
	return label
}
