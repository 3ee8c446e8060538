-- The log of what was said: see package chain. Records are never changed or deleted and hold no personal data; the salt of a row's seal is
-- deleted with the row.
CREATE TABLE chain (
  seq      INTEGER PRIMARY KEY,
  version  INTEGER NOT NULL,
  kind     TEXT    NOT NULL,                     -- answer, rating, escalation, erased
  replaces INTEGER NOT NULL,                     -- the record that this one takes the place of; 0: none
  subject  TEXT    NOT NULL,                     -- the question's id
  at       INTEGER NOT NULL,
  note     TEXT    NOT NULL,                     -- JSON
  seal     TEXT    NOT NULL,
  hash     TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX chain_replaces ON chain (replaces) WHERE replaces > 0;

CREATE TABLE salts (
  seq  INTEGER PRIMARY KEY,
  salt TEXT    NOT NULL
) STRICT;

-- The newest record, so that its removal is seen.
CREATE TABLE head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL,
  hash TEXT    NOT NULL
) STRICT;

INSERT INTO head (one, seq, hash) VALUES (1, 0, '');

-- What is still to be done, such as wiping the file after something was deleted.
CREATE TABLE chores (
  name TEXT PRIMARY KEY,
  mark TEXT NOT NULL                             -- another one each time the chore comes up
) STRICT, WITHOUT ROWID;

ALTER TABLE questions   ADD COLUMN facts TEXT    NOT NULL DEFAULT '';   -- JSON: what the answer stands on
ALTER TABLE questions   ADD COLUMN seq   INTEGER NOT NULL DEFAULT 0;    -- the row's record
ALTER TABLE feedback    ADD COLUMN seq   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE escalations ADD COLUMN seq   INTEGER NOT NULL DEFAULT 0;

CREATE INDEX questions_seq   ON questions   (seq) WHERE seq > 0;
CREATE INDEX feedback_seq    ON feedback    (seq) WHERE seq > 0;
CREATE INDEX escalations_seq ON escalations (seq) WHERE seq > 0;
