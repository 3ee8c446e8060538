-- Times are microseconds since 1970-01-01 UTC; 0 and '' mean none. Texts are masked by the caller before they come here.

CREATE TABLE questions (
  id            TEXT    PRIMARY KEY,
  team          TEXT    NOT NULL,
  channel       TEXT    NOT NULL,
  thread_ts     TEXT    NOT NULL,
  ts            TEXT    NOT NULL,
  asker         TEXT    NOT NULL,
  surface       TEXT    NOT NULL,
  question      TEXT    NOT NULL,
  context       TEXT    NOT NULL,                  -- JSON of the front end
  received_at   INTEGER NOT NULL,
  status        TEXT    NOT NULL CHECK (status IN ('received', 'working', 'posting', 'answered', 'failed', 'declined')),
  due_at        INTEGER NOT NULL,                  -- when it may be claimed (again); 0 once it is closed
  fence         INTEGER NOT NULL DEFAULT 0,        -- grows with every claim
  owner         TEXT    NOT NULL DEFAULT '',
  attempts      INTEGER NOT NULL DEFAULT 0,
  error         TEXT    NOT NULL DEFAULT '',
  nonce         TEXT    NOT NULL DEFAULT '',       -- stands in the posted message's metadata
  answer        TEXT    NOT NULL DEFAULT '',       -- JSON of the front end
  plain         TEXT    NOT NULL DEFAULT '',
  outcome       TEXT    NOT NULL DEFAULT '',
  place_channel TEXT    NOT NULL DEFAULT '',
  place_ts      TEXT    NOT NULL DEFAULT '',
  answered_at   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX questions_open   ON questions (received_at, id) WHERE due_at > 0;
CREATE INDEX questions_thread ON questions (channel, thread_ts, received_at);
CREATE INDEX questions_place  ON questions (place_channel, place_ts) WHERE place_ts <> '';
CREATE INDEX questions_asker  ON questions (asker, received_at);
CREATE INDEX questions_age    ON questions (received_at);
CREATE INDEX questions_counts ON questions (status, surface, outcome);

-- One row for every name a question is known by. The row outlives a forgotten question, so that a redelivery does not bring it back.
CREATE TABLE keys (
  kind     TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  question TEXT    REFERENCES questions (id) ON DELETE SET NULL,
  seen_at  INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_question ON keys (question);
CREATE INDEX keys_age      ON keys (seen_at);

-- Threads in which a person has answered, so that the assistant is silent there.
CREATE TABLE muted (
  channel   TEXT    NOT NULL,
  thread_ts TEXT    NOT NULL,
  muted_at  INTEGER NOT NULL,
  PRIMARY KEY (channel, thread_ts)
) STRICT, WITHOUT ROWID;

CREATE TABLE feedback (
  answer   TEXT    NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
  person   TEXT    NOT NULL,
  value    TEXT    NOT NULL CHECK (value IN ('up', 'down')),
  reason   TEXT    NOT NULL,
  comment  TEXT    NOT NULL,
  given_at INTEGER NOT NULL,
  PRIMARY KEY (answer, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX feedback_person ON feedback (person);
CREATE INDEX feedback_counts ON feedback (value, reason);
