-- Schema 3. Bookkeeping, no fold: what other systems were told is not in the journal.

-- Up to which position of the journal the files of each destination are in place. "tried" are later
-- positions, separated by spaces, whose files may have been seen before the program was stopped:
-- what stood there and stands no more must be taken back in the next files. millis is when the last
-- files came to their place, since 1970; NULL: none yet.
CREATE TABLE destination(
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  tried TEXT NOT NULL,
  millis INTEGER,
  login TEXT NOT NULL,
  directory TEXT NOT NULL,
  exports INTEGER NOT NULL,
  applications INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
