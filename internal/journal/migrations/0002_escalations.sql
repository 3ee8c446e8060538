-- An answer that was handed to a human expert, at most once each.
CREATE TABLE escalations (
  id             TEXT    PRIMARY KEY,
  answer         TEXT    NOT NULL UNIQUE REFERENCES questions (id) ON DELETE CASCADE,
  asker          TEXT    NOT NULL,
  asker_channel  TEXT    NOT NULL,
  asker_thread   TEXT    NOT NULL,
  expert_channel TEXT    NOT NULL,
  expert_ts      TEXT    NOT NULL,               -- '' until the card is posted
  state          TEXT    NOT NULL CHECK (state IN ('open', 'taken', 'solved')),
  taken_by       TEXT    NOT NULL DEFAULT '',
  solved_by      TEXT    NOT NULL DEFAULT '',
  created_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX escalations_expert ON escalations (expert_channel, expert_ts);
CREATE INDEX escalations_state  ON escalations (state);
CREATE INDEX escalations_asker  ON escalations (asker);

-- Experts' replies that were carried back to the asker, by their own place.
CREATE TABLE relays (
  channel    TEXT    NOT NULL,
  ts         TEXT    NOT NULL,
  escalation TEXT    NOT NULL REFERENCES escalations (id) ON DELETE CASCADE,
  begun_at   INTEGER NOT NULL,
  to_channel TEXT    NOT NULL DEFAULT '',
  to_ts      TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (channel, ts)
) STRICT, WITHOUT ROWID;

CREATE INDEX relays_escalation ON relays (escalation);
