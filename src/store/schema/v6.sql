-- Schema 6. Bookkeeping, no fold: a second index like that of schema 5, of the texts that events wrote into fields; both are
-- filled anew. Apart, because what somebody said is listed first, and the writes of one import are as many as its rows.
-- prefix 1: without it the first letter gathers every word that begins with it, a quarter of a second over a million rows.
CREATE VIRTUAL TABLE written USING fts5(text, content='', detail='none', columnsize=0, prefix='1 2 3', tokenize='unicode61');

-- The same for the first index, in which notes in lists and notes with a day or an author of their own were missing.
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5(text, content='', detail='none', columnsize=0, prefix='1 2 3', tokenize='unicode61');
INSERT INTO words(words, rank) VALUES('secure-delete', 1);
UPDATE words_upto SET position = 0;
