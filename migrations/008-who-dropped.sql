-- A sending that was not let go is remembered, with who decided so.

ALTER TABLE held ADD COLUMN dropped bigint;
ALTER TABLE held RENAME COLUMN confirmer TO decider; -- null: the operator
