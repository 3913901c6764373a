-- Ways out of the service: where people can be reached, and each attempt to tell them something. No text of a letter is in any
-- of it. Times are milliseconds since 1970, money is in hundredths.

-- What an officer, or his office's list, gave. A push address is below: browsers make those.
CREATE TABLE contact (
  person    bytea NOT NULL,
  channel   text NOT NULL CHECK (channel IN ('sms', 'whatsapp', 'mail')),
  address   text NOT NULL, -- E.164, or an e-mail address
  listed    boolean NOT NULL, -- by the operator's list; else by himself
  added     bigint NOT NULL,
  confirmed bigint,        -- since when it may be used: he typed the code that was sent to it, or the office vouches
  dead      bigint,        -- since when its operator says that nobody is there
  code_hash bytea,         -- of the code that was sent last, with the address
  code_at   bigint,
  code_left smallint NOT NULL DEFAULT 0, -- guesses
  PRIMARY KEY (person, channel, address)
);

CREATE TABLE push_subscription (
  device   bytea PRIMARY KEY,
  person   bytea NOT NULL,
  endpoint text NOT NULL UNIQUE,
  p256dh   text NOT NULL,
  auth     text NOT NULL,
  lang     text NOT NULL CHECK (lang IN ('bn', 'en')),
  added    bigint NOT NULL
);
CREATE INDEX push_subscription_person ON push_subscription (person);

-- How a person wants to be told; no row, as his office does.
CREATE TABLE reach_setting (
  person        bytea PRIMARY KEY,
  lang          text NOT NULL DEFAULT 'bn' CHECK (lang IN ('bn', 'en')),
  quiet_from    smallint, -- minutes of the day; both null: as the office
  quiet_to      smallint,
  last_answered text      -- the channel after which he last opened what he was told of
);

-- A notice on its way to one person: what comes next. Its row is also the note that the notice was taken up, so it stays.
CREATE TABLE sending (
  notice       bigint NOT NULL,
  person       bytea NOT NULL, -- the party itself where nobody holds the post
  party        bytea NOT NULL,
  kind         text NOT NULL,
  directive    bytea NOT NULL,
  addressee    bytea NOT NULL,
  against      bigint NOT NULL,
  grade        smallint NOT NULL,
  urgency      smallint NOT NULL,
  office       bytea NOT NULL,
  made         bigint NOT NULL,
  state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'held', 'seen', 'told', 'unseen', 'nobody')),
  next_at      bigint,         -- null when nothing more is to be done
  next_channel text NOT NULL DEFAULT '', -- '': to be decided
  PRIMARY KEY (notice, person)
);
CREATE INDEX sending_next ON sending (next_channel, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX sending_group ON sending (directive, kind) WHERE next_at IS NOT NULL OR state = 'held';

-- Notices up to here were taken up, and none will be committed below it any more.
CREATE TABLE sending_cursor (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  notice bigint NOT NULL
);
INSERT INTO sending_cursor (notice) VALUES (0);

-- One message to one person through one channel. Claimed before it is sent, so it is never sent twice; a crash between the two
-- may lose it, and then the next channel is tried.
CREATE TABLE attempt (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  notice   bigint NOT NULL,
  person   bytea NOT NULL,
  channel  text NOT NULL,
  party    bytea NOT NULL,
  directive bytea NOT NULL,
  kind     text NOT NULL,
  digest   bigint,         -- the notice in whose message it was told, where several went as one
  claimed  bigint NOT NULL, -- newest try
  tries    smallint NOT NULL DEFAULT 1,
  outcome  text NOT NULL CHECK (outcome IN ('claimed', 'sent', 'gone', 'later', 'refused', 'lost')),
  code     text,
  message  text,           -- what receipts name it by
  again    bigint,         -- when it is tried again
  cost     bigint NOT NULL DEFAULT 0,
  UNIQUE (notice, person, channel)
);
CREATE INDEX attempt_directive ON attempt (directive, party);
CREATE INDEX attempt_message ON attempt (channel, message) WHERE message <> '';
CREATE INDEX attempt_claimed ON attempt (id) WHERE outcome = 'claimed';
CREATE INDEX attempt_person ON attempt (person);

-- What a channel's operator told of a message afterwards. It may come before the attempt knows its message.
CREATE TABLE receipt (
  channel text NOT NULL,
  message text NOT NULL,
  rank    smallint NOT NULL, -- 0 sent, 1 failed, 2 delivered, 3 read
  code    text,
  at      bigint NOT NULL,
  PRIMARY KEY (channel, message)
);

-- A sending that would cost more than was set, until somebody confirms it.
CREATE TABLE held (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  directive bytea NOT NULL,
  kind      text NOT NULL,
  channel   text NOT NULL,
  people    integer NOT NULL,
  cost      bigint NOT NULL, -- what was shown
  made      bigint NOT NULL,
  confirmed bigint,
  confirmer bytea,           -- null: the operator
  UNIQUE (directive, kind, channel)
);
