-- Schema 2. Both new tables are folds of the journal, as application, alias and imported are.

-- A row is written against what its record was folded to before, so nothing looks these up by
-- subject any more; four of the thirteen trees that a new row went into were these.
DROP INDEX alias_subject;
DROP INDEX imported_subject;

-- What an import found changed on both sides, or may only suggest, until a person settles it.
-- theirs is canonical JSON.
CREATE TABLE offer(
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  subject BLOB NOT NULL,
  field TEXT NOT NULL,
  theirs TEXT NOT NULL,
  PRIMARY KEY(source, key, subject, field)
) STRICT, WITHOUT ROWID;

-- Marks that likely duplicates share: 8 bytes of a digest over what is compared (meter, account,
-- address), so that the table is small and holds nobody's address.
CREATE TABLE likeness(
  mark INTEGER NOT NULL,
  subject BLOB NOT NULL,
  PRIMARY KEY(mark, subject)
) STRICT, WITHOUT ROWID;
