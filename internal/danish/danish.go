// Package danish analyses Danish text: tokens with offsets, sentences, folding, stop words, stems, compounds, character
// n-grams and corrections of misspelt words.
//
// It knows the language and nothing of articles or indexes; what depends on a corpus (compounds, corrections) is made from
// a vocabulary that the caller hands over. Every function takes any bytes and never panics; invalid UTF-8 is never part of a
// token. Offsets are in bytes. Terms are made in this order: lower case, stem, fold (folding first would hide endings from
// the stemmer). Everything here is deterministic and, once made, safe for concurrent use.
//
// Dependencies: danish/snowball (on kljensen/snowball) is the stemmer; golang.org/x/text composes letters that were typed as
// a base letter and a combining accent, as some keyboards send å.
package danish

// Version changes whenever the same text could give other terms; indexes made with another version are built anew.
const Version = "5"
