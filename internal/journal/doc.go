// Package journal remembers what was asked, answered, rated and escalated, so that every question gets exactly one visible answer
// although questions are delivered twice, out of order, or to a process that is killed before it has answered.
//
// It leaves to others: masking of personal data (every text that comes here is masked already), what an answer looks like (answers are
// JSON it never looks into; what can be checked later about them comes as Facts), posting, and when to give up or to prune.
//
// The way of a question:
//
//	received ─Claim─▶ working ─Posting─▶ posting ─Finish─▶ answered
//
// From working and posting, Fail leads to failed, and from there, or when the lease runs out, Claim leads back to working. Decline leads
// from working to declined, Withdraw from anywhere.
//
// A front end calls Record before it acknowledges a delivery; once Record has returned, the question is on disk. Workers get their work
// from Claim alone, whether it is new, was dropped by a dead process or is to be retried. Before a worker posts, Posting stores the answer
// and gives a nonce, the same for all attempts at a question; the worker puts it in the message's metadata. A claimed question that has a
// nonce may have been posted already: the worker looks for the nonce in the thread, calls Posting again, and either finishes with the
// message it finds or posts the stored answer. A lease must outlast the longest call that posts (give that call Lease.Until as its
// deadline), for a post that is still on its way cannot be found in the thread.
//
// From Finish on a question, and all ratings and escalations, are in a log of what was said in which nothing can be changed unseen (package
// chain says what that means and what not); every such change is in one transaction with its record. Withdraw, Forget and Prune erase rows
// and say so in the log, which keeps no person's name or text. Not in the log: questions that are being answered, failed or were declined,
// keys, mutes, relays, and what is asked on the command line.
//
// Invariants: a question has one id under all its keys; transitions are compare-and-set on status and fence in one transaction, others are
// ErrState; at most one worker holds a question, and at most one question of a thread is worked on, so that the next sees the answer to
// the one before; after Forget a person's texts are in none of the files. Times are UTC, in whole microseconds. Message times (ts) are
// Slack's strings and are compared as such. Texts are never logged and stand in no error.
//
// What has a deadline goes first: Record, for which somebody waits with an acknowledgement, and Extend. All other changes wait for each
// other and for those two.
//
// All methods may be called concurrently, by several processes on the same file too (there is no lock that keeps a second one out: each
// change is one transaction that waits up to 5 s for another's, and no state is kept in memory but the last id), and return when ctx ends; an error that comes with
// a cancelled ctx does not say whether the change was made, but all changes can be asked for again.
//
// A PostgreSQL journal is to be another way to make the same Journal: the statements are in the dialect both share ($1, ON CONFLICT,
// RETURNING), only opening, migrating, wiping and the meaning of driver errors are SQLite's own (sqlite.go, sqlitefile). It must pass
// journaltest.
package journal
