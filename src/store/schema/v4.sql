-- Schema 4. What clocks and tiers look at, with the row: days, sizes and words as domain::rules::matter writes them.
ALTER TABLE application ADD COLUMN matter TEXT NOT NULL DEFAULT '';

-- Applications of one site: the utility's, the AHJ's, an incentive's.
CREATE INDEX application_project ON application(project) WHERE project <> '';
