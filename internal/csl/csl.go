// Package csl reads literature in CSL-JSON and formats references in Danish APA style (7th edition).
//
// It covers the item types and fields a theme's literature uses and reports all others, rather than guess. It leaves
// citation syntax to article.
//
// Sources of the form: the CSL-JSON schema 1.0.2 for field names; the APA manual, 7th edition, with the Danish words that
// Danish university libraries use for it (red., s., u.å., nr.).
package csl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Item is one CSL-JSON entry. Line is where it begins in its file, from 1.
type Item struct {
	ID              string `json:"id"`
	Type            string `json:"type"`
	Title           string `json:"title"`
	Author          []Name `json:"author"`
	Editor          []Name `json:"editor"`
	Issued          Date   `json:"issued"`
	Accessed        Date   `json:"accessed"`
	ContainerTitle  string `json:"container-title"`
	CollectionTitle string `json:"collection-title"`
	Publisher       string `json:"publisher"`
	PublisherPlace  string `json:"publisher-place"`
	Volume          string `json:"volume"`
	Issue           string `json:"issue"`
	Page            string `json:"page"`
	Number          string `json:"number"`
	Edition         string `json:"edition"`
	Genre           string `json:"genre"`
	DOI             string `json:"DOI"`
	ISBN            string `json:"ISBN"`
	ISSN            string `json:"ISSN"`
	URL             string `json:"URL"`
	Language        string `json:"language"`
	Note            string `json:"note"`
	Abstract        string `json:"abstract"`
	Keyword         string `json:"keyword"`
	// Custom holds fields of our own, such as how far the entry was verified.
	Custom map[string]any `json:"custom"`

	Line int `json:"-"`
}

// Name is a person (Family and Given) or an institution (Literal).
type Name struct {
	Family     string `json:"family"`
	Given      string `json:"given"`
	Literal    string `json:"literal"`
	Particle   string `json:"non-dropping-particle"`
	Dropping   string `json:"dropping-particle"`
	NameSuffix string `json:"suffix"`
}

// Date is a CSL date. Only the first of its parts is used.
type Date struct {
	Parts   [][]json.Number `json:"date-parts"`
	Literal string          `json:"literal"`
}

// Year returns the year, or "" when there is none.
func (d Date) Year() string {
	if len(d.Parts) > 0 && len(d.Parts[0]) > 0 {
		return d.Parts[0][0].String()
	}
	return d.Literal
}

// Types lists the CSL types that references are formatted for.
var Types = []string{"article-journal", "article-magazine", "article-newspaper", "book", "chapter", "legislation", "report", "thesis", "webpage"}

// Fault is a fault in a literature file, written for its editor in Danish.
type Fault struct {
	Line          int // from 1
	ID            string
	Rule, Message string
}

// Decode reads a CSL-JSON array. Items with faults are left out of the result; every fault is reported.
func Decode(data []byte) ([]Item, []Fault) {
	var items []Item
	var faults []Fault
	dec := json.NewDecoder(bytes.NewReader(data))
	tok, err := dec.Token()
	if err != nil || tok != json.Delim('[') {
		return nil, []Fault{{1, "", "json", "filen skal være en JSON-liste af kilder: [ {…}, {…} ]"}}
	}
	seen := map[string]int{}
	for dec.More() {
		var raw json.RawMessage
		start := dec.InputOffset()
		if err := dec.Decode(&raw); err != nil {
			return items, append(faults, jsonFault(data, start, err))
		}
		line := 1 + bytes.Count(data[:dec.InputOffset()-int64(len(raw))], []byte("\n"))
		it, fault := decodeItem(raw)
		if fault == nil && seen[it.ID] > 0 {
			fault = &Fault{ID: it.ID, Rule: "duplicate-id", Message: fmt.Sprintf("kilden »%s« står også i linje %d – slet den ene, eller giv den en anden id", it.ID, seen[it.ID])}
		}
		if fault != nil {
			fault.Line = line
			faults = append(faults, *fault)
			continue
		}
		seen[it.ID] = line
		it.Line = line
		items = append(items, it)
	}
	if _, err := dec.Token(); err != nil {
		faults = append(faults, jsonFault(data, dec.InputOffset(), err))
	}
	return items, faults
}

func jsonFault(data []byte, at int64, err error) Fault {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, syntax.Offset)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		at = int64(len(data))
	}
	at = min(at, int64(len(data)))
	return Fault{Line: 1 + bytes.Count(data[:at], []byte("\n")), Rule: "json", Message: "JSON kan ikke læses – se efter et manglende komma, anførselstegn eller en klamme"}
}

func decodeItem(raw []byte) (Item, *Fault) {
	var it Item
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(&it); err != nil {
		message := "posten kan ikke læses – se efter felter med forkert slags værdi"
		var kind *json.UnmarshalTypeError
		if _, field, ok := strings.Cut(err.Error(), "unknown field "); ok {
			message = fmt.Sprintf("feltet %s hører ikke til CSL-JSON – ret stavemåden, eller læg det under »custom«", strings.Trim(field, "\""))
		} else if errors.As(err, &kind) {
			message = fmt.Sprintf("feltet »%s« har en forkert slags værdi (%s) – tekst og tal som bind og sider skrives i anførselstegn", kind.Field, kind.Value)
		}
		return it, &Fault{ID: it.ID, Rule: "field", Message: message}
	}
	switch {
	case it.ID == "":
		return it, &Fault{Rule: "missing-field", Message: "»id« mangler – skriv fx »hansen-2020«"}
	case strings.ContainsAny(it.ID, " \t\n[];,@"):
		return it, &Fault{ID: it.ID, Rule: "id", Message: fmt.Sprintf("id »%s« må ikke have mellemrum, komma, semikolon, @ eller klammer – brug bindestreg", it.ID)}
	case strings.TrimSpace(it.Title) == "":
		return it, &Fault{ID: it.ID, Rule: "missing-field", Message: fmt.Sprintf("»title« mangler i kilden »%s« – skriv værkets titel", it.ID)}
	case !slices.Contains(Types, it.Type):
		return it, &Fault{ID: it.ID, Rule: "type", Message: fmt.Sprintf("typen »%s« i kilden »%s« kendes ikke – brug %s", it.Type, it.ID, strings.Join(Types, ", "))}
	}
	for _, n := range slices.Concat(it.Author, it.Editor) {
		if strings.TrimSpace(n.Family+n.Literal) == "" {
			return it, &Fault{ID: it.ID, Rule: "name", Message: fmt.Sprintf("et navn i kilden »%s« mangler »family« eller »literal« – skriv efternavn eller institution", it.ID)}
		}
	}
	return it, nil
}
