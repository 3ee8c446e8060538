// Package chain keeps a log in which no record can be changed, removed, inserted or moved without Verify finding it.
//
// A record says that a row of another table (an answer, a rating) was written, changed or erased. It holds nothing of the row but a seal:
// SHA-256 over a random salt and all the row's columns. Its hash covers the record and the hash of the one before, and records are numbered
// from 1 without holes. To erase a row, delete it together with its salt and add a record that says so (Drop): the link stays
// as it is, and nobody can try out what the row may have said, for the salt is gone. A row that is changed lawfully gets a new record that
// replaces the old one (Put); the old one's salt is deleted, its link stays.
//
// It leaves to others: which tables there are, when a row is final, and wiping the storage of what was deleted. Its own tables are chain,
// salts and head; the statements are in the dialect SQLite and PostgreSQL share.
//
// What it does not do: there is no secret in it. Whoever can write the file and knows this code can write another history with all hashes
// right, and can add records that look like ours. Against that helps only a head (number and hash of the newest record) noted where the
// same person cannot write: Verify looks for it, and no record up to it can then have been changed. A row can still have been changed or
// erased by a record added after it, as a row of ours is; such records are counted (Since), and stand in the log with their time. An older
// copy of the whole file put in its place is found by a noted head, and in no other way. Rows that have no record yet (a question that is
// being answered) are not covered.
//
// Invariants: records are added in one transaction with the change they tell of; the row of head is locked first, so that several processes
// add one after the other. Times are microseconds since 1970 as the clock had them, and may go backwards; the order is that of the numbers.
package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Version is that of the encoding below. A change of what is hashed, or how, or of a table's columns needs a new one, and the old one kept.
const Version = 1

// Erased is the kind of the records that say that a row was deleted.
const Erased = "erased"

// Record is one link.
type Record struct {
	Seq      int64 // from 1, without holes
	Version  int64
	Kind     string // that of the Table, or Erased
	Replaces int64  // the record that this one takes the place of; 0: none
	Subject  string // what it is about: an id that says nothing about a person
	At       int64
	Note     string // what may be kept for ever; never personal data
	Seal     string // of the row, in hex; empty for Erased
	Hash     string // in hex
}

// Head is the newest record's number and hash; zero for an empty log.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// link is the hash of a record that follows one with the hash prev.
func (r Record) link(prev string) (string, error) {
	return digest("kildesvar record", r.Version, prev, r.Seq, r.Kind, r.Replaces, r.Subject, r.At, r.Note, r.Seal)
}

// seal is the seal of a row with these values.
func seal(kind, salt string, values []any) (string, error) {
	return digest(append([]any{"kildesvar row", int64(Version), kind, salt}, values...)...)
}

// digest is the SHA-256 of values in hex.
func digest(values ...any) (string, error) {
	var b []byte
	for _, v := range values {
		var err error
		if b, err = encode(b, v); err != nil {
			return "", err
		}
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// encode appends a value so that no two lists of values have the same bytes: i17; for a number, s3:abc for a text or bytes, n for NULL.
func encode(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, 'n'), nil
	case int64:
		return append(strconv.AppendInt(append(b, 'i'), v, 10), ';'), nil
	case string:
		return append(append(strconv.AppendInt(append(b, 's'), int64(len(v)), 10), ':'), v...), nil
	case []byte:
		return encode(b, string(v))
	}
	return nil, fmt.Errorf("chain: no encoding for a %T", v)
}
