package journal

import (
	"context"
	"database/sql"
	"slices"
)

// Answer is the question with the given id and its answer. The answer is there as soon as Posting has noted it, because people click
// faster than Finish; ErrNotFound if there is none.
func (j *Journal) Answer(ctx context.Context, id string) (Question, error) {
	return j.one(ctx, "answer "+id, `id = $1 AND answer <> ''`, id)
}

// ByMessage is the question whose answer stands at (channel, ts); ErrNotFound if none does.
func (j *Journal) ByMessage(ctx context.Context, channel, ts string) (Question, error) {
	return j.one(ctx, "by message", `place_channel = $1 AND place_ts = $2 AND place_ts <> ''`, channel, ts)
}

// Thread is the last n turns of a thread, oldest first: answered questions whose answer is visible to all and has a plain text.
func (j *Journal) Thread(ctx context.Context, channel, threadTS string, n int) ([]Turn, error) {
	qs, err := j.many(ctx, "thread", `channel = $1 AND thread_ts = $2 AND thread_ts <> '' AND status = 'answered' AND plain <> '' AND place_ts <> ''
		ORDER BY received_at DESC, id DESC LIMIT $3`, channel, threadTS, max(n, 0))
	if err != nil {
		return nil, err
	}
	slices.Reverse(qs)
	turns := make([]Turn, len(qs))
	for i, q := range qs {
		turns[i] = Turn{ID: q.ID, User: q.User, Question: q.Text, Answer: q.Answer.Plain, At: q.ReceivedAt}
	}
	return turns, nil
}

// TakesPart says whether a reply in a thread is meant for the assistant without naming it: the assistant has, or is working on,
// a question there that is not private, and no person has answered since (Mute).
func (j *Journal) TakesPart(ctx context.Context, channel, threadTS string) (bool, error) {
	var yes bool
	err := j.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM questions WHERE channel = $1 AND thread_ts = $2 AND thread_ts <> ''
			AND status <> 'declined' AND (surface NOT IN ('slash', 'shortcut') OR place_ts <> ''))
		AND NOT EXISTS (SELECT 1 FROM muted WHERE channel = $1 AND thread_ts = $2)`, channel, threadTS).Scan(&yes)
	return yes, j.fail(ctx, "takes part", err)
}

// Mute says that a person has answered in a thread: the assistant takes no part in it until Unmute.
func (j *Journal) Mute(ctx context.Context, channel, threadTS string) error {
	return j.update(ctx, "mute", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO muted (channel, thread_ts, muted_at) VALUES ($1, $2, $3)
			ON CONFLICT (channel, thread_ts) DO UPDATE SET muted_at = excluded.muted_at`, channel, threadTS, micro(j.now()))
		return err
	})
}

// Unmute takes Mute back: the assistant was named in the thread again.
func (j *Journal) Unmute(ctx context.Context, channel, threadTS string) error {
	return j.update(ctx, "unmute", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM muted WHERE channel = $1 AND thread_ts = $2`, channel, threadTS)
		return err
	})
}

// Recent are a person's last n questions, newest first, whatever has become of them unless declined.
func (j *Journal) Recent(ctx context.Context, user string, n int) ([]Question, error) {
	return j.many(ctx, "recent", `asker = $1 AND status <> 'declined' ORDER BY received_at DESC, id DESC LIMIT $2`, user, max(n, 0))
}

// Questions are up to n questions of a person, of everybody for an empty name, by id, beginning after the given one: page by page, so that
// nobody who reads slowly holds up the wiping of the file.
func (j *Journal) Questions(ctx context.Context, user, after string, n int) ([]Question, error) {
	return j.many(ctx, "questions", `($1 = '' OR asker = $1) AND id > $2 ORDER BY id LIMIT $3`, user, after, max(n, 0))
}
