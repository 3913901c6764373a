-- What becomes of directives after they are issued, and before. All of it is projected from items.

ALTER TABLE directive
  ADD form      smallint NOT NULL DEFAULT 0, -- 0 letter, 1 short, 2 advice, 3 demi-official
  ADD parent    bytea,                       -- the directive it passes on
  ADD draft     bytea,                       -- the approved draft it was issued from
  ADD first_due bigint,                      -- `due` is what stands now, after every extension
  ADD reminded  bigint;                      -- when the issuer last sent a reminder
UPDATE directive SET first_due = due;
CREATE INDEX directive_parent ON directive (parent) WHERE parent IS NOT NULL;

-- Amendments, extensions and reminders, in log order.
CREATE TABLE directive_change (
  index     bigint PRIMARY KEY,
  id        bytea NOT NULL UNIQUE,
  directive integer NOT NULL REFERENCES directive,
  kind      text NOT NULL CHECK (kind IN ('amend', 'extend', 'remind')),
  placed    bigint NOT NULL,
  due       bigint, -- of an extension
  posts     bytea[] -- of a reminder
);
CREATE INDEX directive_change_of ON directive_change (directive, index);

CREATE TABLE draft (
  id        bytea PRIMARY KEY CHECK (length(id) = 16),
  index     bigint NOT NULL UNIQUE,
  issuer    bytea NOT NULL,
  approvers bytea[] NOT NULL,
  approved  integer NOT NULL DEFAULT 0, -- how many of them, in their order
  returned  boolean NOT NULL DEFAULT false,
  directive bytea                       -- issued from it
);

-- The newest word of each post on why it cannot answer.
CREATE TABLE absence (
  post   bytea PRIMARY KEY,
  index  bigint NOT NULL,
  reason smallint NOT NULL, -- 0 leave, 1 flood, 2 power, 3 network, 4 illness, 5 other
  since  bigint NOT NULL,
  until  bigint,
  cover  bytea
);

-- How an office works; sixteen zeros stand for the whole service. Times are minutes of the day.
CREATE TABLE practice (
  office    bytea PRIMARY KEY CHECK (length(office) = 16),
  index     bigint NOT NULL,
  hours     jsonb, -- seven of [from, to] or null, Sunday first
  checks    jsonb, -- [minute…]
  holidays  jsonb, -- [{date, bn, en}…]
  reminders jsonb, -- {before, every, most, escalate}
  routes    jsonb, -- [{post, approvers}…], ids as text
  quiet     jsonb  -- [from, to]
);
