-- Schema 4. What clocks and tiers look at, with the row: days, sizes and words as domain::rules::matter writes them.
ALTER TABLE application ADD COLUMN matter TEXT NOT NULL DEFAULT '';
