-- What people are told, one row a thing and a party: the queue that channels read. Rows are only ever added; times are
-- milliseconds since 1970.

CREATE TABLE notice (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- ascending as made, but not as committed
  party     bytea NOT NULL,    -- whom to tell: a post, or a person of a demi-official letter
  kind      text NOT NULL,     -- reminder-before, reminder-due, reminder-late, escalation-1, escalation-2 by the system;
                               -- new, amended, extended, cancelled, remind from an item
  directive bytea NOT NULL,
  addressee bytea NOT NULL,    -- about whose part of it
  nth       smallint NOT NULL DEFAULT 1, -- within its kind
  against   bigint NOT NULL DEFAULT 0,   -- of a reminder, the due date it counts from; of an item, its index
  grade     smallint NOT NULL,
  urgency   smallint NOT NULL,
  office    bytea NOT NULL,    -- of the issuing post
  due_at    bigint NOT NULL,   -- when it was to be made
  made_at   bigint NOT NULL,
  -- Nobody is told the same thing twice, whoever tells and however often he starts again.
  UNIQUE (directive, addressee, kind, nth, against)
);
CREATE INDEX notice_party ON notice (party, id);

-- How far the reminders of each directive have come.
CREATE TABLE reminder_clock (
  directive integer PRIMARY KEY REFERENCES directive,
  due       bigint,           -- what the moments were reckoned from,
  practice  bigint NOT NULL,  -- and the newest practice by then
  open      boolean NOT NULL, -- false where nothing can come of it any more
  reminded  bigint NOT NULL,  -- stages up to here are done: those to the addressees
  escalated bigint NOT NULL,  -- and those to the posts above
  next      bigint            -- the earliest stage left
);
CREATE INDEX reminder_clock_next ON reminder_clock (next) WHERE next IS NOT NULL;
CREATE INDEX reminder_clock_open ON reminder_clock (directive) WHERE open;

-- Escalations that an addressee put off by an answer that was not his last.
CREATE TABLE reminder_wait (
  directive integer NOT NULL REFERENCES directive,
  n         integer NOT NULL,
  kind      text NOT NULL,
  at        bigint NOT NULL,
  PRIMARY KEY (directive, n, kind)
);
CREATE INDEX reminder_wait_at ON reminder_wait (at);

-- Nobody is reminded today of what came due before there were reminders. Moments are reckoned at the first tick.
INSERT INTO reminder_clock (directive, due, practice, open, reminded, escalated, next)
SELECT number, due, -2, due IS NOT NULL AND ended IS NULL, now.ms, now.ms, NULL
FROM directive, (SELECT (extract(epoch FROM now()) * 1000)::bigint AS ms) now;
