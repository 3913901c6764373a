-- The log: what was accepted, in order, and never changed after. Times are milliseconds since 1970.

CREATE TABLE item (
  index     bigint PRIMARY KEY,
  id        bytea NOT NULL UNIQUE CHECK (length(id) = 16),
  kind      text NOT NULL,
  chain     bytea NOT NULL,
  chain_seq bigint NOT NULL,
  signer    bytea NOT NULL,
  accepted  bigint NOT NULL,
  cose      bytea NOT NULL,
  leaf      bytea NOT NULL, -- leaf data, as hashed into the tree
  leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
  UNIQUE (chain, chain_seq) -- its last entry is the chain's head
);
-- A server folds a few kinds again when it starts; the many of the others must not be read for it.
CREATE INDEX item_kind ON item (kind, index);

CREATE TABLE section (
  index     bigint NOT NULL,
  n         integer NOT NULL,
  bytes     bytea,          -- null once destroyed under a retention rule; the hash stays
  leaf_hash bytea NOT NULL, -- under the body root that the header signs
  PRIMARY KEY (index, n)
);

CREATE TABLE wrap (
  index      bigint NOT NULL,
  position   integer NOT NULL,
  ring       bytea NOT NULL,
  generation integer NOT NULL,
  enc        bytea NOT NULL,
  ct         bytea NOT NULL,
  path       bytea NOT NULL, -- inclusion proof under the header's wraps root: a reader fetches his own wrap only
  PRIMARY KEY (index, position)
);
CREATE INDEX wrap_ring ON wrap (index, ring);

-- Who may see an entry, besides those whom its feature admits to a thread.
CREATE TABLE inbox (
  party bytea NOT NULL,
  index bigint NOT NULL,
  PRIMARY KEY (party, index)
);

-- Full tiles only, inserted once. Partial ones are the newest rows of item.leaf_hash.
CREATE TABLE tile (
  level smallint NOT NULL,
  n     bigint NOT NULL,
  bytes bytea NOT NULL CHECK (length(bytes) = 8192),
  PRIMARY KEY (level, n)
);

-- One row once anything is in the log.
CREATE TABLE log_state (
  single     boolean PRIMARY KEY DEFAULT true CHECK (single), -- there is but one row
  size       bigint NOT NULL,
  time       bigint NOT NULL, -- accepted time of the newest item
  checkpoint text NOT NULL
);

CREATE TABLE signing_key (
  thumbprint bytea PRIMARY KEY CHECK (length(thumbprint) = 32),
  type       text NOT NULL,
  public_key bytea NOT NULL
);

CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  device     bytea NOT NULL,
  person     bytea NOT NULL,
  created    bigint NOT NULL,
  seen       bigint NOT NULL
);
CREATE INDEX session_device ON session (device);
