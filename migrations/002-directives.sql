-- Directives and what became of them. All of it is projected from items; times are milliseconds since 1970.

CREATE TABLE directive (
  number     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- short, for the many rows below
  id         bytea NOT NULL UNIQUE CHECK (length(id) = 16),
  index      bigint NOT NULL UNIQUE,
  issuer     bytea NOT NULL,
  issued     bigint NOT NULL,
  resolved   bigint NOT NULL, -- log size at which the author evaluated the lines
  addressees integer NOT NULL,
  hash       bytea NOT NULL,  -- of the frozen audience
  due        bigint,
  grade      smallint NOT NULL,
  urgency    smallint NOT NULL,
  labels     text[] NOT NULL,     -- clause n is labels[n+1]; clause 0 is the whole letter
  asks       smallint[] NOT NULL, -- 0 nothing, 1 acknowledge, 2 once, 3 standing
  ended      bigint,
  ended_by   bytea,               -- the cancel or supersede
  successor  bytea,               -- where it was superseded
  expanded   boolean NOT NULL     -- whether all its tracking rows are written
);

CREATE TABLE directive_line (
  directive integer NOT NULL REFERENCES directive,
  position  integer NOT NULL,
  n         integer NOT NULL,  -- as printed
  purpose   smallint NOT NULL, -- 0 action, 1 information, 2 publish
  selectors bytea NOT NULL,    -- CBOR, as signed
  PRIMARY KEY (directive, position)
);

-- The frozen audience, written once: addressee n is the n-th id.
CREATE TABLE directive_audience (
  directive integer PRIMARY KEY REFERENCES directive,
  ids       bytea NOT NULL, -- 16 bytes each, ascending
  reached   bytea NOT NULL, -- a byte each: bits 1 action, 2 information, 4 publish
  places    bytea NOT NULL  -- the number of its place, 4 bytes each, big-endian
);
-- Ids do not compress; out of line and plain, a slice of them is read alone.
ALTER TABLE directive_audience ALTER ids SET STORAGE EXTERNAL;

-- Where addressees stood when the directive was placed.
CREATE TABLE directive_place (
  directive  integer NOT NULL REFERENCES directive,
  place      integer NOT NULL,
  division   text NOT NULL, -- '' where there is none
  district   text NOT NULL,
  upazila    text NOT NULL,
  office     bytea NOT NULL,
  supervisor bytea,
  PRIMARY KEY (directive, place)
);

-- What is asked of one addressee for one clause, and what came of it. Clause 0, the whole letter, also carries what
-- concerns the addressee as such. Filled while there is room, so that a change stays on its page.
CREATE TABLE tracking (
  directive    integer NOT NULL,
  n            integer NOT NULL,
  place        integer NOT NULL,
  clause       smallint NOT NULL,
  ask          smallint NOT NULL,
  state        smallint, -- of the newest answer: 0 done, 1 progress, 2 impossible, 3 not ours, 4 kept
  by           smallint, -- who gave it: 0 the addressee, 1 its supervisor, 2 the issuer
  answer       bigint,   -- index of the newest answer
  answered     bigint,
  met          bigint,   -- since when what is asked is fulfilled
  -- the whole letter only:
  delivered    bigint,   -- the server saw a device of a holder fetch past it
  opened       bigint,   -- signed
  acknowledged bigint,   -- signed
  spoke        bigint,   -- the addressee's own first answer; nobody answers what he has not opened and taken note of
  replied      bigint,   -- since when nothing asked is without an answer
  owed         smallint, -- asks not fulfilled, this row's own included
  PRIMARY KEY (directive, clause, n)
) WITH (fillfactor = 80);

CREATE TABLE answer (
  index     bigint PRIMARY KEY,
  id        bytea NOT NULL UNIQUE,
  directive integer NOT NULL REFERENCES directive,
  n         integer NOT NULL,
  clauses   smallint[] NOT NULL, -- none: a remark
  state     smallint NOT NULL,
  until     bigint,
  by        smallint NOT NULL,
  post      bytea NOT NULL,
  person    bytea NOT NULL,
  placed    bigint NOT NULL
);
CREATE INDEX answer_thread ON answer (directive, n, index);

-- Writing that is too long for the transaction of one batch: rows of tracking and inbox for a large directive, or of inbox
-- for a notice about one.
CREATE TABLE expansion (
  index     bigint PRIMARY KEY, -- of the entry to be shown
  directive integer NOT NULL REFERENCES directive,
  tracking  boolean NOT NULL,   -- whether tracking rows are due as well
  next      integer NOT NULL DEFAULT 0,
  total     integer NOT NULL
);
CREATE INDEX expansion_open ON expansion (index) WHERE next < total;

-- Up to where a post's devices have fetched, as far as it was noted in tracking.
CREATE TABLE delivery (
  party  bytea PRIMARY KEY,
  cursor bigint NOT NULL
);
