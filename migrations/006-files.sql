-- Encrypted chunks of files, which lie on disk under their hash. What no item names yet is somebody's passing room.

CREATE TABLE chunk (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the ciphertext
  size       integer NOT NULL CHECK (size > 0),
  created    bigint NOT NULL,                -- when it was last sent or asked for, milliseconds since 1970
  uploader   bytea NOT NULL,                 -- the person whose room it takes while nothing names it
  stored     boolean NOT NULL DEFAULT false, -- false while the file is being written, or removed
  referenced boolean NOT NULL DEFAULT false, -- an accepted item names it: it stays
  CHECK (stored OR NOT referenced)
);
-- Both what a person may still send and what is swept look at the passing ones only.
CREATE INDEX chunk_passing ON chunk (uploader) WHERE NOT referenced;
CREATE INDEX chunk_old ON chunk (created) WHERE NOT referenced;
