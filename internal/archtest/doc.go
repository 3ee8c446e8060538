// Package archtest proves the layout: which folders there are, which package may import which, and which one package each
// third-party library lives in. It parses import clauses itself, so that a cached test result cannot hide a broken rule.
package archtest
